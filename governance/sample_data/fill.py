"""Large made-up data for measuring: partners with all that hangs on them, written in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

from django.db import connection

from ..actions.action import action, named
from ..actions.audit import record
from ..actions.organizations.search_entries import search_text, sign_in_by
from ..actions.people.account_rows import new_person
from ..db.bulk_writes import next_id, reset_sequences, room_for_many_rows, write_rows
from ..db.search_index import drop_search_index, install_search_index
from ..models import (
    Claim,
    ListRule,
    Organization,
    Package,
    Person,
    Policy,
    PolicyOrganization,
    SearchEntry,
    Source,
    Sponsorship,
)
from ..rules import email_domains
from ..rules.domains import guards
from ..rules.names import name_key
from ..rules.roles import Actor
from ..rules.values import known_number
from .fill_requests import add_requests
from .generated import MadeUp

SPONSORS, RULES, PACKAGES, NAMED = 100, 1_000, 10, 500
MOST = 5_000_000


@action(
    "Fill with made-up data",
    needs="change_settings",
    about=lambda **_: named("organization", "Made-up organizations"),
)
def fill(
    *, organizations: int, assignments: int = 0, requests: int = 0, by: Actor, at: datetime
) -> range:
    """Add so many made-up organizations, assignments and requests, with one audit event in all.

    Answers the ids of the organizations, which are their numbers.
    """
    numbers = {"organizations": organizations, "assignments": assignments, "requests": requests}
    for number in numbers.values():
        _require_number(number, 0)
    _require_number(sum(numbers.values()), 1)
    made = _add_organizations(organizations, by, at) if organizations else range(0)
    add_requests(assignments=assignments, requests=requests, by=by, at=at)
    record(fill.activity, by=by, at=at, after=numbers)
    return made


def _require_number(number: object, least: int) -> None:
    text = f"Enter a number from {least} to {MOST:,}"
    known_number(number, least, MOST, code="number_out_of_bounds", text=text, field="")


def _add_organizations(organizations: int, by: Actor, at: datetime) -> range:
    first, first_source = next_id(Organization), next_id(Source)
    partners = [MadeUp(number) for number in range(first, first + organizations)]
    sponsors = _sponsors(by, at)
    drop_search_index()
    with room_for_many_rows():
        write_rows(
            Organization, _ORGANIZATION, (_organization(partner, by, at) for partner in partners)
        )
        write_rows(
            Source, _SOURCE, (source for source, _names in _sources(partners, first_source, at))
        )
        write_rows(Claim, _CLAIM, _claims(partners, first_source, at))
        write_rows(
            SearchEntry,
            ("organization_id", "text"),
            (_entry(partner, sponsors) for partner in partners),
        )
        write_rows(Sponsorship, _SPONSORSHIP, _sponsorships(partners, sponsors, by, at))
        write_rows(Person, _PERSON, _guests(partners, by, at))
    _add_list_rules(partners, by, at)
    _add_packages(partners, by, at)
    reset_sequences(Organization, Source)
    # now, because PostgreSQL makes no index while checks are pending
    connection.check_constraints()
    install_search_index()
    return range(first, first + organizations)


_ORGANIZATION = (
    "id",
    "uuid",
    "name",
    "name_key",
    "description",
    "state",
    "people_count",
    "sign_in",
    "sponsored_by",
    "created_at",
    "created_by",
    "changed_at",
    "changed_by",
    "deleted_at",
    "deleted_by",
)
_SOURCE = (
    "id",
    "uuid",
    "organization_id",
    "kind",
    "directory_id",
    "label",
    "typed_name",
    "initial_domain",
    "created_at",
)
_CLAIM = ("source_id", "organization_id", "name", "key", "skeleton", "lies_above", "created_at")
_SPONSORSHIP = ("organization_id", "person_id", "kind", "added_at", "added_by")
_PERSON = (
    "uuid",
    "password",
    "email",
    "mailbox",
    "domain",
    "domain_key",
    "name",
    "name_key",
    "kind",
    "state",
    "is_active",
    "organization_id",
    "created_at",
    "created_by",
    "changed_at",
)


def _organization(partner: MadeUp, by: Actor, at: datetime) -> tuple:
    changed_at = partner.changed_at(at)
    deleted = (changed_at, by.label) if partner.is_deleted else (None, "")
    return (
        partner.number,
        uuid4(),
        partner.name,
        name_key(partner.name),
        partner.description,
        partner.state,
        partner.people,
        sign_in_by([partner.kind]),
        _sponsored_by(partner),
        changed_at,
        by.label,
        changed_at,
        by.label,
        *deleted,
    )


def _sponsored_by(partner: MadeUp) -> str:
    """Its sponsors are active members, who count unless it is deleted."""
    counts = partner.sponsors and not partner.is_deleted
    by = Organization.SponsoredBy
    return by.INTERNAL if counts else by.NOBODY


def _sources(
    partners: list[MadeUp], number: int, at: datetime
) -> Iterator[tuple[tuple, tuple[str, ...]]]:
    """Rows with the names that they claim. The same numbers each time it is asked."""
    for partner in partners:
        for names in partner.sources:
            directory = (
                (uuid4(), partner.name, names[0], names[1])
                if partner.is_directory
                else (None, names[0], names[0], "")
            )
            yield (number, uuid4(), partner.number, partner.kind, *directory, at), names
            number += 1


def _claims(partners: list[MadeUp], first_source: int, at: datetime) -> Iterator[tuple]:
    for (source, _uuid, organization, *_more), names in _sources(partners, first_source, at):
        for name in names:
            lies_above = MadeUp(organization).lies_above and name == names[0]
            yield (source, organization, *guards.stored(name).values(), lies_above, at)


def _entry(partner: MadeUp, sponsors: list[Person]) -> tuple:
    named = [(person.name, person.email) for person in _sponsors_of(partner, sponsors)]
    names = [name for source in partner.sources for name in source]
    return (partner.number, search_text(name_key(partner.name), names, named))


def _sponsorships(
    partners: list[MadeUp], sponsors: list[Person], by: Actor, at: datetime
) -> Iterator[tuple]:
    for partner in partners:
        for person in _sponsors_of(partner, sponsors):
            yield (partner.number, person.pk, "internal", at, by.label)


def _sponsors_of(partner: MadeUp, sponsors: list[Person]) -> list[Person]:
    return [
        sponsors[(partner.number * 31 + offset) % SPONSORS] for offset in range(partner.sponsors)
    ]


def _guests(partners: list[MadeUp], by: Actor, at: datetime) -> Iterator[tuple]:
    for partner in partners:
        for number in range(partner.people):
            domain, name = partner.sources[0][0], f"Guest {partner.number} {number}"
            address = f"guest{number}@{domain}"
            yield (
                uuid4(),
                "!",
                address,
                address,
                domain,
                email_domains.key(domain),
                name,
                name_key(name),
                "guest",
                "active",
                True,
                partner.number,
                at,
                by.label,
                at,
            )


def _sponsors(by: Actor, at: datetime) -> list[Person]:
    """The made-up members who sponsor, the same at each fill."""
    addresses = [
        email_domains.canonical_email(f"member{number}@made-up.example")
        for number in range(SPONSORS)
    ]
    known = {
        person.email: person
        for person in Person.objects.filter(email__in=[address.text for address in addresses])
    }
    return [known.get(address.text) or _new_member(address, by, at) for address in addresses]


def _new_member(address: email_domains.Address, by: Actor, at: datetime) -> Person:
    return new_person(
        address,
        name=address.local.title(),
        kind=Person.Kind.MEMBER,
        state=Person.State.ACTIVE,
        by=by,
        at=at,
    )


def _add_list_rules(partners: list[MadeUp], by: Actor, at: datetime) -> None:
    """Blocks on every so many partners' first name, so that there are at most RULES; an exception
    beneath every tenth.
    """
    blocked = [partner.sources[0][0] for partner in partners[:: max(20, len(partners) // RULES)]]
    rules = [(name, "block") for name in blocked] + [
        (f"staff.{name}", "allow") for name in blocked[::10]
    ]
    ListRule.objects.bulk_create(
        ListRule(
            **guards.stored(name),
            effect=effect,
            reason="Made up",
            added_at=at,
            added_by=by.label,
        )
        for name, effect in rules
    )


def _add_packages(partners: list[MadeUp], by: Actor, at: datetime) -> None:
    """Every second package is for all configured organizations; each is named for some."""
    for number in range(PACKAGES):
        name = f"Made-up package {partners[0].number}-{number}"
        who = {"created_at": at, "changed_at": at, "changed_by": by.label}
        package = Package.objects.create(
            name=name, name_key=name_key(name), created_by=by.label, **who
        )
        scopes = ["named", "all_configured"] if number % 2 else ["named"]
        policies = [
            Policy.objects.create(package=package, name=scope, scope=scope, **who)
            for scope in scopes
        ]
        named = partners[number :: max(1, len(partners) // NAMED)]
        PolicyOrganization.objects.bulk_create(
            PolicyOrganization(policy=policies[0], package=package, organization_id=partner.number)
            for partner in named
        )
