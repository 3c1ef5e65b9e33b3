"""The newspaper's server: HTTP/1.1 on loopback, quick, and wrong on request."""

from __future__ import annotations

import asyncio
import gzip
import re
import socket
import struct
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha1
from http import HTTPStatus
from random import Random
from threading import Event, Thread
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Self

from . import lists
from .faults import HTML, Fault, Page
from .templates import render

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from types import TracebackType

    from .newspaper import Newspaper
    from .stories import Edition, Story

Lists = Literal["next", "numbered", "both"]

XML: Final = "application/rss+xml; charset=utf-8"
CACHED_PAGES: Final = 2500
_ARTICLE: Final = re.compile(r"/arti/(english_edition/)?(?:[A-Za-z][\w-]*/){0,3}(\d{1,9})\.html")
_PRINT: Final = re.compile(r"/arti/(?:PRINT|PREVIEW)/(\d{1,9})\.html")
_LIST: Final = re.compile(
    r"/arti/(english_edition/)?([A-Za-z][\w-]*(?:/[A-Za-z][\w-]*)?)(?:/(list|home)(\d*)\.html)?/?"
)
_HOSTS: Final[dict[str, Edition]] = {
    "english": "en",
    "www": "ko",
    "m": "ko",
    "china": "zh",
    "japan": "ja",
}
_REASONS: Final = {status.value: status.phrase for status in HTTPStatus}


class Seen(NamedTuple):
    """A request that came."""

    method: str
    path: str
    """With its query."""
    headers: Mapping[str, str]
    """Names in lower case."""


@dataclass(slots=True)
class _Rule:
    where: str | re.Pattern[str]
    fault: Fault
    share: float
    left: float
    random: Random = field(default_factory=lambda: Random(1))
    times: list[float] = field(default_factory=list)

    def strikes(self, target: str) -> bool:
        if not self.left or not self._fits(target):
            return False
        if self.share < 1 and self.random.random() >= self.share:
            return False
        if self.fault.limit:
            allowed, seconds = self.fault.limit
            now = time.monotonic()
            self.times = [t for t in self.times if now - t < seconds]
            if len(self.times) < allowed:
                self.times.append(now)
                return False
        self.left -= 1
        return True

    def _fits(self, target: str) -> bool:
        path = target.partition("?")[0]
        if isinstance(self.where, re.Pattern):
            return bool(self.where.search(target))
        return self.where in (target, path)


class Replica:
    """The site on loopback, in a thread of its own.

    Usable as a context manager; everything it opened is closed when it ends.

    Args:
        newspaper: What is served; it may be changed while the site runs.
        port: 0 takes a free one.
        lists: Which list pages the site speaks: ``next`` (``?page=N``), ``numbered``
            (``/listN.html``) or ``both``.
        validators: Send ETag and Last-Modified, and answer 304.
        compress: Send gzip to who accepts it.
        log: Keep every request in *requests*.
    """

    def __init__(
        self,
        newspaper: Newspaper,
        *,
        port: int = 0,
        lists: Lists = "next",
        validators: bool = True,
        compress: bool = False,
        log: bool = True,
    ) -> None:
        self.newspaper = newspaper
        self.lists = lists
        self.validators = validators
        self.compress = compress
        self.requests: list[Seen] = []
        self.port = port
        self._log = log
        self._rules: list[_Rule] = []
        self._cache: dict[tuple[str, str], tuple[int, Page]] = {}
        self._packed: dict[str, bytes] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread: Thread | None = None
        self._ready = Event()
        self._failure: BaseException | None = None
        self._connections: set[asyncio.Task[None]] = set()

    # For who uses it.

    @property
    def url(self) -> str:
        """The root, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        """What was requested so far, in order, queries included."""
        return [request.path for request in self.requests]

    def clear(self) -> None:
        """Forget the requests seen so far."""
        self.requests.clear()

    def fault(
        self,
        where: str | re.Pattern[str],
        fault: Fault,
        *,
        share: float = 1.0,
        times: float = float("inf"),
    ) -> None:
        """Let requests go wrong from now on.

        Args:
            where: A path (any query) or a path with its query, exactly; or a compiled regular
                expression, searched in the path with its query.
            fault: What goes wrong.  Several faults may strike the same request, in the order
                in which they were set.
            share: The share of the requests that are struck; the same ones in every run.
            times: How often at most.
        """
        self._rules.append(_Rule(where, fault, share, times))

    def heal(self, where: str | re.Pattern[str] | None = None) -> None:
        """End the faults set for *where*, or all of them."""
        self._rules = [r for r in self._rules if where is not None and r.where != where]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Serve from a thread; return once connections are accepted."""
        self._ready.clear()
        self._failure = None
        self._thread = Thread(target=self._run, name="replica", daemon=True)
        self._thread.start()
        self._ready.wait(10)
        if self._failure is not None:
            self._thread.join()
            raise self._failure

    def stop(self) -> None:
        """Close every connection and end the thread."""
        if self._thread is None:
            return
        if self._loop is not None and self._stop is not None:
            with suppress(RuntimeError):  # the loop may have ended by itself
                self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        self._thread = None

    def warm(self) -> None:
        """Render the newest article pages now, as many as are kept."""
        for story in self.newspaper.stories()[: CACHED_PAGES - 100]:
            self._cached(story.path, None)

    def wait(self) -> None:
        """Wait until the server ends; meant for a process that does nothing else."""
        while self._thread is not None and self._thread.is_alive():
            self._thread.join(1)

    # The server.

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except OSError as error:
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._connection, "127.0.0.1", self.port, backlog=512)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        try:
            await self._stop.wait()
        finally:
            server.close()
            for task in tuple(self._connections):
                task.cancel()
            await asyncio.gather(*self._connections, return_exceptions=True)
            await server.wait_closed()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            while await self._exchange(reader, writer):
                pass
        except (
            asyncio.CancelledError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
            OSError,
        ):
            writer.transport.abort()
        finally:
            self._connections.discard(task)
            writer.close()
            with suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; return whether the connection stays open."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head[:-4].split("\r\n")
        words = first.split(" ")
        if len(words) != 3:
            writer.write(
                b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
            return False
        method, target, protocol = words
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        if self._log:
            self.requests.append(Seen(method, target, headers))
        if length := int(headers.get("content-length") or 0):
            await reader.readexactly(length)
        keep = headers.get("connection", "").lower() != "close" and protocol == "HTTP/1.1"
        page = self._page(method, target, headers)
        if page.delay:
            await asyncio.sleep(page.delay)
        if page.reset or page.silent or page.raw is not None:
            await _misbehave(writer, page)
            return False
        if page.stream is not None:
            return await _send_stream(writer, page, method, keep)
        return await self._send(writer, page, method, headers, keep)

    async def _send(
        self,
        writer: asyncio.StreamWriter,
        page: Page,
        method: str,
        headers: Mapping[str, str],
        keep: bool,
    ) -> bool:
        body, extra = page.body, list(page.headers)
        if self.validators and page.status == 200:
            if page.etag:
                extra.append(("ETag", page.etag))
            if page.last_modified:
                extra.append(("Last-Modified", page.last_modified))
            if _unchanged(page, headers):
                page, body = replace(page, status=304, content_type=None, cut=None), b""
        accepts = "gzip" in headers.get("accept-encoding", "")
        if self.compress and not page.encoded:
            extra.append(("Vary", "Accept-Encoding"))
            if accepts and len(body) > 500:
                body = self._pack(page)
                extra.append(("Content-Encoding", "gzip"))
        keep = keep and page.cut is None and page.declared is None
        length = len(body) if page.declared is None else int(len(body) * page.declared)
        writer.write(_head(page, extra, length, keep))
        if method == "HEAD":
            body = b""
        if page.cut is not None:
            body = body[: int(len(body) * page.cut)]
        if page.drip:
            pieces = [body[n * len(body) // 10 : (n + 1) * len(body) // 10] for n in range(10)]
            for piece in pieces:
                await asyncio.sleep(page.drip / 10)
                writer.write(piece)
                await writer.drain()
        else:
            writer.write(body)
        await writer.drain()
        return keep

    def _pack(self, page: Page) -> bytes:
        if page.etag is None:
            return gzip.compress(page.body, 6, mtime=0)
        if page.etag not in self._packed:
            _make_room(self._packed)
            self._packed[page.etag] = gzip.compress(page.body, 6, mtime=0)
        return self._packed[page.etag]

    # What is served.

    def _page(self, method: str, target: str, headers: Mapping[str, str]) -> Page:
        if method not in ("GET", "HEAD"):
            return Page(b"", 405, headers=(("Allow", "GET, HEAD"),))
        if target.startswith("http://"):  # a proxy's form
            target = "/" + target.split("/", 3)[3] if target.count("/") > 2 else "/"
        host = headers.get("host", "").partition(":")[0]
        edition = _HOSTS.get(host.partition(".")[0]) if host.endswith("hani.co.kr") else None
        if not self._rules:
            return self._cached(target, edition)
        faults = [rule.fault for rule in self._rules if rule.strikes(target)]
        if not faults:
            return self._cached(target, edition)
        wanted = next((f.body_of for f in faults if f.body_of), target)
        if any(f.story or f.list_page for f in faults):
            page = self._validated(self._made(wanted, edition, faults), None)
        else:
            page = self._cached(wanted, edition)
        for fault in faults:
            if fault.page is not None:
                page = fault.page(page, target)
        return page

    def _cached(self, target: str, edition: Edition | None) -> Page:
        version, key = self.newspaper.version, (target, edition or "")
        held = self._cache.get(key)
        if held is None or held[0] != version:
            _make_room(self._cache)
            held = version, self._made(target, edition, [])
            self._cache[key] = held
        return held[1]

    def _made(self, target: str, edition: Edition | None, faults: list[Fault]) -> Page:
        path, _, query = target.partition("?")
        paper = self.newspaper
        if path == "/robots.txt":
            return self._validated(Page(lists.ROBOTS.encode(), content_type="text/plain"), None)
        if path == "/rss/":
            return Page(b"", 308, headers=(("Location", "/rss"),))
        if path in ("/rss", "/rss/english_edition"):
            text = lists.feed(paper, "ko" if path == "/rss" else "en")
            return self._validated(Page(text.encode(), content_type=XML), self._newest())
        if path in ("/", "", "/arti/english_edition", "/arti/english_edition/"):
            shown: Edition = "ko" if edition == "ko" and len(path) < 2 else "en"
            return self._html(lists.front(paper, shown), self._newest())
        if (found := _PRINT.fullmatch(path)) and (story := self._find(None, int(found[1]))):
            return self._html(lists.print_view(story), paper.touched(story))
        if found := _ARTICLE.fullmatch(path):
            story = self._find("en" if found[1] else edition or "ko", int(found[2]))
            return self._article(story, faults) if story else self._no_page()
        if found := _LIST.fullmatch(path):
            chosen: Edition = "en" if found[1] else "ko"
            number = int(found[4] or 1) if found[3] == "list" else None
            return self._list(chosen, found[2], number, query, faults)
        return self._no_page()

    def _find(self, edition: Edition | None, source_id: int) -> Story | None:
        """Return the story; one root serves the editions whose hosts cannot be told apart."""
        if edition == "en":
            return self.newspaper.story(source_id)
        others: tuple[Edition, ...] = ("ko", "zh", "ja") if edition else ("en", "ko")
        order = (edition, *others) if edition else others
        return next((s for e in order if (s := self.newspaper.story(source_id, e))), None)

    def _article(self, story: Story, faults: list[Fault]) -> Page:
        touched = self.newspaper.touched(story)
        for fault in faults:
            if fault.story is not None:
                story = fault.story(story)
        return self._html(render(story, self.newspaper), touched)

    def _list(
        self, edition: Edition, section: str, number: int | None, query: str, faults: list[Fault]
    ) -> Page:
        paper = self.newspaper
        stories = lists.of_section(paper, edition, section)
        if stories is None:
            return self._no_page()
        touched = max((paper.touched(s) for s in stories), default=None)
        asked = int(found[1]) if (found := re.search(r"(?:^|&)page=(\d{1,6})", query)) else None
        if number is not None:
            if self.lists == "next":
                return self._no_page()
            number = _shown(number, lists.pages(stories, lists.NUMBERED_LENGTH), faults)
            text = lists.numbered(paper, edition, section, stories, number)
            return self._html(text, touched) if text else self._no_page()
        if self.lists == "next" or (self.lists == "both" and asked is not None):
            number = _shown(max(asked or 1, 1), lists.pages(stories, lists.NEXT_LENGTH), faults)
            return self._html(lists.next_list(paper, edition, section, stories, number), touched)
        return self._html(lists.section_front(paper, edition, section, stories), touched)

    def _newest(self) -> datetime | None:
        paper = self.newspaper
        return paper.memo("newest", lambda: max((paper.touched(s) for s in paper), default=None))

    def _no_page(self) -> Page:
        return Page(lists.no_page(self.newspaper).encode(), 404)

    def _html(self, text: str, touched: datetime | None) -> Page:
        return self._validated(Page(text.encode(), content_type=HTML), touched)

    def _validated(self, page: Page, touched: datetime | None) -> Page:
        if page.status != 200 or page.etag:
            return page
        etag = f'"{sha1(page.body, usedforsecurity=False).hexdigest()[:20]}"'
        when = format_datetime(touched, usegmt=True) if touched else None
        return replace(page, etag=etag, last_modified=when)


def _shown(number: int, last: int, faults: list[Fault]) -> int:
    for fault in faults:
        if fault.list_page is not None:
            number = fault.list_page(number, last)
    return number


def _make_room(
    held: dict[object, object] | dict[str, bytes] | dict[tuple[str, str], tuple[int, Page]],
) -> None:
    if len(held) >= CACHED_PAGES:
        del held[next(iter(held))]  # type: ignore[arg-type]


def _unchanged(page: Page, headers: Mapping[str, str]) -> bool:
    """Tell whether the client holds the page, as RFC 9110 has it: an ETag goes before a date."""
    if wanted := headers.get("if-none-match"):
        tags = {tag.strip().removeprefix("W/") for tag in wanted.split(",")}
        return page.etag in tags or "*" in tags
    since = headers.get("if-modified-since")
    if not since or not page.last_modified:
        return False
    try:
        return parsedate_to_datetime(page.last_modified) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False


def _head(page: Page, extra: list[tuple[str, str]], length: int | None, keep: bool) -> bytes:
    lines = [f"HTTP/1.1 {page.status} {_REASONS.get(page.status, 'Unknown')}"]
    if page.content_type:
        lines.append(f"Content-Type: {page.content_type}")
    lines += [f"{name}: {value}" for name, value in extra]
    if length is None:
        lines.append("Transfer-Encoding: chunked")
    elif page.status != 304:
        lines.append(f"Content-Length: {length}")
    lines.append("Connection: keep-alive" if keep else "Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def _send_stream(writer: asyncio.StreamWriter, page: Page, method: str, keep: bool) -> bool:
    assert page.stream is not None
    writer.write(_head(page, list(page.headers), None, keep))
    if method != "HEAD":
        for chunk in page.stream():
            writer.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
            await writer.drain()
        writer.write(b"0\r\n\r\n")
    await writer.drain()
    return keep


async def _misbehave(writer: asyncio.StreamWriter, page: Page) -> None:
    if page.raw is not None:
        writer.write(page.raw)
        await writer.drain()
    elif page.reset:
        linger = struct.pack("ii", 1, 0)  # close with a reset, not with a farewell
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()
