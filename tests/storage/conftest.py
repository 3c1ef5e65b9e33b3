"""Opened databases and made-up articles."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from hanicrawler.items import Article, Byline, Fetch, Image, StoryLink
from hanicrawler.storage import SharedFrontier, Writer, database_url, open_database

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""When the made-up pages are fetched."""

LEASES = 3
"""How many leases a page may take in the made-up shared crawls."""

MakeArticle = Callable[..., Article]
Rows = Callable[..., list[dict[str, Any]]]


def article_url(source_id: int, section: str = "e_northkorea") -> str:
    return f"https://english.hani.co.kr/arti/english_edition/{section}/{source_id}.html"


def digest(*texts: str | None) -> str:
    """Stand in for the normaliser's hash: white space does not count."""
    return hashlib.sha256("|".join("".join((t or "").split()) for t in texts).encode()).hexdigest()


def make(source_id: int = 1, **changes: Any) -> Article:
    """Return a made-up article; *changes* are fields of it, or ``at``, ``status``, ``etag`` ..."""
    at = changes.pop("at", NOON)
    url = changes.get("url", article_url(source_id))
    fetch = changes.pop("fetch", {})
    values: dict[str, Any] = {
        "edition": "en",
        "source_id": source_id,
        "url": url,
        "section": "e_northkorea",
        "section_name": "North Korea",
        "label": None,
        "headline": f"Talks resume, part {source_id}",
        "deck": "Both sides speak of progress",
        "body": "The first paragraph.\n\nThe second “paragraph”, 판문점.",
        "byline": "By Kim Na-ra, staff reporter, and Yonhap News",
        "authors": (
            Byline(
                name="Kim Na-ra", language="en", role="staff reporter", email="nara@hani.example"
            ),
            Byline(name="Yonhap News", language="en"),
        ),
        "published_at": NOON - timedelta(days=2),
        "modified_at": NOON - timedelta(days=1),
        "published_text": "Feb.27,2026 21:00 KST",
        "modified_text": "Feb.28,2026 21:00 KST",
        "images": (
            Image(url="https://img.example/1.jpg", caption="A hall (Yonhap)", credit="Yonhap"),
        ),
        "related": (
            StoryLink(url=article_url(900), headline="Earlier talks", edition="en", source_id=900),
            StoryLink(url="https://elsewhere.example/", headline=""),
        ),
        "template": "english-2018",
        "layers": {"headline": "template", "deck": "absent"},
    } | changes
    text = (values[name] for name in ("headline", "deck", "body", "byline"))
    values.setdefault("content_hash", digest(*text))
    taught = {"url": url, "kind": "article", "fetched_at": at, "status": 200, "etag": '"e1"'}
    return Article(**values, fetch=Fetch(**(taught | fetch)))


@pytest.fixture
def article() -> MakeArticle:
    """Makes an article: ``article(7, headline="...", at=..., fetch={"etag": ...})``."""
    return make


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "hani.db"
    open_database(database_url(str(file))).dispose()
    return file


@pytest.fixture(scope="session")
def migrated_template(postgres_server: Any) -> str:
    name: str = postgres_server.create()
    open_database(database_url(postgres_server.url(name))).dispose()
    return name


@pytest.fixture(scope="session")
def spare_databases() -> list[str]:
    """Databases with their tables and nothing in them, for the next tests."""
    return []


@pytest.fixture(scope="session")
def migrated_shape(postgres_server: Any, migrated_template: str) -> Any:
    return postgres_server.shape(migrated_template)


@pytest.fixture(params=["sqlite", "postgresql"])
def stored_at(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.URL]:
    """The URL of a database with its tables and nothing in them."""
    if request.param == "sqlite":
        file = tmp_path / "stored.db"
        shutil.copy(request.getfixturevalue("migrated_file"), file)
        yield database_url(str(file))
        return
    server = request.getfixturevalue("postgres_server")
    template = request.getfixturevalue("migrated_template")
    shape = request.getfixturevalue("migrated_shape")
    spare: list[str] = request.getfixturevalue("spare_databases")
    name = spare.pop() if spare else server.create(template)
    try:
        yield database_url(server.url(name))
    finally:
        if server.empty(name, shape):
            spare.append(name)
        else:
            server.drop(name)


@pytest.fixture
def engine(stored_at: sa.URL) -> Iterator[sa.Engine]:
    engine = open_database(stored_at)
    yield engine
    engine.dispose()


@pytest.fixture
def writer(engine: sa.Engine) -> Writer:
    return Writer(engine, None)


@pytest.fixture
def rows(engine: sa.Engine) -> Rows:
    """Gives the rows of a table or of a SELECT: ``rows("articles", "revision")``."""

    def of(table: str, *columns: str) -> list[dict[str, Any]]:
        from hanicrawler.storage.schema import Base
        from hanicrawler.storage.views import VIEWS

        found = Base.metadata.tables.get(table)
        found = VIEWS.tables[table] if found is None else found
        order = list(found.primary_key) or list(found.c)
        wanted = [found.c[name] for name in columns] or list(found.c)
        with engine.connect() as connection:
            selected = connection.execute(sa.select(*wanted).order_by(*order))
            return [dict(row._mapping) for row in selected]

    return of


@pytest.fixture
def joins(engine: sa.Engine) -> Callable[[], SharedFrontier]:
    """Gives the frontier of one more crawler of a crawl that has just begun."""
    since = datetime.now(UTC)
    return lambda: SharedFrontier(engine, since=since, lease=300, attempts=LEASES, opens=False)


@pytest.fixture
def first(joins: Callable[[], SharedFrontier]) -> SharedFrontier:
    return joins()


@pytest.fixture
def second(joins: Callable[[], SharedFrontier]) -> SharedFrontier:
    return joins()
