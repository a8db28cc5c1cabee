"""Shorter text for large statements: psycopg reads the text of a statement anew each time it is
run, where it is longer than 4,096 bytes or has more than 50 parameters.
"""

from __future__ import annotations

import re

LONGEST_KEPT_BY_PSYCOPG = 4_096
MOST_PARAMETERS_KEPT_BY_PSYCOPG = 50
_COLUMN = re.compile(r'"(\w+)"\.(?=")')
_TABLE = re.compile(r'(FROM|JOIN) "(\w+)"(?= (?:WHERE|INNER|LEFT|ON|GROUP|ORDER|LIMIT)\b|\)|$)')


def with_short_names(sql: str) -> str:
    """Return Django's SQL with t0, t1 ... in place of the names of tables before their columns."""
    short = {table: f"t{n}" for n, table in enumerate(dict.fromkeys(_COLUMN.findall(sql)))}

    def named(found: re.Match) -> str:
        word, table = found.groups()
        return f"{found[0]} {short[table]}" if table in short else f'{word} "{table}"'

    return _COLUMN.sub(lambda found: f"{short[found[1]]}.", _TABLE.sub(named, sql))
