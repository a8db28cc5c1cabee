"""A page of any rows in an order with a key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, QuerySet

from .keyset import Cursor, Sort, after, decode

SIZE = 25
READ_AT_ONCE = 1_000
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, with the cursors of the pages before and behind; "" where there is none."""

    rows: tuple
    previous: str = ""
    next: str = ""

    def __bool__(self) -> bool:
        return bool(self.rows)


def page_of(
    rows: QuerySet, sort: Sort, cursor: str, *, size: int = SIZE, related: tuple[str, ...] = ()
) -> Page:
    """The page that the cursor names; the first one when it names none.

    With `related`, rows to be read with each, the page is found by its keys first: a database that
    has to sort then sorts narrow rows.
    """
    place = decode(cursor, sort) if cursor else None
    found = _found(after(rows, sort, place), size + 1, related)
    more, shown = len(found) > size, found[:size]
    if place and place.backward:
        if not more:
            return page_of(rows, sort, "", size=size, related=related)
        shown = shown[::-1]
    before = more if place and place.backward else place is not None
    behind = True if place and place.backward else more
    return Page(
        tuple(shown), _at(shown[:1], sort, before, backward=True), _at(shown[-1:], sort, behind)
    )


def _found(rows: QuerySet, number: int, related: tuple[str, ...]) -> list:
    if not related:
        return list(rows[:number])
    found = rows.model._default_manager.filter(pk__in=rows.values("pk")[:number])
    return list(found.select_related(*related).order_by(*rows.query.order_by))


def every_row(rows: QuerySet[Row], sort: Sort) -> Iterator[Row]:
    """Yield all rows in the order: one statement for each READ_AT_ONCE of them."""
    place: Cursor | None = None
    more = True
    while more:
        batch = list(after(rows, sort, place)[:READ_AT_ONCE])
        yield from batch
        more = len(batch) == READ_AT_ONCE
        place = Cursor(getattr(batch[-1], sort.column), batch[-1].pk) if batch else None


def _at(rows: list, sort: Sort, wanted: bool, *, backward: bool = False) -> str:
    if not rows or not wanted:
        return ""
    return Cursor(getattr(rows[0], sort.column), rows[0].pk, backward).encode(sort)
