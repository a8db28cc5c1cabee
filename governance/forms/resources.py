"""What people type about groups and webhooks."""

from __future__ import annotations

from django import forms

from ..rules.names import DESCRIPTION_LIMIT
from ..rules.webhooks import URL_LIMIT
from .layout import PortalForm


class GroupForm(PortalForm):
    name = forms.CharField(
        strip=False,
        help_text="Other systems find the group by this name.",
        error_messages={"required": "Enter a name"},
    )
    description = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 3, "data-limit": DESCRIPTION_LIMIT}),
        help_text="What its members can use.",
    )


class WebhookForm(PortalForm):
    name = forms.CharField(strip=False, error_messages={"required": "Enter a name"})
    url = forms.CharField(
        label="Address",
        strip=False,
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off", "maxlength": URL_LIMIT}),
        help_text=(
            "Begins with https://. The portal sends a signed message there when someone gets"
            " access or loses it."
        ),
        error_messages={"required": "Enter an address that begins with https://"},
    )
