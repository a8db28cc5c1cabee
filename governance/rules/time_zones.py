"""Time zones by name, and moments in words that name their zone."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from .decision import refuse
from .values import known_text
from .wording import day_words

_NOT_PLACES = ("Etc/", "SystemV/", "US/", "posix/", "right/")


@cache
def zone_names() -> frozenset[str]:
    """Return every name in the time zone database."""
    return frozenset(available_timezones())


@cache
def zones_to_choose() -> tuple[str, ...]:
    """Return UTC and the zones that are named after a place, in alphabetical order."""
    places = (zone for zone in zone_names() if "/" in zone and not zone.startswith(_NOT_PLACES))
    return ("UTC", *sorted(places))


def zone_named(name: str) -> ZoneInfo | None:
    """Return the zone; None where the database has no such name, whatever was sent."""
    return ZoneInfo(name) if name in zone_names() else None


def known_time_zone(name: object) -> str:
    """Return the name if it is a time zone's, or "" for the browser's own."""
    wanted = known_text(name, field="time_zone")
    if wanted and zone_named(wanted) is None:
        raise refuse("time_zone_unknown", "Choose a time zone from the list", field="time_zone")
    return wanted


def zone_words(zone: tzinfo, moment: datetime) -> str:
    """Return the zone's name with its offset at that moment: "Europe/Berlin (UTC+01:00)"."""
    offset = f"UTC{moment.astimezone(zone).isoformat(timespec='minutes')[16:]}"
    name = getattr(zone, "key", offset)
    return "UTC" if name == "UTC" or offset == name == "UTC+00:00" else _with(name, offset)


def moment_words(moment: datetime, *, seconds: bool = False) -> str:
    """Return day, time and zone: "18 Nov 2026, 14:03 Europe/Berlin (UTC+01:00)"."""
    clock = f"{moment:%H:%M:%S}" if seconds else f"{moment:%H:%M}"
    return f"{day_words(moment)}, {clock} {zone_words(moment.tzinfo or UTC, moment)}"


def _with(name: str, offset: str) -> str:
    return name if name == offset else f"{name} ({offset})"
