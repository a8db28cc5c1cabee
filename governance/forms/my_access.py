"""The shape of what people type on My Access."""

from __future__ import annotations

from django import forms

from ..rules.sign_in_codes import LONGEST_TYPED, clean_code
from .layout import PortalForm
from .people import AddressField, TextOf


class AskForCodeForm(PortalForm):
    email = AddressField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "email"


class CodeForm(PortalForm):
    code = TextOf(
        clean_code,
        label="Code",
        help_text="8 letters and digits. Capitals, spaces and hyphens make no difference.",
        error_messages={"required": "Enter the code from the email"},
        widget=forms.TextInput(
            {
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "maxlength": LONGEST_TYPED,
                "class": "form-control code-input",
            }
        ),
    )
