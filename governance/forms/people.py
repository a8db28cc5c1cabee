"""The shape of what people type about people."""

from __future__ import annotations

from django import forms
from django.contrib.auth.password_validation import validate_password

from ..models import Person
from ..rules.decision import Refused
from ..rules.email_domains import canonical_email
from ..rules.names import clean_name
from ..rules.roles import ROLES
from .layout import PortalForm

_EMAIL = {"autocomplete": "off", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
_ROLE_HINTS = {
    "Global administrator": "Everything, the list, own names, roles and settings included.",
    "User administrator": "Connected organizations, guests, packages and policies.",
    "Guest inviter": "Invites guests and adds connected organizations, which are proposed.",
    "Reader": "Sees everything, changes nothing.",
}


class AddressForm(PortalForm):
    """A form with an e-mail address that is checked by the house's own rule."""

    def clean_email(self):
        try:
            return canonical_email(self.cleaned_data["email"]).text
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None


class InviteForm(AddressForm):
    email = forms.CharField(
        label="E-mail address", max_length=400, widget=forms.TextInput(_EMAIL),
        error_messages={"required": "Enter an e-mail address, such as name@partner.example"},
    )  # fmt: skip
    name = forms.CharField(required=False, max_length=200, help_text="They can change it when they accept.")
    message = forms.CharField(required=False, max_length=500, widget=forms.Textarea({"rows": 3}), help_text="Stands in the mail.")


class MemberForm(AddressForm):
    email = forms.CharField(
        label="E-mail address", max_length=400, widget=forms.TextInput(_EMAIL),
        error_messages={"required": "Enter an e-mail address, such as name@partner.example"},
    )  # fmt: skip
    name = forms.CharField(max_length=200, error_messages={"required": "Enter a name"})
    unit = forms.CharField(required=False, max_length=200, help_text="Department or team.")

    def clean_name(self):
        return _clean_name(self)


class AcceptForm(PortalForm):
    """What an invited person chooses."""

    name = forms.CharField(max_length=200, error_messages={"required": "Enter a name"}, widget=forms.TextInput({"autocomplete": "name"}))
    password = forms.CharField(
        strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"}), help_text="At least 12 characters.",
        error_messages={"required": "Enter a password"},
    )  # fmt: skip

    def __init__(self, *args, person: Person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_name(self):
        return _clean_name(self)

    def clean_password(self):
        validate_password(self.cleaned_data["password"], self.person)
        return self.cleaned_data["password"]


class RolesForm(PortalForm):
    roles = forms.MultipleChoiceField(choices=[(role, role) for role in ROLES], required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["roles"].hints = _ROLE_HINTS


class PreferencesForm(PortalForm):
    theme = forms.ChoiceField(choices=[("", "Follow the system"), ("light", "Light"), ("dark", "Dark")], required=False, widget=forms.RadioSelect)
    shortcuts = forms.BooleanField(label="Keyboard shortcuts", required=False, help_text="Single keys such as / and ? while nothing is being typed.")


def _clean_name(form: forms.Form) -> str:
    try:
        return clean_name(form.cleaned_data["name"])
    except Refused as refusal:
        raise forms.ValidationError(str(refusal)) from None
