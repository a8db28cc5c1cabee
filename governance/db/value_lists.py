"""Rows whose id is among those of a piece of SQL, asked so that every database looks up the few ids
instead of reading the table.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import BooleanField, F, Func
from django.db.models.expressions import RawSQL

from .kept_statements import Varying

_EACH_TEXT = {
    "sqlite": "SELECT value FROM json_each(%s)",
    "postgresql": "SELECT jsonb_array_elements_text(%s::jsonb) AS value",
}

_EACH_ID = {
    "sqlite": "SELECT value FROM json_each(%s)",
    "postgresql": "SELECT jsonb_array_elements_text(%s::jsonb)::bigint",
}


class Has(Func):
    """The condition that a text has a part, which is given as a pattern of LIKE: `part_pattern`.

    Django's `contains` makes the pattern of a value in SQL, for every row anew.
    """

    template = "%(expressions)s ESCAPE '\\'"
    arg_joiner = " LIKE "
    output_field = BooleanField()


def part_pattern(part: str) -> str:
    """Return the pattern of LIKE for texts that have the part."""
    for special in ("\\", "%", "_"):
        part = part.replace(special, f"\\{special}")
    return f"%{part}%"


class RawStatement(RawSQL):
    """SQL whose parameters may be Varying."""

    def as_sql(self, compiler, connection) -> tuple[str, list]:
        """Return the SQL in brackets, with its parameters or the places for them."""
        params = [
            param.parameter() if isinstance(param, Varying) else param for param in self.params
        ]
        return f"({self.sql})", params


class InStatement(Func):
    """A condition. PostgreSQL cannot know how few rows the SQL has and would hash the whole table;
    an array it looks up.
    """

    template = "%(expressions)s"
    arg_joiner = " IN "
    output_field = BooleanField()

    def __init__(self, column: str, sql: str, params: Iterable, **extra):
        super().__init__(F(column), RawStatement(sql, tuple(params)), **extra)

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(
            compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY(ARRAY", **context
        )


def each_text(texts: Varying) -> RawStatement:
    """Return the texts of a JSON list as rows of one column, `value`."""
    return RawStatement(_EACH_TEXT[connection.vendor], (texts,))


def in_ids(column: str, ids: Varying) -> InStatement:
    """The condition that a column is one of a JSON list of ids: one parameter, however many."""
    return InStatement(column, _EACH_ID[connection.vendor], (ids,))


def in_texts(column: str, texts: str | Varying) -> InStatement:
    """The condition that a column is one of a JSON list of texts: one parameter, however many they
    are.
    """
    return InStatement(column, _EACH_TEXT[connection.vendor], (texts,))
