"""What the pages of one connected organization show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from ..models import Claim, Organization, Person, PolicyOrganization, Source, Sponsorship
from ..rules.organizations import RESTORABLE_FOR, NewSource
from .audit_events import events_of_organization
from .claims import claims_of
from .domain_list import Verdict, verdicts
from .grants import grants_to


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
    """What deleting touches besides people: policies that name it, names kept shut."""

    policies: int
    names: int


def with_numbers(organizations: QuerySet) -> QuerySet:
    """The counts that the tabs show, in the statement that reads the row."""
    present = Q(sources__released_at__isnull=True)
    return organizations.annotate(
        source_count=Count("sources", filter=present, distinct=True), sponsor_count=Count("sponsorships", distinct=True)
    )


def source_rows(organization: Organization, at: datetime) -> list[SourceRow]:
    claims = Prefetch("claims", Claim.objects.present().order_by("name"))
    sources = list(organization.sources.present().order_by("id").prefetch_related(claims))
    blocked = verdicts([claim.name for source in sources for claim in source.claims.all()], at)
    return [SourceRow(source, tuple(blocked[claim.name] for claim in source.claims.all())) for source in sources]


def overview(organization: Organization, at: datetime) -> dict:
    """Essentials, what needs attention, the last events and what its people can ask for."""
    rows = source_rows(organization, at)
    return {
        "rows": rows, "sponsorships": sponsorships(organization), "grants": grants_to(claims_of(organization), at),
        "events": events_of_organization(organization)[:5], "attention": list(_attention(organization, rows)),
    }  # fmt: skip


def sponsorships(organization: Organization) -> list[Sponsorship]:
    return list(organization.sponsorships.select_related("person").order_by("kind", "person__name_key"))


def access(organization: Organization, at: datetime) -> dict:
    people = organization.people.exclude(state=Person.State.REMOVED).order_by("name_key", "id")
    return {"grants": grants_to(claims_of(organization), at), "people": list(people[:50]), "more_people": max(organization.people_count - 50, 0)}


def delete_facts(organization: Organization) -> DeleteFacts:
    return DeleteFacts(PolicyOrganization.objects.filter(organization=organization).count(), organization.claims.present().count())


def restorable_until(organization: Organization) -> datetime | None:
    return organization.deleted_at + RESTORABLE_FOR if organization.deleted_at else None


def sources_as_chosen(organization: Organization) -> tuple[NewSource, ...]:
    """The organization's sources in the shape that the pane edits."""
    claims = Prefetch("claims", Claim.objects.present())
    return tuple(source_as_chosen(source) for source in organization.sources.present().order_by("id").prefetch_related(claims))


def is_blocked(organization: Organization, at: datetime) -> bool:
    """Whether the list blocks every one of its names. Three statements."""
    return all_blocked(verdicts(organization.claims.present().values_list("name", flat=True), at).values())


def all_blocked(names: Iterable[Verdict]) -> bool:
    names = tuple(names)
    return bool(names) and all(verdict.is_blocked for verdict in names)


def has_active_sponsor() -> Exists:
    return Exists(Sponsorship.objects.filter(organization=OuterRef("pk"), person__state=Person.State.ACTIVE))


def source_as_chosen(source: Source, *, covers_subdomains: bool | None = None) -> NewSource:
    names = tuple(claim.name for claim in source.claims.all() if claim.released_at is None)
    is_directory = source.kind == Source.Kind.DIRECTORY
    return NewSource(
        source.typed_name, source.directory_id, source.label if is_directory else "", source.initial_domain,
        tuple(name for name in names if name not in (source.typed_name, source.initial_domain)) if is_directory else (),
        source.covers_subdomains if covers_subdomains is None else covers_subdomains, source.public_mail_accepted,
    )  # fmt: skip


def _attention(organization: Organization, rows: list[SourceRow]):
    if organization.state == Organization.State.PROPOSED:
        yield "It is proposed: only policies that name it include it, until somebody configures it."
    if not any(sponsorship.person.state == Person.State.ACTIVE for sponsorship in organization.sponsorships.select_related("person")):
        yield "It has no active sponsor. Requests that sponsors should decide go to the fallback."
    for row in rows:
        if row.blocked:
            names = ", ".join(verdict.name for verdict in row.blocked[:3]) + (" and others" if len(row.blocked) > 3 else "")
            yield f"The allow and deny list blocks {names}."
