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
    from collections.abc import Callable

    from hanicrawler.items import Layer

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
    article = _read_cut(body, url)
    if article is None:
        body = in_utf8(body, charset)
        article = _read(Document(body, url), body)
    require_whole(url, _texts(article))
    _require_whole_page(body, url)
    require_language(url, (article.headline, *article.paragraphs))
    return article


def _read_cut(body: bytes, url: str) -> ScrapedArticle | None:
    """Return the page's words without parsing all of it; None where it is to be parsed whole."""
    cut = KNOWN.cut(body)
    if cut is None or not is_utf8(cut.data) or cut.openings >= MANY_TAGS:
        return None
    document = Document(cut.data, url, cut)
    known = _template(document) if document.is_fit else None
    article = None
    if known is not None and known.narrow():
        with suppress(Gap, PageError):  # one hangs on what was cut out, perhaps
            article = _Reader(document, known).article()
    KNOWN.tell(cut, was_of_use=article is not None)
    return article


def _read(document: Document, body: bytes) -> ScrapedArticle:
    """Return the page's words; where a template knows its article, without reading all of it."""
    known = _template(document)
    if known is not None and known.narrow():
        try:
            article = _Reader(document, known).article()
        except (Gap, PageError):
            # Too much was passed over, perhaps: only the whole page is known to lack a field.
            document.read_whole()
        else:
            KNOWN.learn(known.name, body, document.tree, *document.passed)
            return article
    return _Reader(document, known).article()


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
        self._marks = Landmarks(
            document,
            self._metadata,
            headline=_place(document, text) if text else None,
            body=known.body if known else None,
        )

    def article(self) -> ScrapedArticle:
        """Return the page's words; raises PageError where a required field is missing."""
        known, marks, metadata = self._known, self._marks, self._metadata
        posted, modified = known.dates if known else (None, None)
        headline = self._take(
            "headline",
            lambda: known.headline if known else None,
            lambda: marks.header.headline.text if marks.header.headline else None,
            lambda: metadata.headline if metadata.is_article else None,
        )
        posted = self._take(
            "posted", lambda: posted, lambda: marks.header.dateline.posted, lambda: metadata.posted
        )
        if self._layers["posted"] == "metadata" or modified or marks.header.dateline.modified:
            modified = self._take(
                "modified",
                lambda: modified,
                lambda: marks.header.dateline.modified,
                lambda: metadata.modified,
            )
        paragraphs = marks.paragraphs if headline and posted else ()
        self._require(headline, posted, paragraphs)
        assert headline is not None
        self._layers["body"] = "template" if known and known.body else "landmark"
        return ScrapedArticle(
            url=self._document.url,
            template=known.name if known else "unknown",
            headline=headline,
            label_text=self._take("label", None, lambda: marks.header.label_text, None),
            posted_text=posted,
            modified_text=modified,
            deck=self._take(
                "deck", lambda: known.deck if known else None, lambda: marks.deck, None
            ),
            paragraphs=paragraphs,
            byline_text=self._take("byline", None, lambda: marks.byline, None),
            reporter_text=known.reporters if known else None,
            contact=self._take("contact", None, lambda: marks.tail.contact, None),
            original_url=self._take("original", None, lambda: marks.tail.original_url, None),
            section_name=self._take(
                "section",
                lambda: known.section_name if known else None,
                lambda: marks.section_name,
                lambda: metadata.section,
            ),
            images=self._take("images", None, self._pictures, None) or (),
            related=self._take("related", None, lambda: marks.tail.related, None) or (),
            most_viewed=self._take("most_viewed", None, lambda: marks.tail.most_viewed, None) or (),
            layers=self._layers,
        )

    def _pictures(self) -> tuple[Image, ...]:
        return tuple(picture.image for picture in self._marks.captioned)

    def _take(
        self,
        field: str,
        template: Callable[[], T | None] | None,
        landmark: Callable[[], T | None] | None,
        metadata: Callable[[], T | None] | None,
    ) -> T | None:
        """Return the first layer's value that is there, and record the layer."""
        layers: tuple[tuple[Layer, Callable[[], T | None] | None], ...] = (
            ("template", template),
            ("landmark", landmark),
            ("metadata", metadata),
        )
        for layer, read in layers:
            if read is not None and (value := read()):
                self._layers[field] = layer
                return value
        return None

    def _require(
        self, headline: str | None, posted: str | None, paragraphs: tuple[str, ...]
    ) -> None:
        missing = [
            (code, name)
            for code, name, value in (
                ("no_headline", "headline", headline),
                ("no_date", "date", posted),
                ("no_body", "body", paragraphs or not (headline and posted)),
            )
            if not value
        ]
        if not missing:
            return
        url = self._document.url
        if len(missing) > 1 or not self._looks_like_an_article():
            raise PageError(
                "not_an_article", url, "the page is no article: no headline and date on it"
            )
        code, name = missing[0]
        raise PageError(code, url, f"no {name} found by template, landmark or metadata")

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
    for index, line in enumerate(document.lines):
        if not headline.startswith(line.text):
            continue
        for end in range(index + 1, min(index + 5, len(document.lines) + 1)):
            text = " ".join(line.text for line in document.lines[index:end])
            if text == headline:
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
