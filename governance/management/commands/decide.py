"""Answers from the command line whether an address may ask for a package, and why."""

from __future__ import annotations

import json
import sys
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ...queries.eligibility import explained


class Command(BaseCommand):
    help = "May this address ask? Exit code 0: allowed, 1: refused."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--package", default="", help="Name or public id of an access package; without it: for anything at all.")
        parser.add_argument("--at", default="", help="Moment of the decision, such as 2027-01-31T09:00+00:00. Default: now.")
        parser.add_argument("--signed-in-by", choices=["directory", "code"], default=None)
        parser.add_argument("--json", action="store_true")

    def handle(self, *, email, package, at, signed_in_by, json: bool, **_):
        answer = explained(email, package, at=_moment(at), signed_in_by=signed_in_by)
        self.stdout.write(_as_json(answer) if json else _as_text(answer))
        sys.exit(0 if answer.allowed else 1)


def _moment(text: str) -> datetime:
    if not text:
        return timezone.now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"“{text}” is no moment. Write it as 2027-01-31T09:00+00:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.get_default_timezone())


def _as_json(answer) -> str:
    steps = [{"code": step.code, "passed": step.passed, "text": step.text} for step in answer.reasons]
    organization = answer.claim.organization_name if answer.claim else None
    told = {"allowed": answer.allowed, "code": answer.code, "organization": organization, "approval_needed": answer.approval_needed, "steps": steps}
    return json.dumps(told, ensure_ascii=False, indent=2)


def _as_text(answer) -> str:
    marks = "\n".join(f"  {'pass' if step.passed else 'STOP'}  {step.text}" for step in answer.reasons)
    return f"{'Can request' if answer.allowed else 'Cannot request'} ({answer.code})\n{marks}"
