"""What people type about a catalog."""

from __future__ import annotations

from django import forms

from ..rules.names import DESCRIPTION_LIMIT
from .layout import PortalForm, offer

GENERAL = "general"


class CatalogForm(PortalForm):
    name = forms.CharField(strip=False, error_messages={"required": "Enter a name"})
    description = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 3, "data-limit": DESCRIPTION_LIMIT}),
        help_text="Which access packages belong in it.",
    )


class MoveForm(PortalForm):
    """Which catalog a package is to be in. `catalogs` are pairs of a public id and a name."""

    catalog = forms.ChoiceField(
        error_messages={
            "required": "Choose a catalog",
            "invalid_choice": "This catalog has been removed. Choose another one",
        }
    )

    def __init__(self, *args, catalogs, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, "catalog", catalogs)
