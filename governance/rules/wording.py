"""Numbers, days and lists in words,
written in one way on every page, in mail and in the audit log.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def grouped(number: object) -> str:
    """Return a number with thousands separators, such as "2,005".

    A count that stopped at a limit has its own text ("10,000+"), which is kept.
    """
    return f"{number:,}" if isinstance(number, int) else str(number)


def plural(number: object, one: str, many: str = "") -> str:
    """Return `one` for exactly one, otherwise `many` (by default `one` with an s)."""
    return one if grouped(number) == "1" else many or f"{one}s"


def count_of(number: object, one: str, many: str = "") -> str:
    """Return a number with its noun, such as "1 event" or "2,005 people"."""
    return f"{grouped(number)} {plural(number, one, many)}"


def day_words(day: date) -> str:
    """Return a day as people write it, such as "5 Nov 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def duration_words(length: timedelta) -> str:
    """Return about how long it is, in one unit, such as "40 minutes", "5 hours" or "3 days"."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 60:
        return count_of(max(minutes, 1), "minute")
    return count_of(round(minutes / 60), "hour") if minutes < 48 * 60 else _days(minutes)


def _days(minutes: int) -> str:
    return count_of(round(minutes / 60 / 24), "day")


def joined(parts: Sequence[str], *, shown: int = 0, last: str = "and") -> str:
    """Return "A, B and C"; with a limit of `shown`, "A, B, C and 2 more".

    `last` joins the last two parts.
    """
    parts = list(parts)
    if shown and len(parts) > shown:
        return f"{', '.join(parts[:shown])} and {grouped(len(parts) - shown)} more"
    *others, final = parts or [""]
    return f"{', '.join(others)} {last} {final}" if others else final


def as_sentence(text: str) -> str:
    """Return the text with a full stop at its end."""
    return text if text[-1:] == "." else text + "."


def capital(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]
