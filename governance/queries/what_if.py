"""What the what-if checker shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..models import Package, SavedTest
from ..rules import email_domains
from ..rules.decision import Refused
from ..rules.eligibility import Eligibility
from .eligibility import explained, may_request
from .grants import Grant, grants_for


@dataclass(frozen=True, slots=True)
class SavedTestResult:
    test: SavedTest
    answer: Eligibility

    @property
    def holds(self) -> bool:
        return self.answer.allowed == self.test.expects_allowed


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The answer about an address, and the listed packages that the person would see; none when the address is nobody's."""

    address: str
    answer: Eligibility
    would_see: tuple[Grant, ...]


def ask(typed: str, package: str, at: datetime) -> WhatIf:
    """The decision for a whole address, or for anybody at a whole domain."""
    address = _address(typed)
    return WhatIf(address, explained(address, package, at=at), tuple(grants_for(address, at)))


def _address(typed: str) -> str:
    try:
        return typed if "@" in typed else f"somebody@{email_domains.canonical_domain(typed)}"
    except Refused:
        return typed


def package_choices() -> list[tuple[str, str]]:
    return [
        (str(key), name)
        for key, name in Package.objects.order_by("name_key").values_list("uuid", "name")
    ]


def saved_test_results(at: datetime) -> list[SavedTestResult]:
    """Every saved test, asked again now."""
    tests = SavedTest.objects.select_related("package").order_by("name", "id")
    return [
        SavedTestResult(
            test, may_request(test.email, str(test.package.uuid) if test.package else "", at=at)
        )
        for test in tests
    ]
