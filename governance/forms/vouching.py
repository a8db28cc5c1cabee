"""What people type about vouchers."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from ..rules.names import clean_long_text
from ..rules.vouching import LONGEST_DAYS, REASON_LIMIT
from .layout import PortalForm
from .people import AddressField, TextOf


def _clean_reason(text: str) -> str:
    return clean_long_text(text, REASON_LIMIT, field="reason", called="Reason")


class PassesForm(PortalForm):
    """The administrator's tick, which is asked for only where the list blocks by default."""

    passes_default_block = forms.BooleanField(
        label="Let this address through the allow and deny list",
        required=False,
        help_text=(
            "The list blocks domains without a rule. Without this tick, the voucher has no effect"
            " until a rule allows the domain. A rule that blocks the domain always wins."
        ),
    )

    def __init__(self, *args, is_blocked_by_default: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_blocked_by_default:
            del self.fields["passes_default_block"]

    @property
    def answers(self) -> dict:
        return {"passes_default_block": False} | self.cleaned_data


class ProposalForm(PortalForm):
    """Whom to vouch for, until when, and why."""

    email = AddressField()
    last_day = forms.DateField(
        label="Last day",
        widget=forms.DateInput({"type": "date"}),
        error_messages={"required": "Enter the last day of the voucher"},
    )
    reason = TextOf(
        _clean_reason,
        label="Reason",
        strip=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="Explain why, for whoever reviews this later.",
        error_messages={"required": "Enter a reason"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["last_day"].help_text = (
            f"At most {LONGEST_DAYS} days from today. The day ends at midnight in the portal's time"
            f" zone, {timezone.get_default_timezone_name()}."
        )


class VoucherForm(PassesForm, ProposalForm):
    """The same, by an administrator."""

    field_order = ["email", "last_day", "reason", "passes_default_block"]
