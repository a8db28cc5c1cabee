"""Requests on the admin site: what can be set going again goes through the same actions."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from governance.models import ListRule
from governance.rules.roles import READER
from tests import make, request_states

pytestmark = pytest.mark.django_db
LIST = "/admin/governance/accessrequest/"


@pytest.fixture
def package(fabrikam, uma):
    return request_states.package(uma)


def press(client, action: str, *rows) -> list[str]:
    given = {"action": action, "_selected_action": [row.pk for row in rows]}
    answer = client.post(LIST, given)
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_requests_on_hold_are_resumed_and_others_say_why_not(signed_in, ada, package, uma):
    now = timezone.now()
    parked = request_states.in_state("parked", package, uma, at=now)
    denied = request_states.in_state("denied", package, uma, at=now)
    ListRule.objects.all().delete()
    said = press(signed_in(ada), "resume_selected", parked, denied)
    parked.refresh_from_db()
    assert (parked.state, ["resumed" in text for text in said]) == (
        "pending_approval",
        [True, False],
    )


def test_what_failed_is_tried_again(signed_in, ada, package, uma):
    row = request_states.in_state("delivery_failed", package, uma)
    press(signed_in(ada), "retry_selected", row)
    row.refresh_from_db()
    assert row.state == "delivering"


def test_nobody_adds_or_deletes_a_request(signed_in, ada, package, uma):
    row = request_states.in_state("denied", package, uma)
    pages = (f"{LIST}add/", f"{LIST}{row.pk}/delete/")
    assert [signed_in(ada).get(page).status_code for page in pages] == [403, 403]


def test_whoever_reads_only_does_not_come_in(signed_in, package):
    reader = signed_in(make.member("rea@harbourgate.example", READER))
    assert reader.get(LIST).status_code == 403
