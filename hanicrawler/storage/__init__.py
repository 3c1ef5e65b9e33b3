"""The only room that knows SQL: engine, models, writer, queries, migrations."""

from hanicrawler.storage.batch import Outcome
from hanicrawler.storage.crawls import finish_crawl, start_crawl
from hanicrawler.storage.errors import (
    DatabaseError,
    DatabaseFull,
    DatabaseLocked,
    DatabaseTooNew,
    DatabaseTooOld,
    DatabaseUnreachable,
)
from hanicrawler.storage.keys import Entry
from hanicrawler.storage.migrate import (
    current,
    downgrade,
    head,
    open_database,
    open_read_only,
    upgrade,
)
from hanicrawler.storage.problems import problem_body
from hanicrawler.storage.queries import (
    ListedArticle,
    ProblemCode,
    Totals,
    newest,
    problem_codes,
    totals,
)
from hanicrawler.storage.urls import DEFAULT_DATABASE, database_url, describe, without_passwords
from hanicrawler.storage.writer import Writer

__all__ = [
    "DEFAULT_DATABASE",
    "DatabaseError",
    "DatabaseFull",
    "DatabaseLocked",
    "DatabaseTooNew",
    "DatabaseTooOld",
    "DatabaseUnreachable",
    "Entry",
    "ListedArticle",
    "Outcome",
    "ProblemCode",
    "Totals",
    "Writer",
    "current",
    "database_url",
    "describe",
    "downgrade",
    "finish_crawl",
    "head",
    "newest",
    "open_database",
    "open_read_only",
    "problem_body",
    "problem_codes",
    "start_crawl",
    "totals",
    "upgrade",
    "without_passwords",
]
