"""Every page and state, light and dark, wide and narrow: no barrier, no complaint of the browser, no sideways scroll."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from governance.actions import packages, policies
from governance.actions.deleted_organizations import delete
from governance.models import AuditEvent, Draft
from governance.rules.organizations import NewSource, source_as_json
from governance.rules.policy_terms import NewPolicy
from governance.rules.roles import SYSTEM
from tests import make

AXE = (Path(__file__).parent.parent / "vendor" / "axe-core-4.14.1.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = f"axe.run(document, {{runOnly: {TAGS}}}).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).slice(0, 2).join(' | ')))"
pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def pages(ada, sam, fabrikam, bob):
    """Paths by what they show, over one portal with something of everything."""
    make.sponsor(fabrikam, sam)
    make.organization("Ostrava Marine and a very long name that goes on " + "on " * 40, f"{'a' * 63}.example", *[f"d{n}.example" for n in range(20)])
    make.organization("Proposed partner", "proposed.example", state="proposed")
    gone = make.organization("Gone", "gone.example")
    delete(organization=gone, by=SYSTEM, at=make.NOON)
    make.list_rule("norr.example")
    package = packages.create_package(name="Drawings", description="", is_listed=True, is_open=True, by=SYSTEM, at=make.NOON)
    policy = policies.create_policy(package=package, policy=NewPolicy("All partners", "all_configured", needs_approval=False), by=SYSTEM, at=make.NOON)
    basics, sources = {"name": "Contoso"}, {"sources": [source_as_json(NewSource("contoso.example"))]}
    full = Draft.objects.create(author=ada, answers={"basics": basics, "directories": sources}, started_at=make.NOON, saved_at=make.NOON)
    empty = Draft.objects.create(author=ada, answers={"checked": {"basics": False}}, started_at=make.NOON, saved_at=make.NOON)
    one, add = f"/connected-organizations/{fabrikam.uuid}/", "/connected-organizations/add/"
    return {
        "overview": "/", "list": "/connected-organizations/", "list, no match": "/connected-organizations/?q=nothing-like-it",
        "list, domain to add": "/connected-organizations/?q=new-partner.example", "list, deleted": "/connected-organizations/?view=deleted",
        "search": "/search/?q=fabrikam", "basics": add, "directories": f"{add}{full.uuid}/directories/", "sponsors": f"{add}{full.uuid}/sponsors/",
        "review": f"{add}{full.uuid}/review/?address=a@eng.contoso.example", "review, not ready": f"{add}{empty.uuid}/review/",
        "directories, empty": f"{add}{empty.uuid}/directories/",
        "pane": f"{add}{full.uuid}/directories/select/", "pane, found": f"{add}{full.uuid}/directories/select/?domain=other.example",
        "pane, taken": f"{add}{full.uuid}/directories/select/?domain=fabrikam.example", "pane, part": f"{add}{full.uuid}/directories/select/?domain=fabri",
        "pane, public mail": f"{add}{full.uuid}/directories/select/?domain=gmail.com", "pane, blocked": f"{add}{full.uuid}/directories/select/?domain=a.norr.example",
        "pane, sponsors": f"{add}{full.uuid}/sponsors/internal/", "detail": one, "detail, directories": f"{one}directories/", "detail, sponsors": f"{one}sponsors/",
        "detail, access": f"{one}access/", "detail, activity": f"{one}activity/", "detail, deleted": f"/connected-organizations/{gone.uuid}/",
        "edit": f"{one}edit/basics/", "edit sources": f"{one}edit/directories/", "edit sponsors": f"{one}edit/sponsors/external/", "delete": f"{one}delete/",
        "rules": "/allow-deny-list/", "add rules": "/allow-deny-list/add/", "own names": "/allow-deny-list/own-names/",
        "people": "/people/", "people, no match": "/people/?q=nobody", "person": f"/people/{bob.uuid}/", "invite": "/people/invite/", "add member": "/people/add/",
        "block": f"/people/{bob.uuid}/block/", "account": "/account/", "mail": "/mail/", "audit log": "/audit-log/", "audit log, none": "/audit-log/?actor=zzz",
        "event": f"/audit-log/{AuditEvent.objects.latest('id').pk}/", "packages": "/access-packages/", "package": f"/access-packages/{package.uuid}/", "add package": "/access-packages/add/",
        "policy": f"/policies/{policy.uuid}/edit/", "what-if": "/what-if/", "what-if, answered": "/what-if/?email=bob@eng.fabrikam.example",
        "what-if, refused": "/what-if/?email=x@norr.example", "overlaps": "/what-if/overlaps/", "missing": "/nothing-here/",
        "password": "/accounts/password/change/", "authenticator": "/accounts/2fa/",
    }  # fmt: skip


@pytest.fixture
def signed_in_context(browser, browser_type, live_server, ada):
    """Opens contexts of any size and theme, signed in as ada."""
    client = Client()
    client.force_login(ada, backend="governance.models.sign_in.RoleBackend")
    opened = []

    def open_context(width: int, theme: str):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, base_url=live_server.url)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()


def barriers(page) -> list[str]:
    """What axe finds; it comes in through the debugger, which the content policy does not bind."""
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": f"{AXE};0"})
    return page.evaluate(RUN)


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")])
def test_no_page_has_a_barrier_or_makes_the_browser_complain(width, theme, pages, signed_in_context):
    page, found = signed_in_context(width, theme).new_page(), {}
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda problem: heard.append(str(problem)))
    for name, path in pages.items():
        page.goto(path)
        problems = barriers(page) + [text for text in heard if "404" not in text or name != "missing"]
        heard.clear()
        if problems:
            found[name] = problems
    assert found == {}


@pytest.mark.parametrize("width", [320, 390, 768, 1180])
def test_no_page_scrolls_sideways(width, pages, signed_in_context):
    page, found = signed_in_context(width, "light").new_page(), {}
    for name, path in pages.items():
        page.goto(path)
        beyond = page.evaluate("document.documentElement.scrollWidth") - width
        if beyond > 0:
            found[name] = beyond
    assert found == {}


def test_the_open_pane_has_no_barrier(pages, signed_in_context):
    page = signed_in_context(1440, "light").new_page()
    page.goto(pages["directories"])
    page.get_by_role("link", name="Add directory + domain").click()
    page.get_by_role("dialog").get_by_label("Domain name").wait_for()
    page.wait_for_timeout(300)  # the pane slides in; half transparent, its colours would be measured wrongly
    assert barriers(page) == []


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/", "/invitations/nothing/"])
def test_pages_for_strangers_have_no_barrier(path, page, live_server):
    page.goto(f"{live_server.url}{path}")
    assert barriers(page) == []
