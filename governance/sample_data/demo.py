"""Made-up data for a first look, made through the same actions as everything else; and its removal
in one step.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db.models import Q

from ..actions.access_packages.packages import create_package
from ..actions.access_packages.policies import create_policy
from ..actions.action import action, named
from ..actions.audit import record
from ..actions.confirmation import require_confirmation
from ..actions.domain_list import add_rules
from ..actions.locks import lock_claims
from ..actions.organizations import basics
from ..actions.organizations.membership import (
    recount_people,
    recount_sponsors,
    settle_guests,
    sponsored_by_people,
)
from ..actions.organizations.search_entries import refresh_search_entry
from ..actions.organizations.sponsors import change_sponsors
from ..actions.people.account_rows import new_person
from ..actions.what_if import save_test
from ..facts.claims.membership import claim_covering
from ..facts.directories.look_up import look_up
from ..facts.sample_data import DEMO, demo_names, demo_rows
from ..facts.snapshots import person_snapshot
from ..impact import impact_of
from ..impact.sample_data import removing_demo
from ..models import Catalog, Claim, KnownDirectory, Organization, Package, Person, VerifiedDomain
from ..rules.access_packages.lifecycle import DAYS, NEVER, Lifecycle
from ..rules.access_packages.stages import Stage
from ..rules.access_packages.terms import NewPolicy
from ..rules.decision import Ref, refuse
from ..rules.domain_list import NewListRule
from ..rules.email_domains import canonical_email
from ..rules.organizations import NewOrganization, NewSource
from ..rules.roles import ROLES, Actor
from .demo_requests import add_requests, remove_requests
from .demo_resources import add_catalogs, add_groups
from .demo_tables import (
    DIRECTORIES,
    EXTERNAL_SPONSORS,
    GUESTS,
    MEMBERS,
    ORGANIZATIONS,
    PACKAGES,
    TESTS,
)

DEMO_DOMAIN = "harbourgate-demo.example"
_ACTOR = Actor(None, DEMO, frozenset(ROLES))
_NAMESPACE = UUID("6f0c41d2-93ab-4e57-b1c8-20d97e5a13f4")


def _about(**_) -> Ref:
    return named("demo", "Demo data")


@action("Load demo data", needs="change_settings", about=_about)
def load_demo(*, by: Actor, at: datetime) -> None:
    """Fill an empty portal. Refused when there is anything in it that somebody made."""
    lock_claims()
    if Organization.objects.exists() or KnownDirectory.objects.exists():
        raise refuse(
            "not_empty",
            "Demo data is for an empty portal. This portal already has connected organizations"
            " or known directories",
        )
    _directories()
    members = [
        _person(f"{local}@{DEMO_DOMAIN}", name, Person.Kind.MEMBER, at, unit=unit)
        for name, local, unit in MEMBERS
    ]
    for days, name, description, typed, domains, state, indexes in ORGANIZATIONS:
        sponsors = [members[index].uuid for index in indexes]
        _organization(name, description, typed, domains, state, sponsors, at - timedelta(days=days))
    for name, email in GUESTS:
        _person(email, name, Person.Kind.GUEST, at)
    _sponsors_and_rule(at)
    catalogs = add_catalogs(_ACTOR, at)
    for name, description, is_listed, policies in PACKAGES:
        _package(name, description, is_listed, policies, at, catalogs.get(name))
    add_groups(_ACTOR, at)
    add_requests(_ACTOR, at)
    for name, email, package, allowed in TESTS:
        save_test(
            name=name,
            email=email,
            package=Package.objects.get(name=package),
            expects_allowed=allowed,
            by=_ACTOR,
            at=at,
        )
    record(load_demo.activity, by=by, at=at)


def _sponsors_and_rule(at: datetime) -> None:
    for name, email in EXTERNAL_SPONSORS:
        change_sponsors(
            organization=_named(name),
            kind="external",
            people=[Person.objects.get(email=email).uuid],
            by=_ACTOR,
            at=at,
        )
    add_rules(
        rules=(
            NewListRule(
                "norr.example",
                "with_subdomains",
                "block",
                "Under review since the October incident",
            ),
        ),
        by=_ACTOR,
        at=at,
    )


@action("Remove demo data", needs="change_settings", about=_about)
def remove_demo(*, by: Actor, at: datetime, seen: str | None = None) -> int:
    """Take away all that is made up, and nothing else: a rule, a test or a package that people made
    their own stays. Answers how many organizations went.

    `seen` is the fingerprint of what was shown: whom it lets in, shuts out or moves, and the saved
    tests that it breaks.
    """
    lock_claims()
    before = demo_names()
    if not any(before.values()):
        raise refuse("demo_gone", "The demo data has already been removed")
    require_confirmation(impact_of(removing_demo(), at), seen, by=by)
    _take_away()
    record(remove_demo.activity, by=by, at=at, before=before)
    return len(before["connected organizations"])


def _take_away() -> None:
    rows = demo_rows()
    gone, people = rows["connected organizations"], rows["people"]
    claimed = list(
        Claim.objects.present().filter(organization__in=gone).values_list("name", flat=True)
    )
    left = (
        Organization.objects.exclude(created_by=DEMO)
        .filter(Q(people__in=people) | Q(sponsorships__person__in=people))
        .distinct()
    )
    touched = list(left.order_by("pk"))
    unblocked = list(people.filter(state=Person.State.BLOCKED).values_list("mailbox", flat=True))
    remove_requests(list(people))
    for what in (
        "people",
        "connected organizations",
        "what-if tests",
        "access packages",
        "groups",
        "catalogs",
        "list rules",
        "known directories",
    ):
        rows[what].delete()
    settle_guests(claimed)
    recount_people(organization.pk for organization in touched)
    for organization in touched:
        refresh_search_entry(organization)
    recount_sponsors(sponsored_by_people(Person.objects.filter(mailbox__in=unblocked)))


def _directories() -> None:
    for name, initial, verified in DIRECTORIES:
        directory = KnownDirectory.objects.create(
            directory_id=uuid5(_NAMESPACE, initial), name=name, initial_domain=initial, is_demo=True
        )
        VerifiedDomain.objects.bulk_create(
            VerifiedDomain(directory=directory, name=each) for each in verified
        )


def _package(
    name: str,
    description: str,
    is_listed: bool,
    wanted: tuple,
    at: datetime,
    catalog: Catalog | None,
) -> None:
    package = create_package(
        name=name,
        description=description,
        is_listed=is_listed,
        is_open=True,
        catalog=catalog,
        by=_ACTOR,
        at=at,
    )
    for label, scope, partners, approvers, days in wanted:
        keys = tuple(_named(partner).uuid for partner in partners)
        stages = tuple(
            Stage(each, fallback=_fallback(place)) for place, each in enumerate(approvers)
        )
        lifecycle = Lifecycle(DAYS, days) if days else Lifecycle(NEVER)
        policy = NewPolicy(label, scope, keys, stages, lifecycle=lifecycle, needs_reason=True)
        create_policy(package=package, policy=policy, by=_ACTOR, at=at)


def _fallback(place: int) -> tuple[str, ...]:
    """Return who decides where no sponsor can: another of the made-up members in each stage, since
    nobody decides two.
    """
    _name, local, _unit = MEMBERS[place]
    person = Person.objects.get(email=f"{local}@{DEMO_DOMAIN}")
    return (str(person.uuid),)


def _named(organization: str) -> Organization:
    return Organization.objects.present().get(name=organization)


def _organization(
    name: str,
    description: str,
    typed: str,
    domains: tuple[str, ...],
    state: str,
    sponsors: list[UUID],
    at: datetime,
) -> None:
    found = look_up(typed)
    first = (
        NewSource(
            typed, found.directory_id, found.name, found.initial_domain, found.verified_domains
        )
        if found
        else NewSource(typed)
    )
    new = NewOrganization(
        name,
        description,
        state,
        (first, *(NewSource(domain) for domain in domains)),
        tuple(sponsors),
    )
    basics.connect(new=new, by=_ACTOR, at=at)


def _person(email: str, name: str, kind: str, at: datetime, *, unit: str = "") -> Person:
    address = canonical_email(email)
    claim = claim_covering(address.domain) if kind == Person.Kind.GUEST else None
    organization = Organization.objects.get(uuid=claim.organization_id) if claim else None
    person = new_person(
        address,
        name=name,
        kind=kind,
        state=Person.State.ACTIVE,
        by=_ACTOR,
        at=at,
        organization=organization,
        unit=unit,
    )
    if organization:
        recount_people([organization.pk])
    record(
        "Add user",
        by=_ACTOR,
        at=at,
        target=person,
        organization=organization,
        after=person_snapshot(person),
    )
    return person
