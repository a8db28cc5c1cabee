"""What people type about the policy of an access package."""

from __future__ import annotations

from django import forms

from ..models import Policy
from ..rules.access_packages.lifecycle import Lifecycle
from ..rules.access_packages.stages import stages_from_typed
from ..rules.access_packages.terms import NewPolicy
from ..rules.decision import Refused
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
    stages = forms.JSONField(label="Approval", required=False, initial=list)
    ends = forms.ChoiceField(label="Access ends", choices=Policy.Ends, initial="days")
    lasts_days = forms.IntegerField(label="Days of access", required=False, initial=365)
    is_open = forms.BooleanField(
        label="Open for requests",
        required=False,
        initial=True,
        help_text="Turn this off to stop new requests under this policy.",
    )

    def clean_stages(self):
        try:
            return stages_from_typed(self.cleaned_data.get("stages") or ())
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def policy(self, organizations) -> NewPolicy:
        typed = self.cleaned_data
        lifecycle = Lifecycle(typed["ends"], typed["lasts_days"])
        return NewPolicy(
            typed["name"],
            typed["scope"],
            tuple(organizations),
            typed["stages"],
            typed["is_open"],
            lifecycle,
        )
