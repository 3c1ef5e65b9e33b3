"""Who signs articles, and what one of them wrote."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hanicrawler.ask import AmbiguousAuthor, BadPlace, Filters, UnknownAuthor
from hanicrawler.ask.authors import choose, fold, similar
from hanicrawler.items import Byline
from hanicrawler.storage.signers import AuthorName
from tests.storage.conftest import NOON, article_url

if TYPE_CHECKING:
    from hanicrawler import Archive
    from hanicrawler.items import Article
    from hanicrawler.storage import Writer
    from tests.storage.conftest import MakeArticle

DAY = timedelta(days=1)
KIM = Byline(name="Kim Na-ra", language="en", role="staff reporter")
LEE = Byline(name="Lee Bon-young", language="en", role="Washington correspondent",
             place="Washington")  # fmt: skip
WIRE = Byline(name="Yonhap News", language="en")
KOREAN = Byline(name="김나라", language="ko", role="기자")


@pytest.fixture
def signed(writer: Writer, article: MakeArticle) -> None:
    """Four authors of six articles; the first is the newest, the last has no date."""

    def of(number: int, *authors: Byline, section: str = "e_national", **more: Any) -> Article:
        posted = None if number == 6 else NOON - 40 * number * DAY
        url = article_url(number, section)
        values = {"published_at": posted, "modified_at": None, "url": url, "section": section}
        return article(number, authors=authors, byline="By them", **(values | more))

    korea = {"edition": "ko", "url": "https://www.hani.co.kr/arti/politics/5.html"}
    writer.write(
        [
            of(1, LEE),
            of(2, KIM, WIRE),
            of(3, KIM, LEE, section="e_business"),
            of(4, KIM, WIRE, LEE),
            of(5, KOREAN, section="politics", **korea),
            of(6, WIRE, WIRE),
        ]
    )


@pytest.mark.usefixtures("signed")
def test_authors_are_listed_with_what_they_signed(archive: Archive) -> None:
    first, *others = archive.authors()

    assert (first.name, first.language, first.articles) == ("Kim Na-ra", "en", 3)
    assert (first.first_at, first.last_at) == (NOON - 160 * DAY, NOON - 80 * DAY)
    assert [(one.edition, one.section, one.articles) for one in first.sections] == [
        ("en", "e_national", 2),
        ("en", "e_business", 1),
    ]
    # Signed twice, an article counts once; one without a date counts and has none.
    assert [(one.name, one.articles) for one in others] == [
        ("Lee Bon-young", 3), ("Yonhap News", 3), ("김나라", 1)]  # fmt: skip


@pytest.mark.usefixtures("signed")
def test_authors_stand_in_the_order_asked_for(archive: Archive) -> None:
    def names(**asked: Any) -> list[str]:
        return [one.name for one in archive.authors(**asked)]

    assert names(order="name") == ["Kim Na-ra", "Lee Bon-young", "Yonhap News", "김나라"]
    assert names(order="newest") == ["Lee Bon-young", "Kim Na-ra", "Yonhap News", "김나라"]
    for order in ("articles", "name", "newest"):
        assert names(order=order, limit=2) == names(order=order)[:2]
        assert names(order=order, limit=1) == names(order=order)[:1]


@pytest.mark.usefixtures("signed")
def test_only_the_articles_asked_for_count(archive: Archive) -> None:
    def counted(match: str | None = None, **asked: Any) -> dict[str, int]:
        found = archive.authors(Filters(**asked), match=match)
        return {one.name: one.articles for one in found}

    assert counted(sections=("e_business",)) == {"Kim Na-ra": 1, "Lee Bon-young": 1}
    assert counted(editions=("ko",)) == {"김나라": 1}
    assert counted(editions=("ja",)) == {}
    assert counted(since=(NOON - 80 * DAY).date()) == {
        "Kim Na-ra": 1, "Lee Bon-young": 1, "Yonhap News": 1}  # fmt: skip
    assert counted(authors=("lee bon-young",), match="kim") == {"Kim Na-ra": 2}
    assert counted(match="NAR") == {"Kim Na-ra": 3}
    assert counted(match="나라") == {"김나라": 1}
    assert counted(match="%") == counted(match="nobody") == {}
    newest = archive.authors(Filters(editions=("en",)), order="newest", limit=1)
    assert [one.name for one in newest] == ["Lee Bon-young"]


@pytest.mark.usefixtures("signed")
def test_who_signed_many_of_another_edition_does_not_hide_who_signed_this_one(
    archive: Archive, writer: Writer, article: MakeArticle
) -> None:
    writer.write([article(number, authors=(LEE,), byline="By Lee") for number in range(20, 30)])
    writer.write(
        [
            article(number, edition="ko", authors=(KOREAN,), byline="김나라 기자",
                    url=f"https://www.hani.co.kr/arti/politics/{number}.html")
            for number in (31, 32)
        ]
    )  # fmt: skip

    found = archive.authors(Filters(editions=("ko",)), limit=1)

    assert [(one.name, one.articles) for one in found] == [("김나라", 3)]


@pytest.mark.usefixtures("signed")
def test_an_author_with_posts_months_and_cosigners(archive: Archive) -> None:
    author = archive.author("Lee Bon-young")

    assert (author.name, author.articles) == ("Lee Bon-young", 3)
    assert [(one.role, one.place, one.articles) for one in author.posts] == [
        ("Washington correspondent", "Washington", 3)
    ]
    assert [(one.name, one.articles) for one in author.cosigners] == [
        ("Kim Na-ra", 2),
        ("Yonhap News", 1),
    ]
    assert [(one.month, one.articles) for one in author.months] == [
        (date(2025, 9, 1), 1), (date(2025, 11, 1), 1), (date(2026, 1, 1), 1)]  # fmt: skip
    assert [one.section for one in author.sections] == ["e_national", "e_business"]
    some = archive.author("Lee Bon-young", filters=Filters(sections=("e_business",)))
    assert (some.articles, [one.name for one in some.cosigners]) == (1, ["Kim Na-ra"])


def test_a_post_is_dated_by_its_own_articles(
    archive: Archive, writer: Writer, article: MakeArticle
) -> None:
    later = Byline(name="Kim Na-ra", language="en", role="senior staff writer")
    writer.write(
        [
            article(number, authors=(by,), published_at=NOON - days * DAY, modified_at=None)
            for number, days, by in ((1, 9, KIM), (2, 7, KIM), (3, 2, later))
        ]
    )

    posts = archive.author("Kim Na-ra").posts

    assert [(one.role, one.articles, one.first_at, one.last_at) for one in posts] == [
        ("senior staff writer", 1, NOON - 2 * DAY, NOON - 2 * DAY),
        ("staff reporter", 2, NOON - 9 * DAY, NOON - 7 * DAY),
    ]


def test_a_month_is_korean(archive: Archive, writer: Writer, article: MakeArticle) -> None:
    # 1 March, one o'clock in Seoul.
    posted = NOON.replace(month=2, day=28, hour=16)
    writer.write([article(1, published_at=posted, modified_at=None)])

    assert [one.month for one in archive.author("Kim Na-ra").months] == [date(2026, 3, 1)]


@pytest.mark.usefixtures("signed")
def test_an_authors_articles_come_by_the_page(archive: Archive) -> None:
    author = archive.author("Yonhap News")
    seen: list[int] = []
    after: str | None = None
    for _ in range(3):
        page = archive.articles_by(author, limit=1, after=after)
        seen += [one.source_id for one in page.rows]
        after = page.next

    assert seen == [2, 4, 6]
    assert after is None
    (newest, *_) = archive.articles_by(archive.author("Lee Bon-young")).rows
    assert (newest.source_id, newest.role, newest.place) == (
        1, "Washington correspondent", "Washington")  # fmt: skip
    assert newest.published_at == NOON - 40 * DAY


@pytest.mark.parametrize(
    "place", ["", "x", "20260301T120000.000000", "20269901T120000.000000,1", "-,١", "-," + "9" * 40]
)
def test_what_is_no_place_in_a_list_is_refused(archive: Archive, place: str) -> None:
    with pytest.raises(BadPlace, match="is no place in this list"):
        archive.articles_by(1, after=place)
    with pytest.raises(BadPlace, match="is no place in this list"):
        archive.edits(after=place)


@pytest.mark.usefixtures("signed")
@pytest.mark.parametrize(
    "written",
    ["Kim Na-ra", "kim na-ra", "KIM NARA", "kimnara", "Kim  Na ra", "Na-ra Kim", "Kím Na‐ra"],
)
def test_a_name_is_found_however_it_is_written(archive: Archive, written: str) -> None:
    assert archive.author(written).name == "Kim Na-ra"


@pytest.mark.usefixtures("signed")
def test_an_unknown_author_is_told_who_is_near(archive: Archive) -> None:
    with pytest.raises(UnknownAuthor, match="no author 'Kim Nari'; near: Kim Na-ra") as caught:
        archive.author("Kim Nari")
    assert caught.value.near == ("Kim Na-ra",)
    with pytest.raises(UnknownAuthor, match=r"no author '%_'$"):
        archive.author("%_")


def names(*written: str) -> list[AuthorName]:
    return [
        AuthorName(id=number, name=name, language="ko" if ord(name[0]) > 0x1000 else "en")
        for number, name in enumerate(written)
    ]


def test_a_name_as_it_stands_goes_before_one_that_is_alike() -> None:
    known = names("Kim Nara", "Kim Na-ra")

    assert choose(known, "Kim Na-ra").id == 1
    with pytest.raises(AmbiguousAuthor, match=r"may be Kim Nara \(en\), Kim Na-ra \(en\)"):
        choose(known, "kim nara")


def test_a_name_in_both_scripts_is_chosen_by_its_language() -> None:
    known = [
        AuthorName(id=1, name="AFP", language="en"),
        AuthorName(id=2, name="AFP", language="ko"),
    ]

    with pytest.raises(AmbiguousAuthor, match=r"AFP \(en\), AFP \(ko\)"):
        choose(known, "AFP")
    assert choose(known, "afp", "ko").id == 2


def test_near_names_are_few_and_those_that_have_it_in_them_come_first() -> None:
    known = names("Kim Na-ra", "Ahn Sung-jin", *(f"Kim Na-{n}" for n in "bcdefgh"), "김나라")

    assert similar(known, "Sung-jin")[0] == "Ahn Sung-jin"
    assert len(similar(known, "Kim Na")) == 5
    assert similar(known, "") == ()
    assert fold("Ím-Na ra.") == "imnara"
