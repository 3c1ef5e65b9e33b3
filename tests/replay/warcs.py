"""WARC files of the invented newspaper, as a crawler of its own time would have kept it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from hanicrawler.archives import Capture
from hanicrawler.items import Kept
from tests.replica import Newspaper, Story, expected
from tests.replica.templates import render

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a server answered."""

    url: str
    at: datetime = NOON
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": HTML})

    def capture(self, **more: Any) -> Capture:
        """Return it as an archive gives it."""
        values = {
            "url": self.url,
            "at": self.at,
            "status": self.status,
            "body": self.body,
            "kept": Kept(file="a.warc.gz", offset=0),
            "content_type": self.headers.get("Content-Type"),
            "location": self.headers.get("Location"),
        }
        return Capture(**(values | more))


def page(story: Story, paper: Newspaper, **changes: Any) -> Answer:
    """Return the answer with *story*'s page, an hour after it was posted."""
    at = (story.posted + timedelta(hours=1)).astimezone(UTC)
    body = render(story, paper).encode()
    values = {"url": expected(story)["url"], "at": at, "body": body}
    return Answer(**(values | changes))


def pages(count: int) -> list[Answer]:
    """Return the answers with so many English articles."""
    paper = Newspaper.generate(count)
    return [page(story, paper) for story in paper]


def write(file: Path, answers: Iterable[Answer]) -> Path:
    """Write *answers* into the WARC file *file*."""
    with file.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for answer in answers:
            headers = StatusAndHeaders(
                f"{answer.status} Whatever", list(answer.headers.items()), protocol="HTTP/1.1"
            )
            record = writer.create_warc_record(
                answer.url,
                "response",
                payload=BytesIO(answer.body),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": f"{answer.at:%Y-%m-%dT%H:%M:%SZ}"},
            )
            writer.write_record(record)
            record.raw_stream.close()  # the writer's own copy, in a temporary file
    return file
