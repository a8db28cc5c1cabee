"""Two approvers at the same instant: never two decisions of one stage, and the second is told.

Small counts here; FAULTS=full (make faults) asks for 1,000 pairs.
"""

from __future__ import annotations

import json
import os

import pytest

from tests.faults.portal import Portal, database_for
from tests.faults.test_faults import at_once

PAIRS = 1_000 if os.environ.get("FAULTS") == "full" else 8
OUTCOMES = ("approve", "deny", "send_back")
pytestmark = pytest.mark.faults

_PREPARE = """
from governance.models import Person
from tests import make, make_requests
make.organization()
ada, zoe = Person.objects.filter(email__in=["ada@harbourgate.example", "zoe@harbourgate.example"])
policy = make.policy(make.package("Drawings"))
make_requests.with_stages(policy, make_requests.named_stage(ada, zoe))
print("[]")
"""
_ASK = """
import json
from django.utils import timezone
from governance.models import Package
from tests import make_requests
rows = [
    make_requests.request(Package.objects.get(), f"p{n}@fabrikam.example", at=timezone.now())
    for n in range(FIRST, FIRST + NUMBER)
]
print(json.dumps([str(row.uuid) for row in rows]))
"""
AT_ONCE = 50  # requests that are made by one command
_LEFT = """
import json
from collections import Counter
from governance.facts.audit_chain import check_chain
from governance.models import AccessRequest, ApprovalDecision, AuditEvent
decided = Counter(ApprovalDecision.objects.values_list("request", "stage", "round"))
activities = ["Approve", "Deny", "Send back"]
events = AuditEvent.objects.filter(
    activity__in=[f"{each} access package assignment request" for each in activities],
    result="done",
)
print(json.dumps({
    "decided": len(decided),
    "twice": sum(number > 1 for number in decided.values()),
    "waiting": AccessRequest.objects.filter(state="pending_approval").count(),
    "events": events.count(),
    "chain": list(check_chain().problems),
}))
"""


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    folder = tmp_path_factory.mktemp("approvals")
    url, drop = database_for(os.environ.get("DATABASE_URL"), folder)
    portal = Portal(url, folder)
    yield portal
    portal.kill()
    drop()


def test_of_two_approvers_at_the_same_instant_one_decides_and_the_other_is_told(portal):
    keys = _asked(portal)
    portal.start(workers=2)
    ended = []
    for number, key in enumerate(keys):
        first, second = OUTCOMES[number % 3], OUTCOMES[number // 3 % 3]
        answers = at_once(
            lambda key=key, outcome=first: _decide(portal, key, outcome, "ada"),
            lambda key=key, outcome=second: _decide(portal, key, outcome, "zoe"),
        )
        told = [body for status, _place, body in answers if status == 409]
        statuses = sorted(status for status, _place, _body in answers)
        ended.append((statuses, all("already settled" in body for body in told)))
    portal.kill()
    assert ended == [([303, 409], True)] * PAIRS
    assert json.loads(portal.shell(_LEFT)) == {
        "decided": PAIRS,
        "twice": 0,
        "waiting": 0,
        "events": PAIRS,
        "chain": [],
    }


def _asked(portal: Portal) -> list[str]:
    """The keys of PAIRS requests that both can decide."""
    portal.shell(_PREPARE)
    keys = []
    for first in range(0, PAIRS, AT_ONCE):
        number = min(AT_ONCE, PAIRS - first)
        code = _ASK.replace("FIRST", str(first)).replace("NUMBER", str(number))
        keys += json.loads(portal.shell(code))
    return keys


def _decide(portal: Portal, key: str, outcome: str, who: str) -> tuple[int, str, str]:
    fields = {"outcome": outcome, "reason": "At once", "seen": "1-1"}
    return portal.post(f"/approvals/{key}/", fields, who)
