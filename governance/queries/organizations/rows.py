"""One line per organization, as the list and its export show it.

Two statements for a page of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery, TextField

from ...db.combined_query import (
    Combined,
    combine,
    from_json,
    json_list,
    json_subquery,
    parse_moment,
)
from ...db.kept_statements import Varying, kept
from ...db.value_lists import in_texts
from ...facts.access_packages.requestable_counts import Offers
from ...facts.claims.covering import candidate_lists, candidate_values, candidates_from
from ...facts.domain_list.verdicts import RULE_COLUMNS, ListFacts, list_rule_fact
from ...facts.sponsors.sponsorships import (
    PERSON_COLUMNS,
    SponsorColumns,
    SponsorContext,
    with_blocked_mailbox_of_person,
)
from ...models import Claim, ListRule, Organization, PolicyOrganization, Source, Sponsorship
from ...rules import email_domains
from ...rules.organizations import RESTORABLE_FOR
from ...rules.sponsors import why_not_counted

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
    """`names` are those its sources were added by.

    `tag` is the state, or blocked or deleted where that says more.

    The sponsors are those who count now (product rule 36).
    """

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


@dataclass(frozen=True, slots=True)
class _Read:
    """A row as it was read: the columns, then the lists."""

    id: int
    key: UUID
    name: str
    name_key: str
    description: str
    state: str
    origin: str
    sign_in: str
    people_count: int
    changed_at: datetime
    deleted_at: datetime | None
    deleted_by: str
    names: tuple[str, ...]
    sources: list
    sponsors: tuple[tuple[str, SponsorColumns], ...]
    named: list


def _read(row: tuple) -> _Read:
    """A row as the database gave it: SQLite knows no moments and no UUIDs."""
    row_id, key, *texts, changed_at, deleted_at, deleted_by, claims, sources, sponsors, named = row
    values = (
        row_id,
        key if isinstance(key, UUID) else UUID(key),
        *texts,
        parse_moment(changed_at),
        deleted_at and parse_moment(deleted_at),
        deleted_by,
        tuple(name for (name,) in from_json(claims)),
        from_json(sources),
        tuple(
            (kind, SponsorColumns(*values)) for _id, kind, *values in sorted(from_json(sponsors))
        ),
        from_json(named),
    )
    return _Read(*values)


def with_columns(organizations: QuerySet) -> QuerySet:
    """The organizations with all that `organization_rows` reads of each."""
    return organizations.annotate(**_lists()).values_list(*_COLUMNS, *_lists())


def organization_rows(
    rows: Iterable[tuple], *, offers: Offers, default: str, at: datetime
) -> list[OrganizationRow]:
    """The lines of rows that were read `with_columns`, in their order. One statement.

    `default` is what the list does with names that have no rule.
    """
    read = [_read(row) for row in rows]
    around = _around(read, default)
    return [_row(row, offers, around, at) for row in read]


def _around(read: list[_Read], default: str) -> SponsorContext:
    """What decides about the names and the external sponsors of all these organizations.

    One statement.
    """
    people = {
        person.domain for row in read for _kind, person in row.sponsors if not person.is_member
    }
    names = _above(people.union(*(row.names for row in read)))
    values = {"names": json.dumps(names), **candidate_values(people)}
    _counts, rows = kept("around rows", _statement_around).run(values)
    claims, ours = candidates_from(rows)
    return SponsorContext(
        claims, ours, ListFacts(tuple(list_rule_fact(*row) for row in rows["rules"]), default)
    )


def _above(domains: Iterable[str]) -> list[str]:
    return list({parent for domain in domains for parent in email_domains.parents(domain)})


def _statement_around() -> Combined:
    names = Varying("names", "[]", TextField())
    rules = json_list(ListRule.objects.filter(in_texts("name", names)), *RULE_COLUMNS)
    return combine({}, candidate_lists(()) | {"rules": rules})


@cache
def _lists() -> dict[str, Subquery]:
    mine = {"organization": OuterRef("pk")}
    return {
        "claims_list": Subquery(
            json_subquery(Claim.objects.present().filter(**mine), "organization", "name")
        ),
        "sources_list": Subquery(
            json_subquery(
                Source.objects.present().filter(**mine), "organization", "id", "typed_name"
            )
        ),
        "sponsors_list": Subquery(
            json_subquery(
                with_blocked_mailbox_of_person(Sponsorship.objects.filter(**mine)),
                "organization",
                "id",
                "kind",
                *(f"person__{column}" for column in PERSON_COLUMNS),
                "mailbox_is_blocked",
            )
        ),
        "named_list": Subquery(
            json_subquery(
                PolicyOrganization.objects.filter(**mine),
                "organization",
                "package_id",
                "policy__is_open",
            )
        ),
    }


def _row(row: _Read, offers: Offers, around: SponsorContext, at: datetime) -> OrganizationRow:
    blocked = bool(row.names) and all(
        around.said.verdict(name, at).is_blocked for name in row.names
    )
    return OrganizationRow(
        id=row.id,
        key=row.key,
        name=row.name,
        name_key=row.name_key,
        description=row.description or _origin_words(row.origin),
        state=row.state,
        tag="deleted" if row.deleted_at else "blocked" if blocked else row.state,
        sign_in=Organization.SignIn(row.sign_in).label,
        names=tuple(typed for _id, typed in sorted(row.sources)),
        internal_sponsors=_counting(row, Sponsorship.Kind.INTERNAL, around, at),
        external_sponsors=_counting(row, Sponsorship.Kind.EXTERNAL, around, at),
        packages=0 if blocked or row.deleted_at else offers.count(row.state, row.named),
        people_count=row.people_count,
        changed_at=row.changed_at,
        deleted_by=row.deleted_by,
        restorable_until=_restorable_until(row.deleted_at, at),
    )


def _counting(row: _Read, wanted: str, around: SponsorContext, at: datetime) -> tuple[str, ...]:
    """The names of the sponsors of the kind who count now, those named first before the others."""
    facts = (
        around.sponsor(kind, person, str(row.key), at, is_deleted=row.deleted_at is not None)
        for kind, person in row.sponsors
        if kind == wanted
    )
    return tuple(fact.name for fact in facts if why_not_counted(fact) is None)


def _restorable_until(deleted_at: datetime | None, at: datetime) -> datetime | None:
    return deleted_at + RESTORABLE_FOR if deleted_at and at < deleted_at + RESTORABLE_FOR else None


def _origin_words(origin: str) -> str:
    return Organization.Origin.REQUEST.label if origin == Organization.Origin.REQUEST else ""
