"""What people type about the policy of an access package."""

from __future__ import annotations

from django import forms

from ..models import Policy
from ..rules.access_packages.terms import LONGEST_DAYS, NewPolicy
from ..rules.wording import grouped
from .layout import ChoiceWithHints, PortalForm

_HINTS = {
    Policy.Scope.NAMED: "The organizations that you select below, configured or proposed.",
    Policy.Scope.ALL_CONFIGURED: (
        "Includes organizations that are configured later. Proposed organizations are left out."
    ),
    Policy.Scope.ANY_OUTSIDE: "Connected or not. Every request needs approval.",
    Policy.Scope.MEMBERS: "Members, never guests.",
    Policy.Scope.NOBODY: "Nobody can request access under this policy.",
}
SCOPES = [(scope.value, scope.label, _HINTS[scope]) for scope in Policy.Scope]


class PolicyForm(PortalForm):
    name = forms.CharField(
        strip=False,
        error_messages={"required": "Enter a name"},
        help_text="Seen by administrators and auditors.",
    )
    scope = ChoiceWithHints(choices=SCOPES, label="Who can request", initial="named")
    needs_approval = forms.BooleanField(
        label="Approval needed",
        required=False,
        initial=True,
        help_text="With “Any outside person”, every request needs approval.",
    )
    lasts_days = forms.IntegerField(
        label="Days of access",
        required=False,
        min_value=1,
        max_value=LONGEST_DAYS,
        help_text="Leave empty for access that does not end.",
        error_messages={
            "min_value": f"Enter a number of days from 1 to {grouped(LONGEST_DAYS)}",
            "max_value": f"Enter a number of days from 1 to {grouped(LONGEST_DAYS)}",
            "invalid": "Enter a number of days",
        },
    )
    is_open = forms.BooleanField(
        label="Open for requests",
        required=False,
        initial=True,
        help_text="Turn this off to stop new requests under this policy.",
    )

    def policy(self, organizations) -> NewPolicy:
        return NewPolicy(organizations=tuple(organizations), **self.cleaned_data)
