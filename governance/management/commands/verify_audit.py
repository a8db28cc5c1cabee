"""Proves that the audit log is unbroken; exit code 1 when it is not."""

from __future__ import annotations

import sys

from django.core.management.base import BaseCommand

from ...facts.audit_chain import check_chain


class Command(BaseCommand):
    help = "Check every event of the audit log against its hash and the one before it."

    def add_arguments(self, parser):
        parser.add_argument(
            "--anchor",
            default="",
            help="A hash that was printed earlier and must still be in the log.",
        )

    def handle(self, *, anchor: str = "", **_):
        report = check_chain(anchor)
        for problem in report.problems:
            self.stderr.write(problem)
        self.stdout.write(
            f"{report.events} events,"
            f" {'unbroken' if report.is_unbroken else 'BROKEN'}, head {report.head}"
        )
        if not report.is_unbroken:
            sys.exit(1)
