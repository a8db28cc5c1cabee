"""Help: the guide for administrators in the portal, and as files."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest

from governance.models import Policy
from governance.queries.guide import FOLDER, PAGES, _page, guide_pages
from governance.rules.access_requests.transitions import STATE_WORDS
from governance.rules.roles import ROLES
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text()


def test_every_file_is_a_page_and_every_page_a_file():
    assert sorted(path.stem for path in FOLDER.glob("*.md")) == sorted([*PAGES, "README"])


def test_the_files_own_contents_list_the_same_pages_in_the_same_order():
    assert tuple(re.findall(r"\((\S+)\.md\)", text_of("README"))) == PAGES


@pytest.mark.parametrize("who", ["ada", "gil", "rob", "bob"])
def test_everyone_signed_in_reads_every_page(request, signed_in, who):
    client = signed_in(request.getfixturevalue(who))
    paths = ["/help/", *(f"/help/{name}/" for name in PAGES)]
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


def test_a_stranger_signs_in_first(client, db):
    client.logout()
    assert client.get("/help/roles/").status_code == 302


@pytest.mark.parametrize("name", ["README", "nothing", "first_steps", "roles-md"])
def test_a_page_that_is_none_is_not_found(client, name):
    assert client.get(f"/help/{name}/").status_code == 404


def test_the_contents_have_every_page_by_its_title_and_the_shortcuts(client):
    page = client.get("/help/").content.decode()
    main = page.partition("<main")[2].partition("</main>")[0]
    listed = re.findall(r'class="name" href="/help/([a-z-]+)/">([^<]*)<', main)
    assert listed == [(page.name, page.title) for page in guide_pages()]
    assert "Keyboard shortcuts" in main


def test_the_help_button_of_every_header_leads_there(client):
    assert 'href="/help/" aria-label="Help"' in client.get("/people/").content.decode()


def test_links_between_pages_lead_to_pages_of_the_portal_and_headings_that_exist(client):
    broken = []
    for page in guide_pages():
        for href in re.findall(r'href="([^"]*)"', page.html):
            path, _hash, heading = urljoin(f"/help/{page.name}/", href).partition("#")
            answer = client.get(path)
            if answer.status_code != 200 or f'id="{heading}"' not in (
                answer.content.decode() + 'id=""'
            ):
                broken.append((page.name, href))
    assert broken == []


def test_headings_have_ids():
    html = next(page.html for page in guide_pages() if page.name == "audit-log")
    assert re.findall(r'<h2 id="([^"]*)">', html) == [
        "find-an-event",
        "one-event",
        "export",
        "how-you-know-that-it-is-complete",
    ]


def test_html_in_a_file_is_shown_as_text():
    page = _page("x", "# Title\n\n<script>alert(1)</script> [a](javascript:alert(1))\n")
    assert page.html == ("<p>&lt;script&gt;alert(1)&lt;/script&gt; [a](javascript:alert(1))</p>\n")


def test_a_link_to_a_heading_of_another_file_keeps_it():
    page = _page("x", "# Title\n\n[a](roles.md#who) [b](https://a.example/x.md)\n")
    assert re.findall(r'href="([^"]*)"', page.html) == ["../roles/#who", "https://a.example/x.md"]


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_longer_than_two_screens(name):
    assert len(text_of(name).splitlines()) <= 60


def test_the_guide_names_who_can_request_as_the_policy_form_does():
    text = text_of("policies")
    assert [label for label in Policy.Scope.labels if f"| {label} |" not in text] == []


def test_the_guide_names_every_state_of_a_request():
    text = text_of("approvals")
    assert [words for words in STATE_WORDS.values() if f"| {words} |" not in text] == []


def test_the_guide_names_every_role():
    assert [role for role in ROLES if role not in text_of("roles")] == []


def test_an_empty_list_leads_to_how_it_works(signed_in, ada):
    make.own_name("harbourgate.example")
    page = signed_in(ada).get("/connected-organizations/").content.decode()
    assert re.search(r'href="/help/connecting-a-partner/">\s*How it works', page)
