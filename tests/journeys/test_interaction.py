"""What a browser with scripts adds: where the focus goes, what is announced, what waits, what keys
do.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from governance.models import Organization
from tests import make

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def step(ada, sign_in, visit):
    """The page of the step Directory + domain of a draft called Contoso."""
    page = sign_in(ada)
    visit("/connected-organizations/add/")
    page.get_by_label("Name", exact=True).fill("Contoso")
    page.get_by_role("button", name="Next: Directory + domain").click()
    page.wait_for_url("**/directories/")  # its scripts have run
    return page


@pytest.fixture
def pane(step):
    """The open pane on it."""
    step.get_by_role("link", name="Add directory + domain").click()
    expect(step.get_by_label("Domain name")).to_be_focused()
    return step.get_by_role("dialog")


def add(pane, *domains: str) -> None:
    for domain in domains:
        pane.get_by_label("Domain name").fill(domain)
        pane.page.keyboard.press("Enter")
        pane.get_by_role("button", name="Add", exact=True).click()
        expect(pane.get_by_text(f"{domain} added.")).to_be_visible()


def closed(pane) -> None:
    expect(pane.page.locator("#pane")).to_be_hidden()


def test_after_add_the_next_name_is_typed_over_the_last(pane):
    add(pane, "contoso.example")
    expect(pane.get_by_label("Domain name")).to_be_focused()
    pane.page.keyboard.type("contoso.test")
    expect(pane.get_by_label("Domain name")).to_have_value("contoso.test")


def test_after_remove_the_focus_is_on_the_next_row_and_after_the_last_on_the_box(pane):
    add(pane, "a.example", "b.example", "c.example")
    pane.get_by_role("button", name="Remove a.example").click()
    expect(pane.get_by_role("button", name="Remove b.example")).to_be_focused()
    pane.get_by_role("button", name="Remove c.example").click()
    expect(pane.get_by_label("Domain name")).to_be_focused()


def test_select_swaps_the_table_announces_the_rows_and_goes_back_to_the_opener(pane, step):
    step.evaluate("window.samePage = true")
    add(pane, "contoso.example", "contoso.test")
    pane.get_by_role("button", name="Select", exact=True).click()
    closed(pane)
    expect(step.get_by_role("row", name=re.compile("contoso.test"))).to_be_visible()
    expect(step.locator("#announced")).to_have_text("Selected: contoso.example and contoso.test.")
    expect(step.get_by_role("link", name="Add directory + domain")).to_be_focused()
    assert step.evaluate("window.samePage")


def test_a_box_unticked_before_the_pane_was_opened_stays_so(pane, step):
    add(pane, "contoso.example")
    pane.get_by_role("button", name="Select", exact=True).click()
    closed(pane)
    step.get_by_label("Include subdomains of contoso.example").uncheck()
    step.get_by_role("link", name="Add directory + domain").click()
    add(pane, "contoso.test")
    pane.get_by_role("button", name="Select", exact=True).click()
    closed(pane)
    expect(step.get_by_label("Include subdomains of contoso.example")).not_to_be_checked()
    expect(step.get_by_label("Include subdomains of contoso.test")).to_be_checked()


def test_escape_without_changes_closes_and_the_focus_goes_back(pane, step):
    step.keyboard.press("Escape")
    closed(pane)
    expect(step.get_by_role("link", name="Add directory + domain")).to_be_focused()


def test_discarding_leaves_the_step_as_it_was(pane, step):
    add(pane, "contoso.example")
    pane.get_by_role("button", name="Close without selecting").click()
    expect(pane.get_by_role("button", name="Keep editing")).to_be_focused()
    pane.get_by_role("button", name="Discard", exact=True).click()
    closed(pane)
    expect(step.get_by_text("Nothing added yet")).to_be_visible()


def test_what_takes_long_is_shown_and_the_button_keeps_its_width(pane, step):
    held = []
    step.route("**/directories/select/?domain=*", lambda route: held.append(route))
    button = pane.locator(".find-btn")
    width = button.bounding_box()["width"]
    pane.get_by_label("Domain name").fill("contoso.example")
    step.keyboard.press("Enter")
    expect(button).to_have_text("Searching…")
    assert (
        step.locator(".busy.on").count(),
        button.get_attribute("aria-disabled"),
        button.bounding_box()["width"],
    ) == (1, "true", width)
    held[0].continue_()
    expect(pane.get_by_role("button", name="Add", exact=True)).to_be_visible()
    expect(step.locator(".busy.on")).to_have_count(0)


def test_create_pressed_twice_makes_one_organization(pane, step):
    add(pane, "contoso.example")
    pane.get_by_role("button", name="Select", exact=True).click()
    closed(pane)
    step.get_by_role("button", name="Review + create").click()
    step.get_by_role("button", name="Create", exact=True).dblclick()
    expect(step.get_by_text("Contoso created.")).to_be_visible()
    assert Organization.objects.count() == 1


def test_back_from_the_new_organization_leads_to_it_again_and_never_to_a_second_one(pane, step):
    add(pane, "contoso.example")
    pane.get_by_role("button", name="Select", exact=True).click()
    closed(pane)
    step.get_by_role("button", name="Review + create").click()
    step.get_by_role("button", name="Create", exact=True).click()
    expect(step.get_by_text("Contoso created.")).to_be_visible()
    step.go_back()
    expect(step.get_by_role("heading", level=1)).to_have_text("Contoso")


def test_enter_on_review_tries_the_address_and_creates_nothing(pane, step):
    add(pane, "contoso.example")
    pane.get_by_role("button", name="Select", exact=True).click()
    closed(pane)
    step.get_by_role("button", name="Review + create").click()
    step.get_by_label("Email address").fill("lea@a.contoso.example")
    step.keyboard.press("Enter")
    expect(
        step.get_by_text("Belongs to this organization through contoso.example.")
    ).to_be_visible()
    assert Organization.objects.count() == 0


def test_the_room_left_for_a_description_is_told_when_it_gets_narrow(ada, sign_in, visit):
    page = sign_in(ada)
    visit("/connected-organizations/add/")
    description, room = page.get_by_label("Description"), page.locator(".room")
    description.fill("x" * 449)
    expect(room).to_be_empty()
    description.fill("x" * 450)
    expect(room).to_have_text("50 left")
    description.fill("x" * 503)
    expect(room).to_have_text("3 too many")
    expect(page.locator("#announced")).to_have_text("3 too many of 500 characters")


def test_keys_lead_through_the_portal_and_can_be_switched_off(ada, fabrikam, sign_in, visit):
    make.organization("Contoso", "contoso.example")
    page = sign_in(ada)
    for keys, path in (
        ("go", "/connected-organizations/"),
        ("gl", "/allow-deny-list/"),
        ("gp", "/people/"),
        ("ga", "/audit-log/"),
        ("go", "/connected-organizations/"),
    ):
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_url(f"**{path}")
    for key, name in (("j", "Contoso"), ("j", "Fabrikam"), ("k", "Contoso")):
        page.keyboard.press(key)
        expect(page.get_by_role("link", name=name, exact=True)).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_label("Search by name or domain")).to_be_focused()
    page.keyboard.type("n?")
    expect(page.get_by_label("Search by name or domain")).to_have_value("n?")
    page.wait_for_url("**q=n**")
    visit("/connected-organizations/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.wait_for_url("**/add/**/basics/")
    visit("/account/")
    page.get_by_role("checkbox", name="Keyboard shortcuts").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()


def test_typing_filters_the_list_and_back_brings_the_last_search_again(
    ada, fabrikam, sign_in, visit
):
    make.organization("Contoso", "contoso.example")
    page = sign_in(ada)
    visit("/connected-organizations/")
    for text in ("fabri", "conto"):
        page.get_by_label("Search by name or domain").fill(text)
        page.wait_for_url(f"**q={text}**")
    expect(page.locator("tbody .name")).to_have_text(["Contoso"])
    page.go_back()
    expect(page.locator("tbody .name")).to_have_text(["Fabrikam"])
    expect(page.get_by_label("Search by name or domain")).to_have_value("fabri")


@pytest.mark.parametrize("system", ["light", "dark"])
def test_the_theme_switch_offers_the_other_theme_whatever_the_system_says(
    system, ada, sign_in, visit
):
    page = sign_in(ada)
    page.emulate_media(color_scheme=system)
    other = {"light": "dark", "dark": "light"}[system]
    for wanted in (other, system):
        page.get_by_role("button", name=f"Use the {wanted} theme").click()
        expect(page.locator("html")).to_have_attribute("data-bs-theme", wanted)
    expect(page.get_by_role("button", name=re.compile("Use the .* theme"))).to_have_count(1)
