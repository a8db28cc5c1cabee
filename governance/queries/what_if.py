"""What the what-if checker and the overlap map show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..models import Claim, Package, SavedTest
from ..rules import domain_guards, email_domains
from ..rules.decision import Refused
from ..rules.eligibility import Eligibility
from .eligibility import explained, may_request
from .grants import Grant, grants_for

SHOWN = 200


@dataclass(frozen=True, slots=True)
class SavedTestResult:
    test: SavedTest
    answer: Eligibility

    @property
    def holds(self) -> bool:
        return self.answer.allowed == self.test.expects_allowed


@dataclass(frozen=True, slots=True)
class Overlap:
    """A claim and the claims beneath it; `reaches` says whether it covers names beneath at all."""

    claim: Claim
    beneath: tuple[Claim, ...]
    reaches: bool


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
    return [(str(key), name) for key, name in Package.objects.order_by("name_key").values_list("uuid", "name")]


def saved_test_results(at: datetime) -> list[SavedTestResult]:
    """Every saved test, asked again now."""
    tests = SavedTest.objects.select_related("package").order_by("name", "id")
    return [SavedTestResult(test, may_request(test.email, str(test.package.uuid) if test.package else "", at=at)) for test in tests]


def overlaps() -> list[Overlap]:
    """Claims that lie above claims of other organizations, in the order of names; one pass over the keys."""
    claims = Claim.objects.present().select_related("organization", "source").order_by("key")
    found: dict[int, list[Claim]] = {}
    above: list[Claim] = []
    by_id: dict[int, Claim] = {}
    for claim in claims.iterator(chunk_size=2000):
        while above and not email_domains.stands_after(claim.name, above[-1].name):
            above.pop()
        for parent in above:
            if parent.organization_id != claim.organization_id and email_domains.is_beneath(claim.name, parent.name):
                found.setdefault(parent.pk, []).append(claim)
                by_id[parent.pk] = parent
        above.append(claim)
    return [_overlap(by_id[pk], beneath) for pk, beneath in list(found.items())[:SHOWN]]


def _overlap(claim: Claim, beneath: list[Claim]) -> Overlap:
    reaches = any(domain_guards.covers(claim.name, claim.source.covers_subdomains, other.name) for other in beneath)
    return Overlap(claim, tuple(beneath[:50]), reaches)
