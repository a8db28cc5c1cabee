"""Statements whose SQL is made once in a process: for pages that are asked for all day, making the
text of a statement takes ten times as long as running it (docs/decisions, kept statements).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Expression, Field, Model, QuerySet

T = TypeVar("T")
AnyModel = TypeVar("AnyModel", bound=Model)
_NOTHING = "SELECT NULL WHERE FALSE"
_MOST = 1_000  # statements of about 4 kB
_keeping: ContextVar[bool] = ContextVar("keeping", default=False)
_kept: dict[Hashable, Any] = {}


@dataclass(frozen=True, slots=True)
class _Place:
    """The place of a value in the parameters of a kept statement."""

    name: str
    field: Field

    def filled(self, value: object) -> object:
        return self.field.get_db_prep_value(value, connection)


class Varying(Expression):
    """A value that differs between statements of the same text.

    In an ordinary queryset it is its value. In a kept statement it is a place that `name` fills.
    """

    def __init__(self, name: str, value: object, output_field: Field):
        super().__init__(output_field=output_field)
        self.place, self.value = _Place(name, output_field), value

    def parameter(self) -> object:
        """Return what stands for it among a statement's parameters."""
        return self.place if _keeping.get() else self.place.filled(self.value)

    def as_sql(self, compiler, connection) -> tuple[str, list]:
        """Return a placeholder and its parameter."""
        return "%s", [self.parameter()]


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its parameters, of which some are places."""

    sql: str
    params: tuple

    def filled(self, values: dict[str, Any]) -> list:
        """Return the parameters, with `values` in the places of Varying."""
        return [
            param.filled(values[param.name]) if isinstance(param, _Place) else param
            for param in self.params
        ]

    def rows(self, values: dict[str, Any]) -> list[tuple]:
        """Run it and return the rows as the database gives them: SQLite knows no moments, UUIDs or
        booleans.
        """
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.filled(values))
            return cursor.fetchall()


def kept(key: Hashable | None, make: Callable[[], T]) -> T:
    """Return what `make` made for this key the first time; with None it is made each time, with
    values in place of places.

    The key has to hold everything that decides about the text of a statement.
    """
    if key is None:
        return make()
    if key not in _kept:
        if len(_kept) >= _MOST:
            _kept.clear()
        _kept[key] = _made_with_places(make)
    return _kept[key]


def _made_with_places(make: Callable[[], T]) -> T:
    token = _keeping.set(True)
    try:
        return make()
    finally:
        _keeping.reset(token)


def instances(
    model: type[AnyModel], key: Hashable, make: Callable[[], QuerySet], values: dict[str, Any]
) -> list[AnyModel]:
    """Return the rows of a kept statement as instances; what `make` adds to the columns of the
    model stands on each as the database gives it.
    """
    statement = kept((model, key), lambda: statement_of(make()))
    return list(model._default_manager.raw(statement.sql, statement.filled(values)))


def statement_of(rows: QuerySet) -> Statement:
    """Return the statement of a queryset."""
    return Statement(*compiled(rows, "{}"))


def compiled(rows: QuerySet, template: str) -> tuple[str, tuple]:
    """The SQL of `rows` in the template's place, and its parameters."""
    if rows.query.is_empty():  # as `none()` says: not worth compiling
        return template.format(_NOTHING), ()
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:  # Django finds that there is nothing, such as among no names
        sql, params = _NOTHING, ()
    return template.format(sql), tuple(params)
