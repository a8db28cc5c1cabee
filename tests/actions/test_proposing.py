"""Organizations that a request proposes, for people whose domain is not connected (rule 17)."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import transaction

from governance.actions.locks import lock_claims
from governance.actions.organizations.proposing import propose_for
from governance.models import AuditEvent, Claim, Organization
from governance.rules.email_domains import canonical_email
from governance.rules.roles import Actor
from tests import make, make_requests
from tests.at_once import at_once, needs_rows_that_lock
from tests.confirmed import basics, deletion

pytestmark = pytest.mark.django_db
X = "x@pump.example"


def propose(email: str = X) -> Organization | None:
    with transaction.atomic():
        lock_claims()
        return propose_for(canonical_email(email), by=Actor(None, email), at=make.NOON)


def claims(organization: Organization) -> list[tuple[str, bool]]:
    rows = Claim.objects.present().filter(organization=organization).order_by("id")
    return list(rows.values_list("name", "source__covers_subdomains"))


def test_the_exact_domain_is_proposed_without_subdomains():
    row = propose()
    assert (row.name, row.state, row.origin, row.created_by) == (
        "pump.example",
        "proposed",
        "request",
        X,
    )
    assert claims(row) == [("pump.example", False)]


def test_it_is_on_record_with_who_requested():
    row = propose()
    event = AuditEvent.objects.get()
    assert (event.activity, event.actor, event.target, event.reason) == (
        "Create connected organization",
        X,
        row.name,
        "x@pump.example requested access.",
    )


def test_the_second_person_of_the_domain_creates_nothing():
    assert propose("y@pump.example") == propose()
    assert (Organization.objects.count(), AuditEvent.objects.count()) == (1, 1)


@pytest.mark.parametrize("email", ["x@eng.pump.example", "x@a.b.pump.example"])
def test_later_domains_under_the_same_registrable_domain_join_it(email):
    row = propose()
    assert propose(email) == row
    assert claims(row) == [("pump.example", False), (email[2:], False)]
    event = AuditEvent.objects.latest("id")
    assert (event.activity, event.actor) == ("Update connected organization", email)


def test_a_domain_above_joins_it_too():
    row = propose("x@eng.pump.example")
    assert propose() == row


def test_another_registrable_domain_is_another_organization():
    assert propose() != propose("x@pumps.example")


def test_under_a_suffix_of_one_owner_each_name_is_an_organization_of_its_own():
    assert propose("x@a.github.io") != propose("x@b.github.io")


def test_once_it_is_configured_no_domain_joins_it():
    row = propose()
    basics.change_basics(
        organization=row,
        name=row.name,
        description="",
        state="configured",
        by=make.SYSTEM,
        at=make.NOON,
    )
    assert propose("x@eng.pump.example") != row


def test_no_domain_joins_what_somebody_proposed_by_hand():
    row = make.organization("Pump", "eng.pump.example", state="proposed")
    assert propose() != row


def test_no_domain_joins_what_was_deleted():
    row = propose()
    deletion.delete(organization=row, by=make.SYSTEM, at=make.NOON)
    assert propose("x@eng.pump.example") != row


@pytest.mark.parametrize(
    "email",
    [
        "x@gmail.com",
        "x@a.gmail.com",
        "x@mailinator.com",
        "x@onmicrosoft.com",
        "x@harbourgate.example",
        "x@a.harbourgate.example",
    ],
)
def test_public_mail_and_your_own_domains_are_never_proposed(email):
    make.own_name("harbourgate.example")
    assert (propose(email), Organization.objects.count()) == (None, 0)


def test_what_an_organization_covers_is_not_proposed(fabrikam):
    assert propose("x@eng.fabrikam.example") == fabrikam


def test_what_is_reserved_for_a_deleted_organization_is_not_proposed(fabrikam):
    deletion.delete(organization=fabrikam, by=make.SYSTEM, at=make.NOON)
    assert (propose("x@fabrikam.example"), Organization.objects.count()) == (None, 1)


def test_a_name_that_is_taken_gets_a_number():
    make.organization("Pump.example", "other.example")
    assert propose().name == "pump.example (2)"


def test_a_long_domain_is_a_name_that_fits():
    domain = ".".join(["a" * 60] * 4)
    row = propose(f"x@{domain}.ch")
    assert (len(row.name), claims(row)) == (190, [(f"{domain}.ch", False)])


def test_guests_of_the_domain_belong_to_it_from_then_on():
    eve = make.guest(X)
    row = propose()
    eve.refresh_from_db()
    row.refresh_from_db()
    assert (eve.organization, row.people_count) == (row, 1)


def test_it_is_found_by_its_domain():
    assert "pump.example" in propose().search_entry.text


# by a request


@pytest.fixture
def package(uma):
    row = make.package("Drawings")
    policy = make.policy(row, "any_outside")
    make_requests.with_stages(policy, make_requests.named_stage(uma))
    return row


def test_a_request_of_any_outside_person_proposes_the_organization(package):
    row = make_requests.request(package, X)
    assert (row.organization.name, row.organization.origin) == ("pump.example", "request")


def test_a_request_from_public_mail_proposes_none(package):
    assert make_requests.request(package, "x@gmail.com").organization is None


def test_a_refused_request_proposes_nothing(package):
    with pytest.raises(Exception, match="Answer|reason|characters"):
        make_requests.request(package, X, reason="x" * 1001)
    assert Organization.objects.count() == 0


def test_the_request_can_be_approved_after_its_organization_was_proposed(package, uma):
    row = make_requests.approve(make_requests.request(package, X), uma)
    assert row.state == "approved"


@needs_rows_that_lock
@pytest.mark.django_db(transaction=True)
def test_two_who_request_at_once_propose_one_organization(transactional_db):
    uma = make.member("uma@harbourgate.example")
    row = make.package("Drawings")
    make_requests.with_stages(make.policy(row, "any_outside"), make_requests.named_stage(uma))
    for number in range(20):
        emails = [f"{who}@pump{number}.example" for who in "xy"]
        calls = [partial(make_requests.request, row, email) for email in emails]
        assert at_once(*calls) == ["done", "done"]
    assert Organization.objects.count() == 20
