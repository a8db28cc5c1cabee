"""One random change of a made-up portal: what its impact is said to be, and what makes it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from governance.actions import domain_list
from governance.actions.access_packages import packages, policies
from governance.actions.organizations import basics, deletion, sources, sponsors
from governance.actions.people import accounts, invitations
from governance.facts.organizations.new_organizations import preview_of
from governance.facts.organizations.present_sources import sources_as_chosen
from governance.facts.organizations.restorations import restoration_of
from governance.facts.organizations.source_changes import source_changes
from governance.impact import Change
from governance.impact import access_packages as package_changes
from governance.impact import domain_list as list_changes
from governance.impact import organizations as organization_changes
from governance.impact import people as people_changes
from governance.models import ListDefault, ListRule, OwnName, Person, Policy, Sponsorship
from governance.rules.access_packages.terms import NewPolicy
from governance.rules.domain_list import NewListRule
from governance.rules.organizations import NewOrganization, NewSource
from governance.rules.roles import ROLES, Actor
from tests import make
from tests.impact.random_portals import Portal

ADA = Actor(1, "Ada", frozenset(ROLES))
ACTING = {"by": ADA, "at": make.NOON}
Made = tuple[Change, Callable, dict, str]


def random_change(portal: Portal) -> Made | None:
    """Return the change, the action with its keywords, and a fingerprint of the answers, if any."""
    return portal.chance.choice(KINDS)(portal)


def add_rule(portal: Portal) -> Made:
    name = portal.name() if portal.chance.random() < 0.8 else "example"
    breadth = portal.chance.choice(("alone", "with_subdomains"))
    rule = NewListRule(name, breadth, portal.chance.choice(("allow", "block")))
    return list_changes.adding_rules([rule]), domain_list.add_rules, {"rules": (rule,)}, ""


def change_rule(portal: Portal) -> Made | None:
    row = portal.some(ListRule.objects.all())
    if row is None:
        return None
    effect = "allow" if row.effect == "block" else "block"
    new = NewListRule(row.name, row.breadth, effect)
    given = {"rule": row, "effect": effect, "reason": "", "ends_on": None}
    return list_changes.changing_rule(row, new), domain_list.change_rule, given, ""


def remove_rule(portal: Portal) -> Made | None:
    row = portal.some(ListRule.objects.all())
    return row and (list_changes.removing_rule(row), domain_list.remove_rule, {"rule": row}, "")


def change_default(portal: Portal) -> Made:
    row = ListDefault.objects.first()
    effect = "allow" if row and row.effect == "block" else "block"
    return list_changes.changing_default(effect), domain_list.change_default, {"effect": effect}, ""


def add_own(portal: Portal) -> Made:
    name = portal.name()
    return list_changes.adding_own_domain(name), domain_list.add_own_name, {"name": name}, ""


def remove_own(portal: Portal) -> Made | None:
    row = portal.some(OwnName.objects.all())
    return row and (
        list_changes.removing_own_domain(row.name),
        domain_list.remove_own_name,
        {"own": row},
        "",
    )


def change_own(portal: Portal) -> Made | None:
    row, name = portal.some(OwnName.objects.all()), portal.name()
    if row is None or row.name == name:
        return None
    change = list_changes.changing_own_domain(row.name, name)
    return change, domain_list.change_own_name, {"own": row, "name": name}, ""


def _organization(portal: Portal, is_deleted: bool):
    return portal.some(
        organization
        for organization in portal.organizations
        if organization.is_deleted == is_deleted
    )


def change_state(portal: Portal) -> Made | None:
    row = _organization(portal, False)
    if row is None:
        return None
    state = "proposed" if row.state == "configured" else "configured"
    given = {"organization": row, "name": row.name, "description": "", "state": state}
    change = organization_changes.changing_state(row, state)
    return change, basics.change_basics, given, ""


def delete(portal: Portal) -> Made | None:
    row = _organization(portal, False)
    return row and (
        organization_changes.deleting(row),
        deletion.delete,
        {"organization": row},
        "",
    )


def restore(portal: Portal) -> Made | None:
    row = _organization(portal, True)
    if row is None:
        return None
    back = restoration_of(row, by=ADA)
    change = organization_changes.restoring(row, back)
    return change, deletion.restore, {"organization": row}, back.fingerprint


def release(portal: Portal) -> Made | None:
    row = _organization(portal, True)
    name = row and portal.some(row.claims.present().values_list("name", flat=True))
    if not name:
        return None
    given = {"organization": row, "names": [name]}
    return organization_changes.releasing([name]), deletion.release, given, ""


def change_sources(portal: Portal) -> Made | None:
    row = _organization(portal, False)
    if row is None:
        return None
    kept = [source for source in sources_as_chosen(row) if portal.chance.random() < 0.7]
    kept = [_switched(portal, source) for source in kept]
    new = [_source(portal)] if portal.chance.random() < 0.6 else []
    wanted = tuple({source.typed_name: source for source in (*new, *kept)}.values())
    changes = source_changes(row, wanted, by=ADA)
    if changes.is_empty:
        return None
    given = {"organization": row, "sources": wanted}
    change = organization_changes.changing_sources(changes)
    return change, sources.change_sources, given, changes.fingerprint


def _source(portal: Portal) -> NewSource:
    wide = portal.chance.random() < 0.7
    return NewSource(portal.name(), covers_subdomains=wide, public_mail_accepted=True)


def _switched(portal: Portal, source: NewSource) -> NewSource:
    if portal.chance.random() < 0.7:
        return source
    return NewSource(
        source.typed_name,
        covers_subdomains=not source.covers_subdomains,
        public_mail_accepted=source.public_mail_accepted,
    )


def connect(portal: Portal) -> Made:
    state = portal.chance.choice(("configured", "proposed"))
    chosen = (_source(portal),)
    new = NewOrganization("Organization N", state=state, sources=chosen, draft=uuid4())
    preview = preview_of(new, by=ADA, at=make.NOON)
    change = organization_changes.connecting(preview.claims)
    return change, basics.connect, {"new": new}, preview.fingerprint


def put_policy(portal: Portal) -> Made:
    package = portal.chance.choice(portal.packages)
    row = portal.some([None, *package.policies.all()])
    scope = portal.chance.choice(("named", "all_configured", "any_outside", "members", "nobody"))
    present = [organization for organization in portal.organizations if not organization.is_deleted]
    named = tuple(o.uuid for o in present if portal.chance.random() < 0.5)
    approval = scope == "any_outside" or portal.chance.random() < 0.5
    stages = make.stages() if approval else ()
    is_open = portal.chance.random() < 0.85
    policy = NewPolicy("New", scope, named, stages, is_open)
    change = package_changes.putting_policy(package, row, policy)
    if row is None:
        return change, policies.create_policy, {"package": package, "policy": policy}, ""
    return change, policies.change_policy, {"row": row, "policy": policy}, ""


def remove_policy(portal: Portal) -> Made | None:
    row = portal.some(Policy.objects.all())
    return row and (
        package_changes.removing_policies([row]),
        policies.remove_policy,
        {"row": row},
        "",
    )


def open_package(portal: Portal) -> Made:
    row = portal.chance.choice(portal.packages)
    given = {"package": row, "name": row.name, "description": "", "is_listed": row.is_listed}
    change = package_changes.opening(row, not row.is_open)
    return change, packages.change_package, {**given, "is_open": not row.is_open}, ""


def block(portal: Portal) -> Made | None:
    person = portal.some(Person.objects.exclude(state__in=("blocked", "removed")))
    return person and (people_changes.blocking(person), accounts.block, {"person": person}, "")


def unblock(portal: Portal) -> Made | None:
    person = portal.some(Person.objects.blocked())
    if person is None:
        return None
    return people_changes.unblocking(person), accounts.unblock, {"person": person}, ""


def remove_guest(portal: Portal) -> Made | None:
    person = portal.some(Person.objects.guests().filter(state__in=("active", "invited")))
    return person and (
        people_changes.removing(person),
        accounts.remove_guest,
        {"person": person},
        "",
    )


def cancel(portal: Portal) -> Made | None:
    person = portal.some(Person.objects.guests().filter(state="invited"))
    return person and (people_changes.removing(person), invitations.cancel, {"person": person}, "")


def remove_sponsor(portal: Portal) -> Made | None:
    row = portal.some(Sponsorship.objects.filter(organization__deleted_at=None))
    if row is None:
        return None
    change = people_changes.removing_sponsors(row.organization, [row.person])
    given = {"organization": row.organization, "person": row.person}
    return change, sponsors.remove_sponsor, given, ""


def change_sponsors(portal: Portal) -> Made | None:
    row = portal.some(Sponsorship.objects.filter(organization__deleted_at=None))
    if row is None:
        return None
    given = {"organization": row.organization, "kind": row.kind, "people": []}
    change = people_changes.changing_sponsors(row.organization, row.kind, [])
    return change, sponsors.change_sponsors, given, ""


KINDS = (
    add_rule,
    add_rule,
    change_rule,
    remove_rule,
    change_default,
    add_own,
    remove_own,
    change_own,
    change_state,
    delete,
    delete,
    restore,
    release,
    change_sources,
    change_sources,
    connect,
    connect,
    put_policy,
    put_policy,
    remove_policy,
    open_package,
    block,
    unblock,
    remove_guest,
    cancel,
    remove_sponsor,
    change_sponsors,
)
