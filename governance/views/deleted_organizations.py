"""Deleting a connected organization, bringing it back, letting go of its names."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ..actions import deleted_organizations
from ..actions.rehearsals import broken_tests
from ..models import Organization
from ..queries import organization_pages as pages
from ..queries.access_changes import change_by_deleting
from ..queries.effects import effect_of_claims
from ..queries.restorations import restoration_of
from ..rules.decision import Refused
from ..rules.names import name_key
from ..rules.wording import count_of, day_words
from .access import actor_of, needs
from .organizations import organization_or_404
from .responses import see_other


@needs("delete_organization", methods=("GET", "POST"))
@reauthentication_required(allow_get=True)
def delete(request, key: UUID):
    """Facts first, then the name typed where people lose something."""
    organization = organization_or_404(key, present=True)
    typed, must_type = request.POST.get("name", ""), organization.people_count > 0
    if request.method == "GET":
        return _delete_page(request, organization, must_type=must_type)
    if must_type and name_key(typed) != organization.name_key:
        return _delete_page(
            request,
            organization,
            must_type=must_type,
            typed=typed,
            problem="The name you typed does not match",
            status=422,
        )
    try:
        row = deleted_organizations.delete(
            organization=organization, seen=request.POST.get("seen", ""), **_acting(request)
        )
    except Refused as refusal:
        return _delete_page(
            request, organization, must_type=must_type, typed=typed, refusal=refusal, status=409
        )
    until = pages.restorable_until(row)
    messages.success(
        request, f"{row.name} deleted. Restore until {day_words(timezone.localtime(until))}."
    )
    return see_other("organization_detail", key)


def _delete_page(
    request,
    organization: Organization,
    *,
    must_type: bool,
    typed: str = "",
    problem: str = "",
    refusal: Refused | None = None,
    status: int = 200,
):
    acting = _acting(request)
    context = {
        "organization": organization,
        "facts": pages.delete_facts(organization),
        "change": change_by_deleting(organization, acting["at"]),
        "broken": broken_tests(
            partial(deleted_organizations.delete, organization=organization, **acting), acting["at"]
        ),
        "must_type": must_type,
        "typed": typed,
        "problem": problem,
        "refusal": refusal,
    }
    return render(request, "governance/organizations/delete.html", context, status=status)


@needs("delete_organization", methods=("GET", "POST"))
def restore(request, key: UUID):
    """What would come back, and what not, before it does."""
    organization = _deleted_or_404(key)
    if request.method == "GET":
        return _restore_page(request, organization)
    try:
        restored = deleted_organizations.restore(
            organization=organization, seen=request.POST.get("seen", ""), **_acting(request)
        )
    except Refused as refusal:
        return _restore_page(request, organization, refusal=refusal, status=409)
    messages.success(request, _told(restored))
    return see_other("organization_detail", key)


def _restore_page(
    request, organization: Organization, *, refusal: Refused | None = None, status: int = 200
):
    acting = _acting(request)
    context = {
        "organization": organization,
        "back": restoration_of(organization, **acting),
        "refusal": refusal,
        "is_late": acting["at"] >= pages.restorable_until(organization),
        "broken": broken_tests(
            partial(deleted_organizations.restore, organization=organization, **acting),
            acting["at"],
        ),
    }
    return render(request, "governance/organizations/restore.html", context, status=status)


@needs("delete_organization", methods=("POST",))
def release(request, key: UUID):
    """Names chosen on the page before; whom letting them go moves is shown first, then they go."""
    organization, names = (
        _deleted_or_404(key),
        [name for name in request.POST.getlist("name")[:1000] if "\0" not in name],
    )
    if names and "seen" not in request.POST:
        return _release_page(request, organization, names)
    try:
        deleted_organizations.release(
            organization=organization,
            names=names,
            seen=request.POST.get("seen", ""),
            **_acting(request),
        )
    except Refused as refusal:
        return _release_page(
            request, organization, names, refusal=refusal, status=409 if names else 422
        )
    messages.success(
        request,
        f"{count_of(len(names), 'name')} released. Anybody may be connected with them now.",
    )
    return see_other("organization_directories", key)


def _release_page(
    request,
    organization: Organization,
    names: list[str],
    *,
    refusal: Refused | None = None,
    status: int = 200,
):
    acting, held = (
        _acting(request),
        frozenset(
            organization.claims.present().filter(name__in=names).values_list("name", flat=True)
        ),
    )
    context = {
        "organization": organization,
        "names": sorted(held),
        "effect": effect_of_claims(held, without=held),
        "refusal": refusal,
        "broken": broken_tests(
            partial(deleted_organizations.release, organization=organization, names=held, **acting),
            acting["at"],
        ),
    }
    return render(request, "governance/organizations/release.html", context, status=status)


def _acting(request) -> dict:
    return {"by": actor_of(request), "at": timezone.now()}


def _deleted_or_404(key: UUID) -> Organization:
    return get_object_or_404(Organization.objects.deleted(), uuid=key)


def _told(restored: deleted_organizations.Restored) -> str:
    text = f"{restored.organization.name} restored."
    if restored.renamed_from:
        text += f" The name {restored.renamed_from} is taken by now."
    if restored.renamed_from or restored.lost_names:
        text += f" It came back as proposed{' without ' * bool(restored.lost_names)}{', '.join(restored.lost_names)}."
    return text
