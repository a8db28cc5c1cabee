"""The session ends while somebody fills in a form: what they typed waits until the same person
signs in again.
"""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from governance.actions import drafts
from governance.models import Draft
from governance.rules.organizations import NewSource
from governance.web import unsaved_answers
from tests import make
from tests.views.reading import page_of

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
TYPED = {"name": "Contoso", "description": "Contract 7", "state": "proposed"}


@pytest.fixture
def browser():
    """A browser that is checked for forgery, as a real one is."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def draft() -> UUID:
    return uuid4()


def at(draft: UUID, step: str) -> str:
    return f"/connected-organizations/add/{draft}/{step}/"


def token_in(response) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', response.content.decode())[1]


def page_token_in(response) -> str:
    return re.search(r'name="page_token" value="([^"]+)"', response.content.decode())[1]


def sign_in(browser, person, to: str = "/"):
    """Sign in by the form; return the page that follows."""
    if not person.has_usable_password() or not person.check_password(PASSWORD):
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
    given = {"login": person.email, "password": PASSWORD, "next": to}
    given["csrfmiddlewaretoken"] = token_in(browser.get("/accounts/login/"))
    return browser.post("/accounts/login/", given, follow=True)


def end_session(browser) -> None:
    """What happens after twelve hours: the row is gone, the browser still sends its cookies."""
    Session.objects.all().delete()


def opened(browser, path: str) -> dict:
    """Open a page; return what its form sends beside what is typed."""
    page = browser.get(path)
    return {"csrfmiddlewaretoken": token_in(page), "page_token": page_token_in(page)}


def next_page(response) -> str:
    return parse_qs(urlsplit(response.url).query)["next"][0]


@pytest.fixture
def signed_out(browser, ada, draft):
    """Ada typed Basics, her session ended, she pressed Next: the answer."""
    sign_in(browser, ada)
    form = opened(browser, at(draft, "basics"))
    end_session(browser)
    return browser.post(at(draft, "basics"), form | TYPED)


# a step


def test_next_without_a_session_leads_to_sign_in_and_says_that_nothing_is_lost(
    browser, signed_out, draft
):
    assert (signed_out.status_code, next_page(signed_out)) == (302, at(draft, "basics"))
    assert "What you typed is not lost." in page_of(browser.get(signed_out.url))


def test_the_step_is_filled_in_again_and_says_that_it_is_not_saved(browser, ada, signed_out, draft):
    page = sign_in(browser, ada, next_page(signed_out))
    form = page.context["form"]
    assert [form[name].value() for name in TYPED] == list(TYPED.values())
    assert "You were signed out before this was saved." in page_of(page)
    assert Draft.objects.count() == 0


def test_reloading_shows_it_again_and_next_saves_it_and_ends_it(browser, ada, signed_out, draft):
    sign_in(browser, ada, next_page(signed_out))
    form = opened(browser, at(draft, "basics"))
    assert browser.get(at(draft, "basics")).context["is_unsaved"]
    browser.post(at(draft, "basics"), form | TYPED)
    assert Draft.objects.get().answers["basics"] == TYPED
    assert not browser.get(at(draft, "basics")).context["is_unsaved"]


def test_another_person_who_signs_in_sees_nothing_of_it(browser, uma, signed_out, draft):
    page = sign_in(browser, uma, next_page(signed_out))
    assert (page.status_code, page.context["is_unsaved"]) == (200, False)
    assert "Contract 7" not in page.content.decode()
    assert unsaved_answers._SESSION_KEY not in dict(browser.session.items()) or (
        browser.session[unsaved_answers._SESSION_KEY] == []
    )


def test_whichever_way_another_person_signs_in_it_is_not_shown_to_them(
    browser, uma, signed_out, draft
):
    browser.force_login(uma, backend="governance.models.sign_in.RoleBackend")
    assert len(browser.session[unsaved_answers._SESSION_KEY]) == 1
    assert not browser.get(at(draft, "basics")).context["is_unsaved"]


def test_another_person_does_not_find_the_draft_that_it_was_for(browser, ada, uma, draft):
    sign_in(browser, ada)
    browser.post(at(draft, "basics"), opened(browser, at(draft, "basics")) | TYPED)
    form = opened(browser, at(draft, "basics"))
    end_session(browser)
    answer = browser.post(at(draft, "basics"), form | TYPED | {"name": "Secret"})
    assert sign_in(browser, uma, next_page(answer)).status_code == 404
    assert Draft.objects.get().answers["basics"] == TYPED


def test_what_another_person_left_does_not_come_back_to_the_first(
    browser, ada, uma, signed_out, draft
):
    sign_in(browser, uma, "/")
    end_session(browser)
    assert not sign_in(browser, ada, at(draft, "basics")).context["is_unsaved"]


def test_what_was_typed_waits_for_an_hour(browser, ada, signed_out, draft, monkeypatch):
    later = timezone.now() + timedelta(hours=1, minutes=1)
    sign_in(browser, ada, "/")
    monkeypatch.setattr(unsaved_answers.timezone, "now", lambda: later)
    assert not browser.get(at(draft, "basics")).context["is_unsaved"]


@pytest.mark.parametrize("token", ["", "nonsense", "of another page"])
def test_without_the_pages_own_token_nothing_is_held(browser, ada, draft, token):
    sign_in(browser, ada)
    form = opened(browser, at(draft, "basics"))
    other = opened(browser, at(uuid4(), "basics"))["page_token"]
    end_session(browser)
    form["page_token"] = other if token == "of another page" else token
    answer = browser.post(at(draft, "basics"), form | TYPED)
    assert (answer.status_code, Session.objects.count()) == (302, 0)


def test_what_no_form_could_hold_is_not_held(browser, ada, draft):
    sign_in(browser, ada)
    form = opened(browser, at(draft, "basics"))
    end_session(browser)
    browser.post(at(draft, "basics"), form | {"description": "x" * 70_000})
    assert Session.objects.count() == 0


def test_five_forms_are_held_at_most(browser, ada):
    sign_in(browser, ada)
    paths = [at(uuid4(), "basics") for _ in range(6)]
    forms = [opened(browser, path) for path in paths]
    end_session(browser)
    for path, form in zip(paths, forms, strict=True):
        browser.post(path, form | TYPED)
    sign_in(browser, ada)
    held = [browser.get(path).context["is_unsaved"] for path in paths]
    assert held == [False, True, True, True, True, True]


def test_boxes_are_shown_as_they_were_left_and_not_saved(browser, ada, draft):
    for domain in ("contoso.example", "contoso.test"):
        drafts.put_in_pane(author=ada, uuid=draft, source=NewSource(domain), at=make.NOON)
    drafts.select_pane(author=ada, uuid=draft, at=make.NOON)
    sign_in(browser, ada)
    form = opened(browser, at(draft, "directories"))
    form |= {"had_subdomains": ["contoso.example", "contoso.test"], "subdomains": "contoso.test"}
    end_session(browser)
    answer = browser.post(at(draft, "directories"), form)
    page = sign_in(browser, ada, next_page(answer))
    shown = [row["source"].covers_subdomains for row in page.context["sources"]]
    stored = [s["covers_subdomains"] for s in Draft.objects.get().answers["directories"]["sources"]]
    assert (shown, stored) == ([False, True], [True, True])


# the panes


def test_add_in_the_pane_comes_back_with_the_domain_that_was_found(browser, ada, draft):
    pane = at(draft, "directories/select")
    sign_in(browser, ada)
    token = token_in(browser.get(pane))
    end_session(browser)
    answer = browser.post(pane, {"csrfmiddlewaretoken": token, "add": "contoso.example"})
    page = sign_in(browser, ada, next_page(answer))
    assert (next_page(answer), page.context["found"].name) == (
        f"{pane}?domain=contoso.example",
        "contoso.example",
    )
    assert Draft.objects.count() == 0


def test_people_ticked_in_the_pane_are_ticked_again(browser, ada, sam, draft):
    pane = at(draft, "sponsors/internal")
    sign_in(browser, ada)
    form = opened(browser, pane) | {"search": "sam", "person": str(sam.uuid), "select": "1"}
    end_session(browser)
    page = sign_in(browser, ada, next_page(browser.post(pane, form)))
    ticked = [choice.person for choice in page.context["choices"] if choice.is_chosen]
    assert (ticked, page.context["search_text_here"]) == ([sam], "sam")
    assert Draft.objects.count() == 0


def test_people_ticked_for_an_organization_are_ticked_again(browser, ada, sam, fabrikam):
    pane = f"/connected-organizations/{fabrikam.uuid}/edit/sponsors/internal/"
    sign_in(browser, ada)
    form = opened(browser, pane) | {"search": "", "person": str(sam.uuid), "select": "1"}
    end_session(browser)
    page = sign_in(browser, ada, next_page(browser.post(pane, form)))
    ticked = [choice.person for choice in page.context["choices"] if choice.is_chosen]
    assert (ticked, fabrikam.sponsorships.count()) == ([sam], 0)


def test_boxes_of_an_organization_that_is_edited_are_shown_as_they_were_left(
    browser, ada, fabrikam
):
    page = f"/connected-organizations/{fabrikam.uuid}/edit/directories/"
    sign_in(browser, ada)
    form = opened(browser, page) | {"had_subdomains": "fabrikam.example", "save": "1"}
    end_session(browser)
    shown = sign_in(browser, ada, next_page(browser.post(page, form)))
    rows = [row["source"].covers_subdomains for row in shown.context["sources"]]
    assert (rows, shown.context["is_unsaved"]) == ([False], True)
    assert fabrikam.sources.get().covers_subdomains


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_dialog_gets_no_sign_in_page_but_word_of_where_to_go(browser, ada, draft, method):
    pane = at(draft, "directories/select")
    sign_in(browser, ada)
    token = token_in(browser.get(pane))
    end_session(browser)
    step = f"http://testserver{at(draft, 'directories')}?from=list"
    answer = getattr(browser, method)(
        pane,
        {"domain": "contoso.example", "csrfmiddlewaretoken": token},
        headers={"HX-Request": "true", "HX-Current-URL": step},
    )
    assert (answer.status_code, answer.content) == (204, b"")
    page = f"%2Fconnected-organizations%2Fadd%2F{draft}%2Fdirectories%2F%3Ffrom%3Dlist"
    to = f"/accounts/login/?next={page}"
    assert answer.headers["HX-Trigger"] == f'{{"session:over": {{"to": "{to}"}}}}'


def test_a_page_of_somewhere_else_is_not_led_back_to(browser, draft):
    headers = {"HX-Request": "true", "HX-Current-URL": "https://evil.example/"}
    answer = browser.get(at(draft, "directories/select"), headers=headers)
    assert '"/accounts/login/?next=%2F"' in answer.headers["HX-Trigger"]


def test_the_step_opens_the_pane_with_the_domain_that_was_typed_there(browser, ada, draft):
    sign_in(browser, ada)
    form = opened(browser, at(draft, "directories"))
    end_session(browser)
    answer = browser.post(
        at(draft, "directories"), form | {"domain": "contoso.example", "goto": "directories"}
    )
    page = page_of(sign_in(browser, ada, next_page(answer)))
    pane = f"{at(draft, 'directories/select')}?domain=contoso.example"
    assert (f'data-hx-get="{pane}"' in page, "data-open" in page) == (True, True)


# the button of another page, and another tab


def test_what_can_only_be_posted_to_leads_back_to_the_page_with_its_button(client, db):
    page, path = "/what-if/", f"/what-if/tests/{uuid4()}/remove/"
    led_to = [
        next_page(client.post(path, headers={"Referer": referrer}))
        for referrer in (f"http://testserver{page}?a=1", "https://evil.example/x", "")
    ]
    assert led_to == [f"{page}?a=1", "/", "/"]


def test_after_signing_in_again_in_another_tab_the_step_is_filled_in_again(browser, ada, draft):
    sign_in(browser, ada)
    form = opened(browser, at(draft, "basics"))
    end_session(browser)
    sign_in(browser, ada)
    answer = browser.post(at(draft, "basics"), form | TYPED)
    page = browser.get(answer.url)
    assert (answer.status_code, answer.url) == (302, at(draft, "basics"))
    assert (page.context["form"]["name"].value(), page.context["is_unsaved"]) == ("Contoso", True)
    assert Draft.objects.count() == 0


def test_a_form_of_somebody_else_is_refused_after_another_signed_in_in_another_tab(
    browser, ada, uma, draft
):
    sign_in(browser, ada)
    form = opened(browser, at(draft, "basics"))
    end_session(browser)
    sign_in(browser, uma)
    assert browser.post(at(draft, "basics"), form | TYPED).status_code == 403
    assert not browser.get(at(draft, "basics")).context["is_unsaved"]


def test_a_forged_form_is_refused_as_before(browser, ada, draft):
    sign_in(browser, ada)
    assert browser.post(at(draft, "basics"), TYPED).status_code == 403
    assert Draft.objects.count() == 0


def test_an_old_form_of_the_dialog_leads_to_the_page_itself(browser, ada, draft):
    sign_in(browser, ada)
    step = at(draft, "directories")
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{step}"}
    answer = browser.post(at(draft, "directories/select"), {"select": "1"}, headers=headers)
    assert answer.headers["HX-Trigger"] == f'{{"session:over": {{"to": "{step}"}}}}'
