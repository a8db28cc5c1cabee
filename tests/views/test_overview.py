"""The overview: first steps, what waits for whom, what each role can do, and who has no role."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.actions.organizations.basics import connect
from governance.actions.people import invitations
from governance.models import Organization, OwnName, Person
from governance.queries.overview import WORKER_IS_SILENT
from governance.rules.organizations import NewOrganization, NewSource
from governance.rules.roles import READER, SYSTEM
from tests import make, make_access

pytestmark = pytest.mark.django_db
HIDE = "/first-steps/hide/"


def overview(client):
    return client.get("/").context["overview"]


def sentences(client) -> list[str]:
    return [task.sentence for task in overview(client).tasks]


def steps(client) -> list[tuple[str, bool]]:
    return [(step.name, step.is_done) for step in overview(client).steps]


def text_of(page) -> str:
    return " ".join(page.content.decode().split())


@pytest.fixture
def ours():
    make.worker_seen(timezone.now())
    return make.own_name("harbourgate.example")


@pytest.fixture
def rea(db):
    return make.member("rea@harbourgate.example", READER)


class TestFirstSteps:
    def test_a_new_portal_starts_with_three_steps(self, signed_in, ada, ours):
        assert steps(signed_in(ada)) == [
            ("Add a connected organization", False),
            ("Create an access package", False),
            ("Share the request link", False),
        ]

    def test_a_step_is_done_when_its_object_exists_and_the_others_stay(
        self, signed_in, ada, fabrikam
    ):
        assert [done for _name, done in steps(signed_in(ada))] == [True, False, False]

    def test_a_package_is_created_once_it_has_a_policy(self, signed_in, ada):
        package = make.package()
        before = [done for _name, done in steps(signed_in(ada))]
        make.policy(package)
        after = [done for _name, done in steps(signed_in(ada))]
        assert (before, after) == ([False, False, False], [False, True, False])

    def test_they_are_gone_once_somebody_requested_something(self, signed_in, ada, bob):
        package = make.package()
        make.policy(package)
        make_access.access(package, bob)
        assert steps(signed_in(ada)) == []

    def test_the_request_link_is_on_the_page_to_which_the_last_step_leads(self, signed_in, ada):
        package, client = make.package(), signed_in(ada)
        last = overview(client).steps[2]
        page = client.get(reverse(last.page, args=[last.key])).content.decode()
        assert f"/my-access/request/{package.uuid}/" in page

    def test_done_and_start_are_said_and_the_next_step_stands_out(self, signed_in, ada, fabrikam):
        page = signed_in(ada).get("/")
        card = page.content.decode().partition('id="first-h"')[2].partition("</section>")[0]
        assert (card.count("Done"), card.count("Start<"), card.count("btn-primary")) == (1, 2, 1)

    def test_a_policy_is_added_on_the_first_packages_page(self, signed_in, ada):
        package = make.package()
        make.package("Another")
        page = signed_in(ada).get("/").content.decode()
        assert f'href="/access-packages/{package.uuid}/policies/add/"' in page

    def test_without_a_package_the_last_step_leads_to_the_packages(self, signed_in, ada):
        assert [step.page for step in overview(signed_in(ada)).steps][2] == "package_list"

    def test_they_are_hidden_for_whoever_hides_them_alone(self, signed_in, ada, uma):
        signed_in(ada).post(HIDE)
        assert (steps(signed_in(ada)), len(steps(signed_in(uma)))) == ([], 3)

    def test_they_come_back_by_account(self, signed_in, ada):
        client = signed_in(ada)
        client.post(HIDE)
        client.post("/account/", {"theme": "system", "shows_first_steps": "on"})
        assert len(steps(client)) == 3

    def test_somebody_who_never_sees_them_cannot_switch_them_off_in_account(self, signed_in, rob):
        signed_in(rob).post("/account/", {"theme": "system"})
        assert Person.objects.get(pk=rob.pk).shows_first_steps is True

    def test_a_guest_inviter_sees_none(self, signed_in, gil):
        assert steps(signed_in(gil)) == []


class TestTasks:
    def test_proposed_organizations_and_those_without_sponsor_need_somebody(
        self, signed_in, ada, ours, sam
    ):
        make.organization("Proposed", "proposed.example", state="proposed")
        make.sponsor(make.organization("Sponsored", "sponsored.example"), sam)
        assert sentences(signed_in(ada)) == [
            "proposed organization is waiting for a decision",
            "connected organization has no sponsor",
        ]

    def test_two_of_a_kind_are_said_in_the_plural(self, signed_in, ada, ours):
        make.organization("A", "a.example", state="proposed")
        make.organization("B", "b.example", state="proposed")
        assert sentences(signed_in(ada)) == [
            "proposed organizations are waiting for a decision",
            "connected organizations have no sponsor",
        ]

    def test_unknown_own_domains_are_said_to_who_can_add_them(self, signed_in, ada, uma, fabrikam):
        OwnName.objects.all().delete()
        said = [
            len([s for s in sentences(signed_in(person)) if "your own domains" in s])
            for person in (ada, uma)
        ]
        assert said == [1, 0]

    @pytest.mark.parametrize(("minutes", "is_said"), [(0, False), (1, False), (3, True)])
    def test_a_worker_that_was_not_seen_is_said(self, signed_in, ada, ours, minutes, is_said):
        make.worker_seen(timezone.now() - timedelta(minutes=minutes))
        assert (WORKER_IS_SILENT in sentences(signed_in(ada))) == is_said

    def test_a_worker_that_never_ran_is_said_to_who_reads_mail(self, signed_in, ada, uma, fabrikam):
        said = [WORKER_IS_SILENT in sentences(signed_in(person)) for person in (ada, uma)]
        assert said == [True, False]

    @pytest.mark.parametrize("who", ["rea", "gil"])
    def test_who_administers_nothing_has_no_tasks(self, request, signed_in, fabrikam, ours, who):
        assert overview(signed_in(request.getfixturevalue(who))).tasks is None


class TestRoles:
    def test_a_reader_is_shown_the_pages_they_may_use(self, signed_in, rea):
        assert [each.name for each in overview(signed_in(rea)).possibilities] == [
            "Connected organizations",
            "People",
            "Access packages",
            "Allow and deny list",
            "What-if checker",
            "Audit log",
        ]

    def test_a_guest_inviter_is_shown_the_pages_they_may_use(self, signed_in, gil):
        assert [each.name for each in overview(signed_in(gil)).possibilities] == [
            "Add a connected organization",
            "Invite a guest",
            "Connected organizations",
            "People",
        ]

    @pytest.mark.parametrize("who", ["rea", "gil"])
    def test_every_page_that_is_shown_opens(self, request, signed_in, who):
        client = signed_in(request.getfixturevalue(who))
        pages = [each.page for each in overview(client).possibilities]
        answers = {page: client.get(reverse(page), follow=True).status_code for page in pages}
        assert {page: status for page, status in answers.items() if status != 200} == {}

    def test_an_administrator_has_the_menu_instead(self, signed_in, ada):
        assert overview(signed_in(ada)).possibilities == ()

    def test_a_reader_sees_the_latest_events(self, signed_in, rea, fabrikam):
        assert [event.activity for event in overview(signed_in(rea)).events] == [
            "Create connected organization"
        ]

    def test_a_guest_inviter_sees_neither_events_nor_packages(self, signed_in, gil, fabrikam):
        shown = overview(signed_in(gil))
        assert (shown.events, [number.label for number in shown.numbers]) == (
            (),
            ["Configured organization", "Guests", "Member"],
        )

    def test_a_sponsor_with_a_role_sees_whom_they_sponsor(self, signed_in, rea, fabrikam):
        make.sponsor(fabrikam, rea)
        assert [
            (each.organization, each.why_not) for each in overview(signed_in(rea)).sponsored
        ] == [(fabrikam, None)]

    def test_a_sponsor_who_does_not_count_reads_why(self, signed_in, bob, fabrikam):
        make.sponsor(fabrikam, bob)
        make.list_rule("fabrikam.example")
        row = signed_in(bob).get("/").context["welcome"].sponsored[0]
        assert row.why_not.text.startswith("The allow and deny list blocks")

    def test_a_guest_is_not_sent_to_a_sponsor_whose_mailbox_is_blocked(
        self, signed_in, bob, fabrikam
    ):
        ann = make.member("ann@harbourgate.example", name="Ann Ames")
        make.sponsor(fabrikam, ann)
        make.member("ann+old@harbourgate.example", state="blocked")
        assert signed_in(bob).get("/").context["welcome"].sponsors == ()


class TestWithoutARole:
    def test_a_member_is_told_who_can_give_a_role(self, signed_in, rob, ada, uma, fabrikam):
        page = text_of(signed_in(rob).get("/"))
        assert [
            word in page
            for word in ("Who can give you a role", "Ada Okafor", "Uma Castellanos", "Fabrikam")
        ] == [True, True, False, False]

    def test_a_blocked_administrator_helps_nobody(self, signed_in, rob, ada):
        make.member(
            "old@harbourgate.example", "Global administrator", name="Old Admin", state="blocked"
        )
        assert "Old Admin" not in text_of(signed_in(rob).get("/"))

    def test_a_sponsor_sees_whom_they_sponsor_with_its_state(self, signed_in, sam, fabrikam):
        make.sponsor(fabrikam, sam)
        make.sponsor(make.organization("Contoso", "contoso.example", state="proposed"), sam)
        shown = signed_in(sam).get("/").context["welcome"].sponsored
        assert [(each.organization.name, each.organization.state) for each in shown] == [
            ("Contoso", "proposed"),
            ("Fabrikam", "configured"),
        ]

    def test_a_guest_sees_their_organization_and_no_word_of_roles(self, signed_in, bob, ada):
        page = text_of(signed_in(bob).get("/"))
        assert ("You are a guest from <strong><bdi>Fabrikam" in page, "role" in page.lower()) == (
            True,
            False,
        )

    def test_a_guest_does_not_see_who_administers(self, signed_in, bob, ada):
        assert "ada@harbourgate.example" not in text_of(signed_in(bob).get("/"))

    def test_a_guest_without_an_organization_is_told_so(self, signed_in, eve):
        page = text_of(signed_in(eve).get("/"))
        assert "No connected organization includes your email address." in page

    @pytest.mark.parametrize(
        ("state", "names"), [("configured", ("Sam Adeyemi",)), ("proposed", ())]
    )
    def test_a_guest_sees_the_sponsors_of_a_configured_organization_alone(
        self, signed_in, sam, state, names
    ):
        make.sponsor(make.organization("Contoso", "contoso.example", state=state), sam)
        guest = make.guest("lea@contoso.example")
        assert signed_in(guest).get("/").context["welcome"].sponsors == names

    def test_a_guest_of_public_mail_sees_no_sponsors(self, signed_in, sam):
        make.guest("x@gmail.com")
        source = NewSource(typed_name="gmail.com", public_mail_accepted=True)
        connect(new=NewOrganization(name="G", sources=(source,)), by=SYSTEM, at=make.NOON)
        make.sponsor(Organization.objects.get(), sam)
        guest = Person.objects.get(email="x@gmail.com")
        assert signed_in(guest).get("/").context["welcome"].sponsors == ()

    def test_a_guest_is_told_who_invited_them(self, signed_in, ada, fabrikam):
        guest = invitations.invite_guest(
            email="ann@fabrikam.example", name="", message="", by=make.actor(ada), at=make.NOON
        )
        Person.objects.filter(pk=guest.pk).update(state="active", is_active=True)
        page = text_of(signed_in(Person.objects.get(pk=guest.pk)).get("/"))
        assert "If you have questions, ask Ada Okafor, who invited you." in page

    def test_an_external_sponsor_sees_whom_they_sponsor(self, signed_in, bob, fabrikam):
        make.sponsor(fabrikam, bob)
        shown = signed_in(bob).get("/").context["welcome"].sponsored
        assert [each.organization for each in shown] == [fabrikam]


def test_a_stranger_is_sent_to_sign_in(client, db):
    assert client.get("/").status_code == 302
