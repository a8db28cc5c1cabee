"""The pages of one connected organization: what it is, and its tabs."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ...facts.directories.differences import differences
from ...facts.organizations.present_sources import sources_as_chosen
from ...models import Organization
from ...queries.audit.events import events_of_organization
from ...queries.organizations import detail as pages
from ...queries.organizations.access import access_at
from ...rules.sponsors import KINDS
from ...web.access import needs
from ...web.errors import DeletedMeanwhile


def organization_or_404(key: UUID, *, present: bool = False) -> Organization:
    """The organization; where it has to be `present` and was deleted, the answer says so."""
    row = get_object_or_404(Organization, uuid=key)
    if present and row.deleted_at:
        raise DeletedMeanwhile(row)
    return row


@needs("view_organization")
def detail(request, key: UUID):
    sees_policies = request.user.has_perm("governance.view_policy")
    more = pages.overview_with_gaps if sees_policies else pages.overview
    return tab(request, "overview", key, more)


@needs("view_organization")
def directories(request, key: UUID):
    return tab(
        request,
        "directories",
        key,
        lambda organization, *_: {"differences": differences(sources_as_chosen(organization))},
    )


@needs("view_organization")
def sponsor_list(request, key: UUID):
    return tab(
        request,
        "sponsors",
        key,
        lambda _organization, parts, at: {
            kind: [row for row in parts.sponsors(at) if row.kind == kind] for kind in KINDS
        },
    )


@needs("view_organization")
def people(request, key: UUID):
    return tab(request, "people", key, lambda organization, *_: pages.people(organization))


@needs("view_organization")
def access(request, key: UUID):
    return tab(request, "access", key, pages.access)


@needs("view_auditevent")
def activity(request, key: UUID):
    return tab(
        request,
        "activity",
        key,
        lambda organization, _parts, _at: {"events": events_of_organization(organization)[:100]},
    )


def tab(request, name: str, key: UUID, more=lambda *_: {}):
    """What every tab shows around it, and what it asks for besides."""
    organization = pages.organization_with_parts(key)
    if organization is None:
        raise Http404
    parts, at = pages.parts_of(organization), timezone.now()
    rows, sees_requests = parts.rows(at), request.user.has_perm("governance.view_accessrequest")
    context = {
        "organization": organization,
        "tab": name,
        "held": access_at(organization, at, with_rows=name == "access") if sees_requests else None,
        "restorable_until": pages.restorable_until(organization),
        "rows": rows,
        "sponsorships": parts.sponsors(at),
        "is_blocked": pages.all_blocked(verdict for row in rows for verdict in row.names),
        **more(organization, parts, at),
    }
    return render(request, f"governance/organizations/{name}.html", context)
