"""How the portal signs people in, on top of django-allauth."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.utils import timezone

from ..actions.mail import write_mail


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: administrators make accounts. Mails are rows like all others."""

    def is_open_for_signup(self, request):
        return False

    def send_mail(self, template_prefix, email, context):
        """Write the mail; its link is for the addressee alone."""
        message = self.render_mail(template_prefix, email, context)
        secret = next((context[name] for name in ("password_reset_url", "code", "activate_url") if context.get(name)), "")
        write_mail(to=email, subject=message.subject, body=message.body, secret=secret, at=timezone.now())
