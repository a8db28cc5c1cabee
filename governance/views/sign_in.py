"""How the portal signs people in, on top of django-allauth."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.utils import timezone

from ..actions.mail import write_mail


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: administrators make accounts. Mails are rows like all others."""

    def is_open_for_signup(self, request):
        return False

    def pre_login(self, request, user, **login):
        """Of a blocked mailbox nobody signs in, whichever of its addresses they use (product rule 3)."""
        if user.is_shut_out:
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **login)

    def send_mail(self, template_prefix, email, context):
        """Write the mail; its link is for the addressee alone."""
        message = self.render_mail(template_prefix, email, context)
        secret = next((context[name] for name in ("password_reset_url", "code", "activate_url") if context.get(name)), "")
        write_mail(to=email, subject=message.subject, body=message.body, secret=secret, at=timezone.now())
