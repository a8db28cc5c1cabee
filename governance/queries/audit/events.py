"""Events of the audit log by what they were about."""

from __future__ import annotations

from django.db.models import CharField, QuerySet

from ...db.kept_statements import Varying, instances
from ...models import AuditEvent, Organization, Person


def events_of_organization(organization: Organization) -> QuerySet:
    """The organization's events, the latest first."""
    return AuditEvent.objects.filter(organization_key=str(organization.uuid)).order_by("-id")


def latest_of_organization(organization: Organization, number: int) -> list[AuditEvent]:
    """The first so many of them."""
    key = str(organization.uuid)

    def rows() -> QuerySet:
        wanted = AuditEvent.objects.filter(organization_key=Varying("key", key, CharField()))
        return wanted.order_by("-id")[:number]

    return instances(AuditEvent, ("latest", number), rows, {"key": key})


def events_of_person(person: Person) -> QuerySet:
    """What happened to the person, the latest first."""
    return AuditEvent.objects.filter(target_kind="person", target_key=str(person.uuid)).order_by(
        "-id"
    )


def events_about(row) -> QuerySet:
    """What happened to a row of any kind, the latest first; to an organization, with all that
    happened in it.
    """
    if isinstance(row, Organization):
        return events_of_organization(row)
    return AuditEvent.objects.filter(
        target_kind=row._meta.model_name, target_key=str(getattr(row, "uuid", row.pk))
    ).order_by("-id")
