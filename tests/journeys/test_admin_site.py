"""The admin site in a real browser, under our content policy: every kind of page, light and dark, and no complaint."""

from __future__ import annotations

import pytest
from django.test import Client

from governance.models import ListRule, OwnName
from tests import make
from tests.admin.test_site import REGISTERED, WRITABLE, rows, url  # noqa: F401

# ruff: noqa: F811 (fixtures that take others)
pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def desk(browser, browser_type, live_server, ada):
    """Answers a page of a browser signed in as ada, in a theme; `heard` is what the browser said."""
    client, opened = Client(), []
    client.force_login(ada, backend="governance.models.sign_in.RoleBackend")

    def open_in(theme: str):
        context = browser.new_context(color_scheme=theme, base_url=live_server.url)
        context.add_cookies(
            [
                {
                    "name": "sessionid",
                    "value": client.cookies["sessionid"].value,
                    "url": live_server.url,
                }
            ]
        )
        opened.append(context)
        page = context.new_page()
        page.heard = []
        page.on("console", lambda message: page.heard.append(message.text))
        page.on("pageerror", lambda problem: page.heard.append(str(problem)))
        page.on(
            "response",
            lambda answer: (
                page.heard.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None
            ),
        )
        return page

    yield open_in
    for context in opened:
        context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_makes_the_browser_complain(desk, rows, theme):
    page, found = desk(theme), {}
    paths = [
        "/admin/",
        "/admin/governance/",
        *(url(model, "changelist") for model in REGISTERED),
        *(url(model, "change", rows[model].pk) for model in REGISTERED),
    ]
    paths += [
        url(model, deed, *([rows[model].pk] if deed != "add" else []))
        for model in sorted(WRITABLE - {"package"})
        for deed in ("add", "delete", "history")
    ]
    for path in paths:
        page.goto(path)
        if page.heard:
            found[path] = list(page.heard)
            page.heard.clear()
    assert found == {}


def test_dark_is_dark(desk, rows):
    dark, light = (desk(theme) for theme in ("dark", "light"))
    colours = []
    for page in (dark, light):
        page.goto("/admin/governance/listrule/")
        colours.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert colours == ["rgb(18, 20, 24)", "rgb(246, 247, 249)"]


def test_choosing_a_sponsor_a_date_and_all_rows_works_without_a_complaint(desk, ada, fabrikam, sam):
    make.list_rule("norr.example")
    make.list_rule("other.example")
    page = desk("light")
    page.goto(url("organization", "change", fabrikam.pk))
    page.get_by_role("button", name="Add another Sponsor").click()
    page.locator(".dynamic-sponsorships .select2-selection").first.click()
    page.locator(".select2-search__field").fill("adeyemi")
    page.get_by_role("option", name="Sam Adeyemi (sam@harbourgate.example)").click()
    page.locator("select[name='sponsorships-0-kind']").select_option("internal")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("was changed successfully").wait_for()
    assert fabrikam.sponsorships.get().person == sam

    page.goto(url("listrule", "add"))
    page.locator("#id_name").fill("third.example")
    page.locator("#id_effect").select_option("block")
    page.get_by_role("link", name="Today").click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("was added successfully").wait_for()
    assert ListRule.objects.get(name="third.example").ends_on is not None

    page.goto(url("listrule", "changelist"))
    page.locator("#action-toggle").check()
    page.locator("select[name='action']").first.select_option("delete_selected")
    page.get_by_role("button", name="Go", exact=True).click()
    page.get_by_role("button", name="Yes, I’m sure").click()
    page.get_by_text("Successfully deleted 3").wait_for()
    assert (ListRule.objects.count(), page.heard) == (0, [])


def test_what_a_change_does_is_shown_and_the_second_press_does_it(desk, bob):
    page = desk("light")
    page.goto(url("ownname", "add"))
    page.locator("#id_name").fill("eng.fabrikam.example")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("1 guest at or beneath eng.fabrikam.example can no longer ask.").wait_for()
    assert not OwnName.objects.exists()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("was added successfully").wait_for()
    assert (OwnName.objects.get().name, page.heard) == ("eng.fabrikam.example", [])
