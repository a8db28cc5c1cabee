"""What a change would do to the saved what-if tests: the change is made, the tests are asked, and all of it is undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from ..models import SavedTest
from ..queries.what_if import SavedTestResult, saved_test_results
from ..rules.decision import Refused
from ..rules.fingerprints import fingerprint


class _Undone(Exception):
    """Ends a rehearsal."""


def broken_tests(change: Callable[[], object], at: datetime) -> tuple[SavedTestResult, ...]:
    """The saved tests that hold now and would not after `change`, with the answer that they would get. Nothing is kept of the change.

    A change that is refused breaks none: saving it says why. Without saved tests nothing is rehearsed.
    """
    if not SavedTest.objects.exists():
        return ()
    held = {result.test.pk for result in saved_test_results(at) if result.holds}
    return tuple(
        result for result in _after(change, at) if result.test.pk in held and not result.holds
    )


def fingerprint_of(broken: Iterable[SavedTestResult]) -> str:
    """Equal for the same tests with the same new answers: what a second Save has to have seen."""
    told = sorted((str(result.test.uuid), result.answer.code) for result in broken)
    return fingerprint(told) if told else ""


def _after(change: Callable[[], object], at: datetime) -> list[SavedTestResult]:
    results: list[SavedTestResult] = []
    try:
        with transaction.atomic():
            change()
            results = saved_test_results(at)
            raise _Undone
    except (_Undone, Refused):
        return results
