"""What administrators do around connecting: invite on the way, edit beside others, delete and
restore, block, explain.

Each conversation twice: at a desk, and on a phone that runs no scripts.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from governance.actions.access_packages import packages, policies
from governance.models import AuditEvent, Mail, Organization, Person
from governance.rules.access_packages.terms import NewPolicy
from governance.rules.roles import SYSTEM
from governance.sample_data.demo import load_demo
from tests import make

pytestmark = pytest.mark.usefixtures("transactional_db")
DESK = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "java_script_enabled": False}


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone without scripts"])
def browser_context_args(request, browser_context_args):
    return {**browser_context_args, **request.param}


def start(page, live_server, name: str, *domains: str) -> None:
    """A draft with a name and domains, at the step Sponsors."""
    page.goto(f"{live_server.url}/connected-organizations/add/")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Next: Directory + domain").click()
    page.get_by_role("link", name="Add directory + domain").click()
    for number, domain in enumerate(domains, 1):
        page.get_by_label("Domain name").fill(domain)
        page.get_by_role("button", name="Find", exact=True).click()
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_text(f"{domain} added. {number} selected.")).to_be_visible()
    page.get_by_role("button", name="Select", exact=True).click()
    page.get_by_role("button", name="Next: Sponsors").click()
    expect(page.get_by_role("heading", name="Sponsors (optional)")).to_be_visible()


def accept_invitation(browser, live_server, email: str) -> None:
    """As the guest, elsewhere, by the link that was mailed."""
    path = re.search(r"/invitations/\S+", Mail.objects.get(to=email).body)[0]
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{live_server.url}{path}")
    page.get_by_label("Password", exact=True).fill("a long password of a guest")
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Accept the invitation")
    context.close()


def drawings(scope: str = "all_configured", *, needs_approval: bool = True):
    package = packages.create_package(
        name="Drawings", description="", is_listed=True, is_open=True, by=SYSTEM, at=make.NOON
    )
    policies.create_policy(
        package=package,
        policy=NewPolicy("Partners", scope, (), make.stages() if needs_approval else ()),
        by=SYSTEM,
        at=make.NOON,
    )


def test_a_guest_who_is_invited_on_the_way_becomes_an_external_sponsor(
    ada, sam, sign_in, browser, live_server
):
    page = sign_in(ada)
    start(page, live_server, "Contoso", "contoso.example", "contoso.test")
    step = page.url
    page.get_by_role("link", name="Add external sponsors").click()
    expect(
        page.get_by_text("Nobody from this organization has an account here yet.")
    ).to_be_visible()
    page.get_by_role("button", name="Invite a guest").click()
    page.get_by_label("Email address").fill("lea@eng.contoso.example")
    page.get_by_label("Name", exact=False).first.fill("Lea Sommer")
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.get_by_label("Lea Sommer")).to_be_visible()
    accept_invitation(browser, live_server, "lea@eng.contoso.example")
    page.goto(step)
    for kind, person in (("external", "Lea Sommer"), ("internal", "Sam Adeyemi")):
        page.get_by_role("link", name=f"Add {kind} sponsors").click()
        page.get_by_label(person).check()
        page.get_by_role("button", name="Select", exact=True).click()
        expect(page.get_by_role("row", name=re.compile(person))).to_be_visible()
    page.get_by_role("button", name="Next: Review + create").click()
    expect(page.get_by_text("Lea Sommer now belongs to Contoso.")).to_be_visible()
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_text("Contoso created.")).to_be_visible()
    made = Organization.objects.get()
    assert sorted(made.sponsorships.values_list("person__name", "kind")) == [
        ("Lea Sommer", "external"),
        ("Sam Adeyemi", "internal"),
    ]
    assert Person.objects.get(email="lea@eng.contoso.example").organization == made


def test_two_editors_meet_and_the_second_chooses_field_by_field(ada, fabrikam, sign_in, visit):
    page = sign_in(ada)
    visit(f"/connected-organizations/{fabrikam.uuid}/edit/basics/")
    Organization.objects.update(
        version=2, description="What Uma wrote", changed_by="Uma Castellanos"
    )
    page.get_by_label("Name", exact=True).fill("Fabrikam Group")
    page.get_by_label("Description").fill("What Ada wrote")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Uma Castellanos saved this")).to_be_visible()
    assert Organization.objects.get().name == "Fabrikam"
    page.get_by_label("Theirs: What Uma wrote").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Fabrikam Group saved.")).to_be_visible()
    assert Organization.objects.values_list("name", "description").get() == (
        "Fabrikam Group",
        "What Uma wrote",
    )


def test_an_organization_is_deleted_by_its_name_and_restored(ada, bob, fabrikam, sign_in, visit):
    page = sign_in(ada)
    visit(f"/connected-organizations/{fabrikam.uuid}/delete/")
    page.get_by_label("Type Fabrikam to confirm.").fill("Fabrikan")
    page.get_by_role("button", name="Delete connected organization").click()
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    page.get_by_role("button", name="Confirm", exact=True).click()
    expect(page.get_by_text("The name you typed does not match").first).to_be_visible()
    page.get_by_label("Type Fabrikam to confirm.").fill("fabrikam")
    page.get_by_role("button", name="Delete connected organization").click()
    expect(page.get_by_text(re.compile("^Fabrikam deleted. Restore until "))).to_be_visible()
    visit("/connected-organizations/?q=fabrikam.example&view=deleted")
    page.get_by_role("link", name="Restore").or_(
        page.get_by_role("button", name="Restore")
    ).first.click()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Fabrikam restored.")).to_be_visible()
    assert Organization.objects.present().get() == fabrikam
    assert list(AuditEvent.objects.order_by("id").values_list("activity", flat=True))[-2:] == [
        "Delete connected organization",
        "Restore connected organization",
    ]


def test_a_rule_blocks_a_name_and_review_says_so_before_anything_is_created(
    ada, sign_in, visit, live_server
):
    drawings()
    page = sign_in(ada)
    visit("/allow-deny-list/add/")
    page.get_by_label("Domains", exact=True).fill("contoso.example\nno name at all")
    page.get_by_role("button", name="Review impact").click()
    expect(page.get_by_text("A domain cannot contain spaces").first).to_be_visible()
    page.get_by_label("Domains", exact=True).fill("contoso.example")
    page.get_by_label("Reason").fill("Phishing in March")
    page.get_by_role("button", name="Review impact").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("contoso.example"))).to_be_visible()
    start(page, live_server, "Contoso", "eng.contoso.example")
    page.get_by_role("button", name="Next: Review + create").click()
    expect(
        page.get_by_text("The allow and deny list blocks every domain of this organization.")
    ).to_be_visible()
    expect(page.get_by_text("Blocked by the allow and deny list")).to_be_visible()
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_text("Contoso created.", exact=True)).to_be_visible()
    expect(page.get_by_text("Blocked", exact=True)).to_be_visible()


def test_after_create_it_is_said_what_its_people_can_request(ada, sign_in, live_server):
    drawings(needs_approval=False)
    page = sign_in(ada)
    start(page, live_server, "Contoso", "contoso.example")
    page.get_by_role("button", name="Next: Review + create").click()
    expect(page.get_by_text("No approval needed")).to_be_visible()
    page.get_by_role("button", name="Create", exact=True).click()
    expect(
        page.get_by_text("Contoso created. 1 access package includes this organization.")
    ).to_be_visible()


def test_the_checker_says_who_can_ask_and_why_not(ada, fabrikam, sign_in, visit):
    drawings()
    make.list_rule("evil.fabrikam.example")
    page = sign_in(ada)
    visit("/what-if/")
    for address, answer in (
        ("bob@eng.fabrikam.example", "Can request, needs approval"),
        ("eve@evil.fabrikam.example", "Cannot request"),
    ):
        page.get_by_label("Email address").fill(address)
        page.get_by_label("Access package").select_option("Drawings")
        page.get_by_role("button", name="Check").click()
        expect(page.get_by_role("heading", name=answer)).to_be_visible()
    expect(page.get_by_text("on the allow and deny list blocks").first).to_be_visible()
    page.get_by_role("button", name="Save as test").click()
    expect(page.get_by_text("Test passes", exact=True)).to_be_visible()


def test_search_finds_an_organization_by_name_by_domain_and_by_anybodys_address(
    ada, fabrikam, sign_in, visit
):
    make.organization("Contoso", "contoso.example")
    page = sign_in(ada)
    for text in ("fabrik", "fabrikam.example", "someone@dept.fabrikam.example"):
        visit("/connected-organizations/")
        page.get_by_label("Search by name or domain").fill(text)
        page.keyboard.press("Enter")
        page.wait_for_url("**q=**")
        expect(page.locator("tbody .name")).to_have_text(["Fabrikam"])
        page.wait_for_load_state("networkidle")


def test_demo_data_goes_after_it_was_shown_what_goes_and_whom_that_moves(ada, sign_in, visit):
    load_demo(by=SYSTEM, at=make.NOON)
    make.organization("Castings", "eu.norr.example")
    for email in ("max@eu.pumpworks.example", "ann@eu.norr.example", "zoe@tideline.example"):
        make.guest(email)
    make.saved_test("max@eu.pumpworks.example")
    page = sign_in(ada)
    visit("/")
    page.get_by_role("link", name="Remove demo data").press("Enter")
    for text in (
        "Zoe can no longer request Visitor network.",
        "Max no longer belongs to Pumpworks Group or any other organization.",
        "Nobody can request 5 access packages",
        "The saved test “max@eu.pumpworks.example” would fail",
    ):
        expect(page.get_by_text(text)).to_be_visible()
    page.get_by_role("button", name="Remove demo data").press("Enter")
    expect(
        page.get_by_text(
            "Demo data removed: 10 connected organizations, with everything that belonged to them."
        )
    ).to_be_visible()
    expect(page.get_by_text("This portal contains demo data.")).to_have_count(0)
