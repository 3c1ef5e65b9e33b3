"""Which lines have the shape of a byline, and which sentences only begin with "By"."""

from __future__ import annotations

import pytest

from hanicrawler.pages.words import is_byline


@pytest.mark.parametrize(
    "line",
    [
        "By Ok Bo-ra, staff reporter",
        "By Ok Bo-ra in Mokpo",
        "By Ok Bo-ra staff reporter",
        "By Ok Bo-ra - staff reporter",
        "By Ok Bo-ra (staff reporter)",
        "By Ok Bo-ra [bora@hani.co.kr]",
        "By staff reporter Ok Bo-ra",
        "By Tokyo correspondent Ok Bo-ra",
        "By Ok Bora (Vera Oka), professor of Korean Studies at a university",
        "By Žofia Novák, novelist",
        "BY OK BO-RA, STAFF REPORTER",
        "Posted by Ok Bo-ra",
        "By Hankyoreh English Service staff",
        "By The Hankyoreh’s politics desk",
        "Ok Bo-ra, staff reporter",
        "Ok Bo-ra and Seo Jin-gyu, senior staff writers",
        "By Ok Bo-ra, staff reporter.",
        "옥보라 사회부장",
    ],
)
def test_a_byline_has_the_shape_of_one(line: str) -> None:
    assert is_byline(line)


@pytest.mark.parametrize(
    "line",
    [
        "By Tuesday, the bakery had dismissed eleven of its staff.",
        "By Tuesday, everybody on the pier knew",
        "By Harbor Day, the office hired three reporters.",
        "By the baker’s clock, the pier is late",
        "By Mokpo’s own account, the pier is safe",
        "By sidelining Ok Bo-ra, the harbor office sends a message",
        "By meeting Ok Bo-ra, the harbor office made news.",
        "Ok Bo-ra, on a walk with a reporter",
        "Ok Bo-ra, the harbor master, and his staff",
    ],
)
def test_a_sentence_or_a_deck_that_begins_with_by_is_no_byline(line: str) -> None:
    assert not is_byline(line)
