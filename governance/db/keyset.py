"""Pages by key instead of by number: the next page begins after the last row, however many rows
stand before it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import BooleanField, F, Func, Model, QuerySet

from .fields import column_field
from .kept_statements import Varying
from .value_lists import InStatement

_BIGGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Sort:
    """An order that people can choose: a column without nulls, then the id.

    `read` makes the column's value of its text.
    """

    name: str
    column: str
    read: Callable[[str], Any]
    descending: bool = False

    def order(self, *, backward: bool = False) -> tuple[str, str]:
        sign = "-" if self.descending != backward else ""
        return f"{sign}{self.column}", f"{sign}id"

    @property
    def parameter(self) -> str:
        return f"-{self.name}" if self.descending else self.name


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after the row with this value and id, or before it.

    `start` is the number of its first row.
    """

    value: Any
    id: int
    backward: bool = False
    start: int = 1

    def encode(self, sort: Sort) -> str:
        value = self.value.isoformat() if isinstance(self.value, datetime) else str(self.value)
        parts = json.dumps(
            [sort.parameter, value, self.id, self.backward, self.start], separators=(",", ":")
        )
        return base64.urlsafe_b64encode(parts.encode()).decode().rstrip("=")


def decode(text: str, sort: Sort) -> Cursor | None:
    """The cursor; None, which is the first page, when it is none of ours or belongs to another
    order.
    """
    try:
        parts = json.loads(
            base64.b64decode(text[:4000] + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        )
        parameter, value, row, backward, start = parts
        cursor = Cursor(
            sort.read(value), int(row), bool(backward), max(1, min(int(start), _BIGGEST_ID))
        )
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    return cursor if parameter == sort.parameter and 0 <= cursor.id <= _BIGGEST_ID else None


def after(rows: QuerySet, sort: Sort, cursor: Cursor | None) -> QuerySet:
    """The rows of a page and of all pages behind it, nearest first."""
    if cursor is None:
        return rows.order_by(*sort.order())
    ahead = _Beside(
        _Tuple(F(sort.column), F("id")),
        _Tuple(*_values(rows.model, sort, cursor)),
        arg_joiner=" > " if sort.descending == cursor.backward else " < ",
    )
    return rows.filter(ahead).order_by(*sort.order(backward=cursor.backward))


def next_keys(rows: QuerySet, sort: Sort, cursor: Cursor | None, number: int) -> QuerySet:
    """The ids of the first so many rows of a page and of all pages behind it, where the rows are
    taken in the index of the order.

    Those that share the cursor's value are asked for by themselves, for there may be very many of
    them, and SQLite finds no pair of a value and an id in an index.
    """
    if cursor is None:
        return rows.order_by(*sort.order()).values("pk")[:number]
    order, onward = (
        sort.order(backward=cursor.backward),
        "gt" if sort.descending == cursor.backward else "lt",
    )
    value, key = _values(rows.model, sort, cursor)
    alike = (
        rows.filter(**{sort.column: value, f"id__{onward}": key}),
        rows.filter(**{f"{sort.column}__{onward}": value}),
    )
    parts = [part.order_by(*order).values("pk")[:number].query.sql_with_params() for part in alike]
    sql = " UNION ALL ".join(f"SELECT pk FROM ({sql}) part" for sql, _params in parts)
    both = rows.model.objects.filter(
        InStatement("pk", sql, [param for _sql, params in parts for param in params])
    )
    return both.order_by(*order).values("pk")[:number]


class _Tuple(Func):
    """Column and id as one value: compared with another, it is found in an index of both, however
    many rows share the column's value.
    """

    template = "(%(expressions)s)"
    output_field = BooleanField()


class _Beside(Func):
    template = "%(expressions)s"
    output_field = BooleanField()


def _values(model: type[Model], sort: Sort, cursor: Cursor) -> tuple[Varying, Varying]:
    pk = model._meta.pk
    field = pk if sort.column == "pk" else column_field(model, sort.column)
    return Varying("cursor_value", cursor.value, field), Varying("cursor_id", cursor.id, pk)


def a_text(value: str) -> str:
    """Text as a database takes it. Raises ValueError."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(value)
    value.encode()
    return value


def a_number(value: str) -> int:
    """Return a number out of a cursor. Raises ValueError for what no row can have."""
    number = int(value)
    if not 0 <= number <= _BIGGEST_ID:
        raise ValueError(value)
    return number


def a_moment(value: str) -> datetime:
    """Return a moment out of a cursor, in UTC. Raises ValueError for what no row can have."""
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None or not 1900 < moment.year < 9000:
        raise ValueError(value)
    return moment.astimezone(UTC)
