"""Archives are measured on pages that are all different, each by the loop that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.archives import commands, reading
from benchmarks.archives.making import make, pages
from hanicrawler.archives import Capture, read_captures, sources
from hanicrawler.site import article_address

if TYPE_CHECKING:
    from pathlib import Path


def test_pages_of_different_numbers_are_different_articles() -> None:
    across = [*pages(4, "english-next", first=498), *pages(2, "english-next", first=502)]

    addresses = [article_address(page.url) for page in across]
    assert len({address.key for address in addresses if address}) == len(across)
    assert len({page.body for page in across}) == len(across)
    for page, address in zip(across, addresses, strict=True):
        assert address is not None
        assert str(address.source_id).encode() in page.body


def test_an_archive_holds_what_it_says(tmp_path: Path) -> None:
    made = make(tmp_path, 3, "english-2018")

    (source,) = sources([str(made.file)], None)
    found = list(read_captures(source, wanted=lambda url: True))
    captures = [each for each in found if isinstance(each, Capture)]

    assert [each.url for each in captures] == [page.url for page in pages(3, "english-2018")]
    assert made.kilobytes == pytest.approx(sum(len(c.body) for c in captures) / 3000)


@pytest.mark.slow
def test_every_loop_reads_every_record(tmp_path: Path) -> None:
    files = {each: make(tmp_path, 3, each) for each in ("english-next", "unseen-a")}

    for measured in reading.timed(files, 1, None).values():
        (times,) = measured.rounds
        assert set(times) == {"hanicrawler", "lxml", "selectolax"}
        assert all(seconds > 0 for seconds in times.values())
        assert measured.faster("lxml") == times["lxml"] / times["hanicrawler"]


@pytest.mark.slow
def test_an_import_is_measured_with_its_biggest_process(tmp_path: Path) -> None:
    archive = commands.spread(tmp_path / "archive", 6, 2)
    assert len(archive) == 2
    database = f"sqlite:///{tmp_path}/x.db"

    cost = commands.run(tmp_path, database, ["import", *map(str, archive)], 1)

    assert cost.memory > 20 << 20
    assert cost.cpu > 0
