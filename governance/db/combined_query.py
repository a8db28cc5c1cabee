"""Several answers by one statement: counts that stop, and rows as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db import connection
from django.db.models import (
    Aggregate,
    DateTimeField,
    Field,
    Func,
    IntegerField,
    JSONField,
    Model,
    QuerySet,
    Subquery,
    Value,
)

from .fields import column_field
from .kept_statements import Statement, compiled
from .short_sql import with_short_names
from .value_lists import RawStatement

COUNT_CAP = 1_000
AnyModel = TypeVar("AnyModel", bound=Model)


class Row(Func):
    """Some columns as one JSON list."""

    function = "JSON_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="JSONB_BUILD_ARRAY", **context)


class Rows(Aggregate):
    """All rows of a group as one JSON list, in no order."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def __init__(self, *columns: str, **extra):
        super().__init__(Row(*columns), **extra)

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="JSONB_AGG", **context)


@dataclass(frozen=True, slots=True)
class Counted:
    """A number that was counted, or the least that it is where counting stopped."""

    number: int
    is_least: bool = False

    def __str__(self):
        return f"{self.number:,}{'+' if self.is_least else ''}"

    def __bool__(self):
        return self.number > 0


@dataclass(frozen=True, slots=True)
class Either:
    """Count `then` where `condition` has a row, `otherwise` else. Only the one is run."""

    condition: QuerySet
    then: QuerySet
    otherwise: QuerySet


class CountUpTo(Subquery):
    """How many of the rows there are for the outer row, up to one more than COUNT_CAP."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"

    def __init__(self, rows: QuerySet):
        anything = rows.order_by().annotate(anything=Value(1)).values("anything")
        super().__init__(anything[: COUNT_CAP + 1], output_field=IntegerField())


@dataclass(frozen=True, slots=True)
class CountedDistinct:
    """Count the different values of a column among the rows, up to one more than COUNT_CAP."""

    rows: QuerySet
    column: str


ToCount = QuerySet | Either | CountedDistinct


def json_list(rows: QuerySet, *columns: str) -> QuerySet:
    """One row with one column: the columns of all `rows`, as `combine` wants them."""
    return rows if rows.query.is_empty() else json_aggregate(rows, Rows(*columns))


def json_aggregate(rows: QuerySet, aggregate: Aggregate | Func) -> QuerySet:
    """What an aggregate says of all rows together, or no row when there are none."""
    return (
        rows.order_by().annotate(all=Value(1)).values("all").annotate(rows=aggregate).values("rows")
    )


def json_subquery(rows: QuerySet, owner: str, *columns: str) -> QuerySet:
    """The same for one owner, who is the outer row of a Subquery."""
    return rows.order_by().values(owner).annotate(rows=Rows(*columns)).values("rows")


@dataclass(frozen=True, slots=True)
class Combined:
    """One statement with several answers: counts by name, then lists by name."""

    counts: tuple[str, ...]
    lists: tuple[str, ...]
    statement: Statement

    def run(self, values: dict[str, Any]) -> tuple[dict[str, Counted], dict[str, list]]:
        """Run it, with `values` in the places of Varying."""
        (answers,) = self.statement.rows(values)
        numbers, rows = answers[: len(self.counts)], answers[len(self.counts) :]
        counted = {
            name: capped_count(number) for name, number in zip(self.counts, numbers, strict=True)
        }
        return counted, dict(zip(self.lists, map(from_json, rows), strict=True))

    def shortened(self) -> Combined:
        """Return the same with less text: worth making for what is kept and run all day."""
        sql = with_short_names(self.statement.sql)
        return replace(self, statement=replace(self.statement, sql=sql))


def combine(
    counts: Mapping[str, ToCount],
    lists: Mapping[str, QuerySet],
    shared: Mapping[str, RawStatement] | None = None,
) -> Combined:
    """How many rows each of `counts` has, up to COUNT_CAP, and each of `lists`, which `json_list`
    made, as one statement. Their SQL can read from `shared`, by its name: the database reads it
    once.
    """
    parts = [_counted(rows) for rows in counts.values()]
    parts += [compiled(rows, "({})") for rows in lists.values()]
    before = {name: part.as_sql(None, connection) for name, part in (shared or {}).items()}
    beginning = ", ".join(f"{name} AS {sql}" for name, (sql, _params) in before.items())
    sql = f"WITH {beginning} " if before else ""
    sql += "SELECT " + ", ".join(sql for sql, _params in parts)
    params = tuple(value for _sql, some in (*before.values(), *parts) for value in some)
    return Combined(tuple(counts), tuple(lists), Statement(sql, params))


def run_combined(
    counts: Mapping[str, ToCount], lists: Mapping[str, QuerySet]
) -> tuple[dict[str, Counted], dict[str, list]]:
    """The same, run at once."""
    return combine(counts, lists).run({})


def parse_moment(text: str | datetime) -> datetime:
    """A moment as a database gives it, in JSON or by itself: SQLite leaves out that it is UTC."""
    moment = datetime.fromisoformat(text) if isinstance(text, str) else text
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def row_from_json(model: type[AnyModel], columns: Iterable[str], values: Iterable) -> AnyModel:
    """A row of a list as an instance to read from: with these columns, and no others."""
    fields = [column_field(model, name) for name in columns]
    return model(
        **{
            field.attname: _parsed(field, value)
            for field, value in zip(fields, values, strict=True)
        }
    )


def _parsed(field: Field, value):
    return (
        parse_moment(value)
        if value and isinstance(field, DateTimeField)
        else field.to_python(value)
    )


def capped_count(number: int) -> Counted:
    """Return what a count that stops one past the cap found."""
    return Counted(min(number, COUNT_CAP), number > COUNT_CAP)


def _counted(rows: ToCount) -> tuple[str, tuple]:
    if isinstance(rows, CountedDistinct):
        values = rows.rows.order_by().values(rows.column).distinct()
        return compiled(values[: COUNT_CAP + 1], "(SELECT COUNT(*) FROM ({}) counted)")
    if isinstance(rows, Either):
        (then, then_params), (otherwise, otherwise_params) = (
            _counted(rows.then),
            _counted(rows.otherwise),
        )
        condition, params = compiled(rows.condition.order_by().values("pk"), "EXISTS ({})")
        return (
            f"CASE WHEN {condition} THEN {then} ELSE {otherwise} END",
            params + then_params + otherwise_params,
        )
    anything = (
        rows.order_by().annotate(anything=Value(1)).values("anything")
    )  # no column, so that an index alone can answer
    return compiled(anything[: COUNT_CAP + 1], "(SELECT COUNT(*) FROM ({}) counted)")


def from_json(answer) -> list:
    """Return a JSON aggregate as a list: SQLite answers text, PostgreSQL values, both nothing for
    no rows.
    """
    return json.loads(answer) if isinstance(answer, str) else answer or []
