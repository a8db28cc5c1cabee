"""What a package gives access to, and what happens at each resource."""

from __future__ import annotations

from datetime import timedelta

import pytest

from governance.actions.access_packages.resources import add_resource, remove_resource
from governance.actions.access_requests.deliveries import deliver as deliver_by_worker
from governance.actions.resources.interface import RESOURCE_TYPES, type_of
from governance.facts.resources.members import members_of
from governance.models import AuditEvent, Delivery, GroupMember, Resource
from governance.rules.decision import Refused
from governance.rules.resources import RESOURCE_KINDS
from governance.rules.roles import SYSTEM
from tests import make, make_access
from tests.confirmed import confirmed

pytestmark = pytest.mark.django_db
ACTING = {"by": SYSTEM, "at": make.NOON}
HOUR = timedelta(hours=1)


@pytest.fixture
def package(db):
    return make.package()


@pytest.fixture
def group(db):
    return make_access.group()


def refusal_of(action, **given) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        action(**given, **ACTING)
    return refused.value.code, refused.value.reasons[0].field


def impact_of(action, **given) -> list[str]:
    with pytest.raises(Refused) as question:
        action(**given, **ACTING, seen="")
    return [line.text for line in question.value.impact.lines]


def deliveries() -> list[tuple]:
    rows = Delivery.objects.order_by("id").values_list("assignment", "operation", "state")
    return list(rows)


def deliver(delivery):
    """Do what the worker does with a delivery."""
    kind = type_of(delivery.resource)
    do = kind.grant if delivery.operation == "grant" else kind.revoke
    do(delivery.assignment, delivery, make.NOON)
    Delivery.objects.filter(pk=delivery.pk).update(state="done", done_at=make.NOON)


def test_adding_a_resource_leaves_one_event_about_the_package(package, group):
    make_access.resource(package, group)
    event = AuditEvent.objects.latest("id")
    assert (event.activity, event.target_key, event.after) == (
        "Add resource to access package",
        str(package.uuid),
        '{"resource": "the group CAD readers"}',
    )


def test_a_package_has_a_group_once(package, group):
    make_access.resource(package, group)
    assert refusal_of(add_resource, package=package, group=group) == (
        "resource_already",
        "resource",
    )


@pytest.mark.parametrize("both", [True, False])
def test_a_resource_is_a_group_or_a_webhook(both, package, group):
    given = {"group": group, "webhook": make_access.webhook()} if both else {}
    assert refusal_of(add_resource, package=package, **given) == ("resource_missing", "resource")


def test_nobody_is_asked_about_a_package_that_nobody_has(package, group):
    add_resource(package=package, group=group, seen="", **ACTING)
    assert (Resource.objects.count(), deliveries()) == (1, [])


def test_who_has_the_package_is_shown_and_gets_access_to_what_is_added(package, group, bob):
    access = make_access.access(package, bob)
    assert impact_of(add_resource, package=package, group=group) == [
        "Bob Ferreira (bob@eng.fabrikam.example) gets access to the group CAD readers."
    ]
    make_access.resource(package, group)
    assert deliveries() == [(access.pk, "grant", "waiting")]


def test_access_that_is_over_gets_nothing_and_access_to_come_does(package, group, bob, eve):
    make_access.access(package, bob, starts_at=make.NOON - HOUR, ends_at=make.NOON)
    coming = make_access.access(package, eve, starts_at=make.NOON + HOUR)
    make_access.resource(package, group)
    assert deliveries() == [(coming.pk, "grant", "waiting")]


def test_who_is_in_the_group_already_is_not_said_to_get_access(package, group, bob):
    make_access.access(package, bob)
    make_access.member(group, bob)
    add_resource(package=package, group=group, seen="", **ACTING)
    assert len(deliveries()) == 1


def test_who_loses_access_by_removing_a_resource_is_shown(package, group, bob, eve):
    resource = make_access.resource(package, group)
    for person in (bob, eve):
        deliver(make_access.delivery(make_access.access(package, person), resource))
    make_access.member(group, eve)
    assert impact_of(remove_resource, row=resource) == [
        "Bob Ferreira (bob@eng.fabrikam.example) loses access to the group CAD readers."
    ]


def test_removing_a_resource_takes_back_what_was_given(package, group, bob):
    resource = make_access.resource(package, group)
    access = make_access.access(package, bob)
    deliver(make_access.delivery(access, resource))
    confirmed(remove_resource, row=resource, **ACTING)
    assert deliveries() == [(access.pk, "grant", "done"), (access.pk, "revoke", "waiting")]


def test_what_was_not_begun_is_no_longer_given(package, group, bob):
    make_access.access(package, bob)
    resource = make_access.resource(package, group)
    confirmed(remove_resource, row=resource, **ACTING)
    grant = Delivery.objects.get(operation="grant")
    assert deliver_by_worker(grant.pk, make.NOON) == "cancelled"
    assert not members_of(group, make.NOON).exists()


def test_a_resource_is_removed_once(package, group):
    resource = make_access.resource(package, group)
    remove_resource(row=resource, **ACTING)
    assert refusal_of(remove_resource, row=resource)[0] == "resource_gone"


def test_what_was_removed_can_be_added_again(package, group):
    remove_resource(row=make_access.resource(package, group), **ACTING)
    make_access.resource(package, group)
    assert Resource.objects.filter(removed_at__isnull=True).count() == 1


def test_a_group_is_given_once_however_often_it_is_delivered(package, group, bob):
    resource = make_access.resource(package, group)
    delivery = make_access.delivery(make_access.access(package, bob), resource)
    deliver(delivery)
    deliver(delivery)
    assert GroupMember.objects.count() == 1


def test_a_group_that_is_taken_away_is_left(package, group, bob):
    resource = make_access.resource(package, group)
    access = make_access.access(package, bob)
    deliver(make_access.delivery(access, resource))
    revoke = make_access.delivery(access, resource, "revoke")
    deliver(revoke)
    deliver(revoke)
    assert not members_of(group, make.NOON).exists()


def test_taking_one_package_away_leaves_what_another_gives(package, group, bob):
    other = make.package("Other")
    accesses = [make_access.access(each, bob) for each in (package, other)]
    resource = make_access.resource(package, group)
    make_access.resource(other, group)
    for delivery in Delivery.objects.all():
        deliver(delivery)
    deliver(make_access.delivery(accesses[0], resource, "revoke"))
    assert list(members_of(group, make.NOON)) == [bob]


def test_a_late_revoke_does_not_undo_that_the_group_was_added_again(package, group, bob):
    access = make_access.access(package, bob)
    old = make_access.resource(package, group)
    deliver(Delivery.objects.get())
    confirmed(remove_resource, row=old, **ACTING)
    make_access.resource(package, group)
    deliver(Delivery.objects.get(resource=old, operation="revoke"))
    assert (list(members_of(group, make.NOON)), access.person) == ([bob], bob)


def test_every_kind_of_resource_has_a_type_with_all_four_functions():
    functions = ("grant", "revoke", "check", "describe")
    found = {
        kind: all(hasattr(each, name) for name in functions)
        for kind, each in RESOURCE_TYPES.items()
    }
    assert found == dict.fromkeys(RESOURCE_KINDS, True)


def test_a_webhook_is_sent_outside_the_portal_and_a_group_is_not(package, group):
    rows = [make_access.resource(package, each) for each in (group, make_access.webhook())]
    assert [type_of(row).leaves_the_portal for row in rows] == [False, True]


def test_a_webhook_whose_address_is_no_longer_accepted_is_said_to_be_unusable(package):
    resource = make_access.resource(package, make_access.webhook())
    resource.webhook.url = "https://10.0.0.1/"
    assert type_of(resource).check(resource).code == "url_not_public"
