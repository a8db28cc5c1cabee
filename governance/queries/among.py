"""Rows whose id is among those of a piece of SQL, asked so that every database looks up the few ids instead of reading the table."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import BooleanField, F, Func
from django.db.models.expressions import RawSQL


class Among(Func):
    """A condition. PostgreSQL cannot know how few rows the SQL has and would hash the whole table; an array it looks up."""

    template = "%(expressions)s"
    arg_joiner = " IN "
    output_field = BooleanField()

    def __init__(self, column: str, sql: str, params: Iterable, **extra):
        super().__init__(F(column), RawSQL(sql, tuple(params)), **extra)

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY(ARRAY", **context)
