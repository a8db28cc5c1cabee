"""The admin site in a real browser, under our content policy: every page in every look."""

from __future__ import annotations

import pytest
from django.test import Client

from governance.models import KnownDirectory, ListRule, Organization, OwnName
from tests import make
from tests.admin.test_site import REGISTERED, WRITABLE, rows, url  # noqa: F401

from .looks import look_at

# ruff: noqa: F811 (fixtures that take others)
pytestmark = pytest.mark.usefixtures("transactional_db")
PARTS = 6  # of all pages, so that processes can share them
DELETABLE = sorted(WRITABLE - {"package"})


@pytest.fixture
def desk(browser, browser_type, live_server, ada):
    """Return a page of a browser signed in as ada, in a theme; `heard` is what it complained of."""
    client, opened = Client(), []
    client.force_login(ada, backend="governance.models.sign_in.RoleBackend")

    def open_in(theme: str, **options):
        context = browser.new_context(color_scheme=theme, base_url=live_server.url, **options)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        opened.append(context)
        page = context.new_page()
        page.heard = []
        page.on("console", lambda message: page.heard.append(message.text))
        page.on("pageerror", lambda problem: page.heard.append(str(problem)))
        page.on("response", lambda answer: _note_failure(page, answer))
        return page

    yield open_in
    for context in opened:
        context.close()


def _note_failure(page, answer):
    if answer.status >= 400:
        page.heard.append(f"{answer.status} {answer.url}")


ADDED_IN_THE_PORTAL = {"resource", "webhook"}


def pages_of(rows) -> list[str]:
    """Return the paths of every page that the admin site has for these rows."""
    lists = [url(model, "changelist") for model in REGISTERED]
    return [
        "/admin/",
        *lists,
        *(f"{path}?q=nothing-like-it" for path in lists),
        *(url(model, "change", rows[model].pk) for model in REGISTERED),
        *(url(model, "add") for model in sorted(WRITABLE - ADDED_IN_THE_PORTAL)),
        *(url(model, "history", rows[model].pk) for model in sorted(WRITABLE)),
        *(url(model, "delete", rows[model].pk) for model in DELETABLE),
    ]


def seen_at(page, paths) -> dict[str, list[str]]:
    """Return what axe, the widths, the sizes of targets and the browser say, by path."""
    found = {}
    for path in paths:
        page.goto(path)
        if said := [*look_at(page), *page.heard]:
            found[path] = said
        page.heard.clear()
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_with_rows_is_sound_in_every_look(desk, rows, part):
    make.by_directory("Contoso", rows["knowndirectory"], "contoso.example")
    assert seen_at(desk("light"), pages_of(rows)[part::PARTS]) == {}


def test_every_list_without_rows_is_sound_in_every_look(desk):
    assert seen_at(desk("light"), [url(model, "changelist") for model in REGISTERED]) == {}


def test_asking_before_deleting_what_is_selected_is_sound_in_every_look(desk, rows):
    page, found = desk("light"), {}
    for model in DELETABLE:
        page.goto(url(model, "changelist"))
        page.locator(f"#tick-{rows[model].pk}").check()
        page.get_by_role("button", name="Delete selected").click()
        page.get_by_role("button", name="Delete", exact=True).wait_for()
        if said := [*look_at(page), *page.heard]:
            found[model] = said
    assert found == {}


def test_a_refused_form_and_an_opened_choice_are_sound_in_every_look(desk, fabrikam):
    page = desk("light")
    page.goto(url("organization", "add"))
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("alert").get_by_role("link", name="Enter a name").wait_for()
    refused = look_at(page)
    page.goto(url("policy", "add"))
    page.get_by_role("combobox", name="Package").click()
    page.get_by_role("searchbox", name="Package").wait_for()
    assert (refused, look_at(page), page.heard) == ([], [], [])


def test_dark_is_dark_and_a_saved_theme_wins(desk, rows, ada):
    colours = []
    for theme, saved in (("dark", ""), ("light", ""), ("light", "dark")):
        ada.theme = saved
        ada.save()
        page = desk(theme)
        page.goto("/admin/governance/listrule/")
        colours.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert colours == ["rgb(18, 20, 24)", "rgb(246, 247, 249)", "rgb(18, 20, 24)"]


def test_choosing_a_sponsor_a_date_and_all_rows_works_without_a_complaint(desk, ada, fabrikam, sam):
    make.list_rule("norr.example")
    make.list_rule("other.example")
    page = desk("light")
    page.goto(url("organization", "change", fabrikam.pk))
    page.get_by_role("button", name="Add another sponsor").click()
    page.get_by_role("combobox", name="Person").click()
    page.locator(".select2-search__field").fill("adeyemi")
    page.get_by_role("option", name="Sam Adeyemi (sam@harbourgate.example)").click()
    page.locator("select[name='sponsorships-0-kind']").select_option("internal")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Fabrikam saved.").wait_for()
    assert fabrikam.sponsorships.get().person == sam

    page.goto(url("listrule", "add"))
    page.locator("#id_name").fill("third.example")
    page.get_by_label("Block", exact=True).check()
    page.get_by_label("Ends on").fill("2040-02-29")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Block third.example added.").wait_for()
    assert ListRule.objects.get(name="third.example").ends_on is not None

    page.goto(url("listrule", "changelist"))
    page.locator("#action-toggle").check()
    page.get_by_text("3 of 3 selected").wait_for()
    page.get_by_role("button", name="Delete selected").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_text("Deleted 3").wait_for()
    assert (ListRule.objects.count(), page.heard) == (0, [])


def test_rows_are_added_and_removed_by_keyboard_and_keep_their_numbers(desk, ada):
    page = desk("light")
    page.goto(url("knowndirectory", "add"))
    page.get_by_label("Directory ID").fill("7d9f3f2e-3c51-4a37-9d24-0d2c1f0ab111")
    page.locator("#id_name").fill("Contoso AG")
    page.get_by_label("Initial domain").fill("contoso.directory.example")
    page.locator("[name=verified_domains-0-name]").fill("wrong.example")
    for domain in ("contoso.example", "contoso-labs.example"):
        page.get_by_role("button", name="Add another verified domain").focus()
        page.keyboard.press("Space")
        page.keyboard.type(domain)
    page.get_by_role("button", name="Remove this row").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Contoso AG added.").wait_for()
    domains = KnownDirectory.objects.get().verified_domains.values_list("name", flat=True)
    assert (sorted(domains), page.heard) == (["contoso-labs.example", "contoso.example"], [])


def test_a_source_and_a_filter_work_without_javascript(desk, ada):
    make.organization("Proposed partner", "proposed.example", state="proposed")
    page = desk("light", java_script_enabled=False)
    page.goto(url("organization", "add"))
    page.locator("#id_name").fill("Contoso")
    page.locator("[name=sources-0-typed_name]").fill("contoso.example")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Nothing has changed yet").wait_for()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Contoso added.").wait_for()
    page.get_by_label("State").select_option("proposed")
    page.get_by_role("button", name="Apply").click()
    names = page.locator("tbody .name").all_text_contents()
    assert (names, Organization.objects.count()) == (["Proposed partner"], 2)


def test_the_menu_leads_there_and_back(desk, ada):
    page = desk("light")
    page.goto("/")
    page.get_by_role("link", name="Site administration").click()
    page.get_by_role("heading", name="Site administration", level=1).wait_for()
    page.get_by_role("link", name="Back to the portal").click()
    assert (page.url.rpartition("/")[2], page.heard) == ("", [])
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(url("person", "changelist"))
    assert page.get_by_role("link", name="Back to the portal").is_visible()


def test_what_a_change_does_is_shown_and_the_second_press_does_it(desk, bob):
    page = desk("light")
    page.goto(url("ownname", "add"))
    page.locator("#id_name").fill("eng.fabrikam.example")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Nothing has changed yet").wait_for()
    assert not OwnName.objects.exists()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("eng.fabrikam.example added.").wait_for()
    assert (OwnName.objects.get().name, page.heard) == ("eng.fabrikam.example", [])
