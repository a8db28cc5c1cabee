"""Checks of single values that an action is given, whoever calls it.

Each returns the value or raises Refused with a code and the field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from .decision import refuse
from .email_domains import canonical_domain


def known_choice(
    value: object, choices: tuple[str, ...], *, code: str, text: str, field: str
) -> str:
    """Return the value if it is one of the choices."""
    if not isinstance(value, str) or value not in choices:
        raise refuse(code, text, field=field)
    return value


def known_text(value: object, *, field: str) -> str:
    """Return the value if it is text. What the text may say is another rule's matter."""
    if not isinstance(value, str):
        raise refuse("not_text", "Enter text", field=field)
    return value


def known_flag(value: object, *, field: str) -> bool:
    """Return the value if it is True or False, and nothing that only reads like one."""
    if not isinstance(value, bool):
        raise refuse("not_yes_or_no", "Choose yes or no", field=field)
    return value


def known_number(value: object, low: int, high: int, *, code: str, text: str, field: str) -> int:
    """Return the value if it is a whole number from `low` to `high`."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise refuse(code, text, field=field)
    return value


def known_day(value: object, *, field: str) -> date | None:
    """Return the value if it is a day of the calendar without a time of day, or None for no day."""
    if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
        raise refuse("not_a_day", "Enter a real date, such as 31 Dec 2026", field=field)
    return value


def known_moment(value: object, *, field: str) -> datetime | None:
    """Return the value if it is a moment that says its time zone, or None for no moment."""
    if value is not None and (not isinstance(value, datetime) or value.tzinfo is None):
        raise refuse("not_a_moment", "Enter a real date, such as 31 Dec 2026", field=field)
    return value


def known_id(value: object, *, field: str) -> UUID:
    """Return the value if it is a public ID."""
    if not isinstance(value, UUID):
        raise refuse("not_an_id", "This is not an ID. Choose again", field=field)
    return value


def known_ids(values: object, *, field: str) -> tuple[UUID, ...]:
    """Return the values as a tuple if each of them is a public ID."""
    return tuple(known_id(value, field=field) for value in known_list(values, field=field))


def known_list(values: object, *, field: str) -> tuple[Any, ...]:
    """Return the values as a tuple if there are several, or none, and not one text."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise refuse("not_a_list", "Enter a list", field=field)
    return tuple(values)


def canonical_name(
    value: object, *, field: str, canonical: Callable[[str], str] = canonical_domain
) -> str:
    """Return the value if it is a domain in the form in which domains are stored, as `canonical`
    makes it.
    """
    name = known_text(value, field=field)
    if canonical(name) != name:
        raise refuse(
            "domain_not_canonical",
            f"Enter this domain as {canonical(name)}",
            field=field,
        )
    return name
