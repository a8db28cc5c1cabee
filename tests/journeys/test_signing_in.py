"""Coming in and going out."""

from __future__ import annotations

from playwright.sync_api import expect


def test_an_administrator_signs_in_and_out(transactional_db, ada, sign_in):
    page = sign_in(ada)
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    page.get_by_role("button", name="Account: Ada Okafor").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_somebody_without_a_role_meets_a_calm_page_that_names_who_can_help(transactional_db, ada, rob, sign_in):
    page = sign_in(rob)
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed in")
    expect(page.get_by_role("listitem")).to_contain_text(["Ada Okafor"])
    expect(page.get_by_role("link", name="Connected organizations")).to_have_count(0)


def test_a_wrong_password_says_so_and_keeps_the_address(transactional_db, ada, visit):
    page = visit("/accounts/login/")
    page.get_by_label("Email", exact=False).first.fill(ada.email)
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("not correct")).to_be_visible()
    expect(page.get_by_label("Email", exact=False).first).to_have_value(ada.email)
