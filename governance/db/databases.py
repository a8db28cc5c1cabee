"""What differs between the databases that the portal runs on,
for those who must not ask which it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection


def for_this_database(texts: Mapping[str, str]) -> str:
    """Return the text of the database in use, out of one for "sqlite" and one for "postgresql"."""
    return texts[connection.vendor]


def hold_until_the_end(number: int) -> None:
    """Hold the advisory lock with this number until the transaction ends.

    SQLite needs none: every writing transaction holds its one write lock (IMMEDIATE).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def learn_sizes() -> None:
    """Let the database know at once how large its tables have become and which of their pages are
    settled: it learns that by itself later.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)")
