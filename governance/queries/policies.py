"""Policies in words, and whom a change of one lets in or shuts out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet, Sum

from ..models import Organization, Package, Policy
from ..rules.fingerprints import fingerprint
from ..rules.policy_terms import NewPolicy, paragraph
from .one_statement import COUNTED_TO, Counted, counted_to
from .organization_search import found_by, search_for
from .package_offers import offered, offered_with

SHOWN = 10


@dataclass(frozen=True, slots=True)
class PolicyRow:
    policy: Policy
    text: str


@dataclass(frozen=True, slots=True)
class Reached:
    """Organizations: how many, how many people are theirs, the first of them by name."""

    organizations: Counted = Counted(0)
    people: int = 0
    names: tuple[str, ...] = ()

    @property
    def more(self) -> int:
        return self.organizations.number - len(self.names)

    def __bool__(self) -> bool:
        return bool(self.organizations)


@dataclass(frozen=True, slots=True)
class PolicyEffect:
    """Organizations whose people can ask for the package after the change and could not before, and the other way round."""

    gains: Reached
    loses: Reached

    @property
    def is_empty(self) -> bool:
        return not (self.gains or self.loses)

    @property
    def fingerprint(self) -> str:
        return "" if self.is_empty else fingerprint(self)


def policy_rows(package: Package) -> list[PolicyRow]:
    policies = package.policies.prefetch_related("organizations").order_by("scope", "id")
    return [PolicyRow(policy, words_of(policy)) for policy in policies]


def words_of(policy: Policy) -> str:
    names = sorted(organization.name for organization in policy.organizations.all() if not organization.is_deleted)
    return paragraph(policy.scope, names, policy.needs_approval, policy.lasts_days, policy.is_open)


def organization_choices(text: str, chosen: Iterable[UUID]) -> list[Organization]:
    """The chosen organizations first, then twenty that match."""
    present = Organization.objects.present()
    matching = found_by(search_for(text), present.exclude(uuid__in=chosen)).order_by("name_key", "id")[:20]
    return [*present.filter(uuid__in=chosen).order_by("name_key"), *matching]


def policy_effect(package: Package, row: Policy | None, wanted: NewPolicy | None) -> PolicyEffect:
    """What `wanted` in the place of `row` does to who can ask for the package. `row` None: a new one; `wanted` None: the policy goes."""
    return _effect(offered(package.uuid).among(), offered_with(package, row, wanted).among())


def closing_effect(package: Package, is_open: bool) -> PolicyEffect:
    """What opening or closing the package does to who can ask for it."""
    nobody = Organization.objects.none()
    everybody = Organization.objects.present().filter(offered_with(package, None, None).among())
    if package.is_open == is_open:
        return PolicyEffect(Reached(), Reached())
    return PolicyEffect(_reached(everybody), _reached(nobody)) if is_open else PolicyEffect(_reached(nobody), _reached(everybody))


def _effect(before, after) -> PolicyEffect:
    present = Organization.objects.present()
    return PolicyEffect(_reached(present.filter(after).exclude(before)), _reached(present.filter(before).exclude(after)))


def _reached(rows: QuerySet) -> Reached:
    names = tuple(rows.order_by("name_key", "id").values_list("name", flat=True)[:SHOWN])
    if len(names) < SHOWN:
        number = counted_to(len(names))
    else:
        number = counted_to(rows.order_by().values("pk")[: COUNTED_TO + 1].count())
    return Reached(number, rows.aggregate(people=Sum("people_count"))["people"] or 0, names) if names else Reached()
