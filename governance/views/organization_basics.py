"""Changing what a connected organization is called, its description, its state."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone

from ..actions.organizations import change_basics
from ..actions.rehearsals import broken_tests
from ..forms.organizations import BasicsForm
from ..models import Draft, Organization
from ..queries.access_changes import AccessChange, change_of_state
from ..queries.sponsors import sponsors_of
from ..rules.decision import Refused
from .access import actor_of, needs
from .organizations import organization_or_404
from .posted import posted_version
from .responses import see_other

FIELDS = ("name", "description", "state")


@needs("change_organization", methods=("GET", "POST"))
def edit_basics(request, key: UUID):
    """Another state that gives or takes something is shown first; somebody else's save in between stands beside what was typed.

    A link with `?state=configured` shows what that state would do, and saves nothing.
    """
    organization = organization_or_404(key, present=True)
    form = _form(request, organization)
    if not form.is_bound or not form.is_valid():
        return _page(request, organization, form, status=422 if form.errors else 200)
    is_current = _version(request, organization) == organization.version
    shown = _consequences(request, organization, form) if is_current else {}
    if shown or request.method == "GET":
        return _page(request, organization, form, **shown)
    try:
        row = _save(request, organization, form)
    except Refused as refusal:
        return _refused(request, organization, form, refusal)
    messages.success(request, f"{row.name} saved.")
    return see_other("organization_detail", key)


def _form(request, organization: Organization) -> BasicsForm:
    initial = {name: getattr(organization, name) for name in FIELDS}
    given = request.POST if request.method == "POST" else _with_state(request, initial)
    return BasicsForm(
        given,
        initial=initial,
        draft=Draft(),
        by=actor_of(request),
        at=timezone.now(),
        besides=organization.pk,
    )


def _with_state(request, initial: dict) -> dict | None:
    """What the organization would be in the state that a link asks about; None for no other one."""
    state = request.GET.get("state", initial["state"])
    is_other = state in Organization.State.values and state != initial["state"]
    return initial | {"state": state} if is_other else None


def _version(request, organization: Organization) -> int:
    return organization.version if request.method == "GET" else posted_version(request)


def _consequences(request, organization: Organization, form: BasicsForm) -> dict:
    """What has to be seen before it is saved; nothing when it was seen, or nobody notices."""
    if form.cleaned_data["state"] == organization.state:
        return {}
    change = change_of_state(organization, form.cleaned_data["state"], timezone.now())
    broken = broken_tests(partial(_save, request, organization, form, seen=None), timezone.now())
    is_known, configures = (
        request.POST.get("seen") == change.fingerprint,
        form.cleaned_data["state"] == Organization.State.CONFIGURED,
    )
    if is_known or change.is_empty and not broken and not configures:
        return {}
    return {
        "change": change,
        "broken": broken,
        "sponsors": sponsors_of(organization) if configures else None,
    }


def _save(
    request, organization: Organization, form: BasicsForm, seen: str | None = ""
) -> Organization:
    typed = {name: form.cleaned_data[name] for name in FIELDS}
    seen = request.POST.get("seen") if seen == "" else seen
    return change_basics(
        organization=organization,
        **typed,
        version=_version(request, organization),
        seen=seen,
        by=actor_of(request),
        at=timezone.now(),
    )


def _refused(request, organization: Organization, form: BasicsForm, refusal: Refused):
    if refusal.code != "changed_meanwhile":
        form.add_refusal(refusal)
        return _page(
            request, organization, form, status=409 if refusal.code == "effect_changed" else 422
        )
    theirs = Organization.objects.get(pk=organization.pk)
    pairs = [(form[name], getattr(theirs, name), form.cleaned_data[name]) for name in FIELDS]
    differing = [pair for pair in pairs if pair[1] != pair[2]]
    context = {"organization": theirs, "pairs": pairs, "differing": differing, "refusal": refusal}
    return render(request, "governance/organizations/edit_conflict.html", context, status=409)


def _page(
    request,
    organization: Organization,
    form: BasicsForm,
    *,
    change: AccessChange | None = None,
    broken=(),
    sponsors=None,
    status: int = 200,
):
    version = request.POST.get("version", organization.version)
    context = {
        "organization": organization,
        "form": form,
        "version": version,
        "change": change,
        "broken": broken,
        "sponsors": sponsors,
    }
    return render(request, "governance/organizations/edit_basics.html", context, status=status)
