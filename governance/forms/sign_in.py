"""The forms of django-allauth in our words: what a field is called, and what is missing when it is
empty.
"""

from __future__ import annotations

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn

from ..connectors.django_allauth import AddressLoginForm
from .people import AddressField

# Name of the field -> its label, what is said when it is empty, a hint.
_WORDS = {
    "login": ("Email", "Enter your email address", ""),
    "email": ("Email", "Enter your email address", ""),
    "password": ("Password", "Enter your password", None),
    "oldpassword": ("Current password", "Enter your current password", None),
    "password1": ("New password", "Enter a new password", "At least 12 characters."),
    "password2": ("Confirm new password", "Enter the new password again", ""),
    "code": ("Code", "Enter the code", ""),
    "name": ("Name", "Enter a name", "Helps you tell your keys apart."),
    "passwordless": (
        "Signs in without a password",
        "",
        "The key then asks for a PIN, a fingerprint or a face.",
    ),
}


class InOurWords:
    """A label needs no placeholder that repeats it.

    A hint of None stays what it is: a link to help.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in _WORDS:
                field.label, field.error_messages["required"], hint = _WORDS[name]
                field.help_text = field.help_text if hint is None else hint


class AccountAddressField(AddressField):
    """The address of an account, in whatever spelling its owner types it.

    An address that is refused here cannot be an account's, so refusing it tells nothing about
    accounts.
    """

    def __init__(self, **more):
        super().__init__(**more)
        self.widget.attrs["autocomplete"] = "email"


class LoginForm(InOurWords, AddressLoginForm):
    login_field = AccountAddressField


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):
    email = AccountAddressField()


class ResetPasswordKeyForm(InOurWords, account.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):
    pass


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):
    pass


class AuthenticateForm(InOurWords, mfa.AuthenticateForm):
    pass


class ReauthenticateByCodeForm(InOurWords, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(InOurWords, totp.ActivateTOTPForm):
    pass


class AddKeyForm(InOurWords, webauthn.AddWebAuthnForm):
    pass


class EditKeyForm(InOurWords, webauthn.EditWebAuthnForm):
    pass
