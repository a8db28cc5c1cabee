"""The audit log on the admin site, to read; filters and files are on the page Audit log."""

from __future__ import annotations

from django.contrib.admin import display, register

from ..models import AuditEvent
from ..rules.audit_words import activity_words
from .records import RecordAdmin
from .site import site


@register(AuditEvent, site=site)
class AuditEventAdmin(RecordAdmin):
    needs_view = "view_auditevent"
    list_display = ["activity_words", "target", "actor", "at", "result"]
    list_filter = ["result"]
    search_fields = ["actor", "target", "activity"]
    search_help_text = "Search by person, target or activity"
    ordering = ["-id"]

    @display(description="Activity", ordering="activity")
    def activity_words(self, event: AuditEvent) -> str:
        return activity_words(event.activity)
