import pytest

from hanicrawler.site import is_same_page

ARTICLE = "https://english.hani.co.kr/arti/english_edition/e_editorial/1.html"


@pytest.mark.parametrize(
    "target",
    [
        "https://english.hani.co.kr/arti/english_edition/english_editorials/1.html",
        "https://www.hani.co.kr/arti/english_edition/e_editorial/1.html?_fr=mt1",
        "http://m.hani.co.kr/arti/english_edition/1.html#cb",
    ],
)
def test_another_address_of_the_same_article_is_the_same_page(target: str) -> None:
    assert is_same_page(ARTICLE, target)


@pytest.mark.parametrize(
    "target",
    [
        "https://english.hani.co.kr/arti/english_edition/e_editorial/2.html",
        "https://www.hani.co.kr/arti/politics/1.html",
        "https://www.hani.co.kr/arti/PRINT/1.html",
        "https://english.hani.co.kr/",
        "https://example.com/arti/english_edition/e_editorial/1.html",
        "ftp://english.hani.co.kr/arti/english_edition/e_editorial/1.html",
    ],
)
def test_anything_else_is_not_the_article(target: str) -> None:
    assert not is_same_page(ARTICLE, target)


def test_a_section_may_move_within_its_edition_but_not_become_the_front_page() -> None:
    section = "https://english.hani.co.kr/arti/english_edition/e_editorial"

    assert is_same_page(section, "/".join([section.rpartition("/")[0], "english_editorials/"]))
    assert not is_same_page(section, "https://english.hani.co.kr/")


def test_the_feed_may_move_anywhere_on_the_site() -> None:
    feed = "https://english.hani.co.kr/rss/english_edition"

    assert is_same_page(feed, "https://www.hani.co.kr/rss/english_edition/")
    assert not is_same_page(feed, "https://feeds.example.com/hani")
