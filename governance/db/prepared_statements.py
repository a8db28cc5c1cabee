"""One statement that is asked again and again: Django makes its text once in a process.

PostgreSQL plans it once in a connection (`prepare_threshold` in the settings).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from .combined_query import from_json
from .kept_statements import compiled


class Later(str):
    """Stands in the querysets of a prepared statement for a value that is only known when it is
    asked. Text only.
    """


@dataclass(frozen=True, slots=True)
class Prepared:
    """The statement of some lists.

    Making its text, and planning it, each take ten times as long as answering it.
    """

    names: tuple[str, ...]
    sql: str
    params: tuple

    def ask(self, **values) -> dict[str, list]:
        """Every list by its name, with `values` in the places of Later."""
        params = [values[param] if isinstance(param, Later) else param for param in self.params]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            return dict(zip(self.names, map(from_json, cursor.fetchone()), strict=True))


def prepare(lists: dict[str, QuerySet]) -> Prepared:
    """The statement that reads `lists`, which `json_list` made."""
    parts = [compiled(rows, "({})") for rows in lists.values()]
    return Prepared(
        tuple(lists),
        "SELECT " + ", ".join(sql for sql, _params in parts),
        tuple(value for _sql, params in parts for value in params),
    )
