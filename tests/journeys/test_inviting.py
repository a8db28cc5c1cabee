"""From the list of people to a guest who is in, and the second factor, in a real browser."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from governance.models import Mail, Person
from tests import make

from .looks import look_at

pytestmark = pytest.mark.usefixtures("transactional_db")


def heading(page):
    return page.get_by_role("heading", level=1)


def test_a_guest_is_invited_and_accepts(ada, fabrikam, sign_in, visit):
    page = sign_in(ada)
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_role("link", name="Invite guest").click()
    page.get_by_label("Email address").fill("new@eng.fabrikam.example")
    page.get_by_role("button", name="Check address").click()
    expect(
        page.get_by_text("The address belongs to Fabrikam because of the domain fabrikam.example.")
    ).to_be_visible()
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.get_by_text("new@eng.fabrikam.example invited for Fabrikam.")).to_be_visible()
    page.context.clear_cookies()
    visit(re.search(r"/invitations/\S+/", Mail.objects.latest("id").body)[0])
    assert look_at(page) == []
    page.get_by_label("Name").fill("Nina New")
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Welcome, Nina New.")).to_be_visible()
    assert Person.objects.get(email="new@eng.fabrikam.example").state == "active"


def test_the_list_of_people_narrows_as_one_chooses(ada, bob, eve, sign_in):
    make.guest("ivo@partner.example", name="Ivo Invited", state="invited")
    page = sign_in(ada)
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_label("Kind").select_option("Guests")
    expect(page.get_by_role("rowheader")).to_have_count(3)
    page.get_by_role("navigation", name="Filter by state").get_by_role(
        "link", name="Invited"
    ).click()
    expect(page.get_by_role("rowheader")).to_contain_text(["Ivo Invited"])
    expect(page.get_by_label("Kind")).to_have_value("guest")
    page.get_by_label("Search by name, email or domain").fill("nobody")
    expect(page.get_by_text("Nobody matches “nobody”")).to_be_visible()
    assert page.url.partition("?")[2] == "state=invited&q=nobody&kind=guest&role="


def test_an_authenticator_is_set_up_and_used_without_a_barrier_on_the_way(ada, sign_in, visit):
    page = sign_in(ada)
    visit("/accounts/2fa/totp/activate/")
    met = {heading(page).inner_text(): look_at(page)}
    page.get_by_label("Password", exact=True).fill("correct horse battery staple")
    page.get_by_role("button", name="Confirm").click()
    secret = page.locator(".copyable .mono").inner_text()
    met[heading(page).inner_text()] = look_at(page)
    page.get_by_label("Code").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="Turn on").click()
    met[heading(page).inner_text()] = look_at(page)
    for path in (
        "/accounts/2fa/",
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/password/change/",
    ):
        visit(path)
        met[heading(page).inner_text()] = look_at(page)
    page.context.clear_cookies()
    sign_in(ada)
    met[heading(page).inner_text()] = look_at(page)
    assert {name: found for name, found in met.items() if found} == {}
    assert set(met) == {
        "Enter your password again",
        "Set up an authenticator app",
        "Recovery codes",
        "Second factor",
        "Turn off the authenticator app?",
        "Passkeys and security keys",
        "Add a key",
        "Create new recovery codes?",
        "Change password",
    }
