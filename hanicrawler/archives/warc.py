"""WARC files: their records in order, and on behind what is damaged.

fastwarc parses.  What it cannot tell is which record an error is of and where the next one
begins: that is looked for here, never more often than the size of the file allows.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from fastwarc.warc import ArchiveIterator, WarcRecordType

from hanicrawler.archives.bodies import BODY, same_digest
from hanicrawler.archives.captures import Capture, Damage, Position
from hanicrawler.archives.responses import Named, by_name, capture_of, damage, named
from hanicrawler.items import Kept

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from fastwarc.warc import WarcRecord

    from hanicrawler.archives.framing import Framing
    from hanicrawler.archives.streams import Stream

    Found = Capture | Damage | Position

_KINDS: Final = {
    int(WarcRecordType.response): "response",
    int(WarcRecordType.revisit): "revisit",
    int(WarcRecordType.resource): "resource",
}
_UNKNOWN: Final = int(WarcRecordType.unknown)
_BLOCK: Final = BODY + (64 << 10)
"""The most bytes of a record that are read: a body and its HTTP headers."""
_STEP: Final = 1 << 20
"""How many bytes of records that nobody wants are passed between two positions."""
_AGAIN: Final = 64 << 20
_AGAIN_TIMES: Final = 4
"""How many bytes may be read again because of damage: _AGAIN, and this many for each new one."""
_BLANK: Final = b"\r\n\0 "

_CUT: Final = "The record ends in the middle."
_BROKEN: Final = "The record is damaged: it cannot be decompressed, or does not end where it says."
_NO_RECORD: Final = "What stands here is no record."
_NAMELESS: Final = "The record does not say what it is, or of which page."
_TOO_LARGE: Final = f"The record is larger than {BODY >> 20} MB."


@dataclass(slots=True)
class _Taken:
    """A record that was read, before it is known whether it ends as it should."""

    offset: int
    size: int
    """As it says."""
    name: Named | None
    """None where nobody wants it."""
    is_nameless: bool = False
    """Whether it does not say what it is, or of which page."""
    got: int = 0
    """How many bytes came."""
    block: bytes | None = None
    """They; None where nobody wants them or they are too many."""


@dataclass(frozen=True, slots=True)
class _Failure:
    """Where records could not be read on."""

    damage: Damage
    search_from: int
    """Where the next record may begin."""


class WarcReader:
    """Reads the captures of one stream of WARC records, once."""

    def __init__(
        self, stream: Stream, framing: Framing, file: str, wanted: Callable[[str], bool]
    ) -> None:
        self._stream = stream
        self._framing = framing
        self._file = file
        self._wanted = wanted
        self._pending: Damage | None = None
        """What was damaged last; told when it is known whether a record follows."""
        self._reached = 0
        self._highest = 0
        self._again = 0
        self._told = 0

    def read(self, start: int = 0) -> Iterator[Found]:
        """Yield what is wanted from offset *start* on, which is a record's, to the end."""
        self._told = self._highest = start
        at: int | None = start
        while at is not None:
            failure = yield from self._stretch(at)
            if failure is None:
                break
            if self._pending is None or self._is_another(failure.damage):
                yield from self._proven()
                self._pending = failure.damage
            at = self._next(max(failure.search_from, at + 1))
        yield from self._ended()

    def _is_another(self, found: Damage) -> bool:
        """Tell whether damage is of another record than what is damaged just before it."""
        assert self._pending is not None
        return found.url is not None and found.kept != self._pending.kept

    def _stretch(self, at: int) -> Generator[Found, None, _Failure | None]:
        """Yield from *at* on until a record cannot be read; return that, or None at the end.

        A record is believed when the next one begins where it should: only then has its checksum
        been compared.
        """
        last: _Taken | None = None
        try:
            stream, base = self._framing.enter(self._stream, at)
            records = ArchiveIterator(cast("BinaryIO", stream), parse_http=False, fsspec_args=False)
            record = next(records, None)
        except OSError:
            return (yield from self._failed(at, last))
        while record is not None:
            offset: int = base + record.stream_pos
            if last is not None:
                yield from self._believed(last, offset)
            self._stream.forget(offset)
            last = self._named(record, offset)
            try:
                self._take(record, last)
            except OSError:
                self._stopped()
                return _Failure(self._damage(last, "damaged_record", _BROKEN), offset + 1)
            try:
                record = next(records, None)
            except OSError:
                return (yield from self._failed(at, last))
        return (yield from self._failed(at, last, is_end=True))

    def _named(self, record: WarcRecord, offset: int) -> _Taken:
        number = int(record.record_type)
        kind = _KINDS.get(number)
        name = named(kind, by_name(record.headers)) if kind is not None else None
        if name is not None and not self._wanted(name.url):
            return _Taken(offset, record.content_length, None)
        taken = _Taken(offset, record.content_length, name)
        if name is None and (
            kind is not None or (number == _UNKNOWN and "WARC-Type" not in record.headers)
        ):
            taken.is_nameless = True
        return taken

    def _take(self, record: WarcRecord, taken: _Taken) -> None:
        if taken.name is not None and taken.size <= _BLOCK:
            taken.block = record.reader.read(taken.size)
            taken.got = len(taken.block)
        else:
            taken.got = record.consume()

    def _believed(self, taken: _Taken, following: int | None) -> Iterator[Found]:
        yield from self._proven()
        told = taken.is_nameless
        if told:
            yield self._damage(taken, "damaged_record", _NAMELESS)
        if taken.name is not None:
            kept = Kept(file=self._file, offset=taken.offset)
            found = (
                damage(taken.name, kept, "too_large", _TOO_LARGE)
                if taken.block is None
                else capture_of(taken.name, taken.block, kept, is_sound=self._framing.CHECKS)
            )
            if told := found is not None:
                yield found
        if following is not None and (told or following - self._told >= _STEP):
            yield self._position(following)

    def _proven(self) -> Iterator[Found]:
        """Yield the damage before a record that can be read."""
        if self._pending is not None:
            if self._pending.code == "cut_off":
                self._pending = replace(self._pending, code="damaged_record", reason=_BROKEN)
            yield self._pending
            self._pending = None

    def _ended(self) -> Iterator[Found]:
        if self._stream.failure is not None:
            yield Damage(
                kept=Kept(file=self._file, offset=self._highest),
                code="unreadable",
                reason=f"The file cannot be read on from here: {self._stream.failure[:200]}",
            )
        elif self._pending is not None:
            yield self._pending
        yield self._position(self._highest)

    def _position(self, offset: int) -> Position:
        self._told = offset
        return Position(offset=offset, done=self._stream.done(offset))

    def _damage(self, taken: _Taken, code: str, reason: str) -> Damage:
        return damage(taken.name, Kept(file=self._file, offset=taken.offset), code, reason)

    def _failed(
        self, at: int, last: _Taken | None, *, is_end: bool = False
    ) -> Generator[Found, None, _Failure | None]:
        """Find out of which record the failure is, *last* or the one behind it."""
        self._stopped()
        code, reason = ("cut_off", _CUT) if is_end else ("damaged_record", _NO_RECORD)
        if last is None:
            if is_end and not self._stream.at(at, 64).strip(_BLANK):
                return None
            return _Failure(self._unread(at, code, reason), at + 1)
        if last.got < last.size or self._is_spent:
            reason = _CUT if is_end else _BROKEN
            return _Failure(self._damage(last, code, reason), last.offset + 1)
        framed = self._framing.frame(self._stream, last.offset, last.size)
        self._again += max(self._stream.tell() - last.offset, 0)
        if not (is_end if framed.is_whole is None else framed.is_whole) and not _is_proven(last):
            reason = _CUT if is_end else _BROKEN
            return _Failure(self._damage(last, code, reason), last.offset + 1)
        yield from self._believed(last, framed.end)
        if framed.end is None:
            if is_end:
                return None
            return _Failure(self._unread(last.offset, code, reason), last.offset + 1)
        if is_end and not self._stream.at(framed.end, 64).strip(_BLANK):
            return None
        return _Failure(self._unread(framed.end, code, reason), framed.end)

    def _unread(self, offset: int, code: str, reason: str) -> Damage:
        """Return the damage at *offset*, with the page that it is of where that can be seen."""
        if self._framing.is_cut(self._stream, offset):
            code, reason = "cut_off", _CUT
        start = io.BytesIO(self._framing.start_of(self._stream, offset))
        try:
            record = next(ArchiveIterator(start, parse_http=False, fsspec_args=False), None)
        except OSError:
            record = None
        name = self._named(record, offset).name if record is not None else None
        if name is not None and code != "cut_off":
            reason = _BROKEN
        return damage(name, Kept(file=self._file, offset=offset), code, reason)

    def _stopped(self) -> None:
        self._reached = self._stream.tell()
        self._highest = max(self._highest, self._reached)

    @property
    def _is_spent(self) -> bool:
        return self._again > _AGAIN + _AGAIN_TIMES * self._highest

    def _next(self, search_from: int) -> int | None:
        """Return where the next record may begin.

        Somebody may write a file in which every few bytes begin what looks like an endless
        record: reading each to its end would take the square of the file's size.
        """
        self._again += max(self._reached - search_from, 0)
        start = max(search_from, self._reached) if self._is_spent else search_from
        found = self._framing.find(self._stream, start)
        self._highest = max(self._highest, self._stream.tell())
        return found


def _is_proven(taken: _Taken) -> bool:
    """Tell whether what was read of a record has the digest that the record states."""
    if taken.name is None or taken.block is None:
        return False
    stated = taken.name.headers.get("warc-block-digest")
    return bool(stated and same_digest(stated, taken.block))
