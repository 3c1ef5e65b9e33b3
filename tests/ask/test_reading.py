"""An article whole, its versions, and the stories around it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hanicrawler.ask import Piece, UnknownArticle, UnknownVersion
from hanicrawler.items import Fetch, StoryLink
from hanicrawler.storage.reading import NAMED_BY
from tests.storage.conftest import NOON, article_url

if TYPE_CHECKING:
    from hanicrawler import Archive
    from hanicrawler.items import Article
    from hanicrawler.storage import Writer
    from tests.storage.conftest import MakeArticle

HOUR = timedelta(hours=1)


def link(source_id: int) -> StoryLink:
    words = f"Link to {source_id}"
    return StoryLink(url=article_url(source_id), headline=words, edition="en", source_id=source_id)


def korean(make: MakeArticle, source_id: int) -> Article:
    url = f"https://www.hani.co.kr/arti/politics/{source_id}.html"
    return make(source_id, edition="ko", url=url, headline="회담 재개", related=())


def test_an_article_is_given_whole(archive: Archive, writer: Writer, article: MakeArticle) -> None:
    made = article(7)
    writer.write([made])

    found = archive.article("en:7")

    for name in ("edition", "source_id", "url", "section", "section_name", "label", "headline",
                 "deck", "body", "byline", "published_at", "modified_at", "published_text",
                 "modified_text", "contact", "content_hash", "template", "layers"):  # fmt: skip
        assert getattr(found, name) == getattr(made, name), name
    assert (found.id, found.revision, found.revisions, found.gone_at) == (1, 1, 1, None)
    assert found.first_seen_at == found.last_seen_at == found.captured_at == NOON
    assert found.paragraphs == ("The first paragraph.", "The second “paragraph”, 판문점.")
    first, second = found.authors
    assert (first.name, first.role, first.email) == (
        "Kim Na-ra", "staff reporter", "nara@hani.example")  # fmt: skip
    assert (second.name, second.role, second.place, second.language) == (
        "Yonhap News", None, None, "en")  # fmt: skip
    assert [(p.url, p.caption, p.credit) for p in found.images] == [
        ("https://img.example/1.jpg", "A hall (Yonhap)", "Yonhap")
    ]
    assert (found.original, found.translations, found.translation_id) == (None, (), None)


def test_a_related_story_has_its_own_headline_as_soon_as_it_is_stored(
    archive: Archive, writer: Writer, article: MakeArticle
) -> None:
    elsewhere = StoryLink(url="https://elsewhere.example/", headline="")
    writer.write([article(1, related=(link(900), elsewhere))])
    before = archive.article(1).related
    writer.write([article(900, headline="Earlier talks fail", related=())])

    after = archive.article(1).related

    assert [(s.id, s.headline, s.published_at) for s in before] == [
        (None, "Link to 900", None), (None, "", None)]  # fmt: skip
    assert [(s.id, s.headline, s.published_at) for s in after] == [
        (2, "Earlier talks fail", NOON - timedelta(days=2)), (None, "", None)]  # fmt: skip
    assert after[1].url == "https://elsewhere.example/"
    assert (after[1].edition, after[1].source_id) == (None, None)


def test_who_names_an_article_is_known_the_newest_first(
    archive: Archive, writer: Writer, article: MakeArticle
) -> None:
    writer.write([article(1, related=(link(1),))])
    many = [
        article(n, related=(link(1), link(1)), published_at=NOON - timedelta(days=300 - n))
        for n in range(2, NAMED_BY + 12)
    ]
    writer.write(many)

    found = archive.article(1)

    assert found.named_by_total == NAMED_BY + 10  # itself does not count
    assert len(found.named_by) == NAMED_BY
    assert found.named_by[0].source_id == NAMED_BY + 11
    moments = [story.published_at for story in found.named_by]
    assert moments == sorted(moments, reverse=True)


def test_a_translation_is_known_from_either_side(
    archive: Archive, writer: Writer, article: MakeArticle
) -> None:
    original = "https://www.hani.co.kr/arti/politics/70.html"
    writer.write([article(7, original_url=original, original_source_id=70)])
    alone = archive.article(1)
    writer.write([korean(article, 70)])

    english, its_original = archive.article(1), archive.article("ko:70")

    assert alone.original is not None
    assert (alone.original.id, alone.original.url, alone.translation_id) == (None, original, None)
    assert english.original is not None
    assert (english.original.headline, english.translation_id) == ("회담 재개", 2)
    assert [story.id for story in its_original.translations] == [1]
    assert (its_original.original, its_original.translation_id) == (None, 1)


def test_an_earlier_version_has_its_words_and_what_was_last_seen(
    archive: Archive, writer: Writer, article: MakeArticle
) -> None:
    writer.write([article(7, headline="Before", deck=None, modified_at=NOON - 9 * HOUR)])
    writer.write([article(7, headline="After", at=NOON + HOUR, modified_at=NOON)])

    before, after = archive.article(1, version=1), archive.article(1)

    assert (before.headline, before.deck, before.revision) == ("Before", None, 1)
    assert before.modified_at == NOON - 9 * HOUR
    assert (after.headline, after.revision, after.revisions) == ("After", 2, 2)
    assert before.last_seen_at == after.last_seen_at == NOON + HOUR
    for version in (0, 3, -1, 10**20):
        with pytest.raises(UnknownVersion, match="hanicrawler history 1 lists them"):
            archive.article(1, version=version)


def test_a_gone_article_is_still_read(
    archive: Archive, writer: Writer, article: MakeArticle
) -> None:
    writer.write([article(7)])
    writer.write([Fetch(url=article_url(7), kind="article", fetched_at=NOON + HOUR, status=404)])

    assert archive.article(1).gone_at == NOON + HOUR


def test_versions_say_what_changed_word_by_word(
    archive: Archive, writer: Writer, article: MakeArticle
) -> None:
    writer.write([article(7, headline="Talks resume", deck=None)])
    writer.write([article(7, headline="Talks stall", deck="A line", at=NOON + HOUR)])

    first, second = archive.history("en:7")

    assert (first.number, first.silent, first.seen_at, first.changes) == (1, False, NOON, {})
    assert (second.number, second.silent, second.seen_at) == (2, True, NOON + HOUR)
    assert second.changes == {
        "headline": (Piece("same", "Talks "), Piece("removed", "resume"), Piece("added", "stall")),
        "deck": (Piece("added", "A line"),),
    }
    with pytest.raises(UnknownArticle):
        archive.history(2)


def test_the_graph_is_walked_breadth_first_and_once(
    archive: Archive, writer: Writer, article: MakeArticle
) -> None:
    names = {1: [2, 3], 2: [3, 4, 1], 3: [1, 4], 4: [5], 5: [1]}
    writer.write([article(n, related=tuple(map(link, to))) for n, to in names.items() if n != 3])

    graph = archive.related(1, depth=2)

    assert [(s.key, s.id, s.depth) for s in graph.stories] == [
        ("en:1", 1, 0), ("en:2", 2, 1), ("en:3", None, 1), ("en:4", 3, 2)]  # fmt: skip
    assert [(e.source, e.target, e.position) for e in graph.edges] == [
        ("en:1", "en:2", 1), ("en:1", "en:3", 2),
        ("en:2", "en:3", 1), ("en:2", "en:4", 2), ("en:2", "en:1", 3)]  # fmt: skip
    assert graph.complete
    assert graph.root.headline == "Talks resume, part 1"
    assert graph.stories[2].headline == "Link to 3"
    assert len(archive.related(1, depth=9).stories) == 5


def test_the_graph_is_walked_against_its_edges_too(
    archive: Archive, writer: Writer, article: MakeArticle
) -> None:
    elsewhere = StoryLink(url="https://elsewhere.example/", headline="Elsewhere")
    writer.write([article(1, related=()), article(2, related=(link(1), elsewhere))])
    writer.write([article(3, related=(link(2),))])

    forwards = archive.related(1, depth=5)
    both = archive.related(1, depth=5, named_by=True)

    assert [story.key for story in forwards.stories] == ["en:1"]
    assert [(story.key, story.depth) for story in both.stories] == [
        ("en:1", 0), ("en:2", 1), ("https://elsewhere.example/", 2), ("en:3", 2)]  # fmt: skip
    assert {(edge.source, edge.target) for edge in both.edges} == {
        ("en:2", "en:1"), ("en:2", "https://elsewhere.example/"), ("en:3", "en:2")}  # fmt: skip


@pytest.mark.parametrize("named_by", [False, True])
def test_a_graph_that_is_too_big_says_so(
    archive: Archive, writer: Writer, article: MakeArticle, named_by: bool
) -> None:
    names = {1: [2, 3, 4, 5], 5: [6], 6: [1], 7: [1], 8: [1]}
    writer.write([article(n, related=tuple(map(link, to))) for n, to in names.items()])

    graph = archive.related(1, depth=9, named_by=named_by, most=4)

    assert len(graph.stories) == 4
    assert not graph.complete
    keys = {story.key for story in graph.stories}
    assert all({edge.source, edge.target} <= keys for edge in graph.edges)
    assert archive.related(1, depth=9, named_by=named_by, most=8).complete
    with pytest.raises(ValueError, match="1 or more"):
        archive.related(1, depth=0)


def test_names_that_articles_can_be_chosen_by(
    archive: Archive, writer: Writer, article: MakeArticle
) -> None:
    assert (archive.sections(), archive.labels(), archive.author_names()) == ((), (), ())
    sections = ["e_b", None, "e_a", "politics/assembly", "e_b"]
    writer.write(
        [article(n, section=s, label=None if n % 2 else f"L{n}") for n, s in enumerate(sections, 1)]
    )

    assert archive.sections() == ("e_a", "e_b", "politics/assembly")
    assert archive.labels() == ("L2", "L4")
    assert archive.author_names("kIM") == ("Kim Na-ra",)
    assert archive.author_names("%") == ()
