"""A record is a gzip member, whichever library makes it."""

from __future__ import annotations

import gzip

import pytest

from hanicrawler.archives import members
from hanicrawler.archives.members import member


@pytest.mark.parametrize("record", [b"", b"WARC/1.1\r\n" * 9000, bytes(range(256)) * 500])
def test_a_record_comes_back_from_its_member(
    record: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_isal = member(record)
    monkeypatch.setattr(members, "isal_zlib", None)
    by_zlib = member(record)

    assert gzip.decompress(by_isal) == gzip.decompress(by_zlib) == record
    assert gzip.decompress(by_isal + by_zlib) == record * 2


def test_isal_is_there_where_the_tests_run() -> None:
    """Else the quick way would be tested nowhere."""
    assert members.isal_zlib is not None
