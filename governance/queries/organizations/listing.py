"""The list of connected organizations: one page at a time with the numbers around it, or all of it
for an export.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import BigAutoField, QuerySet

from ...db.combined_query import COUNT_CAP, Counted, capped_count, combine
from ...db.kept_statements import Statement, Varying, kept, statement_of
from ...db.keyset import Cursor, after, decode, next_keys
from ...facts.access_packages.requestable_counts import Offers
from ...models import Organization, Person
from .around import Around, OpenDraft, around_rows
from .filters import BLOCKED, Asked, OrganizationFilters, Way, asked
from .rows import OrganizationRow, organization_rows, with_columns
from .search import Search, search_for

PAGE, EXPORTED_AT_ONCE = 25, 500
# Of LOOKED_AT rows: a text that more of them have is found sooner in the order than in its index.
COMMON = 100


@dataclass(frozen=True, slots=True)
class OrganizationPage:
    """A page of the list. `previous` and `next` are cursors, "" where there is none; `start` is the
    number of the first row.
    """

    filters: OrganizationFilters
    search: Search
    counts: dict[str, Counted]
    offers: Offers
    drafts: tuple[OpenDraft, ...]
    rows: tuple[OrganizationRow, ...] = ()
    previous: str = ""
    next: str = ""
    start: int = 1

    @property
    def total(self) -> Counted:
        return self.counts[self.filters.view]

    @property
    def end(self) -> int:
        return self.start + len(self.rows) - 1


def organization_page(
    filters: OrganizationFilters, *, cursor: str, person: Person, at: datetime
) -> OrganizationPage:
    """One page with the counts of every view.

    Three statements; one more each after a change, for a package and for a text that very many
    have, two for a whole domain.
    """
    request = asked(filters, search_for(filters.text), at)
    around = around_rows(request, person)
    place = decode(cursor, filters.sort) if cursor else None
    rows = _read(around, filters, place, PAGE, at)
    if place and place.backward and len(rows) <= PAGE:
        place, rows = None, _read(around, filters, None, PAGE, at)
    counts = around.counts | _blocked(around, rows)
    page = OrganizationPage(filters, request.search, counts, around.offers, around.drafts)
    return _with_rows(page, rows, place)


def _blocked(around: Around, rows: list[OrganizationRow]) -> dict[str, Counted]:
    """How many hits of a search are blocked: of the rows themselves, where they are all there are.

    At most one statement.
    """
    request = around.request
    if not request.search:
        return {}
    if not request.filters.view and len(rows) == around.counts[""].number:
        return {BLOCKED: capped_count(sum(row.tag == BLOCKED for row in rows))}
    few = len(request.hits) <= COUNT_CAP
    key = request.shape and ("blocked hits", few, *request.shape)
    statement = kept(key, lambda: combine({BLOCKED: request.blocked_hits()}, {}))
    counted, _lists = statement.run(request.values)
    return counted


def every_organization(
    filters: OrganizationFilters, *, person: Person, at: datetime
) -> Iterator[OrganizationRow]:
    """All rows of the filtered list in its order:
    two statements for each EXPORTED_AT_ONCE of them.
    """
    around = around_rows(asked(filters, search_for(filters.text), at), person)
    place, more = None, True
    while more:
        rows = _read(around, filters, place, EXPORTED_AT_ONCE, at)
        more = len(rows) > EXPORTED_AT_ONCE
        yield from rows[:EXPORTED_AT_ONCE]
        place = _place(filters, rows[EXPORTED_AT_ONCE - 1]) if more else None


def _read(
    around: Around, filters: OrganizationFilters, place: Cursor | None, size: int, at: datetime
) -> list[OrganizationRow]:
    """One row more than `size` when there are more, in the direction of the cursor."""
    asking = _Asking(around.request, around.way, place, size + 1)
    near = asking.near() if asking.looks_near else None
    if near is not None and near.is_enough:
        read = asking.rows_of(near.shown)
    elif near is not None and near.having_text < COMMON:
        read = replace(asking, way=Way.BY_EVERY_TEXT).rows()
    else:
        read = asking.rows()
    return organization_rows(read, offers=around.offers, default=around.default, at=at)


@dataclass(frozen=True, slots=True)
class _Near:
    """What LOOKED_AT rows in the order have: the ids of the first that the view shows, whether
    they make a page, and how many rows have the text.
    """

    shown: list[int]
    is_enough: bool
    having_text: int


@dataclass(frozen=True, slots=True)
class _Asking:
    """How the rows of one page are read: at most `number` of them, behind `place`."""

    request: Asked
    way: Way
    place: Cursor | None
    number: int

    @property
    def looks_near(self) -> bool:
        """What very many have is looked for near the page first: that finds enough, or tells how
        to go on.
        """
        search, view = self.request.search, self.request.filters.view
        return self.way is Way.IN_ORDER and bool(search) and not search.is_short and view != BLOCKED

    def near(self) -> _Near:
        order = self.request.filters.sort.order(backward=self._backward)
        view = self.request.filters.view
        found = self._kept(
            "near", lambda: self.request.near(view, self.place).order_by(*order)
        ).rows(self._values)
        shown = [pk for pk, is_shown in found if is_shown]
        return _Near(shown[: self.number], len(shown) >= self.number, len(found))

    def rows(self) -> list[tuple]:
        """The rows, with what their columns are made of."""
        return self._kept("rows", lambda: self._page(self._wanted())).rows(self._values)

    def rows_of(self, ids: list[int]) -> list[tuple]:
        """The same for rows that are known."""
        values = {f"id_{number}": key for number, key in enumerate(ids)}
        wanted = [Varying(name, key, BigAutoField()) for name, key in values.items()]
        return self._kept("rows of", lambda: self._page(wanted)).rows(self._values | values)

    def _wanted(self) -> QuerySet:
        """The ids of the rows of the page."""
        request = self.request
        rows = request.rows(request.filters.view, self.way)
        if self.way is Way.IN_ORDER:
            return next_keys(rows, request.filters.sort, self.place, self.number)
        return after(rows, request.filters.sort, self.place).values("pk")[: self.number]

    def _page(self, wanted: QuerySet | list[Varying]) -> QuerySet:
        order = self.request.filters.sort.order(backward=self._backward)
        return with_columns(Organization.objects.filter(pk__in=wanted).order_by(*order))

    def _kept(self, what: str, make: Callable[[], QuerySet]) -> Statement:
        shape = self.request.shape
        direction = self.place and self.place.backward
        key = shape and (what, *shape, self.way, direction, self.number)
        return kept(key, lambda: statement_of(make()))

    @property
    def _backward(self) -> bool:
        return bool(self.place and self.place.backward)

    @property
    def _values(self) -> dict[str, object]:
        place = self.place
        cursor = {"cursor_value": place.value, "cursor_id": place.id} if place else {}
        return self.request.values | cursor


def _with_rows(
    page: OrganizationPage, rows: list[OrganizationRow], place: Cursor | None
) -> OrganizationPage:
    backward, more = bool(place and place.backward), len(rows) > PAGE
    shown = rows[:PAGE][::-1] if backward else rows[:PAGE]
    start = place.start if place else 1
    before, behind = (more, True) if backward else (place is not None, more)
    return replace(
        page,
        rows=tuple(shown),
        start=start,
        previous=_cursor(page, shown[0], backward=True, start=max(1, start - PAGE))
        if shown and before
        else "",
        next=_cursor(page, shown[-1], start=start + len(shown)) if shown and behind else "",
    )


def _cursor(page: OrganizationPage, row: OrganizationRow, **more) -> str:
    return _place(page.filters, row, **more).encode(page.filters.sort)


def _place(filters: OrganizationFilters, row: OrganizationRow, **more) -> Cursor:
    return Cursor(getattr(row, filters.sort.column), row.id, **more)
