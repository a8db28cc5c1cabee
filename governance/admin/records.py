"""What is kept and never changed by hand: audit events, claims, drafts, mail."""

from __future__ import annotations

from django.contrib.admin import register

from ..models import AuditEvent, Claim, Draft, Mail
from .base import ActionAdmin, site


class RecordAdmin(ActionAdmin):
    """To read, never to write."""

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = has_add_permission


@register(AuditEvent, site=site)
class AuditEventAdmin(RecordAdmin):
    needs_view = "view_auditevent"
    list_display = ["id", "at", "actor", "activity", "target", "result"]
    list_filter = ["result"]
    search_fields = ["actor", "target", "activity"]


@register(Claim, site=site)
class ClaimAdmin(RecordAdmin):
    list_display = ["name", "organization", "source", "released_at"]
    list_select_related = ["organization", "source"]
    search_fields = ["name"]


@register(Draft, site=site)
class DraftAdmin(RecordAdmin):
    """That a draft exists; what it says is its author's alone (product rule 44)."""

    needs_view = "change_settings"
    fields = list_display = ["uuid", "author", "started_at", "saved_at", "created"]
    list_select_related = ["author", "created"]


@register(Mail, site=site)
class MailAdmin(RecordAdmin):
    """The body is on the page Mail, which masks what only the addressee may read."""

    needs_view = "view_mail"
    fields = ["to", "subject", "state", "attempts", "last_error", "created_at", "sent_at"]
    list_display = ["subject", "to", "state", "created_at"]
    search_fields = ["to", "subject"]
