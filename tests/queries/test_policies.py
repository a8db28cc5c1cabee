"""Whom a change of a policy lets in and shuts out: the same organizations as the decision itself says, before and after."""

from contextlib import suppress
from random import Random

import pytest
from django.db import transaction

from governance.actions.deleted_organizations import delete
from governance.actions.packages import change_package
from governance.models import Organization, Package
from governance.queries.claims import claims_of
from governance.queries.eligibility import may_request
from governance.queries.grants import grants_to
from governance.queries.organization_filters import OrganizationFilters
from governance.queries.organization_list import organization_page
from governance.queries.package_offers import offered
from governance.queries.policies import organization_choices, policy_rows
from governance.queries.policy_effects import closing_effect, policy_effect
from governance.rules.decision import Refused
from governance.rules.policy_terms import NewPolicy
from tests import make

from .policy_steps import ACTING, random_step, told_steps

pytestmark = pytest.mark.django_db
SCOPES = ("named", "named", "all_configured", "any_outside", "members", "nobody")


@pytest.fixture
def partners():
    """Two configured organizations, two proposed ones, one deleted; two people each of the first."""
    rows = [
        make.organization(name, f"{name.lower()}.example", state=state)
        for name, state in (
            ("Alpha", "configured"),
            ("Beta", "configured"),
            ("Gamma", "proposed"),
            ("Delta", "proposed"),
            ("Omega", "configured"),
        )
    ]
    make.guest("one@alpha.example")
    make.guest("two@alpha.example")
    delete(organization=rows[-1], **ACTING)
    return rows


def askers(package: Package) -> set[str]:
    """Organizations whose people can ask, by the decision."""
    rows = Organization.objects.all().values_list("name", flat=True)
    return {
        name
        for name in rows
        if may_request(f"x@{name.lower()}.example", str(package.uuid), at=make.NOON).allowed
    }


def random_policy(chance: Random, partners) -> NewPolicy:
    named = tuple(row.uuid for row in chance.sample(partners, chance.randrange(4)))
    return NewPolicy("Policy", chance.choice(SCOPES), named, is_open=chance.random() < 0.8)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_told_is_what_happens(partners, seed):
    chance, package = Random(seed), make.package()
    for before, told, after in told_steps(
        chance, package, lambda: random_policy(chance, partners), askers, 5
    ):
        assert (set(told.gains.names), set(told.loses.names)) == (after - before, before - after)
        assert (
            set(
                Organization.objects.present()
                .filter(offered(package.uuid).among())
                .values_list("name", flat=True)
            )
            == after
        )


def test_people_of_the_organizations_are_counted(partners):
    told = policy_effect(make.package(), None, NewPolicy("All", "all_configured"))
    assert (told.gains.organizations.number, told.gains.people, told.gains.names) == (
        2,
        2,
        ("Alpha", "Beta"),
    )


def test_more_than_ten_are_counted_and_not_named():
    for number in range(12):
        make.organization(f"Partner {number:02}", f"partner{number}.example")
    told = policy_effect(make.package(), None, NewPolicy("All", "all_configured"))
    assert (len(told.gains.names), told.gains.more) == (10, 2)


def test_closing_a_package_shuts_out_whoever_could_ask(partners):
    package = make.package()
    make.policy(package, "all_configured")
    assert closing_effect(package, False).loses.names == ("Alpha", "Beta")


def test_opening_a_closed_package_lets_them_in_again(partners):
    package = make.package(is_open=False)
    make.policy(package, "all_configured")
    told = closing_effect(package, True)
    change_package(
        package=package, name="Drawings", description="", is_listed=True, is_open=True, **ACTING
    )
    assert set(told.gains.names) == askers(package)


def test_a_package_that_stays_as_open_as_it_is_changes_nothing(partners):
    assert closing_effect(make.package(), True).is_empty


def test_a_policy_is_said_in_words(fabrikam):
    make.policy(package := make.package(), "named", fabrikam, lasts_days=90)
    assert [row.text for row in policy_rows(package)] == [
        "People from Fabrikam can ask. Someone approves each request. Access lasts 90 days."
    ]


def test_the_chosen_organizations_come_first_whatever_is_searched(partners):
    found = organization_choices("beta", [partners[3].uuid])
    assert [row.name for row in found] == ["Delta", "Beta"]


def test_deleted_organizations_are_not_offered(partners):
    assert "Omega" not in [row.name for row in organization_choices("", [])]


@pytest.mark.parametrize("seed", range(2))
def test_the_number_in_the_list_is_that_of_packages_the_decision_lets_them_ask_for(
    partners, seed, ada
):
    chance, packages = (
        Random(seed),
        [make.package(f"Package {number}", is_open=number != 3) for number in range(4)],
    )
    for _ in range(12):
        _told, act = random_step(
            chance, chance.choice(packages), lambda: random_policy(chance, partners)
        )
        with suppress(Refused), transaction.atomic():
            act()
    listed = {
        row.name: row.packages
        for row in organization_page(
            OrganizationFilters(), cursor="", person=ada, at=make.NOON
        ).rows
    }
    assert listed == {
        row.name: len(grants_to(claims_of(row), make.NOON))
        for row in Organization.objects.present()
    }
