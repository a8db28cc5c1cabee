"""The list of connected organizations, and the same as a file."""

from __future__ import annotations

from datetime import UTC
from uuid import uuid4

from django.shortcuts import render
from django.utils import timezone

from ...forms.organization_filters import filters_asked
from ...queries.organizations.filters import OrganizationFilters
from ...queries.organizations.listing import every_organization, organization_page
from ...queries.organizations.rows import OrganizationRow
from ...web.access import needs
from ...web.csv_lines import csv_response
from ...web.responses import wants_fragment

_HEADER = (
    "Name",
    "Description",
    "Directories + domains",
    "Sign-in",
    "Internal sponsors",
    "External sponsors",
    "Packages",
    "People",
    "State",
    "Changed",
)


@needs("view_organization")
def organization_list(request):
    page = organization_page(
        _filters(request),
        cursor=request.GET.get("cursor", ""),
        person=request.user,
        at=timezone.now(),
    )
    template = (
        "governance/organizations/_results.html"
        if wants_fragment(request)
        else "governance/organizations/list.html"
    )
    return render(request, template, {"page": page, **_shown_to(request)})


@needs("view_organization")
def organization_export(request):
    rows = every_organization(_filters(request), person=request.user, at=timezone.now())
    return csv_response(
        f"connected-organizations-{timezone.now().date()}", _HEADER, map(_cells, rows)
    )


def _shown_to(request) -> dict:
    return {
        "may_change": request.user.has_perm("governance.change_organization"),
        "sees_packages": _sees_packages(request),
        "fresh_draft": uuid4(),
    }


def _filters(request) -> OrganizationFilters:
    return filters_asked(request.GET, sees_packages=_sees_packages(request))


def _sees_packages(request) -> bool:
    return request.user.has_perm("governance.view_package")


def _cells(row: OrganizationRow) -> tuple:
    return (
        row.name,
        row.description,
        "; ".join(row.names),
        row.sign_in,
        "; ".join(row.internal_sponsors),
        "; ".join(row.external_sponsors),
        row.packages,
        row.people_count,
        row.tag.capitalize(),
        row.changed_at.astimezone(UTC).isoformat(timespec="seconds"),
    )
