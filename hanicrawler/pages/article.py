"""An article page's bytes to its words, each field by the best of three layers.

A template's selectors come first; what they do not yield is sought as landmarks; what stands
nowhere on the page is taken from what the page says of itself.  Each field records its layer,
so that a template which has gone stale shows before anything is missing.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeVar

from hanicrawler.items import FIELDS, Image, ScrapedArticle
from hanicrawler.pages.boilerplate import KNOWN
from hanicrawler.pages.charset import in_utf8, is_utf8, require_markup, require_whole
from hanicrawler.pages.cutting import UNKNOWN
from hanicrawler.pages.document import MANY_TAGS, Document
from hanicrawler.pages.errors import PageError
from hanicrawler.pages.focus import Gap
from hanicrawler.pages.header import Found
from hanicrawler.pages.landmarks import Landmarks
from hanicrawler.pages.languages import require_language
from hanicrawler.pages.metadata import Metadata
from hanicrawler.pages.templates import TemplateReader, choose
from hanicrawler.site import article_address

if TYPE_CHECKING:
    from hanicrawler.items import Layer
    from hanicrawler.pages.cutting import Cut

T = TypeVar("T")

_END: Final = 4000
"""Characters, or bytes, before the end of a page, in which it closes itself."""
_CONTAINERS: Final = ("div", "article", "section", "main", "table", "ul")


def read_article(
    body: bytes, url: str, *, charset: str | None = None, content_type: str | None = None
) -> ScrapedArticle:
    """Return the words of the article page *body* that *url* names.

    *charset* and *content_type* are what the response's header says.

    Raises PageError for a page that lacks its headline, date or body (``no_headline``,
    ``no_date``, ``no_body``; ``not_an_article`` where nothing of an article is there), is cut
    off in the middle (``cut_off``), is in another language than its address
    (``wrong_language``), or is no readable page (``empty``, ``not_html``, ``undecodable``,
    ``too_deep``).
    """
    require_markup(body, url, content_type)
    cut = KNOWN.cut(body)
    article = _read_cut(cut, url) if cut is not None else None
    if article is None:
        body = in_utf8(body, charset)
        article = _read(Document(body, url), body if cut is None else None)
    require_whole(url, _texts(article))
    _require_whole_page(body, url)
    require_language(url, (article.headline, *article.paragraphs))
    return article


def _read_cut(cut: Cut, url: str) -> ScrapedArticle | None:
    """Return the page's words without parsing all of it; None where it is to be parsed whole."""
    if not is_utf8(cut.data) or cut.openings >= MANY_TAGS:
        return None
    document = Document(cut.data, url, cut)
    known = _template(document) if document.is_fit else None
    article = None
    kind = known.name if known else UNKNOWN
    if document.is_fit and kind == cut.layout.kind and (known is None or known.narrow()):
        with suppress(Gap, PageError):  # one hangs on what was cut out, perhaps
            article = _Reader(document, known).article()
    KNOWN.tell(cut, was_of_use=article is not None)
    return article


def _read(document: Document, body: bytes | None) -> ScrapedArticle:
    """Return the page's words; where a template knows its article, without reading all of it.

    *body* is the page's, where it may be learnt from.
    """
    known = _template(document)
    if known is not None and known.narrow():
        try:
            article = _Reader(document, known).article()
        except (Gap, PageError):
            # Too much was passed over, perhaps: only the whole page is known to lack a field.
            document.read_whole()
        else:
            if body is not None:
                KNOWN.learn(known.name, body, document.tree, document.unread)
            return article
    article = _Reader(document, known).article()
    if known is None and body is not None:
        KNOWN.learn(UNKNOWN, body, document.tree, document.unread)
    return article


def _template(document: Document) -> TemplateReader | None:
    address = article_address(document.url)
    template = choose(document, address.edition if address else None)
    return TemplateReader(template, document) if template else None


class _Reader:
    """One page, read layer by layer."""

    def __init__(self, document: Document, known: TemplateReader | None) -> None:
        self._document = document
        self._metadata = Metadata(document.tree)
        self._known = known
        self._layers: dict[str, Layer] = dict.fromkeys(FIELDS, "absent")
        text = known.headline if known else None
        self._body = known.body if known else None
        self._marks = Landmarks(
            document,
            self._metadata,
            headline=_place(document, text) if text else None,
            body=self._body,
        )

    def article(self) -> ScrapedArticle:
        """Return the page's words; raises PageError where a required field is missing."""
        known, marks, metadata, take = self._known, self._marks, self._metadata, self._take
        headline = self._headline()
        posted, modified = self._dates()
        paragraphs = marks.paragraphs if headline and posted else ()
        if not (headline and posted and paragraphs):
            raise self._missing(headline, posted, paragraphs)
        self._layers["body"] = "template" if self._body else "landmark"
        return ScrapedArticle(
            url=self._document.url,
            template=known.name if known else "unknown",
            headline=headline,
            label_text=take("label", "landmark", marks.header.label_text),
            posted_text=posted,
            modified_text=modified,
            deck=take("deck", "template", known.deck if known else None)
            or take("deck", "landmark", marks.deck),
            paragraphs=paragraphs,
            byline_text=take("byline", "landmark", marks.byline),
            reporter_text=known.reporters if known else None,
            contact=take("contact", "landmark", marks.tail.contact),
            original_url=take("original", "landmark", marks.tail.original_url),
            section_name=take("section", "template", known.section_name if known else None)
            or take("section", "landmark", marks.section_name)
            or take("section", "metadata", metadata.section),
            images=take("images", "landmark", self._pictures()) or (),
            related=take("related", "landmark", marks.tail.related) or (),
            most_viewed=take("most_viewed", "landmark", marks.tail.most_viewed) or (),
            layers=self._layers,
        )

    def _headline(self) -> str | None:
        known, marks, metadata, take = self._known, self._marks, self._metadata, self._take
        if text := take("headline", "template", known.headline if known else None):
            return text
        found = marks.header.headline
        return take("headline", "landmark", found.text if found else None) or take(
            "headline", "metadata", metadata.headline if metadata.is_article else None
        )

    def _dates(self) -> tuple[str | None, str | None]:
        """Return the dates of posting and of modification.

        What the page says of itself gives the second only where it gives the first.
        """
        marks, metadata, take = self._marks, self._metadata, self._take
        first, second = self._known.dates if self._known else (None, None)
        posted = (
            take("posted", "template", first)
            or take("posted", "landmark", marks.header.dateline.posted)
            or take("posted", "metadata", metadata.posted)
        )
        modified = take("modified", "template", second) or take(
            "modified", "landmark", marks.header.dateline.modified
        )
        if not modified and self._layers["posted"] == "metadata":
            modified = take("modified", "metadata", metadata.modified)
        return posted, modified

    def _pictures(self) -> tuple[Image, ...]:
        return tuple([picture.image for picture in self._marks.captioned])

    def _take(self, field: str, layer: Layer, value: T | None) -> T | None:
        """Return *value*, and record that *layer* gave the *field*; None where it is empty."""
        if not value:
            return None
        self._layers[field] = layer
        return value

    def _missing(
        self, headline: str | None, posted: str | None, paragraphs: tuple[str, ...]
    ) -> PageError:
        """Return what to raise where a required field is missing."""
        missing = [
            (code, name)
            for code, name, value in (
                ("no_headline", "headline", headline),
                ("no_date", "date", posted),
                ("no_body", "body", paragraphs or not (headline and posted)),
            )
            if not value
        ]
        url = self._document.url
        if len(missing) > 1 or not self._looks_like_an_article():
            return PageError(
                "not_an_article", url, "the page is no article: no headline and date on it"
            )
        code, name = missing[0]
        return PageError(code, url, f"no {name} found by template, landmark or metadata")

    def _looks_like_an_article(self) -> bool:
        """Tell whether the page has any of an article's own landmarks."""
        marks = self._marks
        return bool(
            self._known
            or self._metadata.is_article
            or self._document.tree.css_first("article")
            or (marks.header.dateline.posted and marks.paragraphs)
            or marks.tail.contact
            or marks.byline
        )


def _place(document: Document, headline: str) -> Found | None:
    """Return where on the page the words of *headline* stand."""
    lines = document.lines
    for index, line in enumerate(lines):
        if not headline.startswith(line.text):
            continue
        for end in range(index + 1, min(index + 5, len(lines) + 1)):
            if " ".join([line.text for line in lines[index:end]]) == headline:
                document.require_joined(index, end - 1)
                return Found(headline, range(index, end))
        document.require_joined(index, index + 3)
    document.require_whole()
    return None


def _texts(article: ScrapedArticle) -> dict[str, str]:
    """Return the texts a wrong charset would show in."""
    return {
        "headline": article.headline,
        "deck": article.deck or "",
        "byline": article.byline_text or "",
        "body": "\n".join(article.paragraphs),
    }


def _require_whole_page(body: bytes, url: str) -> None:
    """Raise PageError (``cut_off``) where the page *body*, in UTF-8, ends in the middle.

    A page that closes itself is whole, and so is one that closes all it opened.
    """
    end = body[-_END:].lower()
    if b"</html" in end or b"</body" in end:
        return
    markup = body.decode("utf-8", "ignore")
    lower = markup.lower()
    if "</html" in lower[-_END:] or "</body" in lower[-_END:]:
        return
    opened = any(lower.count(f"<{tag}") > lower.count(f"</{tag}") for tag in _CONTAINERS)
    if opened or not markup.rstrip().endswith(">"):
        raise PageError("cut_off", url, "the page ends in the middle")
