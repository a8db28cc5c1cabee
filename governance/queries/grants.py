"""Which packages an organization's people can ask for, and on what terms: the decision itself, asked for each package."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from ..models import Package, PolicyOrganization
from ..rules import domain_guards
from ..rules.decision import Refused
from ..rules.eligibility import ClaimFact, Facts, PackageFact, PolicyFact, decide
from ..rules.email_domains import canonical_email
from .domain_list import Said, said_of
from .eligibility import facts_about
from .one_statement import ask
from .package_facts import package_facts, package_lists


@dataclass(frozen=True, slots=True)
class Grant:
    """A package that can be asked for, and the policy that decides about it."""

    package: PackageFact
    policy: PolicyFact

    @property
    def needs_approval(self) -> bool:
        return self.policy.forces_approval

    @property
    def terms(self) -> str:
        """Who decides and how long access lasts, in one line."""
        first = "Someone approves, then access" if self.needs_approval else "Access starts at once,"
        return f"{first} {f'for {self.policy.lasts_days} days' if self.policy.lasts_days else 'without an end'}"


def grants_to(
    claims: tuple[ClaimFact, ...], at: datetime, *, said: Said | None = None, packages: Iterable[PackageFact] | None = None
) -> list[Grant]:
    """What people at the names of one organization can ask for: its claims as they are, or as they would be.

    One statement each for what the list has `said` of the names, and for the `packages`, unless they are known.
    """
    if not claims:
        return []
    if packages is None:
        packages = packages_of(PolicyOrganization.objects.filter(organization__uuid=claims[0].organization_id))
    somebody = _anybody(claims, said or said_of(claim.name for claim in claims), at)
    return [grant for package in packages if (grant := _grant(package, somebody))]


def packages_of(named: QuerySet) -> list[PackageFact]:
    """All packages with their policies of a wide scope and the `named` ones."""
    _counts, told = ask({}, package_lists(Package.objects.all(), named))
    return package_facts(told)


def grants_for(email: str, at: datetime) -> list[Grant]:
    """The listed packages that this person can ask for. Two statements."""
    facts = facts_about(email, at=at)
    named = PolicyOrganization.objects.filter(organization__uuid=facts.claim.organization_id if facts.claim else UUID(int=0))
    _counts, told = ask({}, package_lists(Package.objects.filter(is_listed=True), named))
    return [grant for package in package_facts(told) if (grant := _grant(package, [facts]))]


def _grant(package: PackageFact, somebody: list[Facts]) -> Grant | None:
    answers = (decide(replace(facts, package_asked=True, package=package)) for facts in somebody)
    return next((Grant(package, answer.policy) for answer in answers if answer.allowed), None)


def _anybody(claims: tuple[ClaimFact, ...], said: Said, at: datetime) -> list[Facts]:
    """One person for each kind of name: what the decision asks of a name beyond its organization is the list and public mail."""
    kinds = {(said.verdict(claim.name, at).is_blocked, domain_guards.is_public_mail(claim.name)): claim for claim in claims}
    facts = [_facts(claim, said, at) for claim in kinds.values()]
    return [each for each in facts if each]


def _facts(claim: ClaimFact, said: Said, at: datetime) -> Facts | None:
    try:
        address = canonical_email(f"x@{claim.name}")
    except Refused:  # so long a name that nobody can have an address at it
        return None
    return Facts(address, at, claims=(claim,), list_rules=said.rules, list_default=said.default)
