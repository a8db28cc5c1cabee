"""Whom a change of a policy or a package lets in or shuts out: organizations, people of none, members (product rules 26 and 29). Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from ..models import Claim, Organization, OwnName, Package, Person, Policy, Source
from ..rules.fingerprints import fingerprint
from ..rules.policy_terms import NewPolicy
from .anyones_addresses import is_anyones
from .one_statement import Counted, Row, ask, counted_to, in_one_row, listed
from .package_offers import NOBODY_ASKS, Terms, terms_of
from .ranges import at_or_beneath

SHOWN = 10


@dataclass(frozen=True, slots=True)
class People:
    """How many, and the first of them by name, with their addresses."""

    number: Counted = Counted(0)
    first: tuple[tuple[str, str], ...] = ()

    @property
    def more(self) -> int:
        return self.number.number - len(self.first)

    def __bool__(self) -> bool:
        return bool(self.number)


@dataclass(frozen=True, slots=True)
class Reached:
    """Organizations: how many, how many people are theirs, the first of them by name. Beside them `anyone` outside, known here or not:
    `strangers` are the guests of no organization; our members; and `shared`, whose address many people or anyone can have."""

    organizations: Counted = Counted(0)
    people: int = 0
    names: tuple[str, ...] = ()
    anyone: bool = False
    strangers: People = People()
    members: People = People()
    shared: People = People()

    @property
    def more(self) -> int:
        return self.organizations.number - len(self.names)

    def __bool__(self) -> bool:
        return bool(self.organizations or self.anyone or self.members or self.shared)


@dataclass(frozen=True, slots=True)
class PolicyEffect:
    """Who can ask for the package after the change and could not before, and the other way round. Nobody `while_closed`."""

    gains: Reached = Reached()
    loses: Reached = Reached()
    while_closed: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.gains or self.loses)

    @property
    def fingerprint(self) -> str:
        return "" if self.is_empty else fingerprint(self)


def policy_effect(package: Package, row: Policy | None, wanted: NewPolicy | None) -> PolicyEffect:
    """What `wanted` in the place of `row` does to who can ask for the package. `row` None: a new one; `wanted` None: the policy goes."""
    if not package.is_open:
        return PolicyEffect(while_closed=True)
    return _effect(
        terms_of(package), terms_of(package, without=[row] if row else [], wanted=wanted)
    )


def removal_effect(package: Package, rows: Iterable[Policy]) -> PolicyEffect:
    """What it does when all these policies of the package go together."""
    return (
        _effect(terms_of(package), terms_of(package, without=rows))
        if package.is_open
        else PolicyEffect(while_closed=True)
    )


def closing_effect(package: Package, is_open: bool) -> PolicyEffect:
    """What opening or closing the package does to who can ask for it."""
    if package.is_open == is_open:
        return PolicyEffect()
    terms = terms_of(package)
    return _effect(NOBODY_ASKS, terms) if is_open else _effect(terms, NOBODY_ASKS)


def _effect(before: Terms, after: Terms) -> PolicyEffect:
    """Two statements, whatever the size of the tables."""
    _counts, names = ask(
        {},
        {
            "ours": listed(OwnName.objects.all(), "name"),
            "public": listed(
                Claim.objects.present().filter(
                    source__in=Source.objects.filter(public_mail_accepted=True).values("pk")
                ),
                "name",
            ),
        },
    )
    ours, public = ([name for (name,) in names[kind]] for kind in ("ours", "public"))
    sides = [_Side(before, after, ours, public), _Side(after, before, ours, public)]
    rows = {
        (place, kind): found
        for place, side in enumerate(sides)
        for kind, found in side.people().items()
    }
    organizations = [side.organizations() for side in sides]
    sums = {
        place: in_one_row(each, Row(Count("pk"), Sum("people_count")))
        for place, each in enumerate(organizations)
    }
    first = {key: _first(found) for key, found in rows.items()} | {
        (place, "organizations"): _first(each) for place, each in enumerate(organizations)
    }
    counts, told = ask(rows, first | sums)
    return PolicyEffect(*(_reached(place, side, counts, told) for place, side in enumerate(sides)))


@dataclass(frozen=True, slots=True)
class _Side:
    """Whom `can` lets ask and `could` does not."""

    could: Terms
    can: Terms
    ours: list[str]
    public: list[str]

    @property
    def anyone(self) -> bool:
        return self.can.asking.outsiders and not self.could.asking.outsiders

    def people(self) -> dict[str, QuerySet]:
        return {
            "strangers": self._strangers(),
            "members": self._members(),
            "shared": self._shared(),
        }

    def organizations(self) -> QuerySet:
        return (
            Organization.objects.present()
            .filter(self.can.asking.among())
            .exclude(self.could.asking.among())
        )

    def _strangers(self) -> QuerySet:
        """Guests at one of our own names can never ask."""
        if not self.anyone:
            return Person.objects.none()
        guests = Person.objects.guests().exclude(state__in=_OUT).filter(organization=None)
        return guests.exclude(
            pk__in=at_or_beneath(Person.objects.guests(), self.ours, key="domain_key").values("pk")
        )

    def _members(self) -> QuerySet:
        if not self.can.asking.members or self.could.asking.members:
            return Person.objects.none()
        members = Person.objects.members().active()
        return members.exclude(is_anyones(self.public)) if self.can.unapproved.members else members

    def _shared(self) -> QuerySet:
        """Those of whoever could ask already with nobody's approval, which these needed."""
        if not self.could.trusts:
            return Person.objects.none()
        approved = Organization.objects.filter(self.can.asking.among()).exclude(
            self.can.unapproved.among()
        )
        organizations = approved.present().filter(self.could.unapproved.among())
        people = (
            Person.objects.guests()
            .exclude(state__in=_OUT)
            .filter(organization__in=organizations.values("pk"))
        )
        if (
            self.could.unapproved.members
            and self.can.asking.members
            and not self.can.unapproved.members
        ):
            people |= Person.objects.members().active()
        return people.filter(is_anyones(self.public))


_OUT = (Person.State.BLOCKED, Person.State.REMOVED)


def _first(rows: QuerySet) -> QuerySet:
    """For `ask`: the first few by name."""
    first = rows.model.objects.filter(pk__in=rows.order_by("name_key", "id").values("pk")[:SHOWN])
    return listed(first, "name_key", "id", "name", *(["email"] if rows.model is Person else []))


def _reached(place: int, side: _Side, counts: dict, told: dict) -> Reached:
    first = {
        kind: tuple(tuple(row[2:]) for row in sorted(told[place, kind]))
        for kind in ("organizations", "strangers", "members", "shared")
    }
    people = {
        kind: People(counts[place, kind], first.pop(kind))
        for kind in ("strangers", "members", "shared")
    }
    number, theirs = told[place] or (0, 0)
    return Reached(
        counted_to(number),
        theirs or 0,
        tuple(name for (name,) in first["organizations"]),
        side.anyone,
        **people,
    )
