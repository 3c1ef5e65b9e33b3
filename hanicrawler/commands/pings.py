"""Pings: an address outside is told that a run has ended, and how.

A watcher of the healthchecks kind waits for the ping of success and raises the alarm where it
does not come: that is how a machine that is switched off is noticed.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from hanicrawler import __version__
from hanicrawler.extensions.limits import SettingError

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from hanicrawler.commands.ended import Ended

SUCCESS: Final = "HANICRAWLER_PING_SUCCESS"
FAILURE: Final = "HANICRAWLER_PING_FAILURE"
SECONDS: Final = 10.0
"""How long to wait for an answer."""
TRIES: Final = 2


def check(settings: BaseSettings) -> None:
    """Raise SettingError for a ping that is no http or https URL.

    The message does not repeat it: who knows the URL can send false pings.
    """
    for name in (SUCCESS, FAILURE):
        url = settings.get(name)
        if url and not _is_web_address(str(url)):
            raise SettingError(f"{name}: not an http or https URL")


def tell(settings: BaseSettings, ended: Ended) -> str | None:
    """Send the ping that *settings* name for a run that *ended* so.

    Nothing is sent but the paragraph.  Returns one line where the ping failed, else None.
    """
    name = SUCCESS if ended.is_healthy else FAILURE
    url = settings.get(name)
    if not url:
        return None
    reason = _send(str(url), ended.words)
    return f"{name}: the ping failed: {reason}" if reason else None


def _is_web_address(url: str) -> bool:
    if any(character.isspace() or not character.isprintable() for character in url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _send(url: str, text: str) -> str | None:
    """Ask for *url* with *text* as its body; return why that failed, None where it did not."""
    method, reason = "POST", ""
    for _ in range(TRIES):
        try:
            _ask(url, method, text)
        except urllib.error.HTTPError as error:
            reason = f"HTTP status {error.code}"
            error.close()
            if error.code == HTTPStatus.METHOD_NOT_ALLOWED:
                method = "GET"
        except (OSError, HTTPException, ValueError) as error:
            cause = error.reason if isinstance(error, urllib.error.URLError) else error
            reason = " ".join(f"{type(error).__name__}: {cause}".split())
        else:
            return None
    return reason


def _ask(url: str, method: str, text: str) -> None:
    request = urllib.request.Request(  # noqa: S310 (http and https only: see check)
        url,
        data=text.encode() if method == "POST" else None,
        method=method,
        headers={
            "User-Agent": f"hanicrawler/{__version__}",
            "Content-Type": "text/plain; charset=utf-8",
        },
    )
    with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310
        pass
