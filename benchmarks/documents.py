"""Tables in the documents: what stands between two markers is written by a benchmark."""

from __future__ import annotations

from pathlib import Path
from typing import Final

DOCS: Final = Path(__file__).parents[1] / "docs"


def replace(name: str, marker: str, text: str) -> None:
    """Write *text* between the markers ``<!-- marker -->`` and ``<!-- /marker -->`` of a page."""
    page = DOCS / name
    head, tail = _around(page, marker)
    page.write_text(f"{head}\n\n{text.strip()}\n\n{tail}", "utf-8")


def between(name: str, marker: str) -> str:
    """Return what stands between the markers of a page."""
    page = DOCS / name
    head, tail = _around(page, marker)
    return page.read_text("utf-8")[len(head) : -len(tail)].strip()


def table(header: list[str], rows: list[list[str]], *, figures: bool = True) -> str:
    """Return a Markdown table; behind the first column stand *figures*, to the right, or words."""
    rule = "--:" if figures else "---"
    lines = [header, ["---", *[rule] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _around(page: Path, marker: str) -> tuple[str, str]:
    opening, closing = f"<!-- {marker} -->", f"<!-- /{marker} -->"
    text = page.read_text("utf-8")
    if opening not in text or closing not in text:
        raise ValueError(f"{page.name} has no markers {opening} and {closing}")
    head, _, rest = text.partition(opening)
    _, _, tail = rest.partition(closing)
    return head + opening, closing + tail
