"""Discarding drafts of new organizations: each asks first."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from ...actions import drafts
from ...queries.connecting.drafts import draft_of, unfinished
from ...web.access import needs
from ...web.form_data import public_ids
from ...web.responses import see_other


@needs("add_organization", methods=("GET", "POST"))
def discard(request, draft: UUID):
    """Ask, then discard one draft."""
    row = draft_of(request.user, draft)
    if row is None or row.edits_id or row.created_id:
        raise Http404
    if request.method == "GET":
        return _ask(request, [row] if row.pk else [])
    drafts.discard(author=request.user, uuid=draft)
    messages.success(request, "Draft discarded.")
    return see_other("organization_list")


@needs("add_organization", methods=("GET", "POST"))
def discard_all(request):
    """Ask, then discard the drafts that were shown. One that was started since then stays."""
    if request.method == "GET":
        return _ask(request, list(unfinished(request.user, timezone.now()).order_by("-saved_at")))
    shown = public_ids(request.POST.getlist("draft"))
    number = drafts.discard_all(author=request.user, uuids=shown)
    if number:
        messages.success(request, f"{number:,} draft{'s'[: number > 1]} discarded.")
    return see_other("organization_list")


def _ask(request, rows: list):
    return render(request, "governance/organizations/discard_drafts.html", {"drafts": rows})
