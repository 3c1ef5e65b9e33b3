"""What stands before every page: who may ask, what may be asked, what a browser may do with it.

The server listens on this machine alone, yet a page on the internet can point a name of its own
at 127.0.0.1 and let a visitor's browser read what answers there.  Such a request has that name
as its ``Host``, so only the machine's own names are answered.  Nor may a page of another site
have a browser ask here, for a picture or in a script: only a link to here is followed.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

METHODS: Final = frozenset({"GET", "HEAD"})
"""Nothing here is changed by asking, and nothing else is asked."""

_SITE: Final = b"sec-fetch-site"
_MODE: Final = b"sec-fetch-mode"
_ELSEWHERE: Final = frozenset({b"cross-site", b"same-site"})
"""What a browser says of a request that a page of another site, or another port, has made."""

_HOST: Final = re.compile(rb"(?:127\.0\.0\.1|localhost)(?::\d{1,5})?", re.IGNORECASE)

OURS: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
"""Content-Security-Policy of our own pages: no script, no frame, nothing from anywhere else."""

DATASETTE: Final = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
"""The same of Datasette's pages, whose own scripts stand in the page."""

_ALWAYS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_REPLACED: Final = frozenset({name for name, _ in _ALWAYS} | {b"content-security-policy"})


def guarded(app: App, policy: Callable[[str], str]) -> App:
    """Return *app* (ASGI) behind the guard.

    *policy* gives the Content-Security-Policy of a path.
    """

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await app(scope, receive, send)
            return  # no page opens a web socket
        extra = (*_ALWAYS, (b"content-security-policy", policy(scope["path"]).encode()))

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [
                    pair for pair in message.get("headers", ()) if pair[0].lower() not in _REPLACED
                ]
                message = {**message, "headers": [*kept, *extra]}
            await send(message)

        headers = dict(scope["headers"])
        hosts = [value for name, value in scope["headers"] if name.lower() == b"host"]
        if len(hosts) != 1 or not _HOST.fullmatch(hosts[0]):
            await _refuse(with_headers, 421, "This archive answers to 127.0.0.1 and localhost.")
        elif headers.get(_SITE) in _ELSEWHERE and headers.get(_MODE) != b"navigate":
            # It could not read the answer, but would make this machine work for it.
            await _refuse(with_headers, 403, "No page of another site may ask here.")
        elif scope["path"].startswith("//"):
            # Datasette would take the rest for a host, and lead there.
            await _refuse(with_headers, 404, "There is no such page.")
        elif b"%00" in scope.get("query_string", b"") or "\0" in scope["path"]:
            await _refuse(with_headers, 400, "No question has a NUL character in it.")
        elif scope["method"] not in METHODS:
            await _refuse(with_headers, 405, "This archive is only read.", (b"allow", b"GET, HEAD"))
        else:
            await app(scope, receive, with_headers)

    return guard


async def _refuse(send: Send, status: int, words: str, *headers: tuple[bytes, bytes]) -> None:
    kind = (b"content-type", b"text/plain; charset=utf-8")
    await send({"type": "http.response.start", "status": status, "headers": [kind, *headers]})
    await send({"type": "http.response.body", "body": f"{words}\n".encode()})
