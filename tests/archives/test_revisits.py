"""Revisits: records of bodies that an archive does not repeat, and our own records."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from hanicrawler.archives import Capture
from hanicrawler.archives.writing import Answer, Before, record_of
from tests.archives.made import (
    only,
    page,
    raw,
    read_bytes,
    record,
    sha1,
    url,
)


def test_a_revisit_says_which_body_it_does_not_repeat(tmp_path: Path) -> None:
    made = record(
        url(1),
        b"",
        kind="revisit",
        WARC_Profile="http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        WARC_Refers_To_Target_URI=url(1),
        WARC_Refers_To_Date="2024-04-30T00:00:00.5Z",
        WARC_Payload_Digest=sha1(page(1)),
    )

    found = only(read_bytes(tmp_path, made, "a.warc.gz"))

    assert found.is_revisit
    assert (found.status, found.body, found.body_hash) == (200, b"", None)
    assert found.revisit_of == datetime(2024, 4, 30, 0, 0, 0, 500_000, tzinfo=UTC)


def test_a_revisit_without_headers_has_the_status_of_its_profile(tmp_path: Path) -> None:
    for profile, status in (("server-not-modified", 304), ("identical-payload-digest", 200)):
        whole = f"http://netpreserve.org/warc/1.0/revisit/{profile}"
        made = raw(b"", kind="revisit", WARC_Profile=whole)
        assert only(read_bytes(tmp_path, made)).status == status


def test_our_own_records_come_back_as_they_went_in(tmp_path: Path) -> None:
    at = datetime(2026, 11, 25, 12, 0, 0, 123_456, tzinfo=UTC)
    later = datetime(2026, 11, 26, 12, tzinfo=UTC)
    hashed = sha256(page(1)).hexdigest()
    first = Answer(
        url=url(1), at=at, status=200, body=page(1), body_hash=hashed,
        headers=[(b"Content-Encoding", b"gzip"), (b"ETag", b'"1"')],
    )  # fmt: skip
    again = Answer(url=url(1), at=later, status=200, body=page(1), body_hash=hashed)
    same = Answer(url=url(1), at=later, status=304, body_hash=sha256(b"").hexdigest())
    before = Before(at=at, body_hash=hashed)
    records = [record_of(first), record_of(again, before), record_of(same, before)]

    whole, revisit, unmodified = read_bytes(
        tmp_path, b"".join(map(gzip.compress, records)), "a.warc.gz"
    )

    assert isinstance(whole, Capture)
    assert isinstance(revisit, Capture)
    assert isinstance(unmodified, Capture)
    assert (whole.at, whole.body, whole.etag, whole.is_revisit) == (at, page(1), '"1"', False)
    for found, status in ((revisit, 200), (unmodified, 304)):
        assert (found.at, found.status, found.body) == (later, status, b"")
        assert (found.is_revisit, found.revisit_of, found.body_hash) == (True, at, hashed)
