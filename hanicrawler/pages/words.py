"""The words by which the site's pages are recognised, whatever their markup.

English pages of 2006-2024 print every one of these in words (a page of June 2024, articles of
2006 and 2018); Korean pages print theirs.  A pattern here says what a line *is*, never what it
means: reading dates and names is the normaliser's work.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?"
# One set for its first letter, whichever its form: the search passes over all else at once.
_DAY = (
    r"[A-Z\d](?:(?<=[A-Z])[a-z]{2,8}\.?\s?\d{1,2},?\s?\d{4}"  # May.8,2006 · Nov.9,2018
    r"|(?<=\d)(?:\d{3}[-./]\s?\d{1,2}[-./]\s?\d{1,2}\.?(?:\s?\((?:[A-Z][a-z]{2}|[월화수목금토일])\))?"
    r"|\d?\s[A-Z][a-z]{2,8}\.?\s\d{4}"
    r"|\d{3}년\s?\d{1,2}월\s?\d{1,2}일))"
)
_NAMED_ZONE = r"(?:KST|(?:UTC|GMT)(?:[+-]\d{1,2})?)"
_ZONE = rf"(?:\s?{_NAMED_ZONE}|\s?\({_NAMED_ZONE}\)|Z|\s?[+-]\d{{2}}:?\d{{2}})"
DAY: Final = re.compile(_DAY)
CLOCK: Final = re.compile(r":(?<=\d:)\d\d")
"""In every stamp, and soon looked for: by its colon."""
STAMP: Final = re.compile(
    rf"{_DAY}(?:,?\s+|T)(?:오전|오후)?\s?{_TIME}(?:\s?[AaPp]\.?[Mm]\.?)?{_ZONE}?"
)
"""A day and a minute as the site prints them, with their zone: without it they are others."""

# Neighbours in one line may stand without a space between: "North KoreaPosted on : ...".
_START: Final = r"(?:\b|(?-i:(?<=[a-z\d])(?=[A-Z])))"
POSTED: Final = re.compile(
    rf"(?:{_START}(?:Posted|Published|Registered|Created)(?:\s+(?:on|at))?|등록(?:일시|일)?|입력(?:일시|일)?)"
    r"\s*[:：]?\s*$",
    re.I,
)
MODIFIED: Final = re.compile(
    rf"(?:{_START}(?:Last\s+)?(?:Modified|Updated|Revised)(?:\s+(?:on|at))?|수정(?:일시|일)?|최종\s?수정)"
    r"\s*[:：]?\s*$",
    re.I,
)
"""The label before a stamp, at the end of what stands before it."""

CONTACT: Final = re.compile(
    r"Please\s+(?:direct|send|address)\s+(?:(?:any|all|your)\s+)?"
    r"(?:questions|comments|inquiries)\b.*",
    re.I,
)

ORIGINAL: Final = re.compile(r"original\s+korean\s+article|클릭\s?시\s?원문으로\s?이동", re.I)
ORIGINAL_BUTTON: Final = re.compile(
    r"\s*(?:button\s+that\s+moves?\s+to\s+)?(?:the\s+)?original\s+korean\s+article.*"
    r"|\s*\(?클릭\s?시\s?원문으로\s?이동.*",
    re.I,
)
"""The button's words where they stand behind others in one line."""

RELATED: Final = re.compile(
    r"related\s+(?:stories|articles|news|story|article)\s*:?|관련\s?(?:기사|뉴스)", re.I
)
MOST_VIEWED: Final = re.compile(
    r"(?:the\s+)?most[\s-](?:viewed|read|popular)(?:\s+(?:articles|stories|news))?\s*:?"
    r"|(?:가장\s?)?많이\s?(?:본|읽은|보는)\s?(?:기사|뉴스|글)",
    re.I,
)
"""The whole of a list's heading."""
COMMENTS: Final = re.compile(
    r"(?:(?:reader|leave a)\s+)?comments?(?:\s*\(?\d+\)?)?|\d+\s+comments?|댓글(?:\s?\(?\d+\)?)?",
    re.I,
)
"""The heading above what readers wrote."""

_NAME = r"(?:[A-Z\u00c0-\u00de\u0100-\u017f][\w’'.-]*|de|von|van|al|bin)"
_NAMES = rf"{_NAME}(?:[ -]{_NAME}){{0,4}}"
_ROLE = (
    r"(?:reporters?|correspondents?|writers?|editors?|photographers?|columnists?|interns?"
    r"|staff|desk|team|board|news|agency|hankyoreh|producers?)"
)
_EMAIL = r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{3,80}"
EMAIL: Final = re.compile(_EMAIL)
_BY = r"(?:By|BY|Written by|Reported by|Posted by)\s*:?\s+"
_KOREAN_NAME = r"[A-Z]\w+ [A-Z]\w*-\w+"
BYLINE: Final = re.compile(
    rf"{_BY}(?:(?:\w+ ){{0,3}}{_ROLE} (?={_KOREAN_NAME}))?"
    rf"{_NAMES}(?<![’']s)(?:\s\([^()]{{2,60}}\))?"
    rf"(?:\s*(?:[,;:/&·]|\band\b|- ).{{0,400}}|\s+in\s+.{{2,60}}|\s[\[(<]?{_EMAIL}[\])>]?)?"
    rf"|{_BY}{_NAMES}(?:\s[\w-]+){{0,5}}\s(?i:{_ROLE})"
    rf"|{_KOREAN_NAME}(?:(?:,| and|, and) {_KOREAN_NAME}){{0,4}},? (?:[\w-]+ ){{0,3}}{_ROLE}",
    re.S,
)
"""The shape of an English byline: "By", then capitalised names, then nothing or a separator.

A paragraph may begin with "By" too ("By resuming their exchanges ..."): what follows has no
capital, or the line ends as a sentence does; see :func:`is_byline`.
"""

_KOREAN_TITLE = (
    r"(?:선임|전문|객원|인턴|수습|편집|사진|교육연수생)?\s?"
    r"(?:기자|특파원|논설위원|논설위원실장|논설고문|편집인|에디터|피디|PD|칼럼니스트|통신원|위원|부?국장|부장|팀장|센터장|교육연수생)"
)
_KOREAN_NAMES = r"[가-힣]{2,4}(?:\s?[,·]\s?[가-힣]{2,4}|\s[가-힣]{2,4}){0,8}"
KOREAN_BYLINE: Final = re.compile(
    rf"(?:\[?[가-힣A-Za-z]{{1,12}}\]?\s?[/=]\s?)?(?:(?:글|사진|정리|취재|영상)(?:[·,\s]\s?(?:글|사진|정리|취재|영상))*\s)?"
    rf"{_KOREAN_NAMES}\s?{_KOREAN_TITLE}(?:\s?[,·]?\s?{_EMAIL})?"
    rf"(?:\s?[,·]?\s?{_KOREAN_NAMES}\s?{_KOREAN_TITLE}(?:\s?[,·]?\s?{_EMAIL})?){{0,8}}"
    rf"|(?:연합뉴스|뉴시스|뉴스1|AP|AFP|로이터)(?:\s?[,·/]\s?(?:연합뉴스|뉴시스|뉴스1|AP|AFP|로이터)){{0,3}}"
    rf"|[가-힣]{{2,4}}\s?\|\s?[^|.]{{2,60}}"
)
"""The shape of a Korean byline; the whole of a line."""

_SENTENCE_END: Final = re.compile(r"[.!?][”’\"')\]]*$")
_ROLE_END: Final = re.compile(rf"\b{_ROLE}\.?$", re.I)
_ONE_NAME: Final = re.compile(rf"{_BY}[A-Z][\w’']*(?:,|\sin)\s[^A-Z]")
"""``By Tuesday, police``: no person has one name and no title has a verb."""
_VERB: Final = re.compile(
    r"\b(?:is|was|were|are|been|had|has|have|did|does|said|says|told|would|will|could|can|may"
    r"|must|should|became|began|made|went|came|got|gave|took|left|lost|won|hired|fired)\b"
)
BYLINE_AFTER_SENTENCE: Final = re.compile(
    rf"(?<=[.!?”’\"')\]])\s+(By\s+{_NAMES}\s*,.{{3,300}})$", re.S
)
KOREAN_BYLINE_AFTER_SENTENCE: Final = re.compile(
    rf"(?<=[.!?”’\"')\]])\s+([가-힣]{{2,4}}\s?{_KOREAN_TITLE}(?:\s{_EMAIL})?|연합뉴스)$"
)
"""A byline that lost the line break before it."""

SAYS_BY: Final = re.compile(r"(?:By|Written by|Reported by)\s+\S.{1,160}(?<![.”’\"'])", re.I)
"""A line that names somebody as author, whoever it is: right before the contact line only."""

MASTHEAD: Final = re.compile(
    r"(?:the\s+)?hankyoreh(?:\s+english(?:\s+edition)?)?|한겨레(?:신문)?|hani", re.I
)

_ANY_LENGTH: Final = (
    r"share(?: (?:this|on|via)\b.*)?|comments?(?: \(\d+\))?|\d+ ?comments?"
    r"|[|·•/>»›«‹▲▼※*#-]+"
)
LONG_FURNITURE: Final = re.compile(rf"(?:{_ANY_LENGTH})", re.I)
_FURNITURE: Final = re.compile(
    rf"(?:{_ANY_LENGTH}"
    r"|advertisement|ad|(?:increase |decrease )?(?:font|text)[ -]?size.{0,12}"
    r"|larger text|smaller text|sponsored|print|e-?mail"
    r"|facebook|twitter|x"
    r"|kakao(?:talk|story)?|line|url ?copy|copy(?: (?:link|url))?|font ?size|large|small|scrap|save"
    r"|subscribe(?: now)?|sign up|log ?in|menu|search|home|top|list|close|previous|next|listen"
    r"|read more|more|reply|like|follow us|newsletter"
    r"|공유|공유하기|인쇄|광고|스크랩|댓글|글자\s?크기|글씨\s?크기|닫기|목록|더보기|기사\s?듣기|본문\s?듣기"
    r"|페이스북|트위터|카카오톡|카카오스토리|링크\s?복사|이메일|구독|구독하기|기자\s?구독|후원|[ㄱ-ㅎ가-힣]\s?[+-]"
    r"|\d{1,2}:\d{2}(?:\s?/\s?\d{1,2}:\d{2})?|\d{1,2}[ -]min(?:ute)?s?(?: read)?"
    r"|[+-]|[aA가]\s?[+-]?|\d{1,3})",
    re.I,
)
_SHORT_LINE: Final = 80
"""Characters: what is longer is none of the buttons' words."""
COPYRIGHT: Final = re.compile(
    r"(?:copyrights?\b[\s,:ⓒ©(]|[ⓒ©]\s?(?:the\s|hankyoreh|한겨레|\d{4}|all\s)"
    r"|저작권자|all rights reserved|무단\s?전재"
    r"|(?:address|tel|fax|주소|대표전화)\s?[:：.]\s).{0,200}",
    re.I,
)

INVITATION: Final = re.compile(r"subscribe(?: now)?|sign ?up(?: now)?|구독(?:하기|신청)?", re.I)
"""The words of a button in a box that asks to subscribe."""


_NOT_IN_FURNITURE: Final = frozenset("BDEGHIJKLMNOPQRUVWXYZ“‘\"'[(")
"""How no furniture begins, but most paragraphs do."""


def is_byline(line: str) -> bool:
    """Tell whether *line* has the shape of a byline, English or Korean.

    A sentence that begins with "By" has not: it ends with a full stop, where a byline ends with
    a name or a title.
    """
    if len(line) > 500:
        return False
    if BYLINE.fullmatch(line) and not _ONE_NAME.match(line):
        return not _SENTENCE_END.search(line) or (
            bool(_ROLE_END.search(line)) and not _VERB.search(line)
        )
    return len(line) <= 200 and _may_be_korean(line) and bool(KOREAN_BYLINE.fullmatch(line))


def _may_be_korean(line: str) -> bool:
    """Tell whether *line* begins as a Korean byline does; one look spares most lines a pattern.

    In Hangul, as "AP" or "AFP" does, or with something in other letters before a mark.
    """
    return line[:1] >= "가" or "/" in line or "=" in line or line.startswith(("AP", "AFP"))


def names_original(text: str) -> bool:
    """Tell whether *text* is, or has in it, the words of the button to the Korean original."""
    return ("클릭" in text or "nal" in text.lower()) and ORIGINAL.search(text) is not None


def is_landmark(text: str) -> bool:
    """Tell whether *text*, white space squeezed, is the page's own words: no headline or deck."""
    if len(text) < _SHORT_LINE:
        return _is_short_landmark(text)
    return bool(CONTACT.fullmatch(text)) or names_original(text) or _says_by(text)


@lru_cache(maxsize=256)  # most are what thumbnails say: nothing
def _is_short_landmark(text: str) -> bool:
    patterns = (RELATED, MOST_VIEWED, MASTHEAD, POSTED, MODIFIED, CONTACT)
    fits = any(pattern.fullmatch(text) for pattern in patterns)
    return fits or names_original(text) or _says_by(text)


def _says_by(text: str) -> bool:
    return text[:3] in ("By ", "BY ") and is_byline(text)


def is_furniture(line: str) -> bool:
    """Tell whether *line* is part of the page's furniture: a button's word, a copyright notice."""
    if len(line) < _SHORT_LINE:
        return _is_short_furniture(line)
    if len(line) >= 260 or line[0] in _NOT_IN_FURNITURE:
        return False
    return bool(LONG_FURNITURE.fullmatch(line) or COPYRIGHT.match(line))


@lru_cache(maxsize=4096)  # the same buttons stand on every page
def _is_short_furniture(line: str) -> bool:
    if _FURNITURE.fullmatch(line) or COPYRIGHT.match(line):
        return True
    # Several buttons make one line: "Share Facebook Twitter A+ A-".
    words = line.split()
    return len(words) > 1 and all(map(_FURNITURE.fullmatch, words))


def ends_a_sentence(line: str) -> bool:
    """Tell whether *line* ends as a sentence does, closing quotes and brackets allowed."""
    return bool(_SENTENCE_END.search(line))
