"""Where a page's elements stand in its bytes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from hanicrawler.pages.ranges import Range, ranges_of
from tests.replica import Newspaper
from tests.replica.templates import RENDERERS

PIECES = ["<div>", "</div>", "<p", ">", "<!--", "-->", "<svg>", "</svg>", "/", "<a ", "x", '"', "<"]
PIECES += ["<script>", "</script>", "<br/>"]
TEMPLATES = [name for name in RENDERERS if not name.startswith("korean")]


def texts(page: bytes, tag: str) -> list[bytes]:
    return [page[each.start : each.end] for each in ranges_of(page).get(tag, [])]


def test_an_element_ends_where_its_own_tag_closes_it() -> None:
    page = b"<body><div a><div>x</div><p>y</div><div>z</div></body>"

    assert texts(page, "div") == [
        b"<div a><div>x</div><p>y</div>",
        b"<div>x</div>",
        b"<div>z</div>",
    ]


def test_what_stands_in_scripts_and_comments_is_no_element() -> None:
    page = b"<body><!-- <div> --><script>'<div>'</script><div>x</div><style><div></style>"

    assert texts(page, "div") == [b"<div>x</div>"]
    assert texts(page, "script") == [b"<script>'<div>'</script>"]


def test_empty_elements_and_those_of_drawings_close_themselves() -> None:
    page = b'<p><br><img src="a"/>x</p><svg><path d="M0"/><g/></svg><p>y</p>'

    assert texts(page, "p") == [b'<p><br><img src="a"/>x</p>', b"<p>y</p>"]
    assert texts(page, "path") == [b'<path d="M0"/>']
    assert texts(page, "svg") == [b'<svg><path d="M0"/><g/></svg>']


def test_what_nothing_closes_has_no_end() -> None:
    (only,) = ranges_of(b"<body><div>x")["div"]

    assert only.end == -1


@pytest.mark.parametrize("template", TEMPLATES)
def test_on_the_newspapers_pages_every_range_is_the_trees_element(template: str) -> None:
    paper = Newspaper.standard()
    story = next(iter(paper))
    page = RENDERERS[template](story, paper).encode()
    tree = LexborHTMLParser(page)
    for tag in ("div", "ul", "li", "section", "header", "footer", "script", "style", "svg", "nav"):
        found, nodes = texts(page, tag), tree.css(tag)

        assert len(found) == len(nodes)
        for text, node in zip(found, nodes, strict=True):
            alone = LexborHTMLParser(b"<body>" + text).css_first(tag)
            assert alone is not None
            assert alone.text(separator="|") == node.text(separator="|")


@given(st.lists(st.sampled_from(PIECES)))
@settings(max_examples=200)
def test_whatever_the_markup_ranges_lie_in_each_other(pieces: list[str]) -> None:
    page = "".join(pieces).encode()

    def check(outer: Range) -> None:
        for inner in outer.inside:
            assert outer.start < inner.start
            assert outer.end == -1 or inner.end <= outer.end
            check(inner)

    for found in ranges_of(page).values():
        assert [each.number for each in found] == list(range(len(found)))
        for each in found:
            assert page[each.start : each.start + 1] == b"<"
            check(each)


def test_a_page_of_nothing_but_openings_is_read_at_once() -> None:
    assert len(ranges_of(b"<a " * 100_000)) <= 1
    assert len(ranges_of(b"<div>" * 100_000)["div"]) == 100_000
    assert ranges_of(b"<div>" * 50_000 + b"</p>" * 50_000)
