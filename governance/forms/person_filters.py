"""The form above the list of people. What it does not understand, it does not ask for."""

from __future__ import annotations

from django import forms

from ..queries.people.listing import KINDS, STATES, PersonFilters
from ..rules.roles import ROLES
from .layout import QUICK_RENDERER

LONGEST = 254


class PersonFilterForm(forms.Form):
    default_renderer = QUICK_RENDERER

    q = forms.CharField(
        label="Search by name, email or domain",
        required=False,
        widget=forms.TextInput(
            {
                "type": "search",
                "placeholder": "Name, email or domain",
                "maxlength": LONGEST,
                "class": "form-control",
            }
        ),
    )
    kind = forms.ChoiceField(
        label="Kind",
        choices=[
            ("", "Members and guests"),
            *((kind, f"{label}s") for kind, label in KINDS.items()),
        ],
        required=False,
    )
    role = forms.ChoiceField(
        label="Role", choices=[("", "Any role"), *((role, role) for role in ROLES)], required=False
    )
    state = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, asked):
        super().__init__(asked, auto_id="f-%s")
        for name in ("kind", "role"):
            self.fields[name].widget.attrs["class"] = "form-select"

    def filters(self) -> PersonFilters:
        text = self.data.get("q", "").replace("\0", "").strip()[:LONGEST]
        return PersonFilters(
            text,
            self._known("kind", KINDS),
            self._known("state", STATES),
            self._known("role", ROLES),
        )

    def _known(self, name: str, known) -> str:
        value = self.data.get(name, "")
        return value if value in known else ""
