"""Pictures: who made them, and which two addresses are one picture."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from hanicrawler.items import Image
from hanicrawler.normalize.text import mend, mend_line
from hanicrawler.site import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_CREDIT: Final = 120
"""Characters."""

_TAIL: Final = 400
_PARENTHESES: Final = re.compile(r"\(([^()]*(?:\([^()]*\)[^()]*)?)\)[.。]?$")
_SENTENCE_END: Final = re.compile(r"[.!?。…][”’\"')\]]?$")
_AGENCIES: Final = re.compile(
    r"\b(?:Yonhap|Newsis|News\s?1|AP|AFP|EPA|UPI|DPA|Reuters|Xinhua|Kyodo|KCNA|KCTV|TASS|Tass"
    r"|Sputnik|Bloomberg|Getty|Rodong Sinmun|Hankyoreh|Cine21|ZUMA|Zuma|Sipa|SIPA|NurPhoto"
    r"|Imaginechina|AFP-JIJI|Jiji|Anadolu|Penta Press|EyePress|UPI|Splash|Shutterstock"
    r"|Pixabay|Unsplash|Wikimedia|Korea Pool|Associated Press|OhmyNews|Pressian)\b"
)
# What says by itself that it is a credit ...
_PHRASES: Final = re.compile(
    r"(?:all )?(?:photos?|photographs?|pictures?|images?|still|graphics?|illustrations?|video)"
    r"\b.{0,12}\b(?:by|from|courtesy|provided|pool|taken)\b"
    r"|(?:photos?|photographs?|picture|image|graphic|illustration|file photo|pool)\s?[:/]"
    r"|(?:provided|courtesy|released|supplied)\b|screen\s?(?:shots?|grabs?|captures?)\b"
    r"|(?:captured|taken|capture|clip|still|stills|reproduced|adapted) from\b|source\s?:|pool$"
    r"|.*\bscreen\s?(?:shots?|grabs?|captures?)$|.*\b(?:office|house|assembly|ministry) pool$"
    r"|.*\b(?:photo pool|pool photos?|press pool|photo corps|press corps|file photos?|archives?"
    r"|archive photos?|stock photos?|courtesy photos?|staff (?:photographer|reporter|writer))$",
    re.IGNORECASE,
)
# ... and what does so only where it stands alone behind a sentence.
_SOURCE: Final = re.compile(
    r"(?:by|from|via) (?:the )?[A-Z]|(?:by )?[A-Z].*\b(?:correspondent|photographer|reporter)$"
    r"|.*\b(?:homepage|website)$"
    r"|(?:KBS|MBC|SBS|EBS|YTN|JTBC|TBS|NHK|CNN|NBC|ABC|BBC|CCTV|NASA|Twitter|Facebook|Instagram)$"
)
_LOWER_CASE_WORDS: Final = frozenset(
    "and of the via by from for in photo photos pool archive archives file news agency staff"
    " senior intern photographer reporter correspondent courtesy provided screenshot video".split()
)
_PERSON: Final = re.compile(
    r"[A-Z][a-z]+(?:-[A-Za-z][a-z]+)?(?: [A-Z]\.)?(?: [A-Z][a-z]+(?:-[A-Za-z][a-z]+)?){1,2}"
)
_BODY: Final = re.compile(r"(?:the )?[A-Z][\w’'&.-]*(?: (?:of|the|and|for|[A-Z][\w’'&.-]*)){1,7}")
_POINTER: Final = re.compile(
    r"(?:from |on |at |to )?(?:the )?"
    r"(?:far |top |bottom |upper |lower |front |back |second |third )*"
    r"(?:left|right|cent(?:er|re)|middle|top|bottom|above|below|front|back|pictured|inset)\b.*"
    r"|.*\b(?:left|right|row)$",
    re.IGNORECASE,
)
_DIGIT_OR_MONTH: Final = re.compile(
    r"\d|^(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)\b", re.IGNORECASE
)
_LOOSE: Final = re.compile(
    r"(?:^|[.!?”’\"')]\s+)((?:Photos?|Photographs?) (?:by|courtesy of) [^.()]{3,60})\.?$"
)

_KOREAN_AGENCY: Final = (
    r"(?:(?:AP|AFP|EPA|UPI|DPA|TASS|로이터|신화|교도|타스|조선중앙통신|노동신문)[ /·,]*)*"
    r"(?:연합뉴스|뉴시스|뉴스1)|(?:AP|AFP|EPA|로이터|신화|교도)\s?(?:통신)?"
    r"|게티이미지(?:뱅크|코리아)?|클립아트코리아|조선중앙통신|노동신문"
)
_PRESS_CORPS: Final = (
    r"(?:[가-힣]{2,12} )?[가-힣]{0,12}(?:공동취재단|사진기자단|사진취재단|공동취재사진)"
)
_KOREAN_CREDIT: Final = re.compile(
    rf"(?:사진(?:\s?[:=/]\s?|\s))?(?P<credit>{_KOREAN_AGENCY}"
    rf"|{_PRESS_CORPS}"
    r"|(?:[가-힣]{2,12}\s?)?(?:한겨레\s?)?자료\s?사진"
    r"|[가-힣]{2,4} (?:[가-힣]{2,8} )?[가-힣]{0,4}(?:기자|특파원|작가|논설위원)"
    r"|[가-힣A-Za-z0-9·&().’‘' ]{2,30} (?:제공|갈무리|캡처|화면|누리집))"
    r"(?:\s+[\w.+-]+@[\w.-]+)?"
)
_KOREAN_SLASHED: Final = re.compile(
    rf"(?:^|\s|[.])(?:[가-힣]{{2,8}}/\s?)?({_KOREAN_AGENCY})$|/\s?({_PRESS_CORPS})$"
)
_LAST_SENTENCE: Final = re.compile(r"(?:^|[.!?”’\"')\]]\s|\n)\s*((?:(?![.!?]\s).)+?)\.?$")
_HANGUL: Final = re.compile(r"[가-힣]")

_STORED: Final = re.compile(r"/imgdb/(?:[a-z_]+/)*(\d{4}/\d{4}/[^/]+)$")
# Any plain address's host and path, because urlsplit takes five times as long.
_ADDRESS: Final = re.compile(r"https?://([A-Za-z0-9.-]+)(?::\d+)?(/[!-\"$->@-~]*)?(?:[?#][!-~]*)?")
_SIZE: Final = re.compile(r"/flexible/[a-z]+/(\d{1,5})/(\d{1,5})/")


def read_credit(caption: str | None) -> str | None:
    """Return who made or provided a picture, from the end of its caption; None if unsaid.

    English: the last parentheses, a full stop after them allowed, whose words are a credit's:
    an agency or the newspaper (``KCNA/Yonhap``, ``Hankyoreh archives``), a phrase (``photo
    pool``, ``provided by ...``, ``screenshot from ...``, ``..., staff photographer``), or,
    where they stand alone behind a finished sentence, a name of two or more capitalised words.
    ``(left)``, ``(2018)``, ``(Nov. 9)`` and abbreviations such as ``(DMZ)`` are none.

    Korean: the same parentheses, or the words behind the caption's last sentence
    (``연합뉴스``, ``강창광 선임기자``, ``삼성전자 제공``); a mail address is left out.
    """
    if not caption or not (line := mend(caption)[-_TAIL:]):
        return None
    match = _PARENTHESES.search(line) if ")" in line[-2:] else None
    if match:
        before = line[: match.start()].rstrip()
        alone = not before or bool(_SENTENCE_END.search(before[-2:]))
        words = match[1].strip()
        is_credit = len(words) <= LONGEST_CREDIT and _is_credit(words, alone)
        return mend_line(match[1]) if is_credit else None
    if _HANGUL.search(line):
        return _korean_credit(line)
    loose = _LOOSE.search(line) if "Photo" in line else None
    return loose[1] if loose else None


def picture_key(url: str) -> str:
    """Return what all addresses of one picture have in common.

    For the site's own pictures that is upload date and file name, at whatever size and on
    whichever host; for any other, the URL without scheme, query and fragment.
    """
    if address := _ADDRESS.fullmatch(url):
        host, path = address[1].lower(), address[2] or ""
    else:
        try:
            parts = urlsplit(url)
            host, path = (parts.hostname or "").lower(), parts.path
        except ValueError:
            return url
    on_site = host == DOMAIN or host.endswith(f".{DOMAIN}")
    if on_site and (stored := _STORED.search(path)):
        return f"imgdb/{stored[1]}"
    return f"{host}{path}"


def merge_images(images: Sequence[Image]) -> tuple[Image, ...]:
    """Return *images*, each picture once, where it first stands, with its credit.

    The URL is the first one's, unless both name their size and the other's is larger; the
    caption is the first there is.
    """
    if len(images) == 1:  # as on most pages: its key says nothing
        return (_credited(images[0]),)
    merged: dict[str, Image] = {}
    for image in images:
        key = picture_key(image.url)
        known = merged.setdefault(key, image)
        if known is not image:
            larger = 0 < _pixels(known.url) < _pixels(image.url)
            merged[key] = replace(
                known,
                url=image.url if larger else known.url,
                caption=known.caption or image.caption,
                credit=known.credit or image.credit,
            )
    return tuple([_credited(image) for image in merged.values()])


def _credited(image: Image) -> Image:
    if image.credit:
        return image
    credit = read_credit(image.caption)
    # In a fifth of the time that replace() takes.
    return Image(url=image.url, caption=image.caption, credit=credit)


def _pixels(url: str) -> int:
    size = _SIZE.search(url)
    return int(size[1]) * int(size[2]) if size else 0


@lru_cache(maxsize=2048)  # a newspaper has few photographers and agencies
def _is_credit(words: str, alone: bool) -> bool:
    if not words or _POINTER.fullmatch(words):
        return False
    if _HANGUL.search(words):
        return bool(_KOREAN_CREDIT.fullmatch(words) or _KOREAN_SLASHED.search(words))
    if _PHRASES.match(words):
        return True
    if _AGENCIES.search(words):
        lower = {word for word in re.split(r"[\s/,]+", words) if word[:1].islower()}
        return lower <= _LOWER_CASE_WORDS
    if not alone or _DIGIT_OR_MONTH.search(words):
        return False
    if _SOURCE.match(words):
        return True
    return all(
        _PERSON.fullmatch(part) or _BODY.fullmatch(part) for part in re.split(r"\s?[/,]\s?", words)
    )


def _korean_credit(line: str) -> str | None:
    last = _LAST_SENTENCE.search(line)
    if last and (credit := _KOREAN_CREDIT.fullmatch(last[1])):
        return credit["credit"]
    slashed = _KOREAN_SLASHED.search(line)
    return slashed[1] or slashed[2] if slashed else None
