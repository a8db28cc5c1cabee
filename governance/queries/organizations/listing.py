"""The list of connected organizations: one page at a time with the numbers around it, or all of it
for an export.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from ...db.combined_query import COUNT_CAP, Counted, ask, json_list, parse_moment
from ...db.keyset import Cursor, after, decode, next_keys
from ...facts.access_packages.requestable_counts import Offers, offer_lists, offers
from ...models import ListDefault, Organization, Person
from ...rules.domain_list import ALLOW
from ..connecting.drafts import unfinished
from .filters import BLOCKED, TALLIED, WITHOUT_TEXT, Asked, OrganizationFilters, Way, asked
from .rows import OrganizationRow, organization_rows
from .search import Search, search_for

PAGE, EXPORTED_AT_ONCE = 25, 500
# Of LOOKED_AT rows: a text that more of them have is found sooner in the order than in its index.
COMMON = 100


@dataclass(frozen=True, slots=True)
class OpenDraft:
    key: UUID
    name: str
    saved_at: datetime


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


@dataclass(frozen=True, slots=True)
class _Around:
    """What one statement tells before the rows are read, and how those are come by."""

    request: Asked
    way: Way
    default: str
    counts: dict[str, Counted]
    offers: Offers
    drafts: tuple[OpenDraft, ...]


def organization_page(
    filters: OrganizationFilters, *, cursor: str, person: Person, at: datetime
) -> OrganizationPage:
    """One page with the counts of every view.

    Three statements; one more each for a package and for a text that very many have, two for a
    whole domain.
    """
    request = asked(filters, search_for(filters.text), at)
    around = _around(request, person)
    place = decode(cursor, filters.sort) if cursor else None
    rows = _read(around, filters, place, PAGE, at)
    if place and place.backward and len(rows) <= PAGE:
        place, rows = None, _read(around, filters, None, PAGE, at)
    page = OrganizationPage(filters, request.search, around.counts, around.offers, around.drafts)
    return _with_rows(page, rows, place)


def every_organization(
    filters: OrganizationFilters, *, person: Person, at: datetime
) -> Iterator[OrganizationRow]:
    """All rows of the filtered list in its order:
    two statements for each EXPORTED_AT_ONCE of them.
    """
    around = _around(asked(filters, search_for(filters.text), at), person)
    place, more = None, True
    while more:
        rows = _read(around, filters, place, EXPORTED_AT_ONCE, at)
        more = len(rows) > EXPORTED_AT_ONCE
        yield from rows[:EXPORTED_AT_ONCE]
        place = _place(filters, rows[EXPORTED_AT_ONCE - 1]) if more else None


def _around(request: Asked, person: Person) -> _Around:
    lists = offer_lists() | {
        "default": json_list(ListDefault.objects.all(), "effect"),
        "drafts": json_list(
            unfinished(person, request.at), "uuid", "answers__basics__name", "saved_at"
        ),
    }
    counted, rows = ask(
        request.to_count(), lists | ({"tally": request.tally()} if request.search else {})
    )
    counts = counted | (_tallied(rows["tally"]) if request.search else {})
    default = rows["default"][0][0] if rows["default"] else ALLOW
    return _Around(
        replace(request, default=default),
        _way(request, counts),
        default,
        counts,
        offers(rows["packages"], rows["policies"]),
        _drafts(rows["drafts"]),
    )


def _tallied(tally: list[int]) -> dict[str, Counted]:
    """The counts of a search's views: they are the least there are, when not all hits were looked
    at.
    """
    hits, *numbers = tally or [0] * (1 + len(TALLIED))
    return {
        view: Counted(min(number, COUNT_CAP), hits > COUNT_CAP)
        for view, number in zip(TALLIED, numbers, strict=True)
    }


def _way(request: Asked, counts: dict[str, Counted]) -> Way:
    """Few rows are found and sorted, many are taken in their order."""
    if request.search and not counts[""].is_least:
        return Way.BY_TEXT
    return (
        Way.IN_ORDER
        if counts[WITHOUT_TEXT if request.search else request.filters.view].is_least
        else Way.BY_FILTER
    )


def _wanted(around: _Around, place: Cursor | None, size: int) -> QuerySet:
    """The ids of the rows of a page.

    What very many have is looked for near the page first: that finds enough, or tells how to go on.
    """
    request, way, view = around.request, around.way, around.request.filters.view
    if way is Way.IN_ORDER and request.search and not request.search.is_short and view != BLOCKED:
        near, having_text = request.near(view, place)
        if len(near) > size:
            return after(
                Organization.objects.filter(pk__in=near), request.filters.sort, place
            ).values("pk")[: size + 1]
        way = Way.BY_EVERY_TEXT if having_text < COMMON else way
    rows = request.rows(view, way)
    if way is Way.IN_ORDER:
        return next_keys(rows, request.filters.sort, place, size + 1)
    return after(rows, request.filters.sort, place).values("pk")[: size + 1]


def _read(
    around: _Around, filters: OrganizationFilters, place: Cursor | None, size: int, at: datetime
) -> list[OrganizationRow]:
    """One row more than `size` when there are more, in the direction of the cursor."""
    order = filters.sort.order(backward=bool(place and place.backward))
    page = Organization.objects.filter(pk__in=_wanted(around, place, size)).order_by(*order)
    return organization_rows(page, offers=around.offers, default=around.default, at=at)


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


def _drafts(rows: list) -> tuple[OpenDraft, ...]:
    drafts = (
        OpenDraft(UUID(key), name or "", parse_moment(saved_at)) for key, name, saved_at in rows
    )
    return tuple(sorted(drafts, key=lambda draft: draft.saved_at, reverse=True))
