"""Credits, and pictures that are the same."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hanicrawler.items import Image
from hanicrawler.normalize import images
from hanicrawler.normalize.images import merge_images, picture_key, read_credit

PARTS = (
    'img.hani.co.kr|Hani.co.kr|a@b|[|]|:|:80|:x|/|/imgdb/|2024/0621/|a.jpg|?|#|;|%|"| |\t|\n|\\'
    "|\u00e9|\u212a".split("|")
)
FLEXIBLE = "https://flexible.img.hani.co.kr/flexible/normal"


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("The leaders shake hands in Seoul. (KCNA/Yonhap)", "KCNA/Yonhap"),
        ("The leaders shake hands in Seoul (Yonhap News)", "Yonhap News"),
        ("The leaders shake hands in Seoul. (AP/Yonhap).", "AP/Yonhap"),
        ("The DMZ (Demilitarized Zone) in autumn. (Reuters/Yonhap News)", "Reuters/Yonhap News"),
        ("The summit. (photo pool)", "photo pool"),
        ("The summit (photo pool)", "photo pool"),
        ("The summit. (Blue House photo pool)", "Blue House photo pool"),
        ("An old street. (Hankyoreh archives)", "Hankyoreh archives"),
        ("Farmers (provided by the Alliance of Farmers)", "provided by the Alliance of Farmers"),
        ("A car. (courtesy of Hyundai Motor)", "courtesy of Hyundai Motor"),
        ("A car. (Hyundai Motor)", "Hyundai Motor"),
        ("A clip. (screenshot from YouTube)", "screenshot from YouTube"),
        ("A street. (Lee Jeong-a, staff photographer)", "Lee Jeong-a, staff photographer"),
        ("A street. (by Lee Jeong-a, staff photographer)", "by Lee Jeong-a, staff photographer"),
        ("A street (Kim Myoung-jin/The Hankyoreh)", "Kim Myoung-jin/The Hankyoreh"),
        ("A street. (Shin So-young)", "Shin So-young"),
        ("A page. (from the White House website)", "from the White House website"),
        ("A street. Photo by Lee Jeong-a", "Photo by Lee Jeong-a"),
        ("(Yonhap)", "Yonhap"),
        ("두 사람이 걷고 있다. 연합뉴스", "연합뉴스"),
        ("두 사람이 걷고 있다. AP 연합뉴스", "AP 연합뉴스"),
        ("두 사람이 걷고 있다. 워싱턴/AFP 연합뉴스", "AFP 연합뉴스"),
        ("거리 풍경/연합뉴스", "연합뉴스"),
        ("두 사람이 걷고 있다. 사진공동취재단", "사진공동취재단"),
        ("두 사람이 걷고 있다. 평양사진공동취재단", "평양사진공동취재단"),
        ("거리 풍경. 강창광 선임기자 chang@hani.co.kr", "강창광 선임기자"),
        ("거리 풍경. 김명진 기자", "김명진 기자"),
        ("새 차. 현대자동차 제공", "현대자동차 제공"),
        ("한 장면. 유튜브 갈무리", "유튜브 갈무리"),
        ("옛 거리. (한겨레 자료사진)", "한겨레 자료사진"),
        ("옛 거리. 한겨레 자료사진", "한겨레 자료사진"),
    ],
)
def test_a_credit_ends_the_caption(caption: str, credit: str) -> None:
    assert read_credit(caption) == credit


@pytest.mark.parametrize(
    "caption",
    [
        None,
        "",
        "The leaders shake hands.",
        "President Kim (left)",
        "President Kim and President Lee. (left to right)",
        "President Kim (second from left)",
        "Winter in Seoul (2018)",
        "Winter in Seoul. (2018)",
        "Guards at the border (DMZ)",
        "Guards at the border. (DMZ)",
        "Guards at the border (Nov. 9)",
        "The secretary for jobs (jobs).",
        "Aid by the World Food Programme (WFP).",
        "The president's wife (Kim Jung-sook)",
        "The two systems (the older one and the AP system).",
        "(The AP reported this on Monday.)",
        "문 대통령(왼쪽)",
        "그는 연합뉴스 기자와 만났다.",
        "거리 풍경",
        "(",
        ")",
        "()",
    ],
)
def test_what_is_no_credit_is_none(caption: str | None) -> None:
    assert read_credit(caption) is None


@given(st.text() | st.text("() .aKYonhap/연합뉴스 기자제공@\n", max_size=60))
@settings(deadline=None)
def test_a_credit_is_always_part_of_its_caption(caption: str) -> None:
    credit = read_credit(caption)

    assert credit is None or (credit and credit.split()[0] in caption)


@pytest.mark.parametrize(
    "url",
    [
        "https://img.hani.co.kr/imgdb/resize/2017/1014/53_1.jpg",
        "http://img.hani.co.kr/imgdb/original/2017/1014/53_1.jpg?x=1",
        "//img.hani.co.kr/imgdb/2017/1014/53_1.jpg",
        f"{FLEXIBLE}/640/427/imgdb/original/2017/1014/53_1.jpg",
        f"{FLEXIBLE}/300/180/imgdb/child/2017/1014/53_1.jpg",
        f"{FLEXIBLE}/300/180/imgdb/resize/2017/1014/53_1.jpg#top",
    ],
)
def test_one_picture_has_one_key_at_every_size(url: str) -> None:
    assert picture_key(url) == "imgdb/2017/1014/53_1.jpg"


def test_other_files_and_other_days_are_other_pictures() -> None:
    keys = {
        picture_key("https://img.hani.co.kr/imgdb/resize/2017/1014/53_1.jpg"),
        picture_key("https://img.hani.co.kr/imgdb/resize/2017/1014/53_2.jpg"),
        picture_key("https://img.hani.co.kr/imgdb/resize/2017/1015/53_1.jpg"),
        picture_key("https://elsewhere.example/imgdb/resize/2017/1014/53_1.jpg"),
    }

    assert len(keys) == 4


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://cdn.example/a/b.jpg?w=640#x", "cdn.example/a/b.jpg"),
        ("http://CDN.example/a/b.jpg", "cdn.example/a/b.jpg"),
        ("http://[", "http://["),
    ],
)
def test_another_sites_picture_is_its_address(url: str, key: str) -> None:
    assert picture_key(url) == key


@given(
    st.sampled_from(["https://", "http://", "HTTP://", "//", " https://", ""]),
    st.lists(st.sampled_from(PARTS), max_size=8).map("".join),
)
def test_plain_addresses_are_taken_apart_as_all_others_are(scheme: str, rest: str) -> None:
    url = f"{scheme}{rest}"
    quick = picture_key(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(images, "_ADDRESS", re.compile(r"(?!)"))
        assert picture_key(url) == quick


def test_a_picture_counts_once_with_its_caption_and_the_larger_address() -> None:
    small = f"{FLEXIBLE}/300/180/imgdb/original/2024/0621/a.jpg"
    large = f"{FLEXIBLE}/640/427/imgdb/original/2024/0621/a.jpg"
    other = "https://cdn.example/b.jpg"

    merged = merge_images(
        [
            Image(url=small, caption=None),
            Image(url=other, caption="A street"),
            Image(url=large, caption="A summit. (AP/Yonhap)"),
        ]
    )

    assert merged == (
        Image(url=large, caption="A summit. (AP/Yonhap)", credit="AP/Yonhap"),
        Image(url=other, caption="A street"),
    )


def test_the_first_address_stays_where_a_size_is_unknown() -> None:
    first = "https://img.hani.co.kr/imgdb/resize/2024/0621/a.jpg"
    again = f"{FLEXIBLE}/640/427/imgdb/original/2024/0621/a.jpg"

    merged = merge_images([Image(url=first, caption="A"), Image(url=again, caption="B")])

    assert merged == (Image(url=first, caption="A"),)


@pytest.mark.parametrize("url", ["https://a.example/b.jpg", "http://[", ""])
@pytest.mark.parametrize("caption", [None, "Snow.", "Snow. (photo pool)"])
@pytest.mark.parametrize("credit", [None, "", "AP"])
def test_one_picture_is_read_as_several_are(
    url: str, caption: str | None, credit: str | None
) -> None:
    image = Image(url=url, caption=caption, credit=credit)
    other = Image(url="https://a.example/other.jpg", caption=None)

    assert merge_images([image, other])[:1] == merge_images([image])


def test_no_pictures_are_no_pictures() -> None:
    assert merge_images([]) == ()


@pytest.mark.parametrize(
    "words", ["presidential office pool", "YTN screenshot", "KBS", "NASA", "Twitter"]
)
def test_pools_broadcasters_and_screenshots_are_credits_behind_a_sentence(words: str) -> None:
    assert read_credit(f"The oven of the pier is cold. ({words})") == words


def test_a_broadcasters_abbreviation_inside_a_sentence_is_no_credit() -> None:
    assert read_credit("A car of the Korean Broadcasting System (KBS)") is None
