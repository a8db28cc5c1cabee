"""What the database itself enforces beyond constraints: audit events are neither changed nor removed.

Installed after every migration, because rebuilding a table on SQLite silently drops its triggers.
"""

from __future__ import annotations

from django.db import connections

_SQLITE = """
CREATE TRIGGER IF NOT EXISTS audit_event_keeps_{verb} BEFORE {verb} ON governance_auditevent
BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION audit_events_are_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'audit events are append-only'; END $$
"""
_POSTGRESQL = """
CREATE OR REPLACE TRIGGER audit_event_keeps_{verb} BEFORE {verb} ON governance_auditevent
FOR EACH STATEMENT EXECUTE FUNCTION audit_events_are_append_only()
"""
_AT_WORK = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'governance_auditevent' AND sql LIKE '%BEGIN SELECT RAISE(ABORT%'",
    "postgresql": """SELECT tgname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
        WHERE tgrelid = 'governance_auditevent'::regclass AND tgenabled IN ('O', 'A') AND prosrc LIKE ' BEGIN RAISE EXCEPTION %'""",
}
_VERBS = {"sqlite": ("update", "delete"), "postgresql": ("update", "delete", "truncate")}


def install_triggers(using: str = "default", **_) -> None:
    connection = connections[using]
    if "governance_auditevent" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        template = _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
        for verb in _VERBS[connection.vendor]:
            cursor.execute(template.format(verb=verb))


def drop_triggers(using: str = "default") -> None:
    """Only for a test runner's flush, which would fail against them."""
    connection = connections[using]
    suffix = " ON governance_auditevent" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for verb in _VERBS[connection.vendor]:
            cursor.execute(f"DROP TRIGGER IF EXISTS audit_event_keeps_{verb}{suffix}")


def missing_triggers(using: str = "default") -> set[str]:
    """Names of the triggers that should be there and are not, are switched off, or no longer refuse anything."""
    connection = connections[using]
    expected = {f"audit_event_keeps_{verb}" for verb in _VERBS[connection.vendor]}
    with connection.cursor() as cursor:
        cursor.execute(_AT_WORK[connection.vendor])
        return expected - {name for (name,) in cursor.fetchall()}
