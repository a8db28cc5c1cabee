"""What people type about the allow and deny list."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from ..rules.decision import Refused
from ..rules.domain_list import clean_reason, is_day_over
from ..rules.domains.pasted import AT_ONCE, LONGEST_PASTE, has_none, is_too_much
from .layout import ChoiceWithHints, PortalForm

EFFECTS = [
    (
        "block",
        "Block",
        "Nobody at these domains can request access, unless a more specific rule allows it.",
    ),
    (
        "allow",
        "Allow",
        "A broader block does not apply to these domains. Policies still decide who can request.",
    ),
]
BREADTHS = [
    ("with_subdomains", "Including subdomains", "The domain and all its subdomains."),
    (
        "alone",
        "This domain only",
        "Not its subdomains, except on lines such as *.partner.example.",
    ),
]
DEFAULTS = [
    (
        "allow",
        "Allow domains that are not listed",
        "Rules block individual domains. New partners need no rule.",
    ),
    (
        "block",
        "Block domains that are not listed",
        "Only domains with an allow rule can request access. Every new partner needs one.",
    ),
]


class _ReasonedForm(PortalForm):
    def __init__(self, *args, at: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self._at = at
        self.fields["ends_on"].help_text = (
            "The last day on which the rule is in force. The day ends at midnight in the portal's"
            f" time zone, {timezone.get_default_timezone_name()}."
        )

    def clean_reason(self):
        try:
            return clean_reason(self.cleaned_data["reason"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean_ends_on(self):
        """Said before the effect is shown; a day that the rule has already may stay."""
        day = self.cleaned_data["ends_on"]
        if day != self.initial.get("ends_on") and is_day_over(
            day, timezone.get_default_timezone(), self._at
        ):
            raise forms.ValidationError("Enter today or a later day")
        return day


class RulesForm(_ReasonedForm):
    names = forms.CharField(
        label="Domains",
        widget=forms.Textarea({"rows": 5, "spellcheck": "false", "autocapitalize": "none"}),
        help_text=(
            "One domain per line, or a list with commas or semicolons."
            " Of links and email addresses, only the domain is used."
            " You see how each line was read before anything is saved."
        ),
        error_messages={"required": "Enter a domain"},
    )
    effect = ChoiceWithHints(choices=EFFECTS, initial="block", label="Effect")
    breadth = ChoiceWithHints(choices=BREADTHS, initial="with_subdomains", label="Covers")
    reason = forms.CharField(
        required=False,
        strip=False,
        help_text="Explain why, for whoever reviews this list later.",
    )
    ends_on = forms.DateField(
        label="Ends on",
        required=False,
        help_text="The last day on which the rule is in force.",
        widget=forms.DateInput({"type": "date"}),
    )

    def clean_names(self) -> str:
        """Refuse a paste that is too long or has nothing in it; what is in it is compared with the
        list.
        """
        text = self.cleaned_data["names"]
        if len(text) > LONGEST_PASTE or is_too_much(text):
            raise forms.ValidationError(f"Paste at most {AT_ONCE:,} domains at once")
        if has_none(text):
            raise forms.ValidationError("Enter a domain")
        return text

    def leave(self, text: str) -> None:
        """Show only what could not be saved, beside the other answers."""
        answers: MultiValueDict[str, str] = MultiValueDict()
        answers.update(self.data)
        answers["names"] = text
        self.data = answers


class RuleForm(_ReasonedForm):
    effect = ChoiceWithHints(choices=EFFECTS, label="Effect")
    reason = forms.CharField(required=False, strip=False)
    ends_on = forms.DateField(
        label="Ends on",
        required=False,
        help_text="The last day on which the rule is in force.",
        widget=forms.DateInput({"type": "date"}),
    )


class DefaultForm(PortalForm):
    effect = ChoiceWithHints(choices=DEFAULTS, label="Domains without a rule")


class OwnNameForm(PortalForm):
    name = forms.CharField(
        label="Domain name",
        strip=False,
        help_text="Nobody can connect this domain or its subdomains as a partner.",
        widget=forms.TextInput(
            {
                "autocapitalize": "none",
                "spellcheck": "false",
                "inputmode": "url",
                "autocomplete": "off",
            }
        ),
        error_messages={"required": "Enter a domain"},
    )
