"""Giving access at the resources and taking it away: once each, with retries, and never after its
end. Webhooks go to a real server.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from governance.actions.access_requests import deliveries, ending
from governance.actions.access_requests.deliveries import (
    Attempt,
    deliver,
    queue_due_deliveries,
    retry_delivery,
    settle_delivery,
)
from governance.connectors.task_queue import run_next_task
from governance.models import AuditEvent, Delivery, GroupMember, Mail, Resource, Webhook
from governance.rules.access_requests.deliveries import HELD
from governance.rules.access_requests.transitions import DELIVERED, DELIVERING, ENDED, FAILED
from governance.rules.decision import Refused
from governance.rules.roles import SYSTEM
from governance.rules.webhooks import signature
from tests import make, make_requests
from tests.http_server import running_receiver
from tests.make import NOON

pytestmark = pytest.mark.django_db
SECRET = "canary-of-a-secret"
BOB = "bob@eng.fabrikam.example"
ACTING = {"by": SYSTEM, "at": NOON}


@pytest.fixture
def receiver(settings):
    settings.OUTGOING_HTTP_ALLOWS_LOOPBACK = True
    with running_receiver() as running:
        yield running


@pytest.fixture
def group():
    return make_requests.group()


@pytest.fixture
def package(fabrikam, group):
    row = make.package("Drawings")
    make_requests.resource(row, group)
    return row


@pytest.fixture
def hooked(fabrikam, receiver):
    """A package whose one resource is a webhook."""
    row = make.package("Site access")
    made = {"created_by": "System", "changed_by": "System", "created_at": NOON, "changed_at": NOON}
    webhook = Webhook.objects.create(
        name="Doors", name_key="doors", url=receiver.url(), secret=SECRET, **made
    )
    Resource.objects.create(
        package=row, kind="webhook", webhook=webhook, added_at=NOON, added_by="System"
    )
    return row


def grant() -> Delivery:
    return Delivery.objects.get(operation="grant")


def revoke() -> Delivery:
    return Delivery.objects.get(operation="revoke")


def run(at=NOON) -> list[str | None]:
    """Do all that is due, the oldest first."""
    due = Delivery.objects.filter(state="waiting", due_at__lte=at).order_by("due_at", "id")
    return [deliver(pk, at) for pk in list(due.values_list("pk", flat=True))]


def end(assignment, at=NOON) -> None:
    ending.end_assignment(assignment=assignment, reason="Project is over", by=SYSTEM, at=at)


def members(group) -> list[str]:
    return list(GroupMember.objects.filter(group=group).values_list("person__email", flat=True))


def state_of(assignment) -> str:
    assignment.request.refresh_from_db()
    return assignment.request.state


def activities() -> list[str]:
    return list(AuditEvent.objects.order_by("id").values_list("activity", flat=True))


# groups


def test_access_puts_the_person_in_the_group_and_the_request_is_done(package, group):
    assignment = make_requests.access(package, BOB)
    before = state_of(assignment)
    assert (before, run(), members(group), state_of(assignment)) == (
        DELIVERING,
        ["done"],
        [BOB],
        DELIVERED,
    )


def test_whoever_got_access_is_told_once_it_is_there(package):
    make_requests.access(package, BOB)
    before = Mail.objects.count()
    run()
    assert (before, Mail.objects.get().subject) == (0, "You now have access to Drawings")


def test_a_delivery_is_an_event_that_names_group_person_and_package(package, group):
    make_requests.access(package, BOB)
    run()
    event = AuditEvent.objects.get(activity="Add member to group")
    assert (event.actor, event.target_key, event.target, BOB in event.after) == (
        "System",
        str(group.uuid),
        group.name,
        True,
    )


def test_the_end_of_access_takes_the_person_out_of_the_group(package, group):
    assignment = make_requests.access(package, BOB)
    run()
    end(assignment)
    assert (run(), members(group), "Remove member from group" in activities()) == (
        ["done"],
        [],
        True,
    )


def test_another_package_that_gives_the_group_still_gives_it(package, group):
    other = make.package("More drawings")
    make_requests.resource(other, group)
    first = make_requests.access(package, BOB)
    make_requests.access(other, BOB)
    run()
    end(first)
    run()
    assert members(group) == [BOB]


def test_a_delivery_that_is_done_is_not_done_again(package, group):
    make_requests.access(package, BOB)
    run()
    assert (deliver(grant().pk, NOON), run(NOON + timedelta(days=1)), members(group)) == (
        None,
        [],
        [BOB],
    )


def test_access_that_ended_before_it_was_tried_is_not_given(package, group):
    end(make_requests.access(package, BOB))
    assert (run(), grant().state, members(group)) == ([], "cancelled", [])


def test_access_whose_time_is_over_is_not_given_though_nobody_wrote_so_yet(package, group):
    last_day = NOON.date()
    make_requests.access(package, BOB, last_day=last_day)
    assert (run(NOON + timedelta(days=1)), members(group)) == (["cancelled"], [])


def test_a_resource_that_was_taken_out_of_its_package_is_not_given(package, group):
    make_requests.access(package, BOB)
    Resource.objects.update(removed_at=NOON)
    assert (run(), members(group)) == (["cancelled"], [])


def test_a_package_without_resources_needs_no_delivery(fabrikam):
    assignment = make_requests.access(make.package("Nothing"), BOB)
    assert (run(), state_of(assignment)) == ([], DELIVERED)


def test_the_request_waits_for_the_last_of_its_resources(package):
    make_requests.resource(package, make_requests.group("Second"))
    assignment = make_requests.access(package, BOB)
    first, second = Delivery.objects.order_by("id").values_list("pk", flat=True)
    states = []
    for pk in (first, second):
        deliver(pk, NOON)
        states.append(state_of(assignment))
    assert states == [DELIVERING, DELIVERED]


# webhooks


def test_a_webhook_is_told_who_gets_what_and_signed(hooked, receiver):
    assignment = make_requests.access(hooked, BOB)
    assert (run(), state_of(assignment)) == (["done"], DELIVERED)
    (got,) = receiver.received
    timestamp = int(got.headers["Harbourgate-Timestamp"])
    assert got.headers["Harbourgate-Signature"] == signature(SECRET, timestamp, got.body)
    assert got.json == {
        "event": "access.granted",
        "delivery": str(grant().uuid),
        "created_at": NOON.isoformat(),
        "person": {
            "id": str(assignment.person.uuid),
            "email": BOB,
            "name": assignment.person.name,
        },
        "organization": {"id": str(assignment.organization.uuid), "name": "Fabrikam"},
        "access_package": {"id": str(hooked.uuid), "name": "Site access"},
        "assignment": {
            "id": str(assignment.uuid),
            "starts_at": NOON.isoformat(),
            "ends_at": None,
        },
    }


def test_the_end_of_access_is_told_under_an_id_of_its_own(hooked, receiver):
    assignment = make_requests.access(hooked, BOB)
    run()
    end(assignment)
    run()
    told = [(got.json["event"], got.json["delivery"]) for got in receiver.received]
    assert told == [
        ("access.granted", str(grant().uuid)),
        ("access.revoked", str(revoke().uuid)),
    ]


def test_what_is_not_taken_is_tried_again_later_and_later_and_then_fails(hooked, receiver):
    receiver.status = 503
    assignment, at, tried = make_requests.access(hooked, BOB), NOON, []
    while grant().state == "waiting":
        run(at)
        tried.append(at - NOON)
        at = grant().due_at
    assert tried == [timedelta(minutes=minutes) for minutes in (0, 1, 6, 36, 216)]
    assert (grant().last_error, grant().attempts, state_of(assignment)) == (
        "The other system answered 503",
        5,
        FAILED,
    )
    event = AuditEvent.objects.get(activity="Fail to deliver access")
    assert (event.target, event.reason) == ("Doors", "The other system answered 503")


def test_each_attempt_has_the_same_id_and_a_time_of_its_own(hooked, receiver):
    receiver.status = 503
    make_requests.access(hooked, BOB)
    run()
    run(NOON + timedelta(minutes=1))
    one, two = receiver.received
    assert one.headers["Harbourgate-Delivery"] == two.headers["Harbourgate-Delivery"]
    assert one.headers["Harbourgate-Signature"] != two.headers["Harbourgate-Signature"]


def test_what_failed_is_tried_again_by_an_administrator(hooked, receiver, ada):
    receiver.status = 503
    assignment = make_requests.access(hooked, BOB)
    Delivery.objects.update(attempts=4)
    run()
    receiver.status = 200
    later = NOON + timedelta(hours=1)
    retry_delivery(delivery=grant(), by=make.actor(ada), at=later)
    assert (run(later), state_of(assignment), len(receiver.received)) == (["done"], DELIVERED, 2)


def test_the_end_of_access_that_failed_is_tried_again_too(hooked, receiver, ada):
    assignment = make_requests.access(hooked, BOB)
    run()
    end(assignment)
    receiver.status = 503
    Delivery.objects.filter(operation="revoke").update(attempts=4)
    failed = run()
    receiver.status = 200
    retry_delivery(delivery=revoke(), by=make.actor(ada), at=NOON)
    assert (failed, run(), state_of(assignment)) == (["failed"], ["done"], ENDED)
    assert "Retry delivery" in activities()


def test_what_did_not_fail_is_not_tried_again(package, ada):
    make_requests.access(package, BOB)
    with pytest.raises(Refused) as refused:
        retry_delivery(delivery=grant(), by=make.actor(ada), at=NOON)
    assert refused.value.code == "delivery_not_failed"


def test_no_transaction_is_open_while_the_other_system_is_talked_to(hooked, receiver):
    ours, seen = transaction.get_connection(), []
    outside = len(ours.savepoint_ids)

    def answer(handler):
        seen.append(len(ours.savepoint_ids) - outside)
        receiver.usual(handler)

    receiver.answer = answer
    make_requests.access(hooked, BOB)
    run()
    assert seen == [0]


def test_the_secret_is_in_no_event_row_or_task(hooked, receiver):
    receiver.port = 1
    make_requests.access(hooked, BOB)
    queue_due_deliveries(**ACTING)
    while run_next_task("a worker of the tests"):
        pass
    stored = [str(row) for row in AuditEvent.objects.values_list("before", "after", "reason")]
    stored += Delivery.objects.values_list("last_error", flat=True)
    assert SECRET not in " ".join(stored)


# two at once, and killed


def test_of_two_workers_one_delivers(hooked, receiver):
    make_requests.access(hooked, BOB)
    pk = grant().pk
    assert ([deliver(pk, NOON), deliver(pk, NOON)], len(receiver.received)) == (["done", None], 1)


def test_what_a_killed_worker_began_is_left_alone_for_two_minutes_and_then_done(hooked, receiver):
    make_requests.access(hooked, BOB)
    Delivery.objects.update(attempts=1, due_at=NOON + HELD)
    assert (run(NOON + HELD - timedelta(seconds=1)), run(NOON + HELD)) == ([], ["done"])


def test_a_failure_that_comes_too_late_does_not_stop_the_attempt_that_runs(hooked):
    make_requests.access(hooked, BOB)
    late = grant()
    late.attempts = 1
    Delivery.objects.update(attempts=2)
    settle_delivery(delivery=late, attempt=Attempt(problem="slow"), **ACTING)
    assert (grant().state, grant().last_error) == ("waiting", "")


def test_a_success_that_comes_too_late_counts(hooked):
    make_requests.access(hooked, BOB)
    late = grant()
    Delivery.objects.update(attempts=2)
    settle_delivery(delivery=late, attempt=Attempt(was_sent=True), **ACTING)
    assert grant().state == "done"


def test_access_is_not_taken_away_while_it_may_be_given_at_this_moment(hooked, receiver):
    """A worker holds the grant; its message could arrive after the one that takes it away."""
    assignment = make_requests.access(hooked, BOB)
    Delivery.objects.update(attempts=1, due_at=NOON + HELD)
    end(assignment)
    assert (deliver(revoke().pk, NOON), revoke().attempts, receiver.received) == (None, 0, [])
    deliver(revoke().pk, NOON + HELD)
    assert [got.json["event"] for got in receiver.received] == ["access.revoked"]


def test_access_that_ended_between_two_attempts_is_not_given(hooked, receiver):
    receiver.status = 503
    assignment = make_requests.access(hooked, BOB)
    run()
    end(assignment)
    receiver.status = 200
    run(NOON + timedelta(hours=1))
    events = [got.json["event"] for got in receiver.received]
    assert (events, grant().state) == (["access.granted", "access.revoked"], "cancelled")


# the queue


def test_what_is_due_is_queued_once_and_done_by_the_queue(package, group):
    make_requests.access(package, BOB)
    queued = [queue_due_deliveries(**ACTING) for _sweep in range(2)]
    while run_next_task("a worker of the tests"):
        pass
    assert (queued, members(group), grant().queued_at) == ([1, 0], [BOB], None)


def test_every_kind_and_operation_has_an_activity():
    kinds, operations = Resource.Kind.values, Delivery.Operation.values
    assert set(deliveries.ACTIVITIES) == {(kind, op) for kind in kinds for op in operations}
