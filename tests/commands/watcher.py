"""A watcher outside: it keeps the pings that come, on loopback."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Mapping


class Ping(NamedTuple):
    """A ping that came."""

    method: str
    path: str
    body: str


@dataclass
class Watcher:
    """Keeps pings; answers a path with 200, or with the next of the statuses set for it."""

    pings: list[Ping] = field(default_factory=list)
    answers: dict[str, list[int]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        watcher = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length).decode()
                watcher.pings.append(Ping(self.command, self.path, body))
                waiting = watcher.answers.get(self.path, [])
                self.send_response(waiting.pop(0) if waiting else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST = answer

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    @property
    def settings(self) -> Mapping[str, str]:
        """The environment that sends the pings here."""
        return {
            "HANICRAWLER_PING_SUCCESS": self.url("/ok"),
            "HANICRAWLER_PING_FAILURE": self.url("/fail"),
        }

    @property
    def told(self) -> list[tuple[str, str]]:
        """Method and path of each ping."""
        return [(ping.method, ping.path) for ping in self.pings]
