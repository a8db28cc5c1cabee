"""A change that moves somebody is shown before it is saved, and shown again when it would do
something else by then.
"""

from uuid import uuid4

import pytest
from django.utils import timezone

from governance.actions import drafts
from governance.actions.organizations.deletion import delete
from governance.facts.organizations.present_sources import sources_as_chosen
from governance.models import Claim, Organization, Person, Policy
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


def press(client, url: str, given: dict | None = None):
    """Press the button without having seen what it does."""
    return client.post(url, given or {})


def press_again(client, url: str, given: dict, shown):
    """Press it once more, after what the page showed."""
    return client.post(url, given | {"seen": shown.context["shown"].seen})


def impact(answer):
    return answer.context["shown"].impact


def people_who(what: str, answer) -> dict[str, tuple[str, ...]]:
    """The people who gain or lose (or whose approval changes), by address, with the packages."""
    return {
        each.email: packages(each, what) for each in impact(answer).people if packages(each, what)
    }


def organizations_that(what: str, answer) -> set[tuple[str, tuple[str, ...]]]:
    """The organizations at whose domains anyone gains or loses, with the packages."""
    return {
        (each.organization, packages(each, what))
        for each in impact(answer).domains
        if packages(each, what)
    }


def groups_that(what: str, answer) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (each.who, packages(each, what)) for each in impact(answer).groups if packages(each, what)
    ]


def packages(each, what: str) -> tuple[str, ...]:
    return tuple(access.package for access in getattr(each.difference, what))


def broken_tests(answer) -> list[tuple[str, str]]:
    """The saved tests that would fail, each with the first sentence of the reason."""
    return [(test.name, test.reason.partition(". ")[0]) for test in impact(answer).tests]


def state() -> str:
    return Organization.objects.get(name="Fabrikam").state


BOB = "bob@eng.fabrikam.example"
NOT_COVERED = "No connected organization covers eng.fabrikam.example"
ELSEWHERE = "People whose domain is in no connected organization and no rule"


class TestState:
    def test_who_loses_what_is_shown_before_it_is_saved(self, client, offered):
        answer = press(client, page(offered, "edit/basics"), basics(offered, state="proposed"))
        assert (answer.status_code, people_who("loses", answer)) == (200, {BOB: ("Badge",)})
        assert "Bob Ferreira can no longer request Badge." in markup_of(answer)
        assert state() == "configured"

    def test_it_is_saved_once_it_was_seen(self, client, offered):
        url, given = page(offered, "edit/basics"), basics(offered, state="proposed")
        answer = press_again(client, url, given, press(client, url, given))
        assert (answer.status_code, state()) == (303, "proposed")

    def test_it_is_shown_again_when_it_would_do_something_else(self, client, offered):
        url, given = page(offered, "edit/basics"), basics(offered, state="proposed")
        shown = press(client, url, given)
        make.guest("zoe@fabrikam.example")
        offered.refresh_from_db()
        answer = press_again(client, url, basics(offered, state="proposed"), shown)
        assert (answer.status_code, people_who("loses", answer), state()) == (
            409,
            {"zoe@fabrikam.example": ("Badge",), BOB: ("Badge",)},
            "configured",
        )

    def test_a_state_that_nobody_notices_is_saved_at_once(self, client, fabrikam):
        client.post(page(fabrikam, "edit/basics"), basics(fabrikam, state="proposed"))
        assert state() == "proposed"

    def test_configuring_shows_the_sponsors_and_who_named_them_first(self, client, sam):
        organization = make.organization(state="proposed")
        make.sponsor(organization, sam)
        shown = client.post(
            page(organization, "edit/basics"), basics(organization, state="configured")
        )
        assert f"{sam.email}, internal, added by System" in markup_of(shown)
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
        assert broken_tests(answer) == [
            ("new@fabrikam.example", "Fabrikam is proposed and is waiting for a decision")
        ]
        assert state() == "configured"


class TestDelete:
    def test_the_page_names_who_loses_what(self, client, offered):
        shown = client.get(page(offered, "delete"))
        assert people_who("loses", shown) == {BOB: ("Badge",)}

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
        shown = client.get(page(gone, "restore"))
        assert (shown.context["back"].kept, people_who("gains", shown)) == (
            ("fabrikam.example",),
            {BOB: ("Badge",)},
        )

    def test_it_restores_what_was_seen(self, client, gone):
        shown = client.get(page(gone, "restore"))
        assert press_again(client, page(gone, "restore"), {}, shown).status_code == 303
        assert not Organization.objects.get().is_deleted

    def test_a_name_taken_meanwhile_is_shown_first(self, client, gone):
        make.organization("Contoso", "contoso.example")
        shown = client.get(page(gone, "restore"))
        make.organization("Fabrikam", "other.example")
        answer = press_again(client, page(gone, "restore"), {}, shown)
        assert (answer.status_code, answer.context["back"].name) == (409, "Fabrikam (restored)")


class TestRelease:
    @pytest.fixture
    def gone(self, offered):
        make.organization("Wide", "eng.fabrikam.example")
        return delete(
            organization=Organization.objects.get(name="Wide"), by=SYSTEM, at=timezone.now()
        )

    GIVEN = {"name": ["eng.fabrikam.example"]}

    def test_whom_it_moves_is_shown_first(self, client, gone):
        answer = press(client, page(gone, "release"), self.GIVEN)
        assert [
            (each.email, each.difference.before, each.difference.after)
            for each in impact(answer).people
        ] == [(BOB, "Wide (deleted)", "Fabrikam")]
        assert Claim.objects.present().filter(name="eng.fabrikam.example").exists()

    def test_the_name_is_let_go_once_it_was_seen(self, client, gone, bob):
        shown = press(client, page(gone, "release"), self.GIVEN)
        answer = press_again(client, page(gone, "release"), self.GIVEN, shown)
        assert answer.status_code == 303
        bob.refresh_from_db()
        assert bob.organization.name == "Fabrikam"

    def test_no_name_is_a_problem_and_not_a_success(self, client, gone):
        answer = client.post(page(gone, "release"), {})
        assert (answer.status_code, str(answer.context["shown"].refusal)) == (
            422,
            "Select at least one domain",
        )


class TestList:
    RULE = {"names": "fabrikam.example", "effect": "block", "breadth": "with_subdomains"}

    def test_organizations_and_people_who_are_shut_out_are_named_first(self, client, offered):
        shown = press(client, "/allow-deny-list/add/", self.RULE)
        assert people_who("loses", shown) == {BOB: ("Badge",)}
        assert organizations_that("loses", shown) == {("Fabrikam", ("Badge",))}

    def test_people_whom_removing_a_rule_lets_in_are_named(self, client, offered):
        rule = make.list_rule("eng.fabrikam.example")
        shown = client.get(f"/allow-deny-list/{rule.uuid}/remove/")
        assert people_who("gains", shown) == {BOB: ("Badge",)}

    def test_another_default_names_whom_it_shuts_out(self, client, offered):
        shown = press(client, "/allow-deny-list/default/", {"effect": "block"})
        assert people_who("loses", shown) == {BOB: ("Badge",)}

    @pytest.mark.parametrize(
        ("path", "given", "reason"),
        [
            (
                "/allow-deny-list/add/",
                RULE,
                (
                    "The rule “fabrikam.example, including subdomains” on the allow"
                    " and deny list blocks eng.fabrikam.example"
                ),
            ),
            (
                "/allow-deny-list/default/",
                {"effect": "block"},
                "No rule on the allow and deny list covers eng.fabrikam.example",
            ),
        ],
        ids=["rule", "default"],
    )
    def test_a_saved_test_that_would_break_is_named_first(
        self, client, offered, path, given, reason
    ):
        make.saved_test("bob@eng.fabrikam.example")
        assert broken_tests(press(client, path, given)) == [(BOB, reason)]


class TestPolicy:
    @pytest.fixture
    def policy(self, offered):
        return Policy.objects.get()

    @staticmethod
    def given(scope: str = "nobody", **more) -> dict:
        return make.policy_form("All", scope, version=1, save="1") | more

    @staticmethod
    def url(policy: Policy) -> str:
        return f"/policies/{policy.uuid}/edit/"

    @staticmethod
    def url_to_add(package) -> str:
        return f"/access-packages/{package.uuid}/policies/add/"

    def test_organizations_that_a_narrower_policy_shuts_out_are_shown_before_it_is_saved(
        self, client, policy
    ):
        shown = press(client, self.url(policy), self.given())
        assert (shown.status_code, organizations_that("loses", shown)) == (
            200,
            {("Fabrikam", ("Badge",))},
        )
        assert "Nothing is saved yet." in markup_of(shown)
        assert Policy.objects.get().scope == "all_configured"

    def test_it_is_saved_once_it_was_seen(self, client, policy):
        shown = press(client, self.url(policy), self.given())
        assert press_again(client, self.url(policy), self.given(), shown).status_code == 303
        assert Policy.objects.get().scope == "nobody"

    def test_what_was_shown_while_typing_was_seen(self, client, policy):
        typed = {name: value for name, value in self.given().items() if name != "save"}
        shown = client.post(self.url(policy), typed, headers={"HX-Request": "true"})
        assert press_again(client, self.url(policy), self.given(), shown).status_code == 303

    def test_it_is_shown_again_when_it_would_do_something_else(self, client, policy):
        shown = press(client, self.url(policy), self.given())
        make.organization("Contoso", "contoso.example")
        again = press_again(client, self.url(policy), self.given(), shown)
        assert (
            again.status_code,
            organizations_that("loses", again),
            Policy.objects.get().scope,
        ) == (409, {("Contoso", ("Badge",)), ("Fabrikam", ("Badge",))}, "all_configured")

    def test_one_that_moves_nobody_is_saved_at_once(self, client, policy):
        assert press(client, self.url(policy), self.given("all_configured")).status_code == 303

    def test_organizations_that_a_new_one_lets_in_are_shown_before_it_is_saved(
        self, client, offered
    ):
        package = make.package("Drawings")
        shown = press(client, self.url_to_add(package), self.given("all_configured"))
        assert (organizations_that("gains", shown), package.policies.count()) == (
            {("Fabrikam", ("Drawings",))},
            0,
        )

    def test_one_for_anyone_is_shown_before_it_is_saved_even_where_nobody_is_a_stranger(
        self, client, offered
    ):
        package = make.package("Drawings")
        shown = press(client, self.url_to_add(package), self.given("any_outside"))
        assert (groups_that("gains", shown), package.policies.count()) == (
            [(ELSEWHERE, ("Drawings",))],
            0,
        )
        assert f"{ELSEWHERE} can request Drawings with approval." in markup_of(shown)
        again = press_again(client, self.url_to_add(package), self.given("any_outside"), shown)
        assert again.status_code == 303

    def test_a_guest_without_an_organization_is_named_whom_one_for_anyone_lets_in(
        self, client, offered, eve
    ):
        shown = press(client, self.url_to_add(make.package("Drawings")), self.given("any_outside"))
        assert people_who("gains", shown)[eve.email] == ("Drawings",)
        assert f"{eve.name} ({eve.email})" in markup_of(shown)

    def test_one_for_anyone_that_goes_shows_whom_that_shuts_out(self, client, offered, eve):
        row = make.policy(make.package("Drawings"), "any_outside")
        shown = client.get(f"/policies/{row.uuid}/remove/")
        assert people_who("loses", shown)[eve.email] == ("Drawings",)
        assert groups_that("loses", shown) == [(ELSEWHERE, ("Drawings",))]

    def test_members_whom_another_scope_shuts_out_are_named_before_it_is_saved(
        self, client, offered, ada
    ):
        row = make.policy(make.package("Drawings"), "members")
        shown = press(client, self.url(row), self.given())
        row.refresh_from_db()
        assert (people_who("loses", shown), row.scope) == ({ada.email: ("Drawings",)}, "members")
        assert groups_that("loses", shown) == [("People in your directory", ("Drawings",))]

    def test_a_shared_mailbox_is_named_before_approval_is_switched_off(self, client, policy):
        make.guest("support@fabrikam.example")
        without = self.given("all_configured", approval="none")
        shown = press(client, self.url(policy), without)
        assert (people_who("loses", shown), bool(Policy.objects.get().stages)) == (
            {"support@fabrikam.example": ("Badge",)},
            True,
        )
        assert press_again(client, self.url(policy), without, shown).status_code == 303

    def test_a_closed_package_is_said_to_change_nothing_for_anybody(self, client, offered):
        package = make.package("Drawings", is_open=False)
        typed = {name: value for name, value in self.given("any_outside").items() if name != "save"}
        shown = press(client, self.url_to_add(package), typed)
        assert (
            "Nobody gains or loses an access package that they can request." in markup_of(shown),
            impact(shown).is_empty,
            shown.context["shown"].seen,
        ) == (True, True, "")

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
        assert (
            shown.status_code,
            organizations_that("loses", shown),
            Policy.objects.count(),
        ) == (status, {("Fabrikam", ("Badge",))}, 1)


class TestPackage:
    def test_whom_closing_it_shuts_out_is_named_before_it_is_saved(self, client, eve):
        make.policy(package := make.package(), "any_outside")
        url = f"/access-packages/{package.uuid}/edit/"
        given = {"name": "Drawings", "is_listed": "on", "version": package.version}
        shown = press(client, url, given)
        package.refresh_from_db()
        assert (people_who("loses", shown), impact(shown).packages, package.is_open) == (
            {eve.email: ("Drawings",)},
            ("Drawings",),
            True,
        )
        assert press_again(client, url, given, shown).status_code == 303


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
    assert broken_tests(page) == [(BOB, "Labs is proposed and is waiting for a decision")]
    assert Organization.objects.count() == 1


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ((), "now belongs to Labs."),
        (("Acme", "labs.example"), "moves from Acme to Labs."),
    ],
    ids=["of nobody", "beneath another"],
)
def test_review_says_where_a_domain_belongs_whose_people_can_request_nothing(
    client, ada, others, said
):
    if others:
        make.organization(*others)
    uuid = uuid4()
    own = {"author": ada, "uuid": uuid, "at": make.NOON}
    drafts.save_answers(
        step="basics", given={"name": "Labs", "state": "proposed"}, is_valid=True, **own
    )
    drafts.put_in_pane(source=NewSource("eng.labs.example"), **own)
    drafts.select_pane(**own)
    shown = client.get(f"/connected-organizations/add/{uuid}/review/")
    who = "Anyone with an address at eng.labs.example and its subdomains"
    assert f"{who} {said}" in markup_of(shown)


def test_deleting_says_what_becomes_of_a_domain_whose_people_can_request_nothing(client, fabrikam):
    shown = client.get(page(fabrikam, "delete"))
    who = "Anyone with an address at fabrikam.example and its subdomains"
    assert f"{who} belongs to a deleted organization." in markup_of(shown)


def test_editing_sources_names_the_saved_test_that_it_would_break(client, ada, offered):
    make.saved_test("bob@eng.fabrikam.example")
    uuid = drafts.begin_edit(
        author=ada, organization=offered, sources=sources_as_chosen(offered), at=make.NOON
    ).uuid
    drafts.change_sources(author=ada, uuid=uuid, on=[], off=["fabrikam.example"], at=make.NOON)
    assert broken_tests(client.get(page(offered, "edit/directories"))) == [(BOB, NOT_COVERED)]


def test_narrowing_a_source_and_saving_in_one_press_shows_the_broken_test_first(
    client, ada, offered
):
    make.saved_test("new@eng.fabrikam.example")
    make.guest("zoe@fabrikam.example")
    Person.objects.filter(domain="eng.fabrikam.example").delete()
    drafts.begin_edit(
        author=ada, organization=offered, sources=sources_as_chosen(offered), at=make.NOON
    )
    url = page(offered, "edit/directories")
    given = {"save": "1", "version": offered.version, "had_subdomains": "fabrikam.example"}
    shown = press_again(client, url, given, client.get(url))
    assert (shown.status_code, broken_tests(shown)) == (
        200,
        [("new@eng.fabrikam.example", NOT_COVERED)],
    )
    assert Claim.objects.get().source.covers_subdomains
    assert press_again(client, url, given, shown).status_code == 303


@pytest.fixture
def child_let_through(offered):
    """Everything of Fabrikam is blocked but eng.fabrikam.example, where bob is."""
    make.list_rule("fabrikam.example")
    make.list_rule("eng.fabrikam.example", "allow")
    return offered


def test_a_state_that_people_at_one_name_let_through_notice_is_shown_first(
    client, child_let_through
):
    shown = press(
        client, page(child_let_through, "edit/basics"), basics(child_let_through, state="proposed")
    )
    assert (people_who("loses", shown), state()) == ({BOB: ("Badge",)}, "configured")


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
