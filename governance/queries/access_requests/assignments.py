"""Who has access now: the list of assignments, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from uuid import UUID

from django.db.models import Q, QuerySet

from ...db.combined_query import Counted, json_list, run_combined
from ...db.keyset import Sort, a_moment, a_number
from ...db.keyset_pages import Page, every_row, page_of
from ...models import AccessRequest, Assignment, Package
from .filters import by_address, organizations_named, packages_to_choose, within

SOON = timedelta(days=14)
NEWEST = Sort("number", "pk", a_number, descending=True)
BY_END = Sort("end", "ends_at", a_moment)
VIEWS = {"": "Access now", "ending": f"Ending within {SOON.days} days", "no_end": "No end date"}
THROUGH = {
    AccessRequest.Kind.ACCESS.value: "Request",
    AccessRequest.Kind.DIRECT.value: "Direct assignment",
    AccessRequest.Kind.EXTENSION.value: "Extension",
}
_RELATED = ("package", "organization", "person", "request")


@dataclass(frozen=True, slots=True)
class AssignmentFilters:
    """What the list is asked for; empty values ask nothing.

    `since` and `until` are days of the end, in the time zone `zone`.
    """

    view: str = ""
    text: str = ""
    package: UUID | None = None
    organization: str = ""
    since: date | None = None
    until: date | None = None
    zone: tzinfo = UTC

    @property
    def narrows(self) -> bool:
        """Whether anything but the view is asked for."""
        return any((self.text, self.package, self.organization, self.since, self.until))


@dataclass(frozen=True, slots=True)
class AssignmentPage:
    """The assignments that are shown, how many there are in each view, the packages to choose."""

    filters: AssignmentFilters
    page: Page
    counts: dict[str, Counted]
    packages: tuple[tuple[str, str], ...]

    @property
    def total(self) -> Counted:
        return self.counts[self.filters.view]

    @property
    def order(self) -> str:
        """Return the order of the rows in words."""
        return "Ending first" if self.filters.view == "ending" else "Newest first"


def assignment_page(filters: AssignmentFilters, cursor: str, at: datetime) -> AssignmentPage:
    """Return a page of who has access. Two statements, one more for an organization's name."""
    matching = _matching(filters, at)
    counts, lists = run_combined(
        {view: matching.filter(_in_view(view, at)) for view in VIEWS},
        {"packages": json_list(Package.objects.all(), "uuid", "name")},
    )
    page = page_of(_shown(matching, filters, at), _sort(filters), cursor)
    return AssignmentPage(filters, page, counts, packages_to_choose(lists["packages"]))


def every_assignment(filters: AssignmentFilters, at: datetime) -> Iterator[Assignment]:
    """All assignments of the filtered list in its order, a thousand at a time."""
    return every_row(_shown(_matching(filters, at), filters, at), _sort(filters))


def through(assignment: Assignment) -> str:
    """Return how somebody came to their access."""
    return THROUGH[assignment.request.kind]


def ending_soon(at: datetime) -> Q:
    """Return the condition that access which is in force ends within SOON."""
    return Q(ends_at__gt=at, ends_at__lte=at + SOON)


def packages_to_assign() -> tuple[tuple[str, str], ...]:
    """Return pairs of a package's public id and its name, by name. One statement."""
    rows = Package.objects.order_by("name_key").values_list("uuid", "name")
    return tuple((str(key), name) for key, name in rows)


def _sort(filters: AssignmentFilters) -> Sort:
    return BY_END if filters.view == "ending" else NEWEST


def _in_view(view: str, at: datetime) -> Q:
    if view == "ending":
        return ending_soon(at)
    return Q(ends_at__isnull=True) if view else Q()


def _shown(
    matching: QuerySet[Assignment], filters: AssignmentFilters, at: datetime
) -> QuerySet[Assignment]:
    return matching.filter(_in_view(filters.view, at)).select_related(*_RELATED)


def _matching(filters: AssignmentFilters, at: datetime) -> QuerySet[Assignment]:
    rows = Assignment.objects.in_force(at)
    rows = rows.filter(within("ends_at", filters.since, filters.until, filters.zone))
    if filters.package:
        rows = rows.filter(package__uuid=filters.package)
    if filters.organization:
        rows = rows.filter(organization__in=organizations_named(filters.organization))
    if filters.text:
        rows = rows.filter(by_address(filters.text, "person__email", "mailbox", "person__name_key"))
    return rows
