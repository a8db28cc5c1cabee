"""Writing the audit log: what an event keeps, and that the chain holds whoever writes at once."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta, timezone

import pytest
from django.db import connection, transaction

from governance.actions.audit import events_last, record, record_refusal
from governance.facts.audit_chain import check_chain
from governance.models import AuditEvent
from governance.rules.audit import GENESIS, digest
from governance.rules.decision import Ref, refuse
from governance.rules.roles import SYSTEM, Actor
from tests import make

ACTOR = Actor(7, "Ada Okafor", frozenset(), "203.0.113.9", "9b2d")


def write(activity="Test", *, by=ACTOR, at=make.NOON, **more) -> AuditEvent:
    record(activity, by=by, at=at, **more)
    return AuditEvent.objects.latest("pk")


def test_an_event_keeps_who_what_when_on_what_before_after_and_from_where(fabrikam):
    event = write(
        "Update connected organization",
        target=fabrikam,
        organization=fabrikam,
        before={"name": "Old"},
        after={"name": "Fabrikam"},
    )
    told = {
        name: getattr(event, name)
        for name in (
            "actor_id",
            "actor",
            "activity",
            "result",
            "reason",
            "target_kind",
            "target",
            "organization",
            "ip",
            "request_id",
        )
    }
    assert told == {
        "actor_id": 7,
        "actor": "Ada Okafor",
        "activity": "Update connected organization",
        "result": "done",
        "reason": "",
        "target_kind": "organization",
        "target": "Fabrikam",
        "organization": "Fabrikam",
        "ip": "203.0.113.9",
        "request_id": "9b2d",
    }
    assert (event.at, event.target_key, event.organization_key) == (
        make.NOON,
        str(fabrikam.uuid),
        str(fabrikam.uuid),
    )
    assert (json.loads(event.before), json.loads(event.after)) == (
        {"name": "Old"},
        {"name": "Fabrikam"},
    )


def test_the_first_event_follows_nothing_and_each_other_the_one_before(db):
    events = [write(f"Event {n}") for n in range(3)]
    assert [event.previous_hash for event in events] == [GENESIS, events[0].hash, events[1].hash]
    assert [event.hash for event in events] == [
        digest(event.previous_hash, event.canonical) for event in events
    ]


def test_labels_outlive_what_they_named(fabrikam):
    event = write(target=fabrikam)
    fabrikam.delete()
    event.refresh_from_db()
    assert event.target == "Fabrikam"


def test_the_time_is_kept_in_utc_whatever_zone_it_was_told_in(db):
    event = write(at=datetime(2026, 11, 23, 14, tzinfo=timezone(timedelta(hours=2))))
    assert (json.loads(event.canonical)["at"], check_chain().problems) == (
        "2026-11-23T12:00:00+00:00",
        (),
    )


@pytest.mark.parametrize(
    "label",
    ["a\0b", "\ud800", "x" * 400, "newline\nand \x1b[31m", "\u202egnp", "'; DROP TABLE x; --"],
    ids=["nul", "surrogate", "long", "control", "bidi", "sql"],
)
def test_whatever_somebody_typed_is_kept_in_an_unbroken_chain(db, label):
    record_refusal(
        "Test",
        refuse("code", f"“{label}” is no name"),
        by=Actor(None, label),
        at=make.NOON,
        target=Ref("page", "", f"/page/{label}"),
    )
    record("Test", by=Actor(None, label), at=make.NOON, before={"name": label}, after=[label])
    report = check_chain()
    assert (report.events, report.problems) == (2, ())


def test_a_refusal_keeps_its_code_and_sentence_and_belongs_to_its_organization(fabrikam):
    record_refusal(
        "Test",
        refuse("name_taken", "Another is called so"),
        by=ACTOR,
        at=make.NOON,
        target=fabrikam,
    )
    event = AuditEvent.objects.latest("pk")
    assert (event.result, event.reason, event.organization) == (
        "refused",
        "name_taken: Another is called so",
        "Fabrikam",
    )


def _write_and_fail() -> None:
    with events_last():
        record("Undone", by=SYSTEM, at=make.NOON)
        raise ZeroDivisionError


def test_events_held_back_are_written_in_order_at_the_end_and_those_of_a_failed_part_never(db):
    with events_last():
        record("First", by=SYSTEM, at=make.NOON)
        with pytest.raises(ZeroDivisionError):
            _write_and_fail()
        with events_last():
            record("Second", by=SYSTEM, at=make.NOON)
        assert not AuditEvent.objects.exists()
    assert list(AuditEvent.objects.order_by("pk").values_list("activity", flat=True)) == [
        "First",
        "Second",
    ]


def _writes(number: int, failures: list) -> None:
    """Events in transactions of their own, of which every third is undone."""
    try:
        for turn in range(number):
            try:
                with transaction.atomic():
                    record(f"Event {turn}", by=SYSTEM, at=make.NOON)
                    if turn % 3 == 2:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                pass
    except Exception as failure:
        failures.append(failure)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_the_chain_is_unbroken_after_many_wrote_at_once_and_some_were_undone():
    if connection.vendor == "sqlite":
        pytest.skip("one database in memory has one writer; tests/faults races processes on a file")
    failures: list[Exception] = []
    threads = [threading.Thread(target=_writes, args=(15, failures)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report = check_chain()
    assert (failures, report.events, report.problems) == ([], 6 * 10, ())
