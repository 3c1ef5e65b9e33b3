"""Archives read into a database: whole, in any order, again, interrupted, by a better parser."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hanicrawler.archives.files import claim
from hanicrawler.replay import reading, runs
from hanicrawler.replay.runs import Hearer
from hanicrawler.storage import (
    Change,
    Difference,
    RunLock,
    RunLocked,
    database_url,
    end_killed,
    freshness,
    open_database,
    recent_coverage,
    recent_runs,
)
from tests.replay.conftest import COUNT, OURS, Reads
from tests.replay.warcs import Answer, pages, write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hanicrawler.items import Article
    from hanicrawler.storage import Unfinished


class Heard(Hearer):
    """Remembers what it hears, and may end the run."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.resumed: Unfinished | None = None
        self.differences: list[Difference] = []
        self.warnings: list[str] = []
        self._stop_at = stop_at

    def began(self, resumed: Unfinished | None) -> None:
        self.resumed = resumed

    def done(self, bytes_read: int, counts: Mapping[str, int]) -> None:
        if self._stop_at is not None and counts["captures"] >= self._stop_at:
            raise KeyboardInterrupt

    def differ(self, differences: Sequence[Difference]) -> None:
        self.differences += differences

    def warn(self, words: str) -> None:
        self.warnings.append(words)


def worse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let articles be read without who wrote them, as an earlier parser did."""
    better = reading.normalise

    def read(*args: Any, **more: Any) -> Article:
        article = better(*args, **more)
        return replace(
            article, authors=(), byline=None, content_hash=f"{article.content_hash[:-4]}0000"
        )

    monkeypatch.setattr(reading, "normalise", read)


def test_every_article_of_an_archive_is_stored_as_of_its_time(reads: Reads, archive: Path) -> None:
    done = reads(archive)

    assert (done.outcome, done.progress.counts["new"]) == ("done", COUNT)
    articles = reads.rows("articles")
    assert len(articles) == COUNT
    answers = {answer.url: answer for answer in pages(COUNT)}
    for article in articles:
        at = answers[article["url"]].at
        assert (article["first_seen_at"], article["captured_at"]) == (at, at)
    (run,) = reads.rows("crawls")
    assert (run["spider"], run["outcome"], run["new"]) == ("import", "done", COUNT)
    assert {row["file"].rpartition("/")[2]: row["at_end"] for row in reads.rows("readings")} == {
        "a.warc.gz": True,
        "b.warc.gz": True,
    }


def test_a_second_import_changes_nothing(reads: Reads, archive: Path) -> None:
    reads(archive)
    before = reads.contents()
    again = reads(archive)

    assert (again.progress.counts["unchanged"], again.progress.counts["new"]) == (COUNT, 0)
    assert reads.contents() == before


def test_the_order_of_files_does_not_matter(reads: Reads, tmp_path: Path) -> None:
    early = pages(6)
    later = [
        replace(answer, at=answer.at + timedelta(days=1), body=answer.body.replace(b"the", b"a"))
        for answer in early
    ]
    gone = [replace(early[0], at=early[0].at + timedelta(days=2), status=404, body=b"")]
    files = [
        write(tmp_path / f"{number}.warc.gz", answers)
        for number, answers in enumerate((early, later, gone))
    ]
    reads(*files)
    in_order = reads.contents()
    with reads.connected() as connection:
        for table in reversed(runs_tables()):
            connection.execute(table.delete())
    for file in reversed(files):
        reads(file)

    out_of_order = reads.contents()
    # What a run counts as new and as changed is its own.
    assert out_of_order | {"coverage": []} == in_order | {"coverage": []}
    assert Counter(row["revision"] for row in reads.rows("articles"))[2] >= 5


def runs_tables() -> list[Any]:
    from hanicrawler.storage.schema import Base

    return [table for table in Base.metadata.sorted_tables if not table.name.startswith("search_")]


def test_no_fetch_of_the_past_is_planned(on_file: Reads, archive: Path) -> None:
    on_file(archive)

    assert all(row["due_at"] is None for row in on_file.rows("pages"))


def test_a_comparison_writes_nothing(reads: Reads, archive: Path, tmp_path: Path) -> None:
    reads(archive / "a.warc.gz")
    before = (reads.contents(), reads.rows("crawls"), reads.rows("readings"))
    heard = Heard()
    done = reads(archive, hearer=heard, name="reparse", writes=False, compares=True)

    assert (reads.contents(), reads.rows("crawls"), reads.rows("readings")) == before
    assert done.progress.fields == {"new": COUNT // 2, "no_longer_readable": 0}
    assert not (tmp_path / "hani.db.replay.lock").exists() or done.crawl_id is None


def test_a_better_parser_heals_articles_and_makes_no_version(
    reads: Reads, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        worse(earlier)
        reads(archive)
    assert not any(row["byline"] for row in reads.rows("articles"))

    foreseen, healed = Heard(), Heard()
    dry = reads(archive, hearer=foreseen, name="reparse", writes=False, compares=True)
    assert not any(row["byline"] for row in reads.rows("articles"))
    wet = reads(archive, hearer=healed, name="reparse", compares=True)

    signed = [row for row in reads.rows("articles") if row["byline"]]
    assert dry.progress.fields["byline"] == len(signed) > COUNT // 2
    assert dry.progress.fields == wet.progress.fields
    assert foreseen.differences == healed.differences
    assert {change.field for one in healed.differences for change in one.changes} == {
        "byline",
        "authors",
    }
    assert all(one.kind == "changed" for one in healed.differences)
    assert {row["revision"] for row in reads.rows("articles")} == {1}
    assert len(reads.rows("revisions")) == COUNT
    assert len(reads.rows("bylines")) >= len(signed)
    healthy = reads.contents()
    assert reads(archive, name="reparse", compares=True).progress.fields["byline"] == 0
    assert reads.contents() == healthy


def test_earlier_versions_are_healed_too_and_counted_apart(
    reads: Reads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    early = pages(4)
    later = [
        replace(answer, at=answer.at + timedelta(days=1), body=answer.body.replace(b"the", b"a"))
        for answer in early
    ]
    both = write(tmp_path / "both.warc.gz", [*early, *later])
    reads(both)
    well = reads.contents()
    with monkeypatch.context() as earlier:
        worse(earlier)
        reads(both, name="reparse")
    misread = [row["byline"] for row in reads.rows("revisions")]
    assert (len(misread), set(misread)) == (8, {None})

    heard = Heard()
    done = reads(both, hearer=heard, name="reparse", compares=True)

    assert done.progress.fields["byline"] >= 1
    older = [one for one in heard.differences if one.kind == "older"]
    assert len(older) == done.progress.fields["older"] >= 1
    assert {change.field for one in older for change in one.changes} == {"byline"}
    assert reads.rows("revisions", *OURS) == well["revisions"]
    assert reads.rows("articles", *OURS) == well["articles"]


def test_what_was_healed_is_as_if_it_had_always_been_read_well(
    reads: Reads, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads(archive)
    well = reads.contents()
    with monkeypatch.context() as earlier:
        worse(earlier)
        reads(archive, name="reparse")
    assert reads.contents() != well
    reads(archive, name="reparse")

    healed = reads.contents()
    assert {table: healed[table] for table in well if table != "coverage"} == {
        table: well[table] for table in well if table != "coverage"
    }


def test_a_page_that_can_no_longer_be_read_leaves_what_is_stored(
    reads: Reads, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads(archive)
    before = reads.contents()

    def fail(*_: Any, **__: Any) -> Any:
        raise ValueError("the new parser has a mistake")

    heard = Heard()
    with monkeypatch.context() as broken:
        broken.setattr(reading.pages, "read_article", fail)
        done = reads(archive, hearer=heard, name="reparse", compares=True)

    assert done.progress.fields["no_longer_readable"] == COUNT
    assert {one.kind for one in heard.differences} == {"no_longer_readable"}
    after = reads.contents()
    assert {row["code"] for row in after["problems"]} >= {"parser_failed"}
    for table in ("articles", "revisions", "bylines", "images", "related_stories", "pages"):
        assert after[table] == before[table]

    reads(archive, name="reparse")
    assert not [
        row
        for row in reads.rows("problems")
        if row["resolved_at"] is None and row["code"] == "parser_failed"
    ]


def test_an_article_that_could_not_be_read_is_newly_readable(
    reads: Reads, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise ValueError("not yet")

    with monkeypatch.context() as earlier:
        earlier.setattr(reading.pages, "read_article", fail)
        reads(archive)
    assert reads.rows("articles") == []
    done = reads(archive, name="reparse", compares=True)

    assert done.progress.fields["newly_readable"] == COUNT
    assert len(reads.rows("articles")) == COUNT


def test_an_interrupted_run_goes_on_and_comes_to_the_same(
    reads: Reads, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hanicrawler.replay.tasks.SIZE", 5)
    with pytest.raises(KeyboardInterrupt):
        reads(archive, hearer=Heard(stop_at=5))
    read = len(reads.rows("articles"))
    assert 0 < read < COUNT
    heard = Heard()
    done = reads(archive, hearer=heard)
    resumed = reads.contents()

    assert heard.resumed is not None
    assert done.progress.counts["captures"] == COUNT - read
    (run,) = reads.rows("crawls")
    assert (run["outcome"], run["new"]) == ("done", COUNT)
    with reads.connected() as connection:
        for table in reversed(runs_tables()):
            connection.execute(table.delete())
    reads(archive)
    assert reads.contents() == resumed


def test_another_reading_code_or_anew_begins_anew(
    on_file: Reads, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hanicrawler.replay.tasks.SIZE", 5)
    for more, code in (({}, "one"), ({}, "another"), ({"anew": True}, "another")):
        monkeypatch.setattr(runs, "fingerprint", lambda code=code: code)
        heard = Heard(stop_at=5)
        with pytest.raises(KeyboardInterrupt):
            on_file(archive, hearer=heard, **more)
        assert heard.resumed is None

    assert len(on_file.rows("crawls")) == 3


def test_two_at_a_time_are_one_too_many_but_a_crawl_may_go_on(reads: Reads, archive: Path) -> None:
    crawl = RunLock.take(reads.url)
    try:
        reads(archive)
    finally:
        crawl.release()
    other = RunLock.take(reads.url, work="replay")
    try:
        with pytest.raises(RunLocked, match="another reparse or import is at work"):
            reads(archive)
    finally:
        other.release()


def test_damage_is_a_problem_and_no_end(reads: Reads, archive: Path, tmp_path: Path) -> None:
    whole = (archive / "a.warc.gz").read_bytes()
    cut = tmp_path / "cut.warc.gz"
    cut.write_bytes(whole[: len(whole) * 3 // 4])
    done = reads(cut, archive / "b.warc.gz")

    assert done.outcome == "done"
    assert done.progress.counts["damaged"] >= 1
    assert COUNT // 2 < done.progress.counts["new"] < COUNT
    assert any(row["archive_file"] == str(cut) for row in reads.rows("problems"))


def test_the_record_that_a_crawl_is_writing_is_no_damage(on_file: Reads, tmp_path: Path) -> None:
    answers = pages(4)
    whole = write(tmp_path / "whole.warc.gz", answers).read_bytes()
    growing = tmp_path / "growing.warc.gz"
    growing.write_bytes(whole[:-500])
    with growing.open("ab", buffering=0) as crawl:
        claim(crawl.fileno())
        first = on_file(growing)
        crawl.write(whole[-500:])
    second = on_file(growing)

    assert (first.progress.counts["damaged"], first.progress.counts["new"]) == (0, 3)
    assert on_file.rows("problems") == []
    assert (second.progress.counts["damaged"], second.progress.counts["new"]) == (0, 1)


def test_a_comparison_with_no_database_says_that_all_is_new(tmp_path: Path, archive: Path) -> None:
    none = tmp_path / "none.db"
    done = Reads(database_url(str(none)))(archive, name="reparse", writes=False, compares=True)

    assert (done.outcome, done.progress.fields["new"]) == ("done", COUNT)
    assert not none.exists()


def test_an_archive_of_other_sites_leaves_no_trace(tmp_path: Path) -> None:
    other = write(
        tmp_path / "other.warc.gz",
        [Answer(url=f"https://example.org/{number}", body=b"<html>") for number in range(5)],
    )
    database = tmp_path / "none.db"
    done = Reads(database_url(str(database)))(other)

    assert (done.outcome, done.crawl_id) == ("nothing", None)
    assert done.progress.counts["others"] == 5
    assert [path.name for path in tmp_path.iterdir()] == ["other.warc.gz"]


def test_damage_alone_makes_no_database(tmp_path: Path) -> None:
    (tmp_path / "broken.warc.gz").write_bytes(b"\x1f\x8b\x08\x00 and then nothing of the kind")
    database = tmp_path / "none.db"
    done = Reads(database_url(str(database)))(tmp_path / "broken.warc.gz")

    assert done.outcome == "nothing"
    assert done.progress.counts["damaged"] == 1
    assert not database.exists()


def test_a_reading_is_no_crawl(on_file: Reads, archive: Path) -> None:
    on_file(archive)
    engine = open_database(on_file.url)
    try:
        (run,) = recent_runs(engine, 5)
        assert (run.spider, run.state, run.is_crawl, run.seeks_news) == (
            "import",
            "done",
            False,
            False,
        )
        assert recent_runs(engine, 5, only_crawls=True) == []
        assert freshness(engine).last_healthy_at is None
        assert recent_coverage(engine).runs == 0
    finally:
        engine.dispose()
    assert on_file.rows("coverage")


def test_a_crawl_that_begins_leaves_a_reading_alone(on_file: Reads, archive: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        on_file(archive, hearer=Heard(stop_at=1))
    with on_file.connected() as connection:
        connection.exec_driver_sql("UPDATE crawls SET outcome = 'reading', finished_at = NULL")
    engine = open_database(on_file.url)
    try:
        assert end_killed(engine) == 0
        assert recent_runs(engine, 1)[0].state == "killed"  # nobody holds its lock
    finally:
        engine.dispose()


def test_saved_pages_of_a_folder_are_read_too(on_file: Reads, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    for number, answer in enumerate(pages(4)):
        link = f'<link rel="canonical" href="{answer.url}"></head>'.encode()
        body = answer.body.replace(b"</head>", link).replace(b"</HEAD>", link)
        (folder / f"{number}.html").write_bytes(body)
    done = on_file(folder)

    assert done.progress.counts["new"] == 4


def test_a_change_is_told_in_words(
    on_file: Reads, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        worse(earlier)
        on_file(archive)
    heard = Heard()
    on_file(archive, hearer=heard, name="reparse", writes=False, compares=True)
    first = heard.differences[0]
    captured = {row["url"]: row["captured_at"] for row in on_file.rows("articles")}
    assert (first.captured_at, first.kind) == (captured[first.url], "changed")
    byline = next(change for change in first.changes if change.field == "byline")
    assert byline == Change(field="byline", old=None, new=byline.new)
    assert byline.new
