"""Answers from the command line whether an address may ask for a package, and why.

Whatever goes wrong is no refusal, and ends otherwise.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from ...facts.eligibility import explained
from ...rules.eligibility.any_package import AnyEligibility, PackageAnswer

FAILED = 2


class Command(BaseCommand):
    help = (
        "Check whether an email address can request access, and why."
        " Exit codes: 0 allowed, 1 refused, 2 not answered, with a line that says why."
    )
    requires_system_checks: list = []  # a warning about settings would end with 1

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument(
            "--package",
            default="",
            help="Name or public ID of an access package. Default: every access package.",
        )
        parser.add_argument(
            "--at",
            default="",
            help="Date and time of the decision, such as 2027-01-31T09:00+00:00. Default: now.",
        )
        parser.add_argument("--signed-in-by", choices=["directory", "code"], default=None)
        parser.add_argument("--json", action="store_true")

    def handle(self, *, email, package, at, signed_in_by, json: bool, **_):
        answer = _answer(email, _package(package), _moment(at), signed_in_by)
        self.stdout.write(_as_json(answer) if json else _as_text(answer))
        sys.exit(0 if answer.allowed else 1)


def _answer(email: str, package: str, at: datetime, signed_in_by: str | None):
    try:
        return explained(email, package, at=at, signed_in_by=signed_in_by)
    except DatabaseError as problem:
        raise CommandError(
            f"The database cannot be used ({' '.join(str(problem).split())})", returncode=FAILED
        ) from None


def _package(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:  # bytes of a shell that are no UTF-8 arrive as halves of characters
        raise CommandError("--package is not UTF-8", returncode=FAILED) from None
    return text


def _moment(text: str) -> datetime:
    if not text:
        return timezone.now()
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.get_default_timezone())
        timezone.localtime(
            moment.astimezone(UTC)
        )  # the first and last days of all time are not in every zone
    except (ValueError, OverflowError):
        raise CommandError(
            f"“{text}” is not a date and time. Write it as 2027-01-31T09:00+00:00.",
            returncode=FAILED,
        ) from None
    return moment


def _as_json(answer) -> str:
    steps = [
        {"code": step.code, "passed": step.passed, "text": step.text} for step in answer.reasons
    ]
    organization = answer.claim.organization_name if answer.claim else None
    answer = {
        "allowed": answer.allowed,
        "code": answer.code,
        "organization": organization,
        "approval_needed": answer.approval_needed,
        "steps": steps,
        "packages": [_package_as_json(each) for each in _packages(answer)],
    }
    return json.dumps(answer, ensure_ascii=False, indent=2)


def _package_as_json(each: PackageAnswer) -> dict:
    return {
        "id": each.package.id,
        "name": each.package.name,
        "allowed": each.answer.allowed,
        "code": each.answer.code,
        "approval_needed": each.answer.allowed and each.answer.approval_needed,
    }


def _as_text(answer) -> str:
    title = f"{'Can request' if answer.allowed else 'Cannot request'} ({answer.code})"
    steps = [f"  {'pass' if step.passed else 'STOP'}  {step.text}" for step in answer.reasons]
    packages = [_package_as_text(each) for each in _packages(answer)]
    return "\n".join([title, *steps, *(["Each access package", *packages] if packages else [])])


def _package_as_text(each: PackageAnswer) -> str:
    answer = each.answer
    if not answer.allowed:
        return f"  {each.package.name}: cannot request ({answer.code}). {answer.deciding.text}"
    needs = "needs approval" if answer.approval_needed else "no approval needed"
    return f"  {each.package.name}: can request, {needs}"


def _packages(answer) -> tuple[PackageAnswer, ...]:
    """The answer about each access package, where none was named."""
    return answer.packages if isinstance(answer, AnyEligibility) else ()
