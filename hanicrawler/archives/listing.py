"""What a person named for reading: files, folders, standard input, each told by its content."""

from __future__ import annotations

import os
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from hanicrawler.archives.errors import ArchiveError
from hanicrawler.archives.folder import name_in, whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Kind = Literal["warc", "wacz", "html", "refused"]

STANDARD_INPUT: Final = "-"
PAGES: Final = 500
"""How many saved pages are one source."""

_HTML_NAME: Final = re.compile(r"\.x?html?(?:[?@].*)?$", re.I)
_WARC_NAME: Final = re.compile(r"\.warc(?:\.gz|\.zst)?$", re.I)
_MHTML_NAME: Final = re.compile(r"\.mht(?:ml)?$", re.I)
_INDEX_NAME: Final = re.compile(r"\.cdxj?(?:\.gz)?$", re.I)
_HTML_START: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,200}<(?:!doctype\s+html|html|head|!--)", re.I
)
_MHTML_START: Final = re.compile(rb"(?:from: <saved by|mime-version:)", re.I)
_INDEX_START: Final = re.compile(rb" CDX |\S{1,200}\)/\S{0,2000} \d{14} ")
_MEMBER: Final = re.compile(r"archive/[^\x00-\x1f]{1,300}\.warc(?:\.gz)?", re.I)
_LOOKED_AT: Final = 512

_READ: Final = "WARC (.warc, .warc.gz, .warc.zst), WACZ and saved HTML pages can be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Something to be read by itself, in any process that sees the same files."""

    kind: Kind
    path: str
    """The file; the folder of saved pages; ``-`` for standard input."""
    name: str
    """What the records kept in it call their file; of saved pages, the folder."""
    size: int | None
    """Bytes: what ``Position.done`` comes to at the end.  None where nobody knows."""
    member: str | None = None
    """The WARC file in a WACZ."""
    pages: tuple[tuple[str, int], ...] = ()
    """The saved pages below *path*, each with its size in bytes."""
    reason: str = ""
    """Why a file of a folder cannot be read."""


def sources(paths: Sequence[str], folder: Path | None) -> list[Source]:
    """Return what is to be read of *paths*: files, folders, and ``-`` for standard input.

    *folder* is the archive's own (see :func:`name_in`).  Files of a folder are taken in the
    order of their names, a file named twice once.  What in a folder is no archive is passed
    over; an archive in it that cannot be read becomes a source that says so when it is read.

    Raises ArchiveError for a path that is missing or holds nothing that can be read.
    """
    found: dict[tuple[str, str | None, tuple[tuple[str, int], ...]], Source] = {}
    for path in paths:
        for source in _sources_of(path, folder):
            found.setdefault((source.name, source.member, source.pages), source)
    return list(found.values())


def shown(path: str | Path) -> str:
    """Return *path* as a part of a line."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return text if text.isprintable() else repr(text)


def refusal(start: bytes, name: str) -> str | None:
    """Return why a file that begins with *start* cannot be read; None where it may be a WARC."""
    text = _unpacked(start)
    if text.lstrip(b"\r\n").startswith(b"WARC/"):
        return None
    if text.startswith(b"filedesc:"):
        return (
            "an ARC file, the older format: convert it with "
            "`warcio recompress old.arc.gz new.warc.gz`"
        )
    if start.startswith(b"PK"):
        return f"a ZIP file without a WARC file in archive/, so no WACZ: unpack it; {_READ}"
    if start.startswith(b"%PDF"):
        return f"a PDF file; {_READ}"
    if _MHTML_NAME.search(name) or _MHTML_START.match(text):
        return "an MHTML file, which is not read: save the page as HTML"
    if _INDEX_NAME.search(name) or _INDEX_START.match(text):
        return "an index of archives: name the WARC files that it is of"
    if not start:
        return "empty"
    if _WARC_NAME.search(name):
        return None  # its beginning is damaged
    if text != start and _HTML_START.match(text):
        return "a compressed page: unpack it with `gunzip`"
    return f"no archive and no saved page; {_READ}"


def _sources_of(path: str, folder: Path | None) -> list[Source]:
    if path == STANDARD_INPUT:
        return [Source(kind="warc", path=path, name=path, size=None)]
    file = Path(path)
    try:
        path.encode("utf-8")
        mode = file.stat().st_mode
        if stat.S_ISDIR(mode):
            return _in_folder(file, folder)
        if stat.S_ISREG(mode):
            return _of_file(file, folder)
    except UnicodeEncodeError:
        raise ArchiveError(f"{shown(path)}: the name is not UTF-8: give it another") from None
    except FileNotFoundError:
        raise ArchiveError(f"{shown(path)}: there is no such file or folder") from None
    except (OSError, ValueError) as error:
        raise ArchiveError(f"{shown(path)}: cannot be read: {_reason(error)}") from None
    return [Source(kind="warc", path=path, name=name_in(folder, file), size=None)]  # a pipe


def _of_file(file: Path, folder: Path | None) -> list[Source]:
    with file.open("rb") as opened:
        start = opened.read(_LOOKED_AT)
    size = file.stat().st_size
    name = name_in(folder, file)
    if start.startswith(b"PK\x03\x04") and (members := _members(file, name, size)):
        return members
    if _is_html(start, file.name):
        pages = ((file.name, size),)
        parent = str(whole(file).parent)
        return [Source(kind="html", path=parent, name=parent, size=size, pages=pages)]
    if (reason := refusal(start, file.name)) is not None:
        raise ArchiveError(f"{shown(file)}: {reason}")
    return [Source(kind="warc", path=str(whole(file)), name=name, size=size)]


def _is_html(start: bytes, name: str) -> bool:
    if not start or start.startswith((b"PK", b"%PDF", b"\x1f\x8b", b"WARC/")):
        return False
    return bool(_HTML_START.match(start) or _HTML_NAME.search(name))


def _members(file: Path, name: str, size: int) -> list[Source]:
    """Return the WARC files in a WACZ; raises ArchiveError for a ZIP file that is damaged."""
    try:
        with zipfile.ZipFile(file) as wacz:
            members = [info for info in wacz.infolist() if _MEMBER.fullmatch(info.filename)]
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise ArchiveError(
            f"{shown(file)}: a ZIP file (WACZ?) without a whole directory: it is cut off or "
            "damaged; `zip -FF` may mend it"
        ) from None
    if sum(info.compress_size for info in members) > size:
        raise ArchiveError(f"{shown(file)}: a ZIP file whose files lie one over the other")
    return [
        Source(
            kind="wacz",
            path=str(whole(file)),
            name=f"{name}!{info.filename}",
            size=info.file_size,
            member=info.filename,
        )
        for info in sorted(members, key=lambda info: info.filename)
    ]


def _in_folder(root: Path, folder: Path | None) -> list[Source]:
    found: list[Source] = []
    pages: list[tuple[str, int]] = []
    for file in _files(root):
        try:
            if _HTML_NAME.search(file.name):
                pages.append((str(file.relative_to(root)), file.stat().st_size))
                continue
            sources = _of_file(file, folder)
        except (ArchiveError, OSError) as error:
            if (reason := _worth_telling(file, error)) is not None:
                found.append(_refused(file, folder, reason))
            continue
        if sources[0].kind == "html":
            pages.append((str(file.relative_to(root)), file.stat().st_size))
        else:
            found += sources
    path = str(whole(root))
    for first in range(0, len(pages), PAGES):
        group = tuple(pages[first : first + PAGES])
        size = sum(size for _, size in group)
        found.append(Source(kind="html", path=path, name=path, size=size, pages=group))
    if all(source.kind == "refused" for source in found):
        about = f": {shown(found[0].path)} is {found[0].reason}" if found else f": {_READ}"
        raise ArchiveError(f"{shown(root)}: nothing to read in this folder{about}")
    return found


def _files(root: Path) -> Iterator[Path]:
    """Yield the files below *root*, sorted, without what a browser saves beside a page."""
    for name, folders, files in os.walk(root):
        beside = {f"{Path(file).stem}_files" for file in files if _HTML_NAME.search(file)}
        folders[:] = sorted(set(folders) - beside)
        folders[:] = [folder for folder in folders if not folder.startswith(".")]
        for file in sorted(files):
            path = Path(name, file)
            if not file.startswith(".") and path.is_file():
                yield path


def _worth_telling(file: Path, error: ArchiveError | OSError) -> str | None:
    """Return what is wrong with an archive in a folder; None for what is none, or is empty."""
    if isinstance(error, OSError):
        return f"cannot be read: {_reason(error)}"
    reason = str(error).removeprefix(f"{shown(file)}: ")
    told = reason.startswith(("an ARC file", "an MHTML file", "a ZIP file (WACZ?)"))
    return reason if told else None


def _refused(file: Path, folder: Path | None, reason: str) -> Source:
    name = shown(name_in(folder, file))
    return Source(kind="refused", path=str(file), name=name, size=0, reason=reason)


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _unpacked(start: bytes) -> bytes:
    """Return the beginning of what *start* is the beginning of, compressed or not."""
    if start.startswith(b"\x1f\x8b"):
        try:
            return zlib.decompressobj(31).decompress(start, 1 << 16)
        except zlib.error:
            return b""
    return start
