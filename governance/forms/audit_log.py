"""The filters of the audit log."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from ..queries.audit.log import AuditFilters
from ..rules.audit_words import activity_words
from .layout import PortalForm


class AuditFilterForm(PortalForm):
    since = forms.DateField(label="From", required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput({"type": "date"}))
    actor = forms.CharField(label="Who", required=False, max_length=254)
    activity = forms.ChoiceField(label="Activity", required=False)
    target = forms.CharField(label="Object", required=False, max_length=254)
    organization = forms.CharField(required=False, max_length=200)
    result = forms.ChoiceField(
        required=False, choices=[("", "Any result"), ("done", "Completed"), ("refused", "Refused")]
    )

    def __init__(self, *args, activities, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["activity"].choices = [
            ("", "Any activity"),
            *((name, activity_words(name)) for name in activities),
        ]

    def filters(self) -> AuditFilters:
        """What was asked for; a field that cannot be read filters nothing."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        return AuditFilters(**asked, zone=timezone.get_current_timezone())
