"""Changing where a connected organization's people come from: its directories and domains."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import render
from django.utils import timezone

from ...actions import drafts
from ...actions.organizations import sources
from ...facts.directories.differences import differences
from ...facts.organizations.present_sources import sources_as_chosen
from ...facts.organizations.source_changes import source_changes
from ...impact.organizations import changing_sources
from ...models import Draft, Organization
from ...queries.connecting.drafts import sources_of
from ...queries.connecting.steps import sources_with_verdicts
from ...queries.organizations.edits import edit_draft, is_stale
from ...web.access import actor_of, needs
from ...web.confirmation import Attempt, attempt, preview
from ...web.form_data import posted_version
from ...web.responses import see_other, wants_fragment
from ...web.unsaved_answers import forget, held_for, page_token
from ..connecting.draft_sources import change_sources, show_sources
from ..connecting.panes import show_directories
from .detail import organization_or_404


@needs("change_organization", methods=("GET", "POST"))
def edit_sources(request, key: UUID):
    """Edit the sources as a draft, begun by the first POST; saved after the impact was shown."""
    organization = organization_or_404(key, present=True)
    draft = edit_draft(request.user, organization)
    if request.method == "GET":
        show_sources(draft, held_for(request) or QueryDict())
        return _sources_page(request, organization, draft)
    forget(request)
    stale = (
        is_stale(draft, organization)
        if draft.pk
        else posted_version(request) != organization.version
    )
    if not draft.pk:
        chosen = sources_as_chosen(organization)
        draft = drafts.begin_edit(
            author=request.user, organization=organization, sources=chosen, at=timezone.now()
        )
    if "begin" not in request.POST:
        return _post_sources(request, organization, draft, stale=stale)
    return (
        show_directories(request, draft)
        if wants_fragment(request)
        else see_other("organization_pane_directories", draft.uuid)
    )


def _post_sources(request, organization: Organization, draft: Draft, *, stale: bool):
    if "theirs" in request.POST:
        drafts.discard(author=request.user, uuid=draft.uuid)
        return see_other("organization_edit_sources", organization.uuid)
    own = {"author": request.user, "uuid": draft.uuid, "at": timezone.now()}
    draft = change_sources(request, draft)
    for difference in differences(sources_of(draft)) if "accept" in request.POST else ():
        if difference.present.identity == request.POST["accept"]:
            draft = drafts.accept_difference(present=difference.present, **own, read=draft)
    if "save" not in request.POST:
        return see_other("organization_edit_sources", organization.uuid)
    if stale:
        draft = drafts.go_on_from(
            organization=organization, sources=sources_as_chosen(organization), **own, read=draft
        )
        return _sources_page(request, organization, draft, stale=True)
    return _save(request, organization, draft)


def _save(request, organization: Organization, draft: Draft):
    """Save it as it was shown."""
    given = {"organization": organization, "version": organization.version}
    tried = attempt(request, sources.change_sources, sources=sources_of(draft), **given)
    if not tried.is_done:
        return _sources_page(request, organization, draft, tried=tried)
    drafts.discard(author=request.user, uuid=draft.uuid)
    messages.success(request, f"{organization.name} saved.")
    return see_other("organization_directories", organization.uuid)


def _sources_page(
    request,
    organization: Organization,
    draft: Draft,
    *,
    tried: Attempt | None = None,
    stale: bool | None = None,
):
    draft.edits, is_conflict = organization, bool(stale)
    shown = tried if tried and tried.impact else _shown(request, organization, draft, tried)
    stale = is_stale(draft, organization) if stale is None else stale
    context = {
        "organization": organization,
        "draft": draft,
        "sources": sources_with_verdicts(draft, timezone.now()),
        "shown": shown,
        "now": sources_as_chosen(organization) if stale else (),
        "differences": differences(sources_of(draft)),
        "is_unsaved": request.method == "GET" and bool(held_for(request)),
        "page_token": page_token(request),
    }
    status = 409 if is_conflict else 422 if shown.refusal else shown.status
    return render(request, "governance/organizations/edit_sources.html", context, status=status)


def _shown(request, organization: Organization, draft: Draft, tried: Attempt | None) -> Attempt:
    changes = source_changes(organization, sources_of(draft), by=actor_of(request))
    answers = "" if changes.is_empty else changes.fingerprint
    return preview(changing_sources(changes), answers, refusal=tried.refusal if tried else None)
