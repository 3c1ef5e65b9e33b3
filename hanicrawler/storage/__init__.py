"""The only room that knows SQL: engine, models, writer, queries, migrations."""

from hanicrawler.storage.archived import forget_archived, needed_files
from hanicrawler.storage.asking import Answer, Question, WrongQuestion, ask, question, questions
from hanicrawler.storage.batch import Outcome, tally
from hanicrawler.storage.coverage import (
    Coverage,
    DayCoverage,
    ListGap,
    NamedStories,
    list_gaps,
    read_coverage,
)
from hanicrawler.storage.crawls import (
    LONGEST_WAIT,
    end_killed,
    finish_crawl,
    note_wait,
    start_crawl,
    waits_until,
)
from hanicrawler.storage.errors import (
    DatabaseError,
    DatabaseFull,
    DatabaseLocked,
    DatabaseTooNew,
    DatabaseTooOld,
    DatabaseUnreachable,
    RunLocked,
)
from hanicrawler.storage.filters import Filters
from hanicrawler.storage.frontier import Frontier, Gap, KnownPage
from hanicrawler.storage.history import (
    earlier_coverage,
    last_healthy,
    latest_moment,
    newest_published,
)
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
from hanicrawler.storage.revisits import Revisits
from hanicrawler.storage.run_models import COUNTED_AT_THE_END
from hanicrawler.storage.search import FoundArticle, FoundPage, Order, search
from hanicrawler.storage.shared import Membership, MembersLock
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
from hanicrawler.storage.urls import (
    DEFAULT_DATABASE,
    database_file,
    database_url,
    describe,
    without_passwords,
)
from hanicrawler.storage.words import (
    BadSearch,
    Term,
    Words,
    is_cjk,
    plain_letters,
    read_words,
    stem,
)
from hanicrawler.storage.writer import Writer

__all__ = [
    "COUNTED_AT_THE_END",
    "DEFAULT_DATABASE",
    "LONGEST_WAIT",
    "Answer",
    "BadSearch",
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
    "Filters",
    "FoundArticle",
    "FoundPage",
    "Freshness",
    "Frontier",
    "Gap",
    "KeptPage",
    "KnownPage",
    "ListGap",
    "ListedArticle",
    "MembersLock",
    "Membership",
    "NamedStories",
    "NewestArticle",
    "NotedProblem",
    "Order",
    "Outcome",
    "ProblemCode",
    "Question",
    "RecentCoverage",
    "Revisits",
    "Run",
    "RunLock",
    "RunLocked",
    "SharedFrontier",
    "Term",
    "Totals",
    "Words",
    "Writer",
    "WrongQuestion",
    "ask",
    "count_problems",
    "current",
    "database_file",
    "database_url",
    "describe",
    "downgrade",
    "due",
    "earlier_coverage",
    "end_killed",
    "find_problems",
    "finish_crawl",
    "forget_archived",
    "freshness",
    "head",
    "is_cjk",
    "kept_page",
    "last_healthy",
    "latest_moment",
    "list_gaps",
    "needed_files",
    "newest",
    "newest_published",
    "note_wait",
    "noted_problem",
    "open_database",
    "open_ids",
    "open_read_only",
    "plain_letters",
    "problem_body",
    "problem_codes",
    "question",
    "questions",
    "read_coverage",
    "read_words",
    "recent_coverage",
    "recent_runs",
    "resolve_problems",
    "search",
    "start_crawl",
    "stem",
    "tally",
    "totals",
    "upgrade",
    "waits_until",
    "without_passwords",
]
