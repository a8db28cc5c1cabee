"""People whom a change of a policy lets in and shuts out beside whole organizations: the same as the decision itself says, before and after."""

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.actions.deleted_organizations import delete
from governance.actions.organizations import connect
from governance.actions.packages import change_package
from governance.models import Organization, Package, Person
from governance.queries.eligibility import may_request
from governance.queries.policy_effects import (
    PolicyEffect,
    closing_effect,
    policy_effect,
    removal_effect,
)
from governance.rules.organizations import NewOrganization, NewSource
from governance.rules.policy_terms import NewPolicy
from tests import make

from .policy_steps import ACTING, told_steps

pytestmark = pytest.mark.django_db
ALL, ANYONE, MEMBERS, NOBODY = (
    NewPolicy("Policy", scope) for scope in ("all_configured", "any_outside", "members", "nobody")
)
GUESTS = (
    "bob@eng.fabrikam.example",
    "support@fabrikam.example",
    "info+x@norr.example",
    "zoe@gmail.com",
    "kim@team.gmail.com",
    "ann@plain.example",
    "lone@nowhere.example",
    "help@nowhere.example",
    "max@mine.example",
    "old@gone.example",
)


@pytest.fixture
def partners():
    """A configured organization, a proposed one, one that claims a mail service for everybody, and one deleted."""
    make.organization("Fabrikam", "fabrikam.example")
    make.organization("Norr", "norr.example", state="proposed")
    sources = tuple(
        NewSource(name, public_mail_accepted=True)
        for name in ("gmail.com", "team.gmail.com", "plain.example")
    )
    connect(new=NewOrganization(name="Freelancers", sources=sources), **ACTING)
    gone = make.organization("Gone", "gone.example")
    make.own_name("mine.example")
    for email in GUESTS:
        make.guest(email)
    delete(organization=gone, **ACTING)
    return list(Organization.objects.present().order_by("pk"))


@pytest.fixture
def people(partners):
    make.guest("out@nowhere.example", state="blocked")
    make.guest("left@nowhere.example", state="removed")
    make.member("ada@harbourgate.example")
    make.member("support@harbourgate.example")
    make.member("off@harbourgate.example", state="blocked")
    return partners


def named(*organizations, **more) -> NewPolicy:
    return NewPolicy("Policy", "named", tuple(row.uuid for row in organizations), **more)


def addresses(people) -> set[str]:
    return {email for _name, email in people.first}


def askers(package: Package) -> set[str]:
    """Everybody here who can ask, by the decision."""
    emails = Person.objects.filter(state="active").values_list("email", flat=True)
    return {
        email for email in emails if may_request(email, str(package.uuid), at=make.NOON).allowed
    }


def told_people(reached) -> set[str]:
    """Everybody of whom the effect speaks: all active people of its organizations, of whom it speaks as one, and each of the others."""
    theirs = Person.objects.filter(
        organization__name__in=reached.names, state="active"
    ).values_list("email", flat=True)
    return {
        *theirs,
        *addresses(reached.strangers),
        *addresses(reached.members),
        *addresses(reached.shared),
    }


def random_policy(chance: Random, partners) -> NewPolicy:
    scope, is_open, asks = (
        chance.choice(("named", "named", "all_configured", "any_outside", "members", "nobody")),
        chance.random() < 0.8,
        chance.random() < 0.5,
    )
    chosen = chance.sample(partners, chance.randrange(3)) if scope == "named" else ()
    return NewPolicy(
        "Policy",
        scope,
        tuple(row.uuid for row in chosen),
        needs_approval=asks or scope == "any_outside",
        is_open=is_open,
    )


ANYONES = {
    "support@fabrikam.example",
    "info+x@norr.example",
    "zoe@gmail.com",
    "kim@team.gmail.com",
    "support@harbourgate.example",
}


@pytest.mark.parametrize("seed", range(8))
def test_whoever_is_told_of_is_whoever_it_happens_to(people, seed):
    chance, package = Random(seed), make.package()
    for before, told, after in told_steps(
        chance, package, lambda: random_policy(chance, people), askers, 6
    ):
        gains, loses = told_people(told.gains), told_people(told.loses)
        assert ((after - before) - gains, (before - after) - loses) == (set(), set())
        assert ((gains - (after - before)) - ANYONES, (loses - (before - after)) - ANYONES) == (
            set(),
            set(),
        )
        assert (
            addresses(told.gains.shared) - (after - before),
            addresses(told.loses.shared) - (before - after),
        ) == (set(), set())


def test_a_policy_for_anyone_lets_in_guests_without_an_organization(people):
    told = policy_effect(make.package(), None, ANYONE)
    assert (told.gains.anyone, addresses(told.gains.strangers)) == (
        True,
        {"lone@nowhere.example", "help@nowhere.example"},
    )


def test_a_policy_for_anyone_is_told_of_where_nobody_is_without_an_organization():
    told = policy_effect(make.package(), None, ANYONE)
    assert (
        told.is_empty,
        told.gains.anyone,
        bool(told.gains.strangers),
        told.fingerprint != "",
    ) == (False, True, False, True)


def test_a_policy_for_anyone_shuts_out_the_same_when_it_goes(people):
    row = make.policy(package := make.package(), "any_outside")
    told = policy_effect(package, row, None)
    assert (told.loses.anyone, addresses(told.loses.strangers)) == (
        True,
        {"lone@nowhere.example", "help@nowhere.example"},
    )


def test_a_policy_for_anyone_that_stays_open_changes_nothing_for_them(people):
    row = make.policy(package := make.package(), "any_outside")
    assert policy_effect(package, row, NewPolicy("Policy", "any_outside", lasts_days=3)).is_empty


def test_closing_a_package_shuts_out_whoever_of_no_organization_could_ask(people):
    make.policy(package := make.package(), "any_outside")
    make.policy(package, "members")
    told = closing_effect(package, False)
    assert (
        told.loses.strangers.number.number,
        told.loses.members.number.number,
        bool(told.gains),
    ) == (2, 2, False)


def test_members_who_can_ask_no_longer_are_named(people):
    row = make.policy(package := make.package(), "members")
    told = policy_effect(package, row, NOBODY)
    assert told.loses.members.first == (
        ("Ada", "ada@harbourgate.example"),
        ("Support", "support@harbourgate.example"),
    )


def test_without_approval_a_policy_for_members_lets_in_no_shared_mailbox(people):
    told = policy_effect(make.package(), None, NewPolicy("Policy", "members", needs_approval=False))
    assert addresses(told.gains.members) == {"ada@harbourgate.example"}


def test_switching_approval_off_shuts_out_shared_mailboxes_and_public_mail(people):
    row = make.policy(package := make.package(), "all_configured")
    told = policy_effect(package, row, NewPolicy("Policy", "all_configured", needs_approval=False))
    assert (addresses(told.loses.shared), bool(told.loses.organizations), bool(told.gains)) == (
        {"support@fabrikam.example", "zoe@gmail.com", "kim@team.gmail.com"},
        False,
        False,
    )


def test_a_policy_for_anyone_has_approval_whatever_was_typed(people):
    row = make.policy(package := make.package(), "all_configured")
    assert not policy_effect(
        package, row, NewPolicy("Policy", "any_outside", needs_approval=False)
    ).loses


def test_an_effect_on_people_alone_is_one(people):
    row = make.policy(package := make.package(), "members")
    of_members, of_shared = (
        policy_effect(package, row, NOBODY),
        policy_effect(package, row, NewPolicy("Policy", "members", needs_approval=False)),
    )
    assert (of_members.is_empty, of_shared.is_empty, addresses(of_shared.loses.shared)) == (
        False,
        False,
        {"support@harbourgate.example"},
    )


def test_a_narrower_policy_without_approval_shuts_out_shared_mailboxes(people):
    make.policy(package := make.package(), "all_configured")
    told = policy_effect(package, None, named(people[0], needs_approval=False))
    assert addresses(told.loses.shared) == {"support@fabrikam.example"}


def test_switching_approval_on_lets_them_in_again(people):
    row = make.policy(package := make.package(), "members", needs_approval=False)
    assert addresses(policy_effect(package, row, MEMBERS).gains.shared) == {
        "support@harbourgate.example"
    }


def test_policies_that_go_together_shut_out_whom_each_alone_would_leave_the_other(people):
    package = make.package()
    rows = [make.policy(package, scope) for scope in ("all_configured", "any_outside")]
    alone = [policy_effect(package, row, None).loses.names for row in rows]
    assert (alone, removal_effect(package, rows).loses.names) == (
        [(), ("Norr",)],
        ("Fabrikam", "Freelancers", "Norr"),
    )


def test_nothing_changes_while_the_package_is_closed(people):
    assert policy_effect(make.package(is_open=False), None, ALL) == PolicyEffect(while_closed=True)


def test_what_was_made_ready_is_told_when_the_package_opens(people):
    package = make.package(is_open=False)
    make.policy(package, "any_outside")
    told = closing_effect(package, True)
    change_package(
        package=package, name="Drawings", description="", is_listed=True, is_open=True, **ACTING
    )
    assert (told.gains.anyone, addresses(told.gains.strangers)) == (
        True,
        {"lone@nowhere.example", "help@nowhere.example"},
    )


def test_more_people_than_ten_are_counted_and_not_named():
    for number in range(12):
        make.guest(f"g{number:02}@nowhere.example")
    strangers = policy_effect(make.package(), None, ANYONE).gains.strangers
    assert (
        strangers.number.number,
        [email for _name, email in strangers.first][-1],
        strangers.more,
    ) == (12, "g09@nowhere.example", 2)


def statements(package: Package) -> int:
    with CaptureQueriesContext(connection) as captured:
        policy_effect(package, None, ANYONE)
    return len(captured)


def test_it_costs_the_same_whatever_the_size(people):
    few = statements(package := make.package())
    make.many_organizations(60)
    for number in range(12):
        make.guest(f"g{number:02}@nowhere.example")
    assert (few, statements(package)) == (4, 4)
