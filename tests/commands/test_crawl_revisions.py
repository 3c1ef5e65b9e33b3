"""What a later look at an article finds: changed words, the same words, nothing, another page."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.commands.conftest import Crawl, Done

pytestmark = pytest.mark.slow

HOUR = timedelta(hours=1)


@pytest.fixture
def look(crawl: Crawl, small: Any) -> Callable[[], Done]:
    """Runs a crawl that looks at every article it knows, after a first one that stores them."""

    def again() -> Done:
        small.clear()
        return crawl(HANICRAWLER_SITE=small.url, HANICRAWLER_REVISIT="9999d:0s")

    done = again()
    assert (done.stderr, done.status, len(done.ids)) == ("", 0, 12)
    return again


def stories(site: Any) -> list[Any]:
    """Return the stories that have a deck, a byline and several paragraphs."""
    return [s for s in site.newspaper.stories() if s.deck and s.byline and len(s.paragraphs) > 3]


def revisions(done: Done, source_id: int) -> list[tuple[Any, ...]]:
    return done.rows(
        "SELECT r.number, r.silent FROM revisions r JOIN articles a ON a.id = r.article_id"
        f" WHERE a.source_id = {source_id} ORDER BY r.number"
    )


def last_counts(done: Done, *names: str) -> tuple[Any, ...]:
    (row,) = done.rows(f"SELECT {', '.join(names)} FROM crawls ORDER BY id DESC LIMIT 1")
    return row


CHANGES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "headline": lambda story: {"headline": f"{story.headline}, ministry says"},
    "deck": lambda story: {"deck": f"{story.deck}, and more"},
    "body": lambda story: {"paragraphs": (*story.paragraphs[:-1], "It ended otherwise.")},
    "byline": lambda story: {"byline": "By Somebody Else, staff reporter"},
    "punctuation": lambda story: {
        "paragraphs": (story.paragraphs[0].rstrip(".”") + "!", *story.paragraphs[1:])
    },
}


def test_changed_words_are_a_revision_with_the_time_they_were_seen(
    look: Callable[[], Done], small: Any
) -> None:
    """Silent where the site's own time of change stood still, not where it moved."""
    changed = dict(zip(CHANGES, stories(small), strict=False))
    assert len(changed) == len(CHANGES)
    for name, story in changed.items():
        small.newspaper.change(story.source_id, **CHANGES[name](story))
    before = datetime.now(UTC)

    silent = look()

    assert (silent.stderr, silent.status) == ("", 0)
    for name, story in changed.items():
        assert (name, revisions(silent, story.source_id)) == (name, [(1, 0), (2, 1)])
    assert last_counts(silent, "changed", "new") == (5, 0)
    assert silent.value("SELECT count(*) FROM revisions") == 12 + 5
    (seen,) = silent.column("SELECT min(seen_at) FROM revisions WHERE number = 2")
    assert datetime.fromisoformat(seen).replace(tzinfo=UTC) > before
    headline = changed["headline"]
    assert silent.column(
        "SELECT r.headline FROM revisions r JOIN articles a ON a.id = r.article_id"
        f" WHERE a.source_id = {headline.source_id} ORDER BY r.number"
    ) == [headline.headline, f"{headline.headline}, ministry says"]

    for story in changed.values():
        moved = (story.modified or story.posted) + HOUR
        small.newspaper.change(story.source_id, headline=f"{story.headline}: 2", modified=moved)

    said = look()

    assert (said.stderr, said.status) == ("", 0)
    for story in changed.values():
        assert revisions(said, story.source_id) == [(1, 0), (2, 1), (3, 0)]


def spaced(page: Any, _: str) -> Any:
    body = re.sub(rb"<p([^>]*)>", rb"<p\1>\n\n   ", page.body).replace(b"</p>", b" \t</p>\n")
    return dataclasses.replace(page, body=body, etag=None, last_modified=None)


def advertised(page: Any, _: str) -> Any:
    advertisement = (
        b'<div class="ad-banner"><a href="https://ads.example/?n=2"><img src="https://ads.example/'
        b'2.gif" alt="Cheap flights"></a><script>show(2)</script></div>'
    )
    body = page.body.replace(b"<body>", b"<body>" + advertisement)
    body = body.replace(b"</body>", advertisement + b"</body>")
    return dataclasses.replace(page, body=body, etag=None, last_modified=None)


@pytest.mark.parametrize("change", [spaced, advertised])
def test_white_space_and_advertisements_are_no_revision(
    look: Callable[[], Done], small: Any, replica: Any, change: Any
) -> None:
    small.fault(re.compile(r"\d\.html"), replica.Fault("changed", page=change))

    done = look()

    assert (done.stderr, done.status) == ("", 0)
    # The bytes were others: all were read.
    assert last_counts(done, "fetched", "changed", "new", "unchanged") == (12, 0, 0, 12)
    assert done.value("SELECT count(*) FROM revisions") == 12


def test_other_related_and_most_viewed_stories_are_no_revision(
    look: Callable[[], Done], small: Any
) -> None:
    some = small.newspaper.stories()
    ids = tuple(story.source_id for story in some)
    for story in some:
        small.newspaper.change(
            story.source_id, related=tuple(i for i in ids[:4] if i != story.source_id)
        )
    small.newspaper.rank(*ids[6:10])

    done = look()

    assert (done.stderr, done.status) == ("", 0)
    assert last_counts(done, "fetched", "changed", "new") == (12, 0, 0)
    assert done.value("SELECT count(*) FROM revisions") == 12
    ranked = done.column(
        "SELECT source_id FROM most_viewed WHERE seen_at = (SELECT max(seen_at) FROM most_viewed)"
        " ORDER BY position"
    )
    assert ranked == list(ids[6:10])


def test_an_unchanged_article_is_no_revision_and_was_seen_again(look: Callable[[], Done]) -> None:
    done = look()

    assert (done.stderr, done.status) == ("", 0)
    assert last_counts(done, "changed", "updated", "unchanged", "new") == (0, 0, 0, 0)
    assert last_counts(done, "fetched") == (0,)
    assert done.value("SELECT count(*) FROM revisions") == 12
    assert done.value("SELECT count(*) FROM articles WHERE last_seen_at > first_seen_at") == 12


class TestAnArticleThatIsGone:
    @pytest.mark.parametrize("status", [404, 410])
    def test_is_kept_and_marked_and_is_live_again_when_it_comes_back(
        self, look: Callable[[], Done], small: Any, replica: Any, status: int
    ) -> None:
        story = small.newspaper.stories()[0]
        small.fault(story.path, replica.Fault.status(status))
        of = f"FROM articles WHERE source_id = {story.source_id}"

        gone = look()

        assert (gone.stderr, gone.status) == ("", 0)
        ((since, headline),) = gone.rows(f"SELECT gone_at, headline {of}")
        assert since is not None
        assert headline == story.headline
        assert last_counts(gone, "gone", "failed") == (1, 0)
        assert gone.rows("SELECT code, resolved_at FROM problems") == [(f"http_{status}", None)]
        assert look().column(f"SELECT gone_at {of}") == [since]

        small.heal()
        back = look()

        assert (back.stderr, back.status) == ("", 0)
        assert back.rows(f"SELECT gone_at, headline {of}") == [(None, story.headline)]
        # The site said no more than that it is as it was.
        assert last_counts(back, "fetched", "new", "changed") == (0, 0, 0)
        assert revisions(back, story.source_id) == [(1, 0)]
        assert back.value("SELECT count(*) FROM problems WHERE resolved_at IS NULL") == 0

    def test_that_comes_back_with_other_words_is_live_and_revised(
        self, look: Callable[[], Done], small: Any, replica: Any
    ) -> None:
        story = small.newspaper.stories()[0]
        small.fault(story.path, replica.Fault.status(404))
        look()
        small.heal()
        small.newspaper.change(story.source_id, headline="Corrected: another headline")

        back = look()

        assert (back.stderr, back.status) == ("", 0)
        assert back.rows(
            f"SELECT gone_at, headline FROM articles WHERE source_id = {story.source_id}"
        ) == [(None, "Corrected: another headline")]
        assert revisions(back, story.source_id) == [(1, 0), (2, 1)]


@pytest.mark.parametrize("target", ["front", "another article", "another section's name"])
def test_a_redirect_to_another_page_is_no_article_and_no_revision(
    look: Callable[[], Done], small: Any, replica: Any, target: str
) -> None:
    story, other, *_ = small.newspaper.stories()
    renamed = story.path.replace(story.section, "e_renamed")
    to = {"front": "/", "another article": other.path, "another section's name": renamed}[target]
    small.fault(story.path, replica.Fault.redirect(to, status=301))

    done = look()

    assert (done.stderr, done.status) == ("", 0)
    assert done.value("SELECT count(*) FROM revisions") == len(done.ids) == 12
    state = f"SELECT headline, gone_at FROM articles WHERE source_id = {story.source_id}"
    assert done.rows(state) == [(story.headline, None)]
    if target == "another section's name":
        # The same article: the redirect is followed.
        assert done.problems == set()
        assert last_counts(done, "failed") == (0,)
    else:
        assert done.problems == {("fetch", "redirected")}
        assert last_counts(done, "failed", "gone") == (1, 0)
        assert done.value(f"SELECT failures FROM pages WHERE source_id = {story.source_id}") == 1
