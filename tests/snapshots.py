"""Every row of every table, to compare before and after."""

from __future__ import annotations

from django.db import connection


def rows_of_everything() -> dict[str, list[str]]:
    """Rows by table, as the database has them."""
    with connection.cursor() as cursor:
        told = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            told[table] = sorted(map(repr, cursor.fetchall()))
    return told


def changed(before: dict, after: dict) -> set[str]:
    """Tables whose rows differ."""
    return {name for name in after if before[name] != after[name]}
