"""How long access lasts, and for how long somebody can ask."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from governance.rules.access_packages.lifecycle import (
    DAYS,
    HOURS,
    NEVER,
    UNTIL,
    Lifecycle,
    end_of_day,
    lifecycle_from_json,
    lifecycle_to_json,
    require_acceptable_lifecycle,
)
from governance.rules.access_requests.periods import period, require_acceptable_period
from governance.rules.decision import Refused

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TODAY = NOON.date()
BERLIN = ZoneInfo("Europe/Berlin")
THIRTY = Lifecycle(DAYS, 30, requester_chooses=True)


def refusal(call, *args, **given) -> tuple[str, str, str]:
    with pytest.raises(Refused) as refused:
        call(*args, **given)
    reason = refused.value.reasons[0]
    return reason.code, reason.field, reason.text


@pytest.mark.parametrize(
    ("lifecycle", "words", "end"),
    [
        (Lifecycle(NEVER), "Access has no end date.", None),
        (Lifecycle(DAYS, 1), "Access lasts 1 day.", NOON + DAY),
        (Lifecycle(HOURS, hours=8), "Access lasts 8 hours.", NOON + timedelta(hours=8)),
        (
            Lifecycle(UNTIL, last_day=date(2026, 12, 31)),
            "Access ends after 31 Dec 2026.",
            datetime(2027, 1, 1, tzinfo=UTC),
        ),
        (Lifecycle(UNTIL), "", None),
    ],
)
def test_access_ends_as_the_policy_says(lifecycle, words, end):
    assert (lifecycle.words, lifecycle.latest_end(NOON, UTC)) == (words, end)


def test_access_lasts_a_year_and_can_be_extended_unless_said_otherwise():
    assert Lifecycle() == Lifecycle("days", 365, None, None, False, True, True)


def test_a_day_ends_at_midnight_of_the_portals_time_zone():
    midnight = datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert end_of_day(TODAY, BERLIN) == midnight


@pytest.mark.parametrize("day", [None, TODAY])
def test_a_lifecycle_is_stored_and_read_without_loss(day):
    lifecycle = Lifecycle(UNTIL, 1, 2, day, True, False, False)
    assert lifecycle_from_json(lifecycle_to_json(lifecycle)) == lifecycle


@pytest.mark.parametrize(
    "lifecycle",
    [
        Lifecycle(NEVER),
        Lifecycle(DAYS, 1),
        Lifecycle(DAYS, 3660),
        Lifecycle(HOURS, hours=1),
        Lifecycle(HOURS, hours=2160),
        Lifecycle(UNTIL, last_day=TODAY),
    ],
)
def test_an_acceptable_lifecycle_is_accepted(lifecycle):
    assert require_acceptable_lifecycle(lifecycle, TODAY) is None


@pytest.mark.parametrize(
    ("lifecycle", "expected"),
    [
        (Lifecycle("soon"), ("ends_unknown", "ends", "Choose when access ends")),
        (
            Lifecycle(DAYS, 0),
            ("length_out_of_bounds", "lasts_days", "Enter a number of days from 1 to 3,660"),
        ),
        (
            Lifecycle(DAYS, 3661),
            ("length_out_of_bounds", "lasts_days", "Enter a number of days from 1 to 3,660"),
        ),
        (
            Lifecycle(HOURS, hours=0),
            ("length_out_of_bounds", "lasts_hours", "Enter a number of hours from 1 to 2,160"),
        ),
        (
            Lifecycle(HOURS, hours=2161),
            ("length_out_of_bounds", "lasts_hours", "Enter a number of hours from 1 to 2,160"),
        ),
        (Lifecycle(UNTIL), ("last_day_missing", "last_day", "Enter the last day of access")),
        (
            Lifecycle(UNTIL, last_day=TODAY - DAY),
            ("last_day_over", "last_day", "Enter a day that is not over"),
        ),
        (
            Lifecycle(UNTIL, last_day=NOON),
            ("not_a_day", "last_day", "Enter a real date, such as 31 Dec 2026"),
        ),
    ],
)
def test_a_lifecycle_that_cannot_be_is_refused(lifecycle, expected):
    assert refusal(require_acceptable_lifecycle, lifecycle, TODAY) == expected


def test_a_last_day_can_be_over_where_nobody_says_what_day_it_is():
    assert require_acceptable_lifecycle(Lifecycle(UNTIL, last_day=TODAY - DAY)) is None


@pytest.mark.parametrize("flag", ["requester_chooses", "can_extend", "extension_needs_approval"])
def test_what_is_yes_or_no_is_nothing_else(flag):
    found = refusal(require_acceptable_lifecycle, replace(Lifecycle(), **{flag: 1}))
    assert found == ("not_yes_or_no", flag, "Choose yes or no")


# What somebody asks for


def asked(starts_at=None, ends_at=None, lifecycle=THIRTY):
    return require_acceptable_period(lifecycle, starts_at, ends_at, at=NOON, zone=UTC)


def test_no_dates_are_acceptable_under_every_policy():
    assert asked(lifecycle=Lifecycle()) is None


@pytest.mark.parametrize("dates", [(NOON, None), (None, NOON + DAY)])
def test_dates_are_refused_where_the_policy_decides(dates):
    assert refusal(asked, *dates, lifecycle=Lifecycle()) == (
        "dates_not_chosen",
        "ends_on",
        "This policy decides when access ends",
    )


@pytest.mark.parametrize("start", [NOON - DAY, NOON, NOON + 364 * DAY])
def test_access_can_begin_today_or_within_a_year(start):
    assert asked(start) is None


@pytest.mark.parametrize("start", [NOON - DAY - timedelta(seconds=1), NOON + 365 * DAY])
def test_access_begins_neither_in_the_past_nor_in_more_than_a_year(start):
    assert refusal(asked, start) == (
        "start_out_of_bounds",
        "starts_on",
        "Enter a first day that is not over and less than a year away",
    )


@pytest.mark.parametrize("end", [NOON, NOON - DAY])
def test_access_does_not_end_before_it_begins(end):
    assert refusal(asked, None, end) == (
        "end_before_start",
        "ends_on",
        "Enter a last day that is on or after the first day",
    )


def test_access_does_not_end_before_the_day_on_which_it_begins():
    assert refusal(asked, NOON + 5 * DAY, NOON + 4 * DAY)[0] == "end_before_start"


def test_nobody_asks_for_longer_than_access_lasts():
    assert asked(None, NOON + 31 * DAY) is None
    assert refusal(asked, None, NOON + 31 * DAY + timedelta(seconds=1)) == (
        "longer_than_allowed",
        "ends_on",
        "Enter an earlier last day. Access lasts 30 days.",
    )


def test_any_end_can_be_asked_for_where_access_has_no_end():
    assert asked(None, NOON + 9_999 * DAY, Lifecycle(NEVER, requester_chooses=True)) is None


# What becomes of it


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "expected"),
    [
        (None, None, (NOON, NOON + 30 * DAY)),
        (NOON + DAY, None, (NOON + DAY, NOON + 31 * DAY)),
        (NOON - DAY, None, (NOON, NOON + 30 * DAY)),
        (None, NOON + 5 * DAY, (NOON, NOON + 5 * DAY)),
        (None, NOON + 31 * DAY, (NOON, NOON + 30 * DAY)),
    ],
)
def test_access_lasts_as_long_as_was_asked_and_no_longer_than_allowed(starts_at, ends_at, expected):
    assert period(THIRTY, starts_at, ends_at, at=NOON, zone=UTC) == expected


def test_access_without_an_end_has_none():
    assert period(Lifecycle(NEVER), None, None, at=NOON, zone=UTC) == (NOON, None)
