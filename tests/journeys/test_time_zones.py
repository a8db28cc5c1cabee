"""The browser's time zone, which its script tells the server by a cookie."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "timezone_id": "Asia/Tokyo"}


def test_the_first_page_after_sign_in_is_in_the_browsers_time_zone(ada, fabrikam, sign_in, visit):
    sign_in(ada)
    page = visit(f"/connected-organizations/{fabrikam.uuid}/")
    expect(page.locator("dd time").first).to_have_attribute(
        "title", "23 Nov 2026, 21:00:00 Asia/Tokyo (UTC+09:00)"
    )


def test_a_time_zone_chosen_in_account_wins(ada, fabrikam, sign_in, visit):
    sign_in(ada)
    page = visit("/account/")
    page.get_by_label("Time zone").select_option("Europe/Berlin")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    visit("/what-if/")
    expect(page.get_by_text(re.compile(r"Europe/Berlin \(UTC\+0[12]:00\)"))).to_be_visible()
