"""The peers' verdicts, kept in peers.json: their environment need not be made anew each time.

A page has its likeness and the fields of each verdict but ``right``; what a tool does not offer on
any page stands once, beside its pages.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

from benchmarks.accuracy.scoring import FIELDS, Judged, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE: Final = Path(__file__).with_name("peers.json")


def load() -> dict[str, dict[str, Judged]]:
    """Return the verdicts of the last run of the peers: tool to page to verdicts."""
    tools = json.loads(FILE.read_text("utf-8"))
    return {
        name: {page: _judged(kept, tool["not offered"]) for page, kept in tool["pages"].items()}
        for name, tool in tools.items()
    }


def save(tools: Mapping[str, Mapping[str, Judged]]) -> None:
    """Keep the verdicts, a page a line."""
    parts = []
    for name, pages in tools.items():
        absent = [
            field
            for field in FIELDS
            if all(
                judged.verdict(field) in ("not offered", "untried", "missing")
                for judged in pages.values()
            )
            and any(judged.verdict(field) == "not offered" for judged in pages.values())
        ]
        lines = ",\n".join(
            f"      {json.dumps(page)}: {json.dumps(_kept(judged, absent))}"
            for page, judged in pages.items()
        )
        head = f'    "not offered": {json.dumps(absent)},\n    "pages": {{\n'
        parts.append(f"  {json.dumps(name)}: {{\n{head}{lines}\n    }}\n  }}")
    FILE.write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")


def _kept(judged: Judged, absent: list[str]) -> dict[str, Any]:
    if judged.verdict("headline") == "untried":
        return {"untried": True}
    kept: dict[str, Any] = {"likeness": judged.likeness}
    for verdict in ("wrong", "missing"):
        fields = [f for f, v in judged.verdicts.items() if v == verdict and f not in absent]
        if fields:
            kept[verdict] = " ".join(fields)
    return kept


def _judged(kept: Mapping[str, Any], absent: list[str]) -> Judged:
    if "untried" in kept:
        return Judged(dict.fromkeys(FIELDS, "untried"), 0.0)
    verdicts: dict[str, Verdict] = dict.fromkeys(absent, "not offered")
    for verdict in get_args(Verdict):
        verdicts |= dict.fromkeys(kept.get(verdict, "").split(), verdict)
    return Judged(verdicts, kept["likeness"])
