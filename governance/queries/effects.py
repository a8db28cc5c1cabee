"""Whom a change of claims gives an organization, takes it from, or moves (product rule 14). Reads only."""

from __future__ import annotations

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
    """How many people gain an organization, lose theirs, or move; the first of them by name; a fingerprint to compare later."""

    gains: int = 0
    loses: int = 0
    moves: int = 0
    people: tuple[Move, ...] = ()
    fingerprint: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.gains or self.loses or self.moves)


def effect_of_claims(names: Iterable[str], *, plus: tuple[ClaimFact, ...] = (), without: frozenset[str] = frozenset()) -> Effect:
    """What happens to the guests at or beneath `names` when claims are added (`plus`) and claims on `without` go."""
    guests = guests_at_or_beneath(names).exclude(state=Person.State.REMOVED)
    numbers = dict(guests.values_list("domain").annotate(n=Count("id")).order_by("domain"))
    claims, ours = candidates_and_ours(numbers)
    after_claims = tuple(claim for claim in claims if claim.name not in without) + plus
    changes = {domain: change for domain in numbers if (change := _change(domain, claims, after_claims, ours))}
    return _effect(guests, numbers, changes)


def _change(domain: str, before: tuple[ClaimFact, ...], after: tuple[ClaimFact, ...], ours: frozenset[str]):
    was, becomes = belongs(domain, before, ours), belongs(domain, after, ours)
    if (was and was.organization_id) == (becomes and becomes.organization_id):
        return None
    return was, becomes


def _effect(guests, numbers: dict[str, int], changes: dict) -> Effect:
    gains = sum(numbers[domain] for domain, (was, _becomes) in changes.items() if was is None)
    loses = sum(numbers[domain] for domain, (_was, becomes) in changes.items() if becomes is None)
    changed = sum(numbers[domain] for domain in changes)
    shown = guests.filter(domain__in=changes).order_by("name_key", "id").values_list("name", "email", "domain")[:PEOPLE_SHOWN]
    people = tuple(Move(name, email, *(_name(claim) for claim in changes[domain])) for name, email, domain in shown)
    return Effect(gains, loses, changed - gains - loses, people, _fingerprint(numbers, changes))


def _name(claim: ClaimFact | None) -> str | None:
    return claim.organization_name if claim else None


def _fingerprint(numbers: dict[str, int], changes: dict) -> str:
    told = [(domain, numbers[domain], *(claim and claim.organization_id for claim in change)) for domain, change in changes.items()]
    return fingerprint(sorted(told)) if told else ""
