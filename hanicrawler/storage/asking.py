"""The questions of ``docs/querying.md``: what each tells, its SQL, and asking it.

A question is a file of ``storage/questions``: ``03-silent-edits.sql``.  Its head says in comments
what it tells, which command and which page of the browser answer it, and its parameters with
their defaults; below stands one SELECT that both databases take as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from hanicrawler.storage.engine import reading

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

_FILE: Final = re.compile(r"\d\d-([a-z]+(?:-[a-z]+)*)\.sql")
_HEAD: Final = re.compile(r"-- (title|tells|command|browser|:[a-z_]+): (.+)")
_PLACEHOLDER: Final = re.compile(r"(?<![:\w]):([a-z_]+)")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_AGO: Final = re.compile(r"-\d{1,5} (?:minute|hour|day|month|year)s?", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,9}", re.ASCII)
_FORMS: Final = (
    (_DAY, "a day: write YYYY-MM-DD, 2024-06-30"),
    (_AGO, "a time before now: write '-7 days', '-12 hours', '-1 year'"),
    (_NUMBER, "a number"),
)
_STORED_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}", re.ASCII)


class WrongQuestion(ValueError):
    """Raised for a question that is not there, or not to be asked so; says in one line why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that people ask of the record."""

    name: str
    """``silent-edits``."""
    title: str
    description: str
    """What it tells, in one sentence."""
    command: str
    """The command that answers it: ``hanicrawler edits --silent``."""
    browser: str
    """Where ``hanicrawler serve`` answers it: the page's path, or how to get there."""
    sql: str
    """One SELECT, with ``:name`` for each parameter."""
    parameters: Mapping[str, str]
    """Name to default."""

    def literal(self, **values: object) -> str:
        """Return the SQL with *values*, else the defaults, written in: for pasting.

        Raises WrongQuestion as :func:`ask` does.
        """
        chosen = {**self.parameters, **_checked(self, values)}

        def quoted(found: re.Match[str]) -> str:
            value = chosen[found[1]]
            return value if _is(_NUMBER, self.parameters[found[1]]) else _quoted(value)

        return _PLACEHOLDER.sub(quoted, self.sql)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The rows that answer a question."""

    question: Question
    parameters: Mapping[str, str]
    """What was asked for each parameter."""
    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    """Column to value: text, a number, None, or a moment (aware, UTC) where the column's name
    ends in ``_at``."""


@cache
def questions() -> tuple[Question, ...]:
    """Return the questions of ``docs/querying.md``, in its order."""
    folder = files("hanicrawler.storage") / "questions"
    found = sorted((each for each in folder.iterdir() if _FILE.fullmatch(each.name)), key=_name)
    return tuple(_read(each) for each in found)


def question(name: str) -> Question:
    """Return a question by its name.  Raises WrongQuestion where there is none."""
    for each in questions():
        if each.name == name:
            return each
    raise WrongQuestion(f"no question {name!r}: there are {', '.join(q.name for q in questions())}")


def ask(engine: sa.Engine, name: str, values: Mapping[str, object] | None = None) -> Answer:
    """Return the answer to a question, *values* taking the place of its parameters' defaults.

    Raises WrongQuestion where the question, a parameter or the form of a value is not known,
    and DatabaseError.
    """
    asked = question(name)
    chosen = {**asked.parameters, **_checked(asked, values or {})}
    # Without a type, so that PostgreSQL takes a value for what it stands beside.
    bound = [sa.bindparam(name, value, sa.types.NullType()) for name, value in chosen.items()]
    with reading(engine) as connection:
        result = connection.execute(sa.text(asked.sql).bindparams(*bound))
        columns = tuple(result.keys())
        rows = tuple(
            {name: _value(name, value) for name, value in zip(columns, row, strict=True)}
            for row in result
        )
    return Answer(question=asked, parameters=MappingProxyType(chosen), columns=columns, rows=rows)


def _name(file: Traversable) -> str:
    return file.name


def _read(file: Traversable) -> Question:
    text = file.read_text("utf-8")
    head, _, sql = text.partition("\n\n")
    lines = [found for line in head.splitlines() if (found := _HEAD.fullmatch(line))]
    said = {found[1]: found[2] for found in lines}
    named = _FILE.fullmatch(file.name)
    assert named, file.name
    parameters = {name[1:]: value for name, value in said.items() if name.startswith(":")}
    assert set(_PLACEHOLDER.findall(sql)) == set(parameters), file.name
    return Question(
        name=named[1],
        title=said["title"],
        description=said["tells"],
        command=said["command"],
        browser=said["browser"],
        sql=sql.strip(),
        parameters=MappingProxyType(parameters),
    )


def _checked(asked: Question, values: Mapping[str, object]) -> dict[str, str]:
    """Return *values* as text, each in the form that its parameter's default has."""
    checked = {name: str(value).strip() for name, value in values.items()}
    for name, value in checked.items():
        if name not in asked.parameters:
            known = ", ".join(asked.parameters) or "none"
            raise WrongQuestion(f"{asked.name} has no parameter {name!r}; it has {known}")
        for form, words in _FORMS:
            if _is(form, asked.parameters[name]) and not _is(form, value):
                raise WrongQuestion(f"{name}={value!r} is not {words}")
        if "\0" in value:
            raise WrongQuestion(f"{name} has a NUL character in it")
    return checked


def _is(form: re.Pattern[str], value: str) -> bool:
    if not form.fullmatch(value):
        return False
    try:
        return form is not _DAY or bool(date.fromisoformat(value))
    except ValueError:
        return False


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _value(column: str, value: object) -> object:
    """Return a value the same of both databases: SQLite has text for a time, and no decimals."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    is_time = column.endswith("_at") and isinstance(value, str) and _STORED_TIME.fullmatch(value)
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC) if is_time else value
