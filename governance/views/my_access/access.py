"""The access that a visitor has: extending it, giving it back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from ...actions.access_requests.assigning import request_extension
from ...actions.access_requests.ending import give_back
from ...forms.my_access import TermsForm
from ...queries.my_access.access import own_access, own_assignment, what_ends_with
from ...rules.decision import Refused
from ...web.responses import see_other
from ...web.visitor import actor_of_visitor, for_visitors


@for_visitors()
def access(request):
    """All of it, what ends first first."""
    found = own_access(request.visitor, timezone.now())
    return render(request, "governance/my_access/access.html", {"access": found, "tab": "access"})


@for_visitors(methods=("GET", "POST"))
def extend(request, key: UUID):
    """Requesting more time, where the policy that decides now lets it."""
    own = _own(request, key)
    if not own.can_extend:
        return _extend_page(request, own, None)
    form = TermsForm(request.POST if request.method == "POST" else None, policy=own.policy)
    if request.method == "POST" and form.is_valid():
        given = {"reason": form.cleaned_data["reason"], "ends_at": form.ends_at}
        try:
            row = request_extension(assignment=own.row, **given, **_acting(request))
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"You requested more time with {own.row.package}.")
            return see_other("my_access_request", row.uuid)
    return _extend_page(request, own, form)


@for_visitors(methods=("GET", "POST"))
def give_back_own(request, key: UUID):
    """Giving it back is confirmed on a page of its own, which says what ends with it."""
    own, refusal = _own(request, key), None
    if request.method == "POST":
        try:
            give_back(assignment=own.row, **_acting(request))
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, f"You gave back {own.row.package}.")
            return see_other("my_access_access")
    context = {"one": own, "ends": what_ends_with(own), "refusal": refusal}
    status = 409 if refusal else 200
    return render(request, "governance/my_access/give_back.html", context, status=status)


def _own(request, key: UUID):
    found = own_assignment(request.visitor, key, timezone.now())
    if found is None:
        raise Http404
    return found


def _acting(request) -> dict:
    mailbox = request.visitor.mailbox
    return {"mailbox": mailbox, "by": actor_of_visitor(request), "at": timezone.now()}


def _extend_page(request, own, form):
    is_late = request.method == "POST" and form is None
    status = 409 if is_late else 422 if form is not None and form.errors else 200
    context = {"one": own, "form": form}
    return render(request, "governance/my_access/extend.html", context, status=status)
