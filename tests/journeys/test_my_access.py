"""My Access on a phone: signing in by a code from the mail, requesting, following the request."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from governance.actions.access_requests import decisions, fulfilment
from governance.models import AccessRequest, Package, Person, Policy
from governance.rules.access_packages.questions import CHOICE, SHORT, Question, questions_to_json
from governance.rules.access_requests.outcomes import UNDO
from governance.rules.roles import SYSTEM
from tests import make, make_requests
from tests.make_visits import code_in_mail

from .looks import look_at

pytestmark = pytest.mark.usefixtures("transactional_db")
EMAIL = "rosa@fabrikam.example"
PHONE = {"width": 390, "height": 844}
QUESTIONS = [
    Question("Which project?", SHORT, (), True),
    Question("Where do you work?", CHOICE, ("On site", "Remotely"), True),
]


@pytest.fixture
def package(fabrikam, sam, uma) -> Package:
    eva = make.guest("eva@fabrikam.example", name="Eva Lindqvist")
    make.sponsor(fabrikam, sam)
    make.sponsor(fabrikam, eva)
    row = make.package("Drawings")
    make_requests.with_stages(
        make.policy(row, "named", fabrikam),
        make_requests.external_then_internal(uma),
        ends="days",
        lasts_days=90,
        can_extend=True,
        needs_reason=True,
        questions=questions_to_json(QUESTIONS),
        requester_chooses=True,
    )
    return row


def sign_in_by_code(page) -> None:
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_role("button", name="Send code").click()
    page.get_by_label("Code").fill(code_in_mail(EMAIL).lower())
    page.get_by_role("button", name="Sign in").click()


def approved(row: AccessRequest) -> None:
    """Both sponsors approve, and the access is set up."""
    for email in ("eva@fabrikam.example", "sam@harbourgate.example"):
        by = make.actor(Person.objects.get(email=email))
        row = decisions.approve(request=row, reason="", by=by, at=timezone.now() - UNDO)
    fulfilment.start(request=row, by=SYSTEM, at=timezone.now())


def seen(page) -> list[str]:
    """What is wrong with the page, on a phone again afterwards."""
    found = look_at(page)
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="light")
    return found


def test_somebody_signs_in_by_code_requests_extends_and_gives_back(package, page, visit):
    page.set_viewport_size(PHONE)
    visit(f"/my-access/request/{package.uuid}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to My Access")
    assert seen(page) == []
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_role("button", name="Send code").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter the code")
    page.get_by_label("Code").fill("AAAA BBBB")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("You have 4 more tries")
    assert seen(page) == []
    page.get_by_label("Code").fill(code_in_mail(EMAIL))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Request Drawings")
    page.get_by_role("button", name="Request").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a reason")
    assert seen(page) == []
    page.get_by_label("Reason").fill("I review the drawings.")
    page.get_by_label("Which project?").fill("Falcon")
    page.get_by_label("Remotely").check()
    page.get_by_role("button", name="Request").click()
    expect(page.get_by_text("You requested Drawings.")).to_be_visible()
    expect(page.get_by_text("Waiting for Eva Lindqvist")).to_be_visible()
    assert seen(page) == []
    approved(AccessRequest.objects.get())
    visit("/my-access/requests/")
    expect(page.get_by_text("Sam Adeyemi approved")).to_be_visible()
    expect(page.get_by_text("Access granted").first).to_be_visible()
    assert seen(page) == []
    page.get_by_role("link", name="My access", exact=True).click()
    assert seen(page) == []
    page.get_by_role("link", name="Extend Drawings").click()
    page.get_by_label("Reason").fill("Falcon goes on.")
    assert seen(page) == []
    page.get_by_role("button", name="Extend").click()
    expect(page.get_by_text("You requested more time with Drawings.")).to_be_visible()
    page.get_by_role("link", name="Withdraw request").click()
    page.get_by_role("button", name="Withdraw request").click()
    expect(page.get_by_text("You withdrew your request for Drawings.")).to_be_visible()
    visit("/my-access/access/")
    page.get_by_role("link", name="Give back Drawings").click()
    assert seen(page) == []
    page.get_by_role("button", name="Give back").click()
    expect(page.get_by_text("This is not open to you.")).to_be_visible()
    assert seen(page) == []


def test_where_nothing_can_be_requested_it_is_said_and_looks_right(package, page, visit):
    page.set_viewport_size(PHONE)
    Package.objects.update(is_open=False)
    visit("/my-access/")
    sign_in_by_code(page)
    expect(page.get_by_text("Your sponsors here are Eva Lindqvist, Sam Adeyemi")).to_be_visible()
    assert seen(page) == []


def test_everything_works_without_javascript(package, browser, live_server):
    Policy.objects.update(questions=[], requester_chooses=False)
    page = browser.new_page(java_script_enabled=False, viewport=PHONE)
    page.goto(f"{live_server.url}/my-access/")
    sign_in_by_code(page)
    page.get_by_role("link", name="Request Drawings").click()
    page.get_by_label("Reason").fill("I review the drawings.")
    page.get_by_role("button", name="Request").click()
    expect(page.get_by_text("Waiting for Eva Lindqvist")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.close()
