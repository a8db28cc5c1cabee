"""Rows at or beneath many names at once: a range of keys for each, whatever their number, by one
statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import connection
from django.db.models import BigIntegerField, QuerySet, TextField

from ..rules import email_domains
from .kept_statements import Varying
from .value_lists import InStatement

IN_ONE_STATEMENT = 200  # SQLite unites 500 selects at most
_WITHIN = email_domains.at_or_beneath_in_sql("t.{key}", "r.column1") + "{present}"
_PRESENT = " AND t.released_at IS NULL"  # as the index of claims by key says
# Each name's range is looked up by itself: a planner that joins the other way round, or that takes
# the keys out of a JSON list of whose length it knows nothing, reads the whole table.
_KEYS_AND_ROWS = {
    "sqlite": f"(VALUES {{keys}}) r CROSS JOIN {{table}} t ON {_WITHIN}",
    "postgresql": (
        "(VALUES {keys}) r CROSS JOIN LATERAL"
        f" (SELECT t.id FROM {{table}} t WHERE {_WITHIN} OFFSET 0) t"
    ),
}
_KEY = {"sqlite": "(%s)", "postgresql": '(%s::text COLLATE "C")'}
_FIRST_PRESENT = (
    "SELECT id FROM (SELECT id FROM {table}"
    " WHERE released_at IS NULL AND {key} >= %s AND {key} < %s AND organization_id <> %s"
    " ORDER BY {key} LIMIT {number}) AS f"
)


def at_or_beneath(rows: QuerySet, names: Iterable[str], *, key: str) -> QuerySet:
    """Those of `rows` whose column `key` is the key of one of the names or of a name beneath one;
    where rows can be released, those that are not.
    """
    asked = [Varying(name, each, TextField()) for name, each in keys_of(names).items()]
    if not asked:
        return rows.none()
    keys = ", ".join([_KEY[connection.vendor]] * len(asked))
    columns = {field.name for field in rows.model._meta.get_fields()}
    joined = _KEYS_AND_ROWS[connection.vendor].format(
        keys=keys,
        table=rows.model._meta.db_table,
        key=key,
        present=_PRESENT if "released_at" in columns else "",
    )
    return rows.filter(InStatement("pk", f"SELECT t.id FROM {joined}", asked))


def keys_of(names: Iterable[str]) -> dict[str, str]:
    """Return what fills `at_or_beneath` in a kept statement for as many names."""
    keys = dict.fromkeys(email_domains.key(name) for name in names)
    return {f"key_{number}": key for number, key in enumerate(keys)}


def first_present_beneath(
    rows: QuerySet, names: Iterable[str], number: int, *, besides: dict[str, int] | None = None
) -> Iterator:
    """The first few of the rows not released beneath each name, so that thousands beneath one name
    hide no other's.

    `besides` is the organization, by name, whose rows are left out beneath it.
    """
    for some in in_statements(names):
        yield from first_beneath_some(rows, some, number, besides=besides)


def in_statements(names: Iterable[str]) -> Iterator[list[str]]:
    """The names in parts that one statement can ask for."""
    names = list(dict.fromkeys(names))
    for start in range(0, len(names), IN_ONE_STATEMENT):
        yield names[start : start + IN_ONE_STATEMENT]


def first_beneath_some(
    rows: QuerySet, names: list[str], number: int, *, besides: dict[str, int] | None = None
) -> QuerySet:
    """The same as rows, for at most IN_ONE_STATEMENT names."""
    if not names:
        return rows.none()
    first = _FIRST_PRESENT.format(table=rows.model._meta.db_table, key="key", number=number)
    bounds = [
        Varying(name, value, BigIntegerField() if isinstance(value, int) else TextField())
        for name, value in bounds_beneath(names, besides=besides).items()
    ]
    return rows.filter(InStatement("pk", " UNION ALL ".join([first] * len(names)), bounds))


def bounds_beneath(
    names: list[str], *, besides: dict[str, int] | None = None
) -> dict[str, str | int]:
    """Return what fills `first_beneath_some` in a kept statement for as many names."""
    values: dict[str, str | int] = {}
    for number, name in enumerate(names):
        low, high = email_domains.beneath_range(name)
        values |= {f"low_{number}": low, f"high_{number}": high}
        values[f"besides_{number}"] = (besides or {}).get(name, 0)
    return values
