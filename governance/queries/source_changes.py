"""What stands between the sources an organization has and those it is to have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..models import Organization, Source
from ..rules.eligibility import ClaimFact
from ..rules.fingerprints import fingerprint
from ..rules.organizations import NewSource
from ..rules.roles import Actor
from .effects import Effect, effect_of_claims
from .organization_pages import source_as_chosen
from .source_guards import names_to_claim


@dataclass(frozen=True, slots=True)
class SourceChanges:
    """Sources to add; ids of those to remove, to widen to their subdomains, to narrow; kept directories, by id, of which somebody accepts
    what is told of them now, and names that these lose; names that stay by a source that is kept; all names concerned; whom it
    moves; a fingerprint of that and of the sources."""

    added: tuple[NewSource, ...]
    removed: tuple[int, ...]
    widened: tuple[int, ...]
    narrowed: tuple[int, ...]
    accepted: tuple[tuple[int, NewSource], ...]
    dropped: frozenset[str]
    kept_names: frozenset[str]
    names: tuple[str, ...]
    effect: Effect
    fingerprint: str

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.widened or self.narrowed or self.accepted)


def source_changes(
    organization: Organization, wanted: Iterable[NewSource], *, by: Actor
) -> SourceChanges:
    present = {
        str(source.directory_id or source.typed_name): source
        for source in organization.sources.present().prefetch_related("claims")
    }
    asked = {source.identity: source for source in wanted}
    kept = [(present[key], asked[key]) for key in present if key in asked]
    switched = [
        (row, source) for row, source in kept if row.covers_subdomains != source.covers_subdomains
    ]
    added = tuple(source for key, source in asked.items() if key not in present)
    accepted = [
        (row, source)
        for row, source in kept
        if row.directory_id and _is_told_otherwise(row, source)
    ]
    removed = [row for key, row in present.items() if key not in asked]
    dropped = frozenset(
        name for row, source in accepted for name in _claimed(row) if name not in source.names
    )
    gone = dropped | {name for row in removed for name in _claimed(row)}
    names, effect = _names_and_effect(
        organization, (*added, *(source for _row, source in accepted)), gone, switched, by
    )
    return SourceChanges(
        added,
        tuple(row.pk for row in removed),
        tuple(row.pk for row, source in switched if source.covers_subdomains),
        tuple(row.pk for row, source in switched if not source.covers_subdomains),
        tuple((row.pk, source) for row, source in accepted),
        dropped,
        frozenset(name for row, _source in kept for name in _claimed(row)) - dropped,
        names,
        effect,
        _fingerprint(asked.values(), effect),
    )


def _is_told_otherwise(row: Source, source: NewSource) -> bool:
    copied = source_as_chosen(row)
    return (copied.label, copied.initial_domain, set(copied.names)) != (
        source.label,
        source.initial_domain,
        set(source.names),
    )


def _names_and_effect(
    organization, sources, gone: frozenset[str], switched, by: Actor
) -> tuple[tuple[str, ...], Effect]:
    given = names_to_claim(sources, by, own_organization=str(organization.uuid), going=gone)
    covers = {
        name: source.covers_subdomains
        for row, source in switched
        for name in _claimed(row)
        if name not in gone
    }
    covers |= {name: source.covers_subdomains for name, source in given.items()}
    names = gone | set(covers)
    plus = tuple(claim_as_if(organization, name, each) for name, each in covers.items())
    return tuple(sorted(names)), effect_of_claims(names, plus=plus, without=names)


def _fingerprint(asked: Iterable[NewSource], effect: Effect) -> str:
    told = sorted((source.identity, sorted(source.names)) for source in asked)
    return fingerprint((told, effect.fingerprint))


def claim_as_if(organization: Organization, name: str, covers_subdomains: bool) -> ClaimFact:
    """The claim that would exist if `name` were given to the organization."""
    return claims_as_if(
        str(organization.uuid), organization.name, organization.state, {name: covers_subdomains}
    )[0]


def claims_as_if(
    key: str, organization_name: str, state: str, covers_by_name: dict[str, bool], label: str = ""
) -> tuple[ClaimFact, ...]:
    """Claims that an organization (by its public key) would have by one source; `label` is the name of its directory."""
    return tuple(
        ClaimFact(
            name=name,
            covers_subdomains=covers,
            source_id=0,
            source_kind="directory" if label else "domain",
            source_label=label or name,
            organization_id=key,
            organization_name=organization_name,
            organization_state=state,
        )
        for name, covers in covers_by_name.items()
    )


def _claimed(source: Source) -> list[str]:
    return [claim.name for claim in source.claims.all() if claim.released_at is None]
