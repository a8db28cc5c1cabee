"""What stands between the sources an organization has and those it is to have."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from ..models import Organization, Source
from ..rules.eligibility import ClaimFact
from ..rules.organizations import NewSource
from ..rules.roles import Actor
from .effects import Effect, effect_of_claims
from .source_guards import names_to_claim


@dataclass(frozen=True, slots=True)
class SourceChanges:
    """Sources to add; ids of those to remove, to widen to their subdomains, to narrow; names that stay by a source that is kept;
    all names concerned; whom it moves; a fingerprint of that and of the sources."""

    added: tuple[NewSource, ...]
    removed: tuple[int, ...]
    widened: tuple[int, ...]
    narrowed: tuple[int, ...]
    kept_names: frozenset[str]
    names: tuple[str, ...]
    effect: Effect
    fingerprint: str

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.widened or self.narrowed)


def source_changes(organization: Organization, wanted: Iterable[NewSource], *, by: Actor) -> SourceChanges:
    present = {str(source.directory_id or source.typed_name): source for source in organization.sources.present().prefetch_related("claims")}
    asked = {source.identity: source for source in wanted}
    kept = [(present[key], asked[key]) for key in present if key in asked]
    switched = [(row, source) for row, source in kept if row.covers_subdomains != source.covers_subdomains]
    added = tuple(source for key, source in asked.items() if key not in present)
    removed = [row for key, row in present.items() if key not in asked]
    names, effect = _names_and_effect(organization, added, removed, switched, by)
    return SourceChanges(
        added,
        tuple(row.pk for row in removed),
        tuple(row.pk for row, source in switched if source.covers_subdomains),
        tuple(row.pk for row, source in switched if not source.covers_subdomains),
        frozenset(name for row, _source in kept for name in _claimed(row)),
        names, effect, _fingerprint(asked, effect),
    )  # fmt: skip


def _names_and_effect(organization, added, removed, switched, by: Actor) -> tuple[tuple[str, ...], Effect]:
    gone = frozenset(name for row in removed for name in _claimed(row))
    given = names_to_claim(added, by, own_organization=str(organization.uuid), going=gone)
    covers = {name: source.covers_subdomains for row, source in switched for name in _claimed(row)}
    covers |= {name: source.covers_subdomains for name, source in given.items()}
    names = gone | set(covers)
    plus = tuple(claim_as_if(organization, name, each) for name, each in covers.items())
    return tuple(sorted(names)), effect_of_claims(names, plus=plus, without=names)


def _fingerprint(asked: Iterable[str], effect: Effect) -> str:
    return hashlib.sha256(repr((sorted(asked), effect.fingerprint)).encode()).hexdigest()[:16]


def claim_as_if(organization: Organization, name: str, covers_subdomains: bool) -> ClaimFact:
    """The claim that would exist if `name` were given to the organization."""
    return claims_as_if(str(organization.uuid), organization.name, organization.state, {name: covers_subdomains})[0]


def claims_as_if(key: str, organization_name: str, state: str, covers_by_name: dict[str, bool], label: str = "") -> tuple[ClaimFact, ...]:
    """Claims that an organization (by its public key) would have by one source; `label` is the name of its directory."""
    return tuple(
        ClaimFact(
            name=name, covers_subdomains=covers, source_id=0, source_kind="directory" if label else "domain", source_label=label or name,
            organization_id=key, organization_name=organization_name, organization_state=state,
        )
        for name, covers in covers_by_name.items()
    )  # fmt: skip


def _claimed(source: Source) -> list[str]:
    return [claim.name for claim in source.claims.all() if claim.released_at is None]
