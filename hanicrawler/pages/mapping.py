"""What a page of another root says, in the site's own addresses.

A replica or a mirror may print its own root in its links.  Every page passes through here
once, before it is read, so that nothing behind it knows of the root.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hanicrawler.site import Root


class Mapping:
    """Maps the addresses that name *root*; with no root everything comes back as it is."""

    def __init__(self, root: Root | None) -> None:
        self._root = root
        if root is None:
            return
        # As links print it: with or without its scheme, its slashes perhaps escaped (JSON).
        self._needle = root.url.partition("://")[2].encode()
        name = re.escape(self._needle).replace(b"/", rb"\\?/")
        self._printed = re.compile(rb"(?:https?:)?\\?/\\?/" + name + rb"(?=[\\/?#\"'<>\s])")
        self._link = re.compile(self._printed.pattern + rb"([^\"'<>\s]*)")

    def page(self, body: bytes, base: str) -> bytes:
        """Return the page *body*, fetched from the site's address *base*, without the root."""
        if self._root is None or self._needle not in body:
            return body
        return self._link.sub(lambda link: self._to_site(link, base), body)

    def url(self, url: str, base: str) -> str:
        """Return the site's own address of *url*, named by an answer to the site's *base*."""
        return url if self._root is None else self._root.to_site(url, base)

    def _to_site(self, link: re.Match[bytes], base: str) -> bytes:
        assert self._root is not None
        path = link[1].decode("latin-1")
        is_escaped = rb"\/" in link[0]
        url = self._root.url + (path.replace("\\/", "/") if is_escaped else path)
        there = self._root.to_site(url, base)
        return (there.replace("/", "\\/") if is_escaped else there).encode("latin-1")
