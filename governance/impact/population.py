"""Whom a change can concern: people, domains, sponsors, invitations and saved tests."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import DateTimeField, Exists, OuterRef, QuerySet, TextField, UUIDField

from ..db.combined_query import combine, json_list
from ..db.kept_statements import Varying, compiled, kept
from ..db.key_ranges import at_or_beneath, keys_of
from ..db.value_lists import InStatement, in_texts
from ..facts.access_packages.policies import package_facts, package_lists
from ..facts.claims.covering import CLAIM_COLUMNS, claim_fact
from ..facts.domain_list.verdicts import DEFAULT, KEPT_FOR, RULE_COLUMNS, list_rule_fact
from ..facts.vouching import voucher_fact, voucher_list
from ..models import (
    Claim,
    Invitation,
    ListRule,
    Organization,
    OwnName,
    Person,
    Policy,
    PolicyOrganization,
    SavedTest,
    Sponsorship,
    Voucher,
)
from ..rules.access_packages.policies import NAMED, PackageFact, PolicyFact
from ..rules.domain_list import ALLOW
from ..rules.email_domains import Address, canonical_email, parents
from .change import Change
from .concerned import (
    Population,
    SavedQuestion,
    Someone,
    people_of,
    saved_question,
    sponsors_of,
)
from .vouching import vouched_people
from .world import World

ASKED_AT_MOST = 10_000  # people, and as many domains: more are not asked about, and that is said
_PERSON = ("id", "name", "name_key", "email", "kind", "state", "mailbox", "is_mailbox_blocked")
_SPONSORSHIP = (
    "id",
    "kind",
    "organization__uuid",
    "organization__name",
    "organization__deleted_at",
)


def population_of(change: Change, at: datetime) -> Population:
    """Return whom the change can concern at that moment. Two statements."""
    shape = _shape(change)
    first = kept(shape and ("concerned", *shape), lambda: combine({}, _concerned(change, at)))
    _counts, rows = first.run({"at": at, **keys_of(change.domains)})
    people = people_of(rows["guests"], rows["members"], rows["accounts"])
    domains = tuple(dict.fromkeys([*sorted(change.domains), *_names(rows, "claimed", "ruled")]))
    sponsors = tuple(sponsors_of(rows["sponsors"]))
    tests = tuple(saved_question(*row) for row in sorted(rows["tests"]))
    asked = {each.address.domain for each in people} | set(domains)
    asked |= {test.address.domain for test in tests}
    asked |= {sponsor.person.address.domain for sponsor in sponsors}
    mailboxes = frozenset(each.address.mailbox for each in people) | change.mailboxes
    facts = _facts(change, shape, asked, tests, mailboxes, at)
    return Population(
        _world(facts, at),
        _with_vouched(people[:ASKED_AT_MOST], change),
        domains[:ASKED_AT_MOST],
        sponsors,
        people_of(rows["invited"]),
        tests,
        people_of(facts["test_people"]),
        frozenset(str(UUID(key)) for key, *_more, others in facts["named_policies"] if others),
        is_partial=len(people) > ASKED_AT_MOST or len(domains) > ASKED_AT_MOST,
    )


def _shape(change: Change) -> tuple | None:
    """What decides about the text of the statements, for a change of claims alone, such as
    connecting an organization; None for others, which are rare.
    """
    others = (
        change.mailboxes,
        change.people,
        change.sponsors_removed,
        change.tests_removed,
        change.organizations,
        change.everyone,
        change.members,
    )
    if any(others) or len(change.domains) > KEPT_FOR:
        return None
    return len(change.domains), len(_owners(change)), change.touches_belonging


def _owners(change: Change) -> list[UUID]:
    """Return the public keys of the organizations whose claims or state it changes."""
    keys = {claim.organization_id for claim in change.claims} | change.organization_keys
    keys |= {voucher.organization_id for voucher in change.vouchers}
    return _ids(sorted(keys))


def _with_vouched(people: tuple[Someone, ...], change: Change) -> tuple[Someone, ...]:
    """Return also whoever has no account yet and whose mailbox has a voucher before or after."""
    unknown = sorted(change.mailboxes - {each.address.mailbox for each in people})
    return (*people, *(_nobody_yet(canonical_email(mailbox)) for mailbox in unknown))


def _nobody_yet(address: Address) -> Someone:
    return Someone(0, "", "", address, Person.Kind.GUEST, Person.State.ACTIVE, False)


def _facts(
    change: Change,
    shape: tuple | None,
    domains: Iterable[str],
    tests: tuple[SavedQuestion, ...],
    mailboxes: frozenset[str],
    at: datetime,
) -> dict[str, list]:
    """Return what decides about the domains, the mailboxes and the tests."""
    values = {
        "vouched": json.dumps(sorted(mailboxes | {test.address.mailbox for test in tests})),
        "names": json.dumps(sorted({parent for each in domains for parent in parents(each)})),
        "mailboxes": json.dumps(sorted({test.address.mailbox for test in tests})),
        "at": at,
        **{f"owner_{number}": key for number, key in enumerate(_owners(change))},
    }
    key = shape and ("around a change", *shape, bool(tests))
    _counts, facts = kept(key, lambda: combine({}, _around(change, values, bool(tests)))).run(
        values
    )
    return facts


def _concerned(change: Change, at: datetime) -> dict[str, QuerySet]:
    """Return the lists of the first statement: what is concerned, by index."""
    guests, claims, rules = _guests(change), _claims(change), _rules(change)
    same_mailbox, vouched = _same_mailbox(change), vouched_people(change, at)
    members = Person.objects.members() if change.members else Person.objects.none()
    invited = Person.objects.filter(
        pk__in=_open_invitations(at).values("person"), state=Person.State.INVITED
    )
    belonging = guests if change.touches_belonging else Person.objects.none()
    return {
        "guests": json_list(_present(_first(guests, "domain_key")), *_PERSON),
        "members": json_list(_present(_first(members, "name_key")), *_PERSON),
        "accounts": json_list(_present(same_mailbox | vouched), *_PERSON),
        "claimed": json_list(_first(claims, "key"), "name"),
        "ruled": json_list(_first(rules, "key"), "name"),
        "sponsors": _listed_sponsors(change, belonging, same_mailbox),
        "invited": json_list(
            _present(invited.filter(pk__in=belonging.values("pk")) | invited & same_mailbox),
            *_PERSON,
        ),
        "tests": json_list(
            SavedTest.objects.exclude(pk__in=change.tests_removed),
            "id",
            "name",
            "email",
            "package__uuid",
            "expects_allowed",
        ),
    }


def _same_mailbox(change: Change) -> QuerySet:
    """Return all accounts of the mailboxes of which one changes, or the voucher of one."""
    if change.mailboxes:
        return Person.objects.filter(mailbox__in=change.mailboxes)
    if not change.people:
        return Person.objects.none()
    accounts = Person.objects.filter(pk__in=[key for key, _state in change.people])
    return Person.objects.filter(mailbox__in=accounts.values("mailbox"))


def _guests(change: Change) -> QuerySet:
    guests = Person.objects.guests().exclude(state=Person.State.REMOVED)
    return guests if change.everyone else at_or_beneath(guests, change.domains, key="domain_key")


def _claims(change: Change) -> QuerySet:
    claims = Claim.objects.present()
    return claims if change.everyone else at_or_beneath(claims, change.domains, key="key")


def _rules(change: Change) -> QuerySet:
    rules = ListRule.objects.all()
    return rules if change.everyone else at_or_beneath(rules, change.domains, key="key")


def _open_invitations(at: datetime) -> QuerySet:
    now = Varying("at", at, DateTimeField())
    return Invitation.objects.filter(accepted_at=None, cancelled_at=None, expires_at__gt=now)


def _first(rows: QuerySet, order: str) -> QuerySet:
    """Return the first rows, one more than are asked about, in an order that an index knows."""
    if rows.query.is_empty():
        return rows
    some = rows.order_by(order, "pk").values("pk")[: ASKED_AT_MOST + 1]
    return rows.model.objects.filter(pk__in=some)


def _present(people: QuerySet) -> QuerySet:
    if people.query.is_empty():
        return people
    blocked = Person.objects.filter(mailbox=OuterRef("mailbox"), state=Person.State.BLOCKED)
    return people.exclude(state=Person.State.REMOVED).annotate(is_mailbox_blocked=Exists(blocked))


def _listed_sponsors(change: Change, guests: QuerySet, accounts: QuerySet) -> QuerySet:
    """Return all sponsorships of every organization
    of which a sponsor or the state is concerned.
    """
    keys = [organization.key for organization in change.organizations]
    keys += [key for key, _person in change.sponsors_removed]
    rows = Sponsorship.objects.all()
    ways = [
        rows.filter(person__in=people)
        for people in (guests, accounts)
        if not people.query.is_empty()
    ]
    ways += [rows.filter(organization__uuid__in=keys)] if keys else []
    if not ways:
        return rows.none()
    first, *others = (way.values("organization") for way in ways)
    blocked = Person.objects.filter(mailbox=OuterRef("person__mailbox"), state=Person.State.BLOCKED)
    every = rows.filter(organization__in=first.union(*others) if others else first)
    every = every.annotate(is_mailbox_blocked=Exists(blocked))
    return json_list(
        every, *_SPONSORSHIP, *(f"person__{name}" for name in _PERSON[:-1]), _PERSON[-1]
    )


def _around(change: Change, values: dict[str, object], has_tests: bool) -> dict[str, QuerySet]:
    """Return the lists of the second statement."""
    names = Varying("names", values["names"], TextField())
    claims = Claim.objects.present().filter(in_texts("name", names))
    owners = [
        Varying(f"owner_{number}", key, UUIDField()) for number, key in enumerate(_owners(change))
    ]
    vouched = Varying("vouched", values["vouched"], TextField())
    now = Varying("at", values["at"], DateTimeField())
    vouchers = Voucher.objects.in_force(now).filter(in_texts("mailbox", vouched))
    named = PolicyOrganization.objects.filter(_is_one_of(claims, vouchers, owners))
    mailboxes = Varying("mailboxes", values["mailboxes"], TextField())
    testers = Person.objects.filter(in_texts("mailbox", mailboxes))
    others = PolicyOrganization.objects.filter(
        policy=OuterRef("pk"), organization__deleted_at=None
    ).exclude(organization__uuid__in=_ids(change.organization_keys))
    return {
        "named_policies": json_list(
            Policy.objects.filter(scope=NAMED).annotate(has_others=Exists(others)),
            "uuid",
            "package__uuid",
            "is_open",
            "has_others",
        ),
        "claims": json_list(claims, *CLAIM_COLUMNS),
        "vouchers": voucher_list(vouchers),
        "rules": json_list(ListRule.objects.filter(in_texts("name", names)), *RULE_COLUMNS),
        "default": DEFAULT,
        "own": json_list(OwnName.objects.filter(in_texts("name", names)), "name"),
        "test_people": json_list(
            _present(testers if has_tests else Person.objects.none()), *_PERSON
        ),
        **package_lists(named),
    }


def _is_one_of(claims: QuerySet, vouchers: QuerySet, owners: list[Varying]) -> InStatement:
    """The condition that an organization holds one of the claims, has one of the vouchers or one of
    the keys: ways to a few ids, where one condition would read all organizations.
    """
    ways = (
        claims.values("organization"),
        vouchers.values("organization"),
        Organization.objects.filter(uuid__in=owners).values("pk"),
    )
    parts = [compiled(way, "{}") for way in ways]
    params = [param for _sql, way_params in parts for param in way_params]
    return InStatement("organization", " UNION ALL ".join(sql for sql, _params in parts), params)


def _world(facts: dict[str, list], at: datetime) -> World:
    return World(
        at,
        tuple(claim_fact(*row) for row in facts["claims"]),
        tuple(list_rule_fact(*row) for row in facts["rules"]),
        facts["default"][0][0] if facts["default"] else ALLOW,
        frozenset(name for (name,) in facts["own"]),
        tuple(_with_every_policy(each, facts) for each in package_facts(facts)),
        tuple(voucher_fact(*row) for row in facts["vouchers"]),
    )


def _with_every_policy(package: PackageFact, facts: dict[str, list]) -> PackageFact:
    """Return the package with the policies too that name none of the organizations concerned."""
    known = {policy.id for policy in package.policies}
    others = (
        PolicyFact(str(UUID(key)), "", NAMED, is_open=bool(is_open))
        for key, owner, is_open, _others in facts["named_policies"]
        if str(UUID(owner)) == package.id and str(UUID(key)) not in known
    )
    return replace(package, policies=(*package.policies, *others))


def _ids(keys: Iterable[str]) -> list[UUID]:
    """Return public keys as the database takes them; a draft that stands for a new organization has
    none.
    """
    return [UUID(key) for key in keys if key != "None"]


def _names(rows: dict[str, list], *lists: str) -> list[str]:
    return [name for key in lists for (name,) in sorted(rows[key])]
