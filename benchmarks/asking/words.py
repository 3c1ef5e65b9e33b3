"""Invented news whose words are as common and as rare as words are: the n-th a share of 1/n."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from random import Random

COMMON: Final = (
    "the of to and in a that said on for is was with by as it at from has be its an he not are"
    " will have this which but who they been were more about their would his or had than one"
    " also after South Korea Korean government year North people Seoul two new first US could"
    " when out no into up over can other president some years last all million percent won time"
    " party now only if during between while such since being most company made where before"
    " she her there many what so against national under three should through because even may"
    " Park Lee Kim Moon public day labor ministry court former state down industry week policy"
)  # fmt: skip
TOPICS: Final = (
    "China Japan Washington Beijing Tokyo Pyongyang election workers union nuclear missile"
    " summit peace military talks sanctions trade economy prices wages housing family"
    " education students prosecutors trial law lawmakers assembly candidate protest"
    " candlelight democracy human rights abduction comfort women history textbook dictatorship"
    " Gwangju Jeju Sewol ferry disaster rescue semiconductor Samsung Hyundai shipyard battery"
    " export tariff strike layoffs pension hospital doctors pandemic vaccine quarantine"
    " climate coal reactor Fukushima water fisheries rice farmers drought typhoon earthquake"
    " refugee defector unification Kaesong Panmunjom armistice border drill deployment THAAD"
    " submarine satellite launch denuclearization hypersonic plutonium cinema drama webtoon"
    " singer novelist poet museum heritage cuisine kimchi festival marathon"
)  # fmt: skip
ENTITIES: Final = (
    "Kim Jong-un", "cherry blossom", "National Assembly", "Blue House", "Ministry of Unification",
    "Korean Peninsula", "comfort women", "Constitutional Court", "cherry blossom viewing",
)  # fmt: skip
"""Words that stand side by side, in an eighth of all sentences, the first ones more often."""
RARE: Final = ("rice mill", "night school", "lighthouse", "hydrogen bomb", "tile kiln", "bathhouse")
"""What people ask for: each in one of some thousand sentences."""
PARTS: Final = (
    "ba be bo ca co da de di do el en er fa fi ga ge go ha he ho in ja ka ke ki la le li lo ma me"
    " mi mo na ne ni no or pa pe po ra re ri ro sa se si so ta te ti to ul un va ve vi wa we yo za"
).split()
KOREAN: Final = (
    "북한 미국 한국 정부 대통령 중국 일본 노동자 국회 검찰 서울 평양 회담 미사일"
    " 핵 경제 물가 선거 후보 재판 법원 시민 촛불 반도체 조선소 파업 병원 의사 쌀"
    " 농민 태풍 지진 탈북민 통일 판문점 훈련 벚꽃 개성 위성 발사 제재 협상 외교"
    " 국방 연금 교육 학생 집값 가족 역사 교과서 제주 광주 세월호"
).split()
PARTICLES: Final = (
    "이",
    "가",
    "은",
    "는",
    "을",
    "를",
    "의",
    "에",
    "에서",
    "과",
    "와",
    "도",
    "으로",
    "",
)
VOCABULARY: Final = 40_000
SENTENCES: Final = 120_000
HEADLINES: Final = 60_000


class Words:
    """Sentences and headlines, the same ones for the same random numbers."""

    def __init__(self, random: Random, sentences: int = SENTENCES) -> None:
        self._random = random
        self._words = [*COMMON.split(), *TOPICS.split()]
        self._words += _invented(random, VOCABULARY - len(self._words), set(self._words))
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(self._words))))
        first = len(COMMON.split())
        self._telling = self._words[first:]
        self._telling_weights = list(
            accumulate(1 / (rank + 20) for rank in range(VOCABULARY - first))
        )
        self._sentences = [self._sentence() for _ in range(sentences)]
        self._headlines = [self._headline() for _ in range(min(HEADLINES, sentences))]
        self._korean = [self._korean_sentence() for _ in range(sentences // 10 + 1)]

    def headline(self, korean: bool = False) -> str:
        """Return a headline: words that tell something, few small ones."""
        if korean:
            return " ".join(self._random.choice(self._korean).split()[:4])
        return self._random.choice(self._headlines)

    def sentence(self, korean: bool = False) -> str:
        """Return one sentence."""
        return self._random.choice(self._korean if korean else self._sentences)

    def body(self, korean: bool = False) -> str:
        """Return three paragraphs of two sentences: some 600 characters."""
        said = self._random.choices(self._korean if korean else self._sentences, k=6)
        return f"{said[0]} {said[1]}\n\n{said[2]} {said[3]}\n\n{said[4]} {said[5]}"

    def _sentence(self) -> str:
        random = self._random
        count = random.randint(9, 20)
        words = random.choices(self._words, cum_weights=self._weights, k=count)
        if random.random() < 0.12:
            words.insert(random.randrange(count), _of_rank(random, ENTITIES))
        if random.random() < 0.0015:
            words.insert(random.randrange(count), random.choice(RARE))
        if random.random() < 0.1:
            words[-1] = f"“{words[-1]}”"
        if random.random() < 0.3:
            words[count // 2] += ","
        text = " ".join(words)
        return f"{text[0].upper()}{text[1:]}."

    def _headline(self) -> str:
        random = self._random
        words = random.choices(
            self._telling, cum_weights=self._telling_weights, k=random.randint(4, 8)
        )
        if random.random() < 0.1:
            words.insert(0, _of_rank(random, ENTITIES))
        return f"{words[0].capitalize()} {' '.join(words[1:])}"

    def _korean_sentence(self) -> str:
        random = self._random
        words = [
            _of_rank(random, KOREAN) + random.choice(PARTICLES)
            for _ in range(random.randint(6, 12))
        ]
        return f"{' '.join(words)} 밝혔다."


def _of_rank(random: Random, words: tuple[str, ...] | list[str]) -> str:
    """Return one of *words*, the first ones more often."""
    return words[int(len(words) ** random.random()) - 1]


def _invented(random: Random, count: int, taken: set[str]) -> list[str]:
    found: list[str] = []
    while len(found) < count:
        word = "".join(random.choices(PARTS, k=random.randint(2, 4))) + random.choice(
            ("", "n", "r")
        )
        if word not in taken:
            taken.add(word)
            found.append(word)
    return found
