"""Requests, decisions, access and deliveries on the admin site: to read, and to set going again."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.admin import action, register
from django.utils import timezone

from ..actions.access_requests import fulfilment, parking
from ..models import AccessRequest, ApprovalDecision, Assignment, Delivery
from ..rules.decision import Refused
from ..web.access import actor_of
from .records import RecordAdmin
from .site import may, site


@register(AccessRequest, site=site)
class AccessRequestAdmin(RecordAdmin):
    """What can be changed is done by the same actions as on the page of a request."""

    needs_view = "view_accessrequest"
    fields = [
        *("email", "kind", "package", "policy", "organization", "requester", "state", "stage"),
        *("reason", "submitted_at", "due_at", "deliver_at", "parked_code", "parked_because"),
        *("closed_at", "closed_by", "closing_reason"),
    ]
    list_display = ["email", "package", "organization", "kind", "state", "submitted_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["package", "organization"]
    search_fields = ["email"]
    search_help_text = "Search by email address"
    ordering = ["-submitted_at", "-id"]
    actions = ["resume_selected", "retry_selected"]

    def has_act_permission(self, request) -> bool:
        return may(request, "change_assignment")

    @action(permissions=["act"], description="Resume selected requests on hold")
    def resume_selected(self, request, queryset):
        """Resume each; what is refused is said and stays as it is."""
        self._each(request, queryset, parking.resume, "resumed")

    @action(permissions=["act"], description="Retry selected requests that failed")
    def retry_selected(self, request, queryset):
        """Set each going again; what is refused is said and stays as it is."""
        self._each(request, queryset, fulfilment.retry, "tried again")

    def _each(self, request, queryset, do: Callable, words: str) -> None:
        for row in queryset.select_related("package").order_by("pk"):
            try:
                do(request=row, by=actor_of(request), at=timezone.now())
            except Refused as refusal:
                messages.error(request, f"{row}: {refusal}.")
            else:
                messages.success(request, f"{row}: {words}.")


@register(ApprovalDecision, site=site)
class ApprovalDecisionAdmin(RecordAdmin):
    needs_view = "view_accessrequest"
    fields = [
        *("request", "stage", "round", "person", "instead_of", "outcome", "reason"),
        *("decided_at", "undone_at"),
    ]
    list_display = ["request", "stage", "person", "outcome", "decided_at", "undone_at"]
    list_filter = ["outcome"]
    list_select_related = ["request__package", "person"]
    search_fields = ["request__email", "person__email"]
    search_help_text = "Search by email address of requester or approver"
    ordering = ["-id"]


@register(Assignment, site=site)
class AssignmentAdmin(RecordAdmin):
    needs_view = "view_accessrequest"
    fields = [
        *("person", "package", "organization", "request", "starts_at", "ends_at"),
        *("ended_at", "ended_by", "ended_because"),
    ]
    list_display = ["person", "package", "organization", "starts_at", "ends_at", "ended_at"]
    list_select_related = ["person", "package", "organization"]
    search_fields = ["person__email", "person__name"]
    search_help_text = "Search by name or email address"
    ordering = ["-id"]


@register(Delivery, site=site)
class DeliveryAdmin(RecordAdmin):
    needs_view = "view_accessrequest"
    fields = [
        *("assignment", "resource", "operation", "state", "attempts", "due_at", "last_error"),
        *("created_at", "done_at"),
    ]
    list_display = ["assignment", "resource", "operation", "state", "attempts", "created_at"]
    list_filter = ["state", "operation"]
    list_select_related = [
        *("assignment__person", "assignment__package"),
        *("resource__group", "resource__webhook"),
    ]
    search_fields = ["assignment__person__email"]
    search_help_text = "Search by email address"
    ordering = ["-id"]
