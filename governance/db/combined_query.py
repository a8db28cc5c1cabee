"""Several answers by one statement: counts that stop, and rows told as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from weakref import WeakKeyDictionary

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    Aggregate,
    DateTimeField,
    Field,
    Func,
    JSONField,
    Model,
    QuerySet,
    Value,
)

COUNT_CAP = 10_000
_compiled: WeakKeyDictionary[QuerySet, tuple[str, tuple]] = WeakKeyDictionary()
_NOTHING = "SELECT NULL WHERE FALSE"


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


def json_list(rows: QuerySet, *columns: str) -> QuerySet:
    """One row with one column: the columns of all `rows`, as `ask` wants them."""
    return rows if rows.query.is_empty() else json_aggregate(rows, Rows(*columns))


def json_aggregate(rows: QuerySet, aggregate: Aggregate | Func) -> QuerySet:
    """What is told of all rows together, or no row when there are none."""
    return (
        rows.order_by().annotate(all=Value(1)).values("all").annotate(rows=aggregate).values("rows")
    )


def json_subquery(rows: QuerySet, owner: str, *columns: str) -> QuerySet:
    """The same for one owner, who is the outer row of a Subquery."""
    return rows.order_by().values(owner).annotate(rows=Rows(*columns)).values("rows")


def ask(
    counts: dict[str, QuerySet | Either], lists: dict[str, QuerySet]
) -> tuple[dict[str, Counted], dict[str, list]]:
    """How many rows each of `counts` has, up to COUNT_CAP, and each of `lists`, which `json_list`
    made.
    """
    asked = [_counted(rows) for rows in counts.values()]
    asked += [compiled(rows, "({})") for rows in lists.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + ", ".join(sql for sql, _params in asked),
            [value for _sql, params in asked for value in params],
        )
        answers = cursor.fetchone()
    parsed = (from_json(answer) for answer in answers[len(counts) :])
    return {
        name: capped_count(answer) for name, answer in zip(counts, answers, strict=False)
    }, dict(zip(lists, parsed, strict=True))


def parse_moment(text: str) -> datetime:
    """A moment out of a database's JSON: SQLite leaves out that it is UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def row_from_json(model: type[Model], columns: Iterable[str], values: Iterable) -> Model:
    """A row of a list as an instance to read from: with these columns, and no others."""
    fields = [model._meta.get_field(name) for name in columns]
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


def _counted(rows: QuerySet | Either) -> tuple[str, tuple]:
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


def compiled(rows: QuerySet, template: str) -> tuple[str, tuple]:
    """The SQL of `rows` in the template's place, and its parameters."""
    if rows.query.is_empty():  # as `none()` says: not worth compiling
        return template.format(_NOTHING), ()
    if rows not in _compiled:
        _compiled[rows] = _sql(rows)
    sql, params = _compiled[rows]
    return template.format(sql), params


def _sql(rows: QuerySet) -> tuple[str, tuple]:
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:  # Django finds that there is nothing, such as among no names
        return _NOTHING, ()
    return sql, tuple(params)


def from_json(answer) -> list:
    """Return a JSON aggregate as a list: SQLite answers text, PostgreSQL values, both nothing for
    no rows.
    """
    return json.loads(answer) if isinstance(answer, str) else answer or []
