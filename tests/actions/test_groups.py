"""Groups: what can be done to them, and who counts as a member at a moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from governance.actions.resources import groups
from governance.facts.resources.members import members_of
from governance.models import AccessGroup, AuditEvent, GroupMember, Person
from governance.rules.decision import Refused
from governance.rules.roles import SYSTEM
from tests import make, make_access
from tests.confirmed import confirmed

pytestmark = pytest.mark.django_db
ACTING = {"by": SYSTEM, "at": make.NOON}
HOUR = timedelta(hours=1)


def refusal_of(action, **given) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        action(**given, **ACTING)
    return refused.value.code, refused.value.reasons[0].field


def given(group, person, **times):
    access = make_access.access(make.package("For " + str(person)), person, **times)
    return GroupMember.objects.create(
        group=group, person=person, assignment=access, added_at=make.NOON, added_by="System"
    )


def test_a_group_is_created_with_one_event_that_says_what_it_is():
    group = make_access.group("CAD readers", "Drawings")
    event = AuditEvent.objects.get()
    assert (event.activity, event.target_key, event.after) == (
        "Add group",
        str(group.uuid),
        '{"description": "Drawings", "name": "CAD readers"}',
    )


@pytest.mark.parametrize("name", ["cad readers", " CAD  readers", "ＣＡＤ readers"])
def test_two_groups_never_have_one_name(name):
    make_access.group("CAD readers")
    assert refusal_of(groups.create_group, name=name, description="") == ("name_taken", "name")


def test_what_somebody_saved_meanwhile_is_not_overwritten():
    group = make_access.group()
    groups.change_group(group=group, name="Other", description="", version=1, **ACTING)
    given = {"group": group, "name": "Mine", "description": "", "version": 1}
    assert refusal_of(groups.change_group, **given)[0] == "changed_meanwhile"


def test_a_group_in_a_package_is_not_removed():
    group = make_access.group()
    make_access.resource(make.package(), group)
    assert refusal_of(groups.remove_group, group=group)[0] == "resource_in_use"


def test_a_group_that_access_was_given_to_stays_for_the_record(bob):
    group, package = make_access.group(), make.package()
    resource = make_access.resource(package, group)
    make_access.delivery(make_access.access(package, bob), resource)
    resource.removed_at = make.NOON
    resource.save()
    assert refusal_of(groups.remove_group, group=group)[0] == "resource_on_record"


def test_an_unused_group_is_removed_with_its_members_after_they_were_shown(bob):
    group = make_access.group()
    make_access.member(group, bob)
    with pytest.raises(Refused) as question:
        groups.remove_group(group=group, by=SYSTEM, at=make.NOON, seen="")
    assert [line.text for line in question.value.impact.lines] == [
        "Bob Ferreira (bob@eng.fabrikam.example) loses access to the group CAD readers."
    ]
    confirmed(groups.remove_group, group=group, **ACTING)
    assert (AccessGroup.objects.count(), GroupMember.objects.count()) == (0, 0)


def test_nobody_is_added_by_hand_twice(bob):
    group = make_access.group()
    make_access.member(group, bob)
    assert refusal_of(groups.add_group_member, group=group, person=bob) == (
        "member_already",
        "person",
    )


def test_a_blocked_person_is_not_added(bob):
    Person.objects.filter(pk=bob.pk).update(state="blocked", is_active=False)
    assert refusal_of(groups.add_group_member, group=make_access.group(), person=bob) == (
        "person_blocked",
        "person",
    )


def test_only_who_was_added_by_hand_is_removed_by_hand(bob):
    group = make_access.group()
    given(group, bob)
    assert refusal_of(groups.remove_group_member, group=group, person=bob)[0] == "member_gone"


def test_removing_somebody_whom_a_package_keeps_in_the_group_has_no_impact(bob):
    group = make_access.group()
    make_access.member(group, bob)
    given(group, bob)
    groups.remove_group_member(group=group, person=bob, by=SYSTEM, at=make.NOON, seen="")
    assert list(members_of(group, make.NOON)) == [bob]


def test_who_was_added_by_hand_is_a_member(bob):
    group = make_access.group()
    make_access.member(group, bob)
    assert list(members_of(group, make.NOON)) == [bob]


@pytest.mark.parametrize(
    ("times", "is_member"),
    [
        ({}, True),
        ({"ends_at": make.NOON + HOUR}, True),
        ({"ends_at": make.NOON}, False),
        ({"starts_at": make.NOON + HOUR}, False),
    ],
)
def test_who_is_in_a_group_through_access_is_a_member_while_it_is_in_force(times, is_member, bob):
    group = make_access.group()
    given(group, bob, **times)
    assert members_of(group, make.NOON).exists() == is_member


@pytest.mark.parametrize("state", ["blocked", "removed"])
def test_who_is_blocked_or_removed_is_no_member(state, bob):
    group = make_access.group()
    make_access.member(group, bob)
    Person.objects.filter(pk=bob.pk).update(state=state, is_active=False)
    assert not members_of(group, make.NOON).exists()


def test_who_is_in_a_group_in_two_ways_is_one_member(bob):
    group = make_access.group()
    make_access.member(group, bob)
    given(group, bob)
    assert members_of(group, make.NOON).count() == 1
