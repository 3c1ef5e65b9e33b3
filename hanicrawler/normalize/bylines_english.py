"""The grammar of English bylines.

A byline is a list of people, each with the title that follows::

    byline  = ["By"] entry {("," | ";" | "and" | "&" | "·" | "/") entry}
    entry   = name ["in" Place] | title ["in" Place] | affiliation | "in" Place | address
    name    = two to five capitalised words, an agency, or a desk of the newspaper

A plural title ("staff reporters") is shared by every name before it that has none.  So is a
newsroom title in the singular, a common slip, unless it names a post in one place, which one
person holds.  Any other title belongs to the name right before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from hanicrawler.items import Byline
from hanicrawler.normalize.byline_titles import (
    IN_PLACE,
    SEGMENT_END,
    Title,
    has_title_word,
    is_place,
    is_title_text,
    post_in,
    read_title,
)
from hanicrawler.normalize.byline_words import (
    AGENCIES,
    DESK_WORDS,
    DESKS,
    EMPLOYER,
    INSTITUTIONS,
    MAGAZINES,
    NOT_NAMES,
    PARTICLES,
    PLACES,
    REGIONS,
)

ADDRESS: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")

# The desk's own address, printed in the contact line, is nobody's.
_DESK_ADDRESS: Final = re.compile(r"english\w*@hani\.co\.kr", re.IGNORECASE)
_BY: Final = re.compile(
    r"(?:(?:reported |written |posted )?by\b\s*:?\s*)+|(?-i:By:?(?=[A-Z][a-z]))", re.IGNORECASE
)
_WORKED: Final = re.compile(r"(translated|photos?|photographs?|edited)\s*(?:by\b\s*:?|:)\s*", re.I)
_WORK_TITLES: Final = {"t": "translator", "p": "photographer", "e": "editor"}
_ASSISTED: Final = re.compile(
    r"\W*\b(?:with\s+)?(?:additional\s+)?(?:reporting|contributions?|assistance)\s+(?:by|from)\s+",
    re.I,
)
"""``..., with reporting by``: more people follow, whose titles are their own."""
_CONJUNCTION: Final = re.compile(r"\s+(?:and|&|with)\s+|\s*[·&]\s*|(?<=\w)\s*/\s*(?=\w)", re.I)
_LEADING_AND: Final = re.compile(r"(?:and|&|with)\s+", re.IGNORECASE)
_NAME_WORD: Final = re.compile(r"(?:d['’])?[^\W\d_]+(?:[-'’.][^\W\d_]*)*")
_GLUED: Final = re.compile(r"(?<!\bMc)(?<!\bMac)(?<!\b[DLV][aei])(?<=[a-z])[A-Z][a-z]")
"""Two words that lost what parted them: ``Bo-raGwangju``; not ``McDonald``, ``DeLong``."""
_BROKEN_HYPHEN: Final = re.compile(r"(?<=\w)(?:\s?[-\u2010\u2011]|[-\u2010\u2011]\s)(?=\w)")
_KOREAN_NAME: Final = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)? [A-Z][a-z]+-[A-Za-z][a-z]+")
_KOREAN_THEN_TITLE: Final = re.compile(
    rf"((?:.+\s)?{_KOREAN_NAME.pattern})(?:[.:]?\s|\s[/–—-]\s|\s?\()([^/–—(-].*)"
)
_TITLE_THEN_KOREAN: Final = re.compile(rf"(.+?)\s({_KOREAN_NAME.pattern})")
_PARENTHESES: Final = re.compile(r"(.+?)\s?\(([^()]+)\)")


@dataclass(slots=True)
class _Author:
    name: str
    role: str | None = None
    place: str | None = None
    email: str | None = None
    collective: bool = False
    """An agency or a desk, which has no title."""


def read_english(text: str) -> tuple[Byline, ...] | None:
    """Return the authors an English byline, mended to one line, names; None if it is none.

    Without "By" in front, each author must have a title, be an agency or desk, or have a name
    of the form ``Lee Je-hun``: any two capitalised words would do otherwise.
    """
    by = _BY.match(text)
    line = text[by.end() :] if by else text
    if not by and not _WORKED.match(line) and not line[:1].isupper():
        return None
    reader = _Reader()
    if not reader.read(line) or not reader.authors:
        return None
    if not by and not all(_stands_alone(author) for author in reader.authors):
        return None
    return tuple(
        Byline(
            name=author.name,
            language="en",
            role=author.role,
            place=author.place,
            email=author.email,
        )
        for author in reader.authors
    )


def _stands_alone(author: _Author) -> bool:
    return bool(author.role or author.collective or _KOREAN_NAME.fullmatch(author.name))


class _Reader:
    """Takes a byline's pieces from left to right; each method says whether a piece fits."""

    def __init__(self) -> None:
        self.authors: list[_Author] = []
        self._group = 0
        """The first author since the last semicolon."""
        self._guest = False
        """The last title was none of the newsroom's."""
        self._work: str | None = None
        """What the people to come did, where the byline says so: "translator"."""

    def read(self, line: str) -> bool:
        line = _ASSISTED.sub("; ", line).rstrip(" .,;")
        for group in line.split(";"):
            group = group.strip()
            if by := _BY.match(group):
                group = group[by.end() :]
            self._group = len(self.authors)
            pieces = [piece.strip() for piece in group.split(",")]
            for at, piece in enumerate(pieces):
                following = pieces[at + 1] if at + 1 < len(pieces) else ""
                if piece and not self._piece(piece, following):
                    return False
        return True

    def _piece(self, piece: str, following: str) -> bool:
        if "@" in piece and (piece := self._addresses(piece)) == "":
            return True
        led = _LEADING_AND.match(piece)
        bare = piece[led.end() :] if led else piece
        if worked := _WORKED.match(bare):
            self._work = _WORK_TITLES[worked[1][0].lower()]
            bare = bare[worked.end() :]
        if not bare or (self.authors and bare.lower() in EMPLOYER):
            return bool(bare)
        return (
            self._run_together(bare)
            or (bool(self.authors) and self._title(bare, following, led is not None))
            or self._people(bare, following, led is not None)
            or (len(self.authors) > self._group and self._affiliation(bare))
        )

    def _addresses(self, piece: str) -> str:
        """Give the piece's mail address to its person, and return what else it says."""
        address = ADDRESS.search(piece)
        if address is None:
            return piece
        rest = piece[: address.start()].rstrip(" ([<:") + piece[address.end() :].lstrip(" )]>")
        rest = rest.strip()
        if rest and not self._piece(rest, ""):
            return piece
        if not self.authors:
            return piece
        if not _DESK_ADDRESS.fullmatch(address[0]):
            self.authors[-1].email = address[0]
        return ""

    def _run_together(self, piece: str) -> bool:
        """``Kim Bo-hyeop staff reporter`` and ``staff reporter Kim Bo-hyeop``."""
        if match := _TITLE_THEN_KOREAN.fullmatch(piece):
            names, words = match[2], match[1]
        elif match := _KOREAN_THEN_TITLE.fullmatch(piece):
            names, words = match[1], match[2].rstrip(")")
        else:
            return False
        title = read_title(words)
        people = _read_people(names)
        if title is None or not title.newsroom or people is None:
            return False
        self._add(*people)
        self._give(title)
        return True

    def _title(self, piece: str, following: str, led: bool) -> bool:
        if not has_title_word(piece):
            return False
        for cut in _CONJUNCTION.finditer(piece):
            title = read_title(piece[: cut.start()])
            people = _read_people(piece[cut.end() :])
            if title and people and _starts_person(people[0], title, following):
                self._give(title)
                self._add(*people)
                return True
        if self._one_each(piece):
            return True
        title = read_title(piece)
        if title is None:
            return False
        if led and self.authors[-1].role and not title.newsroom:
            title = Title(f"and {title.role}", plural=False, newsroom=False)
        self._give(title)
        return True

    def _one_each(self, piece: str) -> bool:
        """``A and B, Washington correspondent and staff reporter``: as many titles as people."""
        titles = [read_title(part) for part in _CONJUNCTION.split(piece)]
        untitled = [who for who in self.authors[self._group :] if who.role is None]
        if len(titles) < 2 or len(untitled) != len(titles):
            return False
        for author, title in zip(untitled, titles, strict=True):
            if title is None or not title.newsroom or title.plural or author.collective:
                return False
        for author, title in zip(untitled, titles, strict=True):
            if title is not None:
                author.role, author.place = title.role, next(iter(title.places), author.place)
        return True

    def _people(self, piece: str, following: str, led: bool) -> bool:
        people = _read_people(piece)
        if people is None:
            return self._place(piece)
        if not led and len(people) == 1 and self._is_affiliation(people[0], following):
            self._affiliate(piece)
        else:
            self._add(*people)
        return True

    def _is_affiliation(self, body: _Author, following: str) -> bool:
        """Tell whether a name behind a comma is where the person before works.

        It is where a desk, magazine or agency stands, and behind a guest's title too where no
        title follows: ``editor-in-chief, Global Asia``.
        """
        if not self.authors or self.authors[-1].collective:
            return False
        if body.collective:
            return self.authors[-1].role is None or body.name.lower() not in AGENCIES
        return (
            self._guest
            and body.place is None
            and not following
            and not _KOREAN_NAME.fullmatch(body.name)
        )

    def _place(self, piece: str) -> bool:
        place = piece.removeprefix("in ")
        if self.authors and self.authors[-1].place and place.lower().endswith(tuple(REGIONS)):
            self.authors[-1].place += f", {place}"
            return is_place(place)
        if not self.authors or (place == piece and place.lower() not in PLACES):
            return False
        if not is_place(place) or self.authors[-1].place:
            return False
        self.authors[-1].place = place
        return True

    def _affiliation(self, piece: str) -> bool:
        """``Inje University`` after a name; ``Peking University`` after a title."""
        words = piece.lower().split()
        if not is_title_text(piece) or len(words) > 12:
            return False
        if INSTITUTIONS.isdisjoint(words) and not _goes_on(self.authors[-1].role):
            return False
        self._affiliate(piece)
        return True

    def _affiliate(self, words: str) -> None:
        last = self.authors[-1]
        last.role = f"{last.role}, {words}" if last.role else words

    def _add(self, *people: _Author) -> None:
        for person in people:
            if self._work and not person.collective:
                person.role = self._work
            self.authors.append(person)

    def _give(self, title: Title) -> None:
        """Give a title to whom it belongs; one more title of the same person is joined on."""
        self._guest = not title.newsroom
        waiting = self._waiting(title)
        if not waiting:
            last = self.authors[-1]
            if last.role in (None, self._work):
                last.role = title.role
            else:
                last.role = f"{last.role}, {title.role}"
            last.place = last.place or next(iter(title.places), None)
            return
        for at, author in enumerate(waiting):
            author.role = title.role
            if len(title.places) == 1:
                author.place = author.place or title.places[0]
            elif len(title.places) == len(waiting):
                author.place = title.places[at]
                author.role = post_in(title.role, author.place)

    def _waiting(self, title: Title) -> list[_Author]:
        people = self.authors if title.plural else self.authors[self._group :]
        waiting = [who for who in people if who.role is None and not who.collective]
        if not self.authors or self.authors[-1] not in waiting:
            return []
        post = any(place in title.role for place in title.places)
        held_by_one = post or not title.newsroom
        return waiting[-1:] if held_by_one and not title.plural else waiting


def _goes_on(role: str | None) -> bool:
    """Tell whether a title may go on behind a comma: ``director of the Institute for X, Y``."""
    return role is not None and bool(SEGMENT_END.search(role))


def _starts_person(person: _Author, title: Title, following: str) -> bool:
    """Tell a name behind "and" from the title going on: ``Law and Political Science``."""
    if person.collective or _KOREAN_NAME.fullmatch(person.name):
        return True
    return title.newsroom or (bool(following) and has_title_word(following))


def _read_people(text: str) -> list[_Author] | None:
    whole = _read_person(text)
    if whole is not None:
        return [whole]
    parts = _CONJUNCTION.split(text)
    if len(parts) == 1:
        return None
    people = []
    for part in parts:
        person = _read_person(part.strip())
        if person is None:
            return None
        people.append(person)
    _share_place(people)
    return people


def _share_place(people: list[_Author]) -> None:
    """``A and B in Busan``: where only the last has a place, it is everybody's."""
    if all(person.place is None for person in people[:-1]):
        for person in people:
            person.place = people[-1].place


def _read_person(text: str) -> _Author | None:
    if is_collective(text):
        return _Author(text, collective=True)
    name, place = _BROKEN_HYPHEN.sub("-", text), None
    if match := IN_PLACE.fullmatch(name):
        name, place = match[1], match[2]
        if not is_place(place):
            return None
    elif (match := _PARENTHESES.fullmatch(name)) and match[2].lower() in PLACES:
        name, place = match[1], match[2]
    return _Author(name, place=place) if _is_name(name) else None


def is_collective(name: str) -> bool:
    """Tell whether *name* is an agency's, a magazine's or a desk's, and no person's."""
    lower = name.lower()
    return lower in AGENCIES or lower in MAGAZINES or _is_desk(re.sub(r"['’]s\b", "", lower))


def _is_desk(lower: str) -> bool:
    words = lower.split()
    if lower in ("staff", "hankyoreh", "the hankyoreh"):
        return True
    return (
        1 < len(words) <= 7
        and words[-1] in DESKS
        and DESK_WORDS.issuperset(words[:-1])
        and words[0] != "staff"
    )


def _is_name(text: str) -> bool:
    """Tell whether *text* has a name's form; another form of it may follow in parentheses."""
    if match := _PARENTHESES.fullmatch(text):
        return _is_name(match[1]) and (_is_name(match[2]) or "가" <= match[2][0] <= "힣")
    words = text.split(" ")
    if not 2 <= len(words) <= 5 or text.lower() in PLACES or words[-1] in PARTICLES:
        return False
    proper = 0
    for word in words:
        if word in PARTICLES:
            continue
        if not _NAME_WORD.fullmatch(word) or word.lower().rstrip(".") in NOT_NAMES:
            return False
        if not word.removeprefix("d'").removeprefix("d’")[0].isupper():
            return False
        if word.endswith(("'s", "’s")) or _GLUED.search(word):
            return False
        proper += 1
    return proper >= 2 and any(len(word.rstrip(".")) > 1 for word in words)
