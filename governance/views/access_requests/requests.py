"""All requests, as a list, as a file, and one by one with what an administrator can do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ...actions.access_requests import fulfilment, parking, withdrawal
from ...forms.access_requests import ReasonForm, RequestFilterForm
from ...models import AccessRequest
from ...queries.access_requests.detail import RELATED, request_facts
from ...queries.access_requests.listing import (
    KINDS,
    VIEWS,
    RequestRow,
    every_request,
    request_page,
)
from ...rules.decision import Refused
from ...web.access import actor_of, needs
from ...web.csv_lines import csv_response
from ...web.responses import see_other

_HEADER = (
    "Email",
    "Name",
    "Access package",
    "Organization",
    "Kind",
    "State",
    "Stage",
    "Submitted",
    "Decide by",
)


def request_or_404(key: UUID) -> AccessRequest:
    return get_object_or_404(AccessRequest.objects.select_related(*RELATED), uuid=key)


@needs("view_accessrequest")
def request_list(request):
    form = RequestFilterForm(request.GET)
    page = request_page(form.filters(), request.GET.get("cursor", ""), timezone.now())
    form.offer_packages(page.packages)
    context = {"found": page, "form": form, "views": VIEWS, "kinds": KINDS}
    return render(request, "governance/requests/list.html", context)


@needs("view_accessrequest")
def export(request):
    rows = every_request(RequestFilterForm(request.GET).filters(), timezone.now())
    return csv_response(f"requests-{timezone.now().date()}", _HEADER, map(_cells, rows))


@needs("view_accessrequest")
def detail(request, key: UUID):
    sees_mail = request.user.has_perm("governance.view_mail")
    facts = request_facts(key, timezone.now(), with_mails=sees_mail)
    if facts is None:
        raise Http404
    return render(request, "governance/requests/detail.html", {"facts": facts})


@needs("change_assignment", methods=("GET", "POST"))
def cancel(request, key: UUID):
    """Cancel a request, with a reason that its requester can read."""
    row = request_or_404(key)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            withdrawal.cancel_request(request=row, **form.cleaned_data, **_acting(request))
        except Refused as problem:
            form.add_refusal(problem)
            refusal = problem
        else:
            messages.success(request, f"Request of {row.email} for {row.package} cancelled.")
            return see_other("request_detail", key)
    context = {"row": row, "form": form}
    return render(
        request, "governance/requests/cancel.html", context, status=_status(form, refusal)
    )


@needs("change_assignment", methods=("POST",))
def resume(request, key: UUID):
    return _do(request, key, parking.resume, "Request of {row.email} resumed.")


@needs("change_assignment", methods=("POST",))
def retry(request, key: UUID):
    return _do(request, key, fulfilment.retry, "Setting up access for {row.email} again.")


def _do(request, key: UUID, action: Callable, words: str):
    """Do it and say so; a refusal is said where the button was."""
    row = request_or_404(key)
    try:
        action(request=row, **_acting(request))
        messages.success(request, words.format(row=row))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return see_other("request_detail", key)


def _acting(request) -> dict:
    return {"by": actor_of(request), "at": timezone.now()}


def _status(form, refusal: Refused | None) -> int:
    """422 for a field that is wrong, 409 for what somebody else was quicker to do."""
    if refusal and not any(reason.field in form.fields for reason in refusal.reasons):
        return 409
    return 422 if form.errors else 200


def _cells(row: RequestRow) -> tuple:
    each = row.request
    return (
        each.email,
        each.requester or "",
        each.package,
        each.organization or "",
        KINDS[each.kind],
        row.words,
        row.stage,
        _moment(each.submitted_at),
        _moment(row.due_at),
    )


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else ""
