"""The only room that knows SQL: engine, models, writer, queries, migrations."""

from hanicrawler.storage.batch import Outcome
from hanicrawler.storage.coverage import (
    Coverage,
    DayCoverage,
    ListGap,
    list_gaps,
    read_coverage,
)
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
from hanicrawler.storage.noted import (
    Choice,
    KeptPage,
    NotedProblem,
    count_problems,
    find_problems,
    kept_page,
    noted_problem,
    open_ids,
    resolve_problems,
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
from hanicrawler.storage.status import (
    Due,
    FieldCoverage,
    Freshness,
    NewestArticle,
    RecentCoverage,
    Run,
    due,
    freshness,
    recent_coverage,
    recent_runs,
)
from hanicrawler.storage.urls import DEFAULT_DATABASE, database_url, describe
from hanicrawler.storage.writer import Writer

__all__ = [
    "DEFAULT_DATABASE",
    "Choice",
    "Coverage",
    "DatabaseError",
    "DatabaseFull",
    "DatabaseLocked",
    "DatabaseTooNew",
    "DatabaseTooOld",
    "DatabaseUnreachable",
    "DayCoverage",
    "Due",
    "Entry",
    "FieldCoverage",
    "Freshness",
    "KeptPage",
    "ListGap",
    "ListedArticle",
    "NewestArticle",
    "NotedProblem",
    "Outcome",
    "ProblemCode",
    "RecentCoverage",
    "Run",
    "Totals",
    "Writer",
    "count_problems",
    "current",
    "database_url",
    "describe",
    "downgrade",
    "due",
    "find_problems",
    "finish_crawl",
    "freshness",
    "head",
    "kept_page",
    "list_gaps",
    "newest",
    "noted_problem",
    "open_database",
    "open_ids",
    "open_read_only",
    "problem_body",
    "problem_codes",
    "read_coverage",
    "recent_coverage",
    "recent_runs",
    "resolve_problems",
    "start_crawl",
    "totals",
    "upgrade",
]
