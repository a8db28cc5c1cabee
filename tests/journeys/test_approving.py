"""From the mail to the decision: an external sponsor on a phone, and a member in the portal."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from governance.models import AccessRequest, ApprovalDecision, Mail
from tests import make, make_requests
from tests.make_visits import code_in_mail

from .looks import look_at

pytestmark = pytest.mark.usefixtures("transactional_db")
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def eva(fabrikam):
    person = make.guest("eva@fabrikam.example", name="Eva Lindqvist")
    make.sponsor(fabrikam, person)
    return person


@pytest.fixture
def package(fabrikam, sam, eva, uma):
    make.sponsor(fabrikam, sam)
    row = make.package("Drawings")
    make_requests.resource(row, make_requests.group("Drawings readers"))
    policy = make.policy(row, "named", fabrikam)
    make_requests.with_stages(policy, make_requests.external_then_internal(uma))
    return row


def ask(package, *emails: str) -> list[AccessRequest]:
    return [
        make_requests.request(
            package, email, reason="Project Falcon: hull drawings", at=timezone.now()
        )
        for email in emails
    ]


def link_for(person) -> str:
    return re.search(r"/approvals/\S+/", Mail.objects.filter(to=person.email).first().body)[0]


def sign_in_by_code(page, person) -> None:
    page.get_by_label("Email address").fill(person.email)
    page.get_by_role("button", name="Send code").click()
    page.get_by_label("Code").fill(code_in_mail(person.email))
    page.get_by_role("button", name="Sign in", exact=True).click()


def heading(page):
    return page.get_by_role("heading", level=1)


def test_an_external_sponsor_decides_on_a_phone_coming_from_the_mail(package, eva, visit, page):
    first, _second = ask(package, "bob@fabrikam.example", "ann@fabrikam.example")
    page.set_viewport_size(PHONE)
    visit(link_for(eva))
    expect(heading(page)).to_have_text("Sign in to My Access")
    sign_in_by_code(page, eva)
    expect(heading(page)).to_have_text("bob@fabrikam.example requests Drawings")
    assert look_at(page) == []
    page.set_viewport_size(PHONE)
    page.get_by_role("button", name="Approve").click()
    expect(heading(page)).to_have_text("ann@fabrikam.example requests Drawings")
    expect(page.get_by_text("The approvers of the next stage will be asked in")).to_be_visible()
    assert look_at(page) == []
    page.get_by_role("button", name="Undo for bob@fabrikam.example").click()
    expect(page.get_by_text("Decision undone.")).to_be_visible()
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_role("link", name="Enter a reason")).to_be_visible()
    assert look_at(page) == []
    page.get_by_label("Reason").fill("Which project is this for?")
    page.get_by_role("button", name="Send back").click()
    expect(heading(page)).to_have_text("ann@fabrikam.example requests Drawings")
    first.refresh_from_db()
    assert first.state == "sent_back"


def test_a_member_sees_how_many_wait_and_decides_several_at_once(package, eva, sam, sign_in, visit):
    rows = ask(package, *(f"person{number}@fabrikam.example" for number in range(4)))
    for row in rows:
        make_requests.approve(row, eva, at=timezone.now())
    page = sign_in(sam)
    visit("/approvals/")
    expect(page.get_by_role("navigation").get_by_text("4 waiting for you")).to_be_visible()
    assert look_at(page) == []
    for row in rows[:3]:
        page.get_by_label(f"Select {row.email}").check()
    page.get_by_role("button", name="Review selected").click()
    expect(heading(page)).to_have_text("Review 3 requests")
    assert look_at(page) == []
    page.get_by_role("button", name="Approve all").click()
    expect(page.get_by_role("button", name=re.compile("^Undo"))).to_have_count(3)
    assert look_at(page) == []
    assert ApprovalDecision.objects.filter(person=sam).count() == 3


def test_a_sponsor_names_a_deputy_until_a_day(package, eva, fabrikam, visit, page):
    make.guest("dora@fabrikam.example", name="Dora Holm")
    visit("/approvals/deputy/")
    sign_in_by_code(page, eva)
    expect(heading(page)).to_have_text("Deputy")
    assert look_at(page) == []
    page.get_by_role("radio", name="Dora Holm").check()
    last = timezone.localdate() + timedelta(days=10)
    page.get_by_label("Last day").fill(last.isoformat())
    page.get_by_role("button", name="Save deputy").click()
    expect(page.get_by_text("decides for you. You can still decide too.")).to_be_visible()
    assert look_at(page) == []
    page.get_by_role("button", name="End now").click()
    expect(page.get_by_text("Dora Holm no longer decides for you.")).to_be_visible()


def test_everything_works_without_javascript(package, eva, browser, live_server):
    ask(package, "bob@fabrikam.example")
    page = browser.new_page(java_script_enabled=False, viewport=PHONE)
    page.goto(f"{live_server.url}{link_for(eva)}")
    sign_in_by_code(page, eva)
    page.get_by_role("button", name="Approve").click()
    expect(heading(page)).to_have_text("Approvals")
    expect(page.get_by_role("button", name=re.compile("^Undo"))).to_be_visible()
