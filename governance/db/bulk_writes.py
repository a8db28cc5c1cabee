"""Writing very many rows of one table the quickest way each database has: COPY, or one prepared
statement run many times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Max, Model

AT_ONCE = 10_000  # Django keeps all rows of one executemany in memory
_ROOM = (
    256 * 1024
)  # kilobytes of SQLite's page cache: rows by random keys then touch pages that are still there


def write_rows(model: type[Model], columns: tuple[str, ...], rows: Iterable[tuple]) -> None:
    """Insert `rows` of values in the order of `columns`; all other columns get their default.

    Constraints hold.
    """
    usual = _defaults(model, columns)
    names = ", ".join(connection.ops.quote_name(column) for column in (*columns, *usual))
    table, more = connection.ops.quote_name(model._meta.db_table), tuple(usual.values())
    if connection.vendor == "postgresql":
        _copy(f"COPY {table} ({names}) FROM STDIN", (row + more for row in rows))
        return
    marks = ", ".join(["%s"] * (len(columns) + len(more)))
    prepared = _as_sqlite_has_them(row + more for row in rows)
    with connection.cursor() as cursor:
        while batch := list(islice(prepared, AT_ONCE)):
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", batch)


@contextmanager
def room_for_many_rows() -> Iterator[None]:
    """More memory for the database while it takes them in."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        usual = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = -{_ROOM}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {usual}")


def next_id(model: type[Model]) -> int:
    """Return the first primary key that no row of the model has."""
    return (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1


def reset_sequences(*models: type[Model]) -> None:
    """After rows were written with their ids."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _defaults(model: type[Model], columns: tuple[str, ...]) -> dict[str, object]:
    """The columns that were not named, with the value that every row gets."""
    fields = (
        field
        for field in model._meta.concrete_fields
        if field.column not in columns and not field.primary_key
    )
    return {field.column: field.get_default() for field in fields}


def _copy(statement: str, rows: Iterable[tuple]) -> None:
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _as_sqlite_has_them(rows: Iterable[tuple]) -> Iterator[tuple]:
    for row in rows:
        yield tuple(
            _AS_SQLITE_HAS_IT[type(value)](value) if type(value) in _AS_SQLITE_HAS_IT else value
            for value in row
        )


@lru_cache(maxsize=1024)
def _moment(value: datetime) -> str | None:
    return connection.ops.adapt_datetimefield_value(value)


_AS_SQLITE_HAS_IT: dict[type, Callable[[Any], str | None]] = {
    UUID: lambda value: value.hex,
    datetime: _moment,
}
