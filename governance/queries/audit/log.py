"""The audit log as a page: filters, keyset pages, one event with what it changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.db import connection
from django.db.models import QuerySet

from ...db.keyset import Sort, a_number
from ...db.keyset_pages import Page, page_of
from ...models import AuditEvent
from ...rules.audit_words import field_words, value_words

NEWEST = Sort("number", "pk", a_number, descending=True)
EXPORTED_AT_ONCE = 1000
_ACTIVITIES = """
WITH RECURSIVE found(name) AS (
    SELECT MIN(activity) FROM governance_auditevent
    UNION ALL
    SELECT (SELECT MIN(activity) FROM governance_auditevent WHERE activity > name)
    FROM found WHERE name IS NOT NULL
) SELECT name FROM found WHERE name IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """`since` and `until` are days in the time zone `zone`;
    texts match any part of their column.
    """

    since: date | None = None
    until: date | None = None
    actor: str = ""
    activity: str = ""
    target: str = ""
    organization: str = ""
    result: str = ""
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True)
class Line:
    """A field of an event before and after."""

    name: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def audit_page(filters: AuditFilters, cursor: str) -> Page:
    """Return a page of the events that match, the latest recorded first. One statement."""
    return page_of(_matching(filters), NEWEST, cursor)


def every_event(filters: AuditFilters) -> Iterator[AuditEvent]:
    """All matching events, the latest first, a thousand at a time."""
    last, more = None, True
    while more:
        rows = _matching(filters).filter(pk__lt=last) if last else _matching(filters)
        batch = list(rows.order_by("-pk")[:EXPORTED_AT_ONCE])
        yield from batch
        more = len(batch) == EXPORTED_AT_ONCE
        last = batch[-1].pk if batch else None


def activities() -> list[str]:
    """Every activity that happened, for the filter: one step through the index for each, however
    many events there are.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ACTIVITIES)
        return [name for (name,) in cursor.fetchall()]


def changed_lines(event: AuditEvent) -> list[Line]:
    """Return before and after in words, field by field."""
    before, after = _plain(event.before), _plain(event.after)
    names = [*before, *(name for name in after if name not in before)]
    return [
        Line(
            field_words(name),
            value_words(name, before.get(name)),
            value_words(name, after.get(name)),
        )
        for name in names
    ]


def _matching(filters: AuditFilters) -> QuerySet:
    events = AuditEvent.objects.all()
    exact = {"activity": filters.activity, "result": filters.result}
    parts = {"actor": filters.actor, "target": filters.target, "organization": filters.organization}
    events = events.filter(**{name: value for name, value in exact.items() if value})
    events = events.filter(
        **{f"{name}__icontains": value for name, value in parts.items() if value}
    )
    if filters.since and filters.since > date.min:  # in UTC it may begin on the day before
        events = events.filter(at__gte=_midnight(filters.since, filters.zone))
    if filters.until and filters.until < date.max:  # after which no day comes
        events = events.filter(at__lt=_midnight(filters.until + timedelta(days=1), filters.zone))
    return events


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)


def _plain(text: str) -> dict:
    value = json.loads(text) if text else {}
    return value if isinstance(value, dict) else {"value": value}
