"""What the pages of one connected organization show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict, cast
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery, UUIDField

from ...db.combined_query import from_json, json_subquery, row_from_json
from ...db.kept_statements import Varying, instances
from ...facts.access_packages.requestable import Grant, grants_to
from ...facts.access_requests.radar import radar
from ...facts.claims.covering import claim_fact
from ...facts.domain_list.verdicts import ListFacts, Verdict
from ...facts.sponsors.sponsorships import (
    SponsorContext,
    SponsorRow,
    sponsor_context,
    sponsor_row,
    with_blocked_mailbox_of_person,
)
from ...models import (
    Assignment,
    Claim,
    Organization,
    Person,
    PolicyOrganization,
    Source,
    Sponsorship,
)
from ...rules.organizations import RESTORABLE_FOR
from ..audit.events import latest_of_organization
from .attention import Attention, blocked_attention, configure_link, sponsors_link

if TYPE_CHECKING:  # installed for development alone
    from django_stubs_ext import WithAnnotations

SPONSORS_NOTED = 3
PEOPLE_SHOWN = 50


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source with its names and what the list does to each."""

    source: Source
    names: tuple[Verdict, ...]

    @property
    def blocked(self) -> tuple[Verdict, ...]:
        return tuple(name for name in self.names if name.is_blocked)


@dataclass(frozen=True, slots=True)
class DeleteFacts:
    """What deleting touches besides people: policies that name it, domains that stay reserved, and
    how many of its people have access now.
    """

    policies: int
    names: int
    people_with_access: int


@dataclass(frozen=True, slots=True)
class Parts:
    """What hangs on an organization, the instances with the columns that its pages show; `around`
    is what decides about its names and its sponsors.
    """

    sources: tuple[Source, ...]
    names: dict[int, tuple[str, ...]]
    organization: Organization
    sponsorships: tuple[Sponsorship, ...]
    around: SponsorContext

    @property
    def said(self) -> ListFacts:
        return self.around.said

    def sponsors(self, at: datetime) -> list[SponsorRow]:
        """Every sponsor, with whether they count and can decide now."""
        return [sponsor_row(each, self.around, self.organization, at) for each in self.sponsorships]

    def rows(self, at: datetime) -> list[SourceRow]:
        return [
            SourceRow(
                source, tuple(self.said.verdict(name, at) for name in self.names.get(source.pk, ()))
            )
            for source in self.sources
        ]


_SOURCE = (
    "id",
    "kind",
    "directory_id",
    "label",
    "initial_domain",
    "covers_subdomains",
    "in_doubt_since",
)
_SPONSORSHIP, _PERSON = (
    ("kind", "added_at"),
    ("uuid", "name", "name_key", "email", "domain", "kind", "state"),
)


class PartsFromJson(TypedDict):
    """What `with_parts` adds to an organization."""

    sources_from_json: str | list | None
    names_from_json: str | list | None
    sponsors_from_json: str | list | None


if TYPE_CHECKING:
    OrganizationWithParts = WithAnnotations[Organization, PartsFromJson]


def with_parts(organizations: QuerySet) -> QuerySet:
    """With its sources, names and sponsors as JSON, in the statement that reads the row."""
    mine = {"organization": OuterRef("pk")}
    person = [f"person__{column}" for column in _PERSON]
    return organizations.annotate(
        sources_from_json=Subquery(
            json_subquery(Source.objects.present().filter(**mine), "organization", *_SOURCE)
        ),
        names_from_json=Subquery(
            json_subquery(
                Claim.objects.present().filter(**mine), "organization", "name", "source_id"
            )
        ),
        sponsors_from_json=Subquery(
            json_subquery(
                with_blocked_mailbox_of_person(Sponsorship.objects.filter(**mine)),
                "organization",
                *_SPONSORSHIP,
                *person,
                "mailbox_is_blocked",
            )
        ),
    )


def organization_with_parts(key: UUID) -> OrganizationWithParts | None:
    """Return the organization `with_parts`, None where there is none. One statement."""

    def rows() -> QuerySet:
        return with_parts(Organization.objects.filter(uuid=Varying("key", key, UUIDField())))

    found = instances(Organization, "with parts", rows, {"key": key})
    return cast("OrganizationWithParts | None", next(iter(found), None))


def parts_of(organization: OrganizationWithParts) -> Parts:
    """Of an organization that was read `with_parts`.

    One statement, for what decides about its names and sponsors.
    """
    names: dict[int, tuple[str, ...]] = {}
    for name, source in sorted(from_json(organization.names_from_json)):
        names[source] = (*names.get(source, ()), name)
    sources = sorted(from_json(organization.sources_from_json))
    sponsorships = [_sponsorship(row) for row in from_json(organization.sponsors_from_json)]
    domains = {each.person.domain for each in sponsorships if not each.person.is_member}
    return Parts(
        tuple(row_from_json(Source, _SOURCE, row) for row in sources),
        names,
        organization,
        tuple(sorted(sponsorships, key=lambda each: (each.kind, each.person.name_key))),
        sponsor_context((name for each in names.values() for name in each), domains),
    )


def _sponsorship(row: list) -> Sponsorship:
    *columns, is_blocked = row
    sponsorship = row_from_json(Sponsorship, _SPONSORSHIP, columns[: len(_SPONSORSHIP)])
    sponsorship.person = row_from_json(Person, _PERSON, columns[len(_SPONSORSHIP) :])
    sponsorship.person.mailbox_is_blocked = is_blocked
    return sponsorship


def overview(organization: Organization, parts: Parts, at: datetime) -> dict:
    """Essentials, what needs attention, the last events and what its people can ask for.

    Two statements.
    """
    return {
        "grants": _grants(organization, parts, at),
        "events": latest_of_organization(organization, 5),
        "attention": list(_attention(organization, parts, at)),
    }


def overview_with_gaps(organization: Organization, parts: Parts, at: datetime) -> dict:
    """The same, with the stages of policies that nobody could decide for its people."""
    gaps = [] if organization.is_deleted else radar(at, organizations=[organization])
    return overview(organization, parts, at) | {"gaps": gaps}


def people(organization: Organization) -> dict:
    """Its people, by name. One statement."""
    rows = organization.people.exclude(state=Person.State.REMOVED).order_by("name_key", "id")
    return {
        "people": list(rows[:PEOPLE_SHOWN]),
        "more_people": max(organization.people_count - PEOPLE_SHOWN, 0),
    }


def access(organization: Organization, parts: Parts, at: datetime) -> dict:
    """What its people can request. One statement."""
    return {"grants": _grants(organization, parts, at)}


def _grants(organization: Organization, parts: Parts, at: datetime) -> list[Grant]:
    who = (organization.uuid, organization.name, organization.state, organization.deleted_at)
    claims = tuple(
        claim_fact(
            name,
            source.covers_subdomains,
            source.pk,
            source.kind,
            source.label,
            *who,
            source.in_doubt_since,
        )
        for source in parts.sources
        for name in parts.names.get(source.pk, ())
    )
    return grants_to(claims, at, said=parts.said)


def delete_facts(organization: Organization) -> DeleteFacts:
    """Return how many domains stay reserved, how many policies name the organization, and how many
    of its people have access.
    """
    held = Assignment.objects.present().filter(organization=organization)
    return DeleteFacts(
        PolicyOrganization.objects.filter(organization=organization).count(),
        organization.claims.present().count(),
        held.values("person").distinct().count(),
    )


def restorable_until(organization: Organization) -> datetime | None:
    """Return until when it can be restored (product rule 41); None where it is not deleted."""
    return organization.deleted_at + RESTORABLE_FOR if organization.deleted_at else None


def all_blocked(names: Iterable[Verdict]) -> bool:
    """Return whether the allow and deny list blocks every one of the domains; False for none."""
    names = tuple(names)
    return bool(names) and all(verdict.is_blocked for verdict in names)


def _attention(organization: Organization, parts: Parts, at: datetime) -> Iterator[Attention]:
    key = str(organization.uuid)
    if organization.state == Organization.State.PROPOSED:
        yield Attention(
            "It is proposed. Policies for all configured organizations do not include it.",
            (configure_link(key),),
        )
    for text in _sponsors_attention(parts.sponsors(at)):
        yield Attention(text, (sponsors_link(key),))
    yield from blocked_attention(name for row in parts.rows(at) for name in row.blocked)


def _sponsors_attention(sponsors: list[SponsorRow]) -> Iterator[str]:
    """Whether anybody can decide, and who of the sponsors does not count, with the reason and what
    to do.
    """
    if not sponsors:
        yield "It has no sponsor."
        return
    if all(row.cannot_decide for row in sponsors):
        yield "It has no sponsor who can approve requests."
    noted = [reason for row in sponsors if (reason := row.why_not or row.cannot_decide)]
    for reason in noted[:SPONSORS_NOTED]:
        yield f"{reason.text}."
    if len(noted) > SPONSORS_NOTED:
        yield f"{len(noted) - SPONSORS_NOTED} more of its sponsors cannot approve requests."
