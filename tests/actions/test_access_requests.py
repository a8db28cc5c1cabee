"""The life of a request: submitted, decided, set up, ended, each on record."""

from datetime import date, timedelta

import pytest

from governance.actions.access_requests import decisions, ending, parking, submission, withdrawal
from governance.models import (
    AccessRequest,
    Assignment,
    AuditEvent,
    Delivery,
    Mail,
    Person,
    RequestEvent,
)
from governance.rules.decision import Refused
from governance.rules.roles import SYSTEM
from tests import make, make_requests, make_vouchers
from tests.make import NOON

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def eva(fabrikam):
    """The external sponsor of Fabrikam."""
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


def code_of(call, *args, **given) -> str:
    with pytest.raises(Refused) as refused:
        call(*args, **given)
    return refused.value.code


def told(at_least: int = 0) -> list[str]:
    return list(Mail.objects.order_by("id").values_list("to", flat=True))[at_least:]


def test_the_external_sponsor_is_asked_first_and_the_internal_one_only_after(package, eva, sam):
    row = make_requests.request(package)
    assert told() == ["eva@fabrikam.example"]
    make_requests.approve(row, eva)
    assert told() == ["eva@fabrikam.example", "sam@harbourgate.example"]


def test_after_the_last_approval_access_is_set_up_a_minute_later(package, eva, sam):
    row = make_requests.request(package)
    make_requests.approve(row, eva)
    row = make_requests.approve(row, sam)
    assert (row.state, row.deliver_at) == ("approved", NOON + MINUTE)


def test_nobody_sets_up_access_before_the_minute_is_over(package, eva, sam):
    row = make_requests.request(package)
    make_requests.approve(row, eva)
    make_requests.approve(row, sam)
    assert code_of(make_requests.started, row, at=NOON) == "not_due"


def test_access_without_resources_is_there_as_soon_as_it_is_set_up(package, eva, sam):
    row = make_requests.request(package)
    make_requests.approve(row, eva)
    make_requests.approve(row, sam)
    row = make_requests.started(row, at=NOON + MINUTE)
    assert row.state == "delivered"
    assert Assignment.objects.in_force(NOON + MINUTE).get().person.email == row.email


def test_a_guest_without_an_account_gets_one_when_access_is_set_up(package, eva, sam):
    row = make_requests.request(package, "new@fabrikam.example")
    make_requests.approve(row, eva)
    make_requests.approve(row, sam)
    make_requests.started(row, at=NOON + MINUTE)
    person = Person.objects.get(email="new@fabrikam.example")
    assert (person.kind, person.state, person.came_by_request) == ("guest", "active", True)
    assert person.organization == row.organization


def test_a_resource_is_waited_for(package, eva, sam):
    make_requests.resource(package, make_requests.group())
    row = make_requests.request(package)
    make_requests.approve(row, eva)
    make_requests.approve(row, sam)
    row = make_requests.started(row, at=NOON + MINUTE)
    assert (row.state, Delivery.objects.get().state) == ("delivering", "waiting")


def test_a_sponsors_own_request_goes_to_the_fallback(package):
    make_requests.request(package, "eva@fabrikam.example")
    assert told() == ["uma@harbourgate.example"]


def test_nobody_decides_their_own_request(package, eva):
    row = make_requests.request(package, "eva@fabrikam.example")
    assert code_of(make_requests.approve, row, eva) == "not_an_approver"


def test_the_second_of_two_approvers_is_told_who_was_first(package, fabrikam, eva):
    other = make.guest("erik@fabrikam.example", name="Erik")
    make.sponsor(fabrikam, other)
    row = make_requests.request(package)
    decisions.deny(request=row, reason="Not now", by=make.actor(eva), at=NOON)
    with pytest.raises(Refused) as refused:
        make_requests.approve(row, other)
    assert str(refused.value) == (
        "This request is already settled: denied by Eva Lindqvist at 23 Nov 2026, 12:00 UTC"
    )


def test_nobody_decides_two_stages_of_one_request(package, fabrikam, eva, uma):
    make.sponsor(fabrikam, uma)
    row = make_requests.request(package, "eva@fabrikam.example")
    make_requests.approve(row, uma)
    assert code_of(make_requests.approve, row, uma) == "not_an_approver"


def test_a_denial_says_why_and_is_told_after_a_minute(package, eva):
    row = make_requests.request(package)
    row = decisions.deny(request=row, reason="No contract", by=make.actor(eva), at=NOON)
    assert (row.state, row.closing_reason) == ("denied", "No contract")


def test_a_denial_needs_a_reason(package, eva):
    row = make_requests.request(package)
    call = {"request": row, "reason": " ", "by": make.actor(eva), "at": NOON}
    assert code_of(decisions.deny, **call) == "reason_missing"


def test_a_decision_is_taken_back_within_a_minute(package, eva):
    row = make_requests.request(package)
    make_requests.approve(row, eva)
    row = decisions.undo(request=row, by=make.actor(eva), at=NOON + MINUTE / 2)
    assert (row.state, row.stage) == ("pending_approval", 1)
    assert make_requests.approve(row, eva, at=NOON + MINUTE / 2).stage == 2


def test_a_decision_is_not_taken_back_after_a_minute(package, eva):
    row = make_requests.request(package)
    make_requests.approve(row, eva)
    undo = {"request": row, "by": make.actor(eva), "at": NOON + MINUTE}
    assert code_of(decisions.undo, **undo) == "too_late_to_undo"


def test_what_was_sent_back_begins_its_stage_again_with_the_answer(package, eva):
    row = make_requests.request(package)
    decisions.send_back(request=row, reason="Which project?", by=make.actor(eva), at=NOON)
    row = submission.resubmit(
        request=row,
        mailbox=row.mailbox,
        reason="Falcon",
        by=make_requests.visitor(row.email),
        at=NOON + DAY,
    )
    assert (row.state, row.stage, row.round) == ("pending_approval", 1, 2)
    assert make_requests.approve(row, eva, at=NOON + DAY).stage == 2


def test_a_requester_withdraws_only_their_own_request(package):
    row = make_requests.request(package)
    given = {"request": row, "by": make_requests.visitor(row.email), "at": NOON}
    assert code_of(withdrawal.withdraw, mailbox="eve@x.example", **given) == "not_yours"
    assert withdrawal.withdraw(mailbox=row.mailbox, **given).state == "withdrawn"


def test_a_block_rule_stops_the_set_up_and_the_request_resumes_after(package, eva, sam):
    row = make_requests.request(package)
    make_requests.approve(row, eva)
    make_requests.approve(row, sam)
    rule = make.list_rule("fabrikam.example")
    row = make_requests.started(row, at=NOON + MINUTE)
    assert (row.state, row.parked_code) == ("parked", "domain_blocked")
    assert code_of(parking.resume, request=row, by=SYSTEM, at=NOON + DAY) == "domain_blocked"
    rule.delete()
    row = parking.resume(request=row, by=SYSTEM, at=NOON + DAY)
    assert make_requests.started(row, at=NOON + DAY).state == "delivered"


def test_a_request_that_nobody_answers_has_expired_without_a_worker(package, eva):
    row = make_requests.request(package)
    late = NOON + 14 * DAY
    assert row.state_at(late) == "expired"
    assert code_of(make_requests.approve, row, eva, at=late) == "request_expired"


def test_an_expired_request_does_not_stop_a_new_one(package):
    make_requests.request(package)
    assert make_requests.request(package, at=NOON + 14 * DAY).state == "pending_approval"


def test_a_second_request_is_refused_while_one_is_open(package):
    make_requests.request(package)
    assert code_of(make_requests.request, package) == "request_open"


def test_access_ends_for_a_reason_and_a_guest_who_came_by_it_is_blocked(package, eva, sam):
    row = make_requests.request(package, "new@fabrikam.example")
    make_requests.approve(row, eva)
    make_requests.approve(row, sam)
    make_requests.started(row, at=NOON + MINUTE)
    assignment = Assignment.objects.get()
    ending.end_assignment(assignment=assignment, reason="Left", by=SYSTEM, at=NOON + DAY)
    person = Person.objects.get(email="new@fabrikam.example")
    assert (person.state, person.remove_at) == ("blocked", NOON + 31 * DAY)
    assert AccessRequest.objects.get().state == "ended"


def test_people_invited_by_hand_are_left_alone_when_access_ends(package, bob):
    assignment = make_requests.access(package)
    ending.end_assignment(assignment=assignment, reason="Left", by=SYSTEM, at=NOON + DAY)
    bob.refresh_from_db()
    assert (bob.state, bob.remove_at) == ("active", None)


def test_access_that_rests_on_a_voucher_ends_with_it(package, fabrikam, eva, sam):
    voucher = make_vouchers.voucher(fabrikam, "lea@gmail.com", last_day=date(2026, 12, 1))
    row = make_requests.request(package, "lea@gmail.com")
    make_requests.approve(row, eva)
    make_requests.approve(row, sam)
    make_requests.started(row, at=NOON + MINUTE)
    assert Assignment.objects.get().ends_at == voucher.ends_at


def test_each_step_is_in_the_timeline(package, eva, sam):
    row = make_requests.request(package)
    make_requests.approve(row, eva)
    make_requests.approve(row, sam)
    make_requests.started(row, at=NOON + MINUTE)
    steps = RequestEvent.objects.order_by("id").values_list("event", flat=True)
    assert list(steps) == ["submit", "approve_stage", "approve", "start", "deliver"]


def test_each_step_is_on_record(package, eva, sam):
    last = AuditEvent.objects.order_by("-id").first().pk
    row = make_requests.request(package)
    make_requests.approve(row, eva)
    make_requests.approve(row, sam)
    make_requests.started(row, at=NOON + MINUTE)
    events = AuditEvent.objects.filter(pk__gt=last, target_kind="accessrequest").order_by("id")
    assert [event.activity for event in events] == [
        "User requests access package assignment",
        "Approve access package assignment request",
        "Approve access package assignment request",
        "Fulfill access package assignment request",
    ]
