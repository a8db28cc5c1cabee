"""The audit log: a page, a file, one event."""

from __future__ import annotations

import json

from django.http import Http404, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from ..facts.audit_chain import check_last
from ..forms.audit_log import AuditFilterForm
from ..models import AuditEvent
from ..queries.audit.log import activities, audit_page, changed_lines, every_event
from ..web.access import needs
from ..web.csv_lines import csv_response

_COLUMNS = (
    "id",
    "at",
    "actor",
    "activity",
    "result",
    "reason",
    "target_kind",
    "target",
    "organization",
    "ip",
    "request_id",
    "before",
    "after",
    "hash",
)


@needs("view_auditevent")
def audit_log(request):
    form = _form(request)
    page = audit_page(form.filters(), request.GET.get("cursor", ""))
    context = {
        "page": page,
        "form": form,
        "chain": check_last(),
        "now": timezone.now(),
        "is_filtered": any(form.cleaned_data.values()),
    }
    return render(request, "governance/audit/list.html", context)


@needs("view_auditevent")
def export(request):
    events = every_event(_form(request).filters())
    if request.GET.get("format") == "json":
        response = StreamingHttpResponse(
            (json.dumps(_plain(event)) + "\n" for event in events),
            content_type="application/x-ndjson",
        )
        response["Content-Disposition"] = 'attachment; filename="audit-log.ndjson"'
        return response
    return csv_response(
        f"audit-log-{timezone.now().date()}", _COLUMNS, (_plain(event).values() for event in events)
    )


@needs("view_auditevent")
def detail(request, number: int):
    event = AuditEvent.objects.filter(pk=number).first() if number < 2**63 else None
    if event is None:
        raise Http404
    return render(
        request, "governance/audit/detail.html", {"event": event, "lines": changed_lines(event)}
    )


def _form(request) -> AuditFilterForm:
    return AuditFilterForm(request.GET, activities=activities())


def _plain(event: AuditEvent) -> dict:
    return {
        name: getattr(event, name) if name != "at" else event.at.isoformat() for name in _COLUMNS
    }
