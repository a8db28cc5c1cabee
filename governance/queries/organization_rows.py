"""One line per organization, as the list and its export show it. Two statements for a page of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from ..models import Claim, Organization, PolicyOrganization, Source, Sponsorship
from ..rules.list_rules import is_blocked
from ..rules.organizations import RESTORABLE_FOR
from .domain_list import rules_above
from .one_statement import from_json, listed_for
from .package_offers import Offers

_COLUMNS = (
    "id",
    "uuid",
    "name",
    "name_key",
    "description",
    "state",
    "origin",
    "sign_in",
    "people_count",
    "changed_at",
    "deleted_at",
    "deleted_by",
)


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """`names` are those its sources were added by. `tag` is the state, or blocked or deleted where that says more."""

    id: int
    key: UUID
    name: str
    name_key: str
    description: str
    state: str
    tag: str
    sign_in: str
    names: tuple[str, ...]
    internal_sponsors: tuple[str, ...]
    external_sponsors: tuple[str, ...]
    packages: int
    people_count: int
    changed_at: datetime
    deleted_by: str
    restorable_until: datetime | None

    @property
    def more_names(self) -> int:
        return max(0, len(self.names) - 1)

    @property
    def sponsors(self) -> tuple[str, ...]:
        return self.internal_sponsors + self.external_sponsors


def organization_rows(
    organizations: QuerySet, *, offers: Offers, default: str, at: datetime
) -> list[OrganizationRow]:
    """The rows in their order. `default` is what the list does with names that have no rule."""
    told = list(organizations.annotate(**_lists()).values_list(*_COLUMNS, *_lists()))
    names = {row[0]: [name for (name,) in from_json(row[-4])] for row in told}
    rules = rules_above(name for claimed in names.values() for name in claimed)
    blocked = {
        key
        for key, claimed in names.items()
        if claimed and all(is_blocked(rules, default, name, at) for name in claimed)
    }
    return [_row(row, offers, row[0] in blocked, at) for row in told]


@cache
def _lists() -> dict[str, Subquery]:
    mine = {"organization": OuterRef("pk")}
    return {
        "claims_list": Subquery(
            listed_for(Claim.objects.present().filter(**mine), "organization", "name")
        ),
        "sources_list": Subquery(
            listed_for(Source.objects.present().filter(**mine), "organization", "id", "typed_name")
        ),
        "sponsors_list": Subquery(
            listed_for(
                Sponsorship.objects.filter(**mine), "organization", "id", "kind", "person__name"
            )
        ),
        "named_list": Subquery(
            listed_for(
                PolicyOrganization.objects.filter(**mine),
                "organization",
                "package_id",
                "policy__is_open",
            )
        ),
    }


def _row(row: tuple, offers: Offers, blocked: bool, at: datetime) -> OrganizationRow:
    (
        key,
        uuid,
        name,
        name_key,
        description,
        state,
        origin,
        sign_in,
        people,
        changed_at,
        deleted_at,
        deleted_by,
    ) = row[: len(_COLUMNS)]
    _claims, sources, sponsors, named = (from_json(value) for value in row[len(_COLUMNS) :])
    return OrganizationRow(
        id=key,
        key=uuid,
        name=name,
        name_key=name_key,
        description=description or _origin_words(origin),
        state=state,
        tag="deleted" if deleted_at else "blocked" if blocked else state,
        sign_in=Organization.SignIn(sign_in).label,
        names=tuple(typed for _id, typed in sorted(sources)),
        internal_sponsors=_people(sponsors, Sponsorship.Kind.INTERNAL),
        external_sponsors=_people(sponsors, Sponsorship.Kind.EXTERNAL),
        packages=0 if blocked or deleted_at else offers.count(state, named),
        people_count=people,
        changed_at=changed_at,
        deleted_by=deleted_by,
        restorable_until=_restorable_until(deleted_at, at),
    )


def _people(sponsors: Iterable, wanted: str) -> tuple[str, ...]:
    return tuple(name for _id, kind, name in sorted(sponsors) if kind == wanted)


def _restorable_until(deleted_at: datetime | None, at: datetime) -> datetime | None:
    return deleted_at + RESTORABLE_FOR if deleted_at and at < deleted_at + RESTORABLE_FOR else None


def _origin_words(origin: str) -> str:
    return Organization.Origin.REQUEST.label if origin == Organization.Origin.REQUEST else ""
