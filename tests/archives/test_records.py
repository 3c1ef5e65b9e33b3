"""Records of WARC files, as the world writes them, to captures."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import brotli
import pytest
from fastwarc.stream_io import ZstdWriter

from hanicrawler.archives import Capture, Damage, read_record
from hanicrawler.archives.dates import parse_date
from hanicrawler.items import Kept
from tests.archives.made import (
    only,
    only_damage,
    page,
    raw,
    read,
    read_bytes,
    record,
    response,
    sha1,
    url,
)

if TYPE_CHECKING:
    from collections.abc import Callable

BLOCK = sha1(b"another block")
MOMENT = datetime(2024, 5, 1, 1, 2, 3, tzinfo=UTC)


def test_a_response_gives_what_the_server_sent(tmp_path: Path) -> None:
    sent = [
        ("Content-Type", "text/html; charset=euc-kr"),
        ("ETag", '"abc"'),
        ("Last-Modified", "Tue, 30 Apr 2024 20:00:00 GMT"),
        ("Location", "https://english.hani.co.kr/other"),
    ]

    found = only(
        read_bytes(tmp_path, record(url(1), page(1), http=sent, status="301 Moved"), "a.warc.gz")
    )

    assert (found.url, found.at, found.status, found.body) == (url(1), MOMENT, 301, page(1))
    assert (found.content_type, found.etag) == ("text/html; charset=euc-kr", '"abc"')
    assert found.last_modified == "Tue, 30 Apr 2024 20:00:00 GMT"
    assert found.location == "https://english.hani.co.kr/other"
    assert not found.is_revisit
    assert found.kept == Kept(file=str(tmp_path / "a.warc.gz"), offset=0)


def test_what_nobody_wants_is_neither_decoded_nor_given(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    broken = record(url(2), b"\x1f\x8bnot gzip", http=[("Content-Encoding", "gzip")])
    path.write_bytes(record(url(1), page(1)) + broken)
    asked: list[str] = []

    found = read(path, wanted=lambda address: asked.append(address) or address == url(1))  # type: ignore[func-returns-value]

    assert asked == [url(1), url(2)]
    assert [one.url for one in found if isinstance(one, Capture)] == [url(1)]
    assert len(found) == 3  # the capture, the position behind it, and the end


@pytest.mark.parametrize("kind", ["request", "metadata", "warcinfo", "conversion", "continuation"])
def test_other_records_are_passed_over(tmp_path: Path, kind: str) -> None:
    assert read_bytes(tmp_path, raw(b"GET / HTTP/1.1\r\n\r\n", kind=kind)) == []


def test_a_name_server_s_answer_is_no_page(tmp_path: Path) -> None:
    dns = raw(b"20240501010203\n", Content_Type="text/dns", WARC_Target_URI="dns:hani.co.kr")

    assert read_bytes(tmp_path, dns) == []


def test_a_page_kept_as_a_resource_is_one_that_was_found(tmp_path: Path) -> None:
    found = only(
        read_bytes(tmp_path, raw(page(1), kind="resource", Content_Type="text/html; charset=utf-8"))
    )

    assert (found.status, found.body, found.content_type) == (
        200,
        page(1),
        "text/html; charset=utf-8",
    )
    assert read_bytes(tmp_path, raw(b"log", kind="resource", Content_Type="text/plain")) == []


def _chunked(body: bytes) -> bytes:
    parts = [body[place : place + 50] for place in range(0, len(body), 50)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in [*parts, b""])


def _raw_deflate(body: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-15)
    return deflater.compress(body) + deflater.flush()


def _zstd(body: bytes) -> bytes:
    out = io.BytesIO()
    writer = ZstdWriter(out)
    for place in range(0, len(body), 1 << 16):  # of more it loses what is beyond 8 MB
        writer.write(body[place : place + (1 << 16)])
    writer.close()
    return out.getvalue()


@pytest.mark.parametrize(
    ("headers", "encode"),
    [
        (["Content-Encoding: gzip"], gzip.compress),
        (["Content-Encoding: x-gzip"], gzip.compress),
        (["Content-Encoding: deflate"], zlib.compress),
        (["Content-Encoding: deflate"], _raw_deflate),
        (["Content-Encoding: br"], brotli.compress),
        (["Content-Encoding: zstd"], _zstd),
        (["Content-Encoding: br, gzip"], lambda body: gzip.compress(brotli.compress(body))),
        (["Transfer-Encoding: chunked"], _chunked),
        (
            ["Transfer-Encoding: chunked", "Content-Encoding: gzip"],
            lambda body: _chunked(gzip.compress(body)),
        ),
        (["Content-Encoding: identity"], bytes),
        (["Content-Encoding: gzip"], bytes),
        (["Content-Encoding: br"], bytes),
        (["Content-Encoding: zstd"], bytes),
        (["Transfer-Encoding: chunked", "Content-Encoding: deflate"], bytes),
        (["Transfer-Encoding: chunked", "Content-Encoding: gzip"], gzip.compress),
        (["X-Crawler-Content-Encoding: gzip"], bytes),
    ],
)
def test_encodings_come_off_where_the_bytes_have_them(
    tmp_path: Path, headers: list[str], encode: Callable[[bytes], bytes]
) -> None:
    block = response(encode(page(1)), *headers)

    assert only(read_bytes(tmp_path, raw(block))).body == page(1)


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("Content-Encoding: gzip", gzip.compress(page(1), mtime=0)[:-9]),
        ("Content-Encoding: gzip", b"\x00" * 400),
        ("Content-Encoding: deflate", zlib.compress(page(1))[:-9]),
        ("Content-Encoding: br", brotli.compress(page(1))[:-9]),
        ("Content-Encoding: zstd", _zstd(page(1))[:-9]),
        ("Transfer-Encoding: chunked", _chunked(page(1))[:-40]),
    ],
)
def test_a_body_that_is_not_whole_in_its_encoding_is_damage(
    tmp_path: Path, header: str, body: bytes
) -> None:
    found = only_damage(read_bytes(tmp_path, raw(response(body, header))))

    assert (found.code, found.url, found.at) == ("damaged_record", url(1), MOMENT)


@pytest.mark.parametrize(
    ("headers", "encode"),
    [
        (["Content-Encoding: gzip"], gzip.compress),
        (["Content-Encoding: br"], brotli.compress),
        (["Content-Encoding: zstd"], _zstd),
        (["Transfer-Encoding: chunked"], lambda body: b"A00001\r\n" + body + b"\r\n0\r\n\r\n"),
        ([], bytes),
    ],
    ids=["gzip", "br", "zstd", "chunked", "as it is"],
)
def test_a_body_of_more_than_ten_megabytes_is_too_large(
    tmp_path: Path, headers: list[str], encode: Callable[[bytes], bytes]
) -> None:
    body = encode(b" " * 0xA00001)

    found = only_damage(read_bytes(tmp_path, raw(response(body, *headers))))

    assert (found.code, found.url) == ("too_large", url(1))


def test_a_record_too_large_to_read_is_passed_and_told(tmp_path: Path) -> None:
    huge = gzip.compress(raw(response(b" " * (11 << 20))))

    large, after = read_bytes(tmp_path, huge + record(url(2), page(2)), "a.warc.gz")

    assert getattr(large, "code", None) == "too_large"
    assert after.url == url(2)


def test_a_redirect_needs_no_body(tmp_path: Path) -> None:
    block = b"HTTP/1.0 302 Found\r\nLocation: /elsewhere\r\n\r\n"

    found = only(read_bytes(tmp_path, raw(block)))

    assert (found.status, found.body, found.location) == (302, b"", "/elsewhere")


def test_lines_may_end_as_some_servers_end_them(tmp_path: Path) -> None:
    block = b'HTTP/1.0 200 OK\nETag: "x"\nContent-Type: text/html\n\n' + page(1)

    found = only(read_bytes(tmp_path, raw(block)))

    assert (found.etag, found.body) == ('"x"', page(1))


def test_headers_of_other_lengths_and_characters_do_no_harm(tmp_path: Path) -> None:
    block = (
        b"HTTP/1.1 200 \xed\x95\x9c\r\nETag: " + b"e" * 5000 + b"\r\n: \r\nnonsense\r\n"
        b"Content-Type: text/html\xff\x00\x1b[31m\r\nContent-Length: 99999999\r\n\r\n"
    )

    found = only(read_bytes(tmp_path, raw(block + page(1))))

    assert (found.etag, found.content_type) == (None, None)
    assert found.body == page(1)


def test_a_mountain_of_headers_is_damage(tmp_path: Path) -> None:
    block = b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 20_000 + b"\r\n" + page(1)

    assert only_damage(read_bytes(tmp_path, raw(block))).code == "damaged_record"


@pytest.mark.parametrize("block", [b"", b"nonsense", b"HTTP/1.1 999 No\r\n\r\n", b"HTTP/\r\n\r\n"])
def test_a_response_that_is_none_is_damage(tmp_path: Path, block: bytes) -> None:
    found = only_damage(read_bytes(tmp_path, raw(block)))

    assert (found.code, found.url) == ("damaged_record", url(1))


def test_a_record_of_no_page_is_damage(tmp_path: Path) -> None:
    for address in ("", "https://english.hani.co.kr/\x1b[31m", "https://english.hani.co.kr/\0"):
        found = only_damage(read_bytes(tmp_path, raw(response(page(1)), WARC_Target_URI=address)))

        assert (found.code, found.url) == ("damaged_record", None)


# Dates


@pytest.mark.parametrize(
    ("stated", "moment"),
    [
        ("2024", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-05", datetime(2024, 5, 1, tzinfo=UTC)),
        ("2024-05-01", datetime(2024, 5, 1, tzinfo=UTC)),
        ("2024-05-01T01:02Z", datetime(2024, 5, 1, 1, 2, tzinfo=UTC)),
        ("2024-05-01T01:02:03Z", MOMENT),
        ("2024-05-01T01:02:03", MOMENT),
        ("2024-05-01T10:02:03+09:00", MOMENT),
        ("2024-05-01T01:02:03.1Z", MOMENT.replace(microsecond=100_000)),
        ("2024-05-01T01:02:03.123456789Z", MOMENT.replace(microsecond=123_456)),
        ("2024-05-01T01:02:03.999999999Z", MOMENT.replace(microsecond=999_999)),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_date_may_be_as_exact_as_it_likes(stated: str, moment: datetime) -> None:
    assert parse_date(stated) == moment
    assert parse_date(stated).tzinfo is UTC  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "stated",
    [
        None, "", "yesterday", "2024-13-01T00:00:00Z", "2024-02-30", "0001-01-01T00:00:00Z",
        "1989-12-31T23:59:59Z", "20240501010203", "2024-05-01T25:00:00Z",
        "9999-12-31T23:59:59-09:00",
        "２０２４-05-01",
    ],
)  # fmt: skip
def test_no_date_is_made_up(stated: str | None) -> None:
    assert parse_date(stated) is None


@pytest.mark.parametrize("stated", ["", "2024-02-30T00:00:00Z"])
def test_a_record_without_a_date_is_damage(tmp_path: Path, stated: str) -> None:
    found = only_damage(read_bytes(tmp_path, raw(response(page(1)), WARC_Date=stated)))

    assert (found.code, found.url, found.at) == ("no_date", url(1), None)


# Digests


def test_a_wrong_digest_is_damage_and_the_next_record_is_read(tmp_path: Path) -> None:
    wrong = raw(response(page(1)), WARC_Block_Digest=sha1(b"something else"))

    first, second = read_bytes(tmp_path, wrong + record(url(2), page(2), gzip=False))

    assert getattr(first, "code", None) == "damaged_record"
    assert first.url == url(1)
    assert second.url == url(2)


def test_a_payload_s_digest_may_be_of_what_was_sent_or_of_what_it_means(tmp_path: Path) -> None:
    sent = _chunked(gzip.compress(page(1)))
    block = response(sent, "Transfer-Encoding: chunked", "Content-Encoding: gzip")

    for of in (sent, gzip.compress(page(1)), page(1)):
        assert only(read_bytes(tmp_path, raw(block, WARC_Payload_Digest=sha1(of)))).body == page(1)
    wrong = raw(block, WARC_Payload_Digest=sha1(b"something else"))
    assert only_damage(read_bytes(tmp_path, wrong)).code == "damaged_record"


@pytest.mark.parametrize("is_compressed", [True, False])
def test_a_hash_of_the_body_that_was_compared_is_given(tmp_path: Path, is_compressed: bool) -> None:
    body, name = page(1), "made.warc.gz" if is_compressed else "made.warc"
    right, wrong = (hashlib.sha256(data).hexdigest() for data in (body, b"something else"))

    def found(stated: str) -> list[Capture | Damage]:
        made = record(
            url(1), body, gzip=is_compressed, WARC_Payload_Digest=stated, WARC_Block_Digest=BLOCK
        )
        return read_bytes(tmp_path, made, name)

    # Where the file has no checksum the block's own digest is compared: it is wrong here.
    if not is_compressed:
        assert only_damage(found(f"sha256:{right}")).code == "damaged_record"
        return
    assert only(found(f"sha256:{right}")).body_hash == right
    assert only_damage(found(f"sha256:{wrong}")).code == "damaged_record"
    assert only_damage(found(sha1(body))).code == "damaged_record"


@pytest.mark.parametrize("stated", ["sha1:XYZ", "blake3:ABCD", "nonsense", "sha1:", "sha1:%"])
def test_a_digest_that_we_cannot_read_says_nothing(tmp_path: Path, stated: str) -> None:
    assert only(read_bytes(tmp_path, raw(response(page(1)), WARC_Block_Digest=stated)))


# Common Crawl


def test_common_crawl_s_decoded_bodies_are_read(tmp_path: Path) -> None:
    block = response(
        page(1),
        "Content-Type: text/html; charset=UTF-8",
        "X-Crawler-Content-Encoding: gzip",
        "X-Crawler-Transfer-Encoding: chunked",
        f"Content-Length: {len(page(1))}",
    )
    made = raw(
        block,
        WARC_Payload_Digest=sha1(page(1)),
        WARC_Block_Digest=sha1(block),
        WARC_Identified_Payload_Type="text/html",
    )

    assert only(read_bytes(tmp_path, gzip.compress(made), "CC-NEWS.warc.gz")).body == page(1)


def test_a_page_that_its_crawler_cut_off_is_damage(tmp_path: Path) -> None:
    cut = raw(response(page(1)[:-20]), WARC_Truncated="length")

    found = only_damage(read_bytes(tmp_path, cut))

    assert (found.code, found.url, found.at) == ("cut_off", url(1), MOMENT)


def test_a_page_said_to_be_cut_off_that_is_whole_is_taken(tmp_path: Path) -> None:
    assert only(read_bytes(tmp_path, raw(response(page(1)), WARC_Truncated="disconnect")))


# One record


def test_a_record_is_found_again_by_file_and_offset(tmp_path: Path) -> None:
    first = record(url(1), page(1))
    (tmp_path / "a.warc.gz").write_bytes(first + record(url(2), page(2)))

    found = read_record(tmp_path, Kept(file="a.warc.gz", offset=len(first)), url(2))

    assert (found.url, found.body) == (url(2), page(2))
    assert found.kept == Kept(file="a.warc.gz", offset=len(first))
