"""What the newspaper changed after publication, and what it translated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hanicrawler.ask import changes
from hanicrawler.web.pages.article import shortened
from hanicrawler.web.shown import Asked, NotHere, Shown, address

if TYPE_CHECKING:
    from hanicrawler.ask import Archive, Edit

EDITS: Final = 20
TRANSLATIONS: Final = 30
_LONGEST: Final = 4
"""Pieces of a text's comparison that the list shows; the versions' page shows all."""


def edits(archive: Archive, asked: Asked) -> Shown:
    """List edits, the silent ones first (``?kind=silent``, ``told``)."""
    kind = asked.one("kind") if asked.one("kind") in ("silent", "told") else ""
    silent = {"silent": True, "told": False}.get(kind)
    after = asked.one("after") or None
    try:
        page = archive.edits(silent=silent, limit=EDITS, after=after)
    except ValueError as error:
        raise NotHere(str(error)) from error
    return Shown(
        "edits.html",
        {
            "edits": [(edit, _compared(edit)) for edit in page.rows],
            "kind": kind,
            "next": address("/edits", kind=kind, after=page.next) if page.next else None,
            "first_page": after is None,
        },
    )


def _compared(edit: Edit) -> list[tuple[str, list[object], bool]]:
    """Return of each changed field its name, how it changed, and whether there is more."""
    found: list[tuple[str, list[object], bool]] = []
    for change in edit.changes:
        parts = list(shortened(changes(change.before or "", change.after or "")))
        is_cut = change.field == "body" and len(parts) > 2 * _LONGEST
        found.append((change.field, list(parts[: 2 * _LONGEST] if is_cut else parts), is_cut))
    return found


def translations(archive: Archive, asked: Asked) -> Shown:
    """List English articles beside their Korean originals (``?original=stored``, ``missing``)."""
    which = asked.one("original") if asked.one("original") in ("stored", "missing") else ""
    missing = {"stored": False, "missing": True}.get(which)
    after = asked.one("after") or None
    try:
        page = archive.translations(missing=missing, limit=TRANSLATIONS, after=after)
    except ValueError as error:
        raise NotHere(str(error)) from error
    following = address("/translations", original=which, after=page.next) if page.next else None
    return Shown(
        "translations.html",
        {
            "names": archive.section_names(),
            "translations": page.rows,
            "which": which,
            "next": following,
            "first_page": after is None,
        },
    )
