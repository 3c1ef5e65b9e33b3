"""The main job on real input: real articles, served in the site's markup, out of the database.

The texts stand beside the checkout and are read at run time only.
"""

from __future__ import annotations

import csv
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.replica import KST, Newspaper, Picture, Replica, Story

if TYPE_CHECKING:
    from tests.commands.conftest import Crawl

REAL = Path(__file__).parents[2].parent / "shared" / "real"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not REAL.exists(), reason="the real texts are not beside this checkout"),
]
CONTACT = "Please direct comments or questions to [english@hani.co.kr]"
NAME = re.compile(r"[A-Z][a-z]+ [A-Z][a-z]+-[a-z]+")


def squeezed(text: str) -> str:
    return " ".join(text.split())


def story(row: dict[str, str], source_id: int) -> Story:
    """Return the row's article, its paragraphs and byline parted as a person parts them."""
    text = row["text"].rstrip()
    byline = contact = None
    if text.endswith(CONTACT):
        contact = CONTACT
        text = text.removesuffix(CONTACT).rstrip()
        match = re.search(r"(?:^|\n)\s*(By [A-Z][^\n]*)$", text)
        assert match, row["headline"]
        byline, text = match[1], text[: match.start()]
    posted = datetime.strptime(row["posted_kst"], "%Y-%m-%d %H:%M").replace(tzinfo=KST)
    return Story(
        source_id=source_id,
        section="e_northkorea",
        section_name=row["section"],
        headline=squeezed(row["headline"]),
        posted=posted,
        paragraphs=tuple(squeezed(part) for part in text.split("\n\n") if part.strip()),
        byline=byline,
        contact=contact,
        template="english-2018",
    )


def truth_of(byline: str | None) -> list[tuple[str, str, str | None]]:
    """Return names, roles and places by the few forms the real bylines have."""
    authors: list[tuple[str, str, str | None]] = []
    for part in re.split(r",\s*(?:,\s*)?(?:and )?|;\s*", (byline or "").removeprefix("By ")):
        if not part:
            continue
        if NAME.fullmatch(part):
            authors.append((part, "", None))
        else:
            place = re.fullmatch(r"([A-Z].*) correspondent", part)
            authors[-1] = (authors[-1][0], part, place[1] if place else None)
    return authors


def real_stories() -> list[Story]:
    with (REAL / "english_2018.csv").open(encoding="utf-8", newline="") as file:
        return [story(row, 860_000 + 7 * n) for n, row in enumerate(csv.DictReader(file))]


def seed_story(template: str, source_id: int) -> Story:
    """Return the article of June 2024: headline, dates, deck, caption twice, body, byline."""
    lines = [line.strip() for line in (REAL / "seed_article.txt").read_text("utf-8").split("\n")]
    lines = [line for line in lines if line]
    byline = next(n for n, line in enumerate(lines) if line.startswith("By Lee"))
    posted = datetime(2024, 6, 21, 16, 56, tzinfo=KST)
    assert lines[3] == lines[4]
    return Story(
        source_id=source_id,
        section="e_international",
        section_name="International",
        headline=lines[0],
        posted=posted,
        modified=posted,
        deck=lines[2],
        paragraphs=tuple(lines[5:byline]),
        pictures=(
            Picture(
                url="https://img.hani.co.kr/imgdb/original/2024/0621/20240621500001.jpg",
                caption=lines[3],
                credit="KCNA/Yonhap",
            ),
        ),
        byline=lines[byline],
        contact=lines[byline + 1],
        original=("politics/diplomacy", 1_145_900),
        template=template,
    )


def test_every_real_article_comes_out_of_the_database_exactly(crawl: Crawl) -> None:
    stories = real_stories()
    assert len(stories) == 48
    paper = Newspaper(stories)
    with Replica(paper, lists="numbered") as site:
        done = crawl("-a", "since=2018-10-01", "-a", "until=2018-11-30", HANICRAWLER_SITE=site.url)

    assert (done.stderr, done.status) == ("", 0)
    assert done.ids == {story.source_id for story in stories}
    for told in stories:
        key = f"source_id = {told.source_id}"
        row = done.rows(
            "SELECT headline, published_at, body, byline, contact, section_name, template,"
            f" deck FROM articles WHERE {key}"
        )[0]
        assert row[0] == told.headline
        assert datetime.fromisoformat(f"{row[1]}+00:00") == told.posted
        assert tuple(row[2].split("\n\n")) == told.paragraphs
        assert row[3:] == (told.byline, told.contact, "North Korea", "english-2018", None)
        authors = done.rows(
            "SELECT name, role, place FROM bylines JOIN authors ON authors.id = author_id"
            f" WHERE article_id = (SELECT id FROM articles WHERE {key}) ORDER BY position"
        )
        assert authors == truth_of(told.byline)
    # The menu names sections that this paper has no story of.
    assert done.problems <= {("discover", "no_stories")}


@pytest.mark.parametrize("template", ["english-2018", "english-next", "unseen-a", "unseen-c"])
def test_the_article_of_2024_comes_out_of_any_template_exactly(crawl: Crawl, template: str) -> None:
    told = seed_story(template, 1_146_041)
    neighbours = Newspaper.standard().stories()[:5]
    with Replica(Newspaper([told, *neighbours])) as site:
        done = crawl("-a", f"urls={told.url}", HANICRAWLER_SITE=site.url)

    assert (done.status, done.stderr) == (0, "")
    assert done.ids == {told.source_id}
    row = done.rows(
        "SELECT headline, deck, body, byline, contact, published_at, modified_at,"
        " original_source_id FROM articles"
    )[0]
    utc = datetime(2024, 6, 21, 7, 56)  # noqa: DTZ001
    assert row[:2] == (told.headline, told.deck)
    assert tuple(row[2].split("\n\n")) == tuple(map(squeezed, told.paragraphs))
    assert row[3:5] == (told.byline, told.contact)
    assert [datetime.fromisoformat(moment) for moment in row[5:7]] == [utc, utc]
    assert row[7] == 1_145_900
    assert done.rows("SELECT caption, credit FROM images") == [
        (told.pictures[0].caption, "KCNA/Yonhap")
    ]
    assert done.rows(
        "SELECT name, role, place FROM bylines JOIN authors ON authors.id = author_id"
        " ORDER BY position"
    ) == [("Lee Seung-jun", "staff reporter", None), ("Jang Na-rye", "staff reporter", None)]
