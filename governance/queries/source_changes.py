"""What stands between the sources an organization has and those it is to have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..models import Claim, Organization, Source
from ..rules.eligibility import ClaimFact
from ..rules.organizations import NewSource
from .effects import Effect, effect_of_claims


@dataclass(frozen=True, slots=True)
class SourceChanges:
    """Sources to add; ids of those to remove, to widen to their subdomains, to narrow; all names concerned; whom it moves."""

    added: tuple[NewSource, ...]
    removed: tuple[int, ...]
    widened: tuple[int, ...]
    narrowed: tuple[int, ...]
    names: tuple[str, ...]
    effect: Effect


def source_changes(organization: Organization, wanted: Iterable[NewSource]) -> SourceChanges:
    present = {str(source.directory_id or source.typed_name): source for source in organization.sources.present().prefetch_related("claims")}
    asked = {source.identity: source for source in wanted}
    kept = [(present[key], asked[key]) for key in present if key in asked]
    switched = [(row, source) for row, source in kept if row.covers_subdomains != source.covers_subdomains]
    added = tuple(source for key, source in asked.items() if key not in present)
    removed = [row for key, row in present.items() if key not in asked]
    return SourceChanges(
        added,
        tuple(row.pk for row in removed),
        tuple(row.pk for row, source in switched if source.covers_subdomains),
        tuple(row.pk for row, source in switched if not source.covers_subdomains),
        *_names_and_effect(organization, added, removed, switched),
    )


def _names_and_effect(organization, added, removed, switched) -> tuple[tuple[str, ...], Effect]:
    gone = {name for row in removed for name in _claimed(row)}
    turned = {name: source.covers_subdomains for row, source in switched for name in _claimed(row)}
    new = {name: source.covers_subdomains for source in added for name in source.names}
    held = Claim.objects.present().filter(name__in=new).exclude(organization=organization)
    kept_by_others = set(held.filter(organization__deleted_at__isnull=True).values_list("name", flat=True))
    gone |= set(held.exclude(name__in=kept_by_others).values_list("name", flat=True))
    new = {name: covers for name, covers in new.items() if name not in kept_by_others}
    names = tuple(sorted(gone | set(turned) | set(new)))
    plus = tuple(claim_as_if(organization, name, covers) for name, covers in (new | turned).items())
    return names, effect_of_claims(names, plus=plus, without=frozenset(gone | set(turned)))


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
