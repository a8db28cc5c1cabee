"""Builders: rows as the product itself would have made them, with one line per row in a test."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from django.contrib.auth.models import Group
from django.db import transaction

from governance.actions import what_if
from governance.actions.access_packages import packages, policies
from governance.actions.organizations import basics as organizations
from governance.actions.organizations.membership import recount_people
from governance.actions.organizations.search_entries import refresh_search_entry
from governance.actions.people.account_rows import new_person
from governance.actions.worker import note_worker
from governance.facts.claims.membership import claim_covering
from governance.models import (
    KnownDirectory,
    ListDefault,
    ListRule,
    Mail,
    Organization,
    OwnName,
    Package,
    Person,
    Policy,
    SavedTest,
    Sponsorship,
    VerifiedDomain,
)
from governance.rules import email_domains
from governance.rules.access_packages.lifecycle import DAYS, NEVER, Lifecycle
from governance.rules.access_packages.stages import Stage, stages_to_json
from governance.rules.access_packages.terms import NewPolicy
from governance.rules.domains import guards
from governance.rules.organizations import NewOrganization, NewSource
from governance.rules.roles import SYSTEM, Actor
from governance.sample_data.fill import fill
from tests.confirmed import confirmed

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PASSWORD = "correct horse battery staple"


def member(
    email: str,
    *roles: str,
    name: str = "",
    state: str = "active",
    password: str | None = None,
    **more,
) -> Person:
    person = _person(email, name, "member", state, password, **more)
    person.groups.set(Group.objects.filter(name__in=roles))
    return person


def guest(
    email: str, *, name: str = "", state: str = "active", password: str | None = None, **more
) -> Person:
    """A guest, in the organization that covers the address at this moment."""
    claim = claim_covering(email_domains.canonical_email(email).domain)
    organization = Organization.objects.get(uuid=claim.organization_id) if claim else None
    person = _person(email, name, "guest", state, password, organization=organization, **more)
    if organization:
        with transaction.atomic():
            recount_people([organization.pk])
    return person


def actor(person: Person) -> Actor:
    return Actor(person.pk, str(person), person.role_names)


def organization(
    name: str = "Fabrikam", *domains: str, by: Actor = SYSTEM, at: datetime = NOON, **more
) -> Organization:
    """A connected organization by domains ("fabrikam.example" unless said)."""
    sources = tuple(NewSource(typed_name=domain) for domain in domains or ("fabrikam.example",))
    new = NewOrganization(name=name, sources=sources, **more)
    return confirmed(organizations.connect, new=new, by=by, at=at).organization


def by_directory(
    name: str,
    directory: KnownDirectory,
    typed_name: str,
    *,
    by: Actor = SYSTEM,
    at: datetime = NOON,
) -> Organization:
    source = NewSource(
        typed_name=typed_name,
        directory_id=directory.directory_id,
        directory_name=directory.name,
        initial_domain=directory.initial_domain,
        verified_domains=tuple(directory.verified_domains.values_list("name", flat=True)),
    )
    new = NewOrganization(name=name, sources=(source,))
    return confirmed(organizations.connect, new=new, by=by, at=at).organization


def known_directory(
    name: str, initial_domain: str, *verified: str, directory_id: UUID | None = None
) -> KnownDirectory:
    directory = KnownDirectory.objects.create(
        directory_id=directory_id or uuid4(), name=name, initial_domain=initial_domain
    )
    VerifiedDomain.objects.bulk_create(
        VerifiedDomain(directory=directory, name=domain) for domain in verified
    )
    return directory


def list_rule(
    name: str,
    effect: str = "block",
    breadth: str = "with_subdomains",
    *,
    ends_on: date | None = None,
) -> ListRule:
    return ListRule.objects.create(
        **guards.stored(name),
        effect=effect,
        breadth=breadth,
        ends_on=ends_on,
        added_at=NOON,
        added_by="System",
    )


def list_default(effect: str) -> ListDefault:
    row, _created = ListDefault.objects.update_or_create(
        id=1, defaults={"effect": effect, "changed_at": NOON, "changed_by": "System"}
    )
    return row


def own_name(name: str) -> OwnName:
    return OwnName.objects.create(**guards.stored(name), added_at=NOON, added_by="System")


def sponsor(organization: Organization, person: Person) -> Sponsorship:
    kind = "internal" if person.is_member else "external"
    row = Sponsorship.objects.create(
        organization=organization, person=person, kind=kind, added_at=NOON, added_by="System"
    )
    refresh_search_entry(organization)
    return row


def package(name: str = "Drawings", **more) -> Package:
    return packages.create_package(
        **{
            "name": name,
            "description": "",
            "is_listed": True,
            "is_open": True,
            "by": SYSTEM,
            "at": NOON,
        }
        | more
    )


def approver() -> Person:
    """Somebody whom a stage can name: the first active member there is, or a new one."""
    found = Person.objects.members().active().order_by("pk").first()
    return found or member("uma@harbourgate.example", name="Uma Castellanos")


def stages(*approvers: str, **more) -> tuple[Stage, ...]:
    """A stage for each kind of approvers (internal sponsors unless said), with a fallback."""
    fallback = (str(approver().uuid),)
    return tuple(
        Stage(each, **{"fallback": fallback} | more) for each in approvers or ("internal_sponsors",)
    )


def stages_text(*approvers: str) -> str:
    """The same as a person types them on the admin site."""
    return json.dumps(stages_to_json(stages(*approvers)))


def policy_form(name: str = "All", scope: str = "all_configured", **more) -> dict:
    """What the page of a policy sends: one stage, which internal sponsors decide."""
    stage = {
        "approvers": "internal_sponsors",
        "people": "",
        "fallback": approver().email,
        "needed": "1",
        "days": "14",
        "reminds_after": "7",
        "escalates_after": "",
        "alternates": "",
    }
    return {
        "name": name,
        "scope": scope,
        "is_open": "on",
        "approval": "stages",
        "stages": "1",
        **{f"stage-1-{part}": value for part, value in stage.items()},
        "questions": "0",
        "ends": "never",
        "lasts_days": "",
        "lasts_hours": "",
        "last_day": "",
        "extension": "none",
    } | more


def policy(
    row: Package,
    scope: str = "all_configured",
    *organizations: Organization,
    needs_approval: bool = True,
    lasts_days: int | None = None,
    **more,
) -> Policy:
    """A policy of the package: for one of the wide scopes, or ("named") for some organizations.

    With the stages that are given, or one that internal sponsors decide; none without
    `needs_approval`. Access has no end unless it is said.
    """
    lifecycle = Lifecycle(DAYS, lasts_days) if lasts_days else Lifecycle(NEVER, can_extend=False)
    wanted = NewPolicy(
        scope.capitalize(),
        scope,
        tuple(organization.uuid for organization in organizations),
        **{"stages": stages() if needs_approval else (), "lifecycle": lifecycle} | more,
    )
    return policies.create_policy(package=row, policy=wanted, by=SYSTEM, at=NOON)


def saved_test(
    email: str, row: Package | None = None, *, expects_allowed: bool = True
) -> SavedTest:
    return what_if.save_test(
        name=email, email=email, package=row, expects_allowed=expects_allowed, by=SYSTEM, at=NOON
    )


def many_organizations(number: int) -> range:
    """Made-up organizations in bulk, all alike each time. Answers their ids."""
    return fill(organizations=number, by=SYSTEM, at=NOON)


def mail(
    to: str = "x@partner.example",
    *,
    state: str = "kept",
    subject: str = "Subject",
    body: str = "Body",
    secret: str = "",
    at: datetime = NOON,
) -> Mail:
    return Mail.objects.create(
        to=to, subject=subject, body=body, secret=secret, state=state, created_at=at, due_at=at
    )


def worker_seen(at: datetime = NOON) -> None:
    """Have a worker give a sign of life."""
    note_worker(at)


def first_package() -> Package:
    return Package.objects.order_by("id")[0]


def _person(email: str, name: str, kind: str, state: str, password: str | None, **more) -> Person:
    address = email_domains.canonical_email(email)
    person = new_person(
        address,
        name=name or address.local.title(),
        kind=kind,
        state=state,
        by=SYSTEM,
        at=NOON,
        **more,
    )
    if password:
        person.set_password(password)
        person.save(update_fields=["password"])
    return person
