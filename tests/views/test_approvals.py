"""Approvals in a browser: the list, one request, its decision, and what comes too late."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone

from governance.actions.access_requests import decisions
from governance.actions.access_requests.withdrawal import withdraw
from governance.models import ApprovalDecision, AuditEvent, RequestEvent
from tests import make, make_requests, make_visits
from tests.views.reading import page_of

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def eva(fabrikam):
    """The external sponsor of Fabrikam, who has no password."""
    return make.guest("eva@fabrikam.example", name="Eva Lindqvist")


@pytest.fixture
def package(fabrikam, sam, eva, uma):
    """Drawings, for which first an external sponsor and then an internal one decides, else Uma."""
    make.sponsor(fabrikam, sam)
    make.sponsor(fabrikam, eva)
    row = make.package("Drawings")
    make_requests.resource(row, make_requests.group("Drawings readers"))
    policy = make.policy(row, "named", fabrikam)
    make_requests.with_stages(policy, make_requests.external_then_internal(uma))
    return row


@pytest.fixture
def asked(package):
    """A request that waits for Eva."""
    return make_requests.request(package, at=timezone.now())


@pytest.fixture
def by_code(db):
    """A browser of somebody who proved the address by a code."""
    return lambda person: make_visits.visitor(person.email)


def at(row, *parts: str) -> str:
    return "/".join(["/approvals", str(row.uuid), *parts, ""])


def decide(client, row, outcome="approve", reason="", **more):
    return client.post(at(row), {"outcome": outcome, "reason": reason, **more})


def requests_after(package, number, **more):
    emails = [f"person{each}@fabrikam.example" for each in range(number)]
    return [make_requests.request(package, each, at=timezone.now(), **more) for each in emails]


def test_the_list_has_what_the_viewer_can_decide_and_nothing_else(asked, by_code, eva, sam):
    assert asked.email in page_of(by_code(eva).get("/approvals/"))
    client = make_visits.Client()
    client.force_login(sam, backend="governance.models.sign_in.RoleBackend")
    assert "Nothing is waiting for you" in page_of(client.get("/approvals/"))


def test_the_list_is_oldest_first(package, by_code, eva):
    rows = requests_after(package, 3)
    page = by_code(eva).get("/approvals/").context["page"]
    assert [each.request.pk for each in page.rows] == [row.pk for row in rows]


def test_the_list_has_pages_of_25(package, by_code, eva):
    rows = requests_after(package, 27)
    client = by_code(eva)
    first = client.get("/approvals/").context["page"]
    second = client.get(f"/approvals/?cursor={first.next}").context["page"]
    shown = [each.request.pk for each in (*first.rows, *second.rows)]
    assert (shown, len(first.rows)) == ([row.pk for row in rows], 25)


def test_a_stranger_who_opens_the_link_signs_in_first_and_comes_back(client, asked):
    answer = client.get(at(asked))
    assert (answer.status_code, answer.url) == (302, f"/my-access/?next={quote(at(asked), '')}")


def test_a_decision_is_two_clicks_away_after_the_code(asked, eva):
    client = make_visits.visitor(eva.email, next=at(asked))
    assert decide(client, asked).status_code == 303
    assert ApprovalDecision.objects.get().person == eva


def test_opening_the_link_decides_nothing(asked, by_code, eva):
    before = RequestEvent.objects.count()
    by_code(eva).get(f"{at(asked)}?outcome=approve")
    assert RequestEvent.objects.count() == before


def test_the_page_shows_what_an_approver_has_to_know(asked, by_code, eva):
    page = page_of(by_code(eva).get(at(asked)))
    for part in (
        "Project Falcon",
        "Membership of the group <strong><bdi>Drawings readers</bdi></strong>",
        "You decide as an external sponsor of Fabrikam.",
        "If you approve, the approvers of the next stage decide.",
    ):
        assert part in page


def test_markup_in_a_reason_is_shown_as_text(package, by_code, eva):
    row = make_requests.request(package, reason="<script>x</script>", at=timezone.now())
    assert b"<script>x" not in by_code(eva).get(at(row)).content


def test_after_a_decision_the_next_request_comes_with_undo(package, by_code, eva):
    first, second = requests_after(package, 2)
    client = by_code(eva)
    answer = decide(client, first)
    assert (answer.status_code, answer.url) == (303, at(second))
    page = page_of(client.get(answer.url))
    assert "Approved. The approvers of the next stage will be asked in 60 seconds." in page
    assert at(first, "undo") in page


def test_after_the_last_decision_the_list_comes_with_undo(asked, package, by_code, eva, sam):
    make_requests.approve(asked, eva, at=timezone.now())
    client = make_visits.Client()
    client.force_login(sam, backend="governance.models.sign_in.RoleBackend")
    answer = decide(client, asked)
    assert answer.url == "/approvals/"
    assert "Approved. Access starts in 60 seconds." in page_of(client.get(answer.url))


def test_undo_takes_the_decision_back(asked, by_code, eva):
    client = by_code(eva)
    decide(client, asked)
    assert client.post(at(asked, "undo")).status_code == 303
    asked.refresh_from_db()
    assert (asked.state, asked.stage) == ("pending_approval", 1)


def test_undo_after_a_minute_says_that_it_is_too_late(package, by_code, eva):
    row = make_requests.request(package, at=timezone.now() - 3 * MINUTE)
    make_requests.approve(row, eva, at=timezone.now() - MINUTE)
    client = by_code(eva)
    answer = client.post(at(row, "undo"))
    assert answer.status_code == 409
    assert "This decision can no longer be undone" in page_of(answer)


@pytest.mark.parametrize("outcome", ["deny", "send_back"])
def test_a_denial_without_a_reason_is_refused_at_the_field(asked, by_code, eva, outcome):
    answer = decide(by_code(eva), asked, outcome, "  ")
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"reason": ["Enter a reason"]}


def test_what_was_typed_stays_when_it_is_too_long(asked, by_code, eva):
    answer = decide(by_code(eva), asked, "deny", "x" * 1001)
    assert answer.status_code == 422
    assert "x" * 1001 in page_of(answer)
    assert not ApprovalDecision.objects.exists()


def test_a_second_click_on_approve_says_who_approved(asked, by_code, eva):
    client = by_code(eva)
    seen = client.get(at(asked)).context["page"].seen
    decide(client, asked, seen=seen)
    answer = decide(client, asked, seen=seen)
    assert answer.status_code == 409
    assert "You approved this request at" in page_of(answer)


def test_what_somebody_else_decided_meanwhile_says_by_whom(asked, fabrikam, by_code, eva):
    other = make.guest("erik@fabrikam.example", name="Erik Berg")
    make.sponsor(fabrikam, other)
    client = by_code(eva)
    client.get(at(asked))
    decisions.deny(request=asked, reason="No", by=make.actor(other), at=timezone.now())
    answer = decide(client, asked)
    assert answer.status_code == 409
    assert "This request is already settled: denied by Erik Berg at" in page_of(answer)


def test_a_request_that_moved_on_is_not_decided_by_a_page_of_before(
    asked, fabrikam, package, by_code, eva, uma, signed_in
):
    client = signed_in(uma)
    make.sponsor(fabrikam, uma)
    decisions.approve(request=asked, reason="", by=make.actor(eva), at=timezone.now())
    answer = decide(client, asked, seen="1-1")
    assert answer.status_code == 409
    assert "Eva Lindqvist approved this request at" in page_of(answer)
    assert ApprovalDecision.objects.count() == 1


def test_what_was_withdrawn_meanwhile_says_by_whom(asked, by_code, eva):
    by = make_requests.visitor(asked.email)
    withdraw(request=asked, mailbox=asked.mailbox, by=by, at=timezone.now())
    answer = decide(by_code(eva), asked)
    assert answer.status_code == 409
    assert "withdrawn by bob@eng.fabrikam.example" in page_of(answer)


def test_what_expired_meanwhile_says_so(package, by_code, eva):
    row = make_requests.request(package, at=timezone.now() - timedelta(days=15))
    answer = decide(by_code(eva), row)
    assert answer.status_code == 409
    assert "This request expired at" in page_of(answer)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_request_of_others_is_not_there(asked, signed_in, ada, method):
    answer = getattr(signed_in(ada), method)(at(asked), {"outcome": "approve"})
    assert answer.status_code == 404


def test_an_attempt_on_a_request_of_others_is_on_record(asked, signed_in, ada):
    decide(signed_in(ada), asked)
    event = AuditEvent.objects.latest("id")
    assert (event.actor, event.result) == ("Ada Okafor", "refused")


def test_what_one_decided_before_can_be_read_and_not_decided(asked, by_code, eva):
    make_requests.approve(asked, eva, at=timezone.now() - 2 * MINUTE)
    answer = by_code(eva).get(at(asked))
    assert answer.status_code == 200
    assert answer.context["page"].to_decide is None


def test_the_next_sponsor_sees_who_decided_before(asked, eva, sam, signed_in):
    make_requests.approve(asked, eva, at=timezone.now())
    assert "<strong>Approved</strong><span" in page_of(signed_in(sam).get(at(asked))).replace(
        "</strong> <span", "</strong><span"
    )
    assert "Eva Lindqvist" in page_of(signed_in(sam).get(at(asked)))


def test_an_approval_that_is_put_on_hold_says_why(asked, by_code, eva):
    client = by_code(eva)
    make.list_rule("eng.fabrikam.example")
    answer = decide(client, asked)
    assert answer.url == at(asked)
    page = page_of(client.get(answer.url))
    assert "This request is on hold." in page
    assert "eng.fabrikam.example" in page
    assert not ApprovalDecision.objects.exists()


def test_a_guest_without_requests_sees_an_empty_list(by_code, bob):
    assert by_code(bob).get("/approvals/").status_code == 200


def test_somebody_without_an_account_sees_an_empty_list(fabrikam, asked):
    client = make_visits.visitor("new@fabrikam.example")
    assert "Nothing is waiting for you" in page_of(client.get("/approvals/"))
    assert client.get(at(asked)).status_code == 404


def test_the_badge_counts_what_waits(package, by_code, eva):
    requests_after(package, 2)
    assert "2" in page_of(by_code(eva).get("/approvals/count/"))


def test_only_people_who_may_be_asked_look_the_number_up(asked, signed_in, sam, rob):
    page = "/approvals/"
    assert "/approvals/count/" in page_of(signed_in(sam).get(page))
    assert "/approvals/count/" not in page_of(signed_in(rob).get(page))


def test_the_calm_frame_has_no_menu(asked, by_code, eva):
    assert "Identity governance" not in page_of(by_code(eva).get("/approvals/"))


def keys(rows):
    return {"request": [str(row.uuid) for row in rows]}


def test_what_is_selected_is_reviewed_on_a_page_and_decided_with_one_reason(package, by_code, eva):
    rows, client = requests_after(package, 3), by_code(eva)
    page = page_of(client.get("/approvals/review/", keys(rows)))
    assert all(row.email in page for row in rows)
    answer = client.post(
        "/approvals/review/", {**keys(rows), "outcome": "approve", "reason": "Known to us"}
    )
    assert (answer.status_code, answer.url) == (303, "/approvals/")
    assert set(ApprovalDecision.objects.values_list("reason", flat=True)) == {"Known to us"}
    assert page_of(client.get("/approvals/")).count("Approved. ") == 3


def test_denying_all_needs_a_reason(package, by_code, eva):
    rows, client = requests_after(package, 2), by_code(eva)
    answer = client.post("/approvals/review/", {**keys(rows), "outcome": "deny", "reason": ""})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"reason": ["Enter a reason"]}


def test_more_than_twenty_are_not_reviewed_at_once(package, by_code, eva):
    answer = by_code(eva).get("/approvals/review/", keys(requests_after(package, 21)))
    assert answer.status_code == 422
    assert "You selected 21 requests. Select at most 20 at once" in page_of(answer)


def test_mixed_packages_are_not_reviewed_at_once(package, fabrikam, by_code, eva, uma):
    other = make.policy(make.package("Plans"), "named", fabrikam)
    make_requests.with_stages(other, make_requests.external_then_internal(uma))
    rows = requests_after(package, 1) + requests_after(other.package, 1)
    answer = by_code(eva).get("/approvals/review/", keys(rows))
    assert "Select requests that are alike" in page_of(answer)


def test_one_that_was_decided_meanwhile_stops_all(package, by_code, eva):
    rows, client = requests_after(package, 3), by_code(eva)
    decisions.deny(request=rows[0], reason="No", by=make.actor(eva), at=timezone.now())
    answer = client.post("/approvals/review/", {**keys(rows), "outcome": "approve"})
    assert answer.status_code == 409
    assert "You can no longer decide 1 of the requests that you selected." in page_of(answer)
    assert ApprovalDecision.objects.count() == 1


@pytest.mark.parametrize("selected", [[], ["nonsense"], ["\0"]])
def test_nothing_selected_is_said(package, by_code, eva, selected):
    answer = by_code(eva).get("/approvals/review/", {"request": selected})
    assert answer.status_code == 422
    assert "Select at least one request" in page_of(answer)


def test_an_external_sponsor_chooses_a_deputy_of_their_organization(package, by_code, eva, bob):
    make.member("max@harbourgate.example", name="Max Member")
    client = by_code(eva)
    page = page_of(client.get("/approvals/deputy/"))
    assert ("Bob Ferreira" in page, "Max Member" in page) == (True, False)
    day = (timezone.localdate() + timedelta(days=5)).isoformat()
    answer = client.post("/approvals/deputy/", {"deputy": str(bob.uuid), "last_day": day})
    assert answer.status_code == 303
    assert "<strong><bdi>Bob Ferreira</bdi></strong> decides for you." in page_of(
        client.get("/approvals/")
    )


def test_a_deputy_reads_for_whom_they_decide(asked, by_code, eva, bob, fabrikam):
    dora = make.guest("dora@fabrikam.example")
    make_requests.deputy(eva, dora)
    page = page_of(by_code(dora).get(at(asked)))
    assert "You decide for Eva Lindqvist, who is away." in page


def test_a_deputy_is_ended(package, by_code, eva, bob):
    row = make_requests.deputy(eva, bob)
    client = by_code(eva)
    client.post(f"/approvals/deputy/{row.uuid}/end/")
    row.refresh_from_db()
    assert row.ended_at is not None
    assert "no longer decides for you" in page_of(client.get("/approvals/deputy/"))


def test_what_is_wrong_with_a_deputy_is_said_at_the_field(package, by_code, eva):
    answer = by_code(eva).post("/approvals/deputy/", {"deputy": "x", "last_day": "2020-01-01"})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"deputy": ["Choose a person"]}


def test_a_last_day_that_is_over_stays_in_the_form(package, by_code, eva, bob):
    typed = {"deputy": str(bob.uuid), "last_day": "2020-01-01"}
    answer = by_code(eva).post("/approvals/deputy/", typed)
    assert "Enter a day that is not over and at most 180 days away" in page_of(answer)
    assert 'value="2020-01-01"' in page_of(answer)


def test_people_who_are_never_asked_see_nobody_whom_they_could_choose(by_code, bob, eva):
    page = page_of(by_code(bob).get("/approvals/deputy/"))
    assert ("Eva Lindqvist" in page, "you need no deputy" in page) == (False, True)
