"""Bylines that part names and titles in unusual ways."""

from __future__ import annotations

import pytest

from hanicrawler.normalize.bylines import BylineError, read_byline

Read = list[tuple[str, str | None, str | None]]


def authors(line: str) -> Read:
    return [(author.name, author.role, author.place) for author in read_byline(line)]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (
            "By Ok Bo-ra and Seo Jin-gyu staff reporters",
            [("Ok Bo-ra", "staff reporter", None), ("Seo Jin-gyu", "staff reporter", None)],
        ),
        ("By Ok Bo-ra - staff reporter", [("Ok Bo-ra", "staff reporter", None)]),
        ("By Ok Bo-ra / staff reporter", [("Ok Bo-ra", "staff reporter", None)]),
        ("By Ok Bo-ra (staff reporter)", [("Ok Bo-ra", "staff reporter", None)]),
        (
            "By Ok Bo-ra, staff reporter; By Seo Jin-gyu, Tokyo correspondent",
            [("Ok Bo-ra", "staff reporter", None), ("Seo Jin-gyu", "Tokyo correspondent", "Tokyo")],
        ),
        ("Posted by Ok Bo-ra, staff reporter", [("Ok Bo-ra", "staff reporter", None)]),
        (
            "By Hankyoreh English Service staff",
            [("Hankyoreh English Service staff", None, None)],
        ),
        ("By The Hankyoreh’s politics desk", [("The Hankyoreh’s politics desk", None, None)]),
    ],
)
def test_a_missing_comma_or_another_mark_parts_name_and_title_too(line: str, read: Read) -> None:
    assert authors(line) == read


@pytest.mark.parametrize(
    "line",
    [
        "By Ok Bo-ra, staff reporter with reporting by Seo Jin-gyu",
        "By Ok Bo-ra, staff reporter, with additional reporting by Seo Jin-gyu",
        "By Ok Bo-ra, staff reporter; additional reporting by Seo Jin-gyu",
    ],
)
def test_who_helped_to_report_is_an_author_and_no_part_of_a_title(line: str) -> None:
    assert authors(line) == [("Ok Bo-ra", "staff reporter", None), ("Seo Jin-gyu", None, None)]


def test_as_many_titles_as_people_are_one_each() -> None:
    line = "By Ok Bo-ra and Seo Jin-gyu, Washington correspondent and staff reporter"

    assert authors(line) == [
        ("Ok Bo-ra", "Washington correspondent", "Washington"),
        ("Seo Jin-gyu", "staff reporter", None),
    ]


def test_a_guests_magazine_is_where_the_guest_works_and_no_author() -> None:
    (guest,) = read_byline("By Ok Bo-ra, professor, and editor-in-chief, Harbor Quarterly")

    assert guest.role == "professor, and editor-in-chief, Harbor Quarterly"


def test_two_guests_with_a_title_each_are_two_authors() -> None:
    line = "By Ok Bo-ra, professor, Inha University, John Mason, director"

    assert [name for name, _, _ in authors(line)] == ["Ok Bo-ra", "John Mason"]


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("By Ok Bo-ra, Chief of the Editorial Board", "Chief of the Editorial Board"),
        ("By Ok Bo-ra, author of “The Last Loaf”", "author of “The Last Loaf”"),
        ("By Ok Bo-ra, economic commentator", "economic commentator"),
    ],
)
def test_more_titles_of_guests(line: str, role: str) -> None:
    assert authors(line) == [("Ok Bo-ra", role, None)]


def test_a_clause_behind_a_name_is_no_title() -> None:
    with pytest.raises(BylineError):
        read_byline("Ok Bo-ra, on a walk with a reporter")


def test_a_name_glued_to_the_next_word_is_refused() -> None:
    with pytest.raises(BylineError):
        read_byline("By Ok Bo-raGwangju correspondent")


@pytest.mark.parametrize("name", ["Gavan McCormack", "Ian MacDonald", "Brad DeLong"])
def test_a_capital_inside_a_foreign_name_is_no_slip(name: str) -> None:
    assert authors(f"By {name}") == [(name, None, None)]
