"""How long access lasts under a policy, and whether it can be extended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from ..decision import refuse
from ..values import known_choice, known_day, known_flag, known_number
from ..wording import count_of, day_words, grouped

NEVER, DAYS, HOURS, UNTIL = "never", "days", "hours", "until"
ENDS = (NEVER, DAYS, HOURS, UNTIL)
LONGEST_DAYS = 3660
LONGEST_HOURS = 24 * 90
FARTHEST_YEAR = 9000  # databases and time zones end in 9999


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """When access ends: after so many days or hours, on a day, or never.

    `last_day` is the last day of access, in the portal's time zone. `requester_chooses`: the
    requester can ask for dates within that. `can_extend`: access can be extended before it ends,
    with approval by the same stages where `extension_needs_approval`.
    """

    ends: str = DAYS
    days: int | None = 365
    hours: int | None = None
    last_day: date | None = None
    requester_chooses: bool = False
    can_extend: bool = True
    extension_needs_approval: bool = True

    @property
    def words(self) -> str:
        """Return how long access lasts, as a sentence."""
        return {
            NEVER: "Access has no end date.",
            DAYS: f"Access lasts {count_of(self.days, 'day')}.",
            HOURS: f"Access lasts {count_of(self.hours, 'hour')}.",
            UNTIL: f"Access ends after {day_words(self.last_day)}." if self.last_day else "",
        }[self.ends]

    def latest_end(self, start: datetime, zone: tzinfo) -> datetime | None:
        """Return when access that begins at `start` ends at the latest; None for never."""
        if self.ends == DAYS:
            return start + timedelta(days=self.days or 0)
        if self.ends == HOURS:
            return start + timedelta(hours=self.hours or 0)
        return end_of_day(self.last_day, zone) if self.last_day else None


def lifecycle_to_json(lifecycle: Lifecycle) -> dict[str, Any]:
    """Return the lifecycle as a request keeps it from its submission on (product rule 31)."""
    day = lifecycle.last_day
    return asdict(lifecycle) | {"last_day": day.isoformat() if day else None}


def lifecycle_from_json(stored: Mapping[str, Any]) -> Lifecycle:
    """Return the lifecycle that `lifecycle_to_json` stored."""
    day = stored["last_day"]
    return Lifecycle(**{**stored, "last_day": date.fromisoformat(day) if day else None})


def only_used(lifecycle: Lifecycle) -> Lifecycle:
    """Return the lifecycle without the lengths that its way to end does not use."""
    return replace(
        lifecycle,
        days=lifecycle.days if lifecycle.ends == DAYS else None,
        hours=lifecycle.hours if lifecycle.ends == HOURS else None,
        last_day=lifecycle.last_day if lifecycle.ends == UNTIL else None,
    )


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """Return the moment after which the day is over, in that time zone (product rule 21)."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """Return the moment at which the day begins, in that time zone."""
    return datetime.combine(day, time(), tzinfo=zone)


def require_acceptable_lifecycle(lifecycle: Lifecycle, today: date | None = None) -> None:
    """Raise Refused when a value is missing, out of bounds, or a last day is over."""
    if not isinstance(lifecycle, Lifecycle):
        raise refuse("ends_unknown", "Choose when access ends", field="ends")
    known_choice(
        lifecycle.ends, ENDS, code="ends_unknown", text="Choose when access ends", field="ends"
    )
    for flag in ("requester_chooses", "can_extend", "extension_needs_approval"):
        known_flag(getattr(lifecycle, flag), field=flag)
    if lifecycle.ends == DAYS:
        _require_number(lifecycle.days, LONGEST_DAYS, "days")
    if lifecycle.ends == HOURS:
        _require_number(lifecycle.hours, LONGEST_HOURS, "hours")
    if lifecycle.ends == UNTIL:
        _require_last_day(lifecycle.last_day, today)


def _require_number(value: object, most: int, unit: str) -> None:
    known_number(
        value,
        1,
        most,
        code="length_out_of_bounds",
        text=f"Enter a number of {unit} from 1 to {grouped(most)}",
        field=f"lasts_{unit}",
    )


def _require_last_day(day: object, today: date | None) -> None:
    if known_day(day, field="last_day") is None:
        raise refuse("last_day_missing", "Enter the last day of access", field="last_day")
    if isinstance(day, date) and day.year > FARTHEST_YEAR:
        text = f"Enter a day up to the year {FARTHEST_YEAR}"
        raise refuse("last_day_out_of_bounds", text, field="last_day")
    if today and isinstance(day, date) and day < today:
        raise refuse("last_day_over", "Enter a day that is not over", field="last_day")
