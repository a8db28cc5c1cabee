"""Policies in words, and how many packages the list counts: the same as the decision says."""

from collections.abc import Callable
from contextlib import suppress
from random import Random

import pytest
from django.db import transaction

from governance.actions.access_packages.policies import change_policy, create_policy, remove_policy
from governance.actions.organizations.deletion import delete
from governance.facts.access_packages.requestable import grants_to
from governance.facts.claims.covering import claims_of
from governance.models import Organization, Package
from governance.queries.access_packages.policies import organization_choices, policy_rows
from governance.queries.organizations.filters import OrganizationFilters
from governance.queries.organizations.listing import organization_page
from governance.rules.access_packages.terms import NewPolicy
from governance.rules.decision import Refused
from governance.rules.roles import SYSTEM
from tests import make

ACTING = {"by": SYSTEM, "at": make.NOON}

pytestmark = pytest.mark.django_db
SCOPES = ("named", "named", "all_configured", "any_outside", "members", "nobody")


@pytest.fixture
def partners():
    """Two configured organizations, two proposed ones, one deleted;
    two people each of the first.
    """
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


def random_policy(chance: Random, partners) -> NewPolicy:
    named = tuple(row.uuid for row in chance.sample(partners, chance.randrange(4)))
    return NewPolicy(
        "Policy", chance.choice(SCOPES), named, make.stages(), is_open=chance.random() < 0.8
    )


def random_step(chance: Random, package: Package, wanted: Callable[[], NewPolicy]) -> Callable:
    """A policy added, or put in the place of one, or removed."""
    row = chance.choice([None, *package.policies.all()])
    policy = None if row and chance.random() < 0.3 else wanted()
    if policy is None:
        return lambda: remove_policy(row=row, **ACTING)
    if row is None:
        return lambda: create_policy(package=package, policy=policy, **ACTING)
    return lambda: change_policy(row=row, policy=policy, **ACTING)


def test_a_policy_is_said_in_words(fabrikam):
    make.policy(package := make.package(), "named", fabrikam, lasts_days=90)
    assert [row.text for row in policy_rows(package)] == [
        (
            "People from Fabrikam can request access. An internal sponsor decides within 14 days;"
            " if no sponsor can decide, Uma Castellanos does."
            " Access lasts 90 days and can be extended with approval."
        )
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
        act = random_step(chance, chance.choice(packages), lambda: random_policy(chance, partners))
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
