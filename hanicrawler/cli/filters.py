"""The options that choose articles, the same in every command that lists, searches or exports."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from hanicrawler.cli import completing
from hanicrawler.cli.databases import WrongUse
from hanicrawler.cli.options import day
from hanicrawler.site import EDITIONS, is_section_name
from hanicrawler.storage.filters import Filters

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    Command = TypeVar("Command", bound=Callable[..., Any])


def _sections(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    for value in values:
        if not is_section_name(value):
            words = f"{value!r} is no section: write its code, e_business or politics/assembly"
            raise click.BadParameter(words, ctx, param)
    return values


def _labels(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    return _not_blank(ctx, param, tuple(value.strip().strip("[]") for value in values))


def _not_blank(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    stripped = tuple(" ".join(value.split()) for value in values)
    if not all(stripped):
        raise click.BadParameter("it is empty", ctx, param)
    return stripped


_OPTIONS: Final = (
    click.option("--author", "authors", multiple=True, metavar="NAME", callback=_not_blank,
                 shell_complete=completing.authors,
                 help="Signed by this author, the whole name; may be repeated."),
    click.option("--section", "sections", multiple=True, metavar="CODE", callback=_sections,
                 shell_complete=completing.sections,
                 help="Of this section (e_business); may be repeated."),
    click.option("--label", "labels", multiple=True, metavar="LABEL", callback=_labels,
                 shell_complete=completing.labels,
                 help="With this label (Editorial); may be repeated."),
    click.option("--edition", "editions", multiple=True, type=click.Choice(EDITIONS),
                 help="Of this edition; may be repeated."),
    click.option("--since", callback=day, metavar="DAY",
                 help="Published on this day in Korea or later, YYYY-MM-DD."),
    click.option("--until", callback=day, metavar="DAY",
                 help="Published on this day in Korea or before."),
)  # fmt: skip


def filter_options(command: Command) -> Command:
    """Give *command* the options that choose articles; it is called with ``filters``.

    They are ``--author``, ``--section``, ``--label`` and ``--edition``, each repeatable, and
    ``--since`` and ``--until``, days in Korea.  Stands below ``@click.command``.
    """

    @wraps(command)
    def chosen(
        *args: Any,
        authors: tuple[str, ...],
        sections: tuple[str, ...],
        labels: tuple[str, ...],
        editions: tuple[str, ...],
        since: date | None,
        until: date | None,
        **others: Any,
    ) -> Any:
        if since and until and since > until:
            raise WrongUse(f"--since {since} is after --until {until}")
        filters = Filters(
            authors=authors,
            sections=sections,
            labels=labels,
            editions=editions,
            since=since,
            until=until,
        )
        return command(*args, filters=filters, **others)

    asked: Any = chosen
    for option in reversed(_OPTIONS):
        asked = option(asked)
    typed: Command = asked
    return typed
