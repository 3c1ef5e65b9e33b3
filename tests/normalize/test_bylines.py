"""Bylines to authors."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hanicrawler.items import Byline
from hanicrawler.normalize.bylines import BylineError, read_byline

Expected = list[tuple[str, str | None] | tuple[str, str | None, str | None]]

OF_THE_SITE: list[tuple[str, Expected]] = [
    ("By Lee Je-hun, senior staff writer", [("Lee Je-hun", "senior staff writer")]),
    (
        "By Hwang Joon-bum, Washington correspondent",
        [("Hwang Joon-bum", "Washington correspondent", "Washington")],
    ),
    (
        "By Lee Seung-jun, staff reporter; Jang Na-rye, staff reporter",
        [("Lee Seung-jun", "staff reporter"), ("Jang Na-rye", "staff reporter")],
    ),
    (
        "By Noh Ji-won and Kim Bo-hyeop, staff reporters",
        [("Noh Ji-won", "staff reporter"), ("Kim Bo-hyeop", "staff reporter")],
    ),
    (
        "By Kim Bo-hyeop, Seong Yeon-cheol, Kim Ji-eun and Song Gyung-hwa, staff reporters",
        [
            ("Kim Bo-hyeop", "staff reporter"),
            ("Seong Yeon-cheol", "staff reporter"),
            ("Kim Ji-eun", "staff reporter"),
            ("Song Gyung-hwa", "staff reporter"),
        ],
    ),
    (
        "By Noh Ji-won, staff reporter, and Hwang Joon-bum, Washington correspondent",
        [
            ("Noh Ji-won", "staff reporter"),
            ("Hwang Joon-bum", "Washington correspondent", "Washington"),
        ],
    ),
    (
        "By Hwang Joon-bum, Washington correspondent, Noh Ji-won, staff reporter,"
        " and Lee Je-hun, senior staff writer",
        [
            ("Hwang Joon-bum", "Washington correspondent", "Washington"),
            ("Noh Ji-won", "staff reporter"),
            ("Lee Je-hun", "senior staff writer"),
        ],
    ),
    (
        "By Hwang Joon-bum, Washington correspondent, and Yoo Kang-moon, senior staff writer,"
        " and Park Min-hee, staff reporter",
        [
            ("Hwang Joon-bum", "Washington correspondent", "Washington"),
            ("Yoo Kang-moon", "senior staff writer"),
            ("Park Min-hee", "staff reporter"),
        ],
    ),
    (
        "By Park Kyung-man, North Gyeonggi correspondent, Lee Jeong-a, staff photographer,"
        " Park Soo-hyuk, Gangwon correspondent, and Huh Ho-joon, Jeju correspondent",
        [
            ("Park Kyung-man", "North Gyeonggi correspondent", "North Gyeonggi"),
            ("Lee Jeong-a", "staff photographer"),
            ("Park Soo-hyuk", "Gangwon correspondent", "Gangwon"),
            ("Huh Ho-joon", "Jeju correspondent", "Jeju"),
        ],
    ),
    (
        "By Kim Hyo-sun, Executive Editor The Hankyoreh",
        [("Kim Hyo-sun", "Executive Editor The Hankyoreh")],
    ),
    ("By Yoo Kang-moon, seniors staff writer", [("Yoo Kang-moon", "senior staff writer")]),
    ("By Seong Yeon-cheol,, staff reporter", [("Seong Yeon-cheol", "staff reporter")]),
]

POSTS: list[tuple[str, Expected]] = [
    ("By A-ri Kim, Sejong correspondent", [("A-ri Kim", "Sejong correspondent", "Sejong")]),
    (
        "By Park Kyung-man, northern Gyeonggi correspondent",
        [("Park Kyung-man", "northern Gyeonggi correspondent", "northern Gyeonggi")],
    ),
    (
        "By Ko Na-mu, senior Tokyo correspondent",
        [("Ko Na-mu", "senior Tokyo correspondent", "Tokyo")],
    ),
    ("By Ko Na-mu, Tokyo bureau chief", [("Ko Na-mu", "Tokyo bureau chief", "Tokyo")]),
    ("By Ko Na-mu, New York Correspondent", [("Ko Na-mu", "New York Correspondent", "New York")]),
    ("By Ko Na-mu, former Tokyo correspondent", [("Ko Na-mu", "former Tokyo correspondent")]),
    ("By Ko Na-mu, Blue House correspondent", [("Ko Na-mu", "Blue House correspondent")]),
    (
        "By Ko Na-mu, National Assembly correspondent",
        [("Ko Na-mu", "National Assembly correspondent")],
    ),
    ("By Ko Na-mu, Senior Correspondent", [("Ko Na-mu", "Senior Correspondent")]),
    (
        "By Ko Na-mu, senior political correspondent",
        [("Ko Na-mu", "senior political correspondent")],
    ),
    *(
        (f"By Ko Na-mu, {beat} correspondent", [("Ko Na-mu", f"{beat} correspondent")])
        for beat in (
            "senior",
            "staff",
            "special",
            "political",
            "military",
            "diplomatic",
            "business",
            "finance",
            "religion",
            "environment",
            "Diplomatic",
            "Military",
            "foreign affairs",
        )
    ),
    ("By Ko Na-mu in Washington", [("Ko Na-mu", None, "Washington")]),
    ("By Ko Na-mu, staff reporter in Busan", [("Ko Na-mu", "staff reporter", "Busan")]),
    ("By Ko Na-mu, staff reporter, in Busan", [("Ko Na-mu", "staff reporter", "Busan")]),
    ("By Ko Na-mu, staff reporter, Busan", [("Ko Na-mu", "staff reporter", "Busan")]),
    (
        "By Ko Na-mu, staff reporter in Paju, Gyeonggi Province",
        [("Ko Na-mu", "staff reporter", "Paju, Gyeonggi Province")],
    ),
    ("By Ko Na-mu, North Korea correspondent", [("Ko Na-mu", "North Korea correspondent")]),
    (
        "By Ko Na-mu and Heo Seung, staff reporters in Busan",
        [("Ko Na-mu", "staff reporter", "Busan"), ("Heo Seung", "staff reporter", "Busan")],
    ),
    (
        "By Ko Na-mu and Heo Seung, staff reporters in Seoul and Beijing",
        [("Ko Na-mu", "staff reporter", "Seoul"), ("Heo Seung", "staff reporter", "Beijing")],
    ),
    (
        "By Ko Na-mu, Heo Seung and Lee Wan, staff reporters in Seoul and Beijing",
        [
            ("Ko Na-mu", "staff reporter"),
            ("Heo Seung", "staff reporter"),
            ("Lee Wan", "staff reporter"),
        ],
    ),
    (
        "By Ko Na-mu and Heo Seung, Tokyo and Beijing correspondents",
        [
            ("Ko Na-mu", "Tokyo correspondent", "Tokyo"),
            ("Heo Seung", "Beijing correspondent", "Beijing"),
        ],
    ),
    (
        "By Ko Na-mu, Tokyo correspondent, and Heo Seung, intern reporter",
        [("Ko Na-mu", "Tokyo correspondent", "Tokyo"), ("Heo Seung", "intern reporter")],
    ),
    (
        "By Ko Na-mu, Tokyo correspondent and Heo Seung, staff reporter",
        [("Ko Na-mu", "Tokyo correspondent", "Tokyo"), ("Heo Seung", "staff reporter")],
    ),
    (
        "By Ko Na-mu and Heo Seung, Tokyo correspondent",
        [("Ko Na-mu", None), ("Heo Seung", "Tokyo correspondent", "Tokyo")],
    ),
]

SHARED: list[tuple[str, Expected]] = [
    (
        "By Ko Na-mu, Choi Hyun-june and Heo Seung, staff reporters",
        [
            ("Ko Na-mu", "staff reporter"),
            ("Choi Hyun-june", "staff reporter"),
            ("Heo Seung", "staff reporter"),
        ],
    ),
    (
        "By Ko Na-mu, Heo Seung, staff reporters",
        [("Ko Na-mu", "staff reporter"), ("Heo Seung", "staff reporter")],
    ),
    (
        "By Ko Na-mu; Heo Seung, senior staff writers",
        [("Ko Na-mu", "senior staff writer"), ("Heo Seung", "senior staff writer")],
    ),
    (
        "By Ko Na-mu and Heo Seung, staff reporter",
        [("Ko Na-mu", "staff reporter"), ("Heo Seung", "staff reporter")],
    ),
    (
        "By Ko Na-mu; Heo Seung, staff reporter",
        [("Ko Na-mu", None), ("Heo Seung", "staff reporter")],
    ),
    (
        "By Ko Na-mu, Tokyo correspondent, Heo Seung and Lee Wan, staff reporters",
        [
            ("Ko Na-mu", "Tokyo correspondent", "Tokyo"),
            ("Heo Seung", "staff reporter"),
            ("Lee Wan", "staff reporter"),
        ],
    ),
    *(
        (
            f"By Ko Na-mu{mark}Heo Seung, staff reporters",
            [("Ko Na-mu", "staff reporter"), ("Heo Seung", "staff reporter")],
        )
        for mark in (" and ", ", and ", " & ", " · ", "·", "/", " / ", ", ", "; ", " with ")
    ),
    (
        "By John Roe and Jane Doe, professors at Yonsei University",
        [
            ("John Roe", "professor at Yonsei University"),
            ("Jane Doe", "professor at Yonsei University"),
        ],
    ),
    (
        "By John Roe and Jane Doe, professor at Yonsei University",
        [("John Roe", None), ("Jane Doe", "professor at Yonsei University")],
    ),
]

SLIPS: list[tuple[str, Expected]] = [
    (printed, [("Kim Bo-hyeop", "staff reporter")])
    for printed in (
        "By Kim Bo-hyeop, staff reporter",
        "Kim Bo-hyeop, staff reporter",
        "by Kim Bo-hyeop, staff reporter",
        "BY Kim Bo-hyeop, staff reporter",
        "By: Kim Bo-hyeop, staff reporter",
        "By By Kim Bo-hyeop, staff reporter",
        "ByKim Bo-hyeop, staff reporter",
        "Reported by Kim Bo-hyeop, staff reporter",
        "By  Kim\xa0Bo-hyeop ,  staff  reporter ",
        "By Kim Bo-hyeop,staff reporter",
        "By Kim Bo-hyeop, staff reporter,",
        "By Kim Bo-hyeop, staff reporter.",
        "By Kim Bo-hyeop; staff reporter",
        "By Kim Bo-hyeop staff reporter",
        "By Kim Bo-hyeop. staff reporter",
        "By staff reporter Kim Bo-hyeop",
        "By Kim Bo-hyeop, staff reporers",
        "By Kim Bo-hyeop, staff reproter",
        "By Kim Bo-hyeop, staff reporters",
        "By Kim Bo-hyeop, a staff reporter",
        "By Kim Bo- hyeop, staff reporter",
        "By Kim Bo\u2011hyeop, staff reporter",
        "By Kim Bo-hyeop, staff reporter, The Hankyoreh",
        "By Kim Bo-hyeop, staff reporter [english@hani.co.kr]",
    )
]

OUTSIDERS: list[tuple[str, Expected]] = [
    *(
        (f"By {name}", [(name, None)])
        for name in (
            "Jake Sullivan",
            "Nicholas D. Kristof",
            "Antti Leppänen",
            "Jean-Marie Le Clézio",
            "T.J. Pempel",
            "Slavoj Žižek",
            "Conor O’Donnell",
            "Vincent van der Berg",
            "Dean Baker",
            "Byun Sang-wook",
            "Lee Yoo Ju-hyun",
            "Chung-in Moon",
            "Xi Jinping",
            "Nam Hyun",
        )
    ),
    (
        "By Moon Chung-in, distinguished university professor at Yonsei University",
        [("Moon Chung-in", "distinguished university professor at Yonsei University")],
    ),
    (
        "By Moon Chung-in, professor of political science, Yonsei University",
        [("Moon Chung-in", "professor of political science, Yonsei University")],
    ),
    (
        "By Moon Chung-in, professor, Yonsei University, and special adviser to the president",
        [("Moon Chung-in", "professor, Yonsei University, and special adviser to the president")],
    ),
    (
        "By Jane Roe, professor of political science and diplomacy at Pusan National University",
        [("Jane Roe", "professor of political science and diplomacy at Pusan National University")],
    ),
    (
        "By Jane Roe, director of the Center for Peace and Disarmament",
        [("Jane Roe", "director of the Center for Peace and Disarmament")],
    ),
    (
        "By Pak Noja (Vladimir Tikhonov), professor of Korean Studies at the University of Oslo",
        [("Pak Noja (Vladimir Tikhonov)", "professor of Korean Studies at the University of Oslo")],
    ),
    (
        "By Jane Roe, former Minister of Unification",
        [("Jane Roe", "former Minister of Unification")],
    ),
    ("By Jane Roe, Inje University professor", [("Jane Roe", "Inje University professor")]),
    ("By Jane Roe, Inje University", [("Jane Roe", "Inje University")]),
    ("By Jane Roe, editor-in-chief", [("Jane Roe", "editor-in-chief")]),
    ("By Jane Roe, vice-chairperson of a council", [("Jane Roe", "vice-chairperson of a council")]),
    ("By Jane Roe, special to The Hankyoreh", [("Jane Roe", "special to The Hankyoreh")]),
    ("By Jane Roe, editorial page editor", [("Jane Roe", "editorial page editor")]),
    ("By Park Hyun, editorial writer", [("Park Hyun", "editorial writer")]),
    (
        "By Jung E-gil, senior international affairs writer",
        [("Jung E-gil", "senior international affairs writer")],
    ),
    ("By Bong Hyun, reporter for Hankyoreh 21", [("Bong Hyun", "reporter for Hankyoreh 21")]),
    ("By Bong Hyun, staff reporter, Hankyoreh 21", [("Bong Hyun", "staff reporter, Hankyoreh 21")]),
    ("By Bong Hyun, columnist for the Hankyoreh", [("Bong Hyun", "columnist for the Hankyoreh")]),
    ("By Bong Hyun, politics desk", [("Bong Hyun", "politics desk")]),
    (
        "By Kim Bo-hyeop, staff reporter, and Dean Baker, economist",
        [("Kim Bo-hyeop", "staff reporter"), ("Dean Baker", "economist")],
    ),
    (
        "By Kim Bo-hyeop, staff reporter; translated by John Roe",
        [("Kim Bo-hyeop", "staff reporter"), ("John Roe", "translator")],
    ),
    (
        "By Kim Bo-hyeop, staff reporter; photos by Lee Jeong-a, staff photographer",
        [("Kim Bo-hyeop", "staff reporter"), ("Lee Jeong-a", "staff photographer")],
    ),
]

BODIES: list[tuple[str, Expected]] = [
    *(
        (f"By {name}", [(name, None)])
        for name in (
            "Yonhap News",
            "Yonhap",
            "AP",
            "Reuters",
            "AFP",
            "KCNA",
            "Yonhap News Agency",
            "Staff",
            "Hankyoreh staff",
            "Hankyoreh English edition staff",
            "Hankyoreh editorial board",
            "The Hankyoreh",
        )
    ),
    ("Yonhap News", [("Yonhap News", None)]),
    ("Hankyoreh editorial board", [("Hankyoreh editorial board", None)]),
    ("By AP/Yonhap", [("AP", None), ("Yonhap", None)]),
    ("By Reuters and AFP", [("Reuters", None), ("AFP", None)]),
    (
        "By Kim Bo-hyeop, staff reporter, and Yonhap News",
        [("Kim Bo-hyeop", "staff reporter"), ("Yonhap News", None)],
    ),
]

KOREAN: list[tuple[str, Expected]] = [
    ("이경미 기자", [("이경미", "기자")]),
    ("곽정수 선임기자", [("곽정수", "선임기자")]),
    ("교토/글·사진 노형석 기자", [("노형석", "기자", "교토")]),
    ("연합뉴스", [("연합뉴스", None)]),
    ("뉴시스", [("뉴시스", None)]),
    ("뉴스1", [("뉴스1", None)]),
    ("AP/연합뉴스", [("AP", None), ("연합뉴스", None)]),
    ("워싱턴/김원철 특파원", [("김원철", "특파원", "워싱턴")]),
    ("베이징=정인환 특파원", [("정인환", "특파원", "베이징")]),
    ("정인환 베이징 특파원", [("정인환", "베이징 특파원", "베이징")]),
    ("정인환 베이징특파원", [("정인환", "베이징특파원", "베이징")]),
    ("도쿄 길윤형 특파원", [("길윤형", "특파원", "도쿄")]),
    ("강릉/박수혁 기자", [("박수혁", "기자", "강릉")]),
    (
        "워싱턴·도쿄/김원철 길윤형 특파원",
        [("김원철", "특파원", "워싱턴"), ("길윤형", "특파원", "도쿄")],
    ),
    ("최원형, 고경주 기자", [("최원형", "기자"), ("고경주", "기자")]),
    ("최원형 고경주 기자", [("최원형", "기자"), ("고경주", "기자")]),
    ("최원형·고경주 기자", [("최원형", "기자"), ("고경주", "기자")]),
    ("김양희 정환봉 기자", [("김양희", "기자"), ("정환봉", "기자")]),
    ("최원형, 고경주", [("최원형", None), ("고경주", None)]),
    ("최원형 기자, 고경주 선임기자", [("최원형", "기자"), ("고경주", "선임기자")]),
    ("최원형 기자·고경주 기자", [("최원형", "기자"), ("고경주", "기자")]),
    ("최원형 기자 고경주 기자", [("최원형", "기자"), ("고경주", "기자")]),
    ("최원형기자", [("최원형", "기자")]),
    ("이유주현 기자", [("이유주현", "기자")]),
    ("남궁민 기자", [("남궁민", "기자")]),
    ("글 이정우 기자", [("이정우", "기자")]),
    ("글·사진 이정우 기자", [("이정우", "기자")]),
    ("글 이정우 기자, 사진 박종식 기자", [("이정우", "기자"), ("박종식", "기자")]),
    ("글 이정우 기자·사진 박종식 기자", [("이정우", "기자"), ("박종식", "기자")]),
    ("정리 이경미 기자", [("이경미", "기자")]),
    ("[한겨레] 이경미 기자", [("이경미", "기자")]),
    ("한겨레 이경미 기자", [("이경미", "기자")]),
    ("디지털뉴스팀 이경미 기자", [("이경미", "기자")]),
    ("디지털뉴스팀", [("디지털뉴스팀", None)]),
    ("이경미 정치부 기자", [("이경미", "정치부 기자")]),
    ("이경미 한겨레21 기자", [("이경미", "한겨레21 기자")]),
    ("이경미 객원기자", [("이경미", "객원기자")]),
    ("박찬수 논설위원", [("박찬수", "논설위원")]),
    ("(서울=연합뉴스) 김승욱 기자", [("김승욱", "기자", "서울")]),
    ("이경미 기자, 연합뉴스", [("이경미", "기자"), ("연합뉴스", None)]),
    ("평양/공동취재단 김지은 기자", [("공동취재단", None), ("김지은", "기자", "평양")]),
    ("김진해 | 한겨레말글연구소 연구위원", [("김진해", "한겨레말글연구소 연구위원")]),
    (
        "김진해 ㅣ 한겨레말글연구소 연구위원·경희대 교수",
        [("김진해", "한겨레말글연구소 연구위원·경희대 교수")],
    ),
    (
        "서재정 | 일본 국제기독교대 정치·국제관계학과 교수",
        [("서재정", "일본 국제기독교대 정치·국제관계학과 교수")],
    ),
    ("슬라보이 지제크 | 류블랴나대 교수", [("슬라보이 지제크", "류블랴나대 교수")]),
    ("안선희 | 경제 논설위원", [("안선희", "경제 논설위원")]),
    ("글 | 이경미 기자", [("이경미", "기자")]),
    ("박노자 오슬로대 교수", [("박노자", "오슬로대 교수")]),
    ("김철수 서울대 교수", [("김철수", "서울대 교수")]),
    ("김철수(서울대 교수)", [("김철수", "서울대 교수")]),
    ("김철수/서울대 교수", [("김철수", "서울대 교수")]),
    ("춘천/박수혁 기자, 사진 강원도 제공", [("박수혁", "기자", "춘천")]),
    ("이재성 기자 사진 한겨레 자료사진", [("이재성", "기자")]),
    ("글·사진 김선식 <한겨레21> 기자", [("김선식", "<한겨레21> 기자")]),
    ("온라인뉴스팀", [("온라인뉴스팀", None)]),
    ("번역 이선민", [("이선민", "번역")]),
]


def _authors(expected: Expected, language: str) -> tuple[Byline, ...]:
    return tuple(
        Byline(
            name=name,
            language=language,  # type: ignore[arg-type]
            role=role,
            place=place[0] if place else None,
        )
        for name, role, *place in expected
    )


@pytest.mark.parametrize(
    ("printed", "expected"), [*OF_THE_SITE, *POSTS, *SHARED, *SLIPS, *OUTSIDERS, *BODIES]
)
def test_an_english_byline_names_its_authors(printed: str, expected: Expected) -> None:
    assert read_byline(printed) == _authors(expected, "en")


@pytest.mark.parametrize(("printed", "expected"), KOREAN)
def test_a_korean_byline_names_its_authors(printed: str, expected: Expected) -> None:
    assert read_byline(printed) == _authors(expected, "ko")


@pytest.mark.parametrize(
    ("printed", "emails"),
    [
        ("고경주 기자 goh@hani.co.kr", ["goh@hani.co.kr"]),
        ("고경주 기자 (goh@hani.co.kr)", ["goh@hani.co.kr"]),
        ("고경주 goh@hani.co.kr", ["goh@hani.co.kr"]),
        ("워싱턴/김원철 특파원 wonchul@hani.co.kr", ["wonchul@hani.co.kr"]),
        (
            "최원형 기자 circle@hani.co.kr, 고경주 기자 goh@hani.co.kr",
            ["circle@hani.co.kr", "goh@hani.co.kr"],
        ),
        (
            "최원형 기자 circle@hani.co.kr 고경주 기자 goh@hani.co.kr",
            ["circle@hani.co.kr", "goh@hani.co.kr"],
        ),
        ("최원형, 고경주 기자 goh@hani.co.kr", [None, "goh@hani.co.kr"]),
        ("By Ko Na-mu, staff reporter (namu@hani.co.kr)", ["namu@hani.co.kr"]),
        ("By Ko Na-mu, staff reporter, namu@hani.co.kr", ["namu@hani.co.kr"]),
        ("By Ko Na-mu (namu@hani.co.kr), staff reporter", ["namu@hani.co.kr"]),
        (
            "By Ko Na-mu, staff reporter, a@hani.co.kr; Heo Seung, staff reporter, b@hani.co.kr",
            ["a@hani.co.kr", "b@hani.co.kr"],
        ),
        ("By Ko Na-mu, staff reporter [english@hani.co.kr]", [None]),
    ],
)
def test_an_address_is_its_persons_and_the_desks_is_nobodys(
    printed: str, emails: list[str | None]
) -> None:
    assert [author.email for author in read_byline(printed)] == emails


@pytest.mark.parametrize(
    "text",
    [
        "",
        "By",
        "By ",
        ",",
        "By,",
        "By resuming their talks, the two sides stand to gain.",
        "By securing the pope’s consent, the president has achieved his goal.",
        "By Kim Jong-un's own account, the talks failed.",
        "By Kim Jong-un’s own account",
        "By Nov. 9, the two sides had agreed.",
        "By Monday evening, South Korea had agreed.",
        "By Monday, the two sides had agreed",
        "By Christmas Day, Chairman Kim Jong-un will visit Seoul.",
        "By contrast, Moon Jae-in",
        "By South Korea, staff reporters",
        "By North Korean leader Kim Jong-un",
        "By Lee Myung-bak, the president, the deal was off.",
        "By Moon Jae-in, president of the republic, which has agreed.",
        "By Blue House",
        "By 2018",
        "By then",
        "By staff reporter",
        "By Kim Bo-hyeop, staff reporter. The two sides agreed.",
        "By Kim Bo-hyeop, staff reporter, who was there",
        "Seoul and Washington agree",
        "The White House",
        "Please direct comments or questions to [english@hani.co.kr]",
        "english@hani.co.kr",
        "staff reporter",
        "기자",
        "선임기자",
        "정부는 이날 새 계획을 발표했다.",
        "이번에 정부는",
        "그는 기자",
        "한겨레 논설위원",
        "1면에서 이어짐",
        "By Kim Bo-hyeop, staff reporter" * 40,
    ],
)
def test_what_is_no_byline_is_an_error_of_one_short_line(text: str) -> None:
    with pytest.raises(BylineError) as caught:
        read_byline(text)

    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


FAMILY = st.sampled_from(["Kim", "Lee", "Park", "Choi", "Jeong", "Noh", "Seong", "Yoo", "Huh"])
GIVEN = st.sampled_from(["Bo-hyeop", "Ji-won", "Je-hun", "Min-hee", "A-ri", "E-gil", "Wan", "Hyun"])
NAME = st.builds("{} {}".format, FAMILY, GIVEN) | st.sampled_from(
    ["Jake Sullivan", "Antti Leppänen", "Nicholas D. Kristof"]
)
ROLE = st.sampled_from(
    [
        ("staff reporter", None),
        ("senior staff writer", None),
        ("staff photographer", None),
        ("editorial writer", None),
        ("diplomatic correspondent", None),
        ("Washington correspondent", "Washington"),
        ("North Gyeonggi correspondent", "North Gyeonggi"),
        ("professor of law at Yonsei University", None),
    ]
)
BETWEEN = st.sampled_from(["; ", ", and ", ", ", " and ", ";"])


@given(
    st.lists(st.tuples(NAME, ROLE), min_size=1, max_size=5),
    st.lists(BETWEEN, min_size=5, max_size=5),
    st.sampled_from(["By ", "by ", "", "By: "]),
)
@settings(deadline=None)
def test_people_with_a_title_each_are_read_back(
    people: list[tuple[str, tuple[str, str | None]]], marks: list[str], by: str
) -> None:
    entries = [f"{name}, {role}" for name, (role, _) in people]
    printed = by + entries[0]
    for mark, entry in zip(marks, entries[1:], strict=False):
        printed += mark + entry

    read = [(author.name, author.role, author.place) for author in read_byline(printed)]

    assert read == [(name, role, place) for name, (role, place) in people]


@given(
    st.lists(NAME, min_size=2, max_size=6),
    st.sampled_from([" and ", ", and ", ", ", " & "]),
    st.sampled_from([("staff reporters", "staff reporter"), ("staff writers", "staff writer")]),
)
@settings(deadline=None)
def test_a_plural_title_is_everybodys(names: list[str], last: str, title: tuple[str, str]) -> None:
    printed = f"By {', '.join(names[:-1])}{last}{names[-1]}, {title[0]}"

    read = [(author.name, author.role) for author in read_byline(printed)]

    assert read == [(name, title[1]) for name in names]


@given(
    st.text()
    | st.text("By KimBo-hyeop,; andstafreporters.Wgtc@hanikr/·()", max_size=80)
    | st.text("김이박기자특파원선임글사진연합뉴스워싱턴 ,;·/|=@.abc()", max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "By",
                "Kim",
                "Bo-hyeop",
                ",",
                "and",
                "staff",
                "reporter",
                "in",
                "Seoul",
                ";",
                "/",
                "a@b.kr",
                "professor",
                "of",
                "University",
                "AP",
                "이경미",
                "기자",
                "·",
                "글",
                "|",
                "translated by",
                "correspondent",
                "Washington",
                "&",
                "(",
                ")",
            ]
        )
    ).map(" ".join)
)
@settings(deadline=None, max_examples=500)
def test_no_text_raises_anything_but_a_byline_error(text: str) -> None:
    try:
        authors = read_byline(text)
    except BylineError:
        return
    assert authors
    for author in authors:
        assert author.name == " ".join(author.name.split()) != ""
        assert author.role is None or author.role == " ".join(author.role.split()) != ""


@given(NAME, ROLE)
@settings(deadline=None)
def test_what_was_read_reads_the_same_again(name: str, role: tuple[str, str | None]) -> None:
    (author,) = read_byline(f"By  {name} ,, {role[0]}s" if role[1] else f"By {name},{role[0]}")

    assert read_byline(f"By {author.name}, {author.role}") == (author,)
