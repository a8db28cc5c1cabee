"""Which packages people at the names of an organization can ask for, and at names beneath on which
the list says something else.
"""

import pytest

from governance.facts.access_packages.requestable import grants_to
from governance.facts.claims.covering import claims_of
from governance.models import Organization
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered(fabrikam):
    make.policy(make.package("Badge"), "all_configured")
    return Organization.objects.get()


def granted(organization: Organization) -> list[str]:
    return [grant.package.name for grant in grants_to(claims_of(organization), make.NOON)]


@pytest.mark.parametrize(
    ("rules", "names"),
    [
        ([], ["Badge"]),
        ([("fabrikam.example", "block")], []),
        ([("fabrikam.example", "block"), ("eng.fabrikam.example", "allow")], ["Badge"]),
        ([("fabrikam.example", "block", "alone")], ["Badge"]),
        ([("fabrikam.example", "block"), ("eng.fabrikam.example", "allow", "alone")], ["Badge"]),
        ([("fabrikam.example", "block"), ("fabrikam.test", "allow")], []),
        ([("example", "block"), ("fabrikam.example", "allow", "alone")], ["Badge"]),
    ],
)
def test_a_package_is_granted_where_the_list_lets_any_name_at_or_beneath_through(
    offered, rules, names
):
    for rule in rules:
        make.list_rule(*rule)
    assert granted(offered) == names


def test_of_a_claim_without_subdomains_only_its_own_name_counts(offered):
    offered.sources.update(covers_subdomains=False)
    make.list_rule("fabrikam.example")
    make.list_rule("eng.fabrikam.example", "allow")
    assert granted(offered) == []


def test_a_name_in_doubt_does_not_hide_another(offered):
    organization = make.organization("Contoso", "contoso.example", "contoso.test")
    organization.sources.filter(claims__name="contoso.test").update(in_doubt_since=make.NOON)
    assert granted(organization) == ["Badge"]
