"""The shape of what people type about people."""

from __future__ import annotations

from django import forms
from django.contrib.auth.password_validation import validate_password

from ..models import Person
from ..rules.decision import Refused
from ..rules.email_domains import canonical_email
from ..rules.names import clean_description, clean_person_name, clean_unit
from ..rules.roles import ROLES
from ..rules.time_zones import known_time_zone, zones_to_choose
from .layout import LongSelect, PortalForm

_TIME_ZONES = ("", "Your browser's time zone"), *((name, name) for name in zones_to_choose())
_ROLE_HINTS = {
    "Global administrator": "Can do everything, including changes to the allow and deny list, "
    "your domains, roles and settings.",
    "User administrator": "Manages connected organizations, guests, packages and policies.",
    "Guest inviter": "Invites guests, and adds connected organizations as proposed.",
    "Reader": "Can see everything except emails, and changes nothing.",
}


class AddressField(forms.CharField):
    """An e-mail address, checked by the rule for addresses."""

    default_error_messages = {"required": "Enter an email address, such as name@partner.example"}

    def __init__(self, **more):
        attrs = {
            "autocomplete": "off",
            "inputmode": "email",
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        super().__init__(label="Email address", widget=forms.TextInput(attrs), **more)

    def clean(self, value):
        return cleaned_by_rule(lambda text: canonical_email(text).text, super().clean(value))


class TextOf(forms.CharField):
    """Text that a rule makes clean, or refuses with its own sentence."""

    def __init__(self, rule, **more):
        super().__init__(**more)
        self.rule = rule

    def clean(self, value):
        text = super().clean(value)
        return cleaned_by_rule(self.rule, text) if text else ""


def cleaned_by_rule(rule, text: str) -> str:
    """Return the text as the rule returns it; a refusal becomes a ValidationError."""
    try:
        return rule(text)
    except Refused as refusal:
        raise forms.ValidationError(str(refusal)) from None


def _name(**more) -> TextOf:
    return TextOf(clean_person_name, error_messages={"required": "Enter a name"}, **more)


class InviteForm(PortalForm):
    email = AddressField()
    name = _name(required=False, help_text="They can change it when they accept.")
    message = TextOf(
        lambda text: clean_description(text, called="Message"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="Included in the invitation email.",
    )


class MemberForm(PortalForm):
    email = AddressField()
    name = _name()
    unit = TextOf(clean_unit, required=False, help_text="Department or team.")


class AcceptForm(PortalForm):
    """What an invited person chooses."""

    name = _name(widget=forms.TextInput({"autocomplete": "name"}))
    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text="At least 12 characters.",
        error_messages={"required": "Enter a password"},
    )

    def __init__(self, *args, person: Person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self):
        validate_password(self.cleaned_data["password"], self.person)
        return self.cleaned_data["password"]


class RolesForm(PortalForm):
    roles = forms.MultipleChoiceField(
        choices=[(role, role) for role in ROLES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["roles"].hints = _ROLE_HINTS


class PreferencesForm(PortalForm):
    theme = forms.TypedChoiceField(
        choices=[("system", "Follow the system"), ("light", "Light"), ("dark", "Dark")],
        coerce=lambda chosen: "" if chosen == "system" else chosen,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a theme"},
    )
    shortcuts = forms.BooleanField(
        label="Keyboard shortcuts",
        required=False,
        help_text="Use single keys such as / and ? when you are not typing.",
    )
    time_zone = TextOf(
        known_time_zone,
        label="Time zone",
        required=False,
        widget=LongSelect(_TIME_ZONES),
        help_text="Times on pages are shown in this time zone.",
    )
    shows_first_steps = forms.BooleanField(
        label="First steps",
        required=False,
        help_text="Show the first steps on the overview until all of them are done.",
    )

    def __init__(self, *args, is_administrator: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_administrator:
            del self.fields["shows_first_steps"]
