"""One statement that is asked again and again: Django makes its text once in a process, and
PostgreSQL plans it once in a connection.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet

from .combined_query import from_json
from .kept_statements import compiled

_planned: WeakKeyDictionary[object, dict[Prepared, str]] = WeakKeyDictionary()


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
        with connection.cursor() as cursor:
            if _keeps_plans():
                later = self._later()
                cursor.execute(
                    f"EXECUTE {self._plan(cursor)}({', '.join(['%s'] * len(later))})",
                    [values[name] for name in later],
                )
            else:
                cursor.execute(
                    self.sql,
                    [values[param] if isinstance(param, Later) else param for param in self.params],
                )
            return dict(zip(self.names, map(from_json, cursor.fetchone()), strict=True))

    def _later(self) -> list[Later]:
        return list(dict.fromkeys(param for param in self.params if isinstance(param, Later)))

    def _plan(self, cursor: CursorWrapper) -> str:
        """The plan's name in the connection, where it is made when first asked for.

        That is part of connecting: no page's statements count it.
        """
        plans = _planned.setdefault(cursor.connection, {})
        if self not in plans:
            name = f"portal_{len(plans)}"
            with connection.wrap_database_errors:
                cursor.connection.execute(f"PREPARE {name} AS {self._with_numbers(cursor)}")
            plans[self] = name
        return plans[self]

    def _with_numbers(self, cursor: CursorWrapper) -> str:
        """The statement with $1, $2 ... for what is known later, and all else written out, for
        partial indexes to be found.
        """
        sql = cursor.mogrify(
            self.sql,
            [f"later:{param}" if isinstance(param, Later) else param for param in self.params],
        )
        for number, name in enumerate(self._later(), start=1):
            sql = sql.replace(f"'later:{name}'", f"${number}")
        return sql


def prepare(lists: dict[str, QuerySet]) -> Prepared:
    """The statement that reads `lists`, which `json_list` made."""
    parts = [compiled(rows, "({})") for rows in lists.values()]
    return Prepared(
        tuple(lists),
        "SELECT " + ", ".join(sql for sql, _params in parts),
        tuple(value for _sql, params in parts for value in params),
    )


def _keeps_plans() -> bool:
    """Not behind a pooler that gives each transaction another connection: what says so to Django
    holds here too.
    """
    return connection.vendor == "postgresql" and not connection.settings_dict.get(
        "DISABLE_SERVER_SIDE_CURSORS"
    )
