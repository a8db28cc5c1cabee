"""Proving that the audit log is whole: every link, every column, every trigger. Constant memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from ..db.triggers import missing_triggers, unexpected_triggers
from ..models import AuditEvent
from ..rules.audit import GENESIS, digest

_COLUMNS = (
    "actor_id",
    "actor",
    "activity",
    "result",
    "reason",
    "target_kind",
    "target_key",
    "target",
    "organization_key",
    "organization",
    "before",
    "after",
    "ip",
    "request_id",
)


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What was found in `events` events; `is_whole`: these are all events that there are.

    `head` is the hash of the last event, to be kept elsewhere as an anchor against truncation.
    """

    events: int
    head: str
    problems: tuple[str, ...] = ()
    is_whole: bool = True

    @property
    def is_unbroken(self) -> bool:
        return not self.problems


def check_chain(anchor: str = "") -> ChainReport:
    """Walk the whole chain. `anchor` is a hash that must still be in it."""
    events, head, problems, anchored = (
        0,
        GENESIS,
        trigger_problems(),
        not anchor,
    )
    for event in AuditEvent.objects.order_by("pk").iterator(chunk_size=1000):
        problems.extend(_problems(event, head))
        events, head = events + 1, event.hash
        anchored = anchored or event.hash == anchor
    if not anchored:
        problems.append("the anchor is not in the log: events at its end were removed or rewritten")
    return ChainReport(events, head, tuple(problems))


def trigger_problems() -> list[str]:
    """Return what is wrong with the triggers that protect the log."""
    return [
        *(
            f"trigger {name} is missing or was changed: run manage.py migrate"
            for name in sorted(missing_triggers())
        ),
        *(f"trigger {name} does not belong here" for name in sorted(unexpected_triggers())),
    ]


def check_last(count: int = 200) -> ChainReport:
    """The same for the latest events alone, cheap enough for a page."""
    latest = list(AuditEvent.objects.order_by("-pk")[: count + 1])[::-1]
    head = latest[0].previous_hash if latest else GENESIS
    problems: list[str] = []
    for event in latest:
        problems.extend(_problems(event, head))
        head = event.hash
    return ChainReport(len(latest), head, tuple(problems), is_whole=len(latest) <= count)


def _problems(event: AuditEvent, head: str) -> Iterator[str]:
    if event.previous_hash != head:
        yield f"event {event.pk} does not follow the event before it"
    if digest(event.previous_hash, event.canonical) != event.hash:
        yield f"event {event.pk} does not have the hash of its text"
    try:
        stored = json.loads(event.canonical)
    except ValueError:
        stored = {}
    if stored.get("at") != event.at.isoformat() or any(
        stored.get(name) != getattr(event, name) for name in _COLUMNS
    ):
        yield f"event {event.pk} has columns that differ from its text"
