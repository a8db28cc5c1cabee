"""What pages say of packages, invitations and sponsors is asked of the rule at that moment, not
read from a column.
"""

from __future__ import annotations

import pytest
from django.utils import timezone

from governance.actions.access_packages import policies
from governance.actions.organizations import deletion
from governance.actions.people import accounts, invitations
from governance.models import Invitation, Person
from governance.rules.access_packages.terms import NewPolicy
from governance.rules.roles import SYSTEM
from tests import make

from .reading import at, page_of

pytestmark = pytest.mark.django_db
ACTING = {"by": SYSTEM, "at": make.NOON}
NOBODY = "Nobody can request this"


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


# Access packages


def reach(client, package) -> tuple[str, str]:
    """What the list and the package's own page say about who can request it."""
    row = next(
        row
        for row in client.get("/access-packages/").context["shown"].rows
        if row.package.uuid == package.uuid
    )
    return row.reach.who, client.get(f"/access-packages/{package.uuid}/").context["reach"].who


def test_nobody_can_request_a_package_without_a_policy(client):
    assert reach(client, make.package()) == (NOBODY, NOBODY)


@pytest.mark.parametrize(
    ("scope", "more", "who"),
    [
        ("any_outside", {}, "Any outside person"),
        ("all_configured", {}, "All configured connected organizations"),
        ("members", {}, "People in your directory"),
        ("all_configured", {"is_open": False}, NOBODY),
        ("nobody", {}, NOBODY),
        ("named", {}, NOBODY),
    ],
)
def test_who_can_request_a_package_is_what_its_open_policies_say(client, scope, more, who):
    package = make.package()
    make.policy(package, scope, **more)
    assert reach(client, package) == (who, who)


def test_nobody_can_request_a_closed_package(client):
    package = make.package(is_open=False)
    make.policy(package, "any_outside")
    assert reach(client, package) == (NOBODY, NOBODY)


def test_nobody_can_request_a_package_whose_named_organizations_are_all_deleted(client, fabrikam):
    package = make.package()
    make.policy(package, "named", fabrikam)
    assert reach(client, package) == (
        "Specific connected organizations",
        "Specific connected organizations",
    )
    deletion.delete(organization=fabrikam, **ACTING)
    assert reach(client, package) == (NOBODY, NOBODY)


def test_the_package_says_why_nobody_can_request_it_and_what_to_do(client):
    package = make.package()
    policies.create_policy(
        package=package, policy=NewPolicy("Partners", "all_configured", is_open=False), **ACTING
    )
    page = page_of(client.get(f"/access-packages/{package.uuid}/"))
    assert "All of its policies are closed. Open one to let people request it." in page


# Invitations


@pytest.fixture
def lea(fabrikam) -> Person:
    return invitations.invite_guest(
        email="lea@fabrikam.example", name="Lea Marti", message="", by=SYSTEM, at=timezone.now()
    )


def block_domain(lea):
    make.list_rule("fabrikam.example")


def block_mailbox(lea):
    accounts.block(person=make.guest("lea+other@fabrikam.example"), **ACTING)


def expire(lea):
    Invitation.objects.update(expires_at=make.NOON)


STOPS = [
    (block_domain, "on the allow and deny list blocks fabrikam.example"),
    (block_mailbox, "is blocked. An administrator can unblock"),
    (expire, "It has expired. Send the invitation again."),
]


def test_an_invitation_works_until_its_end(client, lea):
    page = page_of(client.get(f"/people/{lea.uuid}/"))
    assert ("The link works until" in page, "The link does not work" in page) == (True, False)


@pytest.mark.parametrize(("stop", "why"), STOPS, ids=lambda each: getattr(each, "__name__", ""))
def test_an_invitation_that_no_longer_works_says_why(client, lea, stop, why):
    stop(lea)
    page = page_of(client.get(f"/people/{lea.uuid}/"))
    assert ("The link works until" in page, "The link does not work" in page, why in page) == (
        False,
        True,
        True,
    )


@pytest.mark.parametrize(("stop", "why"), STOPS, ids=lambda each: getattr(each, "__name__", ""))
def test_a_link_that_no_longer_works_opens_no_form(lea, stop, why, client):
    token = "a" * 43
    from governance.rules.fingerprints import token_hash

    Invitation.objects.update(token_hash=token_hash(token))
    assert client.get(f"/invitations/{token}/").status_code == 200
    stop(lea)
    assert client.get(f"/invitations/{token}/").status_code == 410


# Sponsors


def test_a_person_s_page_says_where_they_sponsor_and_do_not_count(client, fabrikam, bob):
    make.sponsor(fabrikam, bob)
    assert "Does not count" not in page_of(client.get(f"/people/{bob.uuid}/"))
    make.list_rule("fabrikam.example")
    page = page_of(client.get(f"/people/{bob.uuid}/"))
    assert ("Does not count" in page, "blocks eng.fabrikam.example" in page) == (True, True)
    assert at(fabrikam) in page
