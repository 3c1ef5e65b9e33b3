"""Printed dates to moments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hanicrawler.normalize.dates import DateError, read_date, read_dates

TODAY = r"(00|19|20|99)[0-9]{2}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-6][0-9](:[0-6][0-9])?( KST)?"
FETCHED = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("2024-06-21 16:56 KST", utc(2024, 6, 21, 7, 56)),
        ("2024-06-21 16:56", utc(2024, 6, 21, 7, 56)),
        ("2024-06-21 16:56:30", utc(2024, 6, 21, 7, 56, 30)),
        ("2024-06-21 08:59", utc(2024, 6, 20, 23, 59)),
        ("May.8,2006 14:47 KST", utc(2006, 5, 8, 5, 47)),
        ("Nov.9,2018 18:10 KST", utc(2018, 11, 9, 9, 10)),
        ("Sept.3,2019 09:05 KST", utc(2019, 9, 3, 0, 5)),
        ("Sep.3,2019 09:05", utc(2019, 9, 3, 0, 5)),
        ("September 3, 2019 09:05 KST", utc(2019, 9, 3, 0, 5)),
        ("Jan. 1, 2020 00:00 KST", utc(2019, 12, 31, 15, 0)),
        ("June.30,2011 23:59", utc(2011, 6, 30, 14, 59)),
        ("Nov. 9, 2018 6:10 PM", utc(2018, 11, 9, 9, 10)),
        ("November 9, 2018 at 12:05 a.m. KST", utc(2018, 11, 8, 15, 5)),
        ("등록 2026-01-06 15:45", utc(2026, 1, 6, 6, 45)),
        ("등록 :2018-11-08 11:38", utc(2018, 11, 8, 2, 38)),
        ("수정 :2018-11-08 11:38", utc(2018, 11, 8, 2, 38)),
        ("입력 2018.11.08 11:38", utc(2018, 11, 8, 2, 38)),
        ("기사입력 : 2018-11-08 11:38", utc(2018, 11, 8, 2, 38)),
        ("Posted on : Nov.9,2018 18:10 KST", utc(2018, 11, 9, 9, 10)),
        ("Posted on : May.8,2006 14:47 KST", utc(2006, 5, 8, 5, 47)),
        ("Modified on : 2024-06-21 16:56 KST", utc(2024, 6, 21, 7, 56)),
        ("Posted on\xa0:\xa02024-06-21\n16:56 KST", utc(2024, 6, 21, 7, 56)),
        ("2021-11-19 04:59", utc(2021, 11, 18, 19, 59)),
        ("2021.11.19 04:59", utc(2021, 11, 18, 19, 59)),
        ("2021/11/19 04:59", utc(2021, 11, 18, 19, 59)),
        ("2021. 11. 19. 오전 4:59", utc(2021, 11, 18, 19, 59)),
        ("2021. 11. 19. 오후 12:30", utc(2021, 11, 19, 3, 30)),
        ("2026-05-29 17:20", utc(2026, 5, 29, 8, 20)),
        ("2024-06-21T16:56:30+09:00", utc(2024, 6, 21, 7, 56, 30)),
        ("2024-06-21T16:56+0900", utc(2024, 6, 21, 7, 56)),
        ("2024-06-21T07:56:30Z", utc(2024, 6, 21, 7, 56, 30)),
        ("2024-06-21T07:56:30.250Z", utc(2024, 6, 21, 7, 56, 30, 250000)),
        ("2024-06-21T07:56:30.1234567Z", utc(2024, 6, 21, 7, 56, 30, 123456)),
        ("2024-06-21T16:56:30", utc(2024, 6, 21, 7, 56, 30)),
        ("2024-06-21T03:56:30-04:00", utc(2024, 6, 21, 7, 56, 30)),
        ("Wed, 15 May 2024 09:33:33 GMT", utc(2024, 5, 15, 9, 33, 33)),
        ("Wed, 15 May 2024 18:33:33 +0900", utc(2024, 5, 15, 9, 33, 33)),
        ("15 May 2024 09:33 UT", utc(2024, 5, 15, 9, 33)),
        ("2024년 6월 21일 16:56", utc(2024, 6, 21, 7, 56)),
        ("2024년 6월 21일 오후 4:56", utc(2024, 6, 21, 7, 56)),
        ("2024년 6월 21일 (금) 오후 4시 56분", utc(2024, 6, 21, 7, 56)),
        ("2024년 6월 21일 금요일 오전 12시 5분", utc(2024, 6, 20, 15, 5)),
        ("2024-02-29 10:00", utc(2024, 2, 29, 1, 0)),
    ],
)
def test_a_printed_date_is_a_moment_in_utc(printed: str, moment: datetime) -> None:
    read = read_date(printed)

    assert read == moment
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "yesterday",
        "2024-06-21",
        "Nov.9,2018",
        "2024년 6월 21일",
        "16:56",
        "2024-06-21 24:00",
        "2024-06-21 16:60",
        "2024-02-30 10:00",
        "2023-02-29 10:00",
        "Feb.30,2018 10:00 KST",
        "Nvo.9,2018 18:10 KST",
        "2024-13-01 10:00",
        "2024-06-21 16:56 EST",
        "2024-06-21 16:56 KST Modified on : 2024-06-21 17:00 KST",
        "24-06-21 16:56",
        "21/06/2024 16:56",
        "2024-06.21 16:56",
        "2024-06-21 4",
        "오전 16:56",
        "2024. 6. 21. 오전 16:56",
        "1718956560",
        "0001-01-01 00:00",
        "2024-06-21T10:00:00+99:00",
        "2024-06-21 16:56 " + "x" * 10_000,
    ],
)
def test_anything_else_is_an_error_of_one_short_line(printed: str) -> None:
    with pytest.raises(DateError) as caught:
        read_date(printed)

    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


@given(
    st.datetimes(datetime(1988, 5, 16), datetime(2099, 1, 1)).map(  # noqa: DTZ001
        lambda moment: moment.replace(second=0, microsecond=0)
    ),
    st.sampled_from(
        [
            "%Y-%m-%d %H:%M KST",
            "%b.%d,%Y %H:%M KST",
            "%B %d, %Y %H:%M",
            "%Y.%m.%d %H:%M",
            "등록 :%Y-%m-%d %H:%M",
            "%Y년 %m월 %d일 %H:%M",
            "%a, %d %b %Y %H:%M:%S +0900",
            "%Y-%m-%dT%H:%M+09:00",
        ]
    ),
)
@settings(deadline=None)
def test_every_form_gives_back_the_korean_time_that_was_printed(
    korean: datetime, form: str
) -> None:
    printed = korean.replace(tzinfo=timezone(timedelta(hours=9)))

    assert read_date(printed.strftime(form)) == printed


@given(st.text() | st.text("0123456789-:. ,TZKSayMmpP년월일오전후등록", max_size=40))
@settings(deadline=None)
def test_no_text_raises_anything_but_a_date_error(text: str) -> None:
    try:
        moment = read_date(text)
    except DateError:
        return
    assert moment.utcoffset() == timedelta(0)


@given(st.from_regex(TODAY, fullmatch=True))
@settings(deadline=None)
def test_todays_form_means_the_same_behind_a_label(printed: str) -> None:
    def read(text: str) -> datetime | None:
        try:
            return read_date(text)
        except DateError:
            return None

    moment = read(printed)

    assert moment == read(f"Posted on : {printed}")
    assert moment is None or moment.tzinfo is UTC


def test_both_dates_of_an_article_are_read() -> None:
    read = read_dates("2024-06-21 16:56 KST", "2024-06-21 17:20 KST", FETCHED)

    assert read.published_at == utc(2024, 6, 21, 7, 56)
    assert read.modified_at == utc(2024, 6, 21, 8, 20)
    assert read.problems == ()


def test_a_date_the_page_does_not_print_is_no_problem() -> None:
    assert read_dates(None, None, FETCHED).problems == ()
    assert read_dates("2024-06-21 16:56", None, FETCHED).problems == ()


def test_an_unreadable_date_is_none_and_the_other_one_stands() -> None:
    read = read_dates("June", "2024-06-21 17:20 KST", FETCHED)

    assert read.published_at is None
    assert read.modified_at == utc(2024, 6, 21, 8, 20)
    assert [problem.code for problem in read.problems] == ["unreadable_date"]
    assert "posted: 'June'" in read.problems[0].error


@pytest.mark.parametrize(
    ("posted", "code"),
    [
        ("2026-08-01 21:11 KST", "impossible_date"),  # eleven minutes after the fetch
        ("2036-01-01 00:00 KST", "impossible_date"),
        ("1988-05-14 23:59 KST", "impossible_date"),
        ("1970-01-01 09:00 KST", "impossible_date"),
        ("2026-02-30 10:00 KST", "unreadable_date"),
    ],
)
def test_an_impossible_date_is_none(posted: str, code: str) -> None:
    read = read_dates(posted, None, FETCHED)

    assert read.published_at is None
    assert [problem.code for problem in read.problems] == [code]


@pytest.mark.parametrize("posted", ["1988-05-15 00:00", "2026-08-01 21:10", "2026-08-01 21:00"])
def test_the_first_day_and_a_clock_ten_minutes_ahead_are_possible(posted: str) -> None:
    assert read_dates(posted, None, FETCHED).problems == ()


def test_modified_before_posted_is_impossible_and_posted_stands() -> None:
    read = read_dates("2024-06-21 16:56", "2024-06-21 16:55", FETCHED)

    assert read.published_at == utc(2024, 6, 21, 7, 56)
    assert read.modified_at is None
    assert [problem.code for problem in read.problems] == ["impossible_date"]


def test_a_modified_date_in_the_future_is_impossible_on_its_own() -> None:
    read = read_dates("2024-06-21 16:56", "2044-06-21 16:55", FETCHED)

    assert read.published_at == utc(2024, 6, 21, 7, 56)
    assert read.modified_at is None
    assert "modified" in read.problems[0].error
