"""The list of requests that wait for an approver, and one request."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ...actions.access_requests import decisions
from ...forms.approvals import DecisionForm
from ...models import AccessRequest
from ...queries.approvals.decided import undoable_decisions
from ...queries.approvals.deputies import deputies_of
from ...queries.approvals.page import ApprovalPage, approval_page, requests_for_approvers
from ...queries.approvals.waiting import next_waiting, waiting_count, waiting_for
from ...rules.access_requests.outcomes import APPROVE, DENY, SEND_BACK
from ...rules.access_requests.transitions import PARKED
from ...rules.decision import Refused
from ...web.responses import see_other
from ...web.visitor import actor_of_visitor, for_visitors
from .frame import approvals_page

DECIDE = {APPROVE: decisions.approve, DENY: decisions.deny, SEND_BACK: decisions.send_back}


@for_visitors()
def approval_list(request):
    """What the viewer can decide, oldest first."""
    person, now = request.visitor.person, timezone.now()
    context = {
        "page": waiting_for(person, now, request.GET.get("cursor", "")),
        "undoable": undoable_decisions(person, now),
        "deputies": deputies_of(person, now),
    }
    return approvals_page(request, "list", context)


@for_visitors()
def count(request):
    """How many requests wait for the viewer, for the menu of every page."""
    found = waiting_count(request.visitor.person, timezone.now())
    response = render(request, "governance/approvals/_count.html", {"count": found})
    response["Cache-Control"] = "private, no-store"
    return response


@for_visitors(methods=("GET", "POST"))
def detail(request, key: UUID):
    """One request. Opening it changes nothing: only its buttons do."""
    row = get_object_or_404(requests_for_approvers(), uuid=key)
    if request.method == "POST":
        return _decide(request, row)
    return _shown(request, row)


@for_visitors(methods=("POST",))
def undo(request, key: UUID):
    """Take back one's own decision."""
    row = get_object_or_404(requests_for_approvers(), uuid=key)
    try:
        decisions.undo(request=row, by=actor_of_visitor(request), at=timezone.now())
    except Refused as refusal:
        return _shown(request, row, refusal=refusal)
    messages.success(request, "Decision undone. The request is waiting for you again.")
    return see_other("approval", key)


def _decide(request, row: AccessRequest):
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _shown(request, row, form=form)
    decide = DECIDE[form.cleaned_data["outcome"]]
    given = {"reason": form.cleaned_data["reason"], "stage_key": form.cleaned_data["seen"] or None}
    try:
        by, now = actor_of_visitor(request), timezone.now()
        decided = decide(request=row, **given, by=by, at=now)
    except Refused as refusal:
        return _refused(request, row, form, refusal)
    return _after(request, decided)


def _refused(request, row: AccessRequest, form: DecisionForm, refusal: Refused):
    """Answer a decision that cannot be made: at the field, or as what became of the request."""
    if all(reason.field in form.fields for reason in refusal.reasons):
        form.add_refusal(refusal)
        return _shown(request, row, form=form)
    return _shown(request, row, refusal=refusal)


def _after(request, decided: AccessRequest):
    """Go on to the next request; a request that was put on hold says why on its own page."""
    if decided.state == PARKED:
        return see_other("approval", decided.uuid)
    following = next_waiting(request.visitor.person, timezone.now())
    return see_other("approval", following) if following else see_other("approval_list")


def _shown(request, row: AccessRequest, *, form=None, refusal: Refused | None = None):
    """Return the page of the request as it is now; 404 where the viewer has nothing to do with
    it.
    """
    person, now = request.visitor.person, timezone.now()
    page = approval_page(_as_it_is(row) if refusal else row, person, now)
    if page is None:
        raise Http404
    context = {
        "page": page,
        "form": form or DecisionForm(initial={"seen": page.seen}, hint=_hint(page)),
        "refusal": refusal,
        "undoable": [each for each in undoable_decisions(person, now) if each.request != row],
    }
    status = 409 if refusal else 422 if form else 200
    return approvals_page(request, "detail", context, status=status)


def _as_it_is(row: AccessRequest) -> AccessRequest:
    return requests_for_approvers().get(pk=row.pk)


def _hint(page: ApprovalPage) -> str:
    if page.to_decide and page.to_decide.stage.needs_reason:
        return "Required. The requester can read it."
    return "Required to deny or send back. The requester can read it."
