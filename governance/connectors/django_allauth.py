"""Every part of django-allauth that the portal leans on, but its forms, which its documentation
lets a project replace (forms/sign_in.py). Each docstring names the part, as of django-allauth
65.21: look here first with another version.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.decorators import reauthentication_required
from allauth.account.forms import LoginForm
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Model, QuerySet
from django.forms import Field

# The prefix of the template of a mail -> the method, and whether it was added.
_SECOND_FACTOR_CHANGES = {
    "mfa/email/totp_activated": ("authenticator app", True),
    "mfa/email/totp_deactivated": ("authenticator app", False),
    "mfa/email/webauthn_added": ("passkey", True),
    "mfa/email/webauthn_removed": ("passkey", False),
    "mfa/email/recovery_codes_generated": ("recovery codes", True),
}
_SECRETS_OF_MAILS = ("password_reset_url", "code", "activate_url")


# The password again


def needs_password_again(*, when_read: bool = True) -> Callable:
    """Make a view ask for the password again unless it was given a short while ago.

    `when_read` says whether a GET asks too. django-allauth: decorators.reauthentication_required.
    """
    return reauthentication_required(allow_get=not when_read)


def require_password_again(request) -> None:
    """Ask for the password again unless it was given a short while ago, and go on with this request
    then.

    django-allauth: decorators.reauthentication_required raises core.exceptions
    .ReauthenticationRequired, which account.middleware.AccountMiddleware answers.
    """
    reauthentication_required(lambda _request: None)(request)


# Signing in


class EmailAndPasswordBackend(AuthenticationBackend):
    """Looks accounts up by `canonical_address` of what was typed.

    django-allauth: account.auth_backends.AuthenticationBackend._authenticate_by_email.
    """

    def canonical_address(self, typed: str) -> str:
        """Return the spelling in which an account has the address."""
        raise NotImplementedError

    def _authenticate_by_email(self, email, password):
        return super()._authenticate_by_email(self.canonical_address(email), password)


class AccountAdapterHooks(DefaultAccountAdapter):
    """Calls the first six methods, which the portal's adapter overrides, where django-allauth would
    decide, write or send by itself. Nobody signs up.

    django-allauth: account.adapter.DefaultAccountAdapter, whose methods beneath are overridden.
    """

    def may_sign_in(self, user: Model) -> bool:
        """Return whether somebody who proved who they are may come in."""
        raise NotImplementedError

    def forget_others(self, request, user: Model) -> None:
        """Remove from the session what is not for the person who signs in."""
        raise NotImplementedError

    def leads_here(self, url: str) -> bool:
        """Return whether a link leads to a page of the portal."""
        raise NotImplementedError

    def change_password(self, user: Model, password: str) -> None:
        """Store the password that somebody chose, as a form or by a mailed link."""
        raise NotImplementedError

    def note_second_factor(self, user: Model, method: str, *, is_added: bool) -> None:
        """Put on record that somebody added or removed a second factor."""
        raise NotImplementedError

    def write_mail(self, to: str, subject: str, body: str, secret: str) -> None:
        """Send a mail; `secret` is the part of the body that only the addressee may read."""
        raise NotImplementedError

    def is_open_for_signup(self, request):
        return False

    def is_safe_url(self, url):
        return bool(url) and self.leads_here(url)

    def pre_login(self, request, user, **login):
        """Answer as for an inactive account: account.internal.stagekit.clear_login ends the steps
        that were begun.
        """
        if not self.may_sign_in(user):
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **login)

    def post_login(self, request, user, **login):
        self.forget_others(request, user)
        return super().post_login(request, user, **login)

    def set_password(self, user, password):
        self.change_password(user, password)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Send nothing: it is called after each change of how somebody proves who they are, which
        the template's name says.
        """
        if template_prefix in _SECOND_FACTOR_CHANGES:
            method, is_added = _SECOND_FACTOR_CHANGES[template_prefix]
            self.note_second_factor(user, method, is_added=is_added)

    def get_reset_password_from_key_url(self, key):
        """Return the link at the portal's own origin, whatever host the request named."""
        return f"{settings.ORIGIN}{urlsplit(super().get_reset_password_from_key_url(key)).path}"

    def send_mail(self, template_prefix, email, context):
        """Write what .render_mail makes of the template; the context has the secret."""
        given = {"email": email, "origin": settings.ORIGIN, **context}
        message = self.render_mail(template_prefix, email, given)
        secrets = (context[name] for name in _SECRETS_OF_MAILS if context.get(name))
        self.write_mail(email, message.subject, message.body, next(secrets, ""))


def second_factors(user: Model) -> QuerySet:
    """Return the rows of all that somebody has set up beside the password.

    django-allauth: mfa.models.Authenticator.
    """
    return Authenticator.objects.filter(user=user)


class AddressLoginForm(LoginForm):
    """Signs in by the address that `login_field` takes.

    django-allauth: its form makes the field `login` when it is made, and reads addresses by itself.
    """

    login_field: type[Field]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"] = self.login_field()
