"""Reviewing several requests that are alike, and deciding all of them with one reason."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from ...actions.access_requests.together import decide_together
from ...forms.approvals import TogetherForm
from ...queries.approvals.waiting import waiting_among
from ...rules.access_requests.alike import require_alike
from ...rules.decision import Refused, refuse
from ...web.responses import see_other
from ...web.visitor import actor_of_visitor, for_visitors
from .frame import approvals_page


@for_visitors(methods=("GET", "POST"))
def review(request):
    """Show what was selected on the list; its buttons decide all of it."""
    if request.method == "GET":
        return _page(request, _selected(request.GET))
    form, keys = TogetherForm(request.POST), _selected(request.POST)
    if not form.is_valid():
        return _page(request, keys, form)
    now = timezone.now()
    try:
        rows = _all_of(keys, request.visitor.person, now)
        decide_together(
            requests=[each.request for each in rows],
            **form.cleaned_data,
            by=actor_of_visitor(request),
            at=now,
        )
    except Refused as refusal:
        return _refused(request, keys, form, refusal)
    return see_other("approval_list")


def _refused(request, keys: set[UUID], form: TogetherForm, refusal: Refused):
    if all(reason.field in form.fields for reason in refusal.reasons):
        form.add_refusal(refusal)
        return _page(request, keys, form)
    return _page(request, keys, TogetherForm(initial=form.cleaned_data), refusal)


def _page(request, keys: set[UUID], form=None, refusal: Refused | None = None):
    rows = waiting_among(keys, request.visitor.person, timezone.now())
    problem = refusal or _problem([each.request for each in rows], len(keys))
    context = {
        "rows": rows,
        "form": form or TogetherForm(),
        "problem": problem,
        "can_decide": problem is None or problem is refusal and len(rows) == len(keys),
    }
    status = 409 if refusal else 422 if problem or (form and form.errors) else 200
    return approvals_page(request, "review", context, status=status)


def _all_of(keys: set[UUID], person, now):
    """Return what was selected. Raises Refused where some of it can be decided no more."""
    rows = waiting_among(keys, person, now)
    if gone := len(keys) - len(rows):
        raise _gone(gone)
    return rows


def _problem(rows: list, wanted: int) -> Refused | None:
    """Return why what was selected cannot be decided together."""
    try:
        require_alike([(row.package_id, row.policy_id) for row in rows])
    except Refused as refusal:
        return refusal if rows or not wanted else _gone(wanted)
    return _gone(wanted - len(rows)) if wanted > len(rows) else None


def _gone(number: int) -> Refused:
    text = (
        f"You can no longer decide {number} of the requests that you selected. They were decided,"
        " withdrawn or expired meanwhile. Nothing was changed. Select again"
    )
    return refuse("gone_meanwhile", text, field="requests")


def _selected(values) -> set[UUID]:
    return {key for text in values.getlist("request")[:1000] if (key := _key(text))}


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
