"""What people type about an access package."""

from __future__ import annotations

from django import forms

from .layout import PortalForm


class PackageForm(PortalForm):
    name = forms.CharField(strip=False, error_messages={"required": "Enter a name"})
    description = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="What it contains, in words that the people who request it understand.",
    )
    is_listed = forms.BooleanField(
        label="Listed",
        required=False,
        initial=True,
        help_text="A hidden package does not appear when people look for packages.",
    )
    is_open = forms.BooleanField(label="Open for requests", required=False, initial=True)
