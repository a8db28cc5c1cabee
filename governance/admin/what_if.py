"""Saved what-if tests on the admin site, to read; they are made on the page What-if checker, where
they are answered.
"""

from __future__ import annotations

from django.contrib.admin import register

from ..models import SavedTest
from .records import RecordAdmin
from .site import site


@register(SavedTest, site=site)
class SavedTestAdmin(RecordAdmin):
    needs_view = "use_what_if"
    list_display = ["name", "email", "package", "expects_allowed", "added_at", "added_by"]
    list_select_related = ["package"]
    fields = ["name", "email", "package", "expects_allowed", "added_at", "added_by"]
    search_fields = ["name", "email"]
    search_help_text = "Search by name or email"
