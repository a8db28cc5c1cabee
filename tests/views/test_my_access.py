"""The pages of My Access: what a visitor can request and why not, their requests, their access."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.utils import timezone

from governance.actions.access_requests import assigning, decisions, fulfilment, withdrawal
from governance.actions.organizations import deletion
from governance.models import AccessRequest, Assignment, Organization, Package, Person, Policy
from governance.rules.access_packages.questions import (
    CHOICE,
    LONG,
    SHORT,
    Question,
    questions_to_json,
)
from governance.rules.decision import Refused
from governance.rules.roles import SYSTEM
from tests import make, make_requests
from tests.make_visits import visitor
from tests.views.reading import markup_of

pytestmark = pytest.mark.django_db
EMAIL = "rosa@fabrikam.example"
NOT_OPEN = "This is not open to you. Ask the person who sent you the link."
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def eva(fabrikam):
    return make.guest("eva@fabrikam.example", name="Eva Lindqvist")


@pytest.fixture
def package(fabrikam, sam, eva, uma):
    """Drawings, for which an external and then an internal sponsor of Fabrikam decide, else Uma."""
    make.sponsor(fabrikam, sam)
    make.sponsor(fabrikam, eva)
    return offered("Drawings", fabrikam, uma, description="Released drawings.")


@pytest.fixture
def rosa(fabrikam):
    """The browser of somebody at Fabrikam, signed in by a code."""
    return visitor(EMAIL)


def offered(name: str, organization, uma, *, description: str = "", **terms) -> Package:
    row = make.package(name)
    Package.objects.filter(pk=row.pk).update(description=description)
    row.refresh_from_db()
    policy = make.policy(row, "named", organization)
    given = {"ends": "days", "lasts_days": 90, "can_extend": True} | terms
    make_requests.with_stages(policy, make_requests.external_then_internal(uma), **given)
    return row


def text_of(page) -> str:
    markup = re.sub(r"<(style|script).*?</\1>", " ", page.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def form_of(package: Package, **typed) -> dict:
    policy = Policy.objects.get(package=package)
    return {"policy": str(policy.uuid), "version": str(policy.version)} | typed


def link(package: Package) -> str:
    return f"/my-access/request/{package.uuid}/"


def submit(client, package: Package, **typed):
    return client.post(link(package), form_of(package, **{"reason": "Falcon"} | typed))


def errors(page) -> dict:
    return {name: list(said) for name, said in page.context["form"].errors.items()}


def cards(page) -> list[str]:
    return re.findall(r"<h2><bdi>(.*?)</bdi></h2>", markup_of(page))


def given(package: Package, email: str = EMAIL, *, days_ago: int = 10) -> Assignment:
    """Access that was requested and approved."""
    at = timezone.now() - days_ago * DAY
    row = make_requests.request(package, email, at=at)
    make_requests.approve(row, Person.objects.get(email="eva@fabrikam.example"), at=at)
    make_requests.approve(row, Person.objects.get(email="sam@harbourgate.example"), at=at)
    fulfilment.start(request=row, by=SYSTEM, at=at + MINUTE)
    return Assignment.objects.get(request=row)


# available


def test_a_card_says_what_it_contains_who_decides_and_how_long(package, rosa):
    make_requests.resource(package, make_requests.group("Falcon readers"))
    said = text_of(rosa.get("/my-access/"))
    for words in (
        "Released drawings.",
        "Membership of the group Falcon readers",
        "First a sponsor from your organization decides, then a sponsor responsible for your",
        "Access lasts 90 days.",
    ):
        assert words in said


def test_a_card_names_nobody_who_decides(package, rosa):
    said = text_of(rosa.get("/my-access/"))
    assert [name for name in ("Eva", "Sam", "Uma") if name in said] == []


def test_the_frame_says_who_is_signed_in_through_what(package, rosa):
    said = text_of(rosa.get("/my-access/"))
    assert "Signed in as rosa@fabrikam.example through Fabrikam" in said


def test_hidden_packages_are_reached_by_their_link_alone(package, rosa):
    Package.objects.update(is_listed=False)
    assert cards(rosa.get("/my-access/")) == []
    assert rosa.get(link(package)).status_code == 200


def test_packages_of_other_organizations_are_not_shown(package, uma, rosa):
    offered("Secret", make.organization("Contoso", "contoso.example"), uma)
    assert cards(rosa.get("/my-access/")) == ["Drawings"]


def test_where_nothing_is_available_it_says_why_and_whom_to_ask(package, rosa):
    Package.objects.update(is_open=False)
    said = text_of(rosa.get("/my-access/"))
    assert "Nothing to request right now" in said
    assert "This cannot be requested at the moment." in said
    assert "Your sponsors here are Eva Lindqvist, Sam Adeyemi" in said


def test_without_any_package_it_says_that_there_is_none_yet(fabrikam, rosa):
    said = text_of(rosa.get("/my-access/"))
    assert "Fabrikam has no access packages yet." in said


def test_a_blocked_domain_is_told_to_people_of_a_configured_organization(package, rosa):
    make.list_rule("fabrikam.example")
    assert "Requests from fabrikam.example are blocked" in text_of(rosa.get("/my-access/"))


@pytest.mark.parametrize(
    "email", ["x@nowhere.example", "x@gmail.com", "x@pump.example", "x@own.example"]
)
def test_strangers_get_one_sentence_whatever_the_reason(package, email):
    make.organization("Pump", "pump.example", state="proposed")
    make.own_name("own.example")
    page = visitor(email).get("/my-access/")
    shown = re.sub(r"\s+", " ", re.sub(r'value="[^"]*"', "", markup_of(page)))
    other = visitor("y@elsewhere.example").get("/my-access/")
    assert NOT_OPEN in text_of(page)
    assert shown == re.sub(r"\s+", " ", re.sub(r'value="[^"]*"', "", markup_of(other)))


def test_people_of_a_deleted_organization_are_strangers(package, fabrikam, rosa):
    deletion.delete(organization=fabrikam, by=SYSTEM, at=timezone.now(), seen=None)
    assert NOT_OPEN in text_of(rosa.get("/my-access/"))


def test_what_a_visitor_has_requested_says_so_on_its_card(package, rosa):
    submit(rosa, package)
    page = rosa.get("/my-access/")
    row = AccessRequest.objects.get()
    assert f'href="/my-access/requests/{row.uuid}/"' in page.content.decode()
    assert "You requested this today" in text_of(page)


def test_what_a_visitor_has_says_until_when(package, rosa):
    row = given(package)
    said = text_of(rosa.get("/my-access/"))
    assert f"You have this access until {row.ends_at.day} {row.ends_at:%b %Y}" in said


def test_what_was_denied_says_from_when_it_can_be_requested_again(package, rosa, eva):
    submit(rosa, package)
    decisions.deny(
        request=AccessRequest.objects.get(),
        reason="No",
        by=make.actor(eva),
        at=timezone.now(),
    )
    said = text_of(rosa.get("/my-access/"))
    assert "Your last request was denied. You can request this again from" in said


def test_members_see_what_is_for_people_in_your_directory(signed_in, rob, uma, package):
    row = make.package("Parking")
    make.policy(row, "members", needs_approval=False)
    assert cards(signed_in(rob).get("/my-access/")) == ["Parking"]


def test_members_without_a_package_are_told_so(signed_in, rob):
    said = text_of(signed_in(rob).get("/my-access/"))
    assert "No access package is for people in your directory." in said


# the request link


def test_the_form_says_what_happens_next_in_three_lines(package, rosa):
    markup = markup_of(rosa.get(link(package)))
    steps = re.search(r'<ol class="mine-next">(.*?)</ol>', markup, re.S)[1]
    assert len(re.findall("<li>", steps)) == 3


def test_a_stranger_is_sent_to_sign_in_and_back(client, package):
    answer = client.get(link(package))
    assert unquote(answer["Location"]) == f"/my-access/?next={link(package)}"
    client.post("/my-access/", {"email": EMAIL, "next": link(package)})
    visitor(EMAIL, client, next=link(package))
    assert client.get(link(package)).status_code == 200


def test_requesting_leads_to_the_request_and_asks_the_sponsor(package, rosa):
    answer = submit(rosa, package)
    row = AccessRequest.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/my-access/requests/{row.uuid}/")
    assert (row.email, row.signed_in_by, row.reason, row.state) == (
        EMAIL,
        "code",
        "Falcon",
        "pending_approval",
    )


def test_a_package_that_is_none_of_their_business_looks_like_one_that_does_not_exist(uma, rosa):
    secret = offered("Secret", make.organization("Contoso", "contoso.example"), uma)
    pages = [rosa.get(link(secret)), rosa.get(f"/my-access/request/{uuid4()}/")]
    assert [page.status_code for page in pages] == [404, 404]
    bodies = [re.sub(r'value="[^"]*"', "", markup_of(page)) for page in pages]
    assert bodies[0] == bodies[1]
    assert NOT_OPEN in text_of(pages[0])


def test_a_closed_package_says_so_to_those_who_may_know_it(package, rosa):
    Package.objects.update(is_open=False)
    page = rosa.get(link(package))
    assert (page.status_code, "This cannot be requested at the moment." in text_of(page)) == (
        200,
        True,
    )


def test_a_reason_is_optional_unless_the_policy_wants_one(package, rosa):
    Policy.objects.update(needs_reason=True)
    page = submit(rosa, package, reason=" ")
    assert (page.status_code, errors(page)) == (422, {"reason": ["Enter a reason"]})
    Policy.objects.update(needs_reason=False)
    assert submit(rosa, package, reason="").status_code == 303


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("x" * 1001, "Reason must be 1,000 characters or fewer (now 1,001)"),
        ("a\x07b", None),
        ("a\u202eb", None),
    ],
)
def test_what_no_reason_can_be_is_said_at_the_field_with_what_was_typed(package, rosa, typed, said):
    page = submit(rosa, package, reason=typed)
    assert (page.status_code, list(errors(page)), AccessRequest.objects.count()) == (
        422,
        ["reason"],
        0,
    )
    assert said is None or errors(page) == {"reason": [said]}
    assert page.context["form"]["reason"].value() == typed


def test_markup_in_a_reason_is_shown_as_text(package, rosa):
    page = rosa.get(submit(rosa, package, reason="<b>Falcon</b>")["Location"])
    assert "&lt;b&gt;Falcon&lt;/b&gt;" in page.content.decode()


QUESTIONS = questions_to_json(
    [
        Question("Project?", SHORT, (), True),
        Question("What for?", LONG),
        Question("Where?", CHOICE, ("On site", "Remotely"), True),
    ]
)


def test_answers_are_kept_with_their_questions(package, rosa):
    Policy.objects.update(questions=QUESTIONS)
    submit(rosa, package, **{"answer-1": "Falcon", "answer-2": "", "answer-3": "Remotely"})
    assert AccessRequest.objects.get().answers == [["Project?", "Falcon"], ["Where?", "Remotely"]]


def test_what_no_answer_can_be_is_said_at_each_question(package, rosa):
    Policy.objects.update(questions=QUESTIONS)
    page = submit(rosa, package, **{"answer-1": "x" * 201, "answer-2": "a\0b", "answer-3": "Mars"})
    assert errors(page) == {
        "answer-1": ["Answer must be 200 characters or fewer (now 201)"],
        "answer-2": ["This has a character that cannot be seen (U+0000). Remove it"],
        "answer-3": ["Choose one of the answers"],
    }
    page = submit(rosa, package)
    assert errors(page) == {
        "answer-1": ["Answer “Project?”"],
        "answer-3": ["Answer “Where?”"],
    }


def test_dates_are_asked_for_only_where_the_policy_lets_the_requester_choose(package, rosa):
    assert 'name="ends_on"' not in markup_of(rosa.get(link(package)))
    Policy.objects.update(requester_chooses=True)
    today = timezone.now().date()
    submit(rosa, package, starts_on=str(today + 2 * DAY), ends_on=str(today + 4 * DAY))
    row = AccessRequest.objects.get()
    assert (row.starts_at.date(), row.ends_at.date()) == (today + 2 * DAY, today + 5 * DAY)


@pytest.mark.parametrize(
    ("starts", "ends", "field"),
    [
        (-2, None, "starts_on"),
        (5, 3, "ends_on"),
        (None, -1, "ends_on"),
        (None, 200, "ends_on"),
        (400, None, "starts_on"),
    ],
)
def test_dates_that_cannot_be_are_said_at_the_field(package, rosa, starts, ends, field):
    Policy.objects.update(requester_chooses=True)
    today = timezone.now().date()
    typed = {
        name: str(today + days * DAY)
        for name, days in (("starts_on", starts), ("ends_on", ends))
        if days is not None
    }
    page = submit(rosa, package, **typed)
    assert (page.status_code, list(errors(page))) == (422, [field])


def test_a_date_that_is_none_is_said_at_the_field(package, rosa):
    Policy.objects.update(requester_chooses=True)
    page = submit(rosa, package, ends_on="31/02/2027")
    assert errors(page) == {"ends_on": ["Enter a real date, such as 31 Dec 2026"]}


def test_pressing_request_twice_gives_one_request_and_leads_there(package, rosa):
    first = submit(rosa, package)
    second = rosa.post(link(package), form_of(package, reason="Falcon"), follow=True)
    assert second.redirect_chain == [(first["Location"], 303)]
    assert "You have already requested Drawings." in text_of(second)
    assert AccessRequest.objects.count() == 1


def test_a_policy_that_changed_meanwhile_is_said_with_everything_typed_kept(package, rosa):
    old = form_of(package, reason="Falcon")
    Policy.objects.update(version=2)
    page = rosa.post(link(package), old)
    said = "The terms changed while you were filling in the form. Review them, then request"
    assert (page.status_code, errors(page)) == (409, {"__all__": [said]})
    assert page.context["form"]["reason"].value() == "Falcon"
    assert AccessRequest.objects.count() == 0
    assert 'name="version" value="2"' in page.content.decode()
    assert submit(rosa, package).status_code == 303


def test_another_policy_that_decides_now_is_a_change_of_terms(package, rosa, fabrikam):
    old = form_of(package, reason="Falcon")
    Policy.objects.get().delete()
    make.policy(package, "named", fabrikam)
    assert rosa.post(link(package), old).status_code == 409


def test_a_package_that_was_closed_meanwhile_is_said_with_everything_typed_kept(package, rosa):
    old = form_of(package, reason="For the Falcon project")
    Package.objects.update(is_open=False)
    page = rosa.post(link(package), old)
    assert page.status_code == 409
    assert "This cannot be requested at the moment." in text_of(page)
    assert "For the Falcon project" in text_of(page)


def test_any_outside_person_proposes_their_organization_by_requesting(uma):
    row = make.package("Supplier wiki")
    make_requests.with_stages(make.policy(row, "any_outside"), make_requests.named_stage(uma))
    client = visitor("x@pump.example")
    assert cards(client.get("/my-access/")) == ["Supplier wiki"]
    submit(client, row)
    organization = Organization.objects.get()
    assert (organization.name, organization.state, organization.origin) == (
        "pump.example",
        "proposed",
        "request",
    )


# requests


def timeline(page) -> list[str]:
    markup = re.search(r'<ol class="timeline">(.*?)</ol>', markup_of(page), re.S)[1]
    return re.findall(r"<strong>(.*?)</strong>", markup)


def own_page(client):
    return client.get(f"/my-access/requests/{AccessRequest.objects.latest('id').uuid}/")


def test_a_timeline_says_what_happened_who_is_asked_and_what_comes_next(package, rosa, eva):
    submit(rosa, package)
    assert timeline(own_page(rosa)) == [
        "Request submitted",
        "Waiting for Eva Lindqvist",
        "Then a sponsor responsible for your organization decides",
        "Access is set up",
    ]
    make_requests.approve(AccessRequest.objects.get(), eva, at=timezone.now())
    assert timeline(own_page(rosa)) == [
        "Request submitted",
        "Eva Lindqvist approved",
        "Waiting for Sam Adeyemi",
        "Access is set up",
    ]


def test_it_says_until_when_somebody_decides_and_what_happens_then(package, rosa):
    submit(rosa, package)
    due, said = AccessRequest.objects.get().due_at, text_of(own_page(rosa))
    assert f"Until {due.day} {due:%b %Y, %H:%M}" in said
    assert "If nobody decides by then, the request expires and you can submit it again." in said


def test_people_of_a_proposed_organization_read_no_names(package, rosa, fabrikam, eva):
    submit(rosa, package)
    make_requests.approve(AccessRequest.objects.get(), eva, at=timezone.now())
    Organization.objects.update(state="proposed")
    page = own_page(rosa)
    assert timeline(page)[:3] == [
        "Request submitted",
        "Approved, one more approval is needed",
        "Waiting for a sponsor responsible for your organization",
    ]
    assert [name for name in ("Eva", "Sam", "Uma") if name in text_of(page)] == []


def test_people_at_public_mail_read_no_names(uma):
    row = make.package("Wiki")
    make_requests.with_stages(make.policy(row, "any_outside"), make_requests.named_stage(uma))
    client = visitor("x@gmail.com")
    submit(client, row)
    assert timeline(own_page(client))[1] == "Waiting for an approver"


def test_a_denial_says_why(package, rosa, eva):
    submit(rosa, package)
    decisions.deny(
        request=AccessRequest.objects.get(),
        reason="Your contract ended.",
        by=make.actor(eva),
        at=timezone.now(),
    )
    page = own_page(rosa)
    assert timeline(page) == ["Request submitted", "Eva Lindqvist denied the request"]
    assert "Your contract ended." in text_of(page)


def test_expiry_is_read_before_the_worker_writes_it(package, rosa):
    make_requests.request(package, EMAIL, at=timezone.now() - 15 * DAY)
    page = own_page(rosa)
    assert timeline(page) == ["Request submitted", "Expired: nobody answered in time"]
    assert "Withdraw request" not in text_of(page)


def test_why_a_request_is_on_hold_is_not_told(package, rosa, eva, sam):
    submit(rosa, package)
    row = make_requests.approve(AccessRequest.objects.get(), eva, at=timezone.now())
    row = make_requests.approve(row, sam, at=timezone.now())
    make.list_rule("fabrikam.example")
    fulfilment.start(request=row, by=SYSTEM, at=timezone.now() + MINUTE)
    page = own_page(rosa)
    assert AccessRequest.objects.get().state == "parked"
    assert ("An administrator has to look at it." in text_of(page), "rule" in text_of(page)) == (
        True,
        False,
    )


def sent_back(package, client, eva) -> AccessRequest:
    submit(client, package)
    return decisions.send_back(
        request=AccessRequest.objects.get(),
        reason="Which machines?",
        by=make.actor(eva),
        at=timezone.now(),
    )


def test_what_was_sent_back_is_answered_and_asked_again(package, rosa, eva):
    path = f"/my-access/requests/{sent_back(package, rosa, eva).uuid}/"
    assert "Which machines?" in text_of(rosa.get(path))
    page = rosa.post(path, {"reason": "The presses."}, follow=True)
    row = AccessRequest.objects.get()
    assert (page.redirect_chain, row.state, row.reason, row.round) == (
        [(path, 303)],
        "pending_approval",
        "The presses.",
        2,
    )
    assert timeline(page)[:4] == [
        "Request submitted",
        "Eva Lindqvist needs more information",
        "You answered",
        "Waiting for Eva Lindqvist",
    ]


@pytest.mark.parametrize("typed", ["", " ", "x" * 1001, "a\x07b"])
def test_what_no_answer_can_be_is_said_at_the_field(package, rosa, eva, typed):
    path = f"/my-access/requests/{sent_back(package, rosa, eva).uuid}/"
    page = rosa.post(path, {"reason": typed})
    assert (page.status_code, list(errors(page))) == (422, ["reason"])


def test_an_answer_that_comes_too_late_says_so_with_what_was_typed(package, rosa, eva):
    row = sent_back(package, rosa, eva)
    withdrawal.cancel_request(request=row, reason="Duplicate", by=SYSTEM, at=timezone.now())
    page = rosa.post(f"/my-access/requests/{row.uuid}/", {"reason": "The presses."})
    assert (page.status_code, "This request is already settled: withdrawn" in text_of(page)) == (
        409,
        True,
    )
    assert "The presses." in text_of(page)


def test_withdrawing_is_confirmed_and_done_once(package, rosa):
    submit(rosa, package)
    path = f"/my-access/requests/{AccessRequest.objects.get().uuid}/withdraw/"
    assert "Nobody can approve it after that." in text_of(rosa.get(path))
    answer = rosa.post(path)
    assert (answer.status_code, AccessRequest.objects.get().state) == (303, "withdrawn")
    page = rosa.post(path)
    assert (page.status_code, "already settled: withdrawn" in text_of(page)) == (409, True)


@pytest.mark.parametrize("page", ["", "withdraw/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_elses_request_is_not_there(package, rosa, page, method):
    row = make_requests.request(package, "other@fabrikam.example", at=timezone.now())
    answer = getattr(rosa, method)(f"/my-access/requests/{row.uuid}/{page}", {"reason": "x"})
    assert (answer.status_code, AccessRequest.objects.get().state) == (404, "pending_approval")


def test_requests_of_the_same_mailbox_are_ones_own(package, rosa):
    make_requests.request(package, "rosa+x@fabrikam.example", at=timezone.now())
    assert own_page(rosa).status_code == 200


def test_the_list_has_ones_own_requests_alone_the_newest_first(package, uma, fabrikam, rosa):
    make_requests.request(package, "other@fabrikam.example", at=timezone.now())
    make_requests.request(package, EMAIL, at=timezone.now() - DAY)
    make_requests.request(offered("CAD", fabrikam, uma), EMAIL, at=timezone.now())
    page = rosa.get("/my-access/requests/")
    assert re.findall(r"<bdi>(CAD|Drawings)</bdi>", markup_of(page)) == ["CAD", "Drawings"]


# my access


def test_access_says_until_when(package, rosa):
    row = given(package)
    said = text_of(rosa.get("/my-access/access/"))
    assert f"Until {row.ends_at.day} {row.ends_at:%b %Y, %H:%M}" in said


def test_access_that_is_over_is_not_shown_though_no_worker_ran(package, rosa):
    given(package, days_ago=91)
    assert "No access yet" in text_of(rosa.get("/my-access/access/"))


def test_extending_asks_the_same_stages_again(package, rosa):
    row = given(package)
    path = f"/my-access/access/{row.uuid}/extend/"
    assert "First a sponsor from your organization decides" in text_of(rosa.get(path))
    answer = rosa.post(path, {"reason": "Falcon goes on"})
    request = AccessRequest.objects.latest("id")
    assert (answer["Location"], request.kind, request.state) == (
        f"/my-access/requests/{request.uuid}/",
        "extension",
        "pending_approval",
    )
    assert "See your request for more time" in text_of(rosa.get("/my-access/access/"))


def test_extending_without_approval_is_approved_at_once(package, rosa):
    Policy.objects.update(extension_needs_approval=False)
    path = f"/my-access/access/{given(package).uuid}/extend/"
    assert "No approval is needed." in text_of(rosa.get(path))
    rosa.post(path, {"reason": ""})
    assert AccessRequest.objects.latest("id").state == "approved"


def test_extending_is_refused_to_whoever_has_left_the_scope(package, rosa):
    row = given(package)
    Policy.objects.get().organizations.clear()
    path = f"/my-access/access/{row.uuid}/extend/"
    assert 'href="' + path not in rosa.get("/my-access/access/").content.decode()
    assert "This access cannot be extended now." in text_of(rosa.get(path))
    assert (rosa.post(path).status_code, AccessRequest.objects.count()) == (409, 1)


def test_extending_is_not_offered_where_the_policy_that_decides_now_forbids_it(package, rosa):
    row = given(package)
    Policy.objects.update(can_extend=False)
    assert f"{row.uuid}/extend/" not in rosa.get("/my-access/access/").content.decode()


def test_a_last_day_that_is_too_late_is_said_at_the_field(package, rosa):
    row = given(package)
    Policy.objects.update(requester_chooses=True)
    late = (row.ends_at + 200 * DAY).date()
    page = rosa.post(f"/my-access/access/{row.uuid}/extend/", {"ends_on": str(late)})
    assert (page.status_code, list(errors(page))) == (422, ["ends_on"])


def test_extending_twice_gives_one_request(package, rosa):
    path = f"/my-access/access/{given(package).uuid}/extend/"
    rosa.post(path, {"reason": ""})
    page = rosa.post(path, {"reason": ""})
    assert (page.status_code, "You have already requested more time." in text_of(page)) == (
        409,
        True,
    )
    assert AccessRequest.objects.count() == 2


def test_what_is_still_being_set_up_is_extended_after_that(package, rosa):
    make_requests.resource(package, make_requests.group("Falcon readers"))
    row = given(package)
    path = f"/my-access/access/{row.uuid}/extend/"
    assert f'href="{path}"' not in rosa.get("/my-access/access/").content.decode()
    page = rosa.post(path, {"reason": ""})
    assert (page.status_code, "This access is still being set up." in text_of(page)) == (409, True)
    with pytest.raises(Refused, match="This access is being set up"):
        assigning.request_extension(
            assignment=row,
            mailbox=row.mailbox,
            reason="",
            ends_at=None,
            by=SYSTEM,
            at=timezone.now(),
        )


def test_giving_back_is_confirmed_and_ends_access_at_once(package, rosa):
    row = given(package)
    path = f"/my-access/access/{row.uuid}/give-back/"
    assert "Your access ends at once." in text_of(rosa.get(path))
    answer = rosa.post(path)
    row.refresh_from_db()
    assert (answer.status_code, row.ended_because) == (303, "You gave it back.")
    assert rosa.post(path).status_code in (302, 404)


def test_giving_back_the_last_access_says_what_becomes_of_the_account(package, rosa):
    row = given(package)
    said = text_of(rosa.get(f"/my-access/access/{row.uuid}/give-back/"))
    assert "This is your last access. Your account is blocked at once" in said
    Person.objects.filter(email=EMAIL).update(came_by_request=False)
    said = text_of(rosa.get(f"/my-access/access/{row.uuid}/give-back/"))
    assert "This is your last access" not in said


@pytest.mark.parametrize("page", ["extend/", "give-back/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_elses_access_is_not_there(package, rosa, page, method):
    row = given(package, "other@fabrikam.example")
    answer = getattr(rosa, method)(f"/my-access/access/{row.uuid}/{page}")
    row.refresh_from_db()
    assert (answer.status_code, row.ended_at) == (404, None)


# costs


def test_the_pages_ask_the_same_statements_for_two_packages_as_for_twenty(
    package, uma, fabrikam, rosa, django_assert_max_num_queries
):
    given(package)
    for number in range(20):
        row = offered(f"Package {number}", fabrikam, uma)
        if number % 2:
            make_requests.request(row, EMAIL, at=timezone.now())
    for path in ("/my-access/", "/my-access/requests/", "/my-access/access/"):
        rosa.get(path)
        with django_assert_max_num_queries(16):
            rosa.get(path)
