"""Our pages and our rules, as a plugin of Datasette.

Datasette keeps its plugins for the whole process; each of these looks first whether it is asked
by one of ours.
"""

from __future__ import annotations

import errno
import logging
import re
import sqlite3
import traceback
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from datasette import Response, hookimpl
from datasette.filters import FilterArguments
from datasette.utils.asgi import BadRequest, Base400
from datasette.views.base import DatasetteError
from markupsafe import Markup, escape

from hanicrawler.ask import BadName, BadSearch, UnknownArticle, UnknownVersion
from hanicrawler.storage import DatabaseError, questions, table_search
from hanicrawler.web import guard, wording
from hanicrawler.web.metadata import meaning, narrowing
from hanicrawler.web.pages import PAGES
from hanicrawler.web.shown import Asked, NotHere, address

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Mapping

    from datasette.app import Datasette
    from datasette.utils.asgi import Request
    from jinja2 import Environment

    from hanicrawler.web.reader import Reader
    from hanicrawler.web.shown import Page

    View = Callable[[Request, Datasette], Awaitable[Response]]

DATABASE: Final = "hanicrawler"
"""What the database is called in addresses, whatever its file is called."""
SEARCH: Final = "_words"
"""What searches a table's page is called in its address."""
ASSETS: Final = "paper"
"""Where our style sheet is served: ``/paper/style.css``."""
STATIC: Final = Path(__file__).parent / "static"

_READER: Final = "_hanicrawler_reader"
_VERSION: Final = sha256((STATIC / "style.css").read_bytes()).hexdigest()[:8]
_log = logging.getLogger(__name__)


def adopt(datasette: Datasette, reader: Reader) -> None:
    """Make *datasette* ours: its pages ask *reader*."""
    setattr(datasette, _READER, reader)


def reader_of(datasette: Datasette) -> Reader | None:
    """Return what the pages of *datasette* ask, None where it is not ours."""
    return getattr(datasette, _READER, None)


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, View]]:
    """Add our pages; they stand before Datasette's own, so that ``/`` is ours."""
    if reader_of(datasette) is None:
        return []
    return [(rf"^{pattern}$", _view(page)) for pattern, page in PAGES]


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[guard.App], guard.App]:
    """Put the guard before every page, Datasette's too."""
    if reader_of(datasette) is None:
        return lambda app: app
    return lambda app: guard.guarded(_with_defaults(app), _policy)


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """Give templates their words, and let none print what reorders letters."""
    if reader_of(datasette) is None:
        return
    env.finalize = wording.in_order
    env.filters.update(wording.FILTERS)
    env.globals.update(
        wording.GLOBALS,
        address=address,
        meaning=meaning,
        narrowing=narrowing,
        searched=table_search.SEARCHED,
        sql_seconds=datasette.setting("sql_time_limit_ms") // 1000,
        style_sheet=f"/{ASSETS}/style.css?{_VERSION}",
    )


@hookimpl
def canned_queries(datasette: Datasette, database: str) -> dict[str, dict[str, Any]]:
    """Offer the questions of ``docs/querying.md``, each with a link that has its defaults."""
    if reader_of(datasette) is None or database != DATABASE:
        return {}
    return {
        question.name: {
            "title": question.title,
            "description": question.description,
            "sql": question.sql,
            "params": list(question.parameters),
            "address": address(f"/{DATABASE}/{question.name}", **question.parameters),
        }
        for question in questions()
    }


@hookimpl
def filters_from_request(
    request: Request, database: str, table: str, datasette: Datasette
) -> FilterArguments | None:
    """Let a table's page be searched as the archive is: ``?_words=north -south``.

    Datasette's own ``_search`` wants an index with the table's key, and knows no Korean.
    """
    words = (request.args.get(SEARCH) or "").strip()
    if reader_of(datasette) is None or database != DATABASE or not words:
        return None
    if table not in table_search.SEARCHED:
        return None
    try:
        value = table_search.value(words)
    except BadSearch as error:
        raise BadRequest(str(error)) from error
    where = table_search.condition(table, "words")
    return FilterArguments(
        [where], params={"words": value}, human_descriptions=[f"its article has {words}"]
    )


@hookimpl
def render_cell(value: object, column: str, datasette: Datasette) -> str | None:
    """Link what is an address on the web or an article of ours; all else is Datasette's."""
    if reader_of(datasette) is None:
        return None
    if column in _ARTICLE_IDS and isinstance(value, int):
        return Markup('<a href="/article/{0}">{0}</a>').format(value)
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        link = wording.web_link(value)
        if link is None:
            return escape(value)
        shown = Markup('<a href="{}" rel="noopener noreferrer">{}</a>')
        return shown.format(link, link)
    return None


_ARTICLE_IDS: Final = frozenset({"article_id", "related_id", "english_id", "korean_id"})


@hookimpl(wrapper=True)
def handle_exception(
    datasette: Datasette, request: Request, exception: Exception
) -> Generator[None, list[object], list[object]]:
    """Say what went wrong on a page, in place of Datasette's own way of doing so.

    That one prints a traceback with the values of all variables for every page that is not there.
    """
    answers = yield
    return answers if reader_of(datasette) is None else [_answer(datasette, request, exception)]


async def _answer(datasette: Datasette, request: Request, exception: Exception) -> Response:
    status, message, title = _told(exception, request)
    if status == 500:
        _log.error("%s", wording.printable("".join(traceback.format_exception(exception))))
    if request.path.endswith(".json"):
        told = {"ok": False, "error": str(message), "status": status, "title": title}
        return Response.json(told, status=status)
    if status == 404 and not _is_datasettes(request.path):
        message, title = "Nothing stands at this address.", "There is no such page"
    values = {"error": message, "title": title}
    return await _page(datasette, request, "error.html", values, status)


def _told(exception: Exception, request: Request) -> tuple[int, str, str | None]:
    """Return the status of *exception*, what to say and under which heading."""
    if isinstance(exception, DatasetteError):
        message = Markup(exception.message) if exception.message_is_html else exception.message  # noqa: S704
        # Its only 500 is for a column that there is not: no failure of ours.
        return 400 if exception.status == 500 else exception.status, message, exception.title
    if isinstance(exception, Base400):
        return exception.status, str(exception.args[0]), None
    if isinstance(exception, FileNotFoundError) and _is_datasettes(request.path):
        return 503, "The database is not where it was.", "The archive cannot be read just now"
    if isinstance(exception, OSError) and exception.errno == errno.ENAMETOOLONG:
        return 404, "No file has so long a name.", "There is no such page"
    if isinstance(exception, _MISREAD) and _is_datasettes(request.path) and request.query_string:
        return 400, "Something in this address cannot be what it has to be.", None
    if isinstance(exception, DatabaseError):
        return 503, str(exception), "The archive cannot be read just now"
    return 500, "What exactly stands in the terminal that serves this page.", "This page failed"


_MISREAD: Final = (ValueError, TypeError, OverflowError, sqlite3.IntegrityError)
"""What Datasette raises where a value in an address is not of the kind that it expects."""


def _with_defaults(app: guard.App) -> guard.App:
    """Return *app* with a question that is asked without its parameters asked with its defaults.

    Datasette takes a missing parameter for an empty one, and an empty day finds nothing.
    """
    defaults = {
        f"/{DATABASE}/{one.name}": address(f"/{DATABASE}/{one.name}", **one.parameters)
        for one in questions()
        if one.parameters
    }

    async def asked(scope: guard.Scope, receive: guard.Receive, send: guard.Send) -> None:
        to = None if scope.get("query_string") else defaults.get(scope.get("path", ""))
        if to is None:
            await app(scope, receive, send)
            return
        headers = [(b"location", to.encode("ascii"))]
        await send({"type": "http.response.start", "status": 302, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    return asked


def _view(page: Page) -> View:
    async def view(request: Request, datasette: Datasette) -> Response:
        reader = reader_of(datasette)
        assert reader is not None
        asked = Asked(path=request.url_vars, values=_values(request))
        try:
            shown = await reader.ask(lambda archive: page(archive, asked))
        except (NotHere, BadName, UnknownArticle, UnknownVersion) as error:
            values = {"error": str(error), "title": "Not in this archive"}
            return await _page(datasette, request, "error.html", values, 404)
        return await _page(datasette, request, shown.template, shown.values, shown.status)

    return view


def _values(request: Request) -> dict[str, list[str]]:
    # A byte that is not UTF-8 has come in as a lone surrogate or U+FFFD: neither finds anything.
    return {
        name: [value.encode("utf-8", "replace").decode() for value in request.args.getlist(name)]
        for name in request.args
    }


async def _page(
    datasette: Datasette, request: Request, template: str, values: Mapping[str, Any], status: int
) -> Response:
    html = await datasette.render_template(template, dict(values), request=request)
    return Response.html(html, status=status, headers={"Cache-Control": "no-cache"})


def _policy(path: str) -> str:
    return guard.DATASETTE if _is_datasettes(path) else guard.OURS


def _is_datasettes(path: str) -> bool:
    return re.match(rf"/(?:{DATABASE}|-)(?:[/.]|$)", path) is not None
