"""Pages that are broken, hostile or no pages: refused with a reason, or read all the same."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hanicrawler.pages import PageError, read_article, read_feed, read_list

URL = "https://english.hani.co.kr/arti/english_edition/e_national/900001.html"
BODY = (
    "<p>The mill in the valley stopped at noon on Tuesday, and no one who was there could say "
    "afterwards who had pulled the lever.</p>"
    "<p>“It was old,” said the miller’s son, who had been asleep in the loft.</p>"
)


def page(headline: str = "The mill stops", body: str = BODY, end: str = "</body></html>") -> str:
    return (
        f"<!doctype html><html><head><meta charset='utf-8'><title>{headline}</title></head><body>"
        f"<h1>{headline}</h1><p>Posted on : 2019-03-02 10:11 KST</p><div>{body}</div>{end}"
    )


def refusal(body: bytes, **header: str) -> str:
    with pytest.raises(PageError) as caught:
        read_article(body, URL, **header)
    assert str(caught.value).startswith(URL)
    assert "\n" not in str(caught.value)
    return caught.value.code


def test_the_page_used_here_is_read() -> None:
    article = read_article(page().encode(), URL)

    assert article.headline == "The mill stops"
    assert len(article.paragraphs) == 2


@pytest.mark.parametrize("body", [b"", b"   \n", b"\0\0\0"])
def test_an_empty_page_is_refused(body: bytes) -> None:
    assert refusal(body) == "empty"


@pytest.mark.parametrize(
    "body",
    [b"%PDF-1.7 <html>", b"\xff\xd8\xff\xe0<", b'{"a": "<p>"}', b"no markup at all", b"GIF89a<"],
)
def test_what_is_not_html_is_refused(body: bytes) -> None:
    assert refusal(body) == "not_html"


def test_a_picture_by_its_content_type_is_refused() -> None:
    assert refusal(page().encode(), content_type="image/webp") == "not_html"


def test_a_page_cut_off_in_the_middle_is_refused_and_never_stored_by_halves() -> None:
    whole = page().encode()

    assert refusal(whole[: whole.index(b"who had been")]) == "cut_off"


def test_a_page_that_closes_all_it_opens_is_whole_without_an_html_end_tag() -> None:
    article = read_article(page(end="").encode(), URL)

    assert article.paragraphs[-1].endswith("in the loft.")


def test_latin_1_bytes_that_claim_to_be_utf_8_are_refused() -> None:
    body = page(body="<p>" + "Café Noir’s owner said it was over. ".replace("’", "'") * 4 + "</p>")

    assert refusal(body.encode("latin-1"), charset="utf-8") == "undecodable"


def test_utf_8_read_as_latin_and_written_again_is_refused() -> None:
    twice = page().encode().decode("cp1252", "replace").encode()

    assert refusal(twice) == "undecodable"


def test_utf_8_that_claims_to_be_euc_kr_is_read_as_what_it_is() -> None:
    article = read_article(page().encode(), URL, charset="euc-kr")

    assert article.paragraphs[1].startswith("“It was old,” said the miller’s son")


def test_cp949_that_says_so_is_read() -> None:
    korean = page(
        headline="방앗간이 멈췄다",
        body="<p>화요일 정오에 골짜기의 방앗간이 멈췄다고 주민들이 " * 3 + "전했다.</p>",
    )
    body = korean.replace("charset='utf-8'", "charset='euc-kr'").encode("cp949")

    assert read_article(body, URL).headline == "방앗간이 멈췄다"


def test_a_damaged_advertisement_costs_no_article() -> None:
    body = page().encode().replace(b"</body>", b"<aside>\xc3\x28</aside></body>")

    assert read_article(body, URL).headline == "The mill stops"


def test_a_hundred_thousand_nested_elements_are_refused_at_once() -> None:
    body = ("<html><body>" + "<div>" * 100_000).encode()
    started = time.process_time()

    assert refusal(body) == "too_deep"
    assert time.process_time() - started < 5


def test_nested_and_closed_elements_are_refused_too() -> None:
    assert refusal(page(body="<b>" * 20_000 + "x" + "</b>" * 20_000).encode()) == "too_deep"


def test_a_long_page_of_unclosed_paragraphs_is_not_deep() -> None:
    body = page(body="<p>The mill stood still for another day, and the river went on. " * 12_000)

    assert len(read_article(body.encode(), URL).paragraphs) == 12_000


def test_markup_in_a_headline_stays_text() -> None:
    article = read_article(
        page(headline="&lt;script&gt;alert(1)&lt;/script&gt; and so on").encode(), URL
    )

    assert article.headline == "<script>alert(1)</script> and so on"


@pytest.mark.parametrize("width", ["²", "①", "9" * 5000, "-1", ""])
def test_a_picture_of_an_impossible_size_is_read(width: str) -> None:
    source = "https://img.hani.co.kr/imgdb/resize/2019/0302/1.JPG"
    body = f'{BODY}<figure><img width="{width}" src="{source}"></figure>'

    article = read_article(page(body=body).encode(), URL)

    assert [image.url for image in article.images] == [source]


def test_thousands_of_pictures_are_read_at_once() -> None:
    picture = "<div><img src='/imgdb/{}.jpg'>A mill of the valley at noon</div>"
    body = "".join(picture.format(number) for number in range(4000))
    started = time.process_time()

    article = read_article(page(body=body).encode(), URL)

    assert len(article.images) == 4000
    assert time.process_time() - started < 2


def test_a_page_without_a_date_is_refused() -> None:
    assert (
        refusal(
            page().replace("Posted on : 2019-03-02 10:11 KST", "By Moon Ga-on, reporter").encode()
        )
        == "no_date"
    )


def test_a_page_without_text_is_refused() -> None:
    assert refusal(page(body="").replace("<div>", "<article>").encode()) in (
        "no_body",
        "not_an_article",
    )


PIECES = st.sampled_from(
    [
        "<div>",
        "</div>",
        "<p>",
        "</p>",
        "<br>",
        "<img alt='x y z'>",
        "<a href='/arti/english_edition/a/1.html'>",
        "</a>",
        "<h1>",
        "</h1>",
        "Posted on : 2019-03-02 10:11 KST",
        "Modified on :",
        "By Moon Ga-on, staff reporter",
        "Related stories",
        "Most viewed articles",
        "<table><tr><td>",
        "<figure>",
        "<figcaption>",
        "&nbsp;",
        "<!--",
        "Please direct questions or comments to [x]",
        "<script>",
        "\x00",
        "&#xD800;",
        "<svg>",
        "<li>",
        "<base href='http://['>",
        "A sentence that is long enough to be taken for running text by anyone who reads it.",
        "<a href='http://['>",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
@example("<base href='http://['><a href='http://['>x</a>")
@settings(max_examples=300, deadline=None)
def test_any_soup_is_read_or_refused_and_never_crashes(soup: str) -> None:
    body = f"<html><body>{soup}</body></html>".encode()
    for read in (read_article, read_list, read_feed):
        with contextlib.suppress(PageError):
            read(body, URL)


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_refused_and_never_crash(body: bytes) -> None:
    for read in (read_article, read_feed):
        with pytest.raises(PageError):
            read(body, URL)


@pytest.mark.parametrize("line", ["By the Editorial Board and friends of 12 towns", "By staff"])
def test_a_byline_nobody_can_read_is_kept_in_words_and_is_no_paragraph(line: str) -> None:
    contact = "Please direct questions or comments to [english@hani.co.kr]"
    article = read_article(page(body=f"{BODY}</div><p>{line}</p><p>{contact}</p>").encode(), URL)

    assert article.byline_text == line
    assert len(article.paragraphs) == 2
