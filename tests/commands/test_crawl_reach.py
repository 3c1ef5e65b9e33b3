"""What a crawl reads: plain runs, periods, sections, addresses, related stories, originals."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hanicrawler.storage import RunLock, current, database_url

if TYPE_CHECKING:
    from tests.commands.conftest import Crawl

pytestmark = pytest.mark.slow

ARTICLE = re.compile(r"/(\d+)\.html")


def english(site: Any) -> dict[int, Any]:
    return {story.source_id: story for story in site.newspaper.stories()}


def fetched(site: Any) -> list[int]:
    return [
        int(found[1]) for path in site.paths if (found := ARTICLE.search(path.partition("?")[0]))
    ]


def test_a_plain_run_stores_the_newest_and_says_nothing(crawl: Crawl, site: Any) -> None:
    done = crawl(HANICRAWLER_SITE=site.url)

    assert (done.status, done.stdout, done.stderr) == (0, "", "")
    assert done.outcome == "healthy"
    newest = [story.source_id for story in site.newspaper.stories()[:30]]
    assert done.ids >= set(newest)
    assert len(fetched(site)) == len(set(fetched(site)))
    assert all(path.partition("?")[0] != "/rss" for path in site.paths)
    deep = [path for path in site.paths if re.search(r"page=[2-9]|list[2-9]", path)]
    assert deep == []


def test_the_second_run_changes_nothing_and_a_changed_article_makes_a_revision(
    crawl: Crawl, small: Any
) -> None:
    always = {"HANICRAWLER_SITE": small.url, "HANICRAWLER_REVISIT": "9999d:0s"}
    first = crawl(**always)
    tables = ("articles", "revisions", "authors", "bylines", "images", "related_stories")
    before = [first.rows(f"SELECT count(*) FROM {table}") for table in tables]

    again = crawl(**always)
    assert again.status == 0
    assert [again.rows(f"SELECT count(*) FROM {table}") for table in tables] == before

    story = small.newspaper.stories()[0]
    small.newspaper.change(story.source_id, headline="Another headline altogether")
    changed = crawl(**always)
    assert changed.status == 0
    assert changed.rows("SELECT changed, new FROM crawls ORDER BY id DESC LIMIT 1") == [(1, 0)]
    assert (
        changed.value(f"SELECT headline FROM articles WHERE source_id = {story.source_id}")
        == "Another headline altogether"
    )


@pytest.mark.parametrize("form", ["next", "numbered", "both"])
def test_a_period_is_fetched_whole_however_deep_and_nothing_else_is_stored(
    crawl: Crawl, replica: Any, form: str
) -> None:
    newspaper = replica.Newspaper.generate(400, template="english-2018")
    with replica.Replica(newspaper, lists=form) as site:
        stories = newspaper.stories()
        inside = stories[250:290]
        since, until = inside[-1].posted.date(), inside[0].posted.date()

        done = crawl("-a", f"since={since}", "-a", f"until={until}", HANICRAWLER_SITE=site.url)

        assert (done.status, done.stderr) == (0, "")
        expected = {s.source_id for s in stories if since <= s.posted.date() <= until}
        assert done.ids == expected
        assert len(fetched(site)) == len(set(fetched(site)))
        assert len(fetched(site)) < 250


def test_since_alone_reaches_from_today_back(crawl: Crawl, replica: Any) -> None:
    newspaper = replica.Newspaper.generate(200, template="english-next")
    with replica.Replica(newspaper) as site:
        stories = newspaper.stories()
        since = stories[150].posted.date()

        done = crawl("-a", f"since={since}", HANICRAWLER_SITE=site.url)

        assert (done.status, done.stderr) == (0, "")
        assert done.ids == {s.source_id for s in stories if s.posted.date() >= since}


def test_only_the_sections_asked_for_are_read_and_stored(crawl: Crawl, site: Any) -> None:
    done = crawl("-a", "sections=e_business,e_national", HANICRAWLER_SITE=site.url)

    assert (done.status, done.stderr) == (0, "")
    assert set(done.column("SELECT section FROM articles")) == {"e_business", "e_national"}
    assert "/rss/english_edition" not in site.paths


def test_a_section_the_site_does_not_have_is_said_and_the_others_are_read(
    crawl: Crawl, site: Any
) -> None:
    done = crawl("-a", "sections=e_nosuch,e_business", HANICRAWLER_SITE=site.url)

    assert done.status == 1
    assert re.fullmatch(r"scrapy crawl hani: [^\n]*e_nosuch[^\n]*\n", done.stderr)
    assert set(done.column("SELECT section FROM articles")) == {"e_business"}


def test_a_section_without_a_front_is_read_from_its_lists(
    crawl: Crawl, site: Any, replica: Any
) -> None:
    site.fault(re.compile("/english_edition/[a-z_]+$"), replica.Fault.status(404))

    done = crawl("-a", "sections=e_business", HANICRAWLER_SITE=site.url)

    assert (done.status, done.stderr, done.problems) == (0, "", set())
    assert set(done.column("SELECT section FROM articles")) == {"e_business"}


def test_a_section_with_a_front_and_no_lists_is_no_problem_unless_walked_through(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    small.fault(re.compile(r"page=|/list\d"), replica.Fault.status(404))

    plain = crawl(HANICRAWLER_SITE=small.url)
    assert (plain.status, plain.stderr, plain.problems) == (0, "", set())

    walked = crawl("-a", "since=1999-01-01", HANICRAWLER_SITE=small.url)
    assert walked.problems == {("fetch", "http_404")}


def test_a_front_that_names_sections_and_no_story_is_gone_through(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    import dataclasses

    sections = {story.section for story in small.newspaper.stories()}
    menu = "".join(f'<a href="/arti/english_edition/{code}">{code}</a>' for code in sections)

    def only_menu(page: Any, _: str) -> Any:
        return dataclasses.replace(page, body=f"<nav>{menu}</nav>".encode(), etag=None)

    small.fault("/", replica.Fault("only_menu", page=only_menu))
    small.fault("/rss/english_edition", replica.Fault.status(404))

    done = crawl(HANICRAWLER_SITE=small.url)

    assert (done.status, done.stderr) == (0, "")
    assert len(done.ids) == 12


def test_urls_are_just_these_whatever_alias_names_them(crawl: Crawl, site: Any) -> None:
    one, two, *_ = site.newspaper.stories()
    korean = next(story for story in site.newspaper if story.edition == "ko")
    urls = ",".join(
        [
            f"http://m.hani.co.kr{one.path}?_fr=mt1#cb",
            one.url,
            f"{site.url}{two.path}",
            korean.url,
        ]
    )

    done = crawl("-a", f"urls={urls}", HANICRAWLER_SITE=site.url)

    assert (done.status, done.stderr) == (0, "")
    assert done.ids == {one.source_id, two.source_id}
    assert done.column("SELECT source_id FROM articles WHERE edition = 'ko'") == [korean.source_id]
    assert len(fetched(site)) == 3


def test_an_address_asked_for_that_is_gone_is_unhealthy(crawl: Crawl, small: Any) -> None:
    one = small.newspaper.stories()[0]
    gone = "https://english.hani.co.kr/arti/english_edition/e_national/999999999.html"

    done = crawl("-a", f"urls={one.url},{gone}", HANICRAWLER_SITE=small.url)

    assert done.status == 1
    assert done.ids == {one.source_id}
    assert done.problems == {("fetch", "http_404")}
    assert done.value("SELECT status FROM pages WHERE url LIKE '%999999999%'") == 404


def test_related_stories_are_followed_as_far_as_asked(crawl: Crawl, replica: Any) -> None:
    newspaper = replica.Newspaper.generate(300, template="english-next")
    with replica.Replica(newspaper) as site:
        start = newspaper.stories()[200]

        def reach(depth: int) -> set[int]:
            found, frontier = {start.source_id}, {start.source_id}
            ranked = {story.source_id for story in newspaper.most_viewed()}
            for _ in range(depth):
                frontier = {
                    story.source_id
                    for number in frontier
                    for story in newspaper.related(newspaper.story(number))
                } | ranked
                found |= frontier
            return found

        stored: dict[int, set[int]] = {}
        for depth in (0, 1, 2):
            done = crawl(
                "-a",
                f"urls={start.url}",
                "-a",
                f"related_depth={depth}",
                HANICRAWLER_SITE=site.url,
                HANICRAWLER_DATABASE=f"depth{depth}.db",
            )
            assert (done.status, done.stderr) == (0, "")
            database = done.database.with_name(f"depth{depth}.db")
            stored[depth] = type(done)(0, "", "", database).ids

        assert stored == {depth: reach(depth) for depth in (0, 1, 2)}


def test_the_korean_originals_come_when_asked_for(crawl: Crawl, site: Any) -> None:
    plain = crawl(HANICRAWLER_SITE=site.url)
    assert plain.value("SELECT count(*) FROM articles WHERE edition = 'ko'") == 0

    done = crawl("-a", "originals=1", HANICRAWLER_SITE=site.url)
    originals = done.rows(
        "SELECT count(*) FROM articles e JOIN articles k"
        " ON k.edition = 'ko' AND k.source_id = e.original_source_id WHERE e.edition = 'en'"
    )
    korean = done.value("SELECT count(*) FROM articles WHERE edition = 'ko'")
    assert korean > 5
    assert originals == [(korean,)]


def test_a_korean_section_may_be_asked_for(crawl: Crawl, site: Any) -> None:
    korean = next(story for story in site.newspaper if story.edition == "ko")

    done = crawl("-a", f"sections=ko:{korean.section}", HANICRAWLER_SITE=site.url)

    assert (done.status, done.stderr) == (0, "")
    assert set(done.column("SELECT DISTINCT edition FROM articles")) == {"ko"}


def test_an_article_is_fetched_once_however_many_lists_name_it(crawl: Crawl, site: Any) -> None:
    stories = site.newspaper.stories()
    day = stories[10].posted.date()

    crawl("-a", f"since={day}", HANICRAWLER_SITE=site.url)

    numbers = fetched(site)
    assert len(numbers) == len(set(numbers))


def test_of_two_crawls_that_start_at_once_one_crawls(crawl: Crawl, small: Any) -> None:
    running = [crawl.start(HANICRAWLER_SITE=small.url) for _ in range(2)]

    ends = [crawl.end(process) for process in running]

    # The other finds it at work, or, where it is slow to start, finds it done.
    refused = [done for done in ends if done.status == 75]
    assert sorted(done.status for done in ends) in ([0, 75], [0, 0])
    for done in refused:
        assert re.fullmatch(r"scrapy crawl hani: another run [^\n]+\n", done.stderr)
    outcomes = ends[0].column("SELECT outcome FROM crawls")
    assert outcomes == ["healthy"] * (2 - len(refused))
    assert len(ends[0].ids) == 12


def test_a_run_beside_another_ends_with_status_75_and_writes_nothing(
    crawl: Crawl, small: Any, database: str
) -> None:
    url = database_url(database)
    lock = RunLock.take(url)

    done = crawl(HANICRAWLER_SITE=small.url, HANICRAWLER_DATABASE=database)

    lock.release()
    assert (done.status, done.stdout) == (75, "")
    assert re.fullmatch(r"scrapy crawl hani: another run is at work in [^\n]+\n", done.stderr)
    assert str(os.getpid()) in done.stderr
    assert small.paths == []
    if url.get_backend_name() == "sqlite":
        assert not Path(str(url.database)).exists()
    else:
        assert current(url) is None


def test_a_section_that_has_nothing_yet_is_no_problem(crawl: Crawl, replica: Any) -> None:
    stories = [
        story
        for story in replica.Newspaper.generate(60, template="english-2018")
        if story.section == "e_national"
    ]
    with replica.Replica(replica.Newspaper(stories), lists="numbered") as site:
        plain = crawl(HANICRAWLER_SITE=site.url)
        assert (plain.status, plain.stderr, plain.problems) == (0, "", set())

        since = min(story.posted for story in stories).date()
        walked = crawl("-a", f"since={since}", HANICRAWLER_SITE=site.url)
        assert (walked.status, walked.stderr, walked.problems) == (0, "", set())
        assert walked.ids == {story.source_id for story in stories}
