"""The list of all requests, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from ...db.combined_query import Counted, capped_count, json_list, run_combined
from ...db.keyset import Sort, a_moment
from ...db.keyset_pages import Page, every_row, page_of
from ...models import AccessRequest, Package
from ...rules.access_requests.transitions import (
    EXPIRED,
    FAILED,
    PARKED,
    PENDING,
    STATE_WORDS,
    WAITING,
)
from .filters import by_address, organizations_named, packages_to_choose, within

NEWEST = Sort("submitted", "submitted_at", a_moment, descending=True)
VIEWS = {"waiting": "Waiting", "on_hold": "On hold", "failed": "Failed", "": "All"}
KINDS = dict(AccessRequest.Kind.choices)
_STATE_OF_VIEW = {"waiting": PENDING, "on_hold": PARKED, "failed": FAILED}
_RELATED = ("package", "organization", "requester")


@dataclass(frozen=True, slots=True)
class RequestFilters:
    """What the list is asked for; empty values ask nothing.

    `state` is as it is to be read now; `since` and `until` are days in the time zone `zone`.
    """

    view: str = ""
    text: str = ""
    state: str = ""
    package: UUID | None = None
    organization: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    zone: tzinfo = UTC

    @property
    def narrows(self) -> bool:
        """Whether anything but the view is asked for."""
        asked = (self.text, self.state, self.package, self.organization, self.kind)
        return any((*asked, self.since, self.until))


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as a list shows it, with its state as it is to be read."""

    request: AccessRequest
    state: str

    @property
    def words(self) -> str:
        """Return the state in words."""
        return STATE_WORDS[self.state]

    @property
    def stage(self) -> str:
        """Return which stage of how many is asked, where somebody is asked."""
        number = len(self.request.stages)
        return f"Stage {self.request.stage} of {number}" if self.is_waiting and number > 1 else ""

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for an approval."""
        return self.state == PENDING

    @property
    def due_at(self) -> datetime | None:
        """Return by when somebody has to answer; None where nobody has to."""
        return self.request.due_at if self.state in WAITING else None


@dataclass(frozen=True, slots=True)
class RequestPage:
    """The requests that are shown, how many there are in each view, and the packages to choose."""

    filters: RequestFilters
    page: Page
    rows: tuple[RequestRow, ...]
    counts: dict[str, Counted]
    packages: tuple[tuple[str, str], ...]

    @property
    def total(self) -> Counted:
        return self.counts[self.filters.view]


def request_page(filters: RequestFilters, cursor: str, at: datetime) -> RequestPage:
    """Return a page of requests. Two statements; one more each for the name of an organization and
    for a text.
    """
    matching = _matching(filters, at)
    by_view = {} if filters.text else _by_view(matching, filters, at)
    counts, lists = run_combined(
        by_view, {"packages": json_list(Package.objects.all(), "uuid", "name")}
    )
    counts = _counted_at_once(matching, at) if filters.text else counts
    page = page_of(_shown(matching, filters, at), NEWEST, cursor)
    rows = tuple(RequestRow(row, row.state_at(at)) for row in page.rows)
    return RequestPage(filters, page, rows, counts, packages_to_choose(lists["packages"]))


def every_request(filters: RequestFilters, at: datetime) -> Iterator[RequestRow]:
    """All requests of the filtered list in its order, a thousand at a time."""
    rows = _shown(_matching(filters, at), filters, at)
    return (RequestRow(row, row.state_at(at)) for row in every_row(rows, NEWEST))


def in_state(state: str, at: datetime) -> Q:
    """Return the condition that a request is to be read as in that state at that moment."""
    if state == EXPIRED:
        return Q(state=EXPIRED) | Q(state__in=WAITING, due_at__lte=at)
    return Q(state=state, due_at__gt=at) if state in WAITING else Q(state=state)


def _by_view(
    matching: QuerySet[AccessRequest], filters: RequestFilters, at: datetime
) -> dict[str, QuerySet[AccessRequest]]:
    """Return the requests of each view; none where another state is asked for."""
    return {
        view: matching.none()
        if view and filters.state not in ("", _STATE_OF_VIEW[view])
        else matching.filter(_in_view(view, at))
        for view in VIEWS
    }


def _counted_at_once(matching: QuerySet[AccessRequest], at: datetime) -> dict[str, Counted]:
    """Count all views in one go, where a text has to be looked for in every row."""
    within = {view or "all": Count("pk", filter=_in_view(view, at)) for view in VIEWS}
    numbers = matching.aggregate(**within)
    return {view: capped_count(numbers[view or "all"]) for view in VIEWS}


def _in_view(view: str, at: datetime) -> Q:
    return in_state(_STATE_OF_VIEW[view], at) if view else Q(pk__isnull=False)


def _shown(
    matching: QuerySet[AccessRequest], filters: RequestFilters, at: datetime
) -> QuerySet[AccessRequest]:
    return matching.filter(_in_view(filters.view, at)).select_related(*_RELATED)


def _matching(filters: RequestFilters, at: datetime) -> QuerySet[AccessRequest]:
    rows = AccessRequest.objects.filter(
        within("submitted_at", filters.since, filters.until, filters.zone)
    )
    if filters.state:
        rows = rows.filter(in_state(filters.state, at))
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.package:
        rows = rows.filter(package__uuid=filters.package)
    if filters.organization:
        rows = rows.filter(organization__in=organizations_named(filters.organization))
    if filters.text:
        rows = rows.filter(by_address(filters.text, "email", "mailbox"))
    return rows
