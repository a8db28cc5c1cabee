"""Querysets whose SQL is made once in a process: for pages that are asked for all day, making the
text of a statement takes ten times as long as running it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Expression, Field, QuerySet

from .combined_query import compiled


@dataclass(frozen=True, slots=True)
class _Open:
    """The place of a value in a statement's parameters."""

    name: str
    field: Field

    def filled(self, value: object) -> object:
        return self.field.get_db_prep_value(value, connection)


class Later(Expression):
    """Stands in a queryset for a value that is only known when the statement is run.

    Use it where a condition takes an expression: `filter(id=Later("id", BigAutoField()))`.
    """

    def __init__(self, name: str, output_field: Field):
        super().__init__(output_field=output_field)
        self.place = _Open(name, output_field)

    def as_sql(self, compiler, connection) -> tuple[str, list]:
        """Return a placeholder, and what fills it later."""
        return "%s", [self.place]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement with the places of the values that are known later."""

    sql: str
    params: tuple

    def filled(self, **values: Any) -> list:
        """Return the parameters, with `values` in the places of Later."""
        return [
            param.filled(values[param.name]) if isinstance(param, _Open) else param
            for param in self.params
        ]

    def rows(self, **values: Any) -> list[tuple]:
        """Run it and return the rows as the database gives them: SQLite knows no moments, UUIDs or
        booleans.
        """
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.filled(**values))
            return cursor.fetchall()


def compile_once(rows: QuerySet) -> Compiled:
    """Return the statement of a queryset. Keep it, by @cache of a function without arguments that
    vary from request to request.
    """
    sql, params = compiled(rows, "{}")
    return Compiled(sql, params)


def compile_together(parts: Iterable[tuple[str, tuple]]) -> Compiled:
    """Return one statement whose only row has the answer of each part."""
    parts = list(parts)
    return Compiled(
        "SELECT " + ", ".join(sql for sql, _params in parts),
        tuple(value for _sql, params in parts for value in params),
    )
