"""The second process of a crawl: reads article pages that the first one fetched.

``python -m hanicrawler.spiders.second FD`` answers on the socket FD until the other end closes,
however that end comes to its end: nothing is left behind by a crawl that was killed.
"""

from __future__ import annotations

import gc
import pickle
import signal
import socket
import struct
import sys
from typing import TYPE_CHECKING, Final

from hanicrawler import pages
from hanicrawler.pages import PageError

if TYPE_CHECKING:
    from io import BufferedRWPair

LENGTH: Final = struct.Struct(">I")
"""Before each pickle: its length in bytes."""


def serve(stream: BufferedRWPair) -> None:
    """Answer every page that comes through *stream* with its article or its error, in order.

    A first answer, to nothing, says that the process is there.
    """
    _send(stream, None)
    while head := stream.read(LENGTH.size):
        asked = pickle.loads(stream.read(*LENGTH.unpack(head)))  # noqa: S301 (from ourselves)
        _send(stream, answer_to(*asked))


def answer_to(body: bytes, url: str, charset: str | None, content_type: str | None) -> object:
    """Return the article of a page, or what its error says."""
    try:
        return pages.read_article(body, url, charset=charset, content_type=content_type)
    except PageError as error:
        return error.code, error.url, error.reason
    except Exception as error:  # noqa: BLE001 (the first process counts and keeps it)
        return f"{type(error).__name__}: {error}"


def _send(stream: BufferedRWPair, answer: object) -> None:
    frame = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    stream.write(LENGTH.pack(len(frame)) + frame)
    stream.flush()


def main() -> None:
    """Serve on the socket that the first argument names."""
    # Now, so that the freeze is of all that reads a page.
    import hanicrawler.pages.article  # noqa: F401

    # A signal to the group is for the first process; its end is ours.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(5_000, 20, 100)
    with socket.socket(fileno=int(sys.argv[1])) as end, end.makefile("rwb") as stream:
        try:
            serve(stream)
        except (BrokenPipeError, ConnectionResetError):
            return


if __name__ == "__main__":
    main()
