"""Reads article pages, a long run's with the help of a second process.

Reading takes as long as all else that a crawl does with a page.  At one page a second that is
nothing; where nothing waits between pages (a root on this machine) a second processor may as
well do it.
"""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import socket
import subprocess
import sys
from collections import deque
from dataclasses import dataclass
from typing import Final

from hanicrawler import pages
from hanicrawler.items import ScrapedArticle
from hanicrawler.pages import PageError
from hanicrawler.pages.answers import CRASHED
from hanicrawler.spiders.second import LENGTH, answer_to

AFTER: Final = 100
"""Pages that a run reads by itself first: starting a process pays off after some."""
_TRIES: Final = 2
"""How often a page may end the process that reads it before it is left alone."""
_AHEAD: Final = 16
"""Pages sent before the first of them is answered: more would only fill the memory."""
_PATIENCE: Final = 5.0
"""Seconds to wait for the second process to end."""


@dataclass(slots=True, eq=False)
class _Page:
    """A page on its way to the second process."""

    url: str
    asked: tuple[bytes, str, str | None, str | None]
    answer: asyncio.Future[object]
    tries: int = 0

    def frame(self) -> bytes:
        """Return what is sent for the page."""
        pickled = pickle.dumps(self.asked, pickle.HIGHEST_PROTOCOL)
        return LENGTH.pack(len(pickled)) + pickled


class Reader:
    """Reads pages here, or in a second process from the hundredth page on."""

    def __init__(self, *, second: bool, after: int = AFTER) -> None:
        self._left = after if second else -1
        self._room = asyncio.Semaphore(_AHEAD)
        self._waiting: deque[_Page] = deque()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._answers: asyncio.Task[None] | None = None

    async def read(
        self, body: bytes, url: str, *, charset: str | None, content_type: str | None
    ) -> ScrapedArticle:
        """Return the words of the article page *body*; see :func:`read_article`.

        Raises PageError as that does, and with ``parser_crashed`` for a page that ended the
        second process twice; RuntimeError for an error of the parser's own.
        """
        if self._left != 0:
            self._left -= 1 if self._left > 0 else 0
            return pages.read_article(body, url, charset=charset, content_type=content_type)
        if self._process is None:
            await self._start()
        async with self._room:
            answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
            page = _Page(url, (body, url, charset, content_type), answer)
            self._waiting.append(page)
            if self._writer is not None:
                self._writer.write(page.frame())
            return _article(await answer)

    def close(self) -> None:
        """End the second process."""
        if self._answers is not None:
            self._answers.cancel()
        if self._writer is not None:
            self._writer.close()
        if self._process is not None and self._socket is not None:
            # The writer's end waits for the event loop, which waits for us.
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            try:
                self._process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None

    async def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 (ourselves)
                [sys.executable, "-m", "hanicrawler.spiders.second", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                # Ctrl-C is for the crawl, which ends its second process itself.
                process_group=0,
            )
        self._socket = ours
        stream, self._writer = await asyncio.open_connection(sock=ours)
        self._answers = asyncio.create_task(self._receive(stream))
        for page in self._waiting:
            self._writer.write(page.frame())

    async def _receive(self, stream: asyncio.StreamReader) -> None:
        """Hand each answer to the page that has waited longest, which is the one it is for."""
        is_there = False
        while True:
            try:
                (length,) = LENGTH.unpack(await stream.readexactly(LENGTH.size))
                answer = pickle.loads(await stream.readexactly(length))  # noqa: S301
            except (asyncio.IncompleteReadError, ConnectionError):
                await (self._start_again() if is_there else self._go_on_alone())
                return
            if is_there:
                _settle(self._waiting.popleft(), answer)
            is_there = True

    async def _start_again(self) -> None:
        """Replace a process that has ended; the page it was reading may be why."""
        if self._process is not None:
            self._process.wait()
        self._writer = None
        if self._waiting:
            first = self._waiting[0]
            first.tries += 1
            if first.tries >= _TRIES:
                self._waiting.popleft()
                _settle(first, (CRASHED.code, first.url, CRASHED.reason))
        await self._start()

    async def _go_on_alone(self) -> None:
        """Read here what waits, and whatever comes: no second process can be had."""
        self._left = -1
        while self._waiting:
            page = self._waiting.popleft()
            _settle(page, answer_to(*page.asked))


def _settle(page: _Page, answer: object) -> None:
    if not page.answer.done():
        page.answer.set_result(answer)


def _article(answer: object) -> ScrapedArticle:
    if isinstance(answer, ScrapedArticle):
        return answer
    if isinstance(answer, tuple):
        raise PageError(*answer)
    raise RuntimeError(str(answer))
