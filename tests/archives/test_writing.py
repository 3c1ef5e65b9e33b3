"""Responses as WARC records: read back by other tools than the one that wrote them."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import resource
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecord
from warcio.cli import main as warcio

from hanicrawler.archives.files import begun_at, file_name, is_being_written
from hanicrawler.archives.writing import Answer, ArchiveWriter, Before, record_of
from hanicrawler.items import Kept

URL = "https://english.hani.co.kr/arti/english_edition/e_national/1.html"
AT = datetime(2026, 11, 25, 23, 30, 0, 123456, tzinfo=UTC)
PAGE = "<html><h1>판문점</h1>".encode() * 100
INFO = {"software": "hanicrawler/1", "isPartOf": "crawl 7", "operator": ""}


def answer(body: bytes = PAGE, **changes: Any) -> Answer:
    values: dict[str, Any] = {"url": URL, "at": AT, "status": 200, **changes}
    return Answer(body=body, body_hash=hashlib.sha256(body).hexdigest(), **values)


def writer(folder: Path, most_bytes: int = 10**9, **more: Any) -> ArchiveWriter:
    return ArchiveWriter(folder, crawl_id=7, info=INFO, most_bytes=most_bytes, **more)


def records(file: Path) -> list[tuple[WarcRecord, bytes]]:
    """Return the records of *file* with their content, read by fastwarc."""
    with file.open("rb") as stream:
        return [(record, record.reader.read()) for record in ArchiveIterator(stream)]


def one(tmp_path: Path, kept: Answer, before: Before | None = None) -> tuple[WarcRecord, bytes]:
    """Return the record that keeps an answer, written, checked and read back."""
    archive = writer(tmp_path)
    where = archive.keep(record_of(kept, before))
    archive.close()
    check(tmp_path / where.file)
    found = records(tmp_path / where.file)
    assert len(found) == 2
    return found[1]


def check(*files: Path) -> None:
    """Have warcio's own checker look at *files*."""
    with pytest.raises(SystemExit) as ended:
        warcio(["check", *map(str, files)])
    assert ended.value.code == 0


def test_a_response_is_kept_with_its_moment_address_and_body(tmp_path: Path) -> None:
    record, body = one(tmp_path, answer(ip="192.0.2.1"))

    assert body == PAGE
    assert record.http_headers.status_line == "HTTP/1.1 200 OK"
    headers = dict(record.headers)
    assert headers["WARC-Type"] == "response"
    assert headers["WARC-Target-URI"] == URL
    assert headers["WARC-Date"] == "2026-11-25T23:30:00.123456Z"
    assert headers["WARC-IP-Address"] == "192.0.2.1"
    assert headers["WARC-Payload-Digest"] == f"sha256:{hashlib.sha256(PAGE).hexdigest()}"


def test_digests_are_what_fastwarc_computes_too(tmp_path: Path) -> None:
    archive = writer(tmp_path)
    kept = archive.keep(record_of(answer()))
    archive.close()

    with (tmp_path / kept.file).open("rb") as stream:
        stream.seek(kept.offset)
        record = next(ArchiveIterator(stream, parse_http=False))
        assert record.verify_block_digest(consume=False)
        record.parse_http()
        assert record.verify_payload_digest()


def test_no_header_claims_an_encoding_or_another_length(tmp_path: Path) -> None:
    received = [
        (b"Content-Type", b"text/html; charset=utf-8"),
        (b"Content-Encoding", b"gzip"),
        (b"Transfer-Encoding", b"chunked"),
        (b"Content-Length", b"17"),
        (b"Set-Cookie", b"a=1"),
        (b"Set-Cookie", b"b=2"),
    ]

    record, body = one(tmp_path, answer(headers=received))

    assert body == PAGE
    assert list(record.http_headers) == [
        ("Content-Type", "text/html; charset=utf-8"),
        ("X-Crawler-Content-Encoding", "gzip"),
        ("X-Crawler-Transfer-Encoding", "chunked"),
        ("X-Crawler-Content-Length", "17"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("Content-Length", str(len(PAGE))),
    ]


def test_hostile_headers_make_no_header_of_their_own(tmp_path: Path) -> None:
    received = [(b"X-Evil", b"a\r\nWARC-Type: warcinfo\r\n\r\n<html>")]

    record, body = one(tmp_path, answer(headers=received))

    assert body == PAGE
    assert record.http_headers["X-Evil"] == "a WARC-Type: warcinfo <html>"


def test_every_byte_of_a_header_stays_as_it_came() -> None:
    etag = '"판문점"'.encode("cp949")

    assert b"ETag: " + etag + b"\r\n" in record_of(answer(headers=[(b"ETag", etag)]))


@pytest.mark.parametrize("status", [200, 404, 500, 799])
def test_an_empty_body_and_any_status_are_kept(tmp_path: Path, status: int) -> None:
    record, body = one(tmp_path, answer(b"", status=status))

    assert (record.http_headers.status_code, body) == (status, b"")


def test_a_body_that_is_known_is_not_kept_again(tmp_path: Path) -> None:
    hash_ = hashlib.sha256(PAGE).hexdigest()

    record, body = one(tmp_path, answer(), Before(at=AT - timedelta(days=1), body_hash=hash_))

    headers = dict(record.headers)
    assert (headers["WARC-Type"], body) == ("revisit", b"")
    assert headers["WARC-Profile"].endswith("/1.1/revisit/identical-payload-digest")
    assert headers["WARC-Refers-To-Target-URI"] == URL
    assert headers["WARC-Refers-To-Date"] == "2026-11-24T23:30:00.123456Z"
    assert headers["WARC-Payload-Digest"] == f"sha256:{hash_}"
    assert record.http_headers.status_code == 200


@pytest.mark.parametrize("is_known", [True, False])
def test_not_modified_is_a_revisit_that_refers_to_what_is_known(
    tmp_path: Path, is_known: bool
) -> None:
    before = Before(at=AT - timedelta(days=1), body_hash="a" * 64) if is_known else None

    record, body = one(tmp_path, answer(b"", status=304), before)

    headers = dict(record.headers)
    assert (headers["WARC-Type"], body) == ("revisit", b"")
    assert headers["WARC-Profile"].endswith("/1.1/revisit/server-not-modified")
    assert headers.get("WARC-Payload-Digest") == (f"sha256:{'a' * 64}" if is_known else None)
    assert ("WARC-Refers-To-Date" in headers) is is_known
    assert record.http_headers.status_code == 304


def test_each_file_begins_with_what_it_is(tmp_path: Path) -> None:
    archive = writer(tmp_path)
    kept = archive.keep(record_of(answer()))
    archive.close()

    record, said = records(tmp_path / kept.file)[0]
    headers, lines = dict(record.headers), said.decode().splitlines()
    assert headers["WARC-Type"] == "warcinfo"
    assert headers["WARC-Filename"] == kept.file
    assert "software: hanicrawler/1" in lines
    assert "isPartOf: crawl 7" in lines
    assert "format: WARC File Format 1.1" in lines
    assert not [line for line in lines if line.startswith("operator")]


def test_each_record_is_where_it_is_said_to_be(tmp_path: Path) -> None:
    archive = writer(tmp_path)
    bodies = [b"%d" % number * 50 for number in range(5)]
    kept = [archive.keep(record_of(answer(body))) for body in bodies]
    archive.close()

    for where, body in zip(kept, bodies, strict=True):
        with (tmp_path / where.file).open("rb") as stream:
            stream.seek(where.offset)
            assert next(ArchiveIterator(stream)).reader.read() == body


def test_a_new_file_is_begun_when_one_is_full(tmp_path: Path) -> None:
    begun = []
    archive = writer(tmp_path, 5000, begins=lambda: begun.append(1))
    kept = [archive.keep(record_of(answer(os.urandom(3000)))) for _ in range(5)]
    archive.close()

    files = sorted(path.name for path in tmp_path.iterdir())
    assert [where.file for where in kept] == [files[0]] * 2 + [files[1]] * 2 + [files[2]]
    assert [name[-13:-8] for name in files] == ["00001", "00002", "00003"]
    assert len(begun) == 3
    check(*sorted(tmp_path.iterdir()))


def test_no_file_is_made_before_there_is_something_to_keep(tmp_path: Path) -> None:
    writer(tmp_path / "archive").close()

    assert not (tmp_path / "archive").exists()


def test_what_was_written_is_there_before_the_file_is_closed(tmp_path: Path) -> None:
    archive = writer(tmp_path / "made" / "when needed")
    kept = archive.keep(record_of(answer()))

    found = records(archive.folder / kept.file)
    archive.close()
    assert len(found) == 2


def test_a_file_that_vanishes_is_followed_by_another(tmp_path: Path) -> None:
    archive = writer(tmp_path / "archive")
    gone = archive.keep(record_of(answer()))
    (tmp_path / "archive" / gone.file).unlink()
    (tmp_path / "archive").rmdir()

    kept = archive.keep(record_of(answer(b"later")))
    archive.close()

    assert kept.file != gone.file
    assert records(tmp_path / "archive" / kept.file)[1][1] == b"later"


def test_a_full_disk_leaves_whole_records(tmp_path: Path) -> None:
    archive = writer(tmp_path)
    kept = [archive.keep(record_of(answer(os.urandom(20_000))))]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        kept.append(archive.keep(record_of(answer(os.urandom(20_000)))))
        with pytest.raises(OSError, match="File too large") as failed:
            archive.keep(record_of(answer(os.urandom(20_000))))
        assert failed.value.errno == errno.EFBIG
        small = archive.keep(record_of(answer(b"small")))
        archive.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert {where.file for where in kept} == {small.file}
    assert [len(body) for _, body in records(tmp_path / small.file)[1:]] == [20_000, 20_000, 5]
    check(tmp_path / small.file)


def test_a_file_is_seen_to_be_written_until_it_is_closed(tmp_path: Path) -> None:
    archive = writer(tmp_path)
    kept: Kept = archive.keep(record_of(answer()))
    file = tmp_path / kept.file

    assert is_being_written(file)
    archive.close()
    assert not is_being_written(file)


def test_a_files_name_says_when_and_by_whom_it_was_begun() -> None:
    name = file_name(AT, 7, 1)

    pattern = r"hanicrawler-20261125233000123456-7-[A-Za-z0-9.-]+-\d+-00001\.warc\.gz"
    assert re.fullmatch(pattern, name)
    assert begun_at(name) == AT
    assert name < file_name(AT + timedelta(microseconds=1), 6, 1)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "hanicrawler.db",
        "CC-NEWS-20180101000000-00001.warc.gz",
        f"hanicrawler-{'9' * 20}-1-host-1-00001.warc.gz",
    ],
)
def test_other_peoples_files_are_not_ours(name: str) -> None:
    assert begun_at(name) is None
