"""What people type when they decide about a proposed organization."""

from __future__ import annotations

from django import forms

from ..queries.organizations.inbox import organization_called
from .layout import PortalForm


class MergeForm(PortalForm):
    into = forms.CharField(
        label="Merge into",
        strip=True,
        max_length=253,
        help_text="The exact name of a connected organization, or one of its domains.",
        error_messages={"required": "Enter the name or a domain of a connected organization"},
    )

    def clean_into(self):
        found = organization_called(self.cleaned_data["into"])
        if found is None:
            raise forms.ValidationError(
                "No connected organization has this name or domain. Check the spelling"
            )
        return found


class RefuseForm(PortalForm):
    blocks = forms.BooleanField(
        label="Block its domains on the allow and deny list",
        required=False,
        help_text="Without a block, the next request from there proposes the organization again.",
    )
    reason = forms.CharField(
        required=False,
        strip=False,
        max_length=500,
        help_text="For whoever reviews this decision later.",
    )


class SnoozeForm(PortalForm):
    until = forms.DateField(
        label="Snooze until",
        widget=forms.DateInput({"type": "date"}),
        help_text="After this day, it waits for a decision again.",
        error_messages={
            "required": "Enter a day",
            "invalid": "Enter a real date, such as 31 Dec 2026",
        },
    )
