"""Giving sources to an organization and taking them away: their rows, their claims, the guards on
every name.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ...db.key_ranges import first_present_beneath
from ...facts.claims.covering import name_facts
from ...facts.organizations.source_changes import SourceChanges, source_changes
from ...facts.organizations.source_guards import names_to_claim, source_problems
from ...facts.snapshots import sources_snapshot
from ...impact import impact_of
from ...impact.organizations import changing_sources
from ...models import Claim, Organization, Source
from ...rules import email_domains
from ...rules.decision import Refused
from ...rules.domains import guards
from ...rules.organizations import NameFacts, NewSource, require_sources
from ...rules.roles import Actor
from ..action import action
from ..audit import record
from ..confirmation import require_confirmation
from ..locks import lock_claims, lock_organization
from .membership import settle_guests
from .search_entries import refresh_search_entry


@action("Update connected organization", needs="change_organization")
def change_sources(
    *,
    organization: Organization,
    sources: tuple[NewSource, ...],
    by: Actor,
    at: datetime,
    version: int | None = None,
    seen: str | None = None,
) -> Organization:
    """Make `sources` all that the organization has.

    `seen` is the fingerprint of the effect that was shown, None when none was.

    A kept directory given with the names it was copied with keeps its claims; given with others,
    these are accepted (product rule 9).
    """
    lock_claims()
    row = lock_organization(organization, version)
    changes = acceptable_changes(row, sources, by=by)
    if changes.is_empty:
        return row
    impact = impact_of(changing_sources(changes), at)
    require_confirmation(impact, seen, by=by, answers=changes.fingerprint)
    before = sources_snapshot(row)
    _remove(changes.removed, at)
    Source.objects.filter(pk__in=changes.widened).update(covers_subdomains=True)
    Source.objects.filter(pk__in=changes.narrowed).update(covers_subdomains=False)
    touch(row, by, at)
    add_sources(row, changes.added, by=by, at=at, accepted=_accept(row, changes, at))
    settle_guests(changes.names)
    refresh_search_entry(row)
    record(
        change_sources.activity,
        by=by,
        at=at,
        target=row,
        organization=row,
        before=before,
        after=sources_snapshot(row),
    )
    return row


def acceptable_changes(
    row: Organization, sources: tuple[NewSource, ...], *, by: Actor
) -> SourceChanges:
    """Return what making `sources` all that it has changes; refused where it cannot have them."""
    require_sources(sources)
    changes = source_changes(row, sources, by=by)
    require_claimable(changes.added, by=by, own_organization=str(row.uuid), held=changes.kept_names)
    return changes


def touch(organization: Organization, by: Actor, at: datetime) -> None:
    """Save the row as changed now: the next version, for whoever is editing the last one.

    Do it before its people are counted anew.
    """
    organization.version += 1
    organization.changed_at, organization.changed_by = at, by.label
    organization.save()


def _remove(source_ids: Iterable[int], at: datetime) -> None:
    Claim.objects.present().filter(source_id__in=source_ids).update(released_at=at)
    Source.objects.filter(pk__in=source_ids).update(released_at=at)


def require_claimable(
    sources: Iterable[NewSource],
    *,
    by: Actor,
    own_organization: str = "",
    held: Iterable[str] = (),
    facts: dict[str, NameFacts] | None = None,
) -> None:
    """Raise Refused with every reason why the sources cannot be added.

    Call it under the lock of claims. `facts` are what is known around the sources' names, where it
    was asked under it already.
    """
    if reasons := source_problems(sources, by, own_organization, held, facts=facts):
        raise Refused(*reasons)


def _accept(
    organization: Organization, changes: SourceChanges, at: datetime
) -> dict[NewSource, Source]:
    """Let go of names that a directory no longer has, and call it what it is called now."""
    organization.claims.present().filter(name__in=changes.dropped).update(released_at=at)
    for pk, source in changes.accepted:
        Source.objects.filter(pk=pk).update(
            label=source.label, initial_domain=source.initial_domain
        )
    rows = Source.objects.in_bulk(pk for pk, _source in changes.accepted)
    return {source: rows[pk] for pk, source in changes.accepted}


def add_sources(
    organization: Organization,
    sources: tuple[NewSource, ...],
    *,
    by: Actor,
    at: datetime,
    accepted: dict[NewSource, Source] | None = None,
    facts: dict[str, NameFacts] | None = None,
) -> dict[Source, list[str]]:
    """Write the sources with their claims and answer the names that each claims now.

    Names of others stay with their owner.

    What was reserved for a deleted organization and somebody may give away by exact name comes to
    this one. `accepted` are rows that are there already and get the names they lack. `facts` are
    what is known around the names, where it was asked already.
    """
    accepted = accepted or {}
    every = (*sources, *accepted)
    facts = name_facts(n for each in every for n in each.names) if facts is None else facts
    names = names_to_claim(every, by, own_organization=str(organization.uuid), facts=facts)
    _take_from_deleted(sources, [name for name in names if _is_reserved(facts[name])], at)
    written = Source.objects.bulk_create(_source(organization, each, at) for each in sources)
    rows = accepted | dict(zip(sources, written, strict=True))
    Claim.objects.bulk_create(_claim(rows[source], name, at) for name, source in names.items())
    if _has_overlaps(names, facts):
        _note_overlaps(names)
    claimed: dict[Source, list[str]] = {row: [] for row in rows.values()}
    for name, source in names.items():
        claimed[rows[source]].append(name)
    return claimed


def _is_reserved(facts: NameFacts) -> bool:
    return facts.holder is not None and facts.holder.is_deleted


def _has_overlaps(names: Iterable[str], facts: dict[str, NameFacts]) -> bool:
    """Whether any of the names lies above or beneath a claim, such as one of the others."""
    names = frozenset(names)
    return any(
        facts[name].neighbours or names.intersection(email_domains.parents(name)[1:])
        for name in names
    )


def _note_overlaps(names: Iterable[str]) -> None:
    """Let the overlap map look at the claims above the names, and at those of the names that a
    claim lies beneath.
    """
    lower = {
        *names,
        *(claim.name for claim in first_present_beneath(Claim.objects.all(), names, 1)),
    }
    above = {parent for name in lower for parent in email_domains.parents(name)[1:]}
    Claim.objects.present().filter(name__in=above, lies_above=False).update(lies_above=True)


def _take_from_deleted(sources: Iterable[NewSource], names: list[str], at: datetime) -> None:
    """Release the directories and the `names` that deleted organizations kept for themselves."""
    if ids := [source.directory_id for source in sources if source.directory_id]:
        Source.objects.present().filter(
            directory_id__in=ids, organization__deleted_at__isnull=False
        ).update(released_at=at)
    if not names:
        return
    claims = Claim.objects.present().filter(name__in=names, organization__deleted_at__isnull=False)
    losers = list(Organization.objects.filter(pk__in=claims.values("organization")).order_by("pk"))
    claims.update(released_at=at)
    for organization in losers:
        refresh_search_entry(organization)


def _source(organization: Organization, source: NewSource, at: datetime) -> Source:
    kind = Source.Kind.DIRECTORY if source.directory_id else Source.Kind.DOMAIN
    return Source(
        organization=organization,
        kind=kind,
        directory_id=source.directory_id,
        label=source.label,
        typed_name=source.typed_name,
        initial_domain=source.initial_domain,
        covers_subdomains=source.covers_subdomains,
        public_mail_accepted=source.public_mail_accepted,
        created_at=at,
    )


def _claim(source: Source, name: str, at: datetime) -> Claim:
    return Claim(
        source=source,
        organization_id=source.organization_id,
        **guards.stored(name),
        created_at=at,
    )
