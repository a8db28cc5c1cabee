"""Who of an organization has access, and whose requests wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ...db.combined_query import Counted, json_list, parse_moment, run_combined
from ...models import AccessRequest, Assignment, Organization

SHOWN = 50


@dataclass(frozen=True, slots=True)
class AccessRow:
    """Access that one of its people has now."""

    key: UUID
    person: str
    person_key: UUID
    email: str
    package: str
    package_key: UUID
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A request of one of its people that waits for approval."""

    key: UUID
    email: str
    package: str
    submitted_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class OrganizationAccess:
    """How much there is, and the newest of it where the rows were asked for."""

    assignments: Counted
    waiting: Counted
    rows: tuple[AccessRow, ...] = ()
    requests: tuple[WaitingRow, ...] = ()


def access_at(
    organization: Organization, at: datetime, *, with_rows: bool = False
) -> OrganizationAccess:
    """Return who of the organization has access now, and which requests wait. One statement."""
    present = Assignment.objects.in_force(at).filter(organization=organization)
    waiting = AccessRequest.objects.pending(at).filter(organization=organization)
    newest = present.order_by("-pk").values("pk")[:SHOWN]
    oldest = waiting.order_by("submitted_at", "id").values("pk")[:SHOWN]
    lists = {
        "rows": json_list(
            Assignment.objects.filter(pk__in=newest),
            *("id", "uuid", "person__name", "person__uuid", "person__email"),
            *("package__name", "package__uuid", "starts_at", "ends_at"),
        ),
        "requests": json_list(
            AccessRequest.objects.filter(pk__in=oldest),
            *("submitted_at", "uuid", "email", "package__name", "due_at"),
        ),
    }
    counts, found = run_combined(
        {"assignments": present, "waiting": waiting}, lists if with_rows else {}
    )
    return OrganizationAccess(
        counts["assignments"],
        counts["waiting"],
        tuple(_row(values) for values in sorted(found.get("rows", ()), reverse=True)),
        tuple(_request(values) for values in sorted(found.get("requests", ()))),
    )


def _row(values: list) -> AccessRow:
    _pk, key, person, person_key, email, package, package_key, since, until = values
    until = parse_moment(until) if until else None
    since = parse_moment(since)
    keys = (UUID(key), UUID(person_key), UUID(package_key))
    return AccessRow(keys[0], person, keys[1], email, package, keys[2], since, until)


def _request(values: list) -> WaitingRow:
    submitted_at, key, email, package, due_at = values
    return WaitingRow(UUID(key), email, package, parse_moment(submitted_at), parse_moment(due_at))
