"""Searching, the same on both databases."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hanicrawler.items import Byline, Image
from hanicrawler.storage import BadSearch, Filters, Writer, search
from hanicrawler.storage.edits import read_edits
from hanicrawler.storage.filters import conditions
from hanicrawler.storage.models import ArticleRow
from hanicrawler.storage.paging import BadPlace
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.signers import list_signers
from hanicrawler.storage.translations import read_translations
from tests.storage.conftest import NOON, article_url

Find = Callable[..., list[int]]


@pytest.fixture
def find(engine: sa.Engine) -> Find:
    """Finds the site's ids of articles: ``find("words", sections=("e_business",))``."""

    def found(
        words: str, *, order: Any = "newest", limit: int = 100, pages: int = 50, **filters: Any
    ) -> list[int]:
        ids: list[int] = []
        after = None
        for _ in range(pages):
            page = search(engine, words, Filters(**filters), order=order, limit=limit, after=after)
            ids += [each.source_id for each in page.articles]
            after = page.next
            if after is None:
                return ids
        raise AssertionError("the pages do not end")

    return found


@pytest.fixture
def stored(writer: Writer, article: Any) -> None:
    """Five articles in English, one in Korean, one without a date."""

    def one(number: int, **changes: Any) -> Any:
        plain = {"deck": None, "authors": (), "images": (), "byline": None, "body": "Nothing."}
        at = NOON - timedelta(days=40 - number)
        return article(number, **(plain | {"published_at": at, "modified_at": at} | changes))

    writer.write(
        [
            one(1, headline="Sanctions resumed on Kaesong", label="News analysis"),
            one(2, headline="Talks", deck="The sanctioning of kimchi", section="e_business"),
            one(3, headline="A walk", body="Of comfort women.\n\nNo comfort for women’s rights."),
            one(4, headline="A picture", label="Photo",
                images=(Image(url="https://i.example/1", caption="Kaesong at dusk (Yonhap)"),)),
            one(5, headline="By hand", authors=(
                Byline(name="Jung E-gil", language="en"), Byline(name="Kim Na-ra", language="en"),
            )),
            one(6, edition="ko", url="https://www.hani.co.kr/arti/politics/6.html",
                section="politics", headline="북한이 핵 시험장을 폐기했다",
                body="판문점선언의 이행, LG전자와 café. 한반도의 비핵화"),
            one(7, headline="Undated sanctions", published_at=None, modified_at=None),
        ]
    )  # fmt: skip


FOUND = [
    ("sanction", [2, 1, 7]),
    ("SANCTIONS kaesong", [1]),
    ('"comfort women"', [3]),
    ('"comfort women rights"', []),
    ("sanctions -kaesong", [2, 7]),
    ("kimchi OR dusk", [4, 2]),
    ("kimchi OR dusk picture", [4]),
    ("sanct* kim*", [2]),
    ("yonhap", [4]),
    ("jung e-gil", [5]),
    ('"e-gil kim"', [5]),
    ("cafe", [6]),
    ("women’s", [3]),
    ("walk nothing", []),
    # One of the fields has to hold a phrase, the words may stand in any.
    ('"kaesong nothing"', []),
    ("kaesong nothing", [4, 1]),
    ("-nothing", [6, 3]),
]


@pytest.mark.usefixtures("stored")
def test_articles_are_found_by_their_words(find: Find, subtests: pytest.Subtests) -> None:
    for words, ids in FOUND:
        with subtests.test(words):
            assert find(words) == ids
            assert sorted(find(words, order="relevance")) == sorted(ids)


PARTS = [
    "북한", "북한이", "핵", "시험", "험장", "시험장을", "판문점", "문점선", "선언", "전자",
     "LG전자", '"북한이 핵 시험"', '"반도의 비핵"', "북한 비핵", "폐기했다 이행"
]  # fmt: skip


@pytest.mark.usefixtures("stored")
def test_korean_is_found_by_any_part_of_a_word(find: Find, subtests: pytest.Subtests) -> None:
    for words in PARTS:
        with subtests.test(words):
            assert find(words) == [6]


@pytest.mark.usefixtures("stored")
def test_korean_that_does_not_stand_there_is_not_found(
    find: Find, subtests: pytest.Subtests
) -> None:
    for words in ("한북", "북핵", "선언이", '"북한 핵"', '"이행 한반도의"', "장을폐"):
        with subtests.test(words):
            assert find(words) == []


CHOSEN: list[tuple[dict[str, Any], list[int]]] = [
    ({"authors": ("jung e-gil",)}, [5]),
    ({"authors": ("Nobody",)}, []),
    ({"labels": ("photo", "NEWS ANALYSIS")}, [4, 1]),
    ({"sections": ("e_business",)}, [2]),
    ({"sections": ("e_busines",)}, []),
    ({"editions": ("ko",)}, [6]),
    ({"sections": ("e_business", "politics"), "editions": ("en",)}, [2]),
    ({"since": date(2026, 1, 22), "until": date(2026, 1, 23)}, [3, 2]),
    ({"since": date(2026, 1, 25)}, [6, 5]),
    ({"until": date(2026, 1, 22)}, [2, 1]),
]


@pytest.mark.usefixtures("stored")
def test_filters_choose_without_words_too(find: Find, subtests: pytest.Subtests) -> None:
    for filters, ids in CHOSEN:
        with subtests.test(str(filters)):
            assert find("", **filters) == ids
            assert find("-xyzzy", order="relevance", **filters) == ids


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"authors": ("Élodie Ahn",)}, [1]),
        ({"authors": ("élodie ahn",)}, [1]),
        ({"authors": ("ÉLODIE AHN",)}, [1]),
        # Of one name in two cases neither hides the other, nor a name beside it.
        ({"authors": ("Reuters",)}, [3, 2]),
        ({"authors": ("Reuters", "élodie ahn")}, [3, 2, 1]),
        ({"labels": ("ÉDITORIAL",)}, [1]),
        ({"labels": ("éditorial",)}, [1]),
    ],
)
def test_a_filter_takes_any_case_and_chooses_the_same_where_nothing_is_searched(
    find: Find, engine: sa.Engine, writer: Writer, article: Any, filters: dict[str, Any], ids: Any
) -> None:
    names = ("Élodie Ahn",), ("Reuters", "Reuters"), ("REUTERS",)
    writer.write(
        [
            article(number, label=label, authors=tuple(
                Byline(name=name, language=language)
                for name, language in zip(signed, ("en", "ko"), strict=False)
            ))
            for number, label, signed in zip((1, 2, 3), ("Éditorial", None, None), names,
                                             strict=True)
        ]
    )  # fmt: skip
    assert find("", **filters) == ids
    with engine.connect() as connection:
        chosen = sa.select(table_of(ArticleRow).c.source_id).where(*conditions(Filters(**filters)))
        assert set(connection.scalars(chosen)) == set(ids)


@pytest.mark.usefixtures("stored")
def test_words_and_filters_both_have_to_fit(find: Find) -> None:
    assert find("kaesong", labels=("Photo",)) == [4]
    assert find("nothing", editions=("ko",)) == []
    assert find("sanctions", until=date(2030, 1, 1)) == [2, 1]


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("order", ["newest", "relevance"])
def test_pages_together_are_the_whole_without_a_double(find: Find, order: str) -> None:
    whole = find("-xyzzy", order=order)

    assert len(whole) == 7
    for limit in (1, 2, 3):
        assert find("-xyzzy", order=order, limit=limit) == whole


@pytest.mark.usefixtures("stored")
def test_a_headline_counts_for_more_than_a_body(find: Find, writer: Writer, article: Any) -> None:
    words = {"deck": None, "images": (), "authors": ()}
    writer.write(
        [
            article(11, headline="Zebra crossing", body="Some words of a street.", **words),
            article(12, headline="A crossing", body="A zebra walked in the street.", **words,
                    published_at=NOON - timedelta(days=1)),
        ]
    )  # fmt: skip

    assert find("zebra") == [12, 11]
    assert find("zebra", order="relevance") == [11, 12]


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("place", ["", "x", "1:2", "1:", "1,2", "9" * 30])
def test_a_place_that_is_none_is_one_line(engine: sa.Engine, place: str) -> None:
    with pytest.raises(BadPlace):
        search(engine, "sanctions", Filters(), after=place)


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("place", ["1", "1:x", "1:nan", "1:-inf"])
def test_a_place_among_the_ranked_that_is_none_is_one_line(engine: sa.Engine, place: str) -> None:
    with pytest.raises(BadPlace):
        search(engine, "sanctions", Filters(), order="relevance", after=place)


@pytest.mark.usefixtures("stored")
def test_the_first_and_the_last_day_of_the_calendar_are_days_too(
    find: Find, engine: sa.Engine
) -> None:
    always = {"since": date.min, "until": date.max}

    assert find("sanctions", **always) == [2, 1]
    with engine.connect() as connection:
        chosen = sa.select(table_of(ArticleRow).c.source_id).where(*conditions(Filters(**always)))
        assert set(connection.scalars(chosen)) == {1, 2, 3, 4, 5, 6}


def test_a_list_of_no_rows_is_wrong_use(engine: sa.Engine) -> None:
    for limit in (0, -1):
        for ask in (
            lambda few: search(engine, "sanctions", Filters(), limit=few),
            lambda few: read_edits(engine, limit=few),
            lambda few: read_translations(engine, limit=few),
            lambda few: list_signers(engine, limit=few),
        ):
            with pytest.raises(ValueError, match="it is 1 or more"):
                ask(limit)


@pytest.mark.usefixtures("stored")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(max_size=30) | st.text(alphabet="ab한국 \"'*-()&|!:<>\\OR\0%_", max_size=30))
def test_no_search_breaks_a_database(engine: sa.Engine, words: str) -> None:
    for order in ("newest", "relevance"):
        with suppress(BadSearch):
            search(engine, words, Filters(labels=(words or "x",)), order=order)  # type: ignore[arg-type]
            search(engine, words, Filters(), order=order)  # type: ignore[arg-type]


@pytest.mark.parametrize("word", ["us", "is", "as", "u", "i", "a", "usa", "us*"])
def test_short_words_are_told_apart(find: Find, writer: Writer, article: Any, word: str) -> None:
    bare = {"deck": None, "authors": (), "images": (), "body": "x"}
    words = ["us", "is", "as", "u", "i", "a", "usa", "u.s."]
    writer.write([article(n, headline=text, **bare) for n, text in enumerate(words, 1)])

    expected = {"us*": {1, 7}, "u": {4, 8}}.get(word, {words.index(word.strip("*")) + 1})

    assert set(find(word)) == expected


def test_a_very_long_word_is_found_or_not_and_no_error(
    find: Find, writer: Writer, article: Any
) -> None:
    writer.write([article(1)])

    assert find("x" * 9000) == find('"' + "y" * 9000 + ' z"') == find("z" * 9000 + "*") == []


def test_authors_are_found_behind_a_long_body(find: Find, writer: Writer, article: Any) -> None:
    writer.write([article(1, body="one two three four five " * 5000)])

    assert find('"na ra"') == find('"a hall"') == [1]


def test_articles_of_one_minute_are_told_apart(find: Find, writer: Writer, article: Any) -> None:
    same = [article(number, url=article_url(number)) for number in range(1, 1100)]

    writer.write(same[:600])
    writer.write(same[600:])

    found = find("talks", limit=1000)
    assert sorted(found) == list(range(1, 1100))
    assert find("talks", limit=200) == found


@pytest.mark.parametrize("length", [8, 9, 63, 64, 65, 66, 128, 129, 200])
def test_a_long_run_without_spaces_is_found_by_every_part(
    find: Find, writer: Writer, article: Any, length: int
) -> None:
    run = "".join(chr(0x4E00 + 31 * i) for i in range(length))

    writer.write([article(1, headline=run, body=f"ab{run}cd，{run}")])

    for at in range(length - 1):
        assert find(run[at : at + 2]) == [1]
    assert find(run[-40:]) == find(run[-1]) == find(f'"ab{run[:40]}"') == [1]
    assert find(f'"{run[-40:]}cd"') == [1]
    assert find(run[-1] + run[0]) == []


@pytest.mark.slow
def test_an_article_too_long_to_be_indexed_whole_is_stored_and_found(
    find: Find, writer: Writer, article: Any
) -> None:
    endless = "".join(chr(0x4E00 + i * 7 % 20000) + chr(0x4E00 + i % 19991) for i in range(150_000))

    outcomes = writer.write([article(1, headline="Endless", body=endless), article(2)])

    assert outcomes == ["new", "new"]
    assert find("endless") == [1]
    assert find("talks") == [2]
