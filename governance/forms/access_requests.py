"""The filters above the lists of requests and of assignments, and what administrators type about
them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from ..queries.access_requests import assignments, listing
from ..queries.access_requests.assignments import AssignmentFilters
from ..queries.access_requests.listing import RequestFilters
from ..rules.access_requests.outcomes import REASON_LIMIT
from ..rules.access_requests.transitions import STATE_WORDS
from .layout import PortalForm, offer
from .people import AddressField

LONGEST = 254
_ANY_PACKAGE = ("", "Any package")


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


class _Filters(PortalForm):
    """A field that cannot be read filters nothing."""

    q = forms.CharField(label="Email address", required=False, max_length=LONGEST)
    package = forms.UUIDField(label="Access package", required=False, widget=forms.Select)
    organization = forms.CharField(label="Organization", required=False, max_length=200)
    view = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Select):
                field.widget.attrs["class"] = "form-select narrow"

    def offer_packages(self, packages: Iterable[tuple[str, str]]) -> _Filters:
        """Let people choose among these pairs of a public id and a name."""
        widget = self.fields["package"].widget
        assert isinstance(widget, forms.Select)
        widget.choices = [_ANY_PACKAGE, *packages]
        return self

    def asked(self) -> dict[str, Any]:
        """Return what was asked for, by field."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class RequestFilterForm(_Filters):
    state = forms.ChoiceField(required=False, choices=[("", "Any state"), *STATE_WORDS.items()])
    kind = forms.ChoiceField(required=False, choices=[("", "Any kind"), *listing.KINDS.items()])
    since = _day("Submitted from")
    until = _day("Submitted to")
    field_order = ("q", "package", "organization", "state", "kind", "since", "until")

    def filters(self) -> RequestFilters:
        """Return what was asked for."""
        asked = self.asked()
        asked["text"] = asked.pop("q", "")
        if asked.get("view") not in listing.VIEWS:
            asked.pop("view", None)
        return RequestFilters(**asked, zone=timezone.get_current_timezone())


class AssignmentFilterForm(_Filters):
    since = _day("Ends from")
    until = _day("Ends to")
    field_order = ("q", "package", "organization", "since", "until")

    def filters(self) -> AssignmentFilters:
        """Return what was asked for."""
        asked = self.asked()
        asked["text"] = asked.pop("q", "")
        if asked.get("view") not in assignments.VIEWS:
            asked.pop("view", None)
        return AssignmentFilters(**asked, zone=timezone.get_current_timezone())


class ReasonForm(PortalForm):
    """Why an administrator does it: the rule checks the text."""

    reason = forms.CharField(
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=f"The person can read this. At most {REASON_LIMIT:,} characters.",
    )
    reason.depends_on_another = True  # type: ignore[attr-defined]


class AssignForm(PortalForm):
    package = forms.ChoiceField(
        label="Access package", error_messages={"required": "Choose an access package"}
    )
    email = AddressField()
    last_day = forms.DateField(
        label="Last day of access",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="Leave it empty for access without an end date.",
        error_messages={"invalid": "Enter a day, such as 2027-01-31"},
    )
    reason = forms.CharField(
        widget=forms.Textarea({"rows": 3}),
        help_text="Explain why, for whoever reviews this access later.",
        error_messages={"required": "Enter a reason"},
    )

    def __init__(self, *args, packages: Iterable[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, "package", [("", "Choose an access package"), *packages])
