"""Times one loop over the records of WARC files; runs in whichever environment has its tool.

    python loops.py LOOP MOST PASSES FILE... > times.json

Writes ``{file: [records, seconds]}``: the least CPU time of the passes over the first MOST
records of each file, after a pass over the first records that does not count.
"""

from __future__ import annotations

import gc
import json
import sys
import warnings
from itertools import islice
from time import process_time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Loop = Callable[[str, int], int]

WARM = 20
"""Records of the pass that does not count."""


def main(loop: str, most: int, passes: int, files: list[str]) -> None:
    """Time *loop* on *files*."""
    warnings.simplefilter("ignore")
    run = LOOPS[loop]()
    found = {}
    for file in files:
        run(file, WARM)
        best = float("inf")
        for _ in range(passes):
            gc.collect()
            started = process_time()
            records = run(file, most)
            best = min(best, process_time() - started)
        found[file] = (records, best)
    json.dump(found, sys.stdout)


def lxml() -> Loop:
    """Read the records with fastwarc, build each page's tree with lxml, take nothing from it."""
    from lxml.html import document_fromstring

    return _bare(lambda body, _url: document_fromstring(body))


def selectolax() -> Loop:
    """The same with selectolax."""
    from selectolax.lexbor import LexborHTMLParser

    return _bare(lambda body, _url: LexborHTMLParser(body))


def trafilatura() -> Loop:
    """The same with trafilatura, which takes text and metadata."""
    from trafilatura import bare_extraction

    return _bare(
        lambda body, url: bare_extraction(body, url=url, with_metadata=True, include_comments=False)
    )


def hanicrawler() -> Loop:
    """What ``hanicrawler import`` does before it writes: captures, then every field's value."""
    from hanicrawler.archives import Capture, read_captures, sources
    from hanicrawler.items import Article
    from hanicrawler.replay import tasks
    from hanicrawler.replay.reading import entries_of, wanted

    tasks.tune()

    def run(file: str, most: int) -> int:
        (source,) = sources([file], None)
        captures = (c for c in read_captures(source, wanted=wanted) if isinstance(c, Capture))
        articles = records = 0
        for capture in islice(captures, most):
            records += 1
            articles += sum(isinstance(entry, Article) for entry in entries_of(capture))
        if articles != records:
            raise RuntimeError(f"{file}: {records} pages, {articles} articles")
        return records

    return run


LOOPS: dict[str, Callable[[], Loop]] = {
    "lxml": lxml,
    "selectolax": selectolax,
    "trafilatura": trafilatura,
    "hanicrawler": hanicrawler,
}


def _bare(read: Callable[[bytes, str], Any]) -> Loop:
    def run(file: str, most: int) -> int:
        number = 0
        with open(file, "rb") as stream:  # noqa: PTH123 (as everybody writes it)
            for url, body in islice(_responses(stream), most):
                read(body, url)
                number += 1
        return number

    return run


def _responses(stream: Any) -> Iterator[tuple[str, bytes]]:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
        yield record.headers["WARC-Target-URI"], record.reader.read()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
