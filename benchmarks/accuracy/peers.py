"""The general extractors' answers to the frozen pages; runs in their own environment.

    python peers.py < cases.json > answers.json

Reads ``{name: {"url": ..., "html": ...}}`` and writes ``{tool: {name: answer}}``.  Nothing of
this project is imported.  A field which a tool does not offer is no key of its answer.  Each
tool is called as its own documentation shows, with what it needs to do well: the URL, and no
fetching of pictures.
"""

from __future__ import annotations

import json
import logging
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    """Answer every page with every tool."""
    logging.disable(logging.CRITICAL)
    pages = json.load(sys.stdin)
    answers: dict[str, dict[str, Any]] = {}
    for package, load in TOOLS.items():
        read = load()
        answers[f"{package} {version(package)}"] = {
            name: _answer(read, page["html"], page["url"]) for name, page in pages.items()
        }
    json.dump(answers, sys.stdout, ensure_ascii=False)


def _answer(read: Callable[[str, str], dict[str, Any]], html: str, url: str) -> dict[str, Any]:
    try:
        return read(html, url)
    except LookupError as error:
        if "punkt_tab" in str(error):
            return {"untried": "needs NLTK's data punkt_tab"}
        return {"error": f"{type(error).__name__}: {error}"}
    except Exception as error:  # noqa: BLE001 - a tool that fails on a page has answered nothing
        return {"error": f"{type(error).__name__}: {error}"}


def newspaper4k() -> Callable[[str, str], dict[str, Any]]:
    """``newspaper.article(url, input_html=...)``."""
    import newspaper

    def read(html: str, url: str) -> dict[str, Any]:
        language = "ko" if 'lang="ko"' in html[:2000] else "en"
        article = newspaper.Article(url, language=language, fetch_images=False)
        article.download(input_html=html)
        article.parse()
        return {
            "headline": article.title,
            "posted": _moment(article.publish_date),
            "deck": article.meta_description,
            "body": article.text,
            "authors": list(article.authors),
        }

    return read


def trafilatura() -> Callable[[str, str], dict[str, Any]]:
    """``trafilatura.bare_extraction``; the modified date is asked for in a call of its own."""
    from htmldate import find_date
    from trafilatura import bare_extraction

    def read(html: str, url: str) -> dict[str, Any]:
        found = bare_extraction(html, url=url, with_metadata=True, include_comments=False)
        document = found.as_dict() if found is not None else {}
        author = document.get("author")
        return {
            "headline": document.get("title"),
            "posted": document.get("date"),
            "modified": find_date(html, url=url, original_date=False),
            "deck": document.get("description"),
            "body": document.get("text"),
            "authors": author.split("; ") if author else [],
        }

    return read


def news_please() -> Callable[[str, str], dict[str, Any]]:
    """``NewsPlease.from_html``."""
    from newsplease import NewsPlease

    def read(html: str, url: str) -> dict[str, Any]:
        article = NewsPlease.from_html(html, url=url, fetch_images=False)
        return {
            "headline": article.title,
            "posted": _moment(article.date_publish),
            "modified": _moment(article.date_modify),
            "deck": article.description,
            "body": article.maintext,
            "authors": list(article.authors or ()),
        }

    return read


def fundus() -> Callable[[str, str], dict[str, Any]]:
    """A parser of its base class and generic functions.

    Fundus has a parser for each publisher it knows, none for The Hankyoreh and none for an
    unknown one; this is the parser its tutorial begins with, before a publisher's selectors.
    """
    from fundus.parser import BaseParser, attribute
    from fundus.parser import utility as generic
    from lxml.etree import XPath

    paragraphs = XPath("//p[normalize-space()]")

    class FirstDraft(BaseParser):
        @attribute
        def title(self) -> Any:
            return self.precomputed.meta.get("og:title")

        @attribute
        def authors(self) -> list[str]:
            claimed = self.precomputed.ld.bf_search("author")
            return generic.generic_author_parsing(claimed or self.precomputed.meta.get("author"))

        @attribute
        def publishing_date(self) -> Any:
            claimed = self.precomputed.ld.bf_search("datePublished")
            named = self.precomputed.meta.get("article:published_time")
            return generic.generic_date_parsing(claimed or named)

        @attribute
        def body(self) -> Any:
            return generic.extract_article_body_with_selector(
                self.precomputed.doc, paragraph_selector=paragraphs
            )

        @attribute
        def images(self) -> list[Any]:
            return generic.image_extraction(
                self.precomputed.doc,
                paragraph_selector=paragraphs,
                upper_boundary_selector=XPath("//body"),
            )

    parser = FirstDraft()

    def read(html: str, _url: str) -> dict[str, Any]:
        data = {
            name: None if isinstance(value, Exception) else value
            for name, value in parser.parse(html, error_handling="catch").items()
        }
        pictures = data["images"] or []
        return {
            "headline": data["title"],
            "posted": _moment(data["publishing_date"]),
            "body": "\n\n".join(data["body"].as_text_sequence()) if data["body"] else None,
            "authors": data["authors"] or [],
            "captions": [picture.caption or picture.description for picture in pictures],
            "credits": [", ".join(picture.authors) or None for picture in pictures],
        }

    return read


def _moment(moment: Any) -> str | None:
    return moment.isoformat() if hasattr(moment, "isoformat") else moment or None


TOOLS: dict[str, Callable[[], Callable[[str, str], dict[str, Any]]]] = {
    "newspaper4k": newspaper4k,
    "trafilatura": trafilatura,
    "news-please": news_please,
    "fundus": fundus,
}

if __name__ == "__main__":
    main()
