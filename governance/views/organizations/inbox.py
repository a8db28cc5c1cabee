"""Proposed organizations: configure, merge, refuse or snooze each; and undoing a merge."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ...actions.organizations import inbox as deciding
from ...actions.organizations import merging
from ...facts.claims.covering import claims_among
from ...facts.organizations.merges import returnable_sources
from ...forms.organization_inbox import MergeForm, RefuseForm, SnoozeForm
from ...impact.organizations import undoing_merge
from ...models import Organization, OrganizationMerge
from ...queries.organizations.inbox import inbox
from ...rules.decision import Refused
from ...web.access import actor_of, needs
from ...web.confirmation import Attempt, attempt, preview
from ...web.responses import see_other
from .detail import organization_or_404


@needs("change_organization")
def proposed(request):
    """The inbox: what waits for a decision, or what was snoozed."""
    is_snoozed = request.GET.get("view") == "snoozed"
    page = inbox(timezone.now(), request.GET.get("cursor", ""), is_snoozed=is_snoozed)
    context = {"page": page, "is_snoozed": is_snoozed}
    return render(request, "governance/organizations/inbox/list.html", context)


@needs("change_organization", methods=("GET", "POST"))
def merge(request, key: UUID):
    """Merge an organization into another, after the impact was shown."""
    organization = organization_or_404(key, present=True)
    form = MergeForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _page(request, "merge", organization, form)
    into = form.cleaned_data["into"]
    tried = attempt(request, merging.merge, organization=organization, into=into)
    if not tried.is_done:
        return _refused(request, "merge", organization, form, tried)
    messages.success(
        request, f"{organization.name} merged into {into.name}. You can undo this for 30 days."
    )
    return see_other("organization_detail", into.uuid)


@needs("delete_organization", methods=("GET", "POST"))
def refuse(request, key: UUID):
    """Refuse a proposed organization, with or without a rule of the list."""
    organization = organization_or_404(key, present=True)
    form = RefuseForm(request.POST if request.method == "POST" else None)
    if not request.user.has_perm("governance.change_list"):
        del form.fields["blocks"]
    if not form.is_bound or not form.is_valid():
        return _page(request, "refuse", organization, form)
    given = {"blocks": False} | form.cleaned_data
    tried = attempt(request, deciding.refuse_organization, organization=organization, **given)
    if not tried.is_done:
        return _refused(request, "refuse", organization, form, tried)
    messages.success(request, f"{organization.name} refused.")
    return see_other("organization_inbox")


@needs("change_organization", methods=("GET", "POST"))
def snooze(request, key: UUID):
    """Put a decision about a proposed organization off."""
    organization = organization_or_404(key, present=True)
    form = SnoozeForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _page(request, "snooze", organization, form)
    given = {"organization": organization, "until": form.cleaned_data["until"]}
    tried = _attempt_plainly(request, **given)
    if tried.refusal:
        return _refused(request, "snooze", organization, form, tried)
    messages.success(request, f"{organization.name} snoozed.")
    return see_other("organization_inbox")


@needs("change_organization", methods=("GET", "POST"))
def undo_merge(request, key: UUID):
    """Undo a merge, after the impact was shown."""
    row = get_object_or_404(OrganizationMerge.objects.select_related("merged", "into"), uuid=key)
    change = undoing_merge(claims_among(returnable_sources(row)), row.merged)
    if request.method == "GET":
        return _undo_page(request, row, preview(change))
    tried = attempt(request, merging.undo_merge, row=row)
    if not tried.is_done:
        shown = preview(change, refusal=tried.refusal) if tried.refusal else tried
        return _undo_page(request, row, shown)
    messages.success(request, f"The merge was undone. {row.merged.name} is back.")
    return see_other("organization_detail", row.merged.uuid)


def _attempt_plainly(request, **given) -> Attempt:
    """Do what has no impact on others, and so takes no confirmation."""
    try:
        return Attempt(deciding.snooze(**given, by=actor_of(request), at=timezone.now()))
    except Refused as refusal:
        return Attempt(refusal=refusal)


def _refused(request, name: str, organization: Organization, form, tried: Attempt):
    if tried.refusal:
        form.add_refusal(tried.refusal)
    return _page(request, name, organization, form, shown=tried)


def _page(request, name: str, organization: Organization, form, **shown):
    context = {"organization": organization, "form": form, **shown}
    template = f"governance/organizations/inbox/{name}.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _undo_page(request, row: OrganizationMerge, shown: Attempt):
    template = "governance/organizations/inbox/undo_merge.html"
    return render(request, template, {"row": row, "shown": shown}, status=shown.status)
