"""A change that moves somebody is shown before it is saved, and shown again when it would do something else by then."""

from uuid import uuid4

import pytest
from django.utils import timezone

from governance.actions import drafts
from governance.actions.deleted_organizations import delete
from governance.models import Claim, Organization, Person, Policy
from governance.queries.organization_pages import sources_as_chosen
from governance.rules.organizations import NewSource
from governance.rules.roles import SYSTEM
from tests import make

from .reading import markup_of

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
    return {
        "name": organization.name,
        "description": "",
        "state": organization.state,
        "version": organization.version,
    } | more


def state() -> str:
    return Organization.objects.get(name="Fabrikam").state


class TestState:
    def test_who_loses_what_is_shown_before_it_is_saved(self, client, offered):
        answer = client.post(page(offered, "edit/basics"), basics(offered, state="proposed"))
        assert "1 person loses" in " ".join(
            answer.content.decode().replace("<strong>", "").replace("</strong>", "").split()
        )
        assert state() == "configured"

    def test_it_is_saved_once_it_was_seen(self, client, offered):
        shown = client.post(
            page(offered, "edit/basics"), basics(offered, state="proposed")
        ).context["change"]
        answer = client.post(
            page(offered, "edit/basics"), basics(offered, state="proposed", seen=shown.fingerprint)
        )
        assert (answer.status_code, state()) == (303, "proposed")

    def test_it_is_shown_again_when_it_would_do_something_else(self, client, offered):
        shown = client.post(
            page(offered, "edit/basics"), basics(offered, state="proposed")
        ).context["change"]
        make.guest("zoe@fabrikam.example")
        offered.refresh_from_db()
        answer = client.post(
            page(offered, "edit/basics"), basics(offered, state="proposed", seen=shown.fingerprint)
        )
        assert (answer.context["change"].people, state()) == (2, "configured")

    def test_a_state_that_nobody_notices_is_saved_at_once(self, client, fabrikam):
        client.post(page(fabrikam, "edit/basics"), basics(fabrikam, state="proposed"))
        assert state() == "proposed"

    def test_configuring_shows_the_sponsors_and_who_named_them_first(self, client, sam):
        organization = make.organization(state="proposed")
        make.sponsor(organization, sam)
        shown = client.post(
            page(organization, "edit/basics"), basics(organization, state="configured")
        )
        assert f"{sam.email}, internal, named by System" in markup_of(shown)
        assert state() == "proposed"
        seen = shown.context["shown"].seen
        client.post(
            page(organization, "edit/basics"), basics(organization, state="configured", seen=seen)
        )
        assert state() == "configured"

    def test_configuring_says_that_there_is_no_sponsor(self, client):
        organization = make.organization(state="proposed")
        shown = client.post(
            page(organization, "edit/basics"), basics(organization, state="configured")
        )
        assert ("No sponsor" in shown.content.decode(), state()) == (True, "proposed")

    def test_a_saved_test_that_would_break_is_named_first(self, client, offered):
        make.saved_test("new@fabrikam.example")
        answer = client.post(page(offered, "edit/basics"), basics(offered, state="proposed"))
        assert [result.test.email for result in answer.context["broken"]] == [
            "new@fabrikam.example"
        ]


class TestDelete:
    def test_the_page_names_who_loses_what(self, client, offered):
        change = client.get(page(offered, "delete")).context["change"]
        assert (change.people, change.loses) == (1, ("Badge",))

    def test_it_deletes_what_was_seen(self, client, offered):
        seen = client.get(page(offered, "delete")).context["shown"].seen
        assert (
            client.post(page(offered, "delete"), {"name": "fabrikam", "seen": seen}).status_code
            == 303
        )
        assert Organization.objects.get().is_deleted

    def test_what_changed_meanwhile_is_shown_again(self, client, offered):
        seen = client.get(page(offered, "delete")).context["shown"].seen
        make.policy(make.package("Drawings"), "all_configured")
        answer = client.post(page(offered, "delete"), {"name": "Fabrikam", "seen": seen})
        assert (
            answer.status_code,
            answer.context["typed"],
            Organization.objects.get().is_deleted,
        ) == (409, "Fabrikam", False)

    def test_another_name_deletes_nothing_and_says_so(self, client, offered):
        answer = client.post(page(offered, "delete"), {"name": "Contoso"})
        assert (answer.status_code, answer.context["problem"]) == (
            422,
            "The name you typed does not match",
        )

    def test_the_password_is_asked_again_before_and_then_it_is_deleted(self, client, offered, ada):
        ada.set_password(make.PASSWORD)
        ada.save()
        client.force_login(ada, backend="governance.models.sign_in.RoleBackend")
        seen = client.get(page(offered, "delete")).context["shown"].seen
        asked = client.post(page(offered, "delete"), {"name": "Fabrikam", "seen": seen})
        assert (asked.url.partition("?")[0], Organization.objects.get().is_deleted) == (
            "/accounts/reauthenticate/",
            False,
        )
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
        return delete(
            organization=Organization.objects.get(name="Wide"), by=SYSTEM, at=timezone.now()
        )

    def test_whom_it_moves_is_shown_first(self, client, gone):
        answer = client.post(page(gone, "release"), {"name": ["eng.fabrikam.example"]})
        assert [(move.before, move.after) for move in answer.context["effect"].people] == [
            ("Wide, deleted", "Fabrikam")
        ]
        assert Claim.objects.present().filter(name="eng.fabrikam.example").exists()

    def test_the_name_is_let_go_once_it_was_seen(self, client, gone, bob):
        seen = (
            client.post(page(gone, "release"), {"name": ["eng.fabrikam.example"]})
            .context["effect"]
            .fingerprint
        )
        assert (
            client.post(
                page(gone, "release"), {"name": ["eng.fabrikam.example"], "seen": seen}
            ).status_code
            == 303
        )
        bob.refresh_from_db()
        assert bob.organization.name == "Fabrikam"

    def test_no_name_is_a_problem_and_not_a_success(self, client, gone):
        answer = client.post(page(gone, "release"), {})
        assert (answer.status_code, str(answer.context["refusal"])) == (
            422,
            "Select at least one name",
        )


class TestList:
    RULE = {"names": "fabrikam.example", "effect": "block", "breadth": "with_subdomains"}

    def test_organizations_and_people_who_are_shut_out_are_named_first(self, client, offered):
        effect = client.post("/allow-deny-list/add/", self.RULE).context["effect"]
        assert (effect.blocks, effect.people_blocked, effect.people) == (
            1,
            1,
            (("Bob Ferreira", "bob@eng.fabrikam.example", True),),
        )
        assert effect.organizations == ((str(offered.uuid), "Fabrikam"),)

    def test_people_whom_removing_a_rule_lets_in_are_named(self, client, offered):
        rule = make.list_rule("eng.fabrikam.example")
        assert client.get(f"/allow-deny-list/{rule.uuid}/remove/").context["effect"].people == (
            ("Bob Ferreira", "bob@eng.fabrikam.example", False),
        )

    def test_another_default_names_whom_it_shuts_out(self, client, offered):
        assert client.post("/allow-deny-list/default/", {"effect": "block"}).context[
            "effect"
        ].people == (("Bob Ferreira", "bob@eng.fabrikam.example", True),)

    @pytest.mark.parametrize(
        ("path", "given"),
        [("/allow-deny-list/add/", RULE), ("/allow-deny-list/default/", {"effect": "block"})],
        ids=["rule", "default"],
    )
    def test_a_saved_test_that_would_break_is_named_first(self, client, offered, path, given):
        make.saved_test("bob@eng.fabrikam.example")
        assert [result.answer.code for result in client.post(path, given).context["broken"]] == [
            "domain_blocked"
        ]


class TestPolicy:
    @pytest.fixture
    def policy(self, offered):
        return Policy.objects.get()

    @staticmethod
    def given(scope: str = "nobody", **more) -> dict:
        return {
            "name": "All",
            "scope": scope,
            "needs_approval": "on",
            "is_open": "on",
            "version": 1,
            "save": "1",
        } | more

    def test_organizations_that_a_narrower_policy_shuts_out_are_shown_before_it_is_saved(
        self, client, policy
    ):
        shown = client.post(f"/policies/{policy.uuid}/edit/", self.given())
        assert (shown.context["effect"].loses.names, b"Save all the same" in shown.content) == (
            ("Fabrikam",),
            True,
        )
        assert Policy.objects.get().scope == "all_configured"

    def test_it_is_saved_once_it_was_seen(self, client, policy):
        seen = client.post(f"/policies/{policy.uuid}/edit/", self.given()).context["shown"].seen
        assert (
            client.post(f"/policies/{policy.uuid}/edit/", self.given(seen=seen)).status_code == 303
        )
        assert Policy.objects.get().scope == "nobody"

    def test_what_was_shown_while_typing_was_seen(self, client, policy):
        typed = {name: value for name, value in self.given().items() if name != "save"}
        seen = (
            client.post(f"/policies/{policy.uuid}/edit/", typed, headers={"HX-Request": "true"})
            .context["shown"]
            .seen
        )
        assert (
            client.post(f"/policies/{policy.uuid}/edit/", self.given(seen=seen)).status_code == 303
        )

    def test_it_is_shown_again_when_it_would_do_something_else(self, client, policy):
        seen = client.post(f"/policies/{policy.uuid}/edit/", self.given()).context["shown"].seen
        make.organization("Contoso", "contoso.example")
        again = client.post(f"/policies/{policy.uuid}/edit/", self.given(seen=seen))
        assert (again.context["effect"].loses.names, Policy.objects.get().scope) == (
            ("Contoso", "Fabrikam"),
            "all_configured",
        )

    def test_one_that_moves_nobody_is_saved_at_once(self, client, policy):
        assert (
            client.post(f"/policies/{policy.uuid}/edit/", self.given("all_configured")).status_code
            == 303
        )

    def test_organizations_that_a_new_one_lets_in_are_shown_before_it_is_saved(
        self, client, offered
    ):
        package = make.package("Drawings")
        shown = client.post(
            f"/access-packages/{package.uuid}/policies/add/", self.given("all_configured")
        )
        assert (shown.context["effect"].gains.names, package.policies.count()) == (("Fabrikam",), 0)

    def test_one_for_anyone_is_shown_before_it_is_saved_even_where_nobody_is_a_stranger(
        self, client, offered
    ):
        package = make.package("Drawings")
        shown = client.post(
            f"/access-packages/{package.uuid}/policies/add/", self.given("any_outside")
        )
        assert (
            shown.context["effect"].gains.anyone,
            b"any outside person, whether anybody here knows them or not" in shown.content,
            package.policies.count(),
        ) == (True, True, 0)
        seen = shown.context["shown"].seen
        assert (
            client.post(
                f"/access-packages/{package.uuid}/policies/add/",
                self.given("any_outside", seen=seen),
            ).status_code
            == 303
        )

    def test_a_guest_without_an_organization_is_named_whom_one_for_anyone_lets_in(
        self, client, offered, eve
    ):
        package = make.package("Drawings")
        shown = client.post(
            f"/access-packages/{package.uuid}/policies/add/", self.given("any_outside")
        )
        assert "1 guest without an organization" in markup_of(shown)
        assert (
            f'<bdi>{eve.name}</bdi> <span class="muted">{eve.email}</span>'
            in shown.content.decode()
        )

    def test_one_for_anyone_that_goes_shows_whom_that_shuts_out(self, client, offered, eve):
        row = make.policy(make.package("Drawings"), "any_outside")
        shown = client.get(f"/policies/{row.uuid}/remove/")
        assert (
            shown.context["effect"].loses.strangers.first,
            "The same" in shown.content.decode(),
        ) == (((eve.name, eve.email),), False)

    def test_members_whom_another_scope_shuts_out_are_named_before_it_is_saved(
        self, client, offered, ada
    ):
        row = make.policy(make.package("Drawings"), "members")
        shown = client.post(f"/policies/{row.uuid}/edit/", self.given())
        row.refresh_from_db()
        assert (shown.context["effect"].loses.members.first, row.scope) == (
            ((ada.name, ada.email),),
            "members",
        )

    def test_a_shared_mailbox_is_named_before_approval_is_switched_off(self, client, policy):
        make.guest("support@fabrikam.example")
        without = {
            name: value
            for name, value in self.given("all_configured").items()
            if name != "needs_approval"
        }
        shown = client.post(f"/policies/{policy.uuid}/edit/", without)
        assert (
            shown.context["effect"].loses.shared.first,
            Policy.objects.get().needs_approval,
        ) == ((("Support", "support@fabrikam.example"),), True)
        assert (
            client.post(
                f"/policies/{policy.uuid}/edit/", without | {"seen": shown.context["shown"].seen}
            ).status_code
            == 303
        )

    def test_a_closed_package_is_said_to_change_nothing_for_anybody(self, client, offered):
        package = make.package("Drawings", is_open=False)
        typed = {name: value for name, value in self.given("any_outside").items() if name != "save"}
        shown = client.post(f"/access-packages/{package.uuid}/policies/add/", typed)
        assert (
            "Nothing changes for anybody while the package is closed" in shown.content.decode(),
            shown.context["shown"].seen,
        ) == (True, "")

    def test_it_goes_once_it_was_seen_whom_that_shuts_out(self, client, policy):
        seen = client.get(f"/policies/{policy.uuid}/remove/").context["shown"].seen
        assert client.post(f"/policies/{policy.uuid}/remove/", {"seen": seen}).status_code == 303
        assert not Policy.objects.exists()

    @pytest.mark.parametrize(
        ("given", "status"),
        [({}, 200), ({"seen": "something else"}, 409)],
        ids=["nothing seen", "something else seen"],
    )
    def test_it_stays_until_it_was_seen_whom_that_shuts_out(self, client, policy, given, status):
        shown = client.post(f"/policies/{policy.uuid}/remove/", given)
        assert (shown.status_code, shown.context["effect"].loses.names, Policy.objects.count()) == (
            status,
            ("Fabrikam",),
            1,
        )


class TestPackage:
    def test_whom_closing_it_shuts_out_is_named_before_it_is_saved(self, client, eve):
        make.policy(package := make.package(), "any_outside")
        given = {"name": "Drawings", "is_listed": "on", "version": package.version}
        shown = client.post(f"/access-packages/{package.uuid}/edit/", given)
        package.refresh_from_db()
        assert (shown.context["effect"].loses.strangers.first, package.is_open) == (
            ((eve.name, eve.email),),
            True,
        )
        assert (
            client.post(
                f"/access-packages/{package.uuid}/edit/",
                given | {"seen": shown.context["shown"].seen},
            ).status_code
            == 303
        )


def test_review_names_the_saved_test_that_creating_it_would_break(client, ada, offered):
    make.saved_test("bob@eng.fabrikam.example")
    uuid = uuid4()
    own = {"author": ada, "uuid": uuid, "at": make.NOON}
    drafts.save_answers(
        step="basics", given={"name": "Labs", "state": "proposed"}, is_valid=True, **own
    )
    drafts.put_in_pane(source=NewSource("eng.fabrikam.example"), **own)
    drafts.select_pane(**own)
    page = client.get(f"/connected-organizations/add/{uuid}/review/")
    assert [(result.test.email, result.answer.code) for result in page.context["broken"]] == [
        ("bob@eng.fabrikam.example", "organization_proposed")
    ]
    assert Organization.objects.count() == 1


def test_editing_sources_names_the_saved_test_that_it_would_break(client, ada, offered):
    make.saved_test("bob@eng.fabrikam.example")
    uuid = drafts.begin_edit(
        author=ada, organization=offered, sources=sources_as_chosen(offered), at=make.NOON
    ).uuid
    drafts.switch_subdomains(author=ada, uuid=uuid, on=[], off=["fabrikam.example"], at=make.NOON)
    broken = client.get(page(offered, "edit/directories")).context["broken"]
    assert [result.answer.code for result in broken] == ["no_organization"]


def test_narrowing_a_source_and_saving_in_one_press_shows_the_broken_test_first(
    client, ada, offered
):
    make.saved_test("new@eng.fabrikam.example")
    make.guest("zoe@fabrikam.example")
    Person.objects.filter(domain="eng.fabrikam.example").delete()
    drafts.begin_edit(
        author=ada, organization=offered, sources=sources_as_chosen(offered), at=make.NOON
    )
    seen = client.get(page(offered, "edit/directories")).context["changes"].fingerprint
    given = {"save": "1", "seen": seen, "version": offered.version}
    given["had_subdomains"] = "fabrikam.example"
    shown = client.post(page(offered, "edit/directories"), given)
    assert (shown.status_code, [result.answer.code for result in shown.context["broken"]]) == (
        409,
        ["no_organization"],
    )
    given |= {
        "seen": shown.context["changes"].fingerprint,
        "seen_tests": shown.context["seen_tests"],
    }
    assert client.post(page(offered, "edit/directories"), given).status_code == 303


@pytest.fixture
def child_let_through(offered):
    """Everything of Fabrikam is blocked but eng.fabrikam.example, where bob is."""
    make.list_rule("fabrikam.example")
    make.list_rule("eng.fabrikam.example", "allow")
    return offered


def test_a_state_that_people_at_one_name_let_through_notice_is_shown_first(
    client, child_let_through
):
    change = client.post(
        page(child_let_through, "edit/basics"), basics(child_let_through, state="proposed")
    ).context["change"]
    assert (change.loses, change.people, state()) == (("Badge",), 1, "configured")


def test_what_an_organization_can_ask_for_counts_a_name_let_through(client, child_let_through):
    shown = client.get(page(child_let_through)).content.decode()
    assert ("Badge" in shown, "blocks all of its names" in shown) == (True, False)


def test_review_counts_a_name_let_through(client, ada):
    make.policy(make.package("Badge"), "all_configured")
    make.list_rule("labs.example")
    make.list_rule("eng.labs.example", "allow")
    uuid = uuid4()
    own = {"author": ada, "uuid": uuid, "at": make.NOON}
    drafts.save_answers(
        step="basics", given={"name": "Labs", "state": "configured"}, is_valid=True, **own
    )
    drafts.put_in_pane(source=NewSource("labs.example"), **own)
    drafts.select_pane(**own)
    shown = client.get(f"/connected-organizations/add/{uuid}/review/").content.decode()
    assert ("Badge" in shown, "blocks every name above" in shown) == (True, False)
