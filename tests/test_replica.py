"""The replica keeps its word: it serves what it says, fails as told, and leaves nothing behind."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import sys
import threading
import time
from importlib import util
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests.waiting import HANGS

if TYPE_CHECKING:
    from collections.abc import Iterator


def _load() -> Any:
    """Return the package; importlib mode puts no folder on the path."""
    name = "tests_replica"
    if name not in sys.modules:
        folder = Path(__file__).parent / "replica"
        spec = util.spec_from_file_location(
            name, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = module = util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


replica = _load()
Fault, Newspaper, Replica = replica.Fault, replica.Newspaper, replica.Replica

ARTICLE = "/arti/english_edition/e_northkorea/"
LIST = "/arti/english_edition/e_national"


class Answer:
    """A response, read to its end."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def text(self) -> str:
        return self.body.decode()


def get(site: Any, path: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=HANGS)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=sent)
        return Answer(connection.getresponse())
    finally:
        connection.close()


@pytest.fixture(scope="module")
def paper() -> Any:
    return Newspaper.standard()


@pytest.fixture(scope="module")
def running(paper: Any) -> Iterator[Any]:
    with Replica(paper, lists="both") as site:
        yield site


@pytest.fixture
def site(running: Any) -> Iterator[Any]:
    running.clear()
    yield running
    running.heal()


@pytest.fixture
def story(paper: Any) -> Any:
    return next(s for s in paper.stories() if s.template == "english-2018" and not s.photo)


# What is served.


def test_every_article_is_served_and_prints_what_it_means(site: Any, paper: Any) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=HANGS)
    for story in paper:
        connection.request("GET", story.path)
        answer = Answer(connection.getresponse())
        assert answer.status == 200, story.path
        words = re.sub(r"<[^>]+>", "", answer.text).replace("&amp;", "&")
        for text in (story.headline, story.deck, story.byline, story.contact):
            assert text is None or text in words, (story.path, text)
        for paragraph in story.paragraphs:
            assert paragraph in words, (story.path, paragraph)
    connection.close()
    assert len(site.requests) == len(paper)


def test_an_english_page_weighs_what_a_real_one_weighs(site: Any, paper: Any) -> None:
    for template in ("english-2018", "unseen-a", "unseen-b", "unseen-c", "english-next"):
        story = next(s for s in paper if s.template == template)
        body = get(site, story.path).text
        assert 55_000 < len(body.encode()) < 80_000
        assert 700 < len(re.findall(r"<[a-zA-Z]", body)) < 1000


def test_a_caption_stands_twice_and_the_landmarks_stand_in_words(site: Any, paper: Any) -> None:
    for template in ("english-2018", "unseen-a", "unseen-b", "unseen-c"):
        story = next(
            s for s in paper if s.template == template and s.pictures and s.original and s.byline
        )
        body = get(site, story.path).text
        assert body.count(story.pictures[0].caption.replace("&", "&amp;")) >= 2
        for words in (
            "Posted on", "Related stories", "Most viewed articles", "[english@hani.co.kr]",
            "button that move to original korean article (클릭시 원문으로 이동하는 버튼)",
        ):  # fmt: skip
            assert words in body


def test_the_english_feed_has_thirty_items_on_www_and_no_dates(site: Any, paper: Any) -> None:
    text = get(site, "/rss/english_edition").text
    links = re.findall(r"<link>(.+?/arti/.+?)</link>", text)
    assert links == [f"https://www.hani.co.kr{s.path}" for s in paper.stories()[:30]]
    assert "pubDate" not in text
    assert "dc:date" not in text


def test_rss_alone_is_the_korean_feed(site: Any) -> None:
    text = get(site, "/rss").text
    assert "english_edition" not in text
    assert "<guid" in text
    assert get(site, "/rss/").status == 308


def test_the_front_follows_the_host(site: Any) -> None:
    assert 'lang="en"' in get(site, "/").text
    assert 'lang="en"' in get(site, "/", Host="english.hani.co.kr").text
    assert 'lang="ko"' in get(site, "/", Host="www.hani.co.kr").text


@pytest.mark.parametrize(
    "path",
    [f"{LIST}", f"{LIST}/", f"{LIST}/list1.html", f"{LIST}?page=1", "/robots.txt", "/arti/society",
     "/arti/society/list1.html", "/arti/society?page=1", "/arti/english_edition",
     "/arti/culture/16942.html", "/arti/PRINT/867000.html"],
)  # fmt: skip
def test_the_other_addresses_are_served(site: Any, path: str) -> None:
    assert get(site, path).status == 200


def test_what_does_not_exist_is_404(site: Any) -> None:
    assert get(site, "/arti/english_edition/e_nothing").status == 404
    assert get(site, "/arti/english_edition/e_nothing/list1.html").status == 404
    assert get(site, "/arti/english_edition/e_national/99.html").status == 404
    assert get(site, f"{LIST}/list99.html").status == 404
    assert get(site, "/nothing").status == 404


def test_a_next_list_past_its_end_is_empty(site: Any) -> None:
    assert "ArticleList_item" in get(site, f"{LIST}?page=1").text
    beyond = get(site, f"{LIST}?page=99")
    assert beyond.status == 200
    assert "ArticleList_item" not in beyond.text


def test_lists_go_through_all_stories_of_a_section(paper: Any) -> None:
    stories = {s.path for s in paper.stories("en", "e_national")}
    for form, pattern, row in (
        ("next", f"{LIST}?page={{}}", r'BaseArticleCard_link\S+" href="(.+?)"'),
        ("numbered", f"{LIST}/list{{}}.html", r'list-group-item"><a href="(.+?)"'),
    ):
        with Replica(paper, lists=form) as site:
            found: list[str] = []
            for number in range(1, 9):
                found += re.findall(row, get(site, pattern.format(number)).text)
            assert len(found) == len(stories)
            assert set(found) == stories


def test_a_site_speaks_only_the_list_form_it_was_told(paper: Any) -> None:
    with Replica(paper, lists="next") as site:
        assert get(site, f"{LIST}/list1.html").status == 404
    with Replica(paper, lists="numbered") as site:
        assert get(site, f"{LIST}?page=2").text == get(site, LIST).text


def test_the_props_of_a_next_list_date_its_stories(site: Any) -> None:
    text = get(site, f"{LIST}?page=1").text
    found = re.search(r'__NEXT_DATA__" type="application/json">(.+?)</script>', text)
    assert found is not None
    articles = json.loads(found[1])["props"]["pageProps"]["listData"]["articleList"]
    assert all(re.match(r"\d{4}-\d\d-\d\dT", a["createDate"]) for a in articles)


# The newspaper.


def test_two_thousand_articles_are_two_thousand(paper: Any) -> None:
    many = Newspaper.generate(2000)
    stories = many.stories()
    assert len({s.source_id for s in stories}) == 2000
    assert len({(s.headline, s.paragraphs) for s in stories}) == 2000
    assert max(s.posted for s in stories).year <= 2026
    assert len({s.source_id for s in paper}) == len(paper)


def test_the_same_newspaper_is_written_twice(paper: Any) -> None:
    assert list(Newspaper.standard()) == list(paper)


def test_every_seventh_section_is_in_nobodys_list(paper: Any) -> None:
    assert paper.stories("en", "e_culture")


def test_a_change_is_served_at_once_with_new_validators() -> None:
    paper = Newspaper.standard()
    story = paper.stories()[0]
    with Replica(paper) as site:
        before = get(site, story.path)
        paper.change(story.source_id, headline="Changed words")
        after = get(site, story.path, If_None_Match=before.headers["ETag"])
        assert after.status == 200
        assert "Changed words" in after.text
        assert after.headers["Last-Modified"] != before.headers["Last-Modified"]
        paper.remove(story.source_id)
        assert get(site, story.path).status == 404
        fresh = paper.publish(2)
        assert fresh[1].path in get(site, "/rss/english_edition").text


# The protocol.


def test_validators_give_304(site: Any, story: Any) -> None:
    for path in (story.path, "/rss/english_edition", "/", f"{LIST}?page=1", "/robots.txt"):
        first = get(site, path)
        again = get(site, path, If_None_Match=first.headers["ETag"])
        assert (again.status, again.body) == (304, b"")
        assert get(site, path, If_None_Match='"other"').status == 200
    first = get(site, story.path)
    since = first.headers["Last-Modified"]
    assert get(site, story.path, If_Modified_Since=since).status == 304
    assert get(site, story.path, If_None_Match='"x"', If_Modified_Since=since).status == 200


def test_validators_can_be_off(paper: Any, story: Any) -> None:
    with Replica(paper, validators=False) as site:
        answer = get(site, story.path, If_None_Match="*")
        assert answer.status == 200
        assert answer.headers["ETag"] is None


def test_gzip_is_sent_to_who_accepts_it(paper: Any, story: Any) -> None:
    with Replica(paper, compress=True) as site:
        plain = get(site, story.path)
        packed = get(site, story.path, Accept_Encoding="gzip, br")
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.body) == plain.body
        assert plain.headers["Content-Encoding"] is None


def test_head_has_no_body_and_post_is_refused(site: Any, story: Any) -> None:
    answer = get(site, story.path, "HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 50_000
    assert get(site, story.path, "POST").status == 405


def test_requests_are_remembered_with_their_headers(site: Any, story: Any) -> None:
    get(site, f"{story.path}?_fr=mt1", User_Agent="reader/1.0")
    (seen,) = site.requests
    assert (seen.method, seen.path) == ("GET", f"{story.path}?_fr=mt1")
    assert seen.headers["user-agent"] == "reader/1.0"
    site.clear()
    assert site.paths == []


def test_stopping_leaves_no_thread_and_no_open_connection(paper: Any, story: Any) -> None:
    before = threading.active_count()
    site = Replica(paper)
    site.start()
    site.fault(story.path, Fault.slow(60))
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=HANGS)
    connection.request("GET", story.path)
    while not site.requests:
        time.sleep(0.01)
    begun = time.monotonic()
    site.stop()
    assert time.monotonic() - begun < 30
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        connection.getresponse()
    connection.close()
    assert threading.active_count() == before


def test_a_taken_port_is_an_error(site: Any, paper: Any) -> None:
    with pytest.raises(OSError, match="address already in use"):
        Replica(paper, port=site.port).start()


# Faults.


def test_a_fault_strikes_where_and_as_often_as_told(site: Any, story: Any) -> None:
    site.fault(story.path, Fault.status(503, retry_after=7), times=2)
    answers = [get(site, story.path) for _ in range(3)]
    assert [a.status for a in answers] == [503, 503, 200]
    assert answers[0].headers["Retry-After"] == "7"
    site.fault(re.compile(r"/list\d+\.html"), Fault.status(410))
    assert get(site, f"{LIST}/list1.html").status == 410
    assert get(site, LIST).status == 200
    site.heal()
    assert get(site, f"{LIST}/list1.html").status == 200


def test_a_share_of_the_requests_is_struck(site: Any, story: Any) -> None:
    site.fault(story.path, Fault.status(500), share=0.3)
    failed = sum(get(site, story.path, "HEAD").status == 500 for _ in range(100))
    assert 15 < failed < 45


def test_the_rate_limit_counts_and_forgets(
    site: Any, story: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [time.monotonic()]
    monkeypatch.setattr(replica.server, "time", SimpleNamespace(monotonic=lambda: now[0]))
    site.fault(re.compile("/arti/"), Fault.rate_limit(2, seconds=0.3, retry_after=1))
    answers = [get(site, story.path, "HEAD") for _ in range(3)]
    assert [a.status for a in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "1"
    now[0] += 0.35
    assert get(site, story.path, "HEAD").status == 200


def test_slow_is_slow(site: Any, story: Any) -> None:
    site.fault(story.path, Fault.slow(0.2))
    begun = time.monotonic()
    get(site, story.path)
    assert time.monotonic() - begun >= 0.2
    site.heal()
    site.fault(story.path, Fault.slow(0.2, drip=True))
    begun = time.monotonic()
    assert get(site, story.path).text.endswith("</html>\n")
    assert time.monotonic() - begun >= 0.2


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.truncated(), http.client.IncompleteRead),
        (Fault.wrong_length(2.0), http.client.IncompleteRead),
        (Fault.reset(), ConnectionResetError),
        (Fault.no_answer(), http.client.RemoteDisconnected),
        (Fault.garbage(), http.client.BadStatusLine),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_broken_connections(site: Any, story: Any, fault: Any, error: type[Exception]) -> None:
    site.fault(story.path, fault)
    with pytest.raises(error):
        get(site, story.path)


def test_redirects(site: Any, story: Any) -> None:
    site.fault(story.path, Fault.redirect("/"))
    answer = get(site, story.path)
    assert (answer.status, answer.headers["Location"]) == (302, "/")
    site.heal()
    site.fault(story.path, Fault.endless_redirect())
    path = story.path
    for turn in range(1, 5):
        path = get(site, path).headers["Location"]
        assert path == f"{story.path}?turn={turn}"


def test_wrong_charsets(site: Any, story: Any) -> None:
    for kind, codec in (("cp949", "cp949"), ("latin-1", "cp1252"), ("utf-16", "utf-16")):
        site.heal()
        site.fault(story.path, Fault.wrong_charset(kind))
        answer = get(site, story.path)
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "Posted on" in answer.body.decode(codec)
        with pytest.raises(UnicodeDecodeError):
            answer.body.decode()
    site.heal()
    site.fault(story.path, Fault.wrong_charset("utf-8"))
    answer = get(site, story.path)
    assert answer.headers["Content-Type"] == "text/html; charset=euc-kr"
    assert 'charset="euc-kr"' in answer.text
    site.heal()
    site.fault(story.path, Fault.mojibake())
    assert "í´ë¦­" in get(site, story.path).text or "â€" in get(site, story.path).text


def test_bodies_that_are_no_pages(site: Any, story: Any) -> None:
    def body(fault: Any) -> Answer:
        site.heal()
        site.fault(story.path, fault)
        return get(site, story.path)

    whole = len(get(site, story.path).body)
    assert body(Fault.empty()).body == b""
    assert body(Fault.not_html()).body.startswith(b"\xff\xd8")
    assert body(Fault.not_html("application/pdf")).headers["Content-Type"] == "application/pdf"
    assert json.loads(body(Fault.not_html("application/json")).body)["code"]
    assert len(body(Fault.cut_html(0.5)).body) == whole // 2
    assert len(body(Fault.wrong_length(0.5)).body) == whole // 2
    assert body(Fault.deep()).body.count(b"<div>") == 100_000
    assert len(body(Fault.huge(3)).body) > 3_000_000
    bomb = body(Fault.gzip_bomb(20))
    assert len(bomb.body) < 50_000
    assert len(gzip.decompress(bomb.body)) > 20_000_000
    with pytest.raises(EOFError):
        gzip.decompress(body(Fault.broken_gzip()).body)


def test_a_feed_that_is_a_page(site: Any) -> None:
    site.fault("/rss/english_edition", Fault.feed_is_html())
    answer = get(site, "/rss/english_edition")
    assert answer.status == 200
    assert answer.text.startswith("<!DOCTYPE html>")


def test_lists_that_repeat_or_never_end(site: Any) -> None:
    first = get(site, f"{LIST}?page=1").text
    site.fault(re.compile(f"{LIST}\\?page="), Fault.list_repeats())
    assert get(site, f"{LIST}?page=7").text == first
    site.heal()
    site.fault(re.compile(LIST), Fault.endless_lists())
    assert "ArticleList_item" in get(site, f"{LIST}?page=5000").text
    assert get(site, f"{LIST}/list5000.html").status == 200


def test_articles_that_lack_a_part_or_say_the_impossible(site: Any, story: Any) -> None:
    def body(fault: Any) -> str:
        site.heal()
        site.fault(story.path, fault)
        return get(site, story.path).text

    assert '<h2 id="titleapp"><div></div></h2>' in body(Fault.without("headline"))
    assert "Posted on : <" in body(Fault.without("date"))
    assert story.paragraphs[0] not in body(Fault.without("body"))
    assert "Posted on : Dec.31,2199 23:59 KST" in body(Fault.future_date())
    assert "Posted on : Jan.1,1970 09:00 KST" in body(Fault.ancient_date())
    assert "Modified on : " in body(Fault.modified_before_posted())
    assert "\0" in body(Fault.nul_bytes())
    assert "&#xD800;" in body(Fault.lone_surrogate())
    assert "&lt;script&gt;alert(1)" in body(Fault.script_headline())
    assert "Long " * 1900 in body(Fault.long_headline())
    assert "정미소의 겨울" in body(Fault.wrong_language())
