"""A preview changes nothing: every table is the same afterwards, byte for byte, on whatever page or
command it was asked.
"""

from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from governance.actions import drafts
from governance.actions.organizations.deletion import delete
from governance.facts.organizations.present_sources import sources_as_chosen
from governance.models import ListRule, OwnName, Policy
from governance.rules.organizations import NewSource
from governance.rules.roles import SYSTEM
from governance.sample_data.demo import load_demo
from tests import make
from tests.admin.conftest import Desk
from tests.snapshots import rows_of_everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def portal(ada, fabrikam, bob):
    """Something for every preview to work on, and a saved test that most of them would break."""
    badge = make.package("Badge")
    make.policy(badge, "all_configured")
    make.saved_test("bob@eng.fabrikam.example", badge)
    gone = delete(
        organization=make.organization("Gone", "gone.example"), by=SYSTEM, at=timezone.now()
    )
    return {
        "badge": badge,
        "policy": Policy.objects.get(),
        "fabrikam": fabrikam,
        "gone": gone,
        "rule": make.list_rule("norr.example"),
        "own": our_name_with_a_guest(),
        "draft": a_draft(ada),
    }


def our_name_with_a_guest():
    make.guest("zoe@ours.fabrikam.example")
    return make.own_name("ours.fabrikam.example")


def a_draft(author):
    uuid = uuid4()
    drafts.save_answers(
        author=author,
        uuid=uuid,
        step="basics",
        given={"name": "Contoso"},
        is_valid=True,
        at=make.NOON,
    )
    drafts.put_in_pane(
        author=author, uuid=uuid, source=NewSource("eng.fabrikam.example"), at=make.NOON
    )
    return drafts.select_pane(author=author, uuid=uuid, at=make.NOON)


GETS = {
    "review of a draft": (
        "/connected-organizations/add/{draft.uuid}/review/?address=bob@eng.fabrikam.example"
    ),
    "pane that found a name": (
        "/connected-organizations/add/{draft.uuid}/directories/select/?domain=other.example"
    ),
    "sources being edited": "/connected-organizations/{fabrikam.uuid}/edit/directories/",
    "delete": "/connected-organizations/{fabrikam.uuid}/delete/",
    "restore": "/connected-organizations/{gone.uuid}/restore/",
    "removing a rule": "/allow-deny-list/{rule.uuid}/remove/",
    "removing a policy": "/policies/{policy.uuid}/remove/",
    "what-if": "/what-if/?email=bob@eng.fabrikam.example&package={badge.uuid}",
    "what-if of a stranger": "/what-if/?email=eve@fabr1kam.example",
    "overlap map": "/what-if/overlaps/",
}
POLICY = {
    "name": "All",
    "scope": "nobody",
    "approval": "none",
    "ends": "never",
    "extension": "none",
    "version": 1,
}
POSTS = {
    "another state": (
        "/connected-organizations/{fabrikam.uuid}/edit/basics/",
        {"name": "Fabrikam", "state": "proposed", "version": 1},
    ),
    "releasing names": ("/connected-organizations/{gone.uuid}/release/", {"name": "gone.example"}),
    "new rules": (
        "/allow-deny-list/add/",
        {"names": "fabrikam.example", "effect": "block", "breadth": "with_subdomains"},
    ),
    "a changed rule": ("/allow-deny-list/{rule.uuid}/", {"effect": "allow"}),
    "the list's default": ("/allow-deny-list/default/", {"effect": "block"}),
    "a policy": ("/policies/{policy.uuid}/edit/", POLICY),
    "a policy to be saved that breaks a test": (
        "/policies/{policy.uuid}/edit/",
        POLICY | {"save": "1"},
    ),
    "a package to be saved that breaks a test": (
        "/access-packages/{badge.uuid}/edit/",
        {"name": "Badge", "version": 1},
    ),
    "a new own name": ("/allow-deny-list/own-names/add/", {"name": "eng.fabrikam.example"}),
    "removing an own name": ("/allow-deny-list/own-names/{own.pk}/remove/", {}),
    "an invitation to be checked": (
        "/people/invite/",
        {"email": "new@fabrikam.example", "check": "1"},
    ),
}
ON_THE_ADMIN_SITE = {
    "a new rule": lambda desk, portal: desk.add(
        ListRule, name="fabrikam.example", breadth="with_subdomains", effect="block"
    ),
    "a new own name": lambda desk, portal: desk.add(OwnName, name="eng.fabrikam.example"),
    "a changed own name": lambda desk, portal: desk.change(portal["own"], name="mine.example"),
    "a changed policy": lambda desk, portal: desk.change(portal["policy"], scope="nobody"),
    "a closed package": lambda desk, portal: desk.change(portal["badge"], is_open=[]),
    "an organization's state": lambda desk, portal: desk.change(
        portal["fabrikam"], state="proposed"
    ),
}
DELETED_ON_THE_ADMIN_SITE = ["rule", "own", "policy", "fabrikam"]


@pytest.mark.parametrize("name", GETS)
def test_looking_changes_no_row(name, portal, signed_in, ada):
    client = signed_in(ada)
    before = rows_of_everything()
    assert client.get(GETS[name].format(**portal)).status_code == 200
    assert rows_of_everything() == before


@pytest.mark.parametrize("name", POSTS)
def test_asking_what_a_change_would_do_changes_no_row(name, portal, signed_in, ada):
    path, given = POSTS[name]
    client = signed_in(ada)
    before = rows_of_everything()
    assert client.post(path.format(**portal), given).status_code == 200
    assert rows_of_everything() == before


@pytest.mark.parametrize("name", ON_THE_ADMIN_SITE)
def test_what_the_admin_site_shows_first_changes_no_row(name, portal, signed_in, ada):
    desk = Desk(signed_in(ada))
    before = rows_of_everything()
    assert ON_THE_ADMIN_SITE[name](desk, portal).context["notice"].lines
    assert rows_of_everything() == before


@pytest.mark.parametrize("name", DELETED_ON_THE_ADMIN_SITE)
def test_the_question_before_deleting_on_the_admin_site_changes_no_row(
    name, portal, signed_in, ada
):
    desk = Desk(signed_in(ada))
    before = rows_of_everything()
    assert desk.read(portal[name], "delete").status_code == 200
    assert rows_of_everything() == before


def test_looking_at_what_removing_the_demo_data_does_changes_no_row(signed_in, ada):
    load_demo(by=SYSTEM, at=make.NOON)
    make.guest("max@pumpworks.example")
    make.saved_test("max@pumpworks.example")
    client = signed_in(ada)
    before = rows_of_everything()
    assert client.get("/demo-data/remove/").context["shown"].impact.tests
    assert rows_of_everything() == before


def test_the_command_changes_no_row(portal, capsys):
    before = rows_of_everything()
    with pytest.raises(SystemExit) as ended:
        call_command("decide", "bob@eng.fabrikam.example", package="Badge")
    assert (ended.value.code, rows_of_everything() == before) == (0, True)


def test_the_sources_as_they_are_chosen_are_only_read(portal):
    before = rows_of_everything()
    sources_as_chosen(portal["fabrikam"])
    assert rows_of_everything() == before
