"""What the database itself enforces beyond constraints: audit events are neither changed nor
removed.

Installed after every migration, because rebuilding a table on SQLite silently drops its triggers.
Whether they are in place is answered by comparing whole definitions: a trigger with the right name
can be recreated with a condition that is never true, for another event or for one column only.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connections, transaction

_TABLE = "governance_auditevent"
_REFUSED = "audit events are append-only"
_NAME = "audit_event_keeps_{}"
_SQLITE_BODY = f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
# INSERT OR REPLACE removes the row that is in its way without firing a DELETE trigger, unless
# recursive_triggers is on, which is each client's own setting.
_SQLITE_EVENTS = {
    "insert": f"INSERT ON {_TABLE} WHEN EXISTS (SELECT 1 FROM {_TABLE} WHERE id = NEW.id)",
    "update": f"UPDATE ON {_TABLE}",
    "delete": f"DELETE ON {_TABLE}",
}
_FUNCTION = "audit_events_are_append_only"
_FUNCTION_BODY = f" BEGIN RAISE EXCEPTION '{_REFUSED}'; END "
_POSTGRESQL_FUNCTION = (
    f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS"
    f" $${_FUNCTION_BODY}$$"
)
_POSTGRESQL_VERBS = ("update", "delete", "truncate")
_ALWAYS = "A"  # fires for every session, also with session_replication_role = replica
_IN_SQLITE = (
    f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND lower(tbl_name) = '{_TABLE}'"
)
_IN_POSTGRESQL = f"""
SELECT tgname, pg_get_triggerdef(t.oid, true), tgenabled::text, prosrc, lanname
FROM pg_trigger t JOIN pg_proc p ON p.oid = tgfoid JOIN pg_language l ON l.oid = prolang
WHERE tgrelid = '{_TABLE}'::regclass AND NOT tgisinternal
UNION ALL SELECT rulename, 'a rule', '', '', '' FROM pg_rewrite
WHERE ev_class = '{_TABLE}'::regclass
"""


def install_triggers(using: str = "default", **_) -> None:
    """Create the triggers that are missing, and replace those that are not as they should be."""
    connection = connections[using]
    if _TABLE not in connection.introspection.table_names() or not missing_triggers(using):
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        _drop(cursor, connection.vendor)
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


def drop_triggers(using: str = "default") -> None:
    """Only for a test runner's flush, which would fail against them."""
    with connections[using].cursor() as cursor:
        _drop(cursor, connections[using].vendor)


def missing_triggers(using: str = "default") -> set[str]:
    """Return the names of the triggers that are not there exactly as they are installed."""
    expected, found = _expected(connections[using].vendor), _found(using)
    return {name for name, definition in expected.items() if found.get(name) != definition}


def unexpected_triggers(using: str = "default") -> set[str]:
    """Return the names of other triggers and rules on the table: one could discard new events."""
    return set(_found(using)) - set(_expected(connections[using].vendor))


def _expected(vendor: str) -> dict[str, tuple[str, ...]]:
    """The definition of each trigger as the database tells it."""
    if vendor == "sqlite":
        return {_NAME.format(verb): (_sqlite(verb),) for verb in _SQLITE_EVENTS}
    return {
        _NAME.format(verb): (
            f"CREATE TRIGGER {_on_postgresql(verb)}",
            _ALWAYS,
            _FUNCTION_BODY,
            "plpgsql",
        )
        for verb in _POSTGRESQL_VERBS
    }


def _found(using: str) -> dict[str, tuple[str, ...]]:
    is_sqlite = connections[using].vendor == "sqlite"
    with connections[using].cursor() as cursor:
        cursor.execute(_IN_SQLITE if is_sqlite else _IN_POSTGRESQL)
        rows = cursor.fetchall()
    return {
        name: (" ".join(definition[0].split()),) if is_sqlite else tuple(definition)
        for name, *definition in rows
    }


def _statements(vendor: str) -> Iterable[str]:
    if vendor == "sqlite":
        yield from map(_sqlite, _SQLITE_EVENTS)
        return
    yield _POSTGRESQL_FUNCTION
    for verb in _POSTGRESQL_VERBS:
        yield f"CREATE TRIGGER {_on_postgresql(verb)}"
        yield f"ALTER TABLE {_TABLE} ENABLE ALWAYS TRIGGER {_NAME.format(verb)}"


def _sqlite(verb: str) -> str:
    return f"CREATE TRIGGER {_NAME.format(verb)} BEFORE {_SQLITE_EVENTS[verb]} {_SQLITE_BODY}"


def _on_postgresql(verb: str) -> str:
    return (
        f"{_NAME.format(verb)} BEFORE {verb.upper()} ON {_TABLE}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION}()"
    )


def _drop(cursor, vendor: str) -> None:
    suffix = f" ON {_TABLE}" if vendor == "postgresql" else ""
    for name in _expected(vendor):
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}{suffix}")
