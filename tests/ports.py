"""Ports of this machine that stay free until they are used."""

from __future__ import annotations

import socket
from random import SystemRandom
from typing import Final

BELOW: Final = 32768
"""Where the system begins to take ports for outgoing connections (Linux; others begin later)."""


def unused_port() -> int:
    """Return a port that nobody listens on.

    Not one that the system would give: before it is used, or while its server is being started
    anew, such a one may become the near end of anybody's connection, even of one to itself.
    """
    random = SystemRandom()
    while True:
        port = random.randrange(15000, BELOW)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
