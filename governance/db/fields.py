"""Columns that compare byte for byte on every database."""

from __future__ import annotations

from django.db import models


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
