"""Plain values of a row as they go into the audit log's before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..models import Organization, Person, Source

NamesBySource = Mapping[Source, Iterable[str]]  # what each source of an organization claims
Sponsors = Mapping[str, Iterable[Person]]  # by kind


def basics_snapshot(organization: Organization) -> dict[str, object]:
    """Return an organization's name, description and state."""
    return {
        "name": organization.name,
        "description": organization.description,
        "state": str(organization.state),
    }


def organization_snapshot(organization: Organization) -> dict[str, object]:
    """Return an organization with its sources and sponsors."""
    return {
        **basics_snapshot(organization),
        "sources": sources_snapshot(organization),
        "sponsors": sponsors_snapshot(organization),
    }


def new_organization_snapshot(
    organization: Organization, sources: NamesBySource, sponsors: Sponsors
) -> dict[str, object]:
    """Return the same of an organization that was just written, without reading it."""
    people = [(person.email, kind) for kind, chosen in sponsors.items() for person in chosen]
    return {
        **basics_snapshot(organization),
        "sources": [_source(source, names) for source, names in sources.items()],
        "sponsors": [_sponsor(*each) for each in sorted(people)],
    }


def sources_snapshot(organization: Organization) -> list[dict[str, object]]:
    """Return an organization's directories and domains with what they claim."""
    sources = organization.sources.present().prefetch_related("claims").order_by("id")
    return [
        _source(source, (c.name for c in source.claims.all() if c.released_at is None))
        for source in sources
    ]


def sponsors_snapshot(organization: Organization) -> list[str]:
    """Return the labels of an organization's sponsors."""
    sponsorships = organization.sponsorships.select_related("person").order_by("person__email")
    return [_sponsor(sponsorship.person.email, sponsorship.kind) for sponsorship in sponsorships]


def _source(source: Source, names: Iterable[str]) -> dict:
    return {
        "source": source.label,
        "kind": source.kind,
        "include subdomains": source.covers_subdomains,
        "names": sorted(names),
    }


def _sponsor(email: str, kind: str) -> str:
    return f"{email} ({kind})"


def person_snapshot(person: Person) -> dict[str, object]:
    """Return what an account is, without anything secret."""
    return {
        "name": person.name,
        "e-mail": person.email,
        "kind": person.kind,
        "state": person.state,
        "organization": person.organization.name if person.organization else None,
        "roles": sorted(person.groups.values_list("name", flat=True)),
    }
