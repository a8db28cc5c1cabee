"""Events of the audit log by what they were about."""

from __future__ import annotations

from django.db.models import QuerySet

from ..models import AuditEvent, Organization, Person


def events_of_organization(organization: Organization) -> QuerySet:
    """The organization's events, the latest first."""
    return AuditEvent.objects.filter(organization_key=str(organization.uuid)).order_by("-id")


def events_of_person(person: Person) -> QuerySet:
    """What happened to the person, the latest first."""
    return AuditEvent.objects.filter(target_kind="person", target_key=str(person.uuid)).order_by("-id")
