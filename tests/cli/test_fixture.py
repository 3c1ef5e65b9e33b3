"""A page that an archive keeps becomes a case, which the parser's own tests take."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from hanicrawler.cli import fixture_case, main
from hanicrawler.cli.fixture_case import Case, SavedPage, make_case, write_case
from hanicrawler.cli.fixture_pages import PageLost, choose
from hanicrawler.items import Problem
from hanicrawler.storage import KeptCapture
from tests.pages import test_cases, test_meaning
from tests.replay.warcs import NOON, Answer, page, write
from tests.replica import Fault, Newspaper, Replica, Story
from tests.replica.templates import render
from tests.waiting import HANGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Ran, Record, Run

HOUR = timedelta(hours=1)
URL = "https://english.hani.co.kr/arti/english_edition/e_national/{}.html"


class NoSubtests:
    """In place of pytest's subtests: the first failure is raised."""

    def test(self, name: str) -> Any:
        return nullcontext()


@dataclass(frozen=True)
class Crawled:
    """Two crawls of an invented newspaper, with their archive."""

    folder: Path
    site: str
    changed: Story
    """Between the two."""
    undated: Story

    def __call__(self, *arguments: str) -> Ran:
        from tests.cli.conftest import Ran

        chosen = {
            "HANICRAWLER_DATABASE": str(self.folder / "hanicrawler.db"),
            "HANICRAWLER_SITE": self.site,
            "COLUMNS": "200",
        }
        result = CliRunner().invoke(main, ["fixture", *arguments], env=chosen)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("crawled")
    paper = Newspaper.generate(8, template="english-next")
    changed, undated = [story for story in paper if not story.photo][:2]
    with Replica(paper) as site:
        site.fault(re.compile(str(undated.source_id)), Fault.without("date"))
        for _ in range(2):
            kept = {k: v for k, v in os.environ.items() if not k.startswith("HANICRAWLER_")}
            done = subprocess.run(
                [sys.executable, "-m", "scrapy", "crawl", "hani", "-a", f"urls={_urls(paper)}"],
                cwd=folder,
                env={
                    **kept,
                    "SCRAPY_SETTINGS_MODULE": "hanicrawler.settings",
                    "HANICRAWLER_SITE": site.url,
                },
                capture_output=True,
                text=True,
                timeout=HANGS,
                check=False,
            )
            assert done.returncode in (0, 1), done.stderr
            paper.change(changed.source_id, headline="A headline that was mended")
        yield Crawled(folder, site.url, changed, undated)


def _urls(paper: Newspaper) -> str:
    return ",".join(story.url for story in paper)


def checked(folder: Path) -> None:
    """Hold a case to what the tests of frozen pages hold theirs to."""
    subtests: Any = NoSubtests()
    if "error" in json.loads((folder / "expected.json").read_text("utf-8")):
        test_cases.test_a_page_that_is_no_whole_article_is_refused_with_its_reason(folder)
        return
    test_cases.test_every_field_of_a_saved_page_is_as_a_person_read_it(folder, subtests)
    test_cases.test_every_field_records_the_layer_that_gave_it(folder)
    test_meaning.test_every_value_of_a_saved_page_is_what_a_person_says_it_means(folder, subtests)


def rewrite(file: Path, **changes: Any) -> None:
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | changes), "utf-8")


def only(folder: Path) -> Path:
    (found,) = folder.iterdir()
    return found


@pytest.mark.slow
def test_a_crawled_page_becomes_a_case_that_the_tests_of_frozen_pages_take(
    crawled: Crawled, tmp_path: Path
) -> None:
    found = crawled(crawled.changed.url, "--out", str(tmp_path))

    assert (found.status, found.err) == (0, "")
    case = only(tmp_path)
    assert case.name == f"en-{crawled.changed.source_id}-english-next"
    assert {file.name for file in case.iterdir()} == {
        "page.html", "expected.json", "meaning.json", "response.json",
    }  # fmt: skip
    assert crawled.site.encode() not in (case / "page.html").read_bytes()
    checked(case)
    assert "A headline that was mended" in found.out
    assert "put invented ones in their place" in found.out
    assert f"pytest tests/pages -k {case.name}" in found.out

    rewrite(case / "expected.json", deck="Another deck")
    with pytest.raises(AssertionError, match="Another deck"):
        checked(case)


@pytest.mark.slow
def test_the_captures_are_listed_and_any_of_them_can_be_had(
    crawled: Crawled, tmp_path: Path
) -> None:
    newer, older = json.loads(crawled(crawled.changed.url, "--list", "--json").out)["captures"]
    assert [newer["gave"], older["gave"]] == ["article", "article"]
    assert newer["file"] != older["file"]
    listed = crawled(crawled.changed.url, "--list").out
    assert f"{older['file']}, byte {older['offset']}" in listed

    found = crawled(crawled.changed.url, "--at", older["at"], "--out", str(tmp_path), "--json")

    said = json.loads(found.out)
    assert (said["error"], said["capture"]) == (None, older)
    words = json.loads((Path(said["folder"]) / "expected.json").read_text("utf-8"))
    assert words["headline"] == crawled.changed.headline


@pytest.mark.slow
def test_a_page_that_cannot_be_read_becomes_a_case_of_its_problem(
    crawled: Crawled, tmp_path: Path
) -> None:
    found = crawled(f"en:{crawled.undated.source_id}", "--out", str(tmp_path))

    assert (found.status, found.err) == (0, "")
    case = only(tmp_path)
    assert case.name == f"error-en-{crawled.undated.source_id}-no-date"
    assert "It cannot be read, no_date: " in found.out
    checked(case)
    rewrite(case / "expected.json", error="no_body")
    with pytest.raises(AssertionError, match="no_body"):
        checked(case)


@pytest.mark.slow
def test_an_archive_that_is_gone_is_told(crawled: Crawled, tmp_path: Path) -> None:
    newest = json.loads(crawled(crawled.changed.url, "--list", "--json").out)["captures"][0]
    kept = crawled.folder / "archive" / newest["file"]
    away = kept.rename(kept.with_name("away"))

    found = crawled(crawled.changed.url, "--out", str(tmp_path))
    away.rename(kept)

    assert (found.status, found.out, found.err.count("\n")) == (1, "", 1)
    assert newest["file"] in found.err
    assert list(tmp_path.iterdir()) == []


def test_a_capture_without_its_page_is_passed_over_and_never_chosen() -> None:
    same = KeptCapture(at=NOON + HOUR, status=200, gave="same")
    gone = KeptCapture(at=NOON + 2 * HOUR, status=404, gave="nothing")
    page = KeptCapture(at=NOON, status=200, gave="article")
    found = [gone, same, page]

    assert choose(found, None) is choose(found, "2026-03-01T12") is page
    for time, words in (
        ("2026-03-01T13", "says that the page was as before"),
        ("2026-03-01T14", "its status is 404"),
        ("2026-03-02", "no capture of 2026-03-02"),
    ):
        with pytest.raises(PageLost, match=words):
            choose(found, time)


def test_anybodys_archive_will_do_without_a_database(run: Run, tmp_path: Path, file: Path) -> None:
    file.unlink()
    paper = Newspaper.generate(3, template="english-2018")
    answers = [page(story, paper, at=NOON) for story in paper]
    archive = write(tmp_path / "x.warc.gz", answers)
    out = tmp_path / "cases"
    out.mkdir()

    found = run("fixture", answers[1].url, "--file", str(archive), "--out", str(out))

    assert (found.status, found.err) == (0, "")
    assert (only(out) / "page.html").read_bytes() == answers[1].body
    checked(only(out))
    assert not file.exists()
    listed = run("fixture", answers[1].url, "--file", str(archive), "--list", "--json").json
    assert [each["gave"] for each in listed["captures"]] == ["article"]


def test_a_charset_that_only_the_header_tells_reaches_the_case(run: Run, tmp_path: Path) -> None:
    paper = Newspaper.standard()
    story = next(story for story in paper if story.template == "korean-2015")
    text = re.sub(r"<meta[^>]*charset[^>]*>", "", render(story, paper))
    answer = Answer(
        url=page(story, paper).url,
        body=text.encode("cp949", "xmlcharrefreplace"),
        headers={"Content-Type": "text/html; charset=EUC-KR"},
    )
    archive = write(tmp_path / "x.warc.gz", [answer])
    out = tmp_path / "cases"
    out.mkdir()

    found = run("fixture", answer.url, "--file", str(archive), "--out", str(out), "--name", "k")

    assert (found.status, found.err) == (0, "")
    assert json.loads((out / "k" / "expected.json").read_text("utf-8"))["headline"]
    checked(out / "k")
    rewrite(out / "k" / "response.json", content_type=None)
    with pytest.raises(Exception, match="charset"):
        checked(out / "k")


def test_bytes_that_a_problem_keeps_become_a_case(run: Run, record: Record, tmp_path: Path) -> None:
    url, at = URL.format(77), datetime(2026, 3, 1, tzinfo=UTC)
    record.writer.write(
        [Problem(url=url, stage="parse", code="empty", error=f"{url}: e", seen_at=at, body=b" ")]
    )

    found = run("fixture", url, "--out", str(tmp_path), "--name", "empty-page")

    assert (found.status, found.err) == (0, "")
    assert (tmp_path / "empty-page" / "page.html").read_bytes() == b" "
    assert "problem 1" in found.out
    checked(tmp_path / "empty-page")


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    case = Case(name="a", files={"page.html": b"new"})
    for name in ("empty", "full"):
        (tmp_path / name).mkdir()
    (tmp_path / "full" / "page.html").write_bytes(b"old")

    for name in ("empty", "full"):
        with pytest.raises(FileExistsError):
            write_case(case, tmp_path, name)

    assert (tmp_path / "full" / "page.html").read_bytes() == b"old"
    assert list((tmp_path / "empty").iterdir()) == []


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fixture_case.os, "fsync", full)

    with pytest.raises(OSError, match="No space left"):
        write_case(Case(name="a", files={"page.html": b"new"}), tmp_path, "a")

    assert list(tmp_path.iterdir()) == []


def test_a_hostile_page_gives_json_that_hides_nothing() -> None:
    paper = Newspaper.generate(1, template="english-next")
    (story,) = paper
    body = render(story, paper).replace(story.headline, f"{story.headline}\u202e\u200b")
    case = make_case(SavedPage(url=story.url, at=NOON, body=body.encode()))

    written = case.files["expected.json"].decode()
    assert "\u202e" not in written
    assert json.loads(written)["headline"].startswith(story.headline)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["https://example.org/1.html"], "names no article"),
        (["en:1", "--at", "yesterday"], "'yesterday' is no time"),
        (["en:1", "--name", "../x"], "--name ../x"),
        (["en:1", "--list", "--at", "2024"], "--list and --at do not go together"),
        (["12", "--file", "x.warc.gz"], "--file knows no ids"),
        (["en:1", "--file", "missing.warc.gz"], "missing.warc.gz"),
        (["en:1", "--out", "missing"], "missing: no such folder"),
    ],
)
def test_wrong_use_is_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tests/pages/cases").mkdir(parents=True)

    found = run("fixture", *arguments)

    assert (found.status, found.out, found.err.count("\n")) == (2, "", 1)
    assert words in found.err


@pytest.mark.parametrize("name", ["en:1", "1"])
def test_an_article_of_which_nothing_is_kept_is_told(run: Run, tmp_path: Path, name: str) -> None:
    out = tmp_path / "cases"
    out.mkdir()

    found = run("fixture", name, "--out", str(out))

    assert (found.status, found.out, found.err.count("\n")) == (1, "", 1)
    assert list(out.iterdir()) == []
