"""Connecting a partner, as people do it: with a mouse, by keyboard alone, on a phone without
JavaScript.
"""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from governance.models import AuditEvent, Draft, Organization
from tests import make

pytestmark = pytest.mark.usefixtures("transactional_db")


def heading(page, text: str) -> None:
    expect(page.get_by_role("heading", name=text).first).to_be_visible()


def find_and_add(page, domain: str) -> None:
    page.get_by_label("Domain name").fill(domain)
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(
        page.get_by_text(f"{domain} added", exact=False)
        .or_(page.get_by_text("added. 1 selected"))
        .first
    ).to_be_visible()


def test_an_administrator_connects_a_partner_by_its_directory_with_a_sponsor(ada, sam, sign_in):
    make.known_directory(
        "Pumpworks Group AG", "pumpworksgroup.directory.example", "pumpworks.example", "pw.example"
    )
    page = sign_in(ada)
    page.get_by_role("link", name="Connected organizations").first.click()
    page.get_by_role("link", name="Add connected organization").first.click()
    page.get_by_label("Name", exact=True).fill("Pumpworks Group")
    page.get_by_role("button", name="Next: Directory + domain").click()
    page.wait_for_url("**/directories/")
    page.get_by_role("link", name="Add directory + domain").click()
    pane = page.get_by_role("dialog")
    expect(pane.get_by_label("Domain name")).to_be_focused()
    pane.get_by_label("Domain name").fill("pumpworks.example")
    pane.get_by_role("button", name="Find", exact=True).click()
    expect(pane.get_by_text("pumpworksgroup.directory.example").first).to_be_visible()
    pane.get_by_role("button", name="Add", exact=True).click()
    expect(pane.get_by_text("Pumpworks Group AG added. 1 selected.")).to_be_visible()
    pane.get_by_role("button", name="Select", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("Pumpworks Group AG"))).to_be_visible()
    page.get_by_role("button", name="Next: Sponsors").click()
    page.get_by_role("link", name="Add internal sponsors").click()
    page.get_by_label("Sam Adeyemi").check()
    page.get_by_role("button", name="Select", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("Sam Adeyemi"))).to_be_visible()
    page.get_by_role("button", name="Next: Review + create").click()
    expect(page.get_by_text("Ready to create.")).to_be_visible()
    page.get_by_label("Email address").fill("lea@service.pumpworks.example")
    page.get_by_role("button", name="Check").click()
    expect(
        page.get_by_text("Belongs to this organization through Pumpworks Group AG.")
    ).to_be_visible()
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_text("Pumpworks Group created.")).to_be_visible()
    assert sorted(Organization.objects.get().claims.values_list("name", flat=True)) == [
        "pumpworks.example",
        "pumpworksgroup.directory.example",
        "pw.example",
    ]
    assert AuditEvent.objects.latest("id").activity == "Create connected organization"


def test_what_was_typed_is_kept_and_told_when_a_name_is_missing(ada, sign_in, visit):
    page = sign_in(ada)
    visit("/connected-organizations/add/")
    page.get_by_label("Description").fill("Contract 7")
    page.get_by_role("button", name="Next: Directory + domain").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_role("link", name="Enter a name")).to_be_visible()
    expect(page.get_by_label("Description")).to_have_value("Contract 7")
    expect(page).to_have_title(re.compile("^Error: Step 1 of 4: "))


def test_escape_asks_before_it_discards_what_the_pane_holds(ada, sign_in, visit):
    page = sign_in(ada)
    visit("/connected-organizations/add/")
    page.get_by_label("Name", exact=True).fill("Contoso")
    page.get_by_role("button", name="Next: Directory + domain").click()
    page.wait_for_url("**/directories/")
    page.get_by_role("link", name="Add directory + domain").click()
    find_and_add(page, "contoso.example")
    page.keyboard.press("Escape")
    expect(page.get_by_text("Discard 1 addition?")).to_be_visible()
    page.get_by_role("button", name="Keep editing").click()
    expect(page.get_by_role("heading", name="Selected (1)")).to_be_visible()


def test_two_tabs_never_mix(ada, sign_in, visit, context, live_server):
    first = sign_in(ada)
    second = context.new_page()
    for page, name in ((first, "First"), (second, "Second")):
        page.goto(f"{live_server.url}/connected-organizations/add/")
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_role("button", name="Next: Directory + domain").click()
    for page, name in ((first, "First"), (second, "Second")):
        page.get_by_role("link", name="Basics").click()
        expect(page.get_by_label("Name", exact=True)).to_have_value(name)


def test_a_step_link_keeps_what_was_typed(ada, sign_in, visit):
    page = sign_in(ada)
    visit("/connected-organizations/add/")
    page.get_by_label("Name", exact=True).fill("Contoso")
    page.get_by_role("link", name="Sponsors").click()
    page.get_by_role("link", name=re.compile("^Basics")).click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Contoso")


def at_basics(page, name: str):
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Next: Directory + domain").click()
    page.wait_for_url("**/directories/")


def end_every_session() -> None:
    """What twelve hours do."""
    Session.objects.all().delete()


def sign_in_again(page, person, password="correct horse battery staple") -> None:
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("Email", exact=False).first.fill(person.email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_back_after_the_first_step_leads_to_the_same_draft(ada, sign_in, visit):
    page = sign_in(ada)
    visit("/connected-organizations/add/")
    at_basics(page, "Contoso")
    page.go_back()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Contoso")
    at_basics(page, "Contoso AG")
    assert [row.answers["basics"]["name"] for row in Draft.objects.all()] == ["Contoso AG"]


def test_a_session_that_ended_costs_no_answer_of_a_step(ada, sign_in, visit):
    page = sign_in(ada)
    visit("/connected-organizations/add/")
    page.get_by_label("Name", exact=True).fill("Contoso")
    page.get_by_label("Description").fill("Contract 7")
    end_every_session()
    page.get_by_role("button", name="Next: Directory + domain").click()
    expect(page.get_by_text("What you typed is not lost.")).to_be_visible()
    sign_in_again(page, ada)
    expect(page.get_by_text("You were signed out before this was saved.")).to_be_visible()
    expect(page.get_by_label("Description")).to_have_value("Contract 7")
    page.get_by_role("button", name="Next: Directory + domain").click()
    page.wait_for_url("**/directories/")
    assert Draft.objects.get().answers["basics"]["name"] == "Contoso"


def test_a_session_that_ended_costs_neither_the_domain_in_the_pane_nor_the_boxes_beneath(
    ada, sign_in, visit
):
    page = sign_in(ada)
    visit("/connected-organizations/add/")
    at_basics(page, "Contoso")
    page.get_by_role("link", name="Add directory + domain").click()
    find_and_add(page, "contoso.example")
    page.get_by_role("button", name="Select", exact=True).click()
    page.get_by_label("Include subdomains of contoso.example").uncheck()
    page.get_by_role("link", name="Add directory + domain").click()
    page.get_by_label("Domain name").fill("contoso.test")
    end_every_session()
    page.get_by_role("button", name="Find", exact=True).click()
    sign_in_again(page, ada)
    pane = page.get_by_role("dialog")
    expect(pane.get_by_label("Domain name")).to_have_value("contoso.test")
    pane.get_by_role("button", name="Add", exact=True).click()
    expect(pane.get_by_text("contoso.test added. 2 selected.")).to_be_visible()
    pane.get_by_role("button", name="Select", exact=True).click()
    expect(page.get_by_label("Include subdomains of contoso.test")).to_be_checked()
    expect(page.get_by_label("Include subdomains of contoso.example")).not_to_be_checked()


def test_a_session_that_ended_costs_no_tick_of_the_sponsor_pane(ada, sam, sign_in, visit):
    page = sign_in(ada)
    visit("/connected-organizations/add/")
    at_basics(page, "Contoso")
    page.get_by_role("link", name="Sponsors").click()
    page.get_by_role("link", name="Add internal sponsors").click()
    page.get_by_label("Sam Adeyemi").check()
    end_every_session()
    page.get_by_role("button", name="Select", exact=True).click()
    sign_in_again(page, ada)
    expect(page.get_by_label("Sam Adeyemi")).to_be_checked()
    page.get_by_role("button", name="Select", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("Sam Adeyemi"))).to_be_visible()


def test_somebody_else_who_signs_in_instead_sees_nothing_of_it(ada, uma, sign_in, visit):
    page = sign_in(ada)
    visit("/connected-organizations/add/")
    at_basics(page, "Contoso")
    page.get_by_role("link", name=re.compile("^Basics")).click()
    page.get_by_label("Description").fill("Contract 7")
    uma.set_password("correct horse battery staple")
    uma.save(update_fields=["password"])
    end_every_session()
    page.get_by_role("button", name="Next: Directory + domain").click()
    sign_in_again(page, uma)
    expect(page.get_by_role("link", name="Go to the overview")).to_be_visible()
    assert "Contract 7" not in page.content()


def test_remove_in_a_table_of_the_wizard_puts_the_focus_on_the_next_row_then_on_add(
    ada, sam, rob, sign_in, visit
):
    page = sign_in(ada)
    visit("/connected-organizations/add/")
    at_basics(page, "Contoso")
    page.get_by_role("link", name="Sponsors").click()
    page.get_by_role("link", name="Add internal sponsors").click()
    for name in ("Rob Lindholm", "Sam Adeyemi"):
        page.get_by_label(name).check()
    page.get_by_role("button", name="Select", exact=True).click()
    page.get_by_role("button", name="Remove Rob Lindholm").press("Enter")
    expect(page.get_by_role("button", name="Remove Sam Adeyemi")).to_be_focused()
    expect(page.locator("#announced")).to_have_text("Rob Lindholm removed.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Add internal sponsors")).to_be_focused()
    assert Draft.objects.get().answers["sponsors"] == {"internal": []}


class TestWithoutJavaScript:
    """On a phone, with scripts off."""

    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return {
            **browser_context_args,
            "java_script_enabled": False,
            "viewport": {"width": 390, "height": 844},
        }

    def test_a_guest_inviter_connects_a_domain_and_it_is_proposed(self, gil, sign_in, visit):
        page = sign_in(gil)
        visit("/connected-organizations/add/")
        page.get_by_label("Name", exact=True).fill("Contoso")
        expect(page.get_by_text("This organization will be created as proposed.")).to_be_visible()
        page.get_by_role("button", name="Next: Directory + domain").click()
        page.get_by_role("link", name="Add directory + domain").click()
        find_and_add(page, "contoso.example")
        page.get_by_role("button", name="Select", exact=True).click()
        page.get_by_role("button", name="Next: Sponsors").click()
        page.get_by_role("button", name="Next: Review + create").click()
        expect(page.get_by_text("Ready to create.")).to_be_visible()
        expect(page.get_by_text("Proposed").first).to_be_visible()
        page.get_by_role("button", name="Create", exact=True).click()
        expect(page.get_by_text("Contoso created.")).to_be_visible()
        assert Organization.objects.get().state == "proposed"

    def test_a_session_that_ended_costs_no_answer(self, gil, sign_in, visit):
        page = sign_in(gil)
        visit("/connected-organizations/add/")
        page.get_by_label("Name", exact=True).fill("Contoso")
        end_every_session()
        page.get_by_role("button", name="Next: Directory + domain").click()
        sign_in_again(page, gil)
        expect(page.get_by_label("Name", exact=True)).to_have_value("Contoso")
        page.get_by_role("button", name="Next: Directory + domain").click()
        page.get_by_role("link", name="Add directory + domain").click()
        page.get_by_label("Domain name").fill("contoso.example")
        page.get_by_role("button", name="Find", exact=True).click()
        end_every_session()
        page.get_by_role("button", name="Add", exact=True).click()
        sign_in_again(page, gil)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_text("contoso.example added. 1 selected.")).to_be_visible()


def test_the_whole_wizard_by_keyboard_alone(ada, sign_in, visit):
    page = sign_in(ada)
    visit("/connected-organizations/add/")
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.type("Contoso")
    page.keyboard.press("Enter")
    heading(page, "Directory + domain")
    page.get_by_role("link", name="Add directory + domain").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Domain name")).to_be_focused()
    page.keyboard.type("contoso.example")
    page.keyboard.press("Enter")
    add = page.get_by_role("button", name="Add", exact=True)
    add.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("contoso.example added. 1 selected.")).to_be_visible()
    expect(page.get_by_label("Domain name")).to_be_focused()
    page.get_by_role("button", name="Select", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name=re.compile("contoso.example"))).to_be_visible()
    page.get_by_role("link", name="Review + create").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ready to create.")).to_be_visible()
    page.get_by_role("button", name="Create", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Contoso created.")).to_be_visible()


def test_somebody_without_a_role_sees_nothing_of_it(
    rob, fabrikam, ada, sign_in, visit, live_server
):
    page = sign_in(rob)
    answer = page.request.get(f"{live_server.url}/connected-organizations/add/")
    assert answer.status == 403
    assert "Guest inviter" in answer.text()
    assert "Fabrikam" not in answer.text()
