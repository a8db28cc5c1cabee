"""What is asked for many organizations at a time says the same as the rule that decides for one:
which policy of a package decides about the people of an organization (product rule 26).
"""

from __future__ import annotations

import os
from random import Random

import pytest
from django.db import transaction

from governance.db.combined_query import run_combined
from governance.facts.access_packages.requestable_counts import offer_lists, offered, offers
from governance.models import Organization, Package, PolicyOrganization
from governance.rules.access_packages.policies import (
    SCOPES,
    PackageFact,
    PolicyFact,
    deciding_policy,
)
from governance.rules.claims import ClaimFact
from tests import make

pytestmark = pytest.mark.django_db
SHARDS = 4
WORLDS_IN_A_SHARD = 100 if os.environ.get("HYPOTHESIS_PROFILE") == "properties" else 4
ORGANIZATIONS, PACKAGES = 5, 6


@pytest.mark.properties
@pytest.mark.parametrize("shard", range(SHARDS))
def test_lists_and_counts_say_what_the_rule_says(shard):
    chance = Random(4_000 + shard)
    for _ in range(WORLDS_IN_A_SHARD):
        with transaction.atomic():
            _store_world(chance)
            expected = {organization: _by_rule(organization) for organization in _everyone()}
            assert _by_list("") == expected
            for state in Organization.State.values:
                of_state = {each: expected[each] for each in _everyone() if each.state == state}
                assert _by_list(state) == of_state
            assert _by_count() == {each: len(names) for each, names in expected.items()}
            transaction.set_rollback(True)


def test_the_worlds_have_what_the_rule_tells_apart(db):
    chance, met = Random(0), set()
    for _ in range(20):
        with transaction.atomic():
            _store_world(chance)
            met |= {
                (policy and policy.scope, organization.state)
                for organization in _everyone()
                for policy in (_deciding(each, organization) for each in Package.objects.all())
            }
            transaction.set_rollback(True)
    assert met == {
        ("named", "configured"),
        ("named", "proposed"),
        ("all_configured", "configured"),
        ("any_outside", "configured"),
        ("any_outside", "proposed"),
        (None, "configured"),
        (None, "proposed"),
    }


def _everyone() -> list[Organization]:
    return list(Organization.objects.order_by("pk"))


def _by_rule(organization: Organization) -> list[str]:
    """Return the packages that are open, and whose deciding policy is."""
    deciding = {each: _deciding(each, organization) for each in Package.objects.order_by("name")}
    return [
        package.name
        for package, policy in deciding.items()
        if package.is_open and policy and policy.is_open
    ]


def _deciding(package: Package, organization: Organization) -> PolicyFact | None:
    policies = tuple(
        PolicyFact(
            str(policy.uuid),
            policy.name,
            policy.scope,
            frozenset(str(each.uuid) for each in policy.organizations.all()),
            is_open=policy.is_open,
        )
        for policy in package.policies.order_by("pk")
    )
    fact = PackageFact(str(package.uuid), package.name, package.is_open, policies)
    claim = ClaimFact(
        "", True, 1, "domain", "", str(organization.uuid), organization.name, organization.state
    )
    return deciding_policy(fact, claim, is_member=False)


def _by_list(state: str) -> dict[Organization, list[str]]:
    """Return what the filter of the list says, as it is asked for one state (or all)."""
    rows = Organization.objects.filter(**{"state": state} if state else {}).order_by("pk")
    found = {organization: [] for organization in rows}
    for package in Package.objects.order_by("name"):
        for organization in rows.filter(offered(package.uuid).among(state)):
            found[organization].append(package.name)
    return found


def _by_count() -> dict[Organization, int]:
    _counts, lists = run_combined({}, offer_lists())
    known = offers(lists["packages"], lists["policies"])
    return {
        organization: known.count(
            organization.state,
            PolicyOrganization.objects.filter(organization=organization).values_list(
                "package_id", "policy__is_open"
            ),
        )
        for organization in _everyone()
    }


def _store_world(chance: Random) -> None:
    organizations = [
        make.organization(
            f"Partner {number}",
            f"partner{number}.example",
            state=chance.choice(("configured", "proposed")),
        )
        for number in range(ORGANIZATIONS)
    ]
    for number in range(PACKAGES):
        package = make.package(f"Package {number}", is_open=chance.random() < 0.9)
        _store_policies(chance, package, organizations)


def _store_policies(chance: Random, package: Package, organizations: list[Organization]) -> None:
    """At most one policy of a wide scope, and at most one that names an organization."""
    for scope in chance.sample(SCOPES, chance.randrange(len(SCOPES))):
        named = []
        if scope == "named":
            named = chance.sample(organizations, chance.randrange(len(organizations)))
        make.policy(package, scope, *named, is_open=chance.random() < 0.7)
