"""Less usual printed dates: zones in other words, weekdays, an afternoon behind digits."""

from __future__ import annotations

import pytest

from hanicrawler.normalize.dates import DateError, read_date
from hanicrawler.pages.words import STAMP


@pytest.mark.parametrize(
    "text",
    [
        "2024-06-21 16:56 UTC+9",
        "2024-06-21 16:56 GMT+09",
        "2024-06-21 16:56 (KST)",
        "2024-06-21 07:56 GMT",
        "2024-06-21T16:56:00+09:00",
        "2024-06-21T07:56:00.000Z",
        "2024-06-21 4:56 PM",
        "2024-06-21 (Fri) 16:56",
        "2024. 6. 21. 16:56",
        "21 June 2024 16:56 KST",
    ],
)
def test_a_page_gives_the_whole_stamp_and_it_is_one_moment(text: str) -> None:
    stamp = STAMP.search(f"Posted on : {text} and so on")

    assert stamp is not None
    assert stamp[0] == text
    assert read_date(text).isoformat() == "2024-06-21T07:56:00+00:00"


@pytest.mark.parametrize("text", ["2024-06-21 16:56 UTC+19", "2024-06-21 14:56 AM"])
def test_an_impossible_zone_or_half_is_refused(text: str) -> None:
    with pytest.raises(DateError):
        read_date(text)
