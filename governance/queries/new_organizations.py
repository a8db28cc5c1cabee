"""What an organization that is not there yet would claim, whom it would move and what its people could ask for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ..models import Organization, Package, PolicyOrganization, SavedTest
from ..rules.eligibility import ClaimFact, PackageFact
from ..rules.fingerprints import fingerprint
from ..rules.names import name_key
from ..rules.organizations import NameFacts, NewOrganization, state_for
from ..rules.roles import Actor
from .effects import Effect, effect_of_claims
from .grants import Grant, grants_to
from .one_statement import listed
from .package_facts import package_facts, package_lists
from .source_changes import claims_as_if
from .source_guards import names_to_claim
from .surroundings import Surroundings, surroundings_of


@dataclass(frozen=True, slots=True)
class NewPreview:
    """`fingerprint` covers the answers, whom they move and the terms they fall under: all that Review shows."""

    claims: tuple[ClaimFact, ...]
    effect: Effect
    grants: tuple[Grant, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a new organization's names, of the packages, of the organization that is called alike, and whether tests are saved."""

    around: Surroundings
    packages: tuple[PackageFact, ...]
    called_alike: str
    has_tests: bool


def known_about(new: NewOrganization) -> Known:
    """One statement for all that it would meet."""
    alike = Organization.objects.present().filter(name_key=name_key(new.name))
    lists = {
        **package_lists(Package.objects.all(), PolicyOrganization.objects.none()),
        "alike": listed(alike, "name"),
        "tests": listed(SavedTest.objects.all(), "id"),
    }
    around = surroundings_of((name for source in new.sources for name in source.names), lists)
    alike, tests = around.told["alike"], around.told["tests"]
    return Known(
        around, tuple(package_facts(around.told)), alike[0][0] if alike else "", bool(tests)
    )


def preview_of(
    new: NewOrganization, *, by: Actor, at: datetime, known: Known | None = None
) -> NewPreview:
    known = known or known_about(new)
    claims = claims_of_new(
        replace(new, state=state_for(by, new.state)), by, facts=known.around.facts
    )
    names = frozenset(claim.name for claim in claims)
    effect = effect_of_claims(names, plus=claims, without=names) if claims else Effect()
    grants = tuple(grants_to(claims, at, said=known.around.said, packages=known.packages))
    return NewPreview(claims, effect, grants, _fingerprint(new, effect, grants))


def claims_of_new(
    new: NewOrganization, by: Actor, *, facts: dict[str, NameFacts] | None = None
) -> tuple[ClaimFact, ...]:
    """The claims it would make now, if `by` created it."""
    who = (str(new.draft), new.name or "this organization", new.state)
    names = names_to_claim(new.sources, by, facts=facts)
    return tuple(
        claims_as_if(*who, {name: source.covers_subdomains}, source.directory_name)[0]
        for name, source in names.items()
    )


def _fingerprint(new: NewOrganization, effect: Effect, grants: tuple[Grant, ...]) -> str:
    terms = [(grant.package.id, grant.package.name, grant.terms) for grant in grants]
    return fingerprint((replace(new, seen=None), effect.fingerprint, terms))
