"""The differences between the sources that an organization has and those that it is to have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ...models import Organization, Source
from ...rules.eligibility import ClaimFact
from ...rules.fingerprints import fingerprint
from ...rules.organizations import NewSource
from ...rules.roles import Actor
from ..claims.covering import claims_of
from .present_sources import source_as_chosen
from .source_guards import names_to_claim


@dataclass(frozen=True, slots=True)
class SourceChanges:
    """What differs between the sources of an organization and those it is to have.

    `added` are new; `removed`, `widened` (to their subdomains) and `narrowed` are ids of sources;
    `accepted` are kept directories, by id, of which somebody accepts what is known of them now, and
    `dropped` the domains that these lose; `kept_names` stay by a source that is kept. `names` are
    all domains concerned, `claims` the claims on them afterwards. `fingerprint` is equal for the
    same wanted sources.
    """

    added: tuple[NewSource, ...]
    removed: tuple[int, ...]
    widened: tuple[int, ...]
    narrowed: tuple[int, ...]
    accepted: tuple[tuple[int, NewSource], ...]
    dropped: frozenset[str]
    kept_names: frozenset[str]
    names: tuple[str, ...]
    claims: tuple[ClaimFact, ...]
    fingerprint: str

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.widened or self.narrowed or self.accepted)


def source_changes(
    organization: Organization, wanted: Iterable[NewSource], *, by: Actor
) -> SourceChanges:
    """Return what `by` would change by making `wanted` all sources of the organization."""
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
    claims = (
        *_switched_claims(organization, switched, gone),
        *_given_claims(organization, added, accepted, gone, by),
    )
    return SourceChanges(
        added,
        tuple(row.pk for row in removed),
        tuple(row.pk for row, source in switched if source.covers_subdomains),
        tuple(row.pk for row, source in switched if not source.covers_subdomains),
        tuple((row.pk, source) for row, source in accepted),
        dropped,
        frozenset(name for row, _source in kept for name in _claimed(row)) - dropped,
        tuple(sorted(gone | {claim.name for claim in claims})),
        claims,
        _fingerprint(asked.values()),
    )


def _switched_claims(organization: Organization, switched, gone: frozenset[str]):
    """Yield the claims whose source covers subdomains afterwards and did not, or the other way
    round.
    """
    covers = {row.pk: source.covers_subdomains for row, source in switched}
    for claim in claims_of(organization) if covers else ():
        if claim.source_id in covers and claim.name not in gone:
            yield replace(claim, covers_subdomains=covers[claim.source_id])


def _given_claims(organization: Organization, added, accepted, gone: frozenset[str], by: Actor):
    """Yield the claims that new and accepted sources give."""
    in_doubt = {source: row.in_doubt_since is not None for row, source in accepted}
    sources = (*added, *in_doubt)
    given = names_to_claim(sources, by, own_organization=str(organization.uuid), going=gone)
    for name, source in given.items():
        claim = claim_as_if(organization, name, source.covers_subdomains)
        yield replace(claim, in_doubt=in_doubt.get(source, False))


def _is_told_otherwise(row: Source, source: NewSource) -> bool:
    copied = source_as_chosen(row)
    return (copied.label, copied.initial_domain, set(copied.names)) != (
        source.label,
        source.initial_domain,
        set(source.names),
    )


def _fingerprint(asked: Iterable[NewSource]) -> str:
    return fingerprint(
        sorted(
            (source.identity, sorted(source.names), source.covers_subdomains) for source in asked
        )
    )


def claim_as_if(organization: Organization, name: str, covers_subdomains: bool) -> ClaimFact:
    """The claim that would exist if `name` were given to the organization."""
    return claims_as_if(
        str(organization.uuid), organization.name, organization.state, {name: covers_subdomains}
    )[0]


def claims_as_if(
    key: str, organization_name: str, state: str, covers_by_name: dict[str, bool], label: str = ""
) -> tuple[ClaimFact, ...]:
    """Claims that an organization (by its public key) would have by one source; `label` is the name
    of its directory.
    """
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
