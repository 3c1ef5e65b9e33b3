"""An export from beginning to end: the articles, and the notes beside them, or nothing."""

from __future__ import annotations

import gzip
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Protocol, cast

from hanicrawler.export import notes
from hanicrawler.export.coverage import table
from hanicrawler.export.csvs import LONGEST_CELL, MOST_ROWS, CsvWriter
from hanicrawler.export.fields import fields
from hanicrawler.export.files import ExportError, UnfinishedFile, errors_in_one_line
from hanicrawler.export.newsarticle import JsonLinesWriter
from hanicrawler.export.parquet import ParquetWriter
from hanicrawler.storage.filters import Filters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from hanicrawler.ask import Archive
    from hanicrawler.export.fields import Field
    from hanicrawler.export.formats import Form
    from hanicrawler.storage import Coverage
    from hanicrawler.storage.streams import ArticleRecord, Chosen

    Progress = Callable[[int, int], None]
    """Told how much is done of how much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to export."""

    filters: Filters = Filters()  # noqa: RUF009 (it is frozen)
    words: str | None = None
    """Only articles that a search for these words finds."""
    columns: tuple[str, ...] = ()
    """Names of fields, in the order of their columns; none means all."""
    every_version: bool = False
    """Every version of each article, not only the last."""
    excel: bool = False
    """CSV for a spreadsheet: see ``export/csvs.py``."""

    def fields(self) -> list[Field]:
        """Return the fields.  Raises ValueError, in words for a person, for a wrong column."""
        return fields(self.columns, every_version=self.every_version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was exported."""

    articles: int
    rows: int | Mapping[str, int]
    """Rows or lines; of a snapshot those of each table."""
    warnings: tuple[str, ...] = ()
    """A line each, for a person."""


class Writer(Protocol):
    """Writes articles into a stream of bytes that others open and close."""

    def write(self, record: ArticleRecord, /) -> None: ...

    def close(self) -> None: ...


def export_to_file(
    archive: Archive,
    out: Path,
    form: Form,
    order: Order,
    *,
    replace: bool = False,
    alone: bool = False,
    progress: Progress | None = None,
) -> Exported:
    """Write what *order* asks for into the file *out*, and notes beside it unless *alone*.

    The notes are ``OUT.dictionary.md``, ``OUT.coverage.csv`` and ``OUT.manifest.json``.  All
    appear at the end, the manifest last, or none.  An existing *out* is replaced only with
    *replace*, and never the archive's own file.  Raises ExportError, BadSearch and
    DatabaseError.
    """
    _check_place(archive, out, replace=replace)
    made_at = datetime.now(UTC)
    with ExitStack() as stack:
        main = stack.enter_context(UnfinishedFile(out))
        with errors_in_one_line(out):
            exported, coverage = _write(archive, main, form, order, progress or _silent)
        files = [main]
        if not alone:
            texts = {
                "dictionary.md": notes.dictionary(
                    out.name,
                    form.format,
                    order.fields(),
                    excel=order.excel,
                    every_version=order.every_version,
                ),
                "coverage.csv": table(coverage.days, coverage.named),
                "manifest.json": notes.manifest(
                    file=out.name,
                    format=form.format,
                    made_at=made_at,
                    database=archive.name,
                    filters=order.filters,
                    words=order.words,
                    columns=[]
                    if form.format == "sqlite"
                    else [field.name for field in order.fields()],
                    every_version=order.every_version,
                    excel=order.excel,
                    rows=exported.rows,
                    size=main.size,
                    sha256=main.sha256.hexdigest(),
                ),
            }
            for end, text in texts.items():
                beside = UnfinishedFile(main.final.with_name(f"{main.final.name}.{end}"))
                files.append(stack.enter_context(beside))
                with errors_in_one_line(beside.final), beside.stream() as stream:
                    stream.write(text.encode())
        for file in files:
            file.sync()
        _check_place(archive, out, replace=replace)
        for file in files:
            file.finish()
    return exported


def export_to_stream(
    archive: Archive,
    stream: IO[bytes],
    form: Form,
    order: Order,
    *,
    progress: Progress | None = None,
) -> Exported:
    """Write what *order* asks for into *stream*, in a format of lines.

    Raises ExportError, BadSearch, DatabaseError, and BrokenPipeError where the reader has gone.
    """
    with (
        archive.choose(order.filters, words=order.words) as chosen,
        errors_in_one_line("standard output"),
    ):
        with _compressed(stream, form) as inner:
            exported = _write_records(chosen, inner, form, order, progress or _silent)
        stream.flush()
    return exported


def _write(
    archive: Archive, file: UnfinishedFile, form: Form, order: Order, progress: Progress
) -> tuple[Exported, Coverage]:
    if form.format == "sqlite":
        made = archive.snapshot(file.part, order.filters, words=order.words, progress=progress)
        file.read()
        return Exported(articles=made.rows["articles"], rows=made.rows), made.coverage
    with archive.choose(order.filters, words=order.words) as chosen:
        coverage = chosen.coverage()
        with file.stream() as stream, _compressed(stream, form) as inner:
            return _write_records(chosen, inner, form, order, progress), coverage


def _write_records(
    chosen: Chosen, stream: IO[bytes], form: Form, order: Order, progress: Progress
) -> Exported:
    writer = _writer(stream, form, order.fields(), excel=order.excel)
    rows = articles = 0
    last = None
    for record in chosen.articles(every_version=order.every_version):
        writer.write(record)
        rows += 1
        if record.id != last:
            last = record.id
            articles += 1
            if not articles % 100:
                progress(articles, len(chosen))
    writer.close()
    progress(articles, len(chosen))
    long_cells = writer.long_cells if isinstance(writer, CsvWriter) else 0
    return Exported(
        articles=articles,
        rows=rows,
        warnings=tuple(_warnings(rows, long_cells)) if order.excel else (),
    )


def _warnings(rows: int, long_cells: int) -> Iterator[str]:
    if long_cells:
        many = "1 cell is" if long_cells == 1 else f"{long_cells:,} cells are"
        yield f"{many} longer than the {LONGEST_CELL:,} characters that a cell of Excel holds"
    if rows >= MOST_ROWS:
        yield f"{rows:,} rows are more than the {MOST_ROWS:,} that a sheet of Excel holds"


def _writer(stream: IO[bytes], form: Form, chosen: Sequence[Field], *, excel: bool) -> Writer:
    if form.format == "csv":
        return CsvWriter(stream, chosen, excel=excel)
    if form.format == "jsonl":
        return JsonLinesWriter(stream, chosen)
    return ParquetWriter(stream, chosen)


@contextmanager
def _compressed(stream: IO[bytes], form: Form) -> Iterator[IO[bytes]]:
    if not form.compressed:
        yield stream
        return
    # Without name and time in it: the same rows give the same bytes.
    with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0, compresslevel=6) as packed:
        yield cast("IO[bytes]", packed)


def _check_place(archive: Archive, out: Path, *, replace: bool) -> None:
    with errors_in_one_line(out):
        if not out.parent.is_dir():
            raise ExportError(f"{out}: no folder {out.parent}: make it with mkdir -p")
        if not out.exists():
            return
        if archive.file is not None and archive.file.exists() and out.samefile(archive.file):
            raise ExportError(f"{out}: is the database itself: name another file")
        if not out.is_file():
            raise ExportError(f"{out}: is no file: name one, or - for standard output")
        if not replace:
            raise ExportError(f"{out}: exists already: name another file, or use --overwrite")


def _silent(_done: int, _total: int) -> None:
    """Tell nobody."""
