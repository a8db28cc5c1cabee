"""The pages of one connected organization: what it is, and its tabs."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ..models import Organization
from ..queries import organization_pages as pages
from ..queries.audit_events import events_of_organization
from .access import needs


def organization_or_404(key: UUID, *, present: bool = False) -> Organization:
    rows = Organization.objects.present() if present else Organization.objects.all()
    return get_object_or_404(pages.with_numbers(rows), uuid=key)


@needs("view_organization")
def detail(request, key: UUID):
    organization = organization_or_404(key)
    return _tab(request, "overview", organization, pages.overview(organization, timezone.now()))


@needs("view_organization")
def directories(request, key: UUID):
    organization = organization_or_404(key)
    return _tab(request, "directories", organization, {"rows": pages.source_rows(organization, timezone.now())})


@needs("view_organization")
def sponsor_list(request, key: UUID):
    organization = organization_or_404(key)
    return _tab(request, "sponsors", organization, {"sponsorships": pages.sponsorships(organization)})


@needs("view_organization")
def access(request, key: UUID):
    organization = organization_or_404(key)
    return _tab(request, "access", organization, pages.access(organization, timezone.now()))


@needs("view_auditevent")
def activity(request, key: UUID):
    organization = organization_or_404(key)
    return _tab(request, "activity", organization, {"events": events_of_organization(organization)[:100]})


def _tab(request, name: str, organization: Organization, facts: dict):
    """`rows` are the sources where the tab shows them: what the list does to their names is known then."""
    names = [verdict for row in facts.get("rows", ()) for verdict in row.names]
    is_blocked = pages.all_blocked(names) if names else pages.is_blocked(organization, timezone.now())
    context = {"organization": organization, "tab": name, "restorable_until": pages.restorable_until(organization), "is_blocked": is_blocked, **facts}
    return render(request, f"governance/organizations/{name}.html", context)
