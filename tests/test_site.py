"""Which article, section or nothing of the site a URL names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanicrawler.site import (
    EDITIONS,
    HOSTS,
    ArticleAddress,
    Root,
    article_address,
    is_section_name,
    list_url,
    on_site,
    section_address,
    section_url,
)

KIM = "https://english.hani.co.kr/arti/english_edition/e_northkorea/869635.html"


@pytest.mark.parametrize(
    "alias",
    [
        KIM,
        "http://english.hani.co.kr/arti/english_edition/e_northkorea/869635.html",
        "https://www.hani.co.kr/arti/english_edition/e_northkorea/869635.html",
        "http://asset.hani.co.kr/arti/english_edition/e_northkorea/869635.html",
        "https://m.hani.co.kr/arti/english_edition/e_northkorea/869635.html",
        f"{KIM}?_fr=mt1",
        f"{KIM}#csidx4f1",
        f"{KIM}?a=b#cb",
        "https://ENGLISH.HANI.CO.KR/arti/english_edition/e_northkorea/869635.html",
        "https://english.hani.co.kr:443/arti/english_edition/e_northkorea/869635.html",
    ],
)
def test_every_alias_of_an_article_is_that_article(alias: str) -> None:
    address = article_address(alias)

    assert address == ArticleAddress("en", "e_northkorea", 869635)
    assert address.url == KIM


def test_a_renamed_section_is_the_same_article() -> None:
    renamed = article_address(KIM.replace("e_northkorea", "e_korea"))
    address = article_address(KIM)

    assert renamed is not None
    assert address is not None
    assert renamed.key == address.key == ("en", 869635)


@pytest.mark.parametrize(
    ("url", "edition", "section", "source_id"),
    [
        (
            "https://www.hani.co.kr/arti/politics/assembly/1140704.html",
            "ko",
            "politics/assembly",
            1140704,
        ),
        ("https://m.hani.co.kr/arti/economy/1140704.html", "ko", "economy", 1140704),
        ("https://www.hani.co.kr/arti/1140704.html", "ko", None, 1140704),
        ("http://china.hani.co.kr/arti/culture/16942.html", "zh", "culture", 16942),
        ("https://japan.hani.co.kr/arti/politics/50001.html", "ja", "politics", 50001),
        (
            "https://www.hani.co.kr/arti/english_edition/e_culture_new/7.html",
            "en",
            "e_culture_new",
            7,
        ),
    ],
)
def test_each_edition_is_known_by_host_and_path(
    url: str, edition: str, section: str | None, source_id: int
) -> None:
    assert article_address(url) == ArticleAddress(edition, section, source_id)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.hani.co.kr/arti/PRINT/869635.html",
        "https://www.hani.co.kr/arti/PREVIEW/869635.html",
        "https://www.hani.co.kr/arti/RSS/869635.html",
        "https://www.hani.co.kr/arti/politics/0.html",
        "https://www.hani.co.kr/arti/politics/12345678901.html",
        "https://www.hani.co.kr/arti/politics/list3.html",
        "https://www.hani.co.kr/",
        "https://hani.co.kr.evil.example/arti/politics/1.html",
        "https://evilhani.co.kr/arti/politics/1.html",
        "https://user@english.hani.co.kr/arti/politics/1.html",
        "https://english.hani.co.kr:8443/arti/politics/1.html",
        "ftp://english.hani.co.kr/arti/politics/1.html",
        "javascript:alert(1)",
        "/arti/politics/1.html",
        "https://[/arti/politics/1.html",
        "",
    ],
)
def test_what_is_no_article_of_the_site_is_none(url: str) -> None:
    assert article_address(url) is None


def test_lists_of_both_forms_and_fronts_are_told_apart() -> None:
    numbered = section_address(list_url("en", "e_business", 12, "numbered"))
    following = section_address(list_url("en", "e_business", 3, "next"))
    front = section_address(section_url("en", "e_business") + "/")

    assert numbered is not None
    assert following is not None
    assert front is not None
    assert (numbered.section, numbered.page, numbered.form) == ("e_business", 12, "numbered")
    assert (following.section, following.page, following.form) == ("e_business", 3, "next")
    assert (front.section, front.page, front.form) == ("e_business", None, None)


def test_the_editions_front_is_no_section() -> None:
    assert section_address("https://english.hani.co.kr/arti/english_edition/") is None


@pytest.mark.parametrize("name", ["e_northkorea", "english_editorials", "politics/assembly"])
def test_a_sections_code_is_known_by_its_form(name: str) -> None:
    assert is_section_name(name)


@pytest.mark.parametrize("name", ["", "a b", "../etc", "e_x/y/z", "1abc", "PRINT", "e;x"])
def test_anything_else_is_no_sections_code(name: str) -> None:
    assert not is_section_name(name)


@given(
    st.sampled_from(EDITIONS),
    st.from_regex(r"[a-z]{2,10}(_[a-z]{1,8})?", fullmatch=True).filter(
        lambda name: name != "english_edition"
    ),
    st.integers(1, 999_999_999),
)
def test_a_canonical_address_reads_back_as_itself(edition: str, section: str, number: int) -> None:
    address = ArticleAddress(edition, section, number)  # type: ignore[arg-type]

    assert article_address(address.url) == address
    assert on_site(address.url)


@given(st.text(max_size=80))
def test_any_text_is_answered_and_never_raises(text: str) -> None:
    for url in (text, f"https://english.hani.co.kr/arti/{text}", f"https://{text}.hani.co.kr/"):
        article_address(url)
        section_address(url)
        on_site(url)


def test_another_root_stands_for_every_host_and_is_told_apart_again() -> None:
    root = Root.parse("http://127.0.0.1:8000/")

    assert root.is_loopback
    assert root.to_root(f"{KIM}?a=1#b") == (
        "http://127.0.0.1:8000/arti/english_edition/e_northkorea/869635.html?a=1"
    )
    assert root.to_root("https://example.org/x") == "https://example.org/x"
    assert (
        root.to_site("http://127.0.0.1:8000/arti/english_edition/e_northkorea/869635.html") == KIM
    )
    assert root.to_site(
        "http://127.0.0.1:8000/arti/culture/3.html", "https://china.hani.co.kr/"
    ) == ("https://china.hani.co.kr/arti/culture/3.html")
    assert root.to_site("http://127.0.0.1:80001/") == "http://127.0.0.1:80001/"


def test_a_root_with_a_path_keeps_it() -> None:
    root = Root.parse("https://mirror.example/hani")

    assert not root.is_loopback
    assert root.to_root(f"https://{HOSTS['ko']}/rss") == "https://mirror.example/hani/rss"
    assert root.to_site("https://mirror.example/hani/rss") == f"https://{HOSTS['ko']}/rss"


@pytest.mark.parametrize(
    "text", ["", "127.0.0.1:8000", "ftp://x/", "http://", "http://x:99999", "http://x/?a"]
)
def test_what_is_no_root_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Root.parse(text)
