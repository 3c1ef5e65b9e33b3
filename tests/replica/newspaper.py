"""The invented newspaper: its stories, sections, feeds and rankings."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from random import Random
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar, cast

from . import words
from .stories import CONTACT, CONTACT_2018, KST, Author, Edition, Mark, Picture, Story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SEED: Final = 1988
Key = tuple[Edition, int]
T = TypeVar("T")

# Template, id and moment of its first story, how many stories of the standard newspaper: a day
# between two of them.  The ids and years go together as they do on the site.
ERAS: Final = (
    ("english-2006", 121587, datetime(2006, 5, 8, 14, 47, tzinfo=KST), 5),
    ("english-2018", 867000, datetime(2018, 10, 22, 17, 12, tzinfo=KST), 14),
    ("unseen-a", 1003195, datetime(2021, 7, 2, 17, 14, tzinfo=KST), 8),
    ("unseen-b", 1079312, datetime(2023, 2, 11, 10, 30, tzinfo=KST), 8),
    ("unseen-c", 1145300, datetime(2024, 6, 18, 16, 56, tzinfo=KST), 8),
    ("english-next", 1218475, datetime(2025, 9, 15, 17, 21, tzinfo=KST), 20),
)
TEMPLATES: Final = (*(era[0] for era in ERAS), "korean-2015", "korean-next")
MENU_ONLY: Final = frozenset({"unseen-c"})
"""Templates that print a section's name nowhere but in the menu, for every section."""
DAY: Final = timedelta(days=1)


class Newspaper:
    """All stories, newest first, and what the site says about them.

    A story may be changed between two requests; *version* counts the changes.
    """

    def __init__(self, stories: Iterable[Story], *, now: datetime | None = None) -> None:
        self._stories: dict[Key, Story] = {(s.edition, s.source_id): s for s in stories}
        self._touched: dict[Key, datetime] = {}
        self._memo: dict[object, Any] = {}
        self._ranking: tuple[int, ...] | None = None
        self.version = 0
        self.now = now or max(s.modified or s.posted for s in self._stories.values())

    @classmethod
    def standard(cls, newest: datetime | None = None) -> Self:
        """Return the newspaper of 63 English stories, with Korean originals of a third.

        With *newest*, a moment in KST, the last era's stories were posted in the twenty days
        before it.
        """
        writer = _Writer(Random(SEED))
        stories: list[Story] = []
        for template, first_id, first_day, count in ERAS:
            if newest and template == ERAS[-1][0]:
                first_day = newest - count * DAY
            for number in range(count):
                stories.extend(writer.article(template, first_id, first_day, number))
        stories.extend(writer.elsewhere())
        return cls(_relate(stories, Random(SEED + 1)))

    @classmethod
    def generate(cls, count: int, *, template: str | None = None, seed: int = SEED) -> Self:
        """Return a newspaper of *count* distinct English articles, for benchmarks.

        All in *template*, or in the eras' templates by turns; posted from 2012 on, the last
        one before August 2026.
        """
        writer = _Writer(Random(seed), originals=False)
        names = (template,) if template else tuple(era[0] for era in ERAS)
        first = datetime(2012, 1, 2, 9, 0, tzinfo=KST)
        pace = min(DAY, (datetime(2026, 7, 31, tzinfo=KST) - first) / max(count, 1))
        stories = [
            story
            for number in range(count)
            for story in writer.article(
                names[number % len(names)], 500_000, first, number, step=7, pace=pace
            )
        ]
        return cls(_relate(stories, Random(seed + 1)))

    def __len__(self) -> int:
        return len(self._stories)

    def __iter__(self) -> Iterator[Story]:
        return iter(self._stories.values())

    def story(self, source_id: int, edition: Edition = "en") -> Story | None:
        return self._stories.get((edition, source_id))

    def stories(self, edition: Edition = "en", section: str | None = None) -> list[Story]:
        """Return the stories of an edition, or of one section, newest first."""

        def build() -> list[Story]:
            chosen = [
                s
                for s in self
                if s.edition == edition and (section is None or s.section == section)
            ]
            return sorted(chosen, key=lambda s: (s.posted, s.source_id), reverse=True)

        return self.memo(("stories", edition, section), build)

    def sections(self, edition: Edition = "en") -> dict[str, str]:
        names = words.SECTIONS if edition == "en" else words.KOREAN_SECTIONS

        def build() -> dict[str, str]:
            used = {s.section for s in self if s.edition == edition}
            return {code: names.get(code, code) for code in [*names, *sorted(used - set(names))]}

        return self.memo(("sections", edition), build)

    def most_viewed(self, edition: Edition = "en") -> list[Story]:
        if edition == "en" and self._ranking is not None:
            return [s for i in self._ranking if (s := self.story(i))]

        def build() -> list[Story]:
            stories = self.stories(edition)[:40]
            return Random(SEED + 2).sample(stories, min(10 if edition == "ko" else 5, len(stories)))

        return self.memo(("most viewed", edition), build)

    def related(self, story: Story) -> list[Story]:
        return [s for i in story.related if (s := self.story(i, story.edition))]

    def touched(self, story: Story) -> datetime:
        """Return when the page of *story* was last written, by the server's clock, in UTC."""
        seen = self._touched.get((story.edition, story.source_id))
        return seen or (story.modified or story.posted).astimezone(UTC).replace(second=0)

    def change(self, source_id: int, *, edition: Edition = "en", **fields: Any) -> Story:
        """Change fields of a story and return it; the page's Last-Modified becomes now.

        A text changed without *modified* is a silent change.
        """
        story = replace(self._stories[edition, source_id], **fields)
        self._stories[edition, source_id] = story
        self._touched[edition, source_id] = datetime.now(UTC)
        self._changed()
        return story

    def add(self, *stories: Story) -> None:
        """Publish more stories (or the same ids anew)."""
        self._stories.update({(s.edition, s.source_id): s for s in stories})
        self._changed()

    def publish(self, count: int = 1, *, template: str = "english-next") -> list[Story]:
        """Write and publish *count* new English stories, newer than all others."""
        newest = max(s.source_id for s in self if s.edition in ("en", "ko"))
        moment = max(s.posted for s in self) + timedelta(hours=1)
        writer = _Writer(Random(newest), originals=False)
        written = [
            writer.article(template, newest + 11, moment, number, pace=timedelta(hours=1))[0]
            for number in range(count)
        ]
        self.add(*written)
        return written

    def remove(self, source_id: int, *, edition: Edition = "en") -> None:
        del self._stories[edition, source_id]
        self._changed()

    def rank(self, *source_ids: int) -> None:
        """Set the English edition's most viewed articles."""
        self._ranking = source_ids
        self._changed()

    def memo(self, key: object, build: Callable[[], T]) -> T:
        """Return what *build* gives, kept until the next change."""
        if key not in self._memo:
            self._memo[key] = build()
        return cast("T", self._memo[key])

    def _changed(self) -> None:
        self.version += 1
        self._memo.clear()


def _relate(stories: list[Story], random: Random) -> list[Story]:
    """Give most English stories two to five related ones, older and newer."""
    english = [s.source_id for s in stories if s.edition == "en"]
    related = []
    for story in stories:
        others: tuple[int, ...] = ()
        if story.edition == "en" and story.template != "english-2006" and not story.photo:
            some = random.sample(english, min(random.randint(2, 5), len(english)))
            others = tuple(i for i in some if i != story.source_id)
        related.append(replace(story, related=others))
    return related


class _Gaps(dict[str, object]):
    """What fills a sentence's gaps: a story's place and thing; people and numbers at random."""

    def __init__(self, fixed: dict[str, object], random: Random) -> None:
        super().__init__(fixed)
        self._random = random

    def __missing__(self, gap: str) -> object:
        random = self._random
        if gap == "person":
            if self["place"] in words.KOREAN_PLACES:
                return random.choice(words.KOREAN_NAMES)
            return f"{random.choice(words.FAMILY)} {random.choice(words.GIVEN)}"
        if gap == "day":
            return random.choice(words.DAYS)
        if gap == "percent":
            return f"{random.randint(11, 799) / 10:.1f}"
        low, high = words.NUMBERS[gap]
        return f"{random.randint(low, high):,}"


class _Writer:
    """Writes stories, the same ones for the same random numbers."""

    def __init__(self, random: Random, *, originals: bool = True) -> None:
        self._random = random
        self._originals = originals
        self._korean_sections = cycle(words.KOREAN_SECTIONS)
        self._headlines = cycle(random.sample(words.HEADLINES, len(words.HEADLINES)))
        self._decks = cycle(random.sample(words.DECKS, len(words.DECKS)))

    def article(
        self,
        template: str,
        first_id: int,
        first_day: datetime,
        number: int,
        *,
        step: int = 13,
        pace: timedelta = DAY,
    ) -> list[Story]:
        """Return the story, and its Korean original if it has one."""
        random = self._random
        # Five ids are left free below each for its Korean original: one sequence serves both.
        source_id = first_id + number * step + (random.randrange(step - 5) if number else 0)
        late = random.randrange(300) / 1440 if number else 0
        posted = (first_day + (number + late) * pace).replace(second=0, microsecond=0)
        codes = list(words.SECTIONS)
        section = codes[number % len(codes)]
        gaps = self._gaps()
        old, photo = template == "english-2006", number % 7 == 3 and template != "english-2006"
        headline = self._fill(next(self._headlines), gaps)
        label = None
        if photo:
            headline = f"[Photo] {headline}"
        elif section == "english_editorials":
            headline = f"[Editorial] {headline}"
        elif number % 4 == 2:
            label = random.choice(words.LABELS)
            if template != "unseen-b":
                headline, label = f"{label} {headline}", None
        count = 1 if photo else (0, 1, 1, 2)[number % 4]
        pictures = self._pictures(posted, gaps, count, source_id, photo)
        byline: str | None
        byline, authors = self._byline(number, old)
        if photo or (section == "english_editorials" and not old):
            byline, authors = None, ()
        paragraphs, subheads = self._body(gaps, template)
        if photo:
            paragraphs, subheads = (pictures[0].caption,), frozenset()
        original = None
        if not (old or photo) and number % 3 != 1:
            original = (next(self._korean_sections), source_id - 5)
        story = Story(
            source_id=source_id,
            section=section,
            section_name=words.SECTIONS[section],
            headline=headline,
            label_text=label,
            posted=posted,
            modified=None
            if old or number % 3 == 0
            else posted + timedelta(minutes=number * 7 % 90),
            deck=None if old or photo or number % 5 == 4 else self._fill(next(self._decks), gaps),
            paragraphs=paragraphs,
            subheads=subheads,
            marks=self._marks(paragraphs, source_id),
            pictures=() if old else pictures,
            byline=byline,
            contact=None if photo else CONTACT_2018 if template == "english-2018" else CONTACT,
            authors=authors,
            original=original,
            template=template,
        )
        if original and self._originals and number % 3 == 0:
            return [story, self._original(original, posted - timedelta(hours=26), template)]
        return [story]

    def elsewhere(self) -> list[Story]:
        """Return a few stories of the Chinese and Japanese editions."""
        posted = datetime(2026, 5, 29, 17, 20, tzinfo=KST)
        shape: dict[str, Any] = {"posted": posted, "template": "korean-next"}
        return [
            Story(
                edition="zh",
                source_id=16942,
                section="culture",
                section_name="文化",
                headline="下雨天才开门的博物馆",
                paragraphs=("沃川的一座旧酒坊里挂着四千一百一十二把伞。",),
                **shape,
            ),
            Story(
                edition="ja",
                source_id=53011,
                section="politics",
                section_name="政治",
                headline="雨の日だけ開く博物館",
                paragraphs=("沃川の古い酒蔵に四千百十二本の傘が掛かっている。",),
                **shape,
            ),
        ]

    def _original(self, address: tuple[str, int], posted: datetime, template: str) -> Story:
        random = self._random
        gaps = self._gaps(korean=True)
        name = random.choice(words.KOREAN_NAMES)
        email = f"writer{words.KOREAN_NAMES.index(name)}@hani.co.kr"
        count = random.randint(5, 9)
        first, *rest = random.sample(words.KOREAN_SENTENCES, count)
        paragraphs = tuple(self._fill(text, gaps) for text in (first, *rest))
        caption = f"{self._fill('{place}의 {thing} 앞에 주민들이 모여 있다.', gaps)} 연합뉴스"
        picture = Picture(self._picture_url(posted, address[1], 0), caption, "연합뉴스")
        return Story(
            edition="ko",
            source_id=address[1],
            section=address[0],
            section_name=words.KOREAN_SECTIONS[address[0]],
            headline=self._fill(random.choice(words.KOREAN_HEADLINES), gaps),
            posted=posted,
            modified=posted + timedelta(minutes=31),
            deck=self._fill(random.choice(words.KOREAN_DECKS), gaps),
            paragraphs=paragraphs,
            pictures=(picture,),
            byline=f"{name} 기자 {email}",
            authors=(Author(name, "기자", None, email),),
            reporters=f"{name} 기자",
            template="korean-2015" if template in ("english-2018", "unseen-a") else "korean-next",
        )

    def _gaps(self, *, korean: bool = False) -> dict[str, object]:
        random = self._random
        thing = random.choice(words.THINGS)
        return {
            "place": random.choice(words.KOREAN_PLACES if korean else words.PLACES),
            "thing": random.choice(words.KOREAN_THINGS) if korean else thing[0],
            "things": thing[1],
            "post": random.choice(words.POSTS[:5]),
        }

    def _fill(self, text: str, gaps: dict[str, object]) -> str:
        """Fill the gaps of *text*: the story's place and thing, and new people and numbers."""
        filled = text.format_map(_Gaps(gaps, self._random))
        return re.sub(r"\b([Aa]) (?=oyster|\[)", r"\1n ", filled)

    def _person(self) -> str:
        return self._fill("{person}", {"place": ""})

    def _body(
        self, gaps: dict[str, object], template: str
    ) -> tuple[tuple[str, ...], frozenset[int]]:
        random = self._random
        paragraphs = [self._fill(random.choice(words.QUOTES), gaps)]
        said = cycle(random.sample(words.SENTENCES, len(words.SENTENCES)))
        for _ in range(random.randint(7, 18)):
            sentences = islice(said, random.choice((1, 2, 2, 3)))
            paragraphs.append(" ".join(self._fill(sentence, gaps) for sentence in sentences))
        subheads: set[int] = set()
        if template == "english-next" and random.random() < 0.4:
            for place in sorted(random.sample(range(2, len(paragraphs) - 2), 2), reverse=True):
                paragraphs.insert(place, self._fill(random.choice(words.SUBHEADS), gaps))
                subheads = {n + 1 for n in subheads} | {place}
        return tuple(paragraphs), frozenset(subheads)

    def _marks(self, paragraphs: tuple[str, ...], source_id: int) -> tuple[Mark, ...]:
        """Set a Korean word in italics, a quoted one in bold, and link a third."""
        marks = []
        for number, text in enumerate(paragraphs):
            if "jeong (정)" in text:
                marks.append(Mark(number, "jeong", "i"))
            elif "the Korea Customs Service" in text:
                marks.append(Mark(number, "the Korea Customs Service", "strong"))
            elif "a similar scheme" in text:
                href = (
                    f"https://www.hani.co.kr/arti/english_edition/e_national/{source_id - 900}.html"
                )
                marks.append(Mark(number, "a similar scheme", "a", href))
        return tuple(marks)

    def _picture_url(self, posted: datetime, source_id: int, number: int) -> str:
        day = f"{posted:%Y/%m%d}"
        if posted.year < 2019:
            return f"https://img.hani.co.kr/imgdb/resize/{day}/00{source_id}{number}_{posted:%Y%m%d}.JPG"
        return (
            "https://flexible.img.hani.co.kr/flexible/normal/970/646"
            f"/imgdb/original/{day}/{posted:%Y%m%d}{source_id}{number}.jpg"
        )

    def _pictures(
        self, posted: datetime, gaps: dict[str, object], count: int, source_id: int, photo: bool
    ) -> tuple[Picture, ...]:
        random = self._random
        pictures = []
        for number, text in enumerate(random.sample(words.CAPTIONS, count)):
            credit = random.choice((*words.CREDITS, None))
            caption = self._fill(text, gaps)
            caption += "" if caption.endswith("”") else "."
            if photo:
                caption += " " + self._fill(random.choice(words.PHOTO_LINES), gaps)
            printed = f"{caption} ({credit})" if credit else caption
            url = self._picture_url(posted, source_id, number)
            pictures.append(Picture(url, printed, credit, after=number * 3))
        return tuple(pictures)

    def _byline(self, number: int, old: bool) -> tuple[str, tuple[Author, ...]]:
        """Return a byline as printed and, said apart, whom it means."""
        a, b, c, d = (self._person() for _ in range(4))
        post, other = self._random.sample(words.POSTS, 2)
        staff, senior = "staff reporter", "senior staff writer"
        if old and number == 0:
            title = "Executive Editor The Hankyoreh"
            return f"By {a}, {title}", (Author(a, title),)
        here, away = f"{post} correspondent", f"{other} correspondent"
        camera = "staff photographer"
        there = Author(a, here, post)
        forms: tuple[tuple[str, tuple[Author, ...]], ...] = (
            (f"By {a}, staff reporter", (Author(a, staff),)),
            (f"By {a}, {post} correspondent", (there,)),
            (f"By {a}, staff reporter; {b}, staff reporter", (Author(a, staff), Author(b, staff))),
            (f"By {a} and {b}, staff reporters", (Author(a, staff), Author(b, staff))),
            (f"By {a}, senior staff writer", (Author(a, senior),)),
            (
                f"By {a}, {b}, {c} and {d}, staff reporters",
                tuple(Author(name, staff) for name in (a, b, c, d)),
            ),
            (
                f"By {a}, {post} correspondent, and {b}, {staff}",
                (there, Author(b, staff)),
            ),
            (
                f"By {a}, {post} correspondent, {b}, {staff}, and {c}, {senior}",
                (there, Author(b, staff), Author(c, senior)),
            ),
            (
                f"By {a}, {post} correspondent, and {b}, {senior}, and {c}, {staff}",
                (there, Author(b, senior), Author(c, staff)),
            ),
            (
                f"By {a}, {here}, {b}, {camera}, and {c}, {away}",
                (there, Author(b, camera), Author(c, away, other)),
            ),
            (f"By {a}, seniors staff writer", (Author(a, senior),)),
            (f"By {a},, staff reporter", (Author(a, staff),)),
        )  # fmt: skip
        return forms[number % len(forms)]
