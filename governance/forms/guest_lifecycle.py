"""What happens to guests at the end of their access."""

from __future__ import annotations

from django import forms

from ..rules.guest_lifecycle import LONGEST_DAYS
from ..rules.wording import grouped
from .layout import PortalForm


class GuestLifecycleForm(PortalForm):
    blocks_at_end = forms.BooleanField(
        label="Block guests when their last access ends",
        required=False,
        help_text="A blocked guest cannot sign in. People who were invited are left alone.",
    )
    removes_after = forms.IntegerField(
        label="Days until guests are removed",
        required=False,
        help_text=(
            f"After the end of their last access, from 0 to {grouped(LONGEST_DAYS)}."
            " Leave it empty to keep the accounts."
        ),
        error_messages={"invalid": "Enter a whole number of days"},
    )
