# ruff: noqa: E501 - markup and prose keep their own lines
"""The invented newspaper's words: people, places, sentences with gaps."""

from __future__ import annotations

from typing import Final

SECTIONS: Final = {
    "e_national": "National",
    "e_northkorea": "North Korea",
    "e_international": "International",
    "e_business": "Business",
    "e_entertainment": "Entertainment",
    "english_editorials": "Editorials",
    "e_culture": "Culture",
}
"""The last stands in no list of sections known to anybody: it has to be learnt from links."""

KOREAN_SECTIONS: Final = {
    "politics/assembly": "정치",
    "society/society_general": "사회",
    "economy/economy_general": "경제",
    "international/asiapacific": "국제",
    "culture/culture_general": "문화",
    "area/yeongnam": "영남",
}

FAMILY: Final = (
    "Bae", "Bang", "Cheon", "Do", "Eom", "Gu", "Ham", "Im", "Jeon", "Joo", "Kwak", "Ma",
    "Myeong", "Nam", "Ok", "Paik", "Pyo", "Ryu", "Seo", "Sim", "Tak", "Yoon",
)  # fmt: skip
GIVEN: Final = (
    "Bong-ju", "Chae-won", "Da-hye", "Dan-bi", "Do-il", "Dong-min", "Eun-bi", "Ga-on",
    "Hyun-sik", "Jae-i", "Ji-hwan", "Ji-sook", "Ki-hoon", "Mi-rae", "Sae-rom", "Seung-a",
    "So-yul", "Tae-seop", "Woo-ram", "Yun-a",
)  # fmt: skip
KOREAN_NAMES: Final = (
    "표지환", "임채원", "남기훈", "조유담", "방미래", "류단비", "곽동민", "심도일", "탁은비", "옥진수",
)  # fmt: skip
PLACES: Final = (
    "Yeongyang", "Gokseong", "Jinan", "Inje", "Hwacheon", "Goheung", "Okcheon", "Sangju", "Uljin",
    "Gimje", "Wonju", "Tongyeong", "Jecheon", "Boseong", "Cheorwon", "Namwon", "Seosan", "Pohang",
    "Mokpo", "Taebaek",
)  # fmt: skip
POSTS: Final = (
    "Washington", "Beijing", "Tokyo", "Berlin", "Jakarta", "Busan", "Daegu", "Jeju", "Gangwon",
)  # fmt: skip
THINGS: Final = (
    ("ferry timetable", "ferry timetables"), ("bus depot", "bus depots"), ("rice mill", "rice mills"),
    ("bathhouse", "bathhouses"), ("tile kiln", "tile kilns"), ("night school", "night schools"),
    ("weather station", "weather stations"), ("cinema", "cinemas"), ("well", "wells"),
    ("lighthouse", "lighthouses"), ("library", "libraries"), ("shipyard", "shipyards"),
    ("ginseng field", "ginseng fields"), ("railway bridge", "railway bridges"),
    ("oyster bed", "oyster beds"), ("street market", "street markets"), ("reservoir", "reservoirs"),
    ("maternity ward", "maternity wards"), ("folk band", "folk bands"), ("guard post", "guard posts"),
)  # fmt: skip
CREDITS: Final = (
    "Yonhap", "Yonhap News", "KCNA/Yonhap", "photo pool", "Hankyoreh archives", "AP/Yonhap",
    "Kim Na-ru/The Hankyoreh", "courtesy of the county", "by Bang Mi-rae, staff photographer",
)  # fmt: skip
LABELS: Final = (
    "[News analysis]", "[Interview]", "[Editorial]", "[Correspondent’s column]", "[Column]",
)  # fmt: skip

HEADLINES: Final = (
    "{place} fights to keep its last {thing}",
    "Why {number} {things} closed in a single winter",
    "“We were never asked”: {place} and the {thing} nobody ordered",
    "{place}’s {thing} reopens after {years} years of silence",
    "Ministry to count {things} again, this time from the ground",
    "Court sides with {place} in dispute over {thing}",
    "{person} and the {thing} that would not sell",
    "Seoul, {post} trade words over shipment of {things}",
    "A {thing} on the border, and two maps of it",
    "Prices up, {things} down: {place}’s long arithmetic",
    "The night the lights of {place}’s {thing} came back on",
    "A key, a dog and a {thing}: what {person} left to {place}",
    "{number} signatures for one {thing}",
    "Teenagers of {place} map every {thing} that the register forgot",
    "Union at {place} {thing} votes to stay on through the winter",
    "“Count the chairs, not the people,” says {person} of closing {thing}",
    "Nobody came to close the {thing}, so {place} kept it open",
    "How a {thing} in {place} became a line in Seoul’s budget",
    "{percent} percent of {things} have no doctor within an hour",
    "Old maps, new owners: who holds the {thing} of {place}?",
    "Satellite images show road to {thing} north of the border",
    "In {post}, an exile builds a {thing} from memory",
    "One town, two {things}, no bus between them",
    "{place} sells its {thing} for 1 won, and regrets the price",
)
DECKS: Final = (
    "Residents of {place} say that the {thing} is worth more than the land on which it stands",
    "A plan to merge {number} {things} leaves {place} with questions — and one key",
    "“It’s not the money, it’s the noon bell,” says {person}, 71",
    "The ministry promised an answer by autumn; autumn came to {place} first",
    "Of {number} {things} on the government’s list, {small} turned out to be ponds",
    "{person}, who has kept the {thing} for {years} years, is asked for her diploma",
    "A survey meant to save the {thing} has been lost in the mail, twice",
    "How {place} learned to read the small print: an account in three visits",
)
SENTENCES: Final = (
    "The {thing} in {place} has outlived {years} mayors, two floods and a plan to turn it into a parking lot.",
    "On {day}, it ran out of reasons to stay open.",
    "According to figures released by Statistics Korea, {number} of the country’s {things} have closed since 2011, while their operating costs rose by {percent} percent.",
    "“They told us to wait for the [next] budget, and then they told us that this was the next budget,” said {person}, {age}, who has worked there for {years} years.",
    "Officials at {place} County insisted that the decision was “neither final nor reversible,” a formula which {person} called “a door painted on a wall.”",
    "The provincial government has set aside {number} million won (about US${small},000) for repairs, or roughly {small} won for every person who lives within walking distance.",
    "Nobody disputes the arithmetic; what is disputed is who was asked to do it.",
    "By the time the council met again, {number} signatures had been collected in a town of {number2}.",
    "By insisting on a second survey, the ministry bought itself {small} weeks, and lost the {things} that it meant to count.",
    "Posted on the door since {day} is a notice that has been corrected by hand three times.",
    "“I’ve read your related stories,” {person} told the Hankyoreh, “and in each of them somebody is about to decide.”",
    "In {post}, where a similar scheme was tried in the 1990s, the results were — depending on whom one asks — a model, a warning or a hotel.",
    "The plan was drawn up by a consulting firm which had not, it emerged at a hearing, ever visited {place}.",
    "“The question is not whether we can afford it,” said {person}, a researcher at the Institute for Small Places. “It’s whether we can afford to find out [what happens] without it.”",
    "Exports of {things} to Southeast Asia fell {percent}% on-year in the first quarter, the Korea Customs Service reported.",
    "The North’s state media did not mention the {thing}, but satellite images taken on {day} show a new road leading up to it.",
    "An official at the Ministry of Unification, who spoke on condition of anonymity, said that Seoul was “watching the {things}, and watching [them] watch us.”",
    "It was the third such case in {place} in as many years.",
    "Under Article {small} of the act, the county has {number} days in which to reply; it took {number2} minutes.",
    "Her neighbors call it stubbornness. She calls it jeong (정), and says that it does not translate at 3 & 1/2 percent.",
    "The union has called for a strike vote on {day} unless the {thing} is taken off the list.",
    "Ticket sales were down {percent} percent; the dog, said {person}, was doing well.",
    "“In 19{age}, we carried the stones up from the river ourselves,” recalled {person}, {age}. “Nobody sent a consultant.”",
    "Economists warn that for every {thing} lost, {small} jobs go with it: the driver, the cook, the woman who sells tangerines at the gate.",
    "Both sides agreed on one point, namely that the other had not read the document.",
    "At the time of writing, the {thing} was still open.",
    "If the vote fails, the land goes back to the Korea Land and Housing Corporation, which has not said what it wants with it.",
    "Asked whether he would do it again, {person} pointed at the roof, then at the sky, and went back inside.",
)
QUOTES: Final = (
    "“If it closes, so do we,” reads the banner over the gate of the {thing} in {place}.",
    "There is one key to the {thing} in {place}, and {person} wears it around her neck.",
    "For {small} years, nobody in {place} could say who owned the {thing}.",
    "At {small} minutes past five on {day}, the lights of the {thing} in {place} went on for the first time since 2009.",
)
SUBHEADS: Final = (
    "What the register leaves out", "A key for {number} people", "“Nobody sent a consultant”",
    "Waiting for autumn", "The arithmetic of {place}",
)  # fmt: skip
NUMBERS: Final = {
    "number": (12, 4800), "number2": (120, 15_000), "small": (3, 59), "years": (4, 46), "age": (31, 88),
}  # fmt: skip
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CAPTIONS: Final = (
    "The {thing} in {place}, as seen from the river on {day}",
    "{person}, {age}, locks the gate of the {thing} in {place} on the evening of {day}",
    "Residents of {place} hold a meeting in front of their {thing}, where “the lights [were] left on.”",
    "A worker inspects one of {number} {things} that are to be closed by the end of the year",
)
PHOTO_LINES: Final = (
    "Some {number} visitors came on the first day, {number2} of them with a camera.",
    "It has been repaired {small} times in {number} days.",
    "{person}, {age}, has taken the same picture every {day} for {years} years; this is number {number}.",
)

KOREAN_HEADLINES: Final = (
    "{place} 마지막 {thing} 지키기", "“아무도 우리에게 묻지 않았다”…{place} {thing} 논란",
    "{years}년 만에 다시 문 연 {thing}", "{thing} {number}곳, 한겨울에 사라졌다",
)  # fmt: skip
KOREAN_DECKS: Final = (
    "군 “연말까지 결론”…주민 “답을 들은 적 없다”",
    "조합원 {number}명, {small}만원씩 냈다",
)
KOREAN_PLACES: Final = (
    "영양",
    "곡성",
    "진안",
    "인제",
    "화천",
    "고흥",
    "옥천",
    "상주",
    "울진",
    "김제",
)
KOREAN_THINGS: Final = (
    "목욕탕",
    "버스 차고지",
    "등대",
    "야학",
    "기와 가마",
    "정미소",
    "도서관",
    "분만실",
)
KOREAN_SENTENCES: Final = (
    "{place}에 하나뿐이던 {thing}의 문이 닫힌 것은 지난해 동짓날이었다.",
    "주민 {number}명 가운데 {small}명이 예순다섯을 넘긴 마을이다.",
    "“다음 예산을 기다리라더니, 이번이 그 다음 예산이라더군요.” {person}({age})씨는 이렇게 말하며 웃었다.",
    "군은 지난 3월 {number}억원을 들여 {thing}을 새로 짓겠다고 밝혔지만, 설계도는 아직 없다.",
    "통계청이 낸 자료를 보면 전국의 {thing}은 10년 새 {percent}% 줄었다.",
    "전문가들은 생활필수시설을 시장에만 맡겨둘 수 없다고 본다.",
    "군 관계자는 “최종 결정도 아니고 되돌릴 수도 없다”고 했다.",
    "주민들은 오는 {small}일 군청 앞에서 다시 모이기로 했다.",
    "한 의원은 “이름만 네 번째 바꾼다”며 자리를 떴다.",
    "취재가 끝날 때까지 {thing}의 불은 켜져 있었다.",
)
