"""The database itself refuses to change or remove an audit event."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from governance.actions.audit import record
from governance.models import AuditEvent
from governance.models.triggers import drop_triggers, install_triggers, missing_triggers
from governance.rules.roles import SYSTEM
from tests import make

TABLE = "governance_auditevent"
ON_POSTGRESQL = "only PostgreSQL has this"


@pytest.fixture
def event(db):
    record("Test", by=SYSTEM, at=make.NOON)
    return AuditEvent.objects.get()


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {TABLE} SET actor = 'x'",
        f"UPDATE {TABLE} SET actor = 'x' WHERE id < 0 OR actor = 'System'",
        f"DELETE FROM {TABLE}",
        f"TRUNCATE {TABLE}",
    ],
)
def test_no_statement_changes_or_removes_an_event(event, statement):
    if statement.startswith("TRUNCATE") and connection.vendor != "postgresql":
        pytest.skip(ON_POSTGRESQL)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(statement)
    assert AuditEvent.objects.get().actor == "System"


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: AuditEvent.objects.update(reason="x"),
        lambda event: AuditEvent.objects.all().delete(),
    ],
    ids=["save", "delete", "update", "delete all"],
)
def test_nor_does_the_orm(event, change):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(event)


def test_installing_them_again_changes_nothing(event):
    install_triggers()
    assert missing_triggers() == set()


def test_lifted_ones_are_missed(event):
    drop_triggers()
    assert len(missing_triggers()) == {"sqlite": 2, "postgresql": 3}[connection.vendor]


def test_one_that_is_switched_off_or_refuses_nothing_is_missed(event):
    if connection.vendor == "postgresql":
        run(f"ALTER TABLE {TABLE} DISABLE TRIGGER audit_event_keeps_update")
        assert missing_triggers() == {"audit_event_keeps_update"}
        run(
            "CREATE OR REPLACE FUNCTION audit_events_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
        )
        assert len(missing_triggers()) == 3
    else:
        drop_triggers()
        run(f"CREATE TRIGGER audit_event_keeps_update BEFORE UPDATE ON {TABLE} BEGIN SELECT 1; END")
        assert missing_triggers() == {"audit_event_keeps_update", "audit_event_keeps_delete"}
