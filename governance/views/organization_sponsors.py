"""Choosing the sponsors of a connected organization, and removing one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from ..actions import sponsors
from ..models import Organization, Person
from ..queries.sponsor_choices import sponsor_choices_of
from ..rules.decision import Refused
from .access import actor_of, needs
from .organizations import organization_or_404
from .posted import public_ids
from .responses import go_by_htmx, see_other, wants_fragment
from .sponsor_panes import invite_a_guest, pane_facts, people_of_pane, posted_or_asked
from .unsaved_answers import forget


@needs("change_organization", methods=("GET", "POST"))
def edit_sponsors(request, key: UUID, kind: str):
    """Choose the sponsors of one kind, in a pane or on a page."""
    organization = organization_or_404(key, present=True)
    if request.method == "POST":
        forget(request)
    if "invite" in request.POST:
        return invite_a_guest(request)
    if "select" in request.POST:
        return _save_sponsors(request, organization, kind)
    return _sponsors_page(request, organization, kind)


def _save_sponsors(request, organization: Organization, kind: str):
    people, seen = (public_ids(request.POST.getlist(name)) for name in ("person", "seen"))
    try:
        sponsors.change_sponsors(
            organization=organization,
            kind=kind,
            people=people,
            seen=seen,
            by=actor_of(request),
            at=timezone.now(),
        )
    except Refused as refusal:
        return _sponsors_page(
            request,
            organization,
            kind,
            problem=str(refusal),
            status=409 if refusal.code == "conflict" else 422,
        )
    messages.success(request, f"Sponsors of {organization.name} saved.")
    page = reverse("organization_sponsors", args=[organization.uuid])
    return go_by_htmx(page) if wants_fragment(request) else see_other(page)


def _sponsors_page(
    request, organization: Organization, kind: str, *, problem: str = "", status: int = 200
):
    given = posted_or_asked(request)
    present = list(
        organization.sponsorships.filter(kind=kind).values_list("person__uuid", flat=True)
    )
    chosen, seen = people_of_pane(given, present)
    if "select" in request.POST:
        chosen = public_ids(request.POST.getlist("person"))
    text = given.get("search", "")[:254]
    template = (
        f"governance/organizations/{'_pane' if wants_fragment(request) else 'pane'}_sponsors.html"
    )
    context = {
        "organization": organization,
        "kind": kind,
        "choices": sponsor_choices_of(organization, kind, text, chosen, at=timezone.now()),
        "search_text_here": text,
        "problem": problem,
        "seen": present if status == 409 else seen,
        "here": request.path,
        "back": reverse("organization_sponsors", args=[organization.uuid]),
        **pane_facts(request),
    }
    return render(request, template, context, status=status)


@needs("change_organization", methods=("POST",))
def remove_sponsor(request, key: UUID, person: UUID):
    organization, row = (
        organization_or_404(key, present=True),
        get_object_or_404(Person, uuid=person),
    )
    try:
        sponsors.remove_sponsor(
            organization=organization, person=row, by=actor_of(request), at=timezone.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{row} is no longer a sponsor of {organization.name}.")
    return see_other("organization_sponsors", key)
