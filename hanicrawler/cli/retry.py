"""Trying problems again: from the bytes that were kept, else by asking the site once more."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from hanicrawler.archives import ArchiveError, read_record
from hanicrawler.items import Fetch
from hanicrawler.normalize.article import normalise
from hanicrawler.pages import PageError, read_article
from hanicrawler.pages.answers import charset_of
from hanicrawler.pages.mapping import Mapping
from hanicrawler.site import article_address
from hanicrawler.storage import Writer, kept_page, open_database, open_ids, resolve_problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import sqlalchemy as sa

    from hanicrawler.items import Article
    from hanicrawler.site import Root
    from hanicrawler.storage import Entry, NotedProblem

Thing = TypeVar("Thing")

Way = Literal["read", "fetch", "run"]
"""How a problem is tried again: ``read``, from its bytes; ``fetch``, by asking for the article;
``run``, not now: any run asks for feeds, fronts and lists."""

BATCH: Final = 50
"""Pages read before they are stored, in one transaction."""
MOST_BYTES: Final = 100_000
"""Of URLs in one argument: Linux takes 128 KiB."""
USUAL: Final = frozenset({0, 1})
"""Statuses of a crawl after which the next may follow: healthy, or some pages failed again."""

_TRIAL: Final = (
    "import sys\n"
    "from hanicrawler.pages import PageError, read_article\n"
    "try:\n"
    "    read_article(sys.stdin.buffer.read(), sys.argv[1])\n"
    "except Exception:\n"
    "    pass\n"
)


@dataclass(slots=True)
class Retried:
    """What became of problems that were tried again."""

    chosen: Sequence[NotedProblem]
    open: set[int] = field(default_factory=set)
    """Ids of those that remain."""
    words: dict[int, str] = field(default_factory=dict)
    """Id to what today's parser says of the bytes, where it cannot read them either."""
    status: int | None = None
    """The crawl's exit status where it could not do its work: 75 where another run is at it."""

    @property
    def remaining(self) -> list[NotedProblem]:
        """Those that remain open."""
        return [problem for problem in self.chosen if problem.id in self.open]


def way(problem: NotedProblem) -> Way:
    """Return how *problem* is tried again."""
    if article_address(problem.url) is None:
        return "run"
    if problem.stage not in ("parse", "normalise") or not problem.has_page:
        return "fetch"
    # Whether a page is HTML was told by a header, which only the archive keeps.
    return "fetch" if problem.code == "not_html" and problem.kept is None else "read"


def retry(
    url: sa.URL,
    chosen: Sequence[NotedProblem],
    folder: Path | None,
    *,
    root: Root | None,
    database: str | None,
    fetch: bool,
) -> Retried:
    """Try the problems *chosen* of the database *url* again, and store what can be read now.

    *folder* is the archive's, *root* is HANICRAWLER_SITE, *database* what HANICRAWLER_DATABASE
    is to be for a crawl, None where the environment says; without *fetch* nothing is asked of
    the site.  Raises DatabaseError.
    """
    result = Retried(chosen)
    engine = open_database(url)
    try:
        kept = [problem for problem in chosen if way(problem) == "read"]
        # In the order of their captures: of an article with several the newest holds.
        kept.sort(key=lambda problem: problem.seen_at)
        writer, mapping = Writer(engine, None), Mapping(root)
        for batch in _parts(kept, BATCH):
            result.words |= _reread(engine, writer, mapping, batch, folder)
        result.open = open_ids(engine, [problem.id for problem in chosen])
        addresses = [
            article_address(problem.url)
            for problem in result.remaining
            if fetch and way(problem) != "run"
        ]
        urls = list(dict.fromkeys(address.url for address in addresses if address))
        if urls:
            # The crawl writes: nobody waits for a connection of ours.
            engine.dispose()
            result.status = _crawl(urls, database)
            result.open = open_ids(engine, [problem.id for problem in chosen])
    finally:
        engine.dispose()
    return result


def _reread(
    engine: sa.Engine,
    writer: Writer,
    mapping: Mapping,
    batch: Sequence[NotedProblem],
    folder: Path | None,
) -> dict[int, str]:
    """Read the bytes of *batch* and store what they say; return why not, by id."""
    words: dict[int, str] = {}
    entries: list[Entry] = []
    readers: dict[int, NotedProblem] = {}
    for problem in batch:
        try:
            for entry in _read(engine, mapping, problem, folder):
                if not isinstance(entry, Fetch):
                    readers[len(entries)] = problem
                entries.append(entry)
        except PageError as error:
            words[problem.id] = f"{error.code}: {error.reason}"
        except ArchiveError as error:
            words[problem.id] = str(error)
        except Exception as error:  # noqa: BLE001 (hostile pages: the problem remains, and says so)
            words[problem.id] = " ".join(f"{type(error).__name__}: {error}".split())
    outcomes = writer.write(entries)
    done = []
    for index, problem in readers.items():
        if outcomes[index] == "refused":
            words[problem.id] = "the database refuses it"
        else:
            # Storing has resolved it, but where a later capture of the article is stored.
            done.append(problem.id)
    resolve_problems(engine, done)
    return words


def _read(
    engine: sa.Engine, mapping: Mapping, problem: NotedProblem, folder: Path | None
) -> Iterator[Article | Fetch]:
    """Give the article that the bytes kept with *problem* are, and whether it is gone since.

    Read as a crawl reads it: its links are the site's, whatever root it came from.  The
    response's headers are kept in the archive only, but a page says its charset itself.
    """
    address = article_address(problem.url)
    archived = read_record(folder, problem.kept, problem.url) if problem.kept else None
    kept = kept_page(engine, problem, archived.body if archived else None)
    assert address is not None
    assert kept is not None
    body = mapping.page(kept.body, problem.url)
    if problem.code == "parser_crashed":
        require_survival(body, problem.url)
    content_type = archived.content_type if archived else None
    scraped = read_article(
        body, problem.url, charset=charset_of(content_type), content_type=content_type
    )
    fetch = Fetch(
        url=address.url,
        kind="article",
        fetched_at=kept.fetched_at,
        status=200,
        etag=archived.etag if archived else None,
        last_modified=archived.last_modified if archived else None,
        body_hash=hashlib.sha256(kept.body).hexdigest(),
        kept=problem.kept,
    )
    yield normalise(scraped, fetch, address=address)
    if kept.gone is not None:
        yield kept.gone


def require_survival(body: bytes, url: str) -> None:
    """Raise PageError where a page still ends the process that reads it; that is not us."""
    done = subprocess.run(  # noqa: S603 (ourselves)
        [sys.executable, "-c", _TRIAL, url], input=body, capture_output=True, check=False
    )
    if done.returncode != 0:
        raise PageError("parser_crashed", url, "the page still ends the process that reads it")


def _crawl(urls: Sequence[str], database: str | None) -> int | None:
    """Fetch the articles *urls* as any run does; return its status where that did not work."""
    environment = {"SCRAPY_SETTINGS_MODULE": "hanicrawler.settings", **os.environ}
    if database is not None:
        environment["HANICRAWLER_DATABASE"] = database
    most = max(MOST_BYTES // max(map(len, urls)), 1)
    for some in _parts(urls, most):
        command = [sys.executable, "-m", "scrapy", "crawl", "hani", "-a", f"urls={','.join(some)}"]
        # Its words go where ours would: to standard error.
        done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)  # noqa: S603
        if done.returncode not in USUAL:
            return done.returncode
    return None


def _parts(things: Sequence[Thing], most: int) -> Iterator[Sequence[Thing]]:
    for start in range(0, len(things), most):
        yield things[start : start + most]
