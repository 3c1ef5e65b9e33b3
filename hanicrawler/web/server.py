"""The server: an address on this machine, until Ctrl-C."""

from __future__ import annotations

import errno
import signal
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import uvicorn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOST: Final = "127.0.0.1"
"""This machine alone: the pages are one reader's copy of a newspaper."""
FIRST_PORT: Final = 8765
"""Where the address is looked for first."""
PORTS: Final = 50
"""How many ports are tried from there on."""
_SECONDS_TO_END: Final = 3
"""How long an answer under way may take after Ctrl-C."""


class PortTaken(Exception):
    """The port cannot be had; the message is one line that says what to do."""


def listen(port: int | None) -> socket.socket:
    """Return a socket that listens on *port* of 127.0.0.1.

    0 takes any that is free, None the first free one from FIRST_PORT on.  Raises PortTaken.
    """
    tried = range(FIRST_PORT, FIRST_PORT + PORTS) if port is None else (port,)
    for each in tried:
        opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            # A port that was just left may be taken again at once; never one that is in use.
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind((HOST, each))
            opened.listen(128)
        except OSError as error:
            opened.close()
            if port is not None:
                why = {errno.EADDRINUSE: "is taken", errno.EACCES: "is not for this user"}
                raise PortTaken(
                    f"port {port} {why.get(error.errno or 0, f'cannot be had ({error.strerror})')}:"
                    " name another, or --port 0 for any that is free"
                ) from error
        else:
            return opened
    raise PortTaken(
        f"ports {FIRST_PORT} to {FIRST_PORT + PORTS - 1} are all taken: --port 0 takes any that"
        " is free"
    )


def address_of(listening: socket.socket) -> str:
    """Return the address a browser opens: ``http://127.0.0.1:8765/``."""
    host, port = listening.getsockname()[:2]
    return f"http://{host}:{port}/"


def serve(app: Any, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Answer with *app* (ASGI) on *listening* until Ctrl-C or SIGTERM, then return.

    *ready* is called once the first page can be asked for.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="on",
        server_header=False,
        timeout_graceful_shutdown=_SECONDS_TO_END,
    )
    with _ended_by_a_signal():
        _Server(config, ready).run(sockets=[listening])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._ready()


@contextmanager
def _ended_by_a_signal() -> Iterator[None]:
    """Take Ctrl-C and SIGTERM as the end.

    The server ends in order at the first of either, and hands the signal on once it has.
    """

    def end(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)
