"""What can be done to access packages."""

import pytest

from governance.actions.access_packages.packages import change_package, create_package
from governance.models import AuditEvent, Package
from governance.rules.decision import Refused
from governance.rules.roles import SYSTEM
from tests import make

pytestmark = pytest.mark.django_db
ACTING = {"by": SYSTEM, "at": make.NOON}
GIVEN = {"name": "Badge", "description": "A badge.", "is_listed": True, "is_open": True}


def changed(package, **more) -> Package:
    return change_package(package=package, **GIVEN | more, **ACTING)


def refusal_of(action, **given) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        action(**given, **ACTING)
    return refused.value.code, refused.value.reasons[0].field


def test_a_package_is_created_with_one_event_that_says_what_it_is():
    package = create_package(**GIVEN, **ACTING)
    event = AuditEvent.objects.get()
    assert (event.activity, event.target_key) == ("Create access package", str(package.uuid))
    assert (
        event.after
        == '{"description": "A badge.", "listed": true, "name": "Badge", "open for requests": true}'
    )


@pytest.mark.parametrize("name", ["badge", "ＢＡＤＧＥ", " Badge  "])
def test_two_packages_never_have_one_name(name):
    create_package(**GIVEN, **ACTING)
    assert refusal_of(create_package, **GIVEN | {"name": name}) == ("name_taken", "name")


def test_a_package_keeps_its_own_name():
    assert (
        changed(create_package(**GIVEN, **ACTING), description="Another").description == "Another"
    )


def test_a_change_leaves_what_was_and_what_is():
    changed(create_package(**GIVEN, **ACTING), is_open=False)
    event = AuditEvent.objects.latest("id")
    assert (
        event.activity,
        '"open for requests": true' in event.before,
        '"open for requests": false' in event.after,
    ) == ("Update access package", True, True)


def test_what_somebody_saved_meanwhile_is_not_overwritten():
    package = create_package(**GIVEN, **ACTING)
    changed(package, description="Theirs")
    assert refusal_of(change_package, package=package, **GIVEN, version=1)[0] == "changed_meanwhile"


def test_a_guest_inviter_changes_no_package(gil):
    with pytest.raises(Refused) as refused:
        create_package(**GIVEN, by=make.actor(gil), at=make.NOON)
    assert (refused.value.code, Package.objects.count(), AuditEvent.objects.get().result) == (
        "not_permitted",
        0,
        "refused",
    )


def test_saving_what_is_there_already_is_no_change():
    package = create_package(**GIVEN, **ACTING)
    assert (changed(package).version, AuditEvent.objects.count()) == (1, 1)
