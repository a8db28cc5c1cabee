"""The form above the list of connected organizations, and what it asks for."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
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
    """What was typed, to be shown again. No packages: there is no field for them."""

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

    def __init__(self, asked: Mapping[str, str], packages: Iterable[tuple[UUID, str]] | None):
        super().__init__(asked, auto_id="f-%s")
        for name, label in self.labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs["class"] = (
                "form-control" if name == "q" else "form-select"
            )
        if packages is None:
            del self.fields["package"]
        else:
            offer(self, "package", [_ANY_PACKAGE, *((str(key), name) for key, name in packages)])


def filters_asked(asked: Mapping[str, str], *, sees_packages: bool) -> OrganizationFilters:
    """What the list is asked for. What nobody understands is not asked for."""
    return OrganizationFilters(
        view=_known(asked, "view", VIEWS),
        text=asked.get("q", "").replace("\0", "").strip()[:LONGEST],
        sign_in=_known(asked, "sign_in", SIGN_INS),
        sponsors=_known(asked, "sponsors", SPONSORS),
        package=_key(asked.get("package", "")) if sees_packages else None,
        sort=SORTS.get(asked.get("sort", ""), LATEST_FIRST),
    )


def _known(asked: Mapping[str, str], name: str, table: Container[str]) -> str:
    value = asked.get(name, "")
    return value if value in table else ""


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
