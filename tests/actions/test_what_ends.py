"""What ends with a block, a removal or a deletion: access and open requests, told before and after;
and whom a change of sponsors brings in.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from governance.impact import impact_of
from governance.impact.people import blocking
from governance.models import AccessRequest, Assignment, Mail, Person
from governance.rules.decision import Refused
from tests import make, make_requests
from tests.confirmed import accounts, deletion, sponsors
from tests.make import NOON

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def eva(fabrikam):
    return make.guest("eva@fabrikam.example", name="Eva Lindqvist")


@pytest.fixture
def package(fabrikam, sam, eva, uma):
    """Drawings, for which first an external sponsor and then an internal one decides, else Uma."""
    make.sponsor(fabrikam, sam)
    make.sponsor(fabrikam, eva)
    row = make.package("Drawings")
    policy = make.policy(row, "named", fabrikam)
    make_requests.with_stages(policy, make_requests.external_then_internal(uma))
    return row


def acting(person: Person) -> dict:
    return {"by": make.actor(person), "at": NOON + DAY}


def told() -> list[str]:
    return list(Mail.objects.order_by("id").values_list("to", flat=True))


def states() -> list[str]:
    return list(AccessRequest.objects.order_by("id").values_list("state", flat=True))


def test_a_block_ends_access_and_withdraws_requests(ada, package, bob):
    make_requests.access(make.package("Calendar"), bob.email)
    make_requests.request(package, bob.email)
    accounts.block(person=bob, **acting(ada))
    assert states() == ["ended", "withdrawn"]
    assert Assignment.objects.get().ended_because == "Your account was blocked."


def test_a_block_by_hand_sets_no_day_of_removal(ada, package):
    make_requests.access(make.package("Calendar"), "new@fabrikam.example")
    person = Person.objects.get(email="new@fabrikam.example")
    accounts.block(person=person, **acting(ada))
    person.refresh_from_db()
    assert (person.state, person.remove_at) == ("blocked", None)


def test_what_a_block_ends_is_in_its_impact(package, bob):
    make_requests.access(make.package("Calendar"), bob.email)
    make_requests.request(package, bob.email)
    lines = impact_of(blocking(bob), NOON).lines
    assert [(line.text, line.names) for line in lines][-2:] == [
        ("1 assignment ends now.", ("bob@eng.fabrikam.example (Calendar)",)),
        ("1 open request is withdrawn.", ("bob@eng.fabrikam.example (Drawings)",)),
    ]


def test_a_removal_ends_access_and_withdraws_requests(ada, package, bob):
    make_requests.access(make.package("Calendar"), bob.email)
    make_requests.request(package, bob.email)
    accounts.remove_guest(person=bob, **acting(ada))
    assert states() == ["ended", "withdrawn"]


def test_unblocking_brings_back_neither_access_nor_requests(ada, package, bob):
    make_requests.access(make.package("Calendar"), bob.email)
    accounts.block(person=bob, **acting(ada))
    accounts.unblock(person=bob, **acting(ada))
    assert Assignment.objects.in_force(NOON + 2 * DAY).count() == 0


@pytest.mark.parametrize("action", ["block", "remove_guest"])
def test_a_waiting_request_of_a_sponsor_who_goes_moves_to_the_fallback(ada, package, eva, action):
    make_requests.request(package)
    getattr(accounts, action)(person=eva, **acting(ada))
    assert told() == ["eva@fabrikam.example", "uma@harbourgate.example"]


def test_a_waiting_request_moves_to_the_fallback_when_its_sponsor_is_removed(
    ada, package, fabrikam, eva
):
    make_requests.request(package)
    sponsors.remove_sponsor(organization=fabrikam, person=eva, **acting(ada))
    assert told() == ["eva@fabrikam.example", "uma@harbourgate.example"]


def test_a_new_sponsor_is_asked_about_what_waits(ada, package, fabrikam, eva):
    make_requests.request(package)
    erik = make.guest("erik@fabrikam.example", name="Erik")
    sponsors.change_sponsors(
        organization=fabrikam, kind="external", people=[eva.uuid, erik.uuid], **acting(ada)
    )
    assert told() == ["eva@fabrikam.example", "erik@fabrikam.example"]


def test_nobody_is_asked_twice_by_a_block_and_its_end(ada, package, eva):
    make_requests.request(package)
    accounts.block(person=eva, **acting(ada))
    accounts.unblock(person=eva, **acting(ada))
    assert told() == ["eva@fabrikam.example", "uma@harbourgate.example"]


def test_deleting_an_organization_withdraws_its_requests_and_tells_why(ada, package, fabrikam):
    row = make_requests.request(package)
    deletion.delete(organization=fabrikam, **acting(ada))
    row.refresh_from_db()
    assert (row.state, row.closing_reason) == ("withdrawn", "Fabrikam was deleted.")
    assert told()[-1] == row.email


def test_deleting_keeps_access_until_it_ends(ada, package, fabrikam):
    make_requests.access(make.package("Calendar"), "new@fabrikam.example")
    deletion.delete(organization=fabrikam, **acting(ada))
    assert Assignment.objects.in_force(NOON + 2 * DAY).count() == 1


def test_deleting_ends_access_where_that_is_chosen(ada, package, fabrikam):
    make_requests.access(make.package("Calendar"), "new@fabrikam.example")
    deletion.delete(organization=fabrikam, ends_access=True, **acting(ada))
    assert Assignment.objects.in_force(NOON + 2 * DAY).count() == 0


def test_restoring_revives_no_request(ada, package, fabrikam):
    make_requests.request(package)
    deletion.delete(organization=fabrikam, **acting(ada))
    deletion.restore(organization=fabrikam, **acting(ada))
    assert states() == ["withdrawn"]


@pytest.mark.parametrize("wrong", ["yes", 1, None])
def test_what_happens_to_access_is_yes_or_no(ada, fabrikam, wrong):
    with pytest.raises(Refused) as refused:
        deletion.delete(organization=fabrikam, ends_access=wrong, **acting(ada))
    assert refused.value.code == "not_yes_or_no"
