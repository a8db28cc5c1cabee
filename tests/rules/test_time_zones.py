"""Time zones by name, and moments in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from governance.rules.time_zones import moment_words, zone_named, zone_words, zones_to_choose

BERLIN = ZoneInfo("Europe/Berlin")
WINTER, SUMMER = datetime(2026, 11, 18, 13, 3, 22, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "moment", "words"),
    [
        (BERLIN, WINTER, "Europe/Berlin (UTC+01:00)"),
        (BERLIN, SUMMER, "Europe/Berlin (UTC+02:00)"),
        (ZoneInfo("Asia/Kathmandu"), WINTER, "Asia/Kathmandu (UTC+05:45)"),
        (ZoneInfo("America/New_York"), WINTER, "America/New_York (UTC-05:00)"),
        (ZoneInfo("UTC"), WINTER, "UTC"),
        (UTC, WINTER, "UTC"),
        (timezone(timedelta(hours=1)), WINTER, "UTC+01:00"),
    ],
)
def test_a_zone_is_named_with_its_offset_at_the_moment(zone, moment, words):
    assert zone_words(zone, moment) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (True, "18 Nov 2026, 14:03:22 Europe/Berlin (UTC+01:00)"),
        (False, "18 Nov 2026, 14:03 Europe/Berlin (UTC+01:00)"),
    ],
)
def test_a_moment_is_said_with_its_zone(seconds, words):
    assert moment_words(WINTER.astimezone(BERLIN), seconds=seconds) == words


@pytest.mark.parametrize(
    "name", ["", "Nowhere/Land", "../../etc/passwd", "/etc/passwd", "europe/berlin", "x" * 9000]
)
def test_a_name_that_is_not_in_the_database_is_no_zone(name):
    assert zone_named(name) is None


def test_a_zone_is_found_by_its_name():
    assert zone_named("Europe/Berlin") == BERLIN


def test_utc_comes_first_and_only_places_can_be_chosen():
    choices = zones_to_choose()
    others = [name for name in choices[1:] if "/" not in name or name.startswith("Etc/")]
    assert (choices[0], others, "Europe/Berlin" in choices) == ("UTC", [], True)
