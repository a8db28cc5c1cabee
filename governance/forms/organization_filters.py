"""The form above the list of connected organizations.

What it does not understand, it does not ask for.
"""

from __future__ import annotations

from collections.abc import Container
from uuid import UUID

from django import forms

from ..queries.organizations.filters import (
    LATEST_FIRST,
    SIGN_INS,
    SORTS,
    SPONSORS,
    VIEWS,
    OrganizationFilters,
)
from ..queries.organizations.search import LONGEST
from .layout import QUICK_RENDERER, offer

_SIGN_IN = [
    ("", "Any sign-in"),
    ("directory", "Their directory"),
    ("passcode", "One-time passcode"),
]
_SPONSORS = [
    ("", "Any sponsor"),
    ("internal", "Internal sponsor"),
    ("external", "External sponsor"),
    ("none", "No sponsor"),
]
_ANY_PACKAGE = ("", "Any access package")


class OrganizationFilterForm(forms.Form):
    default_renderer = QUICK_RENDERER

    q = forms.CharField(
        required=False,
        widget=forms.TextInput(
            {"type": "search", "placeholder": "Search by name or domain", "maxlength": LONGEST}
        ),
    )
    sign_in = forms.ChoiceField(choices=_SIGN_IN, required=False)
    sponsors = forms.ChoiceField(choices=_SPONSORS, required=False)
    package = forms.ChoiceField(choices=[_ANY_PACKAGE], required=False)
    view = forms.CharField(required=False, widget=forms.HiddenInput)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    labels = {
        "q": "Search by name or domain",
        "sign_in": "Sign-in",
        "sponsors": "Sponsors",
        "package": "Access package",
    }

    def __init__(self, asked, *, sees_packages: bool):
        super().__init__(asked, auto_id="f-%s")
        for name, label in self.labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs["class"] = (
                "form-control" if name == "q" else "form-select"
            )
        if not sees_packages:
            del self.fields["package"]

    def filters(self) -> OrganizationFilters:
        return OrganizationFilters(
            view=self._known("view", VIEWS),
            text=self.data.get("q", "").replace("\0", "").strip()[:LONGEST],
            sign_in=self._known("sign_in", SIGN_INS),
            sponsors=self._known("sponsors", SPONSORS),
            package=self._package(),
            sort=SORTS.get(self.data.get("sort", ""), LATEST_FIRST),
        )

    def offer(self, packages) -> OrganizationFilterForm:
        """Let people choose among the packages."""
        if "package" in self.fields:
            offer(self, "package", [_ANY_PACKAGE, *((str(key), name) for key, name in packages)])
        return self

    def _known(self, name: str, table: Container[str]) -> str:
        value = self.data.get(name, "")
        return value if value in table else ""

    def _package(self) -> UUID | None:
        try:
            return UUID(self.data.get("package", "")) if "package" in self.fields else None
        except ValueError:
            return None
