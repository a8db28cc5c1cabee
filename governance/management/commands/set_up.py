"""Everything between an empty folder and a portal that serves. Run again, it changes nothing."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone

from ...actions.people.accounts import create_first_administrator
from ...rules.decision import Refused
from ...rules.roles import SYSTEM


class Command(BaseCommand):
    help = (
        "Migrate the database, collect static files, create the first administrator and,"
        " in an empty database, load the demo data."
    )
    requires_system_checks: list = []

    def handle(self, **_):
        self._migrate()
        self._collect_static_files()
        if self._first_administrator() and settings.DEMO:
            call_command("load_demo", verbosity=0)

    def _collect_static_files(self) -> None:
        try:
            call_command("collectstatic", interactive=False, verbosity=0)
        except OSError as problem:
            raise ImproperlyConfigured(
                f"var/static/ cannot be written ({problem.strerror})."
                " Make it writable, then run this again."
            ) from None

    def _migrate(self) -> None:
        try:
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
        except DatabaseError as problem:
            raise ImproperlyConfigured(
                f"the database cannot be used ({_reason(problem)}). Check DATABASE_URL."
            ) from None

    def _first_administrator(self) -> bool:
        email = settings.ADMIN_EMAIL or "admin@harbourgate.example"
        password = settings.ADMIN_PASSWORD or secrets.token_urlsafe(12)
        try:
            person = create_first_administrator(
                email=email, password=password, by=SYSTEM, at=timezone.now()
            )
        except Refused as refusal:
            raise ImproperlyConfigured(f"PORTAL_ADMIN_EMAIL: {refusal}") from None
        if person and not settings.ADMIN_PASSWORD:
            self.stdout.write(
                f"First administrator: {person.email}   password: {password}   (shown once)"
            )
        return person is not None


def _reason(problem: Exception) -> str:
    return " ".join(str(problem).split()).removeprefix("connection failed: ")
