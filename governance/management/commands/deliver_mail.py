"""Sends mail that waits; run it every minute where EMAIL_URL is set."""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.utils import timezone

from ...actions.mail import deliver_waiting


class Command(BaseCommand):
    help = "Send waiting mail. Each message is tried up to five times."

    def handle(self, **_):
        sent, failed = deliver_waiting(timezone.now())
        self.stdout.write(f"{sent} sent, {failed} failed")
