"""Every page and state, light and dark, wide and narrow: no barrier, no complaint of the browser,
no sideways scroll, no small target.
"""

from __future__ import annotations

import re
import time

import pytest
from django.template.loader import render_to_string
from django.test import Client
from playwright.sync_api import expect

from governance.models import Organization
from governance.rules.roles import SYSTEM
from governance.sample_data.demo import load_demo
from tests import make

from . import pages
from .looks import LOOKS, look_at, sideways

pytestmark = pytest.mark.usefixtures("transactional_db")
PARTS = 6
# Chromium notes every 404 and 422, which are answers here.
_ANSWERS = "the server responded with a status of 4"


@pytest.fixture
def everything(ada, sam, fabrikam, bob) -> dict[str, str]:
    return pages.filled(ada, sam, fabrikam, bob)


@pytest.fixture
def open_as(browser, browser_type, live_server):
    """Opens a page signed in as somebody who gave their password just now; `page.heard` is what the
    browser said.
    """
    opened = []

    def open_page(person, height: int = 900, width: int = 1440):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            base_url=live_server.url,
        )
        context.add_cookies(
            [{"name": "sessionid", "value": _session(person), "url": live_server.url}]
        )
        opened.append(context)
        page = context.new_page()
        page.heard = []
        page.on(
            "console",
            lambda message: (
                page.heard.append(message.text) if _ANSWERS not in message.text else None
            ),
        )
        page.on("pageerror", lambda problem: page.heard.append(str(problem)))
        return page

    yield open_page
    for context in opened:
        context.close()


def _session(person) -> str:
    client = Client()
    client.force_login(person, backend="governance.models.sign_in.RoleBackend")
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client.cookies["sessionid"].value


def wrong_with(page, paths: dict[str, str]) -> dict[str, list[str]]:
    found = {}
    for name, path in paths.items():
        page.goto(path)
        found[name] = look_at(page) + page.heard
        page.heard.clear()
    return {name: problems for name, problems in found.items() if problems}


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_has_anything_wrong_with_it(part, ada, everything, open_as):
    assert wrong_with(open_as(ada), dict(list(everything.items())[part::PARTS])) == {}


@pytest.mark.parametrize("width", [390, 320])
def test_a_name_of_one_long_word_makes_no_page_wider(width, ada, everything, open_as):
    for number, organization in enumerate(Organization.objects.all()):
        organization.name = f"{number:02}{'W' * 68}"
        organization.save(update_fields=["name"])
    page, wide = open_as(ada, width=width), {}
    for name, path in everything.items():
        page.goto(path)
        if beyond := [*sideways(page, [width])]:
            wide[name] = beyond
    assert wide == {}


def test_no_empty_page_has_anything_wrong_with_it(ada, open_as):
    assert wrong_with(open_as(ada), pages.EMPTY) == {}


def test_the_page_that_removes_demo_data_has_nothing_wrong_with_it(ada, open_as):
    load_demo(by=SYSTEM, at=make.NOON)
    make.guest(
        "a-guest-with-a-long-name@eu.pumpworks.example",
        name="Wolfeschlegelsteinhausenbergerdorff " * 3,
    )
    make.saved_test("max@eu.pumpworks.example")
    assert wrong_with(open_as(ada), {"demo data": "/demo-data/remove/"}) == {}


def test_no_finding_in_the_open_pane_has_anything_wrong_with_it(ada, everything, open_as):
    page, found = open_as(ada), {}
    page.goto(everything["directories"])
    page.get_by_role("link", name="Add directory + domain").click()
    pane = page.get_by_role("dialog")
    for name, typed in pages.FINDINGS.items():
        pane.get_by_label("Domain name").fill(typed)
        with page.expect_response("**/directories/select/**"):
            page.keyboard.press("Enter")
        expect(pane.get_by_label("Domain name")).to_be_focused()
        expect(page.locator(".busy.on")).to_have_count(0)
        found[name] = look_at(page, LOOKS[::2])
    assert {name: problems for name, problems in found.items() if problems} == {}
    assert page.heard == []


def _refused_basics(page, everything):
    page.goto(everything["basics"])
    page.get_by_label("Description").fill("x" * 501)
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Description must be 500 characters or fewer (now 501)").first.wait_for()


def _asked_about_discarding(page, everything):
    page.goto(everything["directories"])
    page.get_by_role("link", name="Add directory + domain").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove contoso.example").click()
    page.get_by_text("contoso.example removed. 0 selected.").wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("Discard 1 change?").wait_for()


def _changed_meanwhile(page, everything):
    page.goto(everything["review"])
    make.guest("lea@contoso.example")
    page.get_by_role("button", name="Create", exact=True).click()
    page.get_by_text("This changed while you were reviewing").wait_for()


def _conflict_of_two_editors(page, everything):
    page.goto(everything["edit"])
    Organization.objects.filter(name="Fabrikam").update(
        version=2, description="Theirs", changed_by="Uma Castellanos"
    )
    page.get_by_label("Description").fill("Mine")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Your version and theirs are side by side").wait_for()


def _rules_read_and_their_effect(page, everything):
    page.goto(everything["add rules"])
    page.get_by_label("Domains", exact=True).fill(
        "fabrikam.example\nno name\nlabs.fabrikam.example"
    )
    page.get_by_role("button", name="Review impact").click()
    page.get_by_role("heading", name="Each line").wait_for()


def _menus_open(page, everything):
    page.goto(everything["list"])
    page.get_by_label("Actions for Fabrikam", exact=True).click()
    page.keyboard.press("?")
    page.get_by_text("Keyboard shortcuts").wait_for()


def _name_typed_wrongly(page, everything):
    page.goto(everything["delete"])
    page.get_by_role("button", name="Delete connected organization").click()
    page.get_by_text("The name you typed does not match").first.wait_for()


@pytest.mark.parametrize(
    "reach",
    [
        _refused_basics,
        _asked_about_discarding,
        _changed_meanwhile,
        _conflict_of_two_editors,
        _rules_read_and_their_effect,
        _menus_open,
        _name_typed_wrongly,
    ],
    ids=lambda reach: reach.__name__.strip("_"),
)
def test_no_state_has_anything_wrong_with_it(reach, ada, everything, open_as):
    page = open_as(ada)
    reach(page, everything)
    assert look_at(page) + page.heard == []


def test_what_is_refused_has_nothing_wrong_with_it(gil, rob, fabrikam, open_as):
    assert (
        wrong_with(
            open_as(gil),
            {
                "overview of a Guest inviter": "/",
                "403": "/allow-deny-list/",
                "404": "/nothing/",
                "as Guest inviter": pages.LIST,
            },
        )
        == {}
    )
    assert wrong_with(open_as(rob), {"no role": "/", "403": pages.LIST}) == {}


def test_the_page_of_a_failure_has_nothing_wrong_with_it(ada, open_as):
    page = open_as(ada)
    page.route(
        "**/fails/",
        lambda route: route.fulfill(
            status=500,
            content_type="text/html",
            body=render_to_string("500.html", {"request_id": "8b5c0f5e"}),
        ),
    )
    page.goto("/fails/")
    expect(page.get_by_text("8b5c0f5e")).to_be_visible()
    assert look_at(page) == []


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/password/reset/", "/invitations/nothing/"]
)
def test_pages_for_strangers_have_nothing_wrong_with_them(path, page, live_server):
    page.goto(f"{live_server.url}{path}")
    assert look_at(page) == []


def test_review_fits_one_printed_sheet(ada, everything, open_as):
    page = open_as(ada)
    page.goto(everything["review"])
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1


# The middle of what has the focus must be what lies on top there:
# neither header nor footer covers it.
COVERED = """() => {
    const e = document.activeElement, r = e.getBoundingClientRect();
    const t = document.elementFromPoint(r.x + r.width / 2, r.y + Math.min(r.height, 24) / 2);
    const isOnTop = t && (e.contains(t) || t.contains(e));
    const isSeen = e !== document.body && r.width > 1 && r.height > 1;
    return isSeen && !isOnTop ? e.outerHTML.slice(0, 90) : "" }"""


@pytest.mark.parametrize(
    "name", ["basics, refused", "directories, twenty", "sponsors", "review", "add rules", "policy"]
)
def test_what_has_the_focus_is_never_covered_on_a_phone(name, ada, everything, open_as):
    page = open_as(ada, width=390, height=700)
    page.goto(everything[name])
    covered = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        covered.add(page.evaluate(COVERED))
    assert covered - {""} == set()


@pytest.mark.parametrize(("width", "height"), [(720, 450), (360, 225)], ids=["200 %", "400 %"])
def test_a_page_stays_usable_when_it_is_enlarged(width, height, ada, everything, open_as):
    page = open_as(ada, width=width, height=height)
    page.goto(everything["basics"])
    page.get_by_label("Name", exact=True).fill("Contoso")
    shown = page.evaluate(
        "innerHeight - [...document.querySelectorAll('.top,.actions')]"
        ".filter(e => getComputedStyle(e).position == 'sticky')"
        ".reduce((sum, e) => sum + e.offsetHeight, 0)"
    )
    assert shown >= 180
    page.get_by_role("button", name="Next: Directory + domain").click()
    page.get_by_role("link", name="Add directory + domain").click()
    page.get_by_role("dialog").get_by_label("Domain name").fill("contoso.test")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("contoso.test added. 1 selected.")).to_be_visible()
