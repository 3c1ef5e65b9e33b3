"""Times one tool on pages; runs in whichever environment has the tool.

    python timing.py TOOL PASSES < pages.json > times.json

Reads ``{name: {"url": ..., "html": ...}}`` and writes ``{name: seconds}``: the least CPU time of
the passes, after one pass that does not count.  The least, because whatever else the machine
does can only add to it.
"""

from __future__ import annotations

import gc
import json
import sys
import warnings
from time import process_time_ns
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def main(tool: str, passes: int) -> None:
    """Time *tool* on the pages of standard input."""
    warnings.simplefilter("ignore")
    pages = json.load(sys.stdin)
    read = TOOLS[tool]()
    bodies = {name: (page["html"].encode("utf-8"), page["url"]) for name, page in pages.items()}
    best = dict.fromkeys(bodies, float("inf"))
    for number in range(passes + 1):
        gc.collect()
        for name, (body, url) in bodies.items():
            started = process_time_ns()
            read(body, url)
            spent = (process_time_ns() - started) / 1e9
            if number:
                best[name] = min(best[name], spent)
    json.dump(best, sys.stdout)


def hanicrawler() -> Callable[[bytes, str], Any]:
    """``read_article`` and ``normalise``: every field."""
    from datetime import UTC, datetime

    from hanicrawler.items import Fetch
    from hanicrawler.normalize.article import normalise
    from hanicrawler.pages import read_article
    from hanicrawler.site import article_address

    moment = datetime(2026, 11, 1, tzinfo=UTC)

    def read(body: bytes, url: str) -> Any:
        address = article_address(url)
        assert address is not None
        fetch = Fetch(url=url, kind="article", fetched_at=moment, status=200)
        return normalise(read_article(body, url), fetch, address=address)

    return read


def parse_only() -> Callable[[bytes, str], Any]:
    """The tree alone, as selectolax builds it: the least that any reading of it costs."""
    from selectolax.lexbor import LexborHTMLParser

    return lambda body, _url: LexborHTMLParser(body.decode("utf-8"))


def trafilatura() -> Callable[[bytes, str], Any]:
    """Its extraction with metadata."""
    from trafilatura import bare_extraction

    return lambda body, url: bare_extraction(
        body, url=url, with_metadata=True, include_comments=False
    )


def newspaper4k() -> Callable[[bytes, str], Any]:
    """Its parser, nothing fetched; English for every page, Korean needs data apart."""
    import newspaper

    def read(body: bytes, url: str) -> Any:
        article = newspaper.Article(url, language="en", fetch_images=False)
        article.download(input_html=body.decode("utf-8"))
        article.parse()
        return article

    return read


TOOLS: dict[str, Callable[[], Callable[[bytes, str], Any]]] = {
    "hanicrawler": hanicrawler,
    "parse only": parse_only,
    "trafilatura": trafilatura,
    "newspaper4k": newspaper4k,
}

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
