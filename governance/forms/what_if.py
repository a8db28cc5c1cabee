"""What people ask the what-if checker."""

from __future__ import annotations

from django import forms

from .layout import PortalForm


class WhatIfForm(PortalForm):
    email = forms.CharField(
        label="E-mail address",
        required=False,
        max_length=400,
        widget=forms.TextInput(
            {
                "autocomplete": "off",
                "inputmode": "email",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
    )
    package = forms.ChoiceField(label="Access package", required=False)
    at = forms.DateTimeField(
        label="At",
        required=False,
        help_text="Empty: now.",
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args, packages, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["package"].choices = [("", "Any access package"), *packages]
