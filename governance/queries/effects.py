"""Whom a change of claims gives an organization, takes it from, or moves (product rule 14). Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from ..models import Person
from ..rules.eligibility import ClaimFact
from ..rules.fingerprints import fingerprint
from .belonging import belongs, guests_at_or_beneath
from .claims import candidates_and_ours

PEOPLE_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Move:
    """One person whose organization changes. Organizations by name; None is no organization."""

    person: str
    email: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Effect:
    """How many people gain an organization, lose theirs, move, or are no longer shut out by a deleted or doubtful one.

    The first of them by name; a fingerprint to compare later.
    """

    gains: int = 0
    loses: int = 0
    moves: int = 0
    frees: int = 0
    people: tuple[Move, ...] = ()
    fingerprint: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.gains or self.loses or self.moves or self.frees)


def effect_of_claims(
    names: Iterable[str], *, plus: tuple[ClaimFact, ...] = (), without: frozenset[str] = frozenset()
) -> Effect:
    """What happens to the guests at or beneath `names` when claims are added (`plus`) and claims on `without` go."""
    guests = guests_at_or_beneath(names).exclude(state=Person.State.REMOVED)
    numbers = dict(guests.values_list("domain").annotate(n=Count("id")).order_by("domain"))
    claims, ours = candidates_and_ours(numbers)
    after_claims = tuple(claim for claim in claims if claim.name not in without) + plus
    changes = {
        domain: change
        for domain in numbers
        if (change := _change(domain, claims, after_claims, ours))
    }
    return _effect(guests, numbers, changes)


def _change(
    domain: str, before: tuple[ClaimFact, ...], after: tuple[ClaimFact, ...], ours: frozenset[str]
):
    was, becomes = belongs(domain, before, ours), belongs(domain, after, ours)
    return None if _told(was) == _told(becomes) else (was, becomes)


def _kind(was: ClaimFact | None, becomes: ClaimFact | None) -> str:
    """Which of the numbers counts it. A deleted organization is none to have, but it shuts its people out."""
    had, has = (claim is not None and not claim.organization_deleted for claim in (was, becomes))
    if had and has:
        return "moves" if was.organization_id != becomes.organization_id else "frees"
    if had == has:
        return "frees"
    return "gains" if has else "loses"


def _effect(guests, numbers: dict[str, int], changes: dict) -> Effect:
    counts = Counter()
    for domain, change in changes.items():
        counts[_kind(*change)] += numbers[domain]
    shown = (
        guests.filter(domain__in=changes)
        .order_by("name_key", "id")
        .values_list("name", "email", "domain")[:PEOPLE_SHOWN]
    )
    people = tuple(
        Move(name, email, *(_name(claim) for claim in changes[domain]))
        for name, email, domain in shown
    )
    return Effect(**counts, people=people, fingerprint=_fingerprint(numbers, changes))


def _told(claim: ClaimFact | None) -> tuple | None:
    return claim and (claim.organization_id, claim.organization_deleted, claim.in_doubt)


def _name(claim: ClaimFact | None) -> str | None:
    if claim is None:
        return None
    return f"{claim.organization_name}{', deleted' * claim.organization_deleted}{', in doubt' * claim.in_doubt}"


def _fingerprint(numbers: dict[str, int], changes: dict) -> str:
    told = [
        (domain, numbers[domain], *(_told(claim) for claim in change))
        for domain, change in changes.items()
    ]
    return fingerprint(sorted(told)) if told else ""
