"""Which access packages a visitor can request, and what a package and its policy say to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ...facts.eligibility import may_request
from ...facts.my_access import Visitor
from ...facts.sponsors.sponsorships import sponsor_rows
from ...models import AccessRequest, Assignment, Package, Policy, Resource, Sponsorship
from ...rules import my_access_words as words
from ...rules.access_requests.transitions import DENIED, is_open
from ...rules.eligibility import PAUSE_AFTER_DENIAL, Eligibility
from ...rules.eligibility.any_package import AnyEligibility

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Own:
    """What the visitor has of a package already: access, an open request, or a denial that was less
    than a day ago.
    """

    access: Assignment | None = None
    request: AccessRequest | None = None
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A package as the visitor sees it. `own` is set where they cannot request it for a reason of
    their own.
    """

    package: Package
    policy: Policy
    contents: tuple[str, ...]
    own: Own | None = None

    @property
    def decides(self) -> str:
        """Who decides, without names."""
        return words.who_decides(self.policy.all_stages)

    @property
    def lasts(self) -> str:
        """How long access lasts."""
        return words.how_long(self.policy.lifecycle)

    @property
    def next_steps(self) -> tuple[str, str, str]:
        """What happens after the request is submitted."""
        return words.next_steps(self.policy.all_stages, self.policy.lifecycle)


@dataclass(frozen=True, slots=True)
class Available:
    """Everything that can be requested. Where that is nothing: why, and whom to ask."""

    offers: tuple[Offer, ...]
    why: str = ""
    sponsors: tuple[str, ...] = ()


def available_to(visitor: Visitor, at: datetime) -> Available:
    """Return the listed packages that the visitor can request, or has, or has requested.

    One statement for the decision about all packages, and six at most for what it found.
    """
    answer = may_request(visitor.email, at=at, signed_in_by=visitor.signed_in_by)
    asked = answer.packages if isinstance(answer, AnyEligibility) else ()
    answers = {UUID(each.package.id): each.answer for each in asked}
    seen = {key: each for key, each in answers.items() if each.allowed or each.code in words.OWN}
    packages = Package.objects.filter(uuid__in=seen, is_listed=True).order_by("name_key")[:SHOWN]
    offers = tuple(offers_of(packages, seen, visitor, at))
    return Available(offers) if offers else _nothing(visitor, answer, at)


def offers_of(
    packages: Iterable[Package],
    answers: dict[UUID, Eligibility],
    visitor: Visitor,
    at: datetime,
) -> list[Offer]:
    """Return the packages with their deciding policies and what is in them. Five statements."""
    rows = list(packages)
    policies = _policies(answers[row.uuid] for row in rows)
    contents = _contents(rows)
    hindered = [row for row in rows if not answers[row.uuid].allowed]
    own = own_of(visitor.mailbox, hindered, at)
    return [
        Offer(row, policies[fact.id], contents[row.pk], own.get(row.pk))
        for row in rows
        if (fact := answers[row.uuid].policy) and fact.id in policies
    ]


def _policies(answers: Iterable[Eligibility]) -> dict[str, Policy]:
    keys = {each.policy.id for each in answers if each.policy}
    return {str(row.uuid): row for row in Policy.objects.filter(uuid__in=keys)} if keys else {}


def _contents(packages: Collection[Package]) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = defaultdict(list)
    present = Resource.objects.filter(package__in=packages, removed_at__isnull=True)
    for row in present.select_related("group", "webhook").order_by("id") if packages else ():
        found[row.package_id].append(words.resource_words(row.kind, str(row)))
    return {row.pk: tuple(found[row.pk]) for row in packages}


def own_of(mailbox: str, packages: Collection[Package], at: datetime) -> dict[int, Own]:
    """Return what the mailbox has of these packages, by primary key. Two statements."""
    if not packages:
        return {}
    mine = {"mailbox": mailbox, "package__in": packages}
    access = {row.package_id: row for row in Assignment.objects.in_force(at).filter(**mine)}
    requests, denials = {}, {}
    for row in AccessRequest.objects.filter(**mine).order_by("id"):
        if row.state == DENIED and row.closed_at:
            denials[row.package_id] = row.closed_at + PAUSE_AFTER_DENIAL
        elif is_open(row.state_at(at)):
            requests[row.package_id] = row
    return {
        row.pk: Own(access.get(row.pk), requests.get(row.pk), denials.get(row.pk))
        for row in packages
    }


def _nothing(visitor: Visitor, answer: Eligibility, at: datetime) -> Available:
    """Say why, and whom to ask, to those who may know it; to others the one sentence."""
    organization = visitor.organization
    if not visitor.is_known:
        return Available((), words.NOT_OPEN)
    why = words.why_nothing(
        answer.code,
        organization=str(organization or ""),
        domain=visitor.domain,
        is_member=visitor.is_member,
    )
    return Available((), why, sponsors_to_ask(visitor, at))


def sponsors_to_ask(visitor: Visitor, at: datetime) -> tuple[str, ...]:
    """Return the names of the visitor's sponsors who can decide now, for those who may know."""
    organization = visitor.organization
    if organization is None or not visitor.is_known:
        return ()
    rows = Sponsorship.objects.filter(organization=organization)
    sponsors = sponsor_rows(rows.order_by("person__name_key", "id"), at)
    names = (str(each.person) for each in sponsors if each.cannot_decide is None)
    return tuple(dict.fromkeys(names))
