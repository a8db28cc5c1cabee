"""Which packages an organization's people can ask for, and on what terms: the decision itself,
asked for each package.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import UUIDField

from ...db.combined_query import Combined, combine
from ...db.kept_statements import Varying, kept
from ...models import PolicyOrganization
from ...rules import email_domains
from ...rules.access_packages.approval_words import approval_words, lifecycle_words
from ...rules.claims import ClaimsByName
from ...rules.decision import Refused
from ...rules.domains import guards
from ...rules.eligibility import ClaimFact, Facts, PackageFact, PolicyFact, decide
from ...rules.email_domains import canonical_email
from ..domain_list.verdicts import ListFacts, list_facts_about
from .policies import package_facts, package_lists


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
        """Who decides and how long access lasts, without names of people."""
        return f"{approval_words(self.policy.stages)} {self.length}"

    @property
    def length(self) -> str:
        """How long access lasts, and whether it can be extended, in sentences."""
        return lifecycle_words(self.policy.lifecycle, needs_approval=self.needs_approval)


def grants_to(
    claims: tuple[ClaimFact, ...],
    at: datetime,
    *,
    said: ListFacts | None = None,
    packages: Iterable[PackageFact] | None = None,
) -> list[Grant]:
    """What people at the names of one organization can ask for: its claims as they are, or as they
    would be.

    One statement each for what the list has `said` of the names, and for the `packages`, unless
    they are known.
    """
    if not claims:
        return []
    packages = packages_naming(claims[0].organization_id) if packages is None else tuple(packages)
    said = said or list_facts_about(claim.name for claim in claims)
    ours = ClaimsByName(claims)
    by_domain = grants_at(_domains(claims, ours, said), ours, at, said=said, packages=packages)
    found = {grant.package.id: grant for grants in by_domain.values() for grant in grants}
    return [found[package.id] for package in packages if package.id in found]


def grants_at(
    domains: Iterable[str],
    claims: ClaimsByName,
    at: datetime,
    *,
    said: ListFacts,
    packages: Iterable[PackageFact],
) -> dict[str, list[Grant]]:
    """The same by domain. The decision is asked once for each kind of domain: of a name it asks its
    claim, the list and public mail.
    """
    by_kind: dict[tuple, list[Grant]] = {}
    kinds = {domain: _kind(domain, claims.membership(domain), said, at) for domain in domains}
    for domain, kind in kinds.items():
        if kind not in by_kind:
            somebody = _somebody(domain, claims, said, at)
            by_kind[kind] = (
                [grant for package in packages if (grant := _grant(package, somebody))]
                if somebody
                else []
            )
    return {domain: by_kind[kind] for domain, kind in kinds.items()}


def packages_naming(organization: str) -> list[PackageFact]:
    """All packages with their policies that can decide about the organization. One statement."""

    def statement() -> Combined:
        named = PolicyOrganization.objects.filter(
            organization__uuid=Varying("organization", organization, UUIDField())
        )
        return combine({}, package_lists(named))

    _counts, rows = kept("packages naming", statement).run({"organization": organization})
    return package_facts(rows)


def grants_among(packages: Iterable[PackageFact], facts: Facts) -> list[Grant]:
    """Those of the packages that somebody finds and can ask for, whatever the facts say of one."""
    listed = (package for package in packages if package.is_listed)
    return [grant for package in listed if (grant := _grant(package, facts))]


def _grant(package: PackageFact, facts: Facts) -> Grant | None:
    answer = decide(replace(facts, package_asked=True, package=package))
    return Grant(package, answer.policy) if answer.allowed and answer.policy else None


def _domains(claims: tuple[ClaimFact, ...], ours: ClaimsByName, said: ListFacts) -> list[str]:
    """The claimed names, those beneath that have rules of their own, and one beneath each that has
    none.
    """
    named = [*(claim.name for claim in claims), *(rule.name for rule in said.rules)]
    return [
        name
        for name in dict.fromkeys((*named, *map(email_domains.name_beneath, named)))
        if ours.membership(name)
    ]


def _kind(domain: str, claim: ClaimFact | None, said: ListFacts, at: datetime) -> tuple:
    return (
        claim and (claim.in_doubt, claim.demands_directory),
        said.verdict(domain, at).is_blocked,
        guards.is_public_mail(domain),
    )


def _somebody(domain: str, claims: ClaimsByName, said: ListFacts, at: datetime) -> Facts | None:
    try:
        address = canonical_email(f"x@{domain}")
    except Refused:  # so long a name that nobody can have an address at it
        return None
    return Facts(
        address, at, claims=claims.above(domain), list_rules=said.rules, list_default=said.default
    )
