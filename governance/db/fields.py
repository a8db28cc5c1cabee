"""Columns that compare byte for byte on every database."""

from __future__ import annotations

from django.db import models


def column_field(model: type[models.Model], name: str) -> models.Field:
    """Return the field of one of the model's columns.

    Raises LookupError for a name that is no column of it.
    """
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise LookupError(f"{name} is no column of {model.__name__}")
    return field


class KeyField(models.CharField):
    """Text that is only compared and sorted by code point: names with reversed labels, folded
    names.

    PostgreSQL's default collation would order "com.a-b" and "com.a.b" by language rules and break
    ranges; SQLite compares bytes already and knows no collation called C.
    """

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters
