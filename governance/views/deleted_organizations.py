"""Deleting a connected organization, bringing it back, letting go of its names."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ..actions import deleted_organizations
from ..models import Organization
from ..queries import organization_pages as pages
from ..rules.decision import Refused
from ..rules.names import name_key
from .access import actor_of, needs
from .organizations import organization_or_404
from .responses import see_other


@needs("delete_organization", methods=("GET", "POST"))
def delete(request, key: UUID):
    """Facts first, then the name typed where people lose something."""
    organization = organization_or_404(key, present=True)
    typed, must_type = request.POST.get("name", ""), organization.people_count > 0
    problem = "The name you typed does not match" if must_type and name_key(typed) != organization.name_key else ""
    if request.method == "GET" or problem:
        context = {"organization": organization, "facts": pages.delete_facts(organization, timezone.now()), "typed": typed}
        context |= {"problem": problem if request.method == "POST" else "", "must_type": must_type}
        return render(request, "governance/organizations/delete.html", context, status=422 if request.method == "POST" else 200)
    row = deleted_organizations.delete(organization=organization, by=actor_of(request), at=timezone.now())
    messages.success(request, f"{row.name} deleted. Restore until {pages.restorable_until(row):%d %b %Y}.")
    return see_other("organization_detail", key)


@needs("delete_organization", methods=("POST",))
def restore(request, key: UUID):
    organization = _deleted_or_404(key)
    try:
        restored = deleted_organizations.restore(organization=organization, by=actor_of(request), at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return see_other("organization_detail", key)
    messages.success(request, _told(restored))
    return see_other("organization_detail", key)


@needs("delete_organization", methods=("POST",))
def release(request, key: UUID):
    organization = _deleted_or_404(key)
    names = request.POST.getlist("name")
    deleted_organizations.release(organization=organization, names=names, by=actor_of(request), at=timezone.now())
    messages.success(request, f"{len(names)} released. Anybody may be connected with them now.")
    return see_other("organization_directories", key)


def _deleted_or_404(key: UUID) -> Organization:
    return get_object_or_404(Organization.objects.deleted(), uuid=key)


def _told(restored: deleted_organizations.Restored) -> str:
    text = f"{restored.organization.name} restored."
    if restored.renamed_from:
        text += f" The name {restored.renamed_from} is taken by now."
    if restored.lost_names:
        text += f" It came back as proposed without {', '.join(restored.lost_names)}."
    return text
