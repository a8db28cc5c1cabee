"""Fills an empty portal with made-up data."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ...rules.decision import Refused
from ...rules.roles import SYSTEM
from ...sample_data.demo import load_demo


class Command(BaseCommand):
    help = (
        "Fill an empty portal with made-up partners and people."
        " The portal says so, and you can remove them with one click."
    )

    def handle(self, *, verbosity: int = 1, **_):
        try:
            load_demo(by=SYSTEM, at=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        if verbosity:
            self.stdout.write("Demo data loaded.")
