"""Several requests that are alike, decided in one go: all of them or none."""

from datetime import timedelta

import pytest

from governance.actions.access_requests.decisions import undo
from governance.actions.access_requests.together import decide_together
from governance.models import AccessRequest, ApprovalDecision, AuditEvent
from governance.rules.decision import Refused
from tests import make, make_requests
from tests.make import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def package(fabrikam, sam):
    """Drawings, which Sam approves."""
    policy = make.policy(make.package("Drawings"), "named", fabrikam)
    make_requests.with_stages(policy, make_requests.named_stage(sam))
    return policy.package


def requests(package, number):
    return [make_requests.request(package, f"p{n}@fabrikam.example") for n in range(number)]


def decide(rows, sam, outcome="approve", reason="", at=NOON):
    given = {"requests": rows, "outcome": outcome, "reason": reason}
    return decide_together(**given, by=make.actor(sam), at=at)


def refusal(*args, **given) -> str:
    with pytest.raises(Refused) as refused:
        decide(*args, **given)
    return refused.value.code


def states() -> set[str]:
    return set(AccessRequest.objects.values_list("state", flat=True))


def test_twenty_are_approved_each_with_its_own_event(package, sam):
    decide(requests(package, 20), sam)
    events = AuditEvent.objects.filter(activity="Approve access package assignment request")
    assert (states(), events.count()) == ({"approved"}, 20)


def test_all_are_denied_for_one_reason(package, sam):
    decide(requests(package, 2), sam, "deny", "No contract")
    reasons = AccessRequest.objects.values_list("closing_reason", flat=True)
    assert (states(), set(reasons)) == ({"denied"}, {"No contract"})


def test_twenty_one_are_too_many(package, sam):
    assert refusal(requests(package, 21), sam) == "too_many_selected"
    assert states() == {"pending_approval"}


def test_one_that_is_decided_already_stops_all(package, sam, fabrikam):
    rows = requests(package, 3)
    make_requests.approve(rows[1], sam)
    assert refusal(rows, sam) == "request_decided"
    assert ApprovalDecision.objects.count() == 1


def test_one_that_would_be_put_on_hold_stops_all(package, sam):
    rows = [*requests(package, 2), make_requests.request(package, "x@eng.fabrikam.example")]
    make.list_rule("eng.fabrikam.example")
    assert refusal(rows, sam) == "would_be_held"
    assert states() == {"pending_approval"}


def test_requests_for_different_packages_are_not_alike(package, sam, fabrikam):
    other = make.policy(make.package("Plans"), "named", fabrikam)
    make_requests.with_stages(other, make_requests.named_stage(sam))
    rows = [*requests(package, 1), make_requests.request(other.package)]
    assert refusal(rows, sam) == "not_alike"


def test_requests_under_different_policies_are_not_alike(package, sam):
    rows = requests(package, 1)
    policy = make.policy(package, "all_configured")
    make_requests.with_stages(policy, make_requests.named_stage(sam))
    make.organization("Contoso", "contoso.example")
    rows.append(make_requests.request(package, "cleo@contoso.example"))
    assert refusal(rows, sam) == "not_alike"


def test_a_request_that_is_selected_twice_is_decided_once(package, sam):
    rows = requests(package, 1)
    assert len(decide([*rows, *rows], sam)) == 1


def test_a_stage_that_needs_a_reason_needs_it_here_too(package, fabrikam, sam):
    policy = package.policies.get()
    make_requests.with_stages(policy, make_requests.named_stage(sam, needs_reason=True))
    assert refusal(requests(package, 2), sam) == "reason_missing"


def test_each_can_be_undone_by_itself(package, sam):
    first, _second = decide(requests(package, 2), sam)
    undo(request=first, by=make.actor(sam), at=NOON + timedelta(seconds=30))
    assert states() == {"approved", "pending_approval"}
