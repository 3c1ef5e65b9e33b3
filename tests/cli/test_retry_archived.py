"""Trying problems again whose pages the archive keeps."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from hanicrawler.archives.writing import Answer, ArchiveWriter, record_of
from hanicrawler.items import Kept
from tests.cli.conftest import HOUR
from tests.cli.test_retry import PAGE, URL, problem, rows
from tests.storage.conftest import article_url

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from tests.cli.conftest import Record, Run


def archived(
    file: Path, body: bytes, at: datetime, content_type: str = "text/html", url: str = URL
) -> Kept:
    """Return the record that keeps a page in the archive beside the database *file*."""
    archive = ArchiveWriter(file.parent / "archive", crawl_id=1, info={}, most_bytes=10**9)
    kept = archive.keep(
        record_of(
            Answer(
                url=url, at=at, status=200, body=body, body_hash=sha256(body).hexdigest(),
                headers=[(b"Content-Type", content_type.encode()), (b"ETag", b'"e9"')],
            )
        )
    )  # fmt: skip
    archive.close()
    return kept


def test_a_page_in_the_archive_is_read_again_as_the_crawl_would_have(
    run: Run, record: Record, file: Path
) -> None:
    then = record.now - HOUR
    kept = archived(file, PAGE, then)
    problem(record, body=None, kept=kept)

    found = run("problems", "--retry", "--no-fetch")

    assert (found.status, found.err) == (0, "")
    assert found.out == "no_body (parse): 1 resolved, 0 remain\n"
    ((captured,),) = rows(file, "SELECT captured_at FROM articles")
    ((etag, body_hash, *where),) = rows(
        file, "SELECT etag, body_hash, archive_file, archive_offset, archived_at FROM pages"
    )
    assert captured == f"{then:%Y-%m-%d %H:%M:%S.%f}"
    assert (etag, body_hash) == ('"e9"', sha256(PAGE).hexdigest())
    assert where == [kept.file, kept.offset, captured]


def test_what_a_header_said_is_known_again_from_the_archive(
    run: Run, record: Record, file: Path
) -> None:
    at = record.now - HOUR
    problem(record, "not_html", body=None, kept=archived(file, PAGE, at, "image/jpeg"))

    found = run("problems", "--retry", "--no-fetch")

    assert found.status == 1
    assert "not_html: " in found.out


def test_a_page_that_is_not_in_the_archive_any_more_remains_and_says_so(
    run: Run, record: Record, file: Path
) -> None:
    problem(record, body=None, kept=Kept(file="gone.warc.gz", offset=0))

    found = run("problems", "--retry", "--no-fetch")

    assert found.status == 1
    assert "no_body (parse): 0 resolved, 1 remain" in found.out
    assert "gone.warc.gz" in found.out


def test_a_record_of_another_page_is_not_stored_as_this_one(
    run: Run, record: Record, file: Path
) -> None:
    kept = archived(file, PAGE, record.now - HOUR, url=article_url(2))
    problem(record, body=None, kept=kept)

    assert run("problems", "--retry", "--no-fetch").status == 1
    assert rows(file, "SELECT * FROM articles") == []
