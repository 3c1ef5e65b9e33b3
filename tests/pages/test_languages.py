import pytest

from hanicrawler.items import StoryLink
from hanicrawler.pages import PageError, read_feed, read_list
from hanicrawler.pages.languages import MANY, require_edition, require_language
from hanicrawler.site import FEED_URL, FRONT_URL, article_address

ENGLISH_URL = "https://english.hani.co.kr/arti/english_edition/e_national/1.html"
KOREAN_URL = "https://www.hani.co.kr/arti/politics/assembly/2.html"
ENGLISH = (
    "The last rice mill of the valley closed on the shortest day of the year, and its owner put "
    "the key under the doormat for whoever might want it. Nobody has come for it so far."
)
KOREAN = (
    "정미소의 문이 닫힌 것은 지난해 동짓날이었다. 주민들은 군청 앞에서 다시 모이기로 했다. "
    "열쇠는 아직 문 앞 깔개 밑에 있고, 가져가겠다는 사람은 나타나지 않았다. 방앗간 주인은 웃었다. "
    "쌀을 찧던 기계는 창고에 그대로 남아 있으며 내년 봄에 박물관으로 옮겨질 예정이라고 한다."
)
JAPANESE = "谷の最後の精米所は冬至の日に閉まり、鍵は玄関マットの下に置かれたままである。" * 4


@pytest.mark.parametrize("text", [KOREAN, JAPANESE])
def test_another_language_under_an_english_address_is_refused(text: str) -> None:
    with pytest.raises(PageError, match="under an English address") as refused:
        require_language(ENGLISH_URL, ["The rice mill in winter", text])

    assert refused.value.code == "wrong_language"


def test_english_under_a_korean_address_is_refused() -> None:
    with pytest.raises(PageError, match="under a Korean address") as refused:
        require_language(KOREAN_URL, ["정미소", ENGLISH])

    assert refused.value.code == "wrong_language"


@pytest.mark.parametrize(
    ("url", "texts"),
    [
        (ENGLISH_URL, ["The rice mill in winter", ENGLISH]),
        (KOREAN_URL, ["정미소의 겨울", KOREAN]),
        # A Korean word in italics, a quoted title, a poem with its translation.
        (ENGLISH_URL, ["What jeong (정) is", ENGLISH, "“정미소의 겨울,” the play, runs on."]),
        (ENGLISH_URL, ["Two poems", ENGLISH, KOREAN[:60], ENGLISH]),
        (KOREAN_URL, ["정미소의 겨울", KOREAN, ENGLISH]),
        # A caption.
        (ENGLISH_URL, ["[포토] 정미소의 겨울", "문 닫은 정미소. 연합뉴스"]),
        (KOREAN_URL, ["[포토]", "The rice mill. (Yonhap News)"]),
        ("https://japan.hani.co.kr/arti/politics/3.html", ["精米所", ENGLISH]),
        ("https://example.com/", [KOREAN]),
    ],
)
def test_the_right_language_short_texts_and_mixed_ones_are_not_refused(
    url: str, texts: list[str]
) -> None:
    require_language(url, texts)


def links(*urls: str) -> list[StoryLink]:
    addresses = [article_address(url) for url in urls]
    return [
        StoryLink(url=a.url, headline="A headline", edition=a.edition, source_id=a.source_id)
        for a in addresses
        if a
    ]


KOREAN_LINKS = [f"https://www.hani.co.kr/arti/politics/assembly/{n}.html" for n in range(1, 10)]


@pytest.mark.parametrize(
    "url",
    [
        FEED_URL,
        FRONT_URL,
        "https://english.hani.co.kr/arti/english_edition/e_national",
        "https://english.hani.co.kr/arti/english_edition/e_national/list2.html",
    ],
)
def test_an_english_list_that_names_only_korean_stories_is_refused(url: str) -> None:
    with pytest.raises(PageError, match="Korean edition, none of the English one"):
        require_edition(url, links(*KOREAN_LINKS))


def test_lists_of_both_editions_and_lists_that_name_a_few_stories_are_not_refused() -> None:
    require_edition(FEED_URL, links(*KOREAN_LINKS, ENGLISH_URL))
    require_edition(FRONT_URL, links(*KOREAN_LINKS[: MANY - 1]))
    require_edition("https://www.hani.co.kr/arti/politics/assembly", links(*KOREAN_LINKS))


def test_both_readers_ask() -> None:
    items = "".join(f"<item><link>{url}</link></item>" for url in KOREAN_LINKS)
    page = "".join(f'<p><a href="{url}">여름의 정미소 앞에서</a></p>' for url in KOREAN_LINKS)

    for read, body, url in (
        (read_feed, f"<rss><channel>{items}</channel></rss>", FEED_URL),
        (read_list, f"<html><body>{page}</body></html>", FRONT_URL),
    ):
        with pytest.raises(PageError) as refused:
            read(body.encode(), url)
        assert refused.value.code == "wrong_language"
