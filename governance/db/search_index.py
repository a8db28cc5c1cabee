"""Trigram indexes over the search entries, so that any part of a name is found among a million of
them.

Installed after every migration, because rebuilding a table on SQLite silently drops its triggers.
Where the database does not offer trigrams nothing is installed, and the same questions are answered
by reading all entries.
"""

from __future__ import annotations

import sqlite3
from functools import cache

from django.db import DatabaseError, connections, transaction

TABLE, INDEX = "governance_searchentry", "governance_search_trigrams"
_SQLITE = (
    (
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {INDEX} USING fts5("
        f"text, content='{TABLE}', content_rowid='organization_id', tokenize='trigram')"
    ),
    f"""CREATE TRIGGER IF NOT EXISTS search_entry_added AFTER INSERT ON {TABLE} BEGIN
        INSERT INTO {INDEX}(rowid, text) VALUES (new.organization_id, new.text); END""",
    f"""CREATE TRIGGER IF NOT EXISTS search_entry_removed AFTER DELETE ON {TABLE} BEGIN
        INSERT INTO {INDEX}({INDEX}, rowid, text) VALUES ('delete', old.organization_id, old.text);
        END""",
    f"""CREATE TRIGGER IF NOT EXISTS search_entry_changed AFTER UPDATE ON {TABLE} BEGIN
        INSERT INTO {INDEX}({INDEX}, rowid, text) VALUES ('delete', old.organization_id, old.text);
        INSERT INTO {INDEX}(rowid, text) VALUES (new.organization_id, new.text); END""",
)
_REBUILD = f"INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')"
_EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
_POSTGRESQL = f"CREATE INDEX IF NOT EXISTS {INDEX} ON {TABLE} USING gin (text gin_trgm_ops)"
_TRIGGERS = ("search_entry_added", "search_entry_removed", "search_entry_changed")


@cache
def sqlite_has_trigrams() -> bool:
    """Whether this Python's SQLite was built with FTS5 and knows trigrams (3.34 and later)."""
    with sqlite3.connect(":memory:") as memory:
        try:
            memory.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='trigram')")
        except sqlite3.OperationalError:
            return False
    return True


def searches_by_trigram_table() -> bool:
    """Whether part of a text is found in a table of trigrams, as on SQLite, and not by an index."""
    return connections["default"].vendor == "sqlite" and sqlite_has_trigrams()


def install_search_index(using: str = "default", **_) -> None:
    """Make the index where it is missing and the database can have one. Called after migrations."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    if connection.vendor == "postgresql":
        _install_on_postgresql(using)
    elif sqlite_has_trigrams() and _missing_on_sqlite(connection):
        with connection.cursor() as cursor:
            for statement in (*_SQLITE, _REBUILD):
                cursor.execute(statement)


def drop_search_index(using: str = "default") -> None:
    """Before many rows are written at once: installing it again afterwards is quicker than keeping
    it up.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP INDEX IF EXISTS {INDEX}")
            return
        for trigger in _TRIGGERS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}")


def _install_on_postgresql(using: str) -> None:
    """An extension needs a right that the portal's database user may not have: then search does
    without the index.

    Even asking for an index that exists is refused while rows of the table wait to be checked, so
    it is looked for first.
    """
    if _stands_on_postgresql(using):
        return
    try:
        with transaction.atomic(using), connections[using].cursor() as cursor:
            cursor.execute(_EXTENSION)
    except DatabaseError:
        return
    with connections[using].cursor() as cursor:
        cursor.execute(_POSTGRESQL)


def _stands_on_postgresql(using: str) -> bool:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [INDEX])
        return cursor.fetchone()[0]


def _missing_on_sqlite(connection) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE name IN (%s, %s, %s, %s)", (INDEX, *_TRIGGERS)
        )
        return len(cursor.fetchall()) < len(_SQLITE)
