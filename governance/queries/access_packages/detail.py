"""What the pages of one access package show, tab by tab."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from ...db.combined_query import Counted, capped_count, from_json, json_subquery
from ...db.keyset import Sort, a_moment, a_number
from ...db.keyset_pages import Page, page_of
from ...facts.resources.usage import check
from ...models import AccessRequest, Assignment, AuditEvent, Package, Person, Policy, Resource
from ...rules.decision import Reason
from ..people.listing import person_search
from .listing import with_counts

NEWEST = Sort("id", "pk", a_number, descending=True)
LATEST = Sort("submitted", "submitted_at", a_moment, descending=True)
STATES = {state.value: state.label for state in AccessRequest.State}


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """A resource of a package, with why nothing can be delivered there, if so."""

    resource: Resource
    problem: Reason | None


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request with its state as it is at this moment."""

    request: AccessRequest
    state: str

    @property
    def label(self) -> str:
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class ResourceLink:
    """A resource by its name, with the public id of the group or webhook."""

    kind: str
    name: str
    key: UUID


def with_tab_facts(packages: QuerySet[Package], at: datetime) -> QuerySet[Package]:
    """Add to each package what every tab shows of it: counts, and what it gives."""
    here = Resource.objects.filter(package=OuterRef("pk"), removed_at__isnull=True)
    columns = ("kind", "id", "group__name", "webhook__name", "group__uuid", "webhook__uuid")
    given = Subquery(json_subquery(here, "package", *columns))
    return with_counts(packages, at).annotate(resource_list=given)


def tab_counts(package: Any) -> dict[str, Counted]:
    """Return what the tabs count, of a package that was read `with_tab_facts`."""
    names = ("resource", "policy", "people", "waiting")
    return {name: capped_count(getattr(package, f"{name}_count")) for name in names}


def resource_links(package: Any) -> list[ResourceLink]:
    """Return what the package gives, groups first; it was read `with_tab_facts`."""
    rows = sorted(from_json(package.resource_list), key=lambda row: row[:2])
    return [
        ResourceLink(kind, group or webhook, UUID(group_key or webhook_key))
        for kind, _id, group, webhook, group_key, webhook_key in rows
    ]


def present_resources(package: Package) -> QuerySet[Resource]:
    """Return what the package gives access to now, groups first."""
    return (
        Resource.objects.filter(package=package, removed_at__isnull=True)
        .select_related("group", "webhook")
        .defer("webhook__secret")
        .order_by("kind", "id")
    )


def resource_rows(package: Package) -> list[ResourceRow]:
    """Return its resources. One statement."""
    return [ResourceRow(row, check(row)) for row in present_resources(package)]


def people_page(package: Package, text: str, cursor: str, at: datetime) -> Page:
    """Return a page of the access to the package that is in force, the newest first. One
    statement.
    """
    rows = Assignment.objects.in_force(at).filter(package=package)
    if text:
        rows = rows.filter(person__in=Person.objects.filter(person_search(text)).values("pk"))
    return page_of(rows.select_related("person", "organization"), NEWEST, cursor)


def request_page(package: Package, state: str, cursor: str, at: datetime) -> Page:
    """Return a page of its requests, the latest first, each as a RequestRow. One statement."""
    rows = AccessRequest.objects.filter(package=package)
    if state:
        rows = rows.filter(_in_state(state, at))
    page = page_of(rows.select_related("requester", "organization"), LATEST, cursor)
    shown = tuple(RequestRow(row, row.state_at(at)) for row in page.rows)
    return Page(shown, page.previous, page.next)


def events_of_package(package: Package) -> QuerySet[AuditEvent]:
    """Return what happened to the package and to the policies that it has, the latest first."""
    policies = Policy.objects.filter(package=package).values_list("uuid", flat=True)
    about_policy = Q(target_kind="policy", target_key__in=[str(key) for key in policies])
    about_package = Q(target_kind="package", target_key=str(package.uuid))
    return AuditEvent.objects.filter(about_package | about_policy).order_by("-id")


def _in_state(state: str, at: datetime) -> Q:
    """Return the condition of a state as it is read: nobody's answer in time is expiry."""
    expired = Q(pk__in=AccessRequest.objects.expired(at).values("pk"))
    if state == AccessRequest.State.EXPIRED:
        return Q(state=state) | expired
    return Q(state=state) & ~expired
