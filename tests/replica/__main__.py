"""Serve the invented newspaper by hand: ``python -m tests.replica --port 8000``."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress

from .newspaper import TEMPLATES, Newspaper
from .server import Replica


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; the root's URL is the first line printed."""
    parser = argparse.ArgumentParser(
        prog="replica", description="The site on loopback, with invented articles."
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one (the default)")
    parser.add_argument(
        "--articles", type=int, default=0, help="how many; 0 is the standard newspaper of 63"
    )
    parser.add_argument(
        "--template", choices=TEMPLATES[:6], help="one template for all (with --articles)"
    )
    parser.add_argument(
        "--lists",
        choices=("next", "numbered", "both"),
        default="next",
        help="form of the list pages",
    )
    parser.add_argument("--gzip", action="store_true", help="compress for who accepts it")
    parser.add_argument(
        "--no-validators", action="store_true", help="no ETag, Last-Modified and 304"
    )
    parser.add_argument("--warm", action="store_true", help="render article pages before serving")
    given = parser.parse_args(arguments)
    paper = (
        Newspaper.generate(given.articles, template=given.template)
        if given.articles
        else Newspaper.standard()
    )
    site = Replica(
        paper,
        port=given.port,
        lists=given.lists,
        validators=not given.no_validators,
        compress=given.gzip,
        log=False,
    )
    if given.warm:
        site.warm()
    with site, suppress(KeyboardInterrupt):
        print(site.url, flush=True)
        site.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
