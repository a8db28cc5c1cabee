"""The pages about requests: the list with its views, filters and file, one request, and what an
administrator can do about it.
"""

from __future__ import annotations

import csv
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.models import AccessRequest, Delivery, ListRule
from governance.rules.access_requests.transitions import STATE_WORDS
from governance.rules.roles import READER
from tests import make, make_requests, request_states

from .reading import page_of

pytestmark = pytest.mark.django_db
LIST, EXPORT = "/requests/", "/requests/export/"
SESSION_AND_USER = 2
DAY = timedelta(days=1)


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


@pytest.fixture
def package(fabrikam, uma):
    return request_states.package(uma)


@pytest.fixture
def everything(package, uma):
    """A request in every state, begun just now: pages read the clock."""
    return request_states.in_every_state(package, uma, at=timezone.now())


def emails(page) -> list[str]:
    return [row.request.email for row in page.context["found"].rows]


def found(client, **asked) -> list[str]:
    return emails(client.get(LIST, asked))


def local_parts(client, **asked) -> set[str]:
    return {email.partition("@")[0] for email in found(client, **asked)}


def at(row: AccessRequest, *parts: str) -> str:
    return "/".join(["/requests", str(row.uuid), *parts, ""])


def lines_of(response) -> list[list[str]]:
    return list(csv.reader(response.getvalue().decode().removeprefix("\ufeff").splitlines()))


# the list


def test_the_newest_request_comes_first(client, package):
    now = timezone.now()
    for hours, email in ((3, "a@fabrikam.example"), (1, "b@fabrikam.example")):
        make_requests.request(package, email, at=now - timedelta(hours=hours))
    assert found(client) == ["b@fabrikam.example", "a@fabrikam.example"]


@pytest.mark.parametrize(
    ("view", "wanted"),
    [
        ("waiting", {"pending-approval"}),
        ("on_hold", {"parked"}),
        ("failed", {"delivery-failed"}),
    ],
)
def test_each_view_shows_the_requests_in_its_state(client, everything, view, wanted):
    assert local_parts(client, view=view) == wanted


def test_every_view_says_how_many_it_has(client, everything):
    counts = client.get(LIST).context["found"].counts
    numbers = {view: count.number for view, count in counts.items()}
    assert numbers == {"waiting": 1, "on_hold": 1, "failed": 1, "": 11}


@pytest.mark.parametrize("state", request_states.STATES)
def test_each_state_is_found_by_its_filter(client, everything, state):
    assert found(client, state=state) == [everything[state].email]


def test_a_request_that_nobody_answered_in_time_is_shown_as_expired(client, package):
    row = make_requests.request(package, at=timezone.now() - 15 * DAY)
    page = client.get(LIST, {"state": "expired"})
    assert (emails(page), page.context["found"].rows[0].words) == ([row.email], "Expired")


def test_a_request_that_nobody_answered_in_time_is_not_waiting(client, package):
    make_requests.request(package, at=timezone.now() - 15 * DAY)
    assert found(client, view="waiting") == []
    assert found(client, state="pending_approval") == []


def test_a_filter_narrows_the_counts_too(client, everything):
    counts = client.get(LIST, {"state": "denied"}).context["found"].counts
    assert {view: count.number for view, count in counts.items()} == {
        "waiting": 0,
        "on_hold": 0,
        "failed": 0,
        "": 1,
    }


def test_the_filter_by_package_leaves_others_out(client, package, uma):
    other = request_states.package(uma, "Calendar")
    make_requests.request(package, "a@fabrikam.example", at=timezone.now())
    make_requests.request(other, "b@fabrikam.example", at=timezone.now())
    assert found(client, package=other.uuid) == ["b@fabrikam.example"]


def test_the_filter_by_organization_takes_a_whole_name_before_a_beginning(client, package):
    make.organization("Fabrikam Labs", "labs.example")
    make_requests.request(package, "a@fabrikam.example", at=timezone.now())
    make_requests.request(package, "b@labs.example", at=timezone.now())
    assert found(client, organization="FABRIKAM") == ["a@fabrikam.example"]
    assert sorted(found(client, organization="fab")) == ["a@fabrikam.example", "b@labs.example"]


def test_part_of_an_address_finds_it_and_a_whole_address_its_mailbox(client, package):
    make_requests.request(package, "anna+x@fabrikam.example", at=timezone.now())
    make_requests.request(package, "joanna@fabrikam.example", at=timezone.now())
    assert len(found(client, q="anna")) == 2
    assert found(client, q="anna@fabrikam.example") == ["anna+x@fabrikam.example"]


def test_the_filter_by_kind_finds_direct_assignments(client, package, uma):
    make_requests.request(package, "a@fabrikam.example", at=timezone.now())
    make_requests.access(package, "b@fabrikam.example", at=timezone.now())
    assert found(client, kind="direct") == ["b@fabrikam.example"]


def test_the_filter_by_day_takes_both_days_in(client, package):
    now = timezone.now()
    for days in (0, 1, 2):
        make_requests.request(package, f"d{days}@fabrikam.example", at=now - days * DAY)
    day = (now - DAY).date().isoformat()
    assert found(client, since=day, until=day) == ["d1@fabrikam.example"]


@pytest.mark.parametrize(
    "asked",
    [
        {"state": "nonsense"},
        {"package": "x"},
        {"package": str(uuid4()) + "\0"},
        {"since": "31 February"},
        {"kind": "x"},
        {"view": "x"},
        {"cursor": "x"},
        {"q": "\0"},
        {"organization": "\0"},
    ],
)
def test_what_the_filter_does_not_understand_it_does_not_ask_for(client, package, asked):
    make_requests.request(package, at=timezone.now())
    assert found(client, **asked) == ["bob@eng.fabrikam.example"]


@pytest.fixture
def many(package):
    """Two thousand requests, as rows."""
    now = timezone.now()
    AccessRequest.objects.bulk_create(
        AccessRequest(
            package=package,
            email=f"p{number:04}@fabrikam.example",
            mailbox=f"p{number:04}@fabrikam.example",
            state="pending_approval" if number % 2 else "denied",
            submitted_at=now - timedelta(minutes=number),
            stage_began_at=now,
            changed_at=now,
            due_at=now + DAY,
        )
        for number in range(2_000)
    )


def test_pages_go_on_and_back(client, many):
    first = client.get(LIST)
    second = client.get(LIST, {"cursor": first.context["found"].page.next})
    assert emails(second) == [f"p{number:04}@fabrikam.example" for number in range(25, 50)]
    back = client.get(LIST, {"cursor": second.context["found"].page.previous})
    assert emails(back) == emails(first)


def test_counts_of_very_many_stop(client, many):
    counts = client.get(LIST).context["found"].counts
    assert [str(counts[view]) for view in ("", "waiting")] == ["1,000+", "1,000"]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"view": "waiting"},
        {"q": "p0"},
        {"organization": "fabrikam", "kind": "access", "since": "2020-01-01"},
        {"state": "expired"},
    ],
)
def test_the_list_costs_at_most_three_statements(client, many, asked):
    client.get(LIST, asked)
    with CaptureQueriesContext(connection) as captured:
        client.get(LIST, asked)
    assert len(captured) - SESSION_AND_USER <= 3


def test_the_file_has_the_filtered_requests_in_the_columns_of_the_list(client, everything):
    header, *rows = lines_of(client.get(EXPORT, {"state": "denied"}))
    assert header == [
        *("Email", "Name", "Access package", "Organization", "Kind", "State", "Stage"),
        *("Submitted", "Decide by"),
    ]
    row = everything["denied"]
    assert [each[:7] for each in rows] == [
        [row.email, "", "Drawings", "Fabrikam", "Access", "Denied", ""]
    ]


def test_the_file_has_all_pages(client, many):
    assert len(lines_of(client.get(EXPORT))) == 2_001


def test_an_empty_list_says_what_will_be_there(client):
    assert "Requests for access packages appear here." in page_of(client.get(LIST))


# one request


@pytest.mark.parametrize("state", request_states.STATES)
def test_the_page_of_a_request_says_its_state(client, everything, state):
    page = client.get(at(everything[state]))
    assert (page.status_code, page.context["facts"].words) == (200, STATE_WORDS[state])


def test_an_unknown_request_is_not_found(client):
    assert client.get(f"/requests/{uuid4()}/").status_code == 404


def test_the_page_names_who_can_decide_now(client, everything):
    facts = client.get(at(everything["pending_approval"])).context["facts"]
    assert [(each.candidate.name, each.part) for each in facts.deciders.people] == [
        ("Uma Castellanos", "named")
    ]


def test_the_page_warns_where_nobody_can_decide(client, package, uma):
    row = make_requests.request(package, at=timezone.now())
    uma.state, uma.is_active = "blocked", False
    uma.save()
    assert "Nobody can decide this stage now." in page_of(client.get(at(row)))


def test_the_page_shows_the_decision_as_it_would_be_now(client, package):
    row = make_requests.request(package, at=timezone.now())
    make.list_rule("eng.fabrikam.example")
    answer = client.get(at(row)).context["facts"].answer
    assert (answer.allowed, answer.deciding.code) == (False, "domain_blocked")


def test_the_page_shows_what_failed_at_each_resource(client, everything):
    page = client.get(at(everything["delivery_failed"]))
    (delivery,) = page.context["facts"].deliveries
    assert (delivery.resource, delivery.attempts, delivery.error) == (
        "Drawings readers",
        5,
        "The other system answered 503",
    )


def test_the_timeline_has_each_step_in_words(client, everything):
    timeline = client.get(at(everything["denied"])).context["facts"].timeline
    assert [(step.words, step.by) for step in timeline] == [
        ("Submitted", everything["denied"].email),
        ("Denied", "Uma Castellanos"),
    ]


def test_a_global_administrator_sees_the_mails_about_it(client, everything):
    mails = client.get(at(everything["denied"])).context["facts"].mails
    assert [mail.to for mail in mails] == ["uma@harbourgate.example", everything["denied"].email]


def test_others_see_no_mails(signed_in, everything, uma):
    assert signed_in(uma).get(at(everything["denied"])).context["facts"].mails == ()


def test_what_people_typed_is_text(client, package):
    row = make_requests.request(package, at=timezone.now(), reason="<script>alert(1)</script>")
    assert "<script>alert(1)" not in client.get(at(row)).content.decode()


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        ("pending_approval", {"cancel"}),
        ("sent_back", {"cancel"}),
        ("parked", {"cancel", "resume"}),
        ("approved", {"cancel"}),
        ("delivering", set()),
        ("delivered", set()),
        ("delivery_failed", {"retry"}),
        ("denied", set()),
        ("withdrawn", set()),
        ("expired", set()),
        ("ended", set()),
    ],
)
def test_what_can_be_done_follows_from_the_state(client, everything, state, wanted):
    assert set(client.get(at(everything[state])).context["facts"].possible) == wanted


def test_a_reader_sees_no_buttons(signed_in, everything):
    reader = signed_in(make.member("rea@harbourgate.example", READER))
    said = page_of(reader.get(at(everything["parked"])))
    assert [word for word in ("Cancel request", "Resume</button>") if word in said] == []


def test_cancelling_needs_a_reason_and_keeps_what_was_typed(client, everything):
    row = everything["pending_approval"]
    page = client.post(at(row, "cancel"), {"reason": " "})
    assert (page.status_code, page.context["form"].errors) == (
        422,
        {"reason": ["Enter a reason"]},
    )


def test_a_reason_that_is_too_long_is_said_at_the_field(client, everything):
    page = client.post(at(everything["pending_approval"], "cancel"), {"reason": "x" * 1_001})
    assert page.status_code == 422
    assert ("x" * 1_001) in page.content.decode()


def test_a_cancelled_request_is_withdrawn_with_the_reason(client, everything):
    row = everything["pending_approval"]
    assert client.post(at(row, "cancel"), {"reason": "Not needed"}).status_code == 303
    row.refresh_from_db()
    assert (row.state, row.closing_reason) == ("withdrawn", "Not needed")


def test_cancelling_what_is_settled_says_by_whom(client, everything):
    page = client.post(at(everything["denied"], "cancel"), {"reason": "Not needed"})
    assert page.status_code == 409
    assert "denied by Uma Castellanos" in page_of(page)


def test_a_request_on_hold_is_resumed_once_nothing_stops_it(client, everything):
    row = everything["parked"]
    ListRule.objects.all().delete()
    client.post(at(row, "resume"))
    row.refresh_from_db()
    assert row.state == "pending_approval"


def test_a_request_on_hold_stays_so_while_something_stops_it(client, everything):
    row = everything["parked"]
    page = client.post(at(row, "resume"), follow=True)
    row.refresh_from_db()
    assert (row.state, "still cannot have this access" in page_of(page)) == ("parked", True)


def test_what_failed_is_tried_again(client, everything):
    row = everything["delivery_failed"]
    client.post(at(row, "retry"))
    row.refresh_from_db()
    delivery = Delivery.objects.get(assignment__request=row)
    assert (row.state, delivery.state, delivery.attempts) == ("delivering", "waiting", 0)
