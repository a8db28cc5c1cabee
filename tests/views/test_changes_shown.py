"""A change that moves somebody is shown before it is saved, and shown again when it would do something else by then."""

from uuid import uuid4

import pytest
from django.utils import timezone

from governance.actions import drafts
from governance.actions.deleted_organizations import delete
from governance.models import Claim, Organization, Person
from governance.queries.organization_pages import sources_as_chosen
from governance.rules.organizations import NewSource
from governance.rules.roles import SYSTEM
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered(fabrikam, bob):
    """Fabrikam with bob, whose people can ask for Badge."""
    make.policy(make.package("Badge"), "all_configured")
    return Organization.objects.get()


@pytest.fixture
def client(signed_in, ada):
    return signed_in(ada)


def page(organization, *parts: str) -> str:
    return "/".join(["/connected-organizations", str(organization.uuid), *parts, ""])


def basics(organization, **more) -> dict:
    return {"name": organization.name, "description": "", "state": organization.state, "version": organization.version} | more


def state() -> str:
    return Organization.objects.get(name="Fabrikam").state


class TestState:
    def test_who_loses_what_is_shown_before_it_is_saved(self, client, offered):
        answer = client.post(page(offered, "edit/basics"), basics(offered, state="proposed"))
        assert "1 person loses" in " ".join(answer.content.decode().replace("<strong>", "").replace("</strong>", "").split())
        assert state() == "configured"

    def test_it_is_saved_once_it_was_seen(self, client, offered):
        shown = client.post(page(offered, "edit/basics"), basics(offered, state="proposed")).context["change"]
        answer = client.post(page(offered, "edit/basics"), basics(offered, state="proposed", seen=shown.fingerprint))
        assert (answer.status_code, state()) == (303, "proposed")

    def test_it_is_shown_again_when_it_would_do_something_else(self, client, offered):
        shown = client.post(page(offered, "edit/basics"), basics(offered, state="proposed")).context["change"]
        make.guest("zoe@fabrikam.example")
        offered.refresh_from_db()
        answer = client.post(page(offered, "edit/basics"), basics(offered, state="proposed", seen=shown.fingerprint))
        assert (answer.context["change"].people, state()) == (2, "configured")

    def test_a_state_that_nobody_notices_is_saved_at_once(self, client, fabrikam):
        client.post(page(fabrikam, "edit/basics"), basics(fabrikam, state="proposed"))
        assert state() == "proposed"

    def test_a_saved_test_that_would_break_is_named_first(self, client, offered):
        make.saved_test("new@fabrikam.example")
        answer = client.post(page(offered, "edit/basics"), basics(offered, state="proposed"))
        assert [result.test.email for result in answer.context["broken"]] == ["new@fabrikam.example"]


class TestDelete:
    def test_the_page_names_who_loses_what(self, client, offered):
        change = client.get(page(offered, "delete")).context["change"]
        assert (change.people, change.loses) == (1, ("Badge",))

    def test_it_deletes_what_was_seen(self, client, offered):
        seen = client.get(page(offered, "delete")).context["change"].fingerprint
        assert client.post(page(offered, "delete"), {"name": "fabrikam", "seen": seen}).status_code == 303
        assert Organization.objects.get().is_deleted

    def test_what_changed_meanwhile_is_shown_again(self, client, offered):
        seen = client.get(page(offered, "delete")).context["change"].fingerprint
        make.policy(make.package("Drawings"), "all_configured")
        answer = client.post(page(offered, "delete"), {"name": "Fabrikam", "seen": seen})
        assert (answer.status_code, answer.context["typed"], Organization.objects.get().is_deleted) == (409, "Fabrikam", False)

    def test_another_name_deletes_nothing_and_says_so(self, client, offered):
        answer = client.post(page(offered, "delete"), {"name": "Contoso"})
        assert (answer.status_code, answer.context["problem"]) == (422, "The name you typed does not match")

    def test_the_password_is_asked_again_before_and_then_it_is_deleted(self, client, offered, ada):
        ada.set_password(make.PASSWORD)
        ada.save()
        client.force_login(ada, backend="governance.models.sign_in.RoleBackend")
        seen = client.get(page(offered, "delete")).context["change"].fingerprint
        asked = client.post(page(offered, "delete"), {"name": "Fabrikam", "seen": seen})
        assert (asked.url.partition("?")[0], Organization.objects.get().is_deleted) == ("/accounts/reauthenticate/", False)
        client.post(asked.url, {"password": make.PASSWORD})
        assert Organization.objects.get().is_deleted


class TestRestore:
    @pytest.fixture
    def gone(self, offered):
        return delete(organization=offered, by=SYSTEM, at=timezone.now())

    def test_the_page_says_what_comes_back(self, client, gone):
        back = client.get(page(gone, "restore")).context["back"]
        assert (back.kept, back.change.gains) == (("fabrikam.example",), ("Badge",))

    def test_it_restores_what_was_seen(self, client, gone):
        seen = client.get(page(gone, "restore")).context["back"].fingerprint
        assert client.post(page(gone, "restore"), {"seen": seen}).status_code == 303
        assert not Organization.objects.get().is_deleted

    def test_a_name_taken_meanwhile_is_shown_first(self, client, gone):
        make.organization("Contoso", "contoso.example")
        seen = client.get(page(gone, "restore")).context["back"].fingerprint
        make.organization("Fabrikam", "other.example")
        answer = client.post(page(gone, "restore"), {"seen": seen})
        assert (answer.status_code, answer.context["back"].name) == (409, "Fabrikam (restored)")


class TestRelease:
    @pytest.fixture
    def gone(self, offered):
        make.organization("Wide", "eng.fabrikam.example")
        return delete(organization=Organization.objects.get(name="Wide"), by=SYSTEM, at=timezone.now())

    def test_whom_it_moves_is_shown_first(self, client, gone):
        answer = client.post(page(gone, "release"), {"name": ["eng.fabrikam.example"]})
        assert [(move.before, move.after) for move in answer.context["effect"].people] == [("Wide", "Fabrikam")]
        assert Claim.objects.present().filter(name="eng.fabrikam.example").exists()

    def test_the_name_is_let_go_once_it_was_seen(self, client, gone, bob):
        seen = client.post(page(gone, "release"), {"name": ["eng.fabrikam.example"]}).context["effect"].fingerprint
        assert client.post(page(gone, "release"), {"name": ["eng.fabrikam.example"], "seen": seen}).status_code == 303
        bob.refresh_from_db()
        assert bob.organization.name == "Fabrikam"

    def test_no_name_is_a_problem_and_not_a_success(self, client, gone):
        answer = client.post(page(gone, "release"), {})
        assert (answer.status_code, str(answer.context["refusal"])) == (422, "Select at least one name")


class TestList:
    RULE = {"names": "fabrikam.example", "effect": "block", "breadth": "with_subdomains"}

    def test_organizations_and_people_who_are_shut_out_are_named_first(self, client, offered):
        effect = client.post("/allow-deny-list/add/", self.RULE).context["effect"]
        assert (effect.blocks, effect.people_blocked, effect.people) == (1, 1, (("Bob Ferreira", "bob@eng.fabrikam.example", True),))
        assert effect.organizations == ((str(offered.uuid), "Fabrikam"),)

    def test_people_whom_removing_a_rule_lets_in_are_named(self, client, offered):
        rule = make.list_rule("eng.fabrikam.example")
        assert client.get(f"/allow-deny-list/{rule.uuid}/remove/").context["effect"].people == (("Bob Ferreira", "bob@eng.fabrikam.example", False),)

    def test_another_default_names_whom_it_shuts_out(self, client, offered):
        assert client.post("/allow-deny-list/default/", {"effect": "block"}).context["effect"].people == (("Bob Ferreira", "bob@eng.fabrikam.example", True),)

    @pytest.mark.parametrize(("path", "given"), [("/allow-deny-list/add/", RULE), ("/allow-deny-list/default/", {"effect": "block"})], ids=["rule", "default"])
    def test_a_saved_test_that_would_break_is_named_first(self, client, offered, path, given):
        make.saved_test("bob@eng.fabrikam.example")
        assert [result.answer.code for result in client.post(path, given).context["broken"]] == ["domain_blocked"]


def test_review_names_the_saved_test_that_creating_it_would_break(client, ada, offered):
    make.saved_test("bob@eng.fabrikam.example")
    uuid = uuid4()
    own = {"author": ada, "uuid": uuid, "at": make.NOON}
    drafts.save_answers(step="basics", given={"name": "Labs", "state": "proposed"}, is_valid=True, **own)
    drafts.put_in_pane(source=NewSource("eng.fabrikam.example"), **own)
    drafts.select_pane(**own)
    page = client.get(f"/connected-organizations/add/{uuid}/review/")
    assert [(result.test.email, result.answer.code) for result in page.context["broken"]] == [("bob@eng.fabrikam.example", "organization_proposed")]
    assert Organization.objects.count() == 1


def test_editing_sources_names_the_saved_test_that_it_would_break(client, ada, offered):
    make.saved_test("bob@eng.fabrikam.example")
    uuid = drafts.begin_edit(author=ada, organization=offered, sources=sources_as_chosen(offered), at=make.NOON).uuid
    drafts.switch_subdomains(author=ada, uuid=uuid, included=[], at=make.NOON)
    broken = client.get(page(offered, "edit/directories")).context["broken"]
    assert [result.answer.code for result in broken] == ["no_organization"]


def test_narrowing_a_source_and_saving_in_one_press_shows_the_broken_test_first(client, ada, offered):
    make.saved_test("new@eng.fabrikam.example")
    make.guest("zoe@fabrikam.example")
    Person.objects.filter(domain="eng.fabrikam.example").delete()
    drafts.begin_edit(author=ada, organization=offered, sources=sources_as_chosen(offered), at=make.NOON)
    seen = client.get(page(offered, "edit/directories")).context["changes"].fingerprint
    given = {"save": "1", "seen": seen, "version": offered.version}
    shown = client.post(page(offered, "edit/directories"), given)
    assert (shown.status_code, [result.answer.code for result in shown.context["broken"]]) == (409, ["no_organization"])
    given |= {"seen": shown.context["changes"].fingerprint, "seen_tests": shown.context["seen_tests"]}
    assert client.post(page(offered, "edit/directories"), given).status_code == 303
