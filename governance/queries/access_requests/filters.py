"""What the lists of requests and of assignments can be narrowed to."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.db.models import Q

from ...models import Organization
from ...rules import email_domains
from ...rules.names import name_key

MOST_NAMES = 100  # organizations whose names begin with what was typed
_LAST = "\U0010ffff"


def by_address(text: str, email: str, mailbox: str, *names: str) -> Q:
    """Return the condition for what was typed: a whole address is its mailbox; other text is part
    of the address or of one of the `names`, which are columns of folded names.
    """
    whole = email_domains.address_or_domain(text)
    if whole and not isinstance(whole, str):
        return Q(**{mailbox: whole.mailbox})
    folded = name_key(text)
    found = Q(**{f"{email}__contains": text.strip().lower()})
    for column in names:
        found |= Q(**{f"{column}__contains": folded})
    return found


def organizations_named(text: str) -> list[int]:
    """Return the ids of the organizations with that name; of those whose names begin with it where
    there is none. One statement.
    """
    key = name_key(text)
    found = Organization.objects.filter(name_key__gte=key, name_key__lt=key + _LAST)
    rows = list(found.order_by("name_key", "id").values_list("id", "name_key")[:MOST_NAMES])
    exact = [pk for pk, name in rows if name == key]
    return exact or [pk for pk, _name in rows]


def packages_to_choose(rows: list) -> tuple[tuple[str, str], ...]:
    """Return pairs of a package's public id and its name, by name, out of a JSON list."""
    return tuple((key, name) for name, key in sorted((name, key) for key, name in rows))


def within(column: str, since: date | None, until: date | None, zone: tzinfo = UTC) -> Q:
    """Return the condition that a moment is between the beginning of one day and the end of the
    other, in that time zone.
    """
    found = Q()
    if since and since > date.min:  # in UTC it may begin on the day before
        found &= Q(**{f"{column}__gte": _midnight(since, zone)})
    if until and until < date.max:  # after which no day comes
        found &= Q(**{f"{column}__lt": _midnight(until + timedelta(days=1), zone)})
    return found


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)
