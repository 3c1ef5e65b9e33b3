"""What a person names for reading, and what cannot be read."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from hanicrawler.archives import (
    ArchiveError,
    Capture,
    Damage,
    Position,
    read_captures,
    read_record,
    sources,
)
from hanicrawler.items import Kept
from tests.archives.made import page, read, read_bytes, record, url

ARC = (
    b"filedesc://old.arc 0.0.0.0 20060511000000 text/plain 76\n1 0 Example\n"
    b"URL IP-address Archive-date Content-type Archive-length\n\n"
)


def refused(path: Path | str) -> str:
    """Return the one line that says why a path cannot be read."""
    with pytest.raises(ArchiveError) as caught:
        sources([str(path)], None)
    line = str(caught.value)
    assert "\n" not in line
    assert Path(path).name in line
    return line


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("a.arc.gz", gzip.compress(ARC, mtime=0), "warcio recompress old.arc.gz new.warc.gz"),
        ("a.arc", ARC, "warcio recompress"),
        ("a.warc.gz", gzip.compress(ARC, mtime=0), "warcio recompress"),
        ("a.pdf", b"%PDF-1.7\n", "PDF"),
        ("a.mhtml", b"From: <Saved by Blink>\r\n", "save the page as HTML"),
        ("a.mht", b"MIME-Version: 1.0\r\n", "save the page as HTML"),
        ("a.cdx", b" CDX N b a m s k r M S V g\n", "an index"),
        ("a.cdxj", b"kr,co,hani)/ 20240501010203 {}\n", "an index"),
        ("a.cdx.gz", gzip.compress(b"kr,co,hani)/arti 20240501010203 {}\n", mtime=0), "an index"),
        ("a.html.gz", gzip.compress(page(1), mtime=0), "gunzip"),
        ("a.txt", b"plain words", "can be read"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "can be read"),
        ("a.warc.gz", b"", "empty"),
        ("a.html", b"", "empty"),
        ("a.wacz", b"PK\x03\x04 cut off", "zip -FF"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_to_do(
    tmp_path: Path, name: str, data: bytes, word: str
) -> None:
    assert word in refused(write(tmp_path / name, data))


def test_what_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "missing.warc.gz")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_said_so(tmp_path: Path) -> None:
    path = write(tmp_path / "a.warc.gz", record(url(1), page(1)))
    path.chmod(0)

    assert "Permission denied" in refused(path)


def test_a_name_with_control_characters_stays_one_harmless_line(tmp_path: Path) -> None:
    path = write(tmp_path / "a\n\x1b[31m.txt", b"words")

    with pytest.raises(ArchiveError) as caught:
        sources([str(path)], None)
    assert str(caught.value).isprintable()


def test_warcio_converts_an_arc_file_as_we_say(tmp_path: Path) -> None:
    body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page(1)
    head = f"{url(1)} 192.0.2.1 20060511090000 text/html {len(body)}\n".encode()
    arc = write(tmp_path / "old.arc.gz", gzip.compress(ARC) + gzip.compress(head + body + b"\n"))
    new = tmp_path / "new.warc.gz"

    subprocess.run(
        [sys.executable, "-c", "from warcio.cli import main; main()", "recompress", arc, new],
        check=True,
        capture_output=True,
    )

    (found,) = [one for one in read(new) if isinstance(one, Capture)]
    assert (found.url, found.body, found.at.year) == (url(1), page(1), 2006)


def test_a_file_is_what_it_holds_and_not_what_it_is_called(tmp_path: Path) -> None:
    captures = [
        read_bytes(tmp_path, record(url(1), page(1)), "pages.dat"),
        read_bytes(tmp_path, record(url(1), page(1), gzip=False), "pages.html"),
    ]

    assert all(found.url == url(1) for (found,) in captures)


def test_a_folder_s_archives_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    for number, name in ((3, "b/c.warc.gz"), (1, "a.warc.gz"), (2, "b/a.warc")):
        write(tmp_path / name, record(url(number), page(number)))
    write(tmp_path / "notes.txt", b"words")
    write(tmp_path / "empty.warc.gz", b"")
    write(tmp_path / ".hidden" / "a.warc.gz", record(url(9), page(9)))

    found = sources([str(tmp_path)], tmp_path)

    assert [one.name for one in found] == [
        "a.warc.gz",
        str(tmp_path / "b/a.warc"),
        str(tmp_path / "b/c.warc.gz"),
    ]
    assert found[0].size == (tmp_path / "a.warc.gz").stat().st_size
    assert pickle.loads(pickle.dumps(found)) == found


def test_what_is_named_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.warc.gz", record(url(1), page(1)))

    assert len(sources([str(path), str(tmp_path), str(path)], tmp_path)) == 1


def test_an_archive_in_a_folder_that_cannot_be_read_is_no_end_and_is_told(tmp_path: Path) -> None:
    write(tmp_path / "a.arc.gz", gzip.compress(ARC))
    write(tmp_path / "b.warc.gz", record(url(1), page(1)))

    damage, capture = [one for one in read(tmp_path) if not isinstance(one, Position)]

    assert isinstance(damage, Damage)
    assert (damage.code, damage.kept.file) == ("not_read", str(tmp_path / "a.arc.gz"))
    assert "warcio recompress" in damage.reason
    assert capture.url == url(1)


def test_a_folder_with_nothing_to_read_is_said_so(tmp_path: Path) -> None:
    write(tmp_path / "notes.txt", b"words")
    assert "nothing to read" in refused(tmp_path)

    write(tmp_path / "a.arc", ARC)
    assert "warcio recompress" in refused(tmp_path)


def test_a_file_that_went_away_since_is_said_so(tmp_path: Path) -> None:
    path = write(tmp_path / "a.warc.gz", record(url(1), page(1)))
    (source,) = sources([str(path)], None)
    path.unlink()

    with pytest.raises(ArchiveError, match="No such file"):
        list(read_captures(source, wanted=lambda url: True))


# Compressed as a whole


def test_a_file_compressed_as_a_whole_is_read_and_its_records_are_found(tmp_path: Path) -> None:
    plain = [record(url(number), page(number), gzip=False) for number in range(3)]
    path = write(tmp_path / "a.warc.gz", gzip.compress(b"".join(plain)))

    found = read(path)

    captures = [one for one in found if isinstance(one, Capture)]
    assert [one.url for one in captures] == [url(number) for number in range(3)]
    assert [one.kept.offset for one in captures] == [0, len(plain[0]), len(plain[0] + plain[1])]
    end = found[-1]
    assert isinstance(end, Position)
    assert end.done == path.stat().st_size
    assert read_record(tmp_path, captures[2].kept).url == url(2)
    rest = read(path, captures[1].kept.offset)
    assert [one.url for one in rest if isinstance(one, Capture)] == [url(1), url(2)]


def test_a_zstandard_file_is_read_with_its_dictionary(tmp_path: Path) -> None:
    zstd = pytest.importorskip(
        "backports.zstd" if sys.version_info < (3, 14) else "compression.zstd",
        reason="no library for Zstandard, which Scrapy brings",
    )
    plain = [record(url(number), page(number), gzip=False) for number in range(4)]
    dictionary = zstd.train_dict(plain * 10, 1000)
    content = dictionary.dict_content
    skipped = b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content
    frames = [zstd.compress(one, zstd_dict=dictionary) for one in plain]
    path = write(tmp_path / "a.warc.zst", skipped + b"".join(frames))

    captures = [one for one in read(path) if isinstance(one, Capture)]

    assert [one.url for one in captures] == [url(number) for number in range(4)]
    assert read_record(tmp_path, captures[2].kept).body == page(2)


# WACZ


def wacz(path: Path, method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", method) as made:
        made.writestr("archive/data.warc.gz", record(url(1), page(1)) + record(url(2), page(2)))
        made.writestr("archive/more.warc", record(url(3), page(3), gzip=False))
        made.writestr("indexes/index.cdx.gz", b"an index")
        made.writestr("pages/pages.jsonl", b"{}")
        made.writestr("datapackage.json", b"{}")
    return path


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_wacz_gives_the_records_of_its_archives(tmp_path: Path, method: int) -> None:
    path = wacz(tmp_path / "a.wacz", method)

    found = sources([str(path)], tmp_path)
    captures = [
        one
        for source in found
        for one in read_captures(source, wanted=lambda url: True)
        if isinstance(one, Capture)
    ]

    assert [one.name for one in found] == [
        "a.wacz!archive/data.warc.gz",
        "a.wacz!archive/more.warc",
    ]
    assert [(one.url, one.body) for one in captures] == [(url(n), page(n)) for n in (1, 2, 3)]
    for capture in captures:
        assert read_record(tmp_path, capture.kept) == capture


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_stopped_reading_of_a_wacz_goes_on_where_it_was(tmp_path: Path, method: int) -> None:
    first, _ = sources([str(wacz(tmp_path / "a.wacz", method))], None)
    found = list(read_captures(first, wanted=lambda url: True))
    position = found[1]
    assert isinstance(position, Position)

    rest = list(read_captures(first, wanted=lambda url: True, start=position.offset))

    assert [one.url for one in rest if isinstance(one, Capture)] == [url(2)]
    assert found[-1] == Position(offset=first.size or 0, done=first.size or 0)


def test_a_zip_file_that_is_no_wacz_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("page.html", page(1))

    assert "no WACZ" in refused(path)


def test_a_damaged_wacz_costs_what_is_damaged(tmp_path: Path) -> None:
    path = wacz(tmp_path / "a.wacz")
    data = bytearray(path.read_bytes())
    data[data.index(b"archive/data.warc.gz") + 200] ^= 0xFF
    path.write_bytes(data)

    found = [one for one in read(path) if not isinstance(one, Position)]

    assert [type(one) for one in found] == [Damage, Capture, Capture]


# Standard input


def test_a_pipe_is_read_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    for data in (
        record(url(1), page(1)) + record(url(2), page(2)),
        record(url(1), page(1), gzip=False) + record(url(2), page(2), gzip=False),
    ):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        (source,) = sources(["-"], None)

        found = list(read_captures(source, wanted=lambda url: True))

        assert source.size is None
        captures = [one for one in found if isinstance(one, Capture)]
        assert [(one.url, one.kept.file) for one in captures] == [(url(1), "-"), (url(2), "-")]
        assert found[-1] == Position(offset=len(data), done=len(data))


@pytest.mark.parametrize(
    "data", [b"", b"words", b"%PDF", gzip.compress(ARC, mtime=0), ARC, b"PK\x03\x04"]
)
def test_a_pipe_of_something_else_is_refused(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    (source,) = sources(["-"], None)

    with pytest.raises(ArchiveError, match="standard input: "):
        list(read_captures(source, wanted=lambda url: True))


def test_a_named_pipe_is_a_pipe(tmp_path: Path) -> None:
    import threading

    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(record(url(1), page(1)),))
    writer.start()

    found = read(path)

    writer.join()
    assert [one.url for one in found if isinstance(one, Capture)] == [url(1)]


# One record


def said(tmp_path: Path, kept: Kept, address: str | None = None) -> str:
    with pytest.raises(ArchiveError) as caught:
        read_record(tmp_path, kept, address)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_one_record_that_cannot_be_given_is_an_error_of_one_line(tmp_path: Path) -> None:
    first, second, third = (record(url(number), page(number)) for number in (1, 2, 3))
    write(tmp_path / "a.warc.gz", first + second + third[:-30])
    whole = (tmp_path / "a.warc.gz").stat().st_size

    assert "no such file" in said(tmp_path, Kept(file="gone.warc.gz", offset=0))
    assert "no record" in said(tmp_path, Kept(file="a.warc.gz", offset=len(first) - 9))
    assert "no page's record" in said(tmp_path, Kept(file="a.warc.gz", offset=whole + 5))
    assert "another page" in said(tmp_path, Kept(file="a.warc.gz", offset=0), url(2))
    cut = Kept(file="a.warc.gz", offset=len(first + second))
    assert "middle" in said(tmp_path, cut)
    assert "standard input" in said(tmp_path, Kept(file="-", offset=0))
    assert "no such file" in said(tmp_path, Kept(file="../../etc/passwd", offset=0))


def test_a_record_under_another_of_its_addresses_is_the_same_page(tmp_path: Path) -> None:
    write(tmp_path / "a.warc.gz", record(url(1), page(1)))
    alias = url(1).replace("https://english", "http://www") + "?_fr=x"

    assert read_record(tmp_path, Kept(file="a.warc.gz", offset=0), alias).body == page(1)


def test_naming_the_room_does_not_load_what_reads_archives() -> None:
    """Every command imports the room; only few read."""
    code = "import sys, hanicrawler.archives; sys.exit('fastwarc' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_file_has_one_name_wherever_it_is_named_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "ours").mkdir()
    for folder in (tmp_path, tmp_path / "ours"):
        (folder / "a.warc").write_bytes(record(url(1), page(1), gzip=False))
        (folder / "a.html").write_bytes(page(1))
    (tmp_path / "link").symlink_to(tmp_path / "ours")
    monkeypatch.chdir(tmp_path / "logs")

    def names(*paths: str) -> list[str]:
        return [source.name for source in sources(paths, tmp_path / "ours")]

    assert names("../a.warc", "../a.html") == [str(tmp_path / "a.warc"), str(tmp_path)]
    assert names("../ours/a.warc") == names("../link/a.warc") == ["a.warc"]
