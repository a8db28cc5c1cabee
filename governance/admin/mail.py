"""Mail on the admin site: what became of it."""

from __future__ import annotations

from django.contrib.admin import register

from ..models import Mail
from .records import RecordAdmin
from .site import site


@register(Mail, site=site)
class MailAdmin(RecordAdmin):
    """The body is on the page Mail, which masks what only the addressee may read."""

    needs_view = "view_mail"
    fields = ["to", "subject", "state", "attempts", "last_error", "created_at", "sent_at"]
    list_display = ["subject", "to", "state", "created_at"]
    search_fields = ["to", "subject"]
    search_help_text = "Search by address or subject"
