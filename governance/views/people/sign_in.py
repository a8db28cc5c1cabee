"""How the portal signs people in, on top of django-allauth."""

from __future__ import annotations

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.utils import timezone

from ...actions.mail import write_mail
from ...actions.people.own_account import (
    change_password,
    note_second_factor,
    note_second_factor_gone,
)
from ...rules.roles import Actor
from ...web.responses import leads_here
from ...web.unsaved_answers import forget_those_of_others

_SECOND_FACTORS = {
    "mfa/email/totp_activated": (note_second_factor, "authenticator app"),
    "mfa/email/totp_deactivated": (note_second_factor_gone, "authenticator app"),
    "mfa/email/webauthn_added": (note_second_factor, "passkey"),
    "mfa/email/webauthn_removed": (note_second_factor_gone, "passkey"),
    "mfa/email/recovery_codes_generated": (note_second_factor, "recovery codes"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: administrators make accounts. Mails are rows like all others."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The email address or the password is not correct",
        "enter_current_password": "This is not your current password",
        "incorrect_password": "This is not your password",
        "too_many_login_attempts": (
            "Too many failed attempts from your network. Wait five minutes, then try again"
        ),
    }

    def is_open_for_signup(self, request):
        return False

    def is_safe_url(self, url):
        """Where somebody wanted to go is a path; of anything else not even the look is trusted."""
        return bool(url) and leads_here(url)

    def pre_login(self, request, user, **login):
        """Of a blocked mailbox nobody signs in, whichever of its addresses they use (product rule
        3).
        """
        if user.is_shut_out:
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **login)

    def post_login(self, request, user, **login):
        """What somebody else typed in this browser before is not for who signed in."""
        forget_those_of_others(request, user)
        return super().post_login(request, user, **login)

    def set_password(self, user, password):
        """By Change password or by a mailed link: whoever can do either is the person."""
        change_password(person=user, password=password, by=self._actor(user), at=timezone.now())

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """What django-allauth calls after each change of how somebody proves who they are; here it
        goes on record.
        """
        if template_prefix in _SECOND_FACTORS:
            note, method = _SECOND_FACTORS[template_prefix]
            note(person=user, method=method, by=self._actor(user), at=timezone.now())

    def _actor(self, user) -> Actor:
        facts = (getattr(self.request, name, "") for name in ("actor_ip", "request_id"))
        return Actor(user.pk, str(user), user.role_names, *facts)

    def get_reset_password_from_key_url(self, key):
        """At the portal's own origin, whatever host the request named."""
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        return f"{settings.ORIGIN}{path}"

    def send_mail(self, template_prefix, email, context):
        """Write the mail; its link is for the addressee alone."""
        message = self.render_mail(
            template_prefix, email, {"email": email, "origin": settings.ORIGIN, **context}
        )
        secret = next(
            (
                context[name]
                for name in ("password_reset_url", "code", "activate_url")
                if context.get(name)
            ),
            "",
        )
        write_mail(
            to=email, subject=message.subject, body=message.body, secret=secret, at=timezone.now()
        )
