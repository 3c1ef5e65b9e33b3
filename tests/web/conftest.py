"""The pages over a record, asked through Datasette's own client: no server and no browser."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from hanicrawler.storage import Writer, database_url, open_database
from hanicrawler.web.app import Site
from tests.storage.conftest import make, migrated_file  # noqa: F401 (a fixture)


@dataclass(frozen=True)
class Got:
    """A page that came."""

    status: int
    text: str
    headers: dict[str, str]

    @property
    def tags(self) -> list[tuple[str, dict[str, str | None]]]:
        """Every element, with its attributes."""
        reader = _Reader()
        reader.feed(self.text)
        return reader.found

    @property
    def words(self) -> str:
        """What a reader sees, its white space made plain."""
        reader = _Reader()
        reader.feed(self.text)
        return " ".join("".join(reader.words).split())

    @property
    def links(self) -> list[str]:
        """Where the links lead."""
        return [found["href"] or "" for tag, found in self.tags if tag == "a" and "href" in found]


_INLINE = {"a", "b", "bdi", "code", "del", "ins", "mark", "span", "time"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in _INLINE:
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


Get = Callable[..., Got]
Make = Callable[..., Get]


@contextmanager
def pages_of(file: Path) -> Iterator[Get]:
    """Give what asks for the pages of the archive in *file*: ``get("/article/1")``."""
    site = Site(file, name=str(file))

    async def ask(path: str, method: str, headers: dict[str, str]) -> Got:
        url = path if "://" in path else f"http://127.0.0.1{path}"
        answer: Any = await site.datasette.client.request(
            method, url, headers=headers, avoid_path_rewrites=True
        )
        return Got(answer.status_code, answer.text, dict(answer.headers))

    try:
        with asyncio.Runner() as runner:
            yield lambda path, method="GET", **headers: runner.run(ask(path, method, headers))
    finally:
        site.close()


@pytest.fixture(scope="module")
def get(crawled_file: Path) -> Iterator[Get]:
    """Asks for a page of the invented newspaper's archive."""
    with pages_of(crawled_file) as asking:
        yield asking


@contextmanager
def pages_of_made(file: Path, *articles: dict[str, Any]) -> Iterator[Get]:
    """Give what asks for the pages of made-up *articles*, written into *file*, which is empty."""
    engine = open_database(database_url(str(file)))
    writer = Writer(engine, None)
    for number, changes in enumerate(articles, 1):
        writer.write([make(**{"source_id": number, **changes})])
    engine.dispose()
    with pages_of(file) as get:
        yield get


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Callable[[], Path]:  # noqa: F811
    """Gives a file with tables and nothing in them, whose name means something to a URL."""

    def another() -> Path:
        file = tmp_path_factory.mktemp("made") / "up? 100%.db"
        shutil.copy(migrated_file, file)
        return file

    return another


@pytest.fixture
def written(empty: Callable[[], Path]) -> Iterator[Make]:
    """Writes made-up articles and asks for their pages: ``written({"headline": "A"})("/")``."""
    with ExitStack() as stack:
        yield lambda *articles: stack.enter_context(pages_of_made(empty(), *articles))
