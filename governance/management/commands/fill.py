"""Fills the database with made-up organizations, to measure the portal at its size."""

from __future__ import annotations

import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ...db.databases import learn_sizes
from ...rules.roles import SYSTEM
from ...sample_data.fill import MOST, fill


class Command(BaseCommand):
    help = "Add made-up organizations in bulk, to measure speed. Never use it on a live portal."

    def add_arguments(self, parser):
        parser.add_argument("--organizations", type=int, required=True)

    def handle(self, *, organizations: int, **_):
        if not 1 <= organizations <= MOST:
            raise CommandError(f"Enter a number from 1 to {MOST:,}")
        started = time.perf_counter()
        fill(organizations=organizations, by=SYSTEM, at=timezone.now())
        learn_sizes()
        self.stdout.write(
            f"{organizations:,} organizations added in {time.perf_counter() - started:.0f} s"
        )
