"""Changing what a connected organization is called, its description, its state."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone

from ...actions.organizations.basics import change_basics
from ...facts.sponsors.sponsorships import sponsors_of
from ...forms.organizations import BasicsForm
from ...impact.organizations import changing_state
from ...models import Draft, Organization
from ...rules.decision import Refused
from ...web.access import actor_of, needs
from ...web.confirmation import Attempt, attempt, preview
from ...web.form_data import posted_version
from ...web.responses import see_other
from .detail import organization_or_404

FIELDS = ("name", "description", "state")


@needs("change_organization", methods=("GET", "POST"))
def edit_basics(request, key: UUID):
    """Change the basics. The impact of another state is shown first; what somebody else saved in
    between is shown beside what was typed.

    A link with `?state=configured` shows what that state would do, and saves nothing.
    """
    organization = organization_or_404(key, present=True)
    form = _form(request, organization)
    if not form.is_bound or not form.is_valid():
        return _page(request, organization, form, status=422 if form.errors else 200)
    if request.method == "GET":
        return _page(request, organization, form, shown=_state_preview(organization, form))
    typed = {name: form.cleaned_data[name] for name in FIELDS}
    given = typed | {"organization": organization, "version": posted_version(request)}
    if _configures(organization, form) and "seen" not in request.POST:
        return _page(request, organization, form, shown=_state_preview(organization, form))
    tried = attempt(request, change_basics, **given)
    if tried.is_done:
        messages.success(request, f"{tried.result.name} saved.")
        return see_other("organization_detail", key)
    if tried.refusal:
        return _refused(request, organization, form, tried.refusal)
    return _page(request, organization, form, shown=tried, status=tried.status)


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
    """Return what the organization would be in the state that a link asks about; None for no other
    one.
    """
    state = request.GET.get("state", initial["state"])
    is_other = state in Organization.State.values and state != initial["state"]
    return initial | {"state": state} if is_other else None


def _state_preview(organization: Organization, form: BasicsForm) -> Attempt:
    return preview(changing_state(organization, form.cleaned_data["state"]))


def _configures(organization: Organization, form: BasicsForm) -> bool:
    """Return whether it is configured now: its sponsors, and who named them, are shown first (rule
    17).
    """
    wanted = form.cleaned_data["state"]
    return wanted != organization.state and wanted == Organization.State.CONFIGURED


def _refused(request, organization: Organization, form: BasicsForm, refusal: Refused):
    if refusal.code != "changed_meanwhile":
        form.add_refusal(refusal)
        return _page(request, organization, form, status=422)
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
    shown: Attempt | None = None,
    status: int = 200,
):
    configures = shown and _configures(organization, form)
    context = {
        "organization": organization,
        "form": form,
        "version": request.POST.get("version", organization.version),
        "shown": shown,
        "sponsors": sponsors_of(organization, timezone.now()) if configures else None,
    }
    return render(request, "governance/organizations/edit_basics.html", context, status=status)
