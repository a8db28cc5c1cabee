"""Drafts on the admin site: that they exist."""

from __future__ import annotations

from django.contrib.admin import register

from ..models import Draft
from .records import RecordAdmin
from .site import site


@register(Draft, site=site)
class DraftAdmin(RecordAdmin):
    """That a draft exists; what it says is its author's alone (product rule 44)."""

    needs_view = "change_settings"
    fields = ["uuid", "author", "started_at", "saved_at", "created"]
    list_display = ["author", "started_at", "saved_at", "created"]
    list_select_related = ["author", "created"]
