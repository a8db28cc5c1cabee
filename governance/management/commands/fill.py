"""Fills the database with made-up organizations, assignments and requests, to measure the portal
at its size.
"""

from __future__ import annotations

import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ...db.databases import learn_sizes
from ...rules.decision import Refused
from ...rules.roles import SYSTEM
from ...rules.wording import joined
from ...sample_data.fill import MOST, fill


class Command(BaseCommand):
    help = (
        "Add made-up organizations, assignments and requests in bulk, to measure speed."
        " Never use it on a live portal."
    )

    def add_arguments(self, parser):
        parser.add_argument("--organizations", type=int, default=0)
        parser.add_argument("--assignments", type=int, default=0)
        parser.add_argument("--requests", type=int, default=0)

    def handle(self, *, organizations: int, assignments: int, requests: int, **_):
        numbers = {"organizations": organizations, "assignments": assignments, "requests": requests}
        if not all(0 <= number <= MOST for number in numbers.values()) or not any(numbers.values()):
            raise CommandError(f"Enter a number from 1 to {MOST:,}")
        started = time.perf_counter()
        try:
            fill(**numbers, by=SYSTEM, at=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        learn_sizes()
        added = joined([f"{number:,} {what}" for what, number in numbers.items() if number])
        self.stdout.write(f"{added} added in {time.perf_counter() - started:.0f} s")
