"""What time does to requests and access, in batches."""

from datetime import timedelta

import pytest

from governance.actions.access_requests import expiry
from governance.models import AccessRequest, Assignment, Mail
from governance.rules.decision import refuse
from governance.rules.roles import SYSTEM
from tests import make, make_requests
from tests.make import NOON

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def package(fabrikam, uma):
    row = make.package("Drawings")
    policy = make.policy(row, "named", fabrikam)
    make_requests.with_stages(policy, make_requests.named_stage(uma))
    return row


def people(number: int) -> list[str]:
    return [f"person{each}@fabrikam.example" for each in range(number)]


def test_a_batch_passes_over_what_cannot_be_done(package, monkeypatch):
    monkeypatch.setattr(expiry, "BATCH", 2)
    for email in people(5):
        make_requests.request(package, email)
    done = []

    def do(row):
        if row.email in people(3):
            raise refuse("no", "No")
        done.append(row.email)

    assert expiry.each_due(AccessRequest.objects.all(), do) == 2
    assert done == people(5)[3:]


def test_what_goes_wrong_for_one_stops_no_other(package):
    for email in people(2):
        make_requests.request(package, email)
    done = []

    def do(row):
        if row.email == people(1)[0]:
            raise ValueError("unexpected")
        done.append(row.email)

    assert expiry.each_due(AccessRequest.objects.all(), do) == 1
    assert done == people(2)[1:]


def test_all_that_is_due_expires_in_batches(package, monkeypatch):
    monkeypatch.setattr(expiry, "BATCH", 2)
    for email in people(3):
        make_requests.request(package, email)
    late = NOON + 14 * DAY
    assert [expiry.expire_due(SYSTEM, late) for _ in range(3)] == [2, 1, 0]
    assert set(AccessRequest.objects.values_list("state", flat=True)) == {"expired"}


def test_approvers_are_reminded_once(package):
    make_requests.request(package)
    assert [expiry.remind_due(SYSTEM, NOON + 7 * DAY) for _ in range(2)] == [1, 0]
    subjects = Mail.objects.order_by("id").values_list("to", "subject")
    assert list(subjects)[-1] == (
        "uma@harbourgate.example",
        "Reminder: bob@eng.fabrikam.example is waiting for your approval",
    )


@pytest.mark.parametrize(("after", "left"), [(16, 14), (29, 1)])
def test_people_are_told_14_days_and_1_day_before_access_ends(package, after, left):
    access = make_requests.access(package, last_day=(NOON + 29 * DAY).date())
    access.ends_at = NOON + 30 * DAY
    access.save()
    when = NOON + after * DAY
    assert [expiry.remind_ending(SYSTEM, when) for _ in range(2)] == [1, 0]
    days = "14 days" if left == 14 else "1 day"
    assert Mail.objects.latest("id").subject == f"Your access to Drawings ends in {days}"


def test_access_that_is_over_is_written_down_with_the_moment_at_which_it_ended(package):
    access = make_requests.access(package, last_day=NOON.date())
    assert expiry.end_due(SYSTEM, NOON + 9 * DAY) == 1
    row = Assignment.objects.get()
    assert (row.ended_at, row.ended_because) == (access.ends_at, "Its time is over.")
