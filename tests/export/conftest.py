"""An archive on each database, with texts that formats trip over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hanicrawler import open_archive
from hanicrawler.items import Byline, Image, StoryLink
from tests.storage.conftest import (  # noqa: F401 (fixtures are found by their names)
    NOON,
    article,
    article_url,
    engine,
    migrated_file,
    migrated_shape,
    migrated_template,
    rows,
    spare_databases,
    stored_at,
    writer,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

    from hanicrawler import Archive
    from hanicrawler.storage import Writer
    from tests.storage.conftest import MakeArticle

HOSTILE = "=HYPERLINK(\"x\",'y'); a,b\n\n\tnext\r\nline\u2028line\u2029\x85 🎈 판문점 \\N %s <b>&"


def hostile_articles(make: MakeArticle) -> list[Any]:
    korean = "https://www.hani.co.kr/arti/politics/77.html"
    return [
        make(
            1,
            headline=HOSTILE,
            deck="'=2+2",
            body=f"{HOSTILE}\n\n{HOSTILE}",
            section_name="@SUM(A1)",
            label="+1",
            byline="-1",
            contact="\ttab",
            authors=(
                Byline(
                    name="Kim Na-ra", language="en", role="reporter", place="Seoul", email="=a@b.c"
                ),
                Byline(name="Yonhap News", language="en"),
                Byline(name="연합뉴스", language="ko"),
            ),
            images=(
                Image(url="https://img.example/1.jpg", caption=HOSTILE, credit="Yonhap"),
                Image(url="https://img.example/2.jpg", caption=None),
            ),
            original_url=korean,
            original_source_id=77,
        ),
        make(2, authors=(), images=(), related=(), deck=None, byline=None, label=None),
        make(
            3,
            published_at=NOON.replace(microsecond=250_000),
            modified_at=None,
            related=(
                StoryLink(url=article_url(1), headline="One", edition="en", source_id=1),
                StoryLink(url="https://elsewhere.example/", headline=""),
            ),
        ),
    ]


@pytest.fixture
def archive(
    engine: sa.Engine,  # noqa: F811
    writer: Writer,  # noqa: F811
    article: MakeArticle,  # noqa: F811
) -> Iterator[Archive]:
    """Three articles, the second with two versions, on each database."""
    writer.write(hostile_articles(article))
    later = NOON + timedelta(hours=1)
    writer.write([article(2, authors=(), images=(), related=(), deck="New", label=None, at=later)])
    with open_archive(engine.url.render_as_string(hide_password=False)) as opened:
        yield opened
