"""Who has access now: the list, the same as a file, ending it, and giving it directly."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ...actions.access_requests import assigning, ending
from ...forms.access_requests import AssignForm, AssignmentFilterForm, ReasonForm
from ...models import Assignment, Package
from ...queries.access_requests.assignments import (
    THROUGH,
    VIEWS,
    assignment_page,
    every_assignment,
    packages_to_assign,
    through,
)
from ...rules.decision import Refused
from ...web.access import actor_of, needs
from ...web.csv_lines import csv_response
from ...web.responses import see_other

_HEADER = ("Name", "Email", "Organization", "Access package", "Since", "Until", "Through")
_RELATED = ("package", "organization", "person", "request")


@needs("view_accessrequest")
def assignment_list(request):
    form, now = AssignmentFilterForm(request.GET), timezone.now()
    page = assignment_page(form.filters(), request.GET.get("cursor", ""), now)
    form.offer_packages(page.packages)
    context = {"found": page, "form": form, "views": VIEWS, "through": THROUGH}
    return render(request, "governance/assignments/list.html", context)


@needs("view_accessrequest")
def export(request):
    rows = every_assignment(AssignmentFilterForm(request.GET).filters(), timezone.now())
    return csv_response(f"assignments-{timezone.now().date()}", _HEADER, map(_cells, rows))


@needs("view_accessrequest")
def detail(request, key: UUID):
    """Lead to the request through which somebody has the access: its page says all of it."""
    row = get_object_or_404(Assignment.objects.select_related("request"), uuid=key)
    return see_other("request_detail", row.request.uuid)


@needs("change_assignment", methods=("GET", "POST"))
def end(request, key: UUID):
    """End somebody's access now, after what it takes away was shown, with a reason."""
    row = get_object_or_404(Assignment.objects.select_related(*_RELATED), uuid=key)
    form, status = ReasonForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST" and form.is_valid():
        try:
            ending.end_assignment(assignment=row, **form.cleaned_data, **_acting(request))
            messages.success(request, f"Access of {row.person} to {row.package} ended.")
            return see_other("assignment_list")
        except Refused as refusal:
            form.add_refusal(refusal)
            status = 422 if refusal.code == "reason_missing" or form["reason"].errors else 409
    context = {"row": row, "form": form, "is_over": not row.is_in_force(timezone.now())}
    return render(request, "governance/assignments/end.html", context, status=status)


@needs("change_assignment", methods=("GET", "POST"))
def assign(request):
    """Give somebody access directly: what stops it is said at the field."""
    asked = {name: request.GET.get(name, "") for name in ("package", "email")}
    form = AssignForm(
        request.POST if request.method == "POST" else None,
        initial=asked,
        packages=packages_to_assign(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = assigning.assign(**_given(form), **_acting(request))
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"Access to {row.package} is set up for {row.email}.")
            return see_other("request_detail", row.uuid)
    status = 422 if form.errors else 200
    return render(request, "governance/assignments/assign.html", {"form": form}, status=status)


def _given(form: AssignForm) -> dict:
    given = form.cleaned_data
    return {**given, "package": Package.objects.get(uuid=given["package"])}


def _acting(request) -> dict:
    return {"by": actor_of(request), "at": timezone.now()}


def _cells(row: Assignment) -> tuple:
    return (
        row.person,
        row.person.email,
        row.organization or "",
        row.package,
        _moment(row.starts_at),
        _moment(row.ends_at) or "No end date",
        through(row),
    )


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else ""
