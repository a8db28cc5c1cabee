"""The shape of what approvers type."""

from __future__ import annotations

from django import forms

from ..rules.access_requests.outcomes import APPROVE, DENY, OUTCOMES
from .layout import PortalForm


class DecisionForm(PortalForm):
    """A decision on one request. The button that was pressed is the outcome."""

    outcome = forms.ChoiceField(
        choices=[(each, each) for each in OUTCOMES],
        widget=forms.HiddenInput,
        error_messages={
            "required": "Choose Approve, Deny or Send back",
            "invalid_choice": "Choose Approve, Deny or Send back",
        },
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args, hint: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = hint


class TogetherForm(PortalForm):
    """One decision on several requests."""

    outcome = forms.ChoiceField(
        choices=[(APPROVE, APPROVE), (DENY, DENY)],
        widget=forms.HiddenInput,
        error_messages={
            "required": "Choose Approve all or Deny all",
            "invalid_choice": "Choose Approve all or Deny all",
        },
    )
    reason = forms.CharField(
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="Required to deny. The requesters read it.",
    )


class DeputyForm(PortalForm):
    """Who decides for an approver, and until when."""

    deputy = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={"required": "Choose a person", "invalid": "Choose a person"},
    )
    last_day = forms.DateField(
        label="Last day",
        widget=forms.DateInput({"type": "date"}),
        help_text="They decide for you until the end of this day.",
        error_messages={
            "required": "Enter the last day",
            "invalid": "Enter a real date, such as 31 Dec 2026",
        },
    )
