"""Whether the portal shows made-up data, what goes with it, and whom of the others that lets in, shuts out or moves. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from ..models import (
    Claim,
    KnownDirectory,
    ListRule,
    Organization,
    Package,
    Person,
    Policy,
    SavedTest,
)
from ..rules.eligibility import Eligibility, Facts, PersonFact, decide
from ..rules.email_domains import canonical_email
from ..rules.fingerprints import fingerprint
from .belonging import guests_at_or_beneath
from .claims import candidates_and_ours
from .domain_list import said_of
from .effects import PEOPLE_SHOWN, Move
from .one_statement import ask, listed

DEMO = "Demo data"  # who made it, as rows and events say
SHUT_OUT, LET_IN, MOVED = "shut out", "let in", "moved"


@dataclass(frozen=True, slots=True)
class Side:
    """People with one fate: how many, and the first by name with their organization before and after."""

    number: int = 0
    people: tuple[Move, ...] = ()

    @property
    def more(self) -> int:
        return self.number - len(self.people)


@dataclass(frozen=True, slots=True)
class DemoEffect:
    """Names of all that goes, by what it is; the people besides who notice; a fingerprint to compare later."""

    goes: dict[str, list[str]]
    shut_out: Side
    let_in: Side
    moved: Side
    fingerprint: str

    @property
    def is_empty(self) -> bool:
        return not any(self.goes.values())

    @property
    def moves_nobody(self) -> bool:
        return not (self.shut_out.number or self.let_in.number or self.moved.number)


@dataclass(frozen=True, slots=True)
class _Going:
    """What of the demo data the decision rests on: keys of its organizations and rules, and the names at or beneath which they decide."""

    holders: frozenset[str]
    rules: frozenset[str]
    names: frozenset[str]


def is_demo() -> bool:
    return KnownDirectory.objects.filter(is_demo=True).exists()


def demo_rows() -> dict[str, QuerySet]:
    """All that is made up, by what it is. A rule, a test or a package that people made their own is not."""
    return {
        "connected organizations": Organization.objects.filter(created_by=DEMO),
        "people": Person.objects.filter(created_by=DEMO),
        "access packages": _untouched_packages(),
        "list rules": ListRule.objects.filter(added_by=DEMO, version=1),
        "what-if tests": SavedTest.objects.filter(added_by=DEMO),
        "known directories": KnownDirectory.objects.filter(is_demo=True),
    }


def demo_effect(at: datetime) -> DemoEffect:
    """Five statements, whatever the number of rows and people."""
    goes, going = _what_goes()
    guests = _others(going.names)
    fate_of = _fates(guests.order_by().values_list("domain", flat=True).distinct(), going, at)
    numbers, first = Counter(), {SHUT_OUT: [], LET_IN: [], MOVED: []}
    for name, email, domain, *blocked in guests.order_by("name_key", "id").values_list(
        "name", "email", "domain", "was_blocked", "stays_blocked"
    ):
        fate, before, after = fate_of(domain, *blocked)
        if not fate:
            continue
        numbers[fate, domain, before or "", after or ""] += 1
        if len(first[fate]) < PEOPLE_SHOWN:
            first[fate].append(Move(name, email, before, after))
    sides = (
        Side(sum(n for (fate, *_), n in numbers.items() if fate == each), tuple(people))
        for each, people in first.items()
    )
    return DemoEffect(goes, *sides, fingerprint((sorted(goes.items()), sorted(numbers.items()))))


def _untouched_packages() -> QuerySet:
    """Without those to which somebody added a policy, a change or a test of theirs: deleting a package takes those with it."""
    ours = (
        Policy.objects.exclude(changed_by=DEMO),
        SavedTest.objects.exclude(added_by=DEMO).exclude(package=None),
    )
    return (
        Package.objects.filter(created_by=DEMO, version=1)
        .exclude(pk__in=ours[0].values("package"))
        .exclude(pk__in=ours[1].values("package"))
    )


def _what_goes() -> tuple[dict[str, list[str]], _Going]:
    rows = demo_rows()
    organizations, rules = rows["connected organizations"], rows["list rules"]
    lists = {what: listed(each, "name") for what, each in rows.items()} | {
        "holders": listed(organizations, "uuid"),
        "rules": listed(rules, "uuid"),
        "blocked": listed(rows["people"].blocked(), "domain"),
        "claims": listed(Claim.objects.present().filter(organization__in=organizations), "name"),
    }
    _counts, told = ask({}, lists)
    values = {what: sorted(value for (value,) in each) for what, each in told.items()}
    names = frozenset(values["claims"] + values["list rules"] + values["blocked"])
    return {what: values[what] for what in rows}, _Going(
        _keys(values["holders"]), _keys(values["rules"]), names
    )


def _keys(told: Iterable[str]) -> frozenset[str]:
    return frozenset(str(UUID(key)) for key in told)


def _others(names: Iterable[str]) -> QuerySet:
    """Guests at or beneath the names who are not made up, with whether their mailbox is blocked now, and then."""
    blocked = Person.objects.blocked().filter(mailbox=OuterRef("mailbox"))
    guests = (
        guests_at_or_beneath(names).exclude(created_by=DEMO).exclude(state=Person.State.REMOVED)
    )
    return guests.annotate(
        was_blocked=Exists(blocked), stays_blocked=Exists(blocked.exclude(created_by=DEMO))
    )


def _fates(domains: Iterable[str], going: _Going, at: datetime) -> Callable:
    """Answers of a domain, blocked now and then or not: what becomes of its people, the organization before, and after."""
    domains = tuple(domains)
    (claims, ours), said = candidates_and_ours(domains), said_of(domains)
    now = {
        "own_names": ours,
        "claims": claims,
        "list_rules": said.rules,
        "list_default": said.default,
    }
    then = now | {
        "claims": tuple(claim for claim in claims if claim.organization_id not in going.holders),
        "list_rules": tuple(rule for rule in said.rules if rule.key not in going.rules),
    }

    @cache
    def fate_of(domain: str, was_blocked: bool, stays_blocked: bool):
        address = canonical_email(f"x@{domain}")
        was = decide(Facts(address, at, person=PersonFact("guest", was_blocked), **now))
        becomes = decide(Facts(address, at, person=PersonFact("guest", stays_blocked), **then))
        return _fate(was, becomes), _organization(was), _organization(becomes)

    return fate_of


def _fate(was: Eligibility, becomes: Eligibility) -> str | None:
    if was.allowed != becomes.allowed:
        return LET_IN if becomes.allowed else SHUT_OUT
    same = (was.claim and was.claim.organization_id) == (
        becomes.claim and becomes.claim.organization_id
    )
    return None if same else MOVED


def _organization(answer: Eligibility) -> str | None:
    return answer.claim.organization_name if answer.claim else None
