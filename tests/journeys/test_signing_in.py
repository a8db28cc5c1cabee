"""Coming in and going out."""

from __future__ import annotations

from playwright.sync_api import expect

from governance.models import AuditEvent


def test_an_administrator_signs_in_and_out(transactional_db, ada, sign_in):
    page = sign_in(ada)
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    page.get_by_role("button", name="Account: Ada Okafor").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_somebody_without_a_role_meets_a_calm_page_that_names_who_can_help(
    transactional_db, ada, rob, sign_in
):
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


def test_a_key_is_added_and_signs_in_with_a_password_and_without_one(
    transactional_db, ada, sign_in, visit, page
):
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    sign_in(ada)
    visit("/accounts/2fa/webauthn/add/")
    page.get_by_label("Password", exact=True).fill("correct horse battery staple")
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Signs in without a password").check()
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    assert (
        AuditEvent.objects.filter(
            activity="User registered security info", after='{"method": "passkey"}'
        ).count()
        == 1
    )
    page.context.clear_cookies()
    sign_in(ada)
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    page.context.clear_cookies()
    visit("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
