"""The database itself refuses to change or remove an audit event."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from governance.actions.audit import record
from governance.db.triggers import (
    drop_triggers,
    install_triggers,
    missing_triggers,
    unexpected_triggers,
)
from governance.models import AuditEvent
from governance.rules.roles import SYSTEM
from tests import make

TABLE = "governance_auditevent"
ON_POSTGRESQL = "only PostgreSQL has this"
STATEMENTS = {
    "sqlite": ("insert", "update", "delete"),
    "postgresql": ("update", "delete", "truncate"),
}
NAMES = {f"audit_event_keeps_{verb}" for verb in STATEMENTS[connection.vendor]}


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
    assert missing_triggers() == NAMES


COLUMNS = (
    "id, at, actor_id, actor, activity, result, reason, target_kind, target_key, target,"
    " organization_key, organization, before, after, ip, request_id, canonical, previous_hash, hash"
)
CHANGED = COLUMNS.replace(" actor,", " 'x',")
SAME_ROW = f"INTO {TABLE} ({COLUMNS}) SELECT {CHANGED} FROM {TABLE}"
UPSERT = f"INSERT {SAME_ROW} WHERE true ON CONFLICT (id) DO UPDATE SET actor = excluded.actor"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has this")
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE", "INSERT"])
@pytest.mark.parametrize("recursive", ["OFF", "ON"])
def test_no_kind_of_insert_overwrites_an_event(event, verb, recursive):
    run(f"PRAGMA recursive_triggers = {recursive}")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(f"{verb} {SAME_ROW}")
    run("PRAGMA recursive_triggers = OFF")
    assert AuditEvent.objects.get().actor == "System"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has this")
@pytest.mark.parametrize("verb", ["UPDATE OR REPLACE", "UPDATE OR IGNORE"])
def test_no_kind_of_update_changes_an_event(event, verb):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(f"{verb} {TABLE} SET actor = 'x'")
    assert AuditEvent.objects.get().actor == "System"


def test_an_insert_that_updates_on_conflict_changes_no_event(event):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(UPSERT)
    assert AuditEvent.objects.get().actor == "System"


def test_a_new_event_with_an_id_of_its_own_is_taken(event):
    run(f"INSERT {SAME_ROW.replace('SELECT id', 'SELECT id + 1')}")
    assert AuditEvent.objects.count() == 2


REFUSES = "BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END"
WEAKENED_ON_SQLITE = {
    "update": [
        f"update BEFORE UPDATE ON {TABLE} WHEN 0 {REFUSES}",
        f"update BEFORE UPDATE ON {TABLE} WHEN (false) {REFUSES}",
        f"update BEFORE UPDATE ON {TABLE} WHEN OLD.id < 0 {REFUSES}",
        f"update BEFORE INSERT ON {TABLE} {REFUSES}",
        f"update BEFORE DELETE ON {TABLE} {REFUSES}",
        f"update BEFORE UPDATE OF ip ON {TABLE} {REFUSES}",
        f"update AFTER UPDATE ON {TABLE} {REFUSES}",
        f"update BEFORE UPDATE ON {TABLE} BEGIN SELECT 1; END",
        f"update BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, 'x') WHERE 0; END",
        f"update BEFORE UPDATE ON governance_package {REFUSES}",
    ],
    "delete": [f"delete BEFORE DELETE ON {TABLE} WHEN 0 {REFUSES}"],
    "insert": [
        f"insert BEFORE INSERT ON {TABLE} WHEN 0 {REFUSES}",
        f"insert BEFORE INSERT ON {TABLE} WHEN NEW.id < 0 {REFUSES}",
    ],
}
PROCEDURE = "EXECUTE FUNCTION audit_events_are_append_only()"
WEAKENED_ON_POSTGRESQL = {
    "update": [
        f"update BEFORE UPDATE ON {TABLE} FOR EACH STATEMENT WHEN (false) {PROCEDURE}",
        f"update BEFORE UPDATE ON {TABLE} FOR EACH ROW WHEN (OLD.id < 0) {PROCEDURE}",
        f"update BEFORE INSERT ON {TABLE} FOR EACH STATEMENT {PROCEDURE}",
        f"update BEFORE DELETE ON {TABLE} FOR EACH STATEMENT {PROCEDURE}",
        f"update BEFORE UPDATE OF ip ON {TABLE} FOR EACH STATEMENT {PROCEDURE}",
        f"update AFTER UPDATE ON {TABLE} FOR EACH ROW {PROCEDURE}",
        f"update BEFORE UPDATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION"
        " suppress_redundant_updates_trigger()",
        f"update BEFORE UPDATE ON governance_package FOR EACH STATEMENT {PROCEDURE}",
    ],
    "delete": [f"delete BEFORE DELETE ON {TABLE} FOR EACH STATEMENT WHEN (1 = 0) {PROCEDURE}"],
    "truncate": [f"truncate BEFORE UPDATE ON {TABLE} FOR EACH STATEMENT {PROCEDURE}"],
}
WEAKENED = WEAKENED_ON_SQLITE if connection.vendor == "sqlite" else WEAKENED_ON_POSTGRESQL
EACH_WEAKENED = [(verb, text) for verb, texts in WEAKENED.items() for text in texts]


def weaken(verb: str, text: str) -> None:
    """Put a trigger of the same name in the place of the one for that event."""
    on = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    run(f"DROP TRIGGER audit_event_keeps_{verb}{on}")
    run(f"CREATE TRIGGER audit_event_keeps_{text}")


@pytest.mark.parametrize(("verb", "text"), EACH_WEAKENED)
def test_one_that_was_recreated_in_another_way_is_missed(event, verb, text):
    weaken(verb, text)
    assert missing_triggers() == {f"audit_event_keeps_{verb}"}


@pytest.mark.parametrize(("verb", "text"), EACH_WEAKENED)
def test_installing_replaces_what_was_recreated_in_another_way(event, verb, text):
    weaken(verb, text)
    install_triggers()
    assert missing_triggers() == set()
    statement = f"TRUNCATE {TABLE}" if verb == "truncate" else f"DELETE FROM {TABLE}"
    for each in (statement, f"UPDATE {TABLE} SET actor = 'x'"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            run(each)


DISCARDS = {
    "sqlite": [
        f"CREATE TRIGGER quiet BEFORE INSERT ON {TABLE} BEGIN SELECT RAISE(IGNORE); END",
        f"CREATE TRIGGER quiet AFTER INSERT ON {TABLE} BEGIN SELECT 1; END",
    ],
    "postgresql": [
        f"CREATE RULE quiet AS ON INSERT TO {TABLE} DO INSTEAD NOTHING",
        f"CREATE TRIGGER quiet BEFORE INSERT ON {TABLE} FOR EACH STATEMENT {PROCEDURE}",
    ],
}


@pytest.mark.parametrize("statement", DISCARDS[connection.vendor])
def test_one_that_does_not_belong_there_is_named(event, statement):
    assert unexpected_triggers() == set()
    run(statement)
    assert (missing_triggers(), unexpected_triggers()) == (set(), {"quiet"})


FUNCTION = "CREATE OR REPLACE FUNCTION audit_events_are_append_only() RETURNS trigger"
TRIGGER = "ALTER TABLE governance_auditevent {} TRIGGER audit_event_keeps_update"


@pytest.mark.skipif(connection.vendor != "postgresql", reason=ON_POSTGRESQL)
class TestOnPostgresql:
    @pytest.mark.parametrize("how", ["DISABLE", "ENABLE", "ENABLE REPLICA"])
    def test_one_that_does_not_fire_in_every_session_is_missed(self, event, how):
        run(TRIGGER.format(how))
        assert missing_triggers() == {"audit_event_keeps_update"}

    @pytest.mark.parametrize(
        "body",
        [
            "BEGIN RETURN NULL; END",
            (
                "BEGIN IF false THEN RAISE EXCEPTION 'audit events are append-only';"
                " END IF; RETURN NULL; END"
            ),
            (
                " BEGIN RAISE EXCEPTION 'audit events are append-only'; "
                "EXCEPTION WHEN OTHERS THEN RETURN NULL; END "
            ),
        ],
    )
    def test_another_body_of_their_function_is_missed_and_replaced(self, event, body):
        run(f"{FUNCTION} LANGUAGE plpgsql AS $$ {body} $$")
        assert missing_triggers() == NAMES
        install_triggers()
        assert missing_triggers() == set()

    @pytest.mark.parametrize("statement", [f"UPDATE {TABLE} SET actor = 'x'", UPSERT])
    def test_a_session_that_plays_a_replica_changes_nothing_either(self, event, statement):
        run("SET LOCAL session_replication_role = replica")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            run(statement)
        run("SET LOCAL session_replication_role = origin")
        assert AuditEvent.objects.get().actor == "System"
