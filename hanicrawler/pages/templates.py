"""The templates whose markup is known: selectors by era.

A template is recognised by its marker and yields what its selectors find; whatever it does not
yield comes from the landmarks and the metadata.  Templates are never deleted: archives hold
pages of every era.  Source of the selectors: public crawlers of each era.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hanicrawler.pages import words
from hanicrawler.pages.lazy import lazy
from hanicrawler.pages.parts import Box, squeeze

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from hanicrawler.pages.document import Document
    from hanicrawler.pages.parts import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Selectors of one era; a selector that is None is not known for it."""

    name: str
    seen: str
    """When pages of this form were seen."""
    marker: str
    headline: str
    """The headline's element; it may hold the words or an element with them."""
    dates: str | None = None
    """Elements that print the dates, labels included."""
    section: str | None = None
    """The last element found names the section."""
    deck: str | None = None
    reporters: str | None = None
    """The reporters' names in a box or header."""
    body: str
    """The element that holds the running text."""
    only_bare_text: bool = False
    """Paragraphs are bare text of the body's element; its child elements are pictures."""

    def fits(self, document: Document) -> bool:
        """Tell whether *document* is a page of this form."""
        return document.tree.css_first(self.marker) is not None


ENGLISH_2018: Final = Template(
    name="english-2018",
    seen="October to December 2018",
    marker="#bodyapp",
    headline="#titleapp",
    dates="div.headline-data",
    section="div.view_map span a",
    body="#bodyapp",
    only_bare_text=True,
)

KOREAN_2015: Final = Template(
    name="korean-2015",
    seen="2015 to autumn 2023",
    marker="#article_view_headline",
    headline="#article_view_headline h4 span.title",
    dates="#article_view_headline p.date-time span",
    section="#article_view_headline p.category strong a",
    deck=".article-text .article-text-font-size div.subtitle",
    reporters=".kiza-info .name > strong",
    body=".article-text .article-text-font-size div.text",
)

_NEXT = "article#renewal2023"
KOREAN_NEXT: Final = Template(
    name="korean-next",
    seen="late 2023 to 2026",
    marker=_NEXT,
    headline=f"{_NEXT} h3[class*=ArticleDetailView_title]",
    dates=f"{_NEXT} li[class*=ArticleDetailView_dateListItem]",
    section=f"{_NEXT} [class*=ArticleDetailView_breadcrumb] a",
    deck=f"{_NEXT} h4[class*=ArticleDetailView_subtitle]",
    reporters=f"{_NEXT} [class*=ArticleDetailView_reporterList]",
    body=f"{_NEXT} div.article-text",
)

ENGLISH_NEXT: Final = Template(
    name="english-next",
    seen="2025 to 2026, inferred from the Korean edition",
    marker=_NEXT,
    headline=KOREAN_NEXT.headline,
    dates=KOREAN_NEXT.dates,
    section=KOREAN_NEXT.section,
    deck=KOREAN_NEXT.deck,
    body=KOREAN_NEXT.body,
)


SELECTORS: Final = tuple(
    dict.fromkeys(
        selector
        for each in (ENGLISH_2018, KOREAN_2015, KOREAN_NEXT, ENGLISH_NEXT)
        for selector in (
            each.marker,
            each.headline,
            each.dates,
            each.section,
            each.deck,
            each.reporters,
            each.body,
        )
        if selector is not None
    )
)
"""Of all templates."""


def choose(document: Document, edition: str | None) -> Template | None:
    """Return the template that *document* fits, or None where none does."""
    for template in (ENGLISH_2018, KOREAN_2015):
        if template.fits(document):
            return template
    if KOREAN_NEXT.fits(document):
        return ENGLISH_NEXT if edition == "en" else KOREAN_NEXT
    return None


class TemplateReader:
    """What a template's selectors find on one page; a field not found is None."""

    def __init__(self, template: Template, document: Document) -> None:
        self._template = template
        self._document = document
        self.name = template.name

    def narrow(self) -> bool:
        """Have the document read what may matter only; False where too little is known for it."""
        section, body = self._section, self._body
        if self._headline is None or not self.headline or not self.section_name or body is None:
            return False
        nodes = [self._headline, section[-1], body, *self._marked]
        self._document.read_only(nodes, self.headline)
        return True

    @lazy
    def _headline(self) -> LexborNode | None:
        return self._first(self._template.headline)

    @lazy
    def _section(self) -> Sequence[LexborNode]:
        return self._nodes(self._template.section)

    @lazy
    def _body(self) -> LexborNode | None:
        return self._first(self._template.body)

    @lazy
    def headline(self) -> str | None:
        """The headline's words."""
        node = self._headline
        return squeeze(node.text(separator="")) or None if node else None

    @lazy
    def dates(self) -> tuple[str | None, str | None]:
        """The words of posting and modification, without their labels."""
        posted = modified = None
        end = 0
        text = " ".join(
            squeeze(node.text(separator=" ")) for node in self._nodes(self._template.dates)
        )
        for match in words.STAMP.finditer(text):
            label = text[end : match.start()].rstrip(" :：|·")
            if words.MODIFIED.search(label):
                modified = modified or match[0]
            elif posted is None and (not label or words.POSTED.search(label)):
                posted = match[0]
            elif modified is None and not label:
                modified = match[0]
            end = match.end()
        return posted, modified

    @lazy
    def section_name(self) -> str | None:
        """The last part of the breadcrumb."""
        return squeeze(self._section[-1].text()) or None if self._section else None

    @lazy
    def deck(self) -> str | None:
        """The deck's words."""
        node = self._first(self._template.deck)
        return squeeze(node.text(separator=" ")) or None if node else None

    @lazy
    def reporters(self) -> str | None:
        """The reporters a box or header names, as one text."""
        names = [
            squeeze(node.text(separator=" ")).replace(" ,", ",")
            for node in self._nodes(self._template.reporters)
        ]
        names = list(dict.fromkeys(name for name in names if name))
        return ", ".join(names) or None

    @property
    def body(self) -> Box | None:
        """The box of the running text; None where it holds no text."""
        node = self._body
        box = self._document.box_of(node) if node else None
        if box is None or box.start == box.end:
            self._document.require_whole()
            return None
        return _bare_text_box(self._document, box) if self._template.only_bare_text else box

    @lazy
    def _marked(self) -> list[LexborNode]:
        return self._document.tree.css(self._template.marker)

    def _around(self, selector: str) -> LexborHTMLParser | LexborNode:
        """Return what to look in for *selector*: the marker's element where it says so."""
        if len(self._marked) == 1 and selector.startswith(f"{self._template.marker} "):
            return self._marked[0]
        return self._document.tree

    def _first(self, selector: str | None) -> LexborNode | None:
        return self._around(selector).css_first(selector) if selector else None

    def _nodes(self, selector: str | None) -> Sequence[LexborNode]:
        return self._around(selector).css(selector) if selector else ()


def _bare_text_box(document: Document, box: Box) -> Box | None:
    """Return the box in *box* whose own lines hold most text: its bare text is the body."""
    measure: Callable[[Line], int] = lambda line: len(line.text)  # noqa: E731
    sizes: dict[int, int] = {}
    for line in document.lines[box.start : box.end]:
        sizes[line.box.index] = sizes.get(line.box.index, 0) + measure(line)
    return document.boxes[max(sizes, key=sizes.__getitem__)] if sizes else None
