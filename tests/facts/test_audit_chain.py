"""Proving that the audit log is whole: every kind of tampering is found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from governance.actions.audit import record, record_refusal
from governance.db.triggers import drop_triggers
from governance.facts.audit_chain import check_chain, check_last
from governance.models import AuditEvent
from governance.rules.audit import GENESIS, digest
from governance.rules.decision import refuse
from governance.rules.roles import Actor
from tests import make

ACTOR = Actor(7, "Ada", frozenset(), "203.0.113.9", "9b2d")
OTHER_RESULT = {"done": "refused", "refused": "done"}  # the database takes no third
COLUMNS = sorted(field.name for field in AuditEvent._meta.concrete_fields if field.name != "id")


@pytest.fixture
def log(fabrikam):
    """Five events, done and refused, with the triggers lifted as somebody with the database in hand
    would.
    """
    for number in range(3):
        record(
            f"Event {number}",
            by=ACTOR,
            at=make.NOON + timedelta(minutes=number),
            target=fabrikam,
            organization=fabrikam,
            before={"n": number},
            after={"n": 9},
        )
    record_refusal("Refused", refuse("code", "no"), by=ACTOR, at=make.NOON, target=fabrikam)
    drop_triggers()
    return list(AuditEvent.objects.order_by("pk"))


def problems(**more) -> list[str]:
    return [
        problem for problem in check_chain(**more).problems if not problem.startswith("trigger")
    ]


def test_a_log_that_nobody_touched_is_unbroken(db, fabrikam):
    report = check_chain()
    assert (report.events, report.is_unbroken, report.head) == (
        1,
        True,
        AuditEvent.objects.get().hash,
    )


def test_an_empty_log_is_unbroken(db):
    assert (check_chain().events, check_chain().problems, check_chain().head) == (0, (), GENESIS)


def test_a_missing_trigger_breaks_it(log):
    assert {problem for problem in check_chain().problems if problem.startswith("trigger")} >= {
        "trigger audit_event_keeps_update is missing or was changed: run manage.py migrate",
        "trigger audit_event_keeps_delete is missing or was changed: run manage.py migrate",
    }


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("place", [0, 2, 4], ids=["first", "middle", "last"])
def test_another_value_in_any_column_is_found(log, column, place):
    event = log[place]
    value = getattr(event, column)
    flipped = (
        value + timedelta(microseconds=1)
        if column == "at"
        else (value or 0) + 1
        if column == "actor_id"
        else OTHER_RESULT[value]
        if column == "result"
        else _flip(value)
    )
    AuditEvent.objects.filter(pk=event.pk).update(**{column: flipped})
    assert any(f"event {event.pk} " in problem for problem in problems())


def _flip(text: str) -> str:
    return chr(ord(text[0]) ^ 1) + text[1:] if text else "x"


def test_every_byte_of_the_hashed_text_counts(log):
    event = log[1]
    for place in range(len(event.canonical)):
        text = (
            event.canonical[:place] + _flip(event.canonical[place]) + event.canonical[place + 1 :]
        )
        assert digest(event.previous_hash, text) != event.hash


def test_a_gap_is_found(log):
    log[2].delete()
    assert problems() == [f"event {log[3].pk} does not follow the event before it"]


def test_two_events_that_changed_places_are_found(log):
    one, other = log[1], log[2]
    AuditEvent.objects.filter(pk=one.pk).update(id=10**9)
    AuditEvent.objects.filter(pk=other.pk).update(id=one.pk)
    AuditEvent.objects.filter(pk=10**9).update(id=other.pk)
    assert f"event {one.pk} does not follow the event before it" in problems()


def test_an_event_put_in_between_is_found(log):
    forged = AuditEvent(**{column: getattr(log[2], column) for column in COLUMNS})
    forged.pk, forged.previous_hash = log[-1].pk + 5, log[2].hash
    forged.hash = digest(forged.previous_hash, forged.canonical)
    forged.save(force_insert=True)
    assert problems() == [f"event {forged.pk} does not follow the event before it"]


def test_a_rewritten_event_is_found_even_with_a_hash_that_fits(log):
    event = log[1]
    text = event.canonical.replace("Ada", "Eve")
    AuditEvent.objects.filter(pk=event.pk).update(
        actor="Eve", canonical=text, hash=digest(event.previous_hash, text)
    )
    assert problems() == [f"event {log[2].pk} does not follow the event before it"]


def test_events_cut_off_at_the_end_are_found_by_an_anchor(log):
    anchor = check_chain().head
    log[4].delete()
    assert problems() == []
    assert problems(anchor=anchor) == [
        "the anchor is not in the log: events at its end were removed or rewritten"
    ]


def test_an_anchor_that_is_still_there_holds(log):
    anchor = log[2].hash
    assert problems(anchor=anchor) == []


def test_the_latest_events_alone_are_checked_without_reading_the_others(
    log, django_assert_num_queries
):
    AuditEvent.objects.filter(pk=log[0].pk).update(actor="Eve")
    with django_assert_num_queries(1):
        report = check_last(2)
    assert (report.events, report.is_unbroken) == (3, True)
    AuditEvent.objects.filter(pk=log[4].pk).update(actor="Eve")
    assert check_last(2).problems == (f"event {log[4].pk} has columns that differ from its text",)


def test_text_that_is_no_json_is_found(log):
    AuditEvent.objects.filter(pk=log[1].pk).update(canonical="{")
    assert any(
        f"event {log[1].pk} has columns that differ from its text" == problem
        for problem in problems()
    )
