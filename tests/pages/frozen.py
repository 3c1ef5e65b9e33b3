"""A case of ``cases/``, read as the site sent it; see cases/index.md."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from hanicrawler.pages import answers, read_article

if TYPE_CHECKING:
    from pathlib import Path

    from hanicrawler.items import ScrapedArticle


class Response(NamedTuple):
    """What came with a case's page."""

    captured_at: datetime = datetime(2026, 11, 1, tzinfo=UTC)
    content_type: str | None = None


def response(folder: Path) -> Response:
    """Return what came with the page; most cases have no response.json, and need none."""
    file = folder / "response.json"
    if not file.exists():
        return Response()
    said = json.loads(file.read_text("utf-8"))
    return Response(datetime.fromisoformat(said["captured_at"]), said["content_type"])


def expected(folder: Path) -> dict[str, Any]:
    """Return what a person says stands on the page."""
    words: dict[str, Any] = json.loads((folder / "expected.json").read_text("utf-8"))
    return words


def read(folder: Path, url: str) -> ScrapedArticle:
    """Return what the parser reads of the page; raises PageError."""
    content_type = response(folder).content_type
    return read_article(
        (folder / "page.html").read_bytes(),
        url,
        charset=answers.charset_of(content_type),
        content_type=content_type,
    )
