"""The application: Datasette over one SQLite file, with our pages before its own."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from datasette.app import Datasette
from datasette.database import Database, Results
from datasette.plugins import pm

from hanicrawler.web import plugin
from hanicrawler.web.metadata import metadata
from hanicrawler.web.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from hanicrawler.web.guard import App

SQL_SECONDS: Final = 5.0
"""How long a question in SQL may take.  A reader's own machine is patient; an endless one ends."""
LONGEST: Final = 16 * 1024 * 1024
"""Bytes of a value or row in SQL; SQLite's own bound of a gigabyte would fill a machine's memory
within one step, which no bound of time interrupts."""
_PLUGIN: Final = "hanicrawler"
SETTINGS: Final[dict[str, Any]] = {
    "sql_time_limit_ms": int(SQL_SECONDS * 1000),
    "allow_download": False,  # hanicrawler export makes a copy, whole, while a crawl writes
    "default_cache_ttl": 0,
    "num_sql_threads": 3,
    "default_page_size": 50,
    "truncate_cells_html": 300,
    "max_returned_rows": 1000,
    "suggest_facets": False,  # each suggestion reads the whole table
}


class _ReadOnly(Database):
    """A file that is read and never written, whatever its name has in it."""

    def __init__(self, datasette: Datasette, path: str) -> None:
        super().__init__(datasette, path, is_mutable=True)
        self._mine = threading.local()

    def connect(self, write: bool = False) -> sqlite3.Connection:
        if write:
            raise sqlite3.OperationalError("this archive is only read")
        uri = f"{Path(self.path).absolute().as_uri()}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        connection.execute("PRAGMA query_only = 1")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        self._all_file_connections.append(connection)
        return connection

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], Any]) -> Any:
        """Do *fn* in a thread, with its connection to the file that now has the name.

        Datasette would go on reading one that another has replaced, a backup restored, beside our
        own pages, which read the new one.  Raises FileNotFoundError.
        """
        return await asyncio.get_running_loop().run_in_executor(
            self.ds.executor, lambda: fn(self._current())
        )

    def _current(self) -> sqlite3.Connection:
        about = Path(self.path).stat()
        which = (about.st_dev, about.st_ino)
        held: sqlite3.Connection | None = getattr(self._mine, "connection", None)
        if held is not None and self._mine.which == which:
            return held
        if held is not None:
            held.close()
            self._all_file_connections.remove(held)
        opened = self.connect()
        self.ds._prepare_connection(opened, self.name)
        self._mine.connection, self._mine.which = opened, which
        return opened

    async def execute(self, sql: str, params: Any = None, **options: Any) -> Results:
        """Ask, and leave an error to the page that tells it.

        Datasette would print the error to the terminal too, with whatever the question has in it.
        """
        return await super().execute(sql, params, **options | {"log_sql_errors": False})


class _Paper(Datasette):
    """Datasette with our pages: the plugin knows it by its reader."""

    def __init__(self, reader: Reader, **options: Any) -> None:
        plugin.adopt(self, reader)  # before the routes are made
        super().__init__(**options)


class Site:
    """The pages of the archive in *file*, an SQLite database of ours."""

    def __init__(self, file: Path, *, name: str) -> None:
        """Make the pages; *name* is what the database is called on them."""
        if not pm.has_plugin(_PLUGIN):
            pm.register(plugin, _PLUGIN)
        self.reader = Reader(file)
        self.datasette = _Paper(
            self.reader,
            metadata=metadata(name),
            settings=SETTINGS,
            template_dir=str(Path(__file__).parent / "templates"),
            static_mounts=[(plugin.ASSETS, str(plugin.STATIC))],
        )
        self.datasette.remove_database("_memory")
        self.datasette.add_database(_ReadOnly(self.datasette, str(file)), name=plugin.DATABASE)

    def app(self) -> App:
        """Return the application (ASGI)."""
        made: App = self.datasette.app()
        return made

    def close(self) -> None:
        """Close what is open."""
        self.reader.close()
        if self.datasette.executor is not None:
            self.datasette.executor.shutdown(cancel_futures=True)
        for database in self.datasette.databases.values():
            database.close()
