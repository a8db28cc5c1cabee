"""Naming sponsors and letting them go (product rule 36)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from governance.models import AuditEvent, Organization, SearchEntry
from governance.rules.decision import Refused
from governance.rules.organizations import NewOrganization, NewSource
from governance.rules.roles import SYSTEM
from tests import make
from tests.confirmed import accounts as people
from tests.confirmed import basics, deletion, sponsors

pytestmark = pytest.mark.django_db


def name(organization, kind, *chosen, by=SYSTEM):
    keys = [person.uuid for person in chosen]
    sponsors.change_sponsors(organization=organization, kind=kind, people=keys, by=by, at=make.NOON)


def named(organization) -> list[tuple[str, str]]:
    return list(organization.sponsorships.order_by("id").values_list("person__name", "kind"))


def refused(action, *given, **more) -> tuple[str, str]:
    with pytest.raises(Refused) as refusal:
        action(*given, **more)
    return refusal.value.code, refusal.value.reasons[0].field


def in_state(person, state: str):
    person.state, person.is_active = state, state == "active"
    person.save()
    return person


def told() -> list[tuple[str, str, str]]:
    return list(
        AuditEvent.objects.filter(result="done")
        .order_by("id")
        .exclude(activity="Create connected organization")
        .values_list("activity", "before", "after")
    )


def test_what_somebody_else_changed_meanwhile_is_told_and_nothing_written(fabrikam, sam, bob):
    name(fabrikam, "internal", sam)
    with pytest.raises(Refused) as refusal:
        sponsors.change_sponsors(
            organization=fabrikam, kind="internal", people=[], expected=[], by=SYSTEM, at=make.NOON
        )
    assert (
        refusal.value.code,
        "They are now: Sam Adeyemi" in str(refusal.value),
        named(fabrikam),
    ) == (
        "conflict",
        True,
        [("Sam Adeyemi", "internal")],
    )


# Who can be one


def test_internal_sponsors_are_active_members(fabrikam, sam):
    name(fabrikam, "internal", sam)
    assert named(fabrikam) == [("Sam Adeyemi", "internal")]


def test_external_sponsors_are_guests_who_belong_to_the_organization(fabrikam, bob):
    name(fabrikam, "external", bob)
    assert named(fabrikam) == [("Bob Ferreira", "external")]


def test_an_invited_guest_can_be_named_and_an_invited_member_cannot(fabrikam, sam):
    name(
        fabrikam, "external", make.guest("lea@fabrikam.example", name="Lea Marti", state="invited")
    )
    assert (
        refused(name, fabrikam, "internal", in_state(sam, "invited"))[0] == "sponsor_not_a_member"
    )
    assert named(fabrikam) == [("Lea Marti", "external")]


def test_a_guest_is_no_internal_and_a_member_no_external_sponsor(fabrikam, sam, bob):
    assert refused(name, fabrikam, "internal", bob) == ("sponsor_not_a_member", "internal_sponsors")
    assert refused(name, fabrikam, "external", sam) == ("sponsor_elsewhere", "external_sponsors")


def test_a_guest_of_another_organization_is_no_sponsor(fabrikam, eve):
    assert refused(name, fabrikam, "external", eve) == ("sponsor_elsewhere", "external_sponsors")


def test_a_guest_whom_a_longer_claim_of_another_organization_covers_is_no_sponsor(fabrikam, bob):
    make.organization("Engineers", "eng.fabrikam.example")
    assert refused(name, fabrikam, "external", bob)[0] == "sponsor_elsewhere"


def test_a_guest_whom_the_list_blocks_is_no_external_sponsor(fabrikam, bob):
    make.list_rule("eng.fabrikam.example")
    assert refused(name, fabrikam, "external", bob) == ("sponsor_on_the_list", "external_sponsors")


def test_the_list_says_nothing_about_members(fabrikam, sam):
    make.list_default("block")
    name(fabrikam, "internal", sam)
    assert named(fabrikam) == [("Sam Adeyemi", "internal")]


@pytest.mark.parametrize(
    ("state", "code"), [("blocked", "sponsor_blocked"), ("removed", "sponsor_gone")]
)
def test_who_was_blocked_or_removed_meanwhile_is_refused(fabrikam, sam, bob, state, code):
    assert refused(name, fabrikam, "internal", in_state(sam, state)) == (code, "internal_sponsors")
    assert refused(name, fabrikam, "external", in_state(bob, state)) == (code, "external_sponsors")


def test_who_never_was_is_refused(fabrikam):
    given = {
        "organization": fabrikam,
        "kind": "internal",
        "people": [uuid4()],
        "by": SYSTEM,
        "at": make.NOON,
    }
    assert refused(sponsors.change_sponsors, **given) == ("sponsor_gone", "internal_sponsors")


def test_one_who_is_refused_stops_all(fabrikam, sam, bob):
    assert refused(name, fabrikam, "internal", sam, bob)[0] == "sponsor_not_a_member"
    assert named(fabrikam) == []


# Changing


def test_the_chosen_take_the_place_of_the_others_of_their_kind(fabrikam, sam, ada, bob):
    name(fabrikam, "external", bob)
    name(fabrikam, "internal", sam)
    name(fabrikam, "internal", ada)
    assert named(fabrikam) == [("Bob Ferreira", "external"), ("Ada Okafor", "internal")]


def test_a_sponsor_who_was_blocked_since_stays_while_others_are_named(fabrikam, sam, ada):
    name(fabrikam, "internal", sam)
    in_state(sam, "blocked")
    name(fabrikam, "internal", sam, ada)
    assert named(fabrikam) == [("Sam Adeyemi", "internal"), ("Ada Okafor", "internal")]


def test_naming_and_letting_go_leave_one_event_each(fabrikam, sam, ada):
    name(fabrikam, "internal", sam)
    name(fabrikam, "internal", ada)
    text = '{"sponsor of": "Fabrikam"}'
    assert told() == [
        ("Assign user as internal sponsor", "", text),
        ("Remove user as internal sponsor", text, ""),
        ("Assign user as internal sponsor", "", text),
    ]


def test_naming_who_is_named_already_writes_nothing(fabrikam, sam):
    name(fabrikam, "internal", sam)
    name(fabrikam, "internal", sam, sam)
    assert len(told()) == 1


def test_one_sponsor_is_removed(fabrikam, sam, ada):
    name(fabrikam, "internal", sam, ada)
    sponsors.remove_sponsor(organization=fabrikam, person=sam, by=SYSTEM, at=make.NOON)
    assert (named(fabrikam), told()[-1][0]) == (
        [("Ada Okafor", "internal")],
        "Remove user as internal sponsor",
    )


def test_removing_who_is_no_sponsor_is_told(fabrikam, sam):
    assert (
        refused(
            sponsors.remove_sponsor, organization=fabrikam, person=sam, by=SYSTEM, at=make.NOON
        )[0]
        == "not_a_sponsor"
    )


def test_the_organization_is_found_and_filtered_by_its_sponsors_of_now(fabrikam, sam, bob):
    name(fabrikam, "external", bob)
    name(fabrikam, "internal", sam)
    sponsors.remove_sponsor(organization=fabrikam, person=bob, by=SYSTEM, at=make.NOON)
    assert (
        SearchEntry.objects.get().text
        == "fabrikam\nfabrikam.example\nsam adeyemi sam@harbourgate.example"
    )
    assert Organization.objects.get().sponsored_by == "internal"


@pytest.mark.parametrize("who", ["gil", "rob"])
def test_who_may_not_change_an_organization_is_refused_on_record(who, request, fabrikam, sam):
    assert (
        refused(name, fabrikam, "internal", sam, by=make.actor(request.getfixturevalue(who)))[0]
        == "not_permitted"
    )
    assert AuditEvent.objects.get(result="refused").target == "Fabrikam"


def test_a_deleted_organization_gets_no_sponsor(fabrikam, sam):
    deletion.delete(organization=fabrikam, by=SYSTEM, at=make.NOON)
    assert refused(name, fabrikam, "internal", sam)[0] == "organization_deleted"


# With Create: as if the draft existed


def create(by, **chosen):
    new = NewOrganization(
        "Contoso",
        sources=(NewSource("contoso.example"),),
        **{kind: tuple(p.uuid for p in people) for kind, people in chosen.items()},
    )
    return basics.connect(new=new, by=make.actor(by), at=make.NOON).organization


def test_both_kinds_are_named_with_a_new_organization_and_creating_it_is_the_event(ada, sam):
    lea = make.guest("lea@eu.contoso.example", name="Lea Marti")
    organization = create(ada, internal_sponsors=[sam], external_sponsors=[lea])
    assert sorted(named(organization)) == [("Lea Marti", "external"), ("Sam Adeyemi", "internal")]
    assert (AuditEvent.objects.count(), Organization.objects.get().sponsored_by) == (1, "both")
    assert "sam@harbourgate.example (internal)" in AuditEvent.objects.get().after


def block(person, by):
    people.block(person=person, by=make.actor(by), at=make.NOON)


def remove(person, by):
    people.remove_guest(person=person, by=make.actor(by), at=make.NOON)


def list_them(person, by):
    make.list_rule("contoso.example")


@pytest.mark.parametrize(
    ("meanwhile", "code"),
    [(block, "sponsor_blocked"), (remove, "sponsor_gone"), (list_them, "sponsor_on_the_list")],
    ids=["blocked", "removed", "listed"],
)
def test_an_external_sponsor_who_was_shut_out_between_picking_and_create_stops_it(
    ada, meanwhile, code
):
    lea = make.guest("lea@contoso.example")
    meanwhile(lea, ada)
    assert refused(create, ada, external_sponsors=[lea]) == (code, "external_sponsors")
    assert Organization.objects.count() == 0


def test_an_internal_sponsor_who_was_blocked_between_picking_and_create_stops_it(ada, sam):
    block(sam, ada)
    assert refused(create, ada, internal_sponsors=[sam]) == ("sponsor_blocked", "internal_sponsors")
    assert Organization.objects.count() == 0
