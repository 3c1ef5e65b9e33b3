"""The only room that knows SQL: engine, models, writer, queries, migrations."""

from hanicrawler.storage.batch import Outcome, tally
from hanicrawler.storage.crawls import end_killed, finish_crawl, start_crawl, waits_until
from hanicrawler.storage.errors import (
    DatabaseError,
    DatabaseFull,
    DatabaseLocked,
    DatabaseTooNew,
    DatabaseTooOld,
    DatabaseUnreachable,
    RunLocked,
)
from hanicrawler.storage.frontier import Frontier, Gap, KnownPage
from hanicrawler.storage.keys import Entry
from hanicrawler.storage.leases import SharedFrontier
from hanicrawler.storage.locks import RunLock
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
from hanicrawler.storage.revisits import Revisits
from hanicrawler.storage.shared import Membership
from hanicrawler.storage.urls import DEFAULT_DATABASE, database_url, describe
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
    "Frontier",
    "Gap",
    "KnownPage",
    "ListedArticle",
    "Membership",
    "Outcome",
    "ProblemCode",
    "Revisits",
    "RunLock",
    "RunLocked",
    "SharedFrontier",
    "Totals",
    "Writer",
    "current",
    "database_url",
    "describe",
    "downgrade",
    "end_killed",
    "finish_crawl",
    "head",
    "newest",
    "open_database",
    "open_read_only",
    "problem_body",
    "problem_codes",
    "start_crawl",
    "tally",
    "totals",
    "upgrade",
    "waits_until",
]
