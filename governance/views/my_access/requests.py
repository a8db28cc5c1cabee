"""A visitor's own requests: their timelines, answering, withdrawing."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from ...actions.access_requests.submission import resubmit
from ...actions.access_requests.withdrawal import withdraw
from ...forms.my_access import AnswerForm
from ...queries.my_access.requests import own_request, own_requests
from ...rules.decision import Refused
from ...web.responses import see_other
from ...web.visitor import actor_of_visitor, for_visitors


@for_visitors()
def requests(request):
    """All of them, the newest first."""
    found = own_requests(request.visitor, timezone.now())
    return render(
        request, "governance/my_access/requests.html", {"requests": found, "tab": "requests"}
    )


@for_visitors(methods=("GET", "POST"))
def own(request, key: UUID):
    """One of them; what was sent back is answered here."""
    form = AnswerForm(request.POST if request.method == "POST" else None)
    found = _own(request, key)
    if request.method == "POST" and form.is_valid():
        try:
            resubmit(request=found.row, reason=form.cleaned_data["reason"], **_acting(request))
        except Refused as refusal:
            return _shown(request, _own(request, key), form, refusal)
        messages.success(request, "You answered. The approvers were asked again.")
        return see_other("my_access_request", key)
    return _shown(request, found, form)


@for_visitors(methods=("GET", "POST"))
def withdraw_own(request, key: UUID):
    """Withdrawing is confirmed on a page of its own."""
    found, refusal = _own(request, key), None
    if request.method == "POST":
        try:
            withdraw(request=found.row, **_acting(request))
        except Refused as refused:
            found, refusal = _own(request, key), refused
        else:
            messages.success(request, f"You withdrew your request for {found.row.package}.")
            return see_other("my_access_request", key)
    context = {"one": found, "refusal": refusal}
    status = 409 if refusal else 200
    return render(request, "governance/my_access/withdraw.html", context, status=status)


def _own(request, key: UUID):
    found = own_request(request.visitor, key, timezone.now())
    if found is None:
        raise Http404
    return found


def _acting(request) -> dict:
    mailbox = request.visitor.mailbox
    return {"mailbox": mailbox, "by": actor_of_visitor(request), "at": timezone.now()}


def _shown(request, found, form, refusal=None):
    status = 409 if refusal else 422 if form.errors else 200
    context = {"one": found, "form": form, "refusal": refusal}
    return render(request, "governance/my_access/request.html", context, status=status)
