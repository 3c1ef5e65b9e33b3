"""The verdicts as tables for docs/accuracy.md."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING

from benchmarks.accuracy.scoring import FIELDS
from benchmarks.documents import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.accuracy.cases import Case
    from benchmarks.accuracy.scoring import Judged

    Tools = Mapping[str, Mapping[str, Judged]]
    """Tool to page's name to verdicts; a page that a tool has not been asked is missing."""


def report(frozen: Sequence[Case], newspaper: Sequence[Case], tools: Tools) -> str:
    """Return all tables, Markdown."""
    parts = ["## The frozen pages"]
    parts += _sections(frozen, tools)
    parts += ["## The invented newspaper", *_sections(newspaper, tools)]
    parts += ["## The frozen pages, one by one", mistakes(frozen, tools)]
    return "\n\n".join(parts)


def _sections(cases: Sequence[Case], tools: Tools) -> list[str]:
    seen = [case for case in cases if case.seen]
    unseen = [case for case in cases if not case.seen]
    return [
        f"### All {len(cases)}",
        scores(cases, tools),
        f"### {len(seen)} whose markup a template of this project knows",
        scores(seen, tools),
        f"### {len(unseen)} in markup that no template of this project knows",
        scores(unseen, tools),
    ]


def scores(cases: Sequence[Case], tools: Tools) -> str:
    """Return the table of right answers: a row a field, a column a tool."""
    rows = [
        [words, *(_cell(field, _of(cases, pages)) for pages in tools.values())]
        for field, words in FIELDS.items()
    ]
    rows.append(["· body, words shared (F1)", *(_likeness(_of(cases, p)) for p in tools.values())])
    return table(["field", *tools], rows)


def mistakes(cases: Sequence[Case], tools: Tools) -> str:
    """Return the table of what was wrong (in capitals) or missing: a row a page."""
    rows = [
        [case.name, *(_slips(pages.get(case.name)) for pages in tools.values())]
        for case in sorted(cases, key=lambda case: (not case.seen, case.name))
    ]
    return table(["page", *tools], rows, figures=False)


def _of(cases: Sequence[Case], pages: Mapping[str, Judged]) -> list[Judged]:
    """Return a tool's verdicts of *cases*, without what could not be tried."""
    found = [pages[case.name] for case in cases if case.name in pages]
    return [judged for judged in found if judged.verdict("headline") != "untried"]


def _cell(field: str, pages: list[Judged]) -> str:
    verdicts = [judged.verdict(field) for judged in pages]
    if not verdicts:
        return "not tried"
    if "not offered" in verdicts:
        return "not offered"
    wrong = verdicts.count("wrong")
    right = f"{verdicts.count('right')}/{len(verdicts)}"
    return f"{right} ({wrong} wrong)" if wrong else right


def _likeness(pages: list[Judged]) -> str:
    return f"{fmean(judged.likeness for judged in pages):.3f}" if pages else "not tried"


def _slips(judged: Judged | None) -> str:
    if judged is None or judged.verdict("headline") == "untried":
        return "not tried"
    whole = {field: judged.verdict(field) for field in FIELDS if "." not in field}
    slips = [
        field.upper() if verdict == "wrong" else field
        for field, verdict in whole.items()
        if verdict in ("wrong", "missing")
    ]
    return " ".join(slips) or "-"
