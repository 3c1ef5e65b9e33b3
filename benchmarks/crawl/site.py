"""The invented newspaper in a process of its own, which notes when it was asked for what.

Prints its URL.  Each line it reads then is answered by one line of JSON: the paths asked for
since the last one, each with its moment in seconds.
"""

from __future__ import annotations

import argparse
import json
import sys
from time import monotonic
from typing import TYPE_CHECKING

from tests.replica import Newspaper, Replica

if TYPE_CHECKING:
    from tests.replica import Seen


class Clock(list):  # type: ignore[type-arg]
    """The server's log, with the moment of each request instead of its headers."""

    def append(self, seen: Seen) -> None:
        """Note a request."""
        super().append((seen.path, monotonic()))


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, required=True)
    parser.add_argument("--template", required=True)
    given = parser.parse_args()
    site = Replica(Newspaper.generate(given.articles, template=given.template))
    site.requests = Clock()
    site.warm()
    with site:
        print(site.url, flush=True)
        for _ in sys.stdin:
            noted = list(site.requests)
            site.requests.clear()
            print(json.dumps(noted), flush=True)


if __name__ == "__main__":
    main()
