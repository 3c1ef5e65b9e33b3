from datetime import UTC, date, datetime

import pytest

from hanicrawler.site import Root
from hanicrawler.spiders.arguments import ArgumentError, Section, read_arguments

ARTICLE = "https://english.hani.co.kr/arti/english_edition/e_business/1140704.html"


def test_no_argument_is_a_plain_run_that_follows_related_stories_one_step() -> None:
    arguments = read_arguments({})

    assert arguments.is_plain
    assert arguments.related_depth == 1
    assert not arguments.originals
    assert arguments.editions == {"en"}


def test_sections_are_english_unless_they_have_a_slash_or_a_prefix() -> None:
    arguments = read_arguments({"sections": "e_business, politics/assembly,ko:opinion"})

    assert arguments.sections == (
        Section("en", "e_business"),
        Section("ko", "politics/assembly"),
        Section("ko", "opinion"),
    )
    assert arguments.editions == {"en", "ko"}


def test_a_section_named_twice_is_read_once() -> None:
    assert len(read_arguments({"sections": "e_business,e_business"}).sections) == 1


def test_a_section_has_its_front_on_its_editions_host() -> None:
    assert Section("en", "e_x").url == "https://english.hani.co.kr/arti/english_edition/e_x"
    assert Section("ko", "politics").url == "https://www.hani.co.kr/arti/politics"


def test_since_and_until_are_whole_days_in_korea() -> None:
    period = read_arguments({"since": "2024-06-01", "until": "2024-06-30"}).period

    assert (period.since, period.until) == (date(2024, 6, 1), date(2024, 6, 30))
    assert period.start == datetime(2024, 5, 31, 15, 0, tzinfo=UTC)
    assert period.end == datetime(2024, 6, 30, 15, 0, tzinfo=UTC)
    assert datetime(2024, 5, 31, 15, 0, tzinfo=UTC) in period
    assert datetime(2024, 6, 30, 14, 59, tzinfo=UTC) in period
    assert period.before(datetime(2024, 5, 31, 14, 59, tzinfo=UTC))
    assert period.after(datetime(2024, 6, 30, 15, 0, tzinfo=UTC))


def test_a_period_with_one_end_is_open_at_the_other() -> None:
    period = read_arguments({"until": "2024-06-30"}).period

    assert period.start is None
    assert datetime(1999, 1, 1, tzinfo=UTC) in period


def test_a_run_with_limits_follows_no_related_stories_unless_told() -> None:
    assert read_arguments({"since": "2024-06-01"}).related_depth == 0
    assert read_arguments({"urls": ARTICLE}).related_depth == 0
    assert read_arguments({"sections": "e_business"}).related_depth == 0
    assert read_arguments({"since": "2024-06-01", "related_depth": "3"}).related_depth == 3


def test_aliases_among_the_urls_are_one_article() -> None:
    mobile = "http://m.hani.co.kr/arti/english_edition/e_old/1140704.html?_fr=mt1#cb"

    arguments = read_arguments({"urls": f"{ARTICLE}, {mobile}"})

    assert [address.url for address in arguments.urls] == [ARTICLE]


def test_urls_may_name_the_root_that_stands_for_the_site() -> None:
    root = Root.parse("http://127.0.0.1:8000")
    urls = "http://127.0.0.1:8000/arti/english_edition/e_business/1140704.html"

    assert [address.url for address in read_arguments({"urls": urls}, root).urls] == [ARTICLE]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"sektions": "e_business"}, "unknown argument 'sektions'"),
        ({"sections": "e_business,,x"}, "empty name"),
        ({"sections": ""}, "empty name"),
        ({"sections": "e business"}, "malformed"),
        ({"sections": "../etc"}, "malformed"),
        ({"sections": "fr:e_business"}, "malformed"),
        ({"sections": "PRINT"}, "malformed"),
        ({"since": "yesterday"}, "since=yesterday is no day"),
        ({"since": "2024-6-1"}, "no day"),
        ({"since": "20240601"}, "no day"),
        ({"until": "2024-02-30"}, "no day"),
        ({"until": "9999-12-31"}, "no day"),
        ({"since": "0001-01-01"}, "no day"),
        ({"since": "2024-07-01", "until": "2024-06-01"}, "is after"),
        ({"urls": "https://example.com/arti/1.html"}, "not on the site"),
        ({"urls": "http://127.0.0.1:8000/arti/politics/1.html"}, "not on the site"),
        ({"urls": ""}, "not on the site"),
        ({"urls": "https://www.hani.co.kr/arti/PRINT/1.html"}, "no article"),
        ({"urls": "https://www.hani.co.kr/arti/politics/list2.html"}, "no article"),
        ({"urls": ARTICLE, "since": "2024-06-01"}, "urls and since contradict"),
        ({"urls": ARTICLE, "sections": "e_business"}, "urls and sections contradict"),
        ({"related_depth": "6"}, "no number from 0 to 5"),
        ({"related_depth": "-1"}, "no number"),
        ({"related_depth": "two"}, "no number"),
        ({"related_depth": "٣"}, "no number"),
        ({"originals": "maybe"}, "neither 1 nor 0"),
    ],
)
def test_what_cannot_be_obeyed_is_refused_in_one_line(given: dict[str, str], words: str) -> None:
    with pytest.raises(ArgumentError, match=words) as refusal:
        read_arguments(given)

    assert "\n" not in str(refusal.value)
