"""The settings that are numbers: read from text, and refused where they cannot be meant."""

from __future__ import annotations

import pytest
from scrapy.settings import Settings

from hanicrawler import settings as ours
from hanicrawler.extensions.limits import NUMBERS, SWITCHES, SettingError, check, number
from hanicrawler.extensions.thresholds import Thresholds


def settings(**values: object) -> Settings:
    found = Settings()
    found.setmodule("hanicrawler.settings")
    found.update({f"HANICRAWLER_{name}": value for name, value in values.items()}, "cmdline")
    return found


def test_the_settings_that_we_ship_can_be_meant() -> None:
    check(settings())
    assert Thresholds.of(settings()) == Thresholds()


def test_every_number_and_switch_of_the_settings_is_checked() -> None:
    for name, value in vars(ours).items():
        if name.startswith("HANICRAWLER_") and isinstance(value, int | float):
            assert name in (SWITCHES if isinstance(value, bool) else NUMBERS)
    assert set(NUMBERS) <= set(vars(ours))


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", ["many", "-1", "nan", "inf", "1e999", "1_0", "٣", "0x10", True])
def test_what_is_no_number_or_negative_is_refused_by_its_name(name: str, value: object) -> None:
    given = Settings({name: value})

    with pytest.raises(SettingError, match=rf"^{name}: .+ is no ") as caught:
        number(given, name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DRIFT", "1.01"),
        ("FAILED_SHARE", "30"),
        ("MAX_PROBLEMS", "2.5"),
        ("MAX_PROBLEMS", 3.5),
        ("ATTEMPTS", "0"),
        ("ATTEMPTS", ""),
        ("ATTEMPTS", None),
        ("LEASE", "0"),
        ("MAX_REQUESTS", "0"),
        ("MAX_SECONDS", "0"),
        ("SHARED", "maybe"),
    ],
)
def test_what_cannot_be_meant_is_refused(name: str, value: object) -> None:
    with pytest.raises(SettingError, match=f"HANICRAWLER_{name}: "):
        check(settings(**{name: value}))


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DRIFT", "0.5", 0.5),
        ("DRIFT", ".5", 0.5),
        ("DRIFT", 1, 1),
        ("MAX_REQUESTS", " 500 ", 500),
        ("MAX_BYTES", "+10", 10),
        ("MAX_SECONDS", "1e3", 1000),
        ("MAX_SECONDS", "", None),
        ("MAX_PROBLEMS", "", None),
        ("QUIET_HOURS", None, None),
    ],
)
def test_text_is_read_as_the_number_it_is_and_none_is_off(
    name: str, value: object, expected: float | None
) -> None:
    assert number(settings(**{name: value}), f"HANICRAWLER_{name}") == expected


def test_a_message_says_what_it_may_be() -> None:
    with pytest.raises(SettingError) as caught:
        check(settings(DRIFT="3"))
    assert str(caught.value) == "HANICRAWLER_DRIFT: '3' is no number from 0 to 1"
