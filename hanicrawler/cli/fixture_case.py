"""A test case for ``tests/pages``: a page's bytes, and what today's parser reads of them.

``cases/index.md`` there says what a case is.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hanicrawler import pages
from hanicrawler.items import Fetch, Image, ScrapedArticle, StoryLink
from hanicrawler.normalize.article import normalise
from hanicrawler.pages import PageError, answers
from hanicrawler.site import article_address

if TYPE_CHECKING:
    from datetime import datetime

    from hanicrawler.items import Article

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}", re.ASCII)
"""What a case may be called: it becomes a folder's name."""

_SHOWN: Final = ("url", "caption", "headline")
"""Of pictures and links, what a case tells."""
_ESCAPED: Final = re.compile(
    "[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
"""Characters that an editor hides or obeys, or that no file can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """A page as it came."""

    url: str
    at: datetime
    """Aware, UTC."""
    body: bytes
    content_type: str | None = None
    """The Content-Type header; None where it is not known."""


@dataclass(slots=True)
class Case:
    """What is to be written, and what to say of it."""

    name: str
    """What it is called where nobody says."""
    files: dict[str, bytes]
    headline: str | None = None
    template: str | None = None
    error: str | None = None
    """Code of the problem of a page that cannot be read; None for an article."""
    reason: str | None = None
    """What is wrong, in one line."""
    warnings: list[str] = field(default_factory=list)
    """What a person is to look at first, each in one line of hostile words."""


def make_case(page: SavedPage) -> Case:
    """Return the case that *page* is: an article, or the problem of one that cannot be read."""
    try:
        scraped = pages.read_article(
            page.body,
            page.url,
            charset=answers.charset_of(page.content_type),
            content_type=page.content_type,
        )
    except Exception as error:  # noqa: BLE001 (hostile pages: an error case)
        return refused_case(page, error)
    case = Case(
        name=f"{_stem(page)}-{scraped.template}",
        files={**_files(page), "expected.json": _dumped(words_of(scraped))},
        headline=scraped.headline,
        template=scraped.template,
    )
    try:
        article = _article(scraped, page)
    except Exception as error:  # noqa: BLE001 (likewise)
        words = " ".join(f"{type(error).__name__}: {error}".split())
        case.warnings.append(f"what it means cannot be read, so there is no meaning.json: {words}")
    else:
        case.files["meaning.json"] = _dumped(meaning_of(article))
        case.warnings += [f"{each.code}: {each.error}" for each in article.problems]
    return case


def refused_case(page: SavedPage, error: Exception) -> Case:
    """Return the case of *page*, which cannot be read: *error* says why."""
    why = answers.unreadable(error)
    case = Case(
        name=f"error-{_stem(page)}-{why.code.replace('_', '-')}",
        files={**_files(page), "expected.json": _dumped({"url": page.url, "error": why.code})},
        error=why.code,
        reason=why.reason,
    )
    if not isinstance(error, PageError):
        case.warnings.append(
            "the parser failed, which no case expects: mend it, then write what a person reads"
        )
    elif why.code == "parser_crashed":
        case.warnings.append("reading it ends the process: so will the tests, until that is mended")
    return case


def write_case(case: Case, folder: Path, name: str) -> Path:
    """Write *case* as *folder*/*name*, all of it or nothing; return that path.

    Raises FileExistsError where something has that name, OSError where it cannot be written.
    """
    final = folder / name
    if os.path.lexists(final):
        raise FileExistsError(str(final))
    # Two folders down, where no test takes half a case for one.
    around = Path(tempfile.mkdtemp(prefix=".fixture-", dir=folder))
    try:
        made = around / name
        made.mkdir()
        for file, content in case.files.items():
            with (made / file).open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        made.rename(final)
    finally:
        shutil.rmtree(around, ignore_errors=True)
    return final


def words_of(scraped: ScrapedArticle) -> dict[str, Any]:
    """Return an article page's words as ``expected.json`` has them."""
    names = [each.name for each in fields(scraped) if each.name != "layers"]
    return {name: _plain(getattr(scraped, name)) for name in names}


def meaning_of(article: Article) -> dict[str, Any]:
    """Return what the words mean as ``meaning.json`` has it."""
    named = ("name", "role", "place", "email")
    return {
        "edition": article.edition,
        "source_id": article.source_id,
        "section": article.section,
        "label": article.label,
        "published_at": _moment(article.published_at),
        "modified_at": _moment(article.modified_at),
        "authors": [{name: getattr(each, name) for name in named} for each in article.authors],
        "credits": [image.credit for image in article.images],
        "original_source_id": article.original_source_id,
        **({"problems": [each.code for each in article.problems]} if article.problems else {}),
    }


def _article(scraped: ScrapedArticle, page: SavedPage) -> Article:
    address = article_address(page.url)
    assert address is not None
    fetch = Fetch(url=address.url, kind="article", fetched_at=page.at, status=200)
    return normalise(scraped, fetch, address=address)


def _files(page: SavedPage) -> dict[str, bytes]:
    response = {"captured_at": page.at.isoformat(), "content_type": page.content_type}
    return {"page.html": page.body, "response.json": _dumped(response)}


def _stem(page: SavedPage) -> str:
    address = article_address(page.url)
    assert address is not None
    return f"{address.edition}-{address.source_id}"


def _plain(value: object) -> object:
    if isinstance(value, Image | StoryLink):
        return {name: each for name, each in asdict(value).items() if name in _SHOWN}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _dumped(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return (_ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n").encode()
