"""Pages read in a second process: the same answers, whatever happens to it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable

import pytest

from hanicrawler.items import ScrapedArticle
from hanicrawler.pages import PageError, read_article
from hanicrawler.spiders import reader as module
from hanicrawler.spiders.reader import Reader
from tests.waiting import HANGS

URL = "https://english.hani.co.kr/arti/english_edition/e_national/{}.html"


def page(number: int) -> bytes:
    return (
        f"<html><head><title>Mill {number} stops</title></head><body><h1>Mill {number} stops</h1>"
        "<p>Posted on : 2019-03-02 10:11 KST</p><div><p>The mill in the valley stopped at noon on "
        "Tuesday, and nobody there could say who had pulled the lever.</p></div></body></html>"
    ).encode()


def run(work: Callable[[Reader], Awaitable[None]], *, second: bool = True, after: int = 0) -> None:
    async def whole() -> None:
        reader = Reader(second=second, after=after)
        try:
            await work(reader)
        finally:
            reader.close()

    asyncio.run(whole())


async def read(reader: Reader, number: int, body: bytes | None = None) -> ScrapedArticle:
    url = URL.format(number)
    return await reader.read(
        page(number) if body is None else body, url, charset="utf-8", content_type="text/html"
    )


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(HANGS):
        while not condition():
            await asyncio.sleep(0.01)


def test_the_second_process_reads_what_the_first_one_would() -> None:
    async def work(reader: Reader) -> None:
        found = await asyncio.gather(*(read(reader, number) for number in range(30)))
        assert found == [read_article(page(n), URL.format(n)) for n in range(30)]
        assert reader._process is not None

    run(work)


def test_a_page_is_refused_there_as_it_is_here() -> None:
    async def work(reader: Reader) -> None:
        good, bad = await asyncio.gather(
            read(reader, 1), read(reader, 2, b""), return_exceptions=True
        )
        assert isinstance(good, ScrapedArticle)
        assert isinstance(bad, PageError)
        assert (bad.code, bad.url) == ("empty", URL.format(2))

    run(work)


def test_a_short_run_starts_no_process() -> None:
    async def work(reader: Reader) -> None:
        for number in range(5):
            await read(reader, number)
        assert reader._process is None
        await read(reader, 5)
        assert reader._process is not None

    run(work, after=5)


def test_a_run_that_wants_none_starts_none_however_long() -> None:
    async def work(reader: Reader) -> None:
        for number in range(20):
            await read(reader, number)
        assert reader._process is None

    run(work, second=False)


def test_what_waits_when_the_process_is_killed_is_read_by_the_next_one() -> None:
    async def work(reader: Reader) -> None:
        await read(reader, 0)
        first = reader._process
        assert first is not None
        os.kill(first.pid, signal.SIGSTOP)
        waiting = asyncio.gather(*(read(reader, number) for number in range(1, 40)))
        await asyncio.sleep(0)
        first.kill()
        found = await waiting

        assert [article.headline for article in found] == [f"Mill {n} stops" for n in range(1, 40)]
        assert reader._process is not first

    run(work)


def test_a_signal_to_the_crawls_group_does_not_reach_the_process() -> None:
    async def work(reader: Reader) -> None:
        await read(reader, 0)
        assert reader._process is not None
        assert os.getpgid(reader._process.pid) != os.getpgrp()

    run(work)


def test_a_page_that_ends_the_process_twice_is_given_up_and_its_neighbours_are_read() -> None:
    async def work(reader: Reader) -> None:
        await read(reader, 0)
        first = reader._process
        assert first is not None
        os.kill(first.pid, signal.SIGSTOP)
        waiting = asyncio.gather(*(read(reader, n) for n in range(1, 6)), return_exceptions=True)
        await asyncio.sleep(0)
        reader._waiting[0].tries = 1
        first.kill()
        found = await waiting

        assert isinstance(found[0], PageError)
        assert found[0].code == "parser_crashed"
        assert all(isinstance(article, ScrapedArticle) for article in found[1:])

    run(work)


def test_where_no_process_can_be_had_pages_are_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.sys, "executable", "/bin/false")

    async def work(reader: Reader) -> None:
        found = await asyncio.gather(*(read(reader, number) for number in range(10)))
        assert len(found) == 10
        assert (await read(reader, 11)).headline == "Mill 11 stops"

    run(work)


def test_a_crawler_that_is_killed_leaves_no_process_behind() -> None:
    script = f"""
import asyncio, os, signal
from hanicrawler.spiders.reader import Reader
async def main():
    reader = Reader(second=True, after=0)
    await reader.read({page(1)!r}, {URL.format(1)!r}, charset=None, content_type=None)
    print(reader._process.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    pid = int(done.stdout)
    deadline = time.monotonic() + HANGS
    while time.monotonic() < deadline and _runs(pid):
        time.sleep(0.02)

    assert done.returncode == -signal.SIGKILL
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123
            return file.read().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False
