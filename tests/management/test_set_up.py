"""Setting up, demo data and fillings from the command line."""

from __future__ import annotations

import re

import pytest
from django.core.management.base import CommandError

from governance.models import AuditEvent, KnownDirectory, Organization, Person
from governance.rules.roles import GLOBAL_ADMINISTRATOR
from tests import make
from tests.snapshots import changed, rows_of_everything


@pytest.fixture(autouse=True)
def _elsewhere(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.ADMIN_EMAIL = settings.ADMIN_PASSWORD = ""
    settings.DEMO = False


def test_the_first_administrator_gets_a_password_that_is_shown_once(shell):
    first, second = shell("set_up"), shell("set_up")
    person = Person.objects.holding(GLOBAL_ADMINISTRATOR).get()
    shown = re.fullmatch(
        r"First administrator: (\S+)   password: (\S+)   \(shown once\)\n", first.out
    )
    assert (shown[1], person.check_password(shown[2]), second.out) == (person.email, True, "")


def test_a_named_password_is_not_shown(shell, settings):
    settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD = "root@harbourgate.example", make.PASSWORD
    assert shell("set_up").out == ""
    assert Person.objects.get(email="root@harbourgate.example").check_password(make.PASSWORD)


def test_an_empty_portal_is_filled_with_demo_data_once(shell, settings):
    settings.DEMO = True
    shell("set_up")
    assert (
        Organization.objects.count() > 3,
        KnownDirectory.objects.filter(is_demo=True).exists(),
    ) == (True, True)
    before = rows_of_everything()
    shell("set_up")
    assert changed(before, rows_of_everything()) == set()


def test_demo_data_is_not_put_beside_anything(shell, fabrikam):
    with pytest.raises(CommandError, match="Demo data is for an empty portal"):
        shell("load_demo")
    assert Organization.objects.get() == fabrikam
    assert AuditEvent.objects.latest("pk").result == "refused"


@pytest.mark.parametrize("number", ["0", "-1", "5000001"])
def test_a_filling_has_bounds(shell, number):
    with pytest.raises(CommandError, match="Enter a number from 1 to 5,000,000"):
        shell("fill", "--organizations", number)
