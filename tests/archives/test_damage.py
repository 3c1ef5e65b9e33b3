"""What is damaged costs itself only: each other record is read, and no wrong body ever is."""

from __future__ import annotations

import gzip
import io
import re
import struct
import time
import zlib
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastwarc.stream_io import ZstdWriter
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hanicrawler.archives import Capture, Damage, Position
from hanicrawler.archives.framing import Framing, Gzip, Plain, Zstandard
from hanicrawler.archives.streams import FileStream, PipeStream, Stream
from hanicrawler.archives.warc import WarcReader
from tests.archives.made import page, raw, read, read_bytes, record, response, url

if TYPE_CHECKING:
    from collections.abc import Callable

RECORDS = 6
FRAMINGS: dict[str, type[Framing]] = {"plain": Plain, "gzip": Gzip, "zstd": Zstandard}


@cache
def records(kind: str) -> list[bytes]:
    """Return the records of a small archive, each with the digests that warcio writes."""
    plain = [record(url(number), page(number), gzip=False) for number in range(RECORDS)]
    return [{"plain": bytes, "gzip": gzip.compress, "zstd": _zstd}[kind](one) for one in plain]


def _zstd(one: bytes) -> bytes:
    out = io.BytesIO()
    writer = ZstdWriter(out)
    writer.write(one)
    writer.close()
    return out.getvalue()


def from_file(data: bytes) -> Stream:
    return FileStream(io.BytesIO(data))


def from_pipe(data: bytes) -> Stream:
    return PipeStream(io.BytesIO(data).read)


def found_in(
    data: bytes, kind: str, stream: Callable[[bytes], Stream] = from_file
) -> tuple[dict[str, bytes], list[Damage]]:
    """Return the bodies that are read, by address, and the damage."""
    found = list(WarcReader(stream(data), FRAMINGS[kind](), "x", lambda url: True).read())
    assert isinstance(found[-1], Position)
    assert found[-1].offset == len(data)
    return (
        {one.url: one.body for one in found if isinstance(one, Capture)},
        [one for one in found if isinstance(one, Damage)],
    )


def offset_of(kind: str, number: int) -> int:
    return sum(map(len, records(kind)[:number]))


EVERY_KIND = pytest.mark.parametrize("kind", ["plain", "gzip"])
EVERY_STREAM = pytest.mark.parametrize("stream", [from_file, from_pipe])


@EVERY_KIND
@EVERY_STREAM
def test_a_last_record_cut_off_leaves_all_before_it(
    kind: str, stream: Callable[[bytes], Stream]
) -> None:
    whole = b"".join(records(kind))
    last = offset_of(kind, RECORDS - 1)
    for end in range(last + 1, len(whole) - 12):
        bodies, damage = found_in(whole[:end], kind, stream)

        assert list(bodies) == [url(number) for number in range(RECORDS - 1)], end
        assert [(one.code, one.kept.offset) for one in damage] == [("cut_off", last)], end


@EVERY_KIND
def test_what_follows_a_record_cut_off_is_read(kind: str) -> None:
    """As when a killed crawl's file was appended to."""
    whole = records(kind)
    data = whole[0] + whole[1][:-30] + whole[2] + whole[3]

    bodies, damage = found_in(data, kind)

    assert list(bodies) == [url(0), url(2), url(3)]
    assert [(one.code, one.kept.offset) for one in damage] == [("damaged_record", len(whole[0]))]


@EVERY_KIND
@pytest.mark.parametrize(
    "garbage", [b"\0" * 500, b"garbage\r\n\r\n", b"\x1f\x8b\x08\0", b"WARC/1.1"]
)
def test_garbage_between_records_costs_no_record(kind: str, garbage: bytes) -> None:
    whole = records(kind)
    data = b"".join(whole[:3]) + garbage + b"".join(whole[3:])

    bodies, damage = found_in(data, kind)

    assert len(bodies) == RECORDS
    assert [one.kept.offset for one in damage] == [offset_of(kind, 3)]


def test_a_bad_member_is_one_damage_that_names_its_page() -> None:
    data = bytearray(b"".join(records("gzip")))
    start, end = offset_of("gzip", 2), offset_of("gzip", 3)
    data[(start + end) // 2] ^= 0xFF

    bodies, damage = found_in(bytes(data), "gzip")

    assert list(bodies) == [url(0), url(1), url(3), url(4), url(5)]
    (one,) = damage
    assert (one.code, one.kept.offset, one.url) == ("damaged_record", start, url(2))
    assert one.at is not None


def test_two_bad_members_side_by_side_are_two_damages() -> None:
    data = bytearray(b"".join(records("gzip")))
    for number in (2, 3):
        data[offset_of("gzip", number + 1) - 6] ^= 0xFF  # the checksum

    bodies, damage = found_in(bytes(data), "gzip")

    assert list(bodies) == [url(0), url(1), url(4), url(5)]
    assert [one.url for one in damage] == [url(2), url(3)]


@pytest.mark.parametrize("size", ["10", "1000000", "99999999999999", "-5", "5x", ""])
@pytest.mark.parametrize("kind", ["plain", "gzip"])
@EVERY_STREAM
def test_a_record_that_lies_about_its_length_is_the_only_one_lost(
    kind: str, size: str, stream: Callable[[bytes], Stream]
) -> None:
    lying = raw(response(page(1)), Content_Length=size)
    packed = gzip.compress(lying) if kind == "gzip" else lying
    whole = records(kind)

    bodies, damage = found_in(whole[0] + packed + whole[2] + whole[3], kind, stream)

    assert list(bodies) == [url(0), url(2), url(3)]
    assert [(one.code, one.kept.offset) for one in damage] == [("damaged_record", len(whole[0]))]


def test_a_wrong_beginning_is_no_reason_to_give_a_file_up(tmp_path: Path) -> None:
    data = b"junk" + b"".join(records("gzip")[1:])

    damage, *captures = read_bytes(tmp_path, data, "a.warc.gz")

    assert isinstance(damage, Damage)
    assert len(captures) == RECORDS - 1


def test_a_failing_disk_is_told_and_what_was_read_is_kept() -> None:
    data = b"".join(records("gzip"))
    failing = io.BytesIO(data[: offset_of("gzip", 4)])

    def read(size: int) -> bytes:
        if part := failing.read(min(size, 100)):
            return part
        raise OSError(5, "Input/output error")

    found = list(WarcReader(PipeStream(read), Gzip(), "x", lambda url: True).read())

    assert [one.url for one in found if isinstance(one, Capture)] == [url(n) for n in range(4)]
    (damage,) = [one for one in found if isinstance(one, Damage)]
    assert (damage.code, damage.reason[-18:]) == ("unreadable", "Input/output error")


# Going on


@EVERY_KIND
def test_a_stopped_reading_goes_on_where_it_was(tmp_path: Path, kind: str) -> None:
    path = tmp_path / ("a.warc" if kind == "plain" else "a.warc.gz")
    path.write_bytes(b"".join(records(kind)))
    found = read(path)
    positions = [one.offset for one in found if isinstance(one, Position)]

    for number, offset in enumerate(positions[:RECORDS]):
        rest = [one.url for one in read(path, offset) if isinstance(one, Capture)]
        assert rest == [url(later) for later in range(number + 1, RECORDS)]
    assert positions[-1] == path.stat().st_size


def test_what_nobody_wants_is_passed_with_a_position_every_megabyte(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    one = raw(response(b" " * 300_000))
    path.write_bytes(one * 20)

    found = read(path, wanted=lambda url: False)

    assert all(isinstance(one, Position) for one in found)
    offsets = [one.offset for one in found if isinstance(one, Position)]
    assert offsets == sorted(offsets)
    assert all(later - one <= 1_400_000 for one, later in pairwise(offsets))
    assert len(offsets) >= 4


# Anything


@st.composite
def damaged(draw: st.DrawFn, kind: str) -> bytes:
    data = bytearray(b"".join(records(kind)))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(data)))
        how = draw(st.sampled_from(["flip", "cut", "insert", "remove"]))
        if how == "flip" and place < len(data):
            data[place] ^= draw(st.integers(1, 255))
        elif how == "cut":
            del data[place:]
        elif how == "insert":
            pieces = [b"\r\n", b"0" * 9, b"\x1f\x8b\x08\0", b"WARC/1.1\r\n", b"\x28\xb5\x2f\xfd"]
            data[place:place] = draw(st.binary(max_size=99) | st.sampled_from(pieces))
        else:
            del data[place : place + draw(st.integers(1, 99))]
    return bytes(data)


BEGINS = {"plain": b"WARC/", "gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}


@pytest.mark.parametrize("kind", ["plain", "gzip", "zstd"])
@settings(max_examples=120)
@given(st.data())
def test_whatever_is_damaged_no_body_is_wrong_and_no_whole_record_lost(
    kind: str, data: st.DataObject
) -> None:
    made = data.draw(damaged(kind))
    # A file that begins as another kind does is read as that one.
    assume(not any(made.startswith(begins) for of, begins in BEGINS.items() if of != kind))
    stream = data.draw(st.sampled_from([from_file, from_pipe]))

    bodies, _ = found_in(made, kind, stream)

    right = {page(number) for number in range(RECORDS)}
    if kind != "plain":
        assert set(bodies.values()) <= right
    else:
        # Nothing but the digest guards a body there, and the digest may be what is damaged.
        heads = [len(one) for one in bodies.values() if one not in right]
        assert all(_is_digest_gone(made) for _ in heads)
    for number, whole in enumerate(records(kind)):
        if whole in made:
            assert bodies.get(url(number)) == page(number)


def _is_digest_gone(made: bytes) -> bool:
    digests = re.findall(rb"-Digest: sha1:[A-Z2-7]{32}\r\n", b"".join(records("plain")))
    return any(digest not in made for digest in digests)


@pytest.mark.parametrize("stream", [from_file, from_pipe])
@pytest.mark.parametrize("kind", ["plain", "gzip", "zstd"])
@settings(max_examples=60)
@given(data=st.binary(max_size=2000))
def test_no_bytes_at_all_break_the_reader(
    kind: str, stream: Callable[[bytes], Stream], data: bytes
) -> None:
    bodies, _ = found_in(data, kind, stream)

    assert bodies == {}


def _endless() -> bytes:
    return raw(b"", Content_Length=str(10**12)) * 30_000


def _endless_gzip() -> bytes:
    head = raw(b"", Content_Length=str(10**12))
    stored = b"\0" + struct.pack("<HH", len(head), len(head) ^ 0xFFFF) + head
    return (b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + stored) * 30_000


def _swallowing_gzip() -> bytes:
    """Return members each of which begins as a record's and takes what follows for its content."""
    head = raw(b"", Content_Length=str(10**9))
    stored = b"\0" + struct.pack("<HH", len(head), len(head) ^ 0xFFFF) + head
    return (
        b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + stored + b"\0" + struct.pack("<HH", 65535, 0)
    ) * 30_000


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("plain", _endless),
        ("plain", lambda: b"WARC/1.0\r\n" * 600_000),
        ("gzip", _endless_gzip),
        ("gzip", _swallowing_gzip),
        ("gzip", lambda: b"\x1f\x8b\x08\0" * 200_000),
        ("zstd", lambda: b"\x28\xb5\x2f\xfd" * 1_500_000),
    ],
    ids=["endless", "first lines", "endless gzip", "swallowing gzip", "gzip", "zstd"],
)
@EVERY_STREAM
def test_a_file_made_to_be_read_again_and_again_is_not(
    kind: str, made: Callable[[], bytes], stream: Callable[[bytes], Stream]
) -> None:
    """Each of these files would take hours if every beginning were read to the file's end."""
    data = made()
    started = time.process_time()

    bodies, damage = found_in(data, kind, stream)

    assert bodies == {}
    assert damage
    assert time.process_time() - started < 30


def test_a_gigabyte_that_is_a_megabyte_is_passed_in_flat_memory() -> None:
    import tracemalloc

    packer = zlib.compressobj(9, wbits=31)
    size = 100 << 20
    parts = [packer.compress(raw(b"", Content_Length=str(size))[:-4])]
    parts += [packer.compress(b"\0" * (1 << 20)) for _ in range(100)]
    data = b"".join([*parts, packer.compress(b"\r\n\r\n"), packer.flush(), *records("gzip")[:1]])
    tracemalloc.start()

    bodies, (damage,) = found_in(data, "gzip")

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert list(bodies) == [url(0)]
    assert damage.code == "too_large"
    assert peak < 4 << 20
