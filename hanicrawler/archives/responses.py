"""From a record's headers and bytes to a capture."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from fastwarc.warc import HeaderMap

from hanicrawler.archives.bodies import (
    BODY,
    NotDecoded,
    TooLarge,
    decoded,
    has_digest,
    same_digest,
    stated_digest,
    unchunked,
)
from hanicrawler.archives.captures import Capture, Damage
from hanicrawler.archives.dates import EARLIEST, parse_date
from hanicrawler.archives.wayback import unwrap

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hanicrawler.archives.bodies import Digest
    from hanicrawler.items import Kept

_HTML: Final = ("text/html", "application/xhtml+xml")
_TAIL: Final = 1024
_LONG: Final = 1000
"""Longer headers are taken for none: no server's validators or types come near."""
_LONG_URL: Final = 2000
_NOT_MODIFIED: Final = "server-not-modified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a record says of itself before anything of its content is read."""

    kind: str
    """``response``, ``revisit`` or ``resource``."""
    url: str
    """The original's, where the record is of one of the Wayback Machine's addresses."""
    headers: Mapping[str, str]
    """By their names in lower case."""
    is_wrapped: bool
    """Whether the record is of one of the Wayback Machine's addresses."""
    stamp: datetime | None
    """When the Wayback Machine's address says the original was captured."""

    @property
    def at(self) -> datetime | None:
        """When the response came; None where the record does not say."""
        if self.is_wrapped:
            return self.stamp
        return parse_date(self.headers.get("warc-date"))


class _Http(NamedTuple):
    """The head of a response."""

    status: int | None
    headers: Mapping[str, str]
    """By their names in lower case."""


def by_name(headers: HeaderMap) -> dict[str, str]:
    """Return *headers* by their names in lower case; of several with one name, the first.

    To ask a HeaderMap for one header takes as long as to ask it for all.
    """
    return {name.lower(): value for name, value in reversed(headers.to_tuples()) if name.isascii()}


def named(kind: str, headers: Mapping[str, str]) -> Named | None:
    """Return what a record with *headers* is of; None where it names nothing like an address."""
    url = headers.get("warc-target-uri")
    if not url or not url.isprintable():
        return None
    if url[0] == "<":  # wget up to 1.20
        url = url.strip("<>")
    if "archive.org" in url and (original := unwrap(url)) is not None:
        return Named(
            kind=kind, url=original.url, headers=headers, is_wrapped=True, stamp=original.at
        )
    return Named(kind=kind, url=url, headers=headers, is_wrapped=False, stamp=None)


def damage(record: Named | None, kept: Kept, code: str, reason: str) -> Damage:
    """Return what is wrong with a record, of which the address may not be known."""
    if record is None:
        return Damage(kept=kept, code=code, reason=reason)
    url = record.url[:_LONG_URL]
    return Damage(kept=kept, code=code, reason=reason, url=url, at=record.at)


def capture_of(
    record: Named, block: bytes, kept: Kept, *, is_sound: bool = False
) -> Capture | Damage | None:
    """Return the capture of *record*, whose content is *block*.

    None for what is no page: a file or a DNS answer kept beside the responses, a redirect of the
    Wayback Machine's own.  *is_sound* where a checksum of the file says that the content is as it
    was written.
    """
    try:
        return _capture(record, block, kept, is_sound=is_sound)
    except TooLarge:
        return damage(record, kept, "too_large", f"The body is larger than {BODY >> 20} MB.")
    except NotDecoded as error:
        reason = f"The body is not whole in its encoding ({error})."
        return damage(record, kept, "damaged_record", reason)


def _capture(record: Named, block: bytes, kept: Kept, *, is_sound: bool) -> Capture | Damage | None:
    payload = _payload_digest(record)
    # Where the body's own digest is compared, it is enough to do that once.
    is_enough = is_sound and record.kind == "response" and _sha256(payload)
    stated = None if is_enough else record.headers.get("warc-block-digest")
    is_checked = same_digest(stated, block) if stated else None
    if is_checked is False:
        return damage(record, kept, "damaged_record", "The record's digest is another one.")
    if not _is_page(record, block):
        return None
    at = record.at
    if at is None and not record.is_wrapped:
        return damage(record, kept, "no_date", "The record has no date that is one.")
    if record.kind == "resource":
        return _resource(record, block, kept, at)
    return _response(record, block, kept, at, payload, is_checked=bool(is_checked))


def _is_page(record: Named, block: bytes) -> bool:
    if record.kind == "resource":
        stated = record.headers.get("content-type") or ""
        return stated.partition(";")[0].strip().lower() in _HTML
    return record.kind == "revisit" or block.startswith(b"HTTP/") or _says_http(record)


def _says_http(record: Named) -> bool:
    return "http" in (record.headers.get("content-type") or "http").lower()


def _resource(record: Named, block: bytes, kept: Kept, at: datetime | None) -> Capture | Damage:
    if at is None:  # of an address of the Wayback Machine, which a resource has no other date for
        return damage(record, kept, "no_date", "The record does not say when it was captured.")
    if len(block) > BODY:
        raise TooLarge
    stated = record.headers.get("warc-payload-digest")
    if stated and same_digest(stated, block) is False:
        return damage(record, kept, "damaged_record", "The body's digest is another one.")
    return Capture(
        url=record.url,
        at=at,
        status=200,
        body=block,
        kept=kept,
        content_type=_bounded(record.headers.get("content-type")),
    )


def _response(
    record: Named,
    block: bytes,
    kept: Kept,
    at: datetime | None,
    payload: Digest | None,
    *,
    is_checked: bool,
) -> Capture | Damage | None:
    http, sent = _http(block)
    is_revisit = record.kind == "revisit"
    status = _status(record, http)
    if status is None:
        return damage(record, kept, "damaged_record", "The record holds no HTTP response.")
    location = http.headers.get("location") if http else None
    if record.is_wrapped:
        onward = unwrap(location) if location else None
        if 300 <= status < 400 and onward is not None and onward.url == record.url:
            return None  # to another of its own copies of the same page
        location = onward.url if onward else location
        at = at or _memento(http)
        if at is None:
            return damage(record, kept, "no_date", "The record does not say when it was captured.")
    assert at is not None
    body = b"" if is_revisit else _body(http, sent)
    compared = None if is_checked else payload
    wrong = None if is_revisit else _wrong(record, sent, body, compared)
    if wrong is not None:
        return damage(record, kept, *wrong)
    is_compared = not is_checked and body == sent
    return Capture(
        url=record.url,
        at=at,
        status=status,
        body=body,
        kept=kept,
        content_type=_sent(record, http, "content-type"),
        etag=_sent(record, http, "etag"),
        last_modified=_sent(record, http, "last-modified"),
        location=_bounded(location, _LONG_URL),
        is_revisit=is_revisit,
        revisit_of=parse_date(record.headers.get("warc-refers-to-date")) if is_revisit else None,
        body_hash=_sha256(payload) if is_revisit or is_compared else None,
    )


def _http(block: bytes) -> tuple[_Http | None, bytes]:
    """Return the HTTP headers in front of *block*, None where they are none, and what follows."""
    if not block.startswith(b"HTTP/"):
        return None, block
    if block[: block.find(b"\n")][-1:] != b"\r":  # lines that end as some servers end them
        head, blank, rest = block.partition(b"\n\n")
        block = head.replace(b"\n", b"\r\n") + (b"\r\n\r\n" if blank else b"") + rest
    # A blank line always ends them: fastwarc would take in much more, to look for it.
    end = block.find(b"\r\n\r\n") + 4
    headers = HeaderMap("latin1")
    try:
        size = headers.parse(io.BytesIO(block[:end] if end >= 4 else block), True)
    except OSError:
        return None, block
    return _Http(headers.status_code, by_name(headers)), block[size:]


def _status(record: Named, http: _Http | None) -> int | None:
    status = http.status if http is not None else None
    if status is not None and 100 <= status <= 599:
        return status
    if record.kind != "revisit" or status is not None:
        return None
    profile = record.headers.get("warc-profile") or ""
    return 304 if _NOT_MODIFIED in profile else 200


def _body(http: _Http | None, sent: bytes) -> bytes:
    assert http is not None
    headers = http.headers
    body = decoded(sent, headers.get("transfer-encoding"), headers.get("content-encoding"))
    if len(body) > BODY:
        raise TooLarge
    return body


def _wrong(
    record: Named, sent: bytes, body: bytes, stated: Digest | None
) -> tuple[str, str] | None:
    if stated is not None and not _is_payload(stated, sent, body):
        return "damaged_record", "The body's digest is another one."
    if record.headers.get("warc-truncated") and b"</html" not in body[-_TAIL:].lower():
        return "cut_off", "The crawler that kept the page cut it off, and says so."
    return None


def _is_payload(stated: Digest, sent: bytes, body: bytes) -> bool:
    """Tell whether a digest is the body's, in any of the forms that archives take it of."""
    if has_digest(stated, sent):
        return True
    if body == sent:
        return False
    if has_digest(stated, body):
        return True
    try:
        return has_digest(stated, unchunked(sent))
    except (NotDecoded, TooLarge):
        return False


def _sent(record: Named, http: _Http | None, name: str) -> str | None:
    """Return a header as the original's server sent it."""
    if http is None:
        return None
    if not record.is_wrapped:
        return _bounded(http.headers.get(name))
    original = http.headers.get(f"x-archive-orig-{name}")
    if original is None and name == "content-type":
        original = http.headers.get(name)
    return _bounded(original)


def _bounded(text: str | None, limit: int = _LONG) -> str | None:
    """Return a header that may be kept: no database takes every control character."""
    return text if text and len(text) <= limit and text.isprintable() else None


def _memento(http: _Http | None) -> datetime | None:
    """Return when the Wayback Machine's own header says that the original was captured."""
    text = http.headers.get("memento-datetime") if http is not None else None
    try:
        at = parsedate_to_datetime(text) if text else None
    except (ValueError, IndexError, OverflowError):
        return None
    if at is None or at.tzinfo is None or at.year < EARLIEST:
        return None
    return at.astimezone(UTC)


def _payload_digest(record: Named) -> Digest | None:
    stated = record.headers.get("warc-payload-digest")
    return stated_digest(stated) if stated else None


def _sha256(known: Digest | None) -> str | None:
    return known[1].hex() if known and known[0] == "sha256" else None
