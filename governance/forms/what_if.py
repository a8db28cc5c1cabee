"""What people ask the what-if checker."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode

from ..rules.time_zones import zone_words
from .layout import PortalForm, offer

YEARS = range(1900, 3000)


class MomentInput(forms.DateTimeInput):
    """A browser's field for day and time, which takes and shows moments in the viewer's zone."""

    input_type = "datetime-local"

    def __init__(self):
        super().__init__(format="%Y-%m-%dT%H:%M")

    def format_value(self, value):
        """Show a moment from the URL, which has an offset, in the viewer's zone."""
        moment = _moment(value) if isinstance(value, str) else value
        if moment and timezone.is_aware(moment) and moment.year in YEARS:
            moment = timezone.localtime(moment)
        return super().format_value(moment or value)


class WhatIfForm(PortalForm):
    email = forms.CharField(
        label="Email address",
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
        required=False,
        widget=MomentInput(),
        error_messages={"invalid": "Enter a date and a time"},
    )

    def __init__(self, *args, packages, now: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, "package", [("", "All access packages"), *packages])
        self.fields["at"].label = f"Time (optional), {_zone(now)}"

    def clean_at(self) -> datetime | None:
        at = self.cleaned_data["at"]
        if at and at.year not in YEARS:
            raise forms.ValidationError(f"Enter a year from {YEARS[0]} to {YEARS[-1]}")
        return at

    def query_with_offset(self) -> str:
        """Return the URL's query with the moment's offset added; "" where nothing is missing.

        Without an offset, the same URL would ask about another moment in another time zone.
        """
        at = self.cleaned_data.get("at")
        if not at or self.data["at"] == at.isoformat():
            return ""
        query: MultiValueDict[str, str] = MultiValueDict()
        query.update(self.data)
        query["at"] = at.isoformat()
        return urlencode(query, doseq=True)


def _zone(now: datetime) -> str:
    return zone_words(timezone.get_current_timezone(), now)


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None
