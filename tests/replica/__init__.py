"""The site on loopback: an invented newspaper, served as the real one serves its own.

    with Replica(Newspaper.standard()) as site:
        ... site.url ...

By hand: ``python -m tests.replica --port 8000``, or ``hanicrawler.replica`` in an installed copy.
It stands alone: standard library only, and nothing of the crawler, so that the two can disagree.
"""

from .faults import Fault
from .newspaper import Newspaper
from .server import Replica, Seen
from .stories import KST, Author, Mark, Picture, Story, expected

__all__ = [
    "KST",
    "Author",
    "Fault",
    "Mark",
    "Newspaper",
    "Picture",
    "Replica",
    "Seen",
    "Story",
    "expected",
]
