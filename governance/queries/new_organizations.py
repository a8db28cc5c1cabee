"""What an organization that is not there yet would claim, whom it would move and what its people could ask for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ..rules.eligibility import ClaimFact
from ..rules.fingerprints import fingerprint
from ..rules.organizations import NewOrganization, state_for
from ..rules.roles import Actor
from .effects import Effect, effect_of_claims
from .grants import Grant, grants_to
from .source_changes import claims_as_if
from .source_guards import names_to_claim


@dataclass(frozen=True, slots=True)
class NewPreview:
    """`fingerprint` covers the answers, whom they move and the terms they fall under: all that Review shows."""

    claims: tuple[ClaimFact, ...]
    effect: Effect
    grants: tuple[Grant, ...]
    fingerprint: str


def preview_of(new: NewOrganization, *, by: Actor, at: datetime) -> NewPreview:
    claims = claims_of_new(replace(new, state=state_for(by, new.state)), by)
    names = frozenset(claim.name for claim in claims)
    effect = effect_of_claims(names, plus=claims, without=names) if claims else Effect()
    grants = tuple(grants_to(claims, at))
    return NewPreview(claims, effect, grants, _fingerprint(new, effect, grants))


def claims_of_new(new: NewOrganization, by: Actor) -> tuple[ClaimFact, ...]:
    """The claims it would make now, if `by` created it."""
    who = (str(new.draft), new.name or "this organization", new.state)
    names = names_to_claim(new.sources, by)
    return tuple(claims_as_if(*who, {name: source.covers_subdomains}, source.directory_name)[0] for name, source in names.items())


def _fingerprint(new: NewOrganization, effect: Effect, grants: tuple[Grant, ...]) -> str:
    terms = [(grant.package.id, grant.package.name, grant.terms) for grant in grants]
    return fingerprint((replace(new, seen=None), effect.fingerprint, terms))
