"""The grammar of Korean bylines.

::

    byline  = segment {("," | ";") segment}
    segment = [place ("/" | "=")] [work] names [title] [address]
            | name "|" title | name "(" title ")" | agency
    work    = 글, 사진, 글·사진, 정리 ...: what the people did; it is no title and is left out

A name begins with a Korean family name; a foreign one is read before "|" only.  A title is
the last person's; a newsroom title (기자, 특파원 ...) is everybody's before it who has none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from hanicrawler.items import Byline
from hanicrawler.normalize.byline_words_korean import (
    AFFILIATION_ENDS,
    AGENCIES,
    DEPARTMENTS,
    DESK_ENDS,
    EMPLOYER,
    FAMILIES,
    LONG_FAMILIES,
    NEWSROOM,
    PARTICLES,
    PLACES,
    QUALIFIERS,
    SOURCES,
    TITLES,
    WORK,
)
from hanicrawler.normalize.bylines_english import ADDRESS

_WORK: Final = re.compile(rf"(?:{WORK})(?:\s?(?:[·,&/ㆍ]|및)\s?(?:{WORK}))*(?:\s*[|:=/]\s*|\s+|$)")
_TRANSLATION: Final = "번역"
_DESK: Final = re.compile(rf"[가-힣A-Za-z0-9]+(?:{DESK_ENDS})")
_DEPARTMENT: Final = re.compile(
    rf"(?:{DEPARTMENTS})(?:부|팀|국|부문|에디터)|[가-힣]{{2,}}(?:팀|부문|센터)"
)
_NAME: Final = re.compile(r"[가-힣]{2,4}")
_FOREIGN_NAME: Final = re.compile(r"[가-힣A-Za-z.·-]{1,12}(?: [가-힣A-Za-z.·-]{1,12}){0,4}")
_RUN_TOGETHER: Final = re.compile(
    r"([가-힣]{2,4}?)((?:선임|인턴|객원|수습|전문|대)?기자|(?:선임|객원)?논설위원|특파원)"
)
# Behind a newsroom title the next person begins: 이경미 기자·사진 박종식 기자.
_NEXT_PERSON: Final = re.compile(r"(?<=기자|파원|위원)(?:\s*[·ㆍ]\s*|\s+)(?=[가-힣])(?!겸\s)")
_POST: Final = re.compile(r"([가-힣]+)\s?(?:주재\s?)?(?:순회)?특파원")
_TITLE_TEXT: Final = re.compile(r"[가-힣A-Za-z0-9 ·ㆍ&().,‘’'“”<>〈〉《》/-]{2,60}")
_SENTENCE_END: Final = re.compile(r"(?:다|요|까|죠)[.?!]?$|[.?!]\s")
_PIPE: Final = re.compile(r"([^|｜ㅣ│]{1,40}?)\s*[|｜ㅣ│]\s*([^|｜ㅣ│]{2,80})")
_IN_PARENTHESES: Final = re.compile(r"([가-힣]{2,4})\s?\(([^()]{2,40})\)")
_PLACED: Final = re.compile(r"([가-힣A-Za-z· ]{1,30}?)\s?[/=]\s?(.+)")
_WIRE: Final = re.compile(r"\(([가-힣·]+)=[가-힣A-Za-z0-9]+\)\s*")
_PAPER: Final = re.compile(r"\A(?:By\s+)?(?:[\[<〈]한겨레[\]>〉]\s*)?", re.IGNORECASE)
_BETWEEN: Final = " ,;·/()[]<>"


@dataclass(slots=True)
class _Author:
    name: str
    role: str | None = None
    place: str | None = None
    email: str | None = None
    collective: bool = False


def read_korean(line: str) -> tuple[Byline, ...] | None:
    """Return the authors a Korean byline, mended to one line, names; None if it is none."""
    line = _PAPER.sub("", line, count=1)
    place = None
    if wire := _WIRE.match(line):
        place, line = wire[1], line[wire.end() :]
    authors: list[_Author] = []
    pieces = re.split(rf"({ADDRESS.pattern})", line)
    for at, piece in enumerate(pieces):
        if at % 2:
            if not authors or authors[-1].email:
                return None
            authors[-1].email = piece
        elif (words := piece.strip(_BETWEEN + ".") + (")" if _opens(piece) else "")) and not (
            _read_piece(words, authors)
        ):
            return None
    if place and authors:
        authors[0].place = authors[0].place or place
    return tuple(
        Byline(name=who.name, language="ko", role=who.role, place=who.place, email=who.email)
        for who in authors
    )


def _opens(piece: str) -> bool:
    """Tell whether stripping takes a parenthesis that closes one inside."""
    return piece.rstrip(" ,;.").endswith(")") and piece.lstrip(_BETWEEN).find("(") > 0


def _read_piece(text: str, authors: list[_Author]) -> bool:
    if "|" in text or "ㅣ" in text or "｜" in text or "│" in text:
        return _read_column(text, authors)
    first = len(authors)
    for segment in re.split(r"\s*[,;]\s*", text):
        if not segment:
            continue
        found = _read_segment(segment)
        if found is None:
            return False
        authors.extend(found)
        _share(authors, first)
    return True


def _share(authors: list[_Author], first: int) -> None:
    """Give the last author's newsroom title to those right before who have none."""
    if len(authors) == first or not (role := authors[-1].role) or not _is_newsroom(role):
        return
    for author in reversed(authors[first:-1]):
        if author.role or author.collective:
            return
        author.role = role
        author.place = author.place or (authors[-1].place if _POST.fullmatch(role) else None)


def _read_column(text: str, authors: list[_Author]) -> bool:
    """``김진해 | 한겨레말글연구소 연구위원``: a name and the whole of a title."""
    match = _PIPE.fullmatch(text)
    if match is None:
        return False
    left, right = match[1].strip(), match[2].strip()
    people = _read_segment(right)
    if (
        people
        and len(people[0].name) > 2
        and (_WORK.fullmatch(left) or (people[0].role and _is_newsroom(people[0].role)))
    ):
        authors.extend(people)
        return True
    left = left[worked.end() :] if (worked := _WORK.match(left)) else left
    if not _FOREIGN_NAME.fullmatch(left) or not _is_title_text(right):
        return False
    authors.append(_Author(left, role=right))
    return True


def _read_segment(text: str) -> list[_Author] | None:
    if is_collective(text):
        return [_Author(text, collective=True)]
    if match := _IN_PARENTHESES.fullmatch(text):
        if not _is_name(match[1]) or not _is_title(match[2]):
            return None
        return [_Author(match[1], role=match[2])]
    if worked := _WORK.match(text):
        rest = text[worked.end() :]
        if not rest or rest.endswith(SOURCES):
            return []
        people = _read_segment(rest)
        if people and worked[0].startswith(_TRANSLATION):
            people[0].role = people[0].role or _TRANSLATION
        return people
    if placed := _PLACED.fullmatch(text):
        return _read_placed(placed[1], placed[2])
    parts = _NEXT_PERSON.split(text)
    if len(parts) == 1:
        return _read_people(text)
    found = [_read_segment(part) for part in parts]
    return None if None in found else [who for people in found for who in people or []]


def _read_placed(left: str, right: str) -> list[_Author] | None:
    """``교토/노형석 기자``: a place and its people, or ``홍길동/서울대 교수``: a name, a title."""
    if _is_name(left) and _is_title(right) and not _is_newsroom(right):
        return [_Author(left, role=right)]
    people = _read_segment(right)
    if people:
        if is_collective(left) and all(who.collective for who in people):
            return [_Author(left, collective=True), *people]
        places = re.split(r"[·, ]+", left.strip())
        persons = [who for who in people if not who.collective] or people
        if len(places) == 1:
            places *= len(persons)
        if len(places) == len(persons):
            for who, place in zip(persons, places, strict=True):
                who.place = place
        return people
    return [_Author(left, role=right)] if _is_name(left) and _is_title(right) else None


def _read_people(text: str) -> list[_Author] | None:
    """Read ``[place] [desk] name {name} [title]``, names parted by spaces or middle dots.

    An agency before a name is an author too; the person's desk and the newspaper are not.
    """
    words = text.split()
    place = None
    if len(words) > 1 and words[0] in PLACES and _all_names(words[1]):
        place, words = words[0], words[1:]
    agency = []
    if len(words) > 1 and _all_names(words[1]):
        if words[0] in AGENCIES and words[0] != EMPLOYER:
            agency = [_Author(words[0], collective=True)]
        if words[0] in AGENCIES or _is_desk(words[0]):
            words = words[1:]
    names: list[str] = []
    for at, word in enumerate(words):
        if not (found := _all_names(word)):
            return _with_title(agency, names, words[at:], place, words[:at])
        names.extend(found)
    return [*agency, *(_Author(name, place=place) for name in names)]


def _is_desk(word: str) -> bool:
    return bool(_DESK.fullmatch(word) or _DEPARTMENT.fullmatch(word))


def _with_title(
    agency: list[_Author], names: list[str], rest: list[str], place: str | None, read: list[str]
) -> list[_Author] | None:
    together = _RUN_TOGETHER.fullmatch(rest[0]) if len(rest) == 1 else None
    if together and together[1] not in QUALIFIERS and _is_name(together[1]):
        return _titled(agency, [*names, together[1]], together[2], place)
    role = " ".join(rest)
    if len(names) > 1 and not _is_newsroom(role):
        inside = [word for word in read[1:] if word.endswith(AFFILIATION_ENDS)]
        if inside:
            names, role = names[:1], " ".join([*read[1:], *rest])
    return _titled(agency, names, role, place)


def _titled(
    agency: list[_Author], names: list[str], role: str, place: str | None
) -> list[_Author] | None:
    if not names or not _is_title(role):
        return None
    if match := _POST.fullmatch(role):
        place = place or (None if match[1] in QUALIFIERS else match[1])
    return [*agency, *(_Author(name, role=role, place=place) for name in names)]


def _all_names(word: str) -> list[str]:
    """Return the names in ``최원형·고경주``; nothing if one of the parts is none."""
    parts = re.split("[·ㆍ]", word)
    return parts if all(_is_name(part) for part in parts) else []


def _is_name(word: str) -> bool:
    if not _NAME.fullmatch(word) or word in PLACES or word in AGENCIES or word in SOURCES:
        return False
    if word.endswith(PARTICLES) or word.endswith(TITLES) or _DEPARTMENT.fullmatch(word):
        return False
    if word.startswith(LONG_FAMILIES):
        return len(word) > 2
    if word[0] not in FAMILIES:
        return False
    return len(word) < 4 or word[1] in FAMILIES


def is_collective(text: str) -> bool:
    """Tell whether *text* is an agency's name or a desk's, or several of them, and no person's."""
    words = text.split()
    if len(words) == 1 and _is_desk(words[0]):
        return True
    return bool(words) and all(word in AGENCIES for word in words)


def _is_title(text: str) -> bool:
    return text.endswith(TITLES) and _is_title_text(text)


def _is_title_text(text: str) -> bool:
    return bool(_TITLE_TEXT.fullmatch(text)) and not _SENTENCE_END.search(text)


def _is_newsroom(role: str) -> bool:
    return role.endswith(NEWSROOM)
