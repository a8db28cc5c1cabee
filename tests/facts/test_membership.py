"""Where people belong, and who can answer for an organization,
at the edges of rules 3, 5 and 40.
"""

import pytest

from governance.actions.domain_list import add_own_name, remove_own_name
from governance.actions.organizations.deletion import delete, release
from governance.facts.claims.membership import claim_covering
from governance.facts.eligibility import may_request
from governance.facts.sponsors.sponsorships import sponsor_problems
from governance.models import Organization, Person, Source
from governance.rules.roles import SYSTEM
from tests import make

pytestmark = pytest.mark.django_db
ACTING = {"by": SYSTEM, "at": make.NOON}


def test_no_claim_covers_a_name_of_our_own(fabrikam):
    make.own_name("labs.fabrikam.example")
    assert (
        claim_covering("x.labs.fabrikam.example"),
        claim_covering("fabrikam.example").organization_name,
    ) == (None, "Fabrikam")


def test_guests_leave_an_organization_with_an_own_name_and_come_back_without_it(fabrikam, bob):
    own = add_own_name(name="eng.fabrikam.example", **ACTING)
    bob.refresh_from_db()
    assert (bob.organization, Organization.objects.get().people_count) == (None, 0)
    remove_own_name(own=own, **ACTING)
    bob.refresh_from_db()
    assert (bob.organization, Organization.objects.get().people_count) == (fabrikam, 1)


def test_nobody_of_a_blocked_mailbox_sponsors(fabrikam):
    zoe = make.guest("zoe@fabrikam.example")
    make.guest("zoe+x@fabrikam.example", state="blocked")
    problems = sponsor_problems(
        "external", [zoe.uuid], organization_key=str(fabrikam.uuid), at=make.NOON
    )
    assert [problem.code for problem in problems] == ["sponsor_blocked"]
    assert Person.objects.get(pk=zoe.pk).state == "active"


@pytest.fixture
def contoso_ad():
    return make.known_directory(
        "Contoso AD", "contoso.directory.example", "contoso.example", "contoso.test"
    )


def test_a_directory_opens_of_what_a_deleted_organization_keeps_shut_the_typed_name_alone(
    contoso_ad,
):
    make.policy(make.package(), "all_configured")
    delete(organization=make.organization("Old", "contoso.example", "contoso.test"), **ACTING)
    make.by_directory("New", contoso_ad, "contoso.example")
    assert [
        may_request(f"x@{name}", at=make.NOON).code for name in ("contoso.example", "contoso.test")
    ] == ["allowed", "organization_deleted"]


def test_a_directory_whose_names_are_all_released_is_released_too(contoso_ad):
    old = make.by_directory("Old", contoso_ad, "contoso.example")
    delete(organization=old, **ACTING)
    release(organization=old, names=list(old.claims.values_list("name", flat=True)), **ACTING)
    assert Source.objects.present().count() == 0
