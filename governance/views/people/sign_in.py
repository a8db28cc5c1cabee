"""How the portal signs people in, on top of django-allauth."""

from __future__ import annotations

from django.utils import timezone

from ...actions.mail import write_mail
from ...actions.people.own_account import (
    change_password,
    note_second_factor,
    note_second_factor_gone,
)
from ...connectors.django_allauth import AccountAdapterHooks
from ...rules.roles import Actor
from ...web.responses import leads_here
from ...web.unsaved_answers import forget_those_of_others


class AccountAdapter(AccountAdapterHooks):
    """Nobody signs up: administrators make accounts. Mails are rows like all others."""

    error_messages = AccountAdapterHooks.error_messages | {
        "email_password_mismatch": "The email address or the password is not correct",
        "enter_current_password": "This is not your current password",
        "incorrect_password": "This is not your password",
        "too_many_login_attempts": (
            "Too many failed attempts from your network. Wait five minutes, then try again"
        ),
    }

    def may_sign_in(self, user):
        """Return whether the mailbox is not blocked, whichever of its addresses they use (product
        rule 3).
        """
        return not user.is_shut_out

    def forget_others(self, request, user):
        """What somebody else typed in this browser before is not for who signed in."""
        forget_those_of_others(request, user)

    def leads_here(self, url):
        """Where somebody wanted to go is a path; of anything else not even the look is trusted."""
        return leads_here(url)

    def change_password(self, user, password):
        """By Change password or by a mailed link: whoever can do either is the person."""
        change_password(person=user, password=password, **self._acting(user))

    def note_second_factor(self, user, method, *, is_added):
        note = note_second_factor if is_added else note_second_factor_gone
        note(person=user, method=method, **self._acting(user))

    def write_mail(self, to, subject, body, secret):
        write_mail(to=to, subject=subject, body=body, secret=secret, at=timezone.now())

    def _acting(self, user) -> dict:
        facts = (getattr(self.request, name, "") for name in ("actor_ip", "request_id"))
        by = Actor(user.pk, str(user), user.role_names, *facts)
        return {"by": by, "at": timezone.now()}
