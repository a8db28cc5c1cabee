"""The catalogs and groups of the demo data."""

from __future__ import annotations

import pytest

from governance.actions.access_packages.packages import change_package
from governance.models import AccessGroup, Catalog, Package
from governance.rules.roles import SYSTEM
from governance.sample_data.demo import load_demo, remove_demo
from tests import make, make_access
from tests.confirmed import confirmed

pytestmark = pytest.mark.django_db
ACTING = {"by": SYSTEM, "at": make.NOON}


@pytest.fixture(autouse=True)
def loaded(db):
    load_demo(**ACTING)


def test_each_package_gives_a_group_and_one_gives_two():
    numbers = {each.name: each.resources.count() for each in Package.objects.all()}
    assert (min(numbers.values()), numbers["Supplier drawings"]) == (1, 2)


def test_there_are_two_catalogs_with_a_manager_each_and_a_package_in_general():
    managed = [(each.packages.count(), each.managers.count()) for each in Catalog.objects.all()]
    assert (sorted(managed), Package.objects.filter(catalog=None).count()) == ([(1, 1), (3, 1)], 1)


def test_catalogs_and_groups_go_with_the_demo_data():
    confirmed(remove_demo, **ACTING)
    assert (Catalog.objects.count(), AccessGroup.objects.count()) == (0, 0)


def test_what_a_package_that_stays_needs_stays_with_it(ada):
    package = Package.objects.get(name="Audit workspace")
    given = {"name": "Mine", "description": "", "is_listed": True, "is_open": True}
    change_package(package=package, **given, by=make.actor(ada), at=make.NOON)
    confirmed(remove_demo, **ACTING)
    assert ([str(each) for each in Catalog.objects.all()], AccessGroup.objects.count()) == (
        ["Finance"],
        1,
    )


def test_a_group_to_which_somebody_was_added_stays():
    group = AccessGroup.objects.get(name="Drawing readers")
    make_access.member(group, make.member("rob@harbourgate.example"))
    confirmed(remove_demo, **ACTING)
    assert list(AccessGroup.objects.all()) == [group]
