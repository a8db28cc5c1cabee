"""Made-up data for a first look, made through the same actions as everything else; and its removal in one step."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db.models import Q, QuerySet

from ..models import Claim, KnownDirectory, ListRule, Organization, Package, Person, Policy, SavedTest, VerifiedDomain
from ..queries.belonging import claim_covering
from ..queries.demo import DEMO
from ..queries.directories import look_up
from ..rules.decision import refuse
from ..rules.email_domains import canonical_email
from ..rules.list_rules import NewListRule
from ..rules.organizations import NewOrganization, NewSource
from ..rules.policy_terms import NewPolicy
from ..rules.roles import ROLES, Actor
from . import organizations
from .audit import record
from .belonging import recount_people, settle_guests
from .demo_tables import DIRECTORIES, EXTERNAL_SPONSORS, GUESTS, MEMBERS, ORGANIZATIONS, PACKAGES, TESTS
from .domain_list import add_rules
from .locks import lock_claims
from .packages import create_package
from .people import new_person
from .policies import create_policy
from .search_entries import refresh_search_entry
from .sponsors import change_sponsors
from .verb import verb
from .what_if import save_test

_ACTOR = Actor(None, DEMO, frozenset(ROLES))
_NAMESPACE = UUID("6f0c41d2-93ab-4e57-b1c8-20d97e5a13f4")


@verb("Load demo data")
def load_demo(*, by: Actor, at: datetime) -> None:
    """Fill an empty portal. Refused when there is anything in it that somebody made."""
    lock_claims()
    if Organization.objects.exists() or KnownDirectory.objects.exists():
        raise refuse("not_empty", "Demo data is for an empty portal. This one has connected organizations or known directories already")
    _directories()
    members = [_person(f"{local}@harbourgate-demo.example", name, Person.Kind.MEMBER, at, unit=unit) for name, local, unit in MEMBERS]
    for days, *facts, sponsors in ORGANIZATIONS:
        _organization(*facts, [members[index].uuid for index in sponsors], at - timedelta(days=days))
    for name, email in GUESTS:
        _person(email, name, Person.Kind.GUEST, at)
    for name, email in EXTERNAL_SPONSORS:
        change_sponsors(organization=_named(name), kind="external", people=[Person.objects.get(email=email).uuid], by=_ACTOR, at=at)
    add_rules(rules=(NewListRule("norr.example", "with_subdomains", "block", "Under review since the October incident"),), by=_ACTOR, at=at)
    for package in PACKAGES:
        _package(*package, at)
    for name, email, package, allowed in TESTS:
        save_test(name=name, email=email, package=Package.objects.get(name=package), expects_allowed=allowed, by=_ACTOR, at=at)
    record(load_demo.activity, by=by, at=at)


@verb("Remove demo data", needs="change_settings")
def remove_demo(*, by: Actor, at: datetime) -> int:
    """Take away all that is made up, and nothing else: a rule, a test or a package that people made their own stays. Answers how many organizations went."""
    lock_claims()
    gone, people = Organization.objects.filter(created_by=DEMO), Person.objects.filter(created_by=DEMO)
    rules, tests, packages = ListRule.objects.filter(added_by=DEMO, version=1), SavedTest.objects.filter(added_by=DEMO), _untouched_packages()
    directories = KnownDirectory.objects.filter(is_demo=True)
    before = {
        "connected organizations": _names(gone), "people": _names(people), "access packages": _names(packages), "list rules": _names(rules),
        "what-if tests": _names(tests), "known directories": _names(directories),
    }  # fmt: skip
    claimed = list(Claim.objects.present().filter(organization__in=gone).values_list("name", flat=True))
    left = Organization.objects.exclude(created_by=DEMO).filter(Q(people__in=people) | Q(sponsorships__person__in=people)).distinct()
    touched = list(left.order_by("pk"))
    people.delete()
    gone.delete()
    tests.delete()
    packages.delete()
    rules.delete()
    directories.delete()
    settle_guests(claimed)
    recount_people(organization.pk for organization in touched)
    for organization in touched:
        refresh_search_entry(organization)
    record(remove_demo.activity, by=by, at=at, before=before)
    return len(before["connected organizations"])


def _untouched_packages() -> QuerySet:
    """Without those to which somebody added a policy, a change or a test of theirs: deleting a package takes those with it."""
    ours = Policy.objects.exclude(changed_by=DEMO), SavedTest.objects.exclude(added_by=DEMO).exclude(package=None)
    return Package.objects.filter(created_by=DEMO, version=1).exclude(pk__in=ours[0].values("package")).exclude(pk__in=ours[1].values("package"))


def _directories() -> None:
    for name, initial, verified in DIRECTORIES:
        directory = KnownDirectory.objects.create(directory_id=uuid5(_NAMESPACE, initial), name=name, initial_domain=initial, is_demo=True)
        VerifiedDomain.objects.bulk_create(VerifiedDomain(directory=directory, name=each) for each in verified)


def _package(name: str, description: str, is_listed: bool, wanted: tuple, at: datetime) -> None:
    package = create_package(name=name, description=description, is_listed=is_listed, is_open=True, by=_ACTOR, at=at)
    for label, scope, partners, needs_approval, days in wanted:
        keys = tuple(_named(partner).uuid for partner in partners)
        create_policy(package=package, policy=NewPolicy(label, scope, keys, needs_approval, days), by=_ACTOR, at=at)


def _named(organization: str) -> Organization:
    return Organization.objects.present().get(name=organization)


def _names(rows: QuerySet) -> list[str]:
    return sorted(rows.values_list("name", flat=True))


def _organization(name: str, description: str, typed: str, domains: tuple[str, ...], state: str, sponsors: list[UUID], at: datetime) -> None:
    found = look_up(typed)
    first = NewSource(typed, found.directory_id, found.name, found.initial_domain, found.verified_domains) if found else NewSource(typed)
    new = NewOrganization(name, description, state, (first, *(NewSource(domain) for domain in domains)), tuple(sponsors))
    organizations.connect(new=new, by=_ACTOR, at=at)


def _person(email: str, name: str, kind: str, at: datetime, **more) -> Person:
    address = canonical_email(email)
    claim = claim_covering(address.domain) if kind == Person.Kind.GUEST else None
    organization = Organization.objects.get(uuid=claim.organization_id) if claim else None
    person = new_person(address, name=name, kind=kind, state=Person.State.ACTIVE, by=_ACTOR, at=at, organization=organization, **more)
    if organization:
        recount_people([organization.pk])
    return person
