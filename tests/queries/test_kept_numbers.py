"""The numbers of the list are kept until something is changed or the day ends, and never longer."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.db import kept_answers
from governance.models import Person
from governance.queries.organizations.filters import OrganizationFilters
from governance.queries.organizations.listing import organization_page
from governance.rules.domain_list import NewListRule
from governance.rules.roles import SYSTEM
from tests import make
from tests.actions import every_action
from tests.actions.every_action import ACTIONS
from tests.confirmed import basics, deletion, domain_list, packages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("answers_are_kept")]
ACTING = {"by": SYSTEM, "at": make.NOON}
NUMBERS = {"": 2, "configured": 2, "proposed": 0, "blocked": 0, "deleted": 0}


@pytest.fixture
def partners(fabrikam):
    """Two of them, whose numbers were asked for."""
    contoso = make.organization("Contoso", "contoso.example")
    assert numbers() == NUMBERS
    return fabrikam, contoso


def page(at: datetime = make.NOON, **filters):
    nobody = Person(pk=0)
    return organization_page(OrganizationFilters(**filters), cursor="", person=nobody, at=at)


def numbers(at: datetime = make.NOON, **filters) -> dict[str, int]:
    return {view: counted.number for view, counted in page(at, **filters).counts.items()}


def statements() -> int:
    with CaptureQueriesContext(connection) as captured:
        page()
    return len(captured)


def block(name: str, **more):
    (rule,) = domain_list.add_rules(
        rules=[NewListRule(name, "with_subdomains", "block", **more)], **ACTING
    )
    return rule


def test_they_are_counted_once_for_all_who_ask(partners):
    kept = statements()
    make.package()
    assert (kept, statements(), statements()) == (3, 4, 3)


def test_a_new_rule_is_seen_at_once(partners):
    block("fabrikam.example")
    assert numbers() == NUMBERS | {"blocked": 1}


def test_a_changed_rule_is_seen_at_once(partners):
    rule = block("fabrikam.example")
    blocked = numbers()["blocked"]
    domain_list.change_rule(rule=rule, effect="allow", reason="", ends_on=None, **ACTING)
    assert (blocked, numbers()) == (1, NUMBERS)


def test_a_removed_rule_is_seen_at_once(partners):
    rule = block("fabrikam.example")
    blocked = numbers()["blocked"]
    domain_list.remove_rule(rule=rule, **ACTING)
    assert (blocked, numbers()) == (1, NUMBERS)


def test_another_default_is_seen_at_once(partners):
    domain_list.change_default(effect="block", **ACTING)
    assert numbers() == NUMBERS | {"blocked": 2}


def test_a_changed_organization_is_seen_at_once(partners):
    given = {"name": "Fabrikam", "description": "", "state": "proposed"}
    basics.change_basics(organization=partners[0], **given, **ACTING)
    assert numbers() == NUMBERS | {"configured": 1, "proposed": 1}


def test_a_deleted_organization_is_seen_at_once(partners):
    block("fabrikam.example")
    blocked = numbers()["blocked"]
    deletion.delete(organization=partners[0], **ACTING)
    assert (blocked, numbers()) == (1, NUMBERS | {"": 1, "configured": 1, "deleted": 1})


def test_a_new_package_is_seen_at_once(partners):
    packages.create_package(name="Drawings", description="", is_listed=True, is_open=True, **ACTING)
    assert [name for _key, name in page().offers.packages] == ["Drawings"]


def test_a_change_that_was_undone_is_not_remembered(partners):
    """Its event was never there, and the next one may have its number."""
    with transaction.atomic():
        block("fabrikam.example")
        undone = numbers()["blocked"]
        transaction.set_rollback(True)
    block("unrelated.example")
    assert (undone, numbers()) == (1, NUMBERS)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland"])
def test_the_end_of_a_rule_is_seen_at_once(partners, zone):
    """Midnight after its last day in the portal's time zone, with nothing changed."""
    with override_settings(TIME_ZONE=zone):
        block("fabrikam.example", ends_on=date(2026, 11, 25))
        midnight = datetime(2026, 11, 26, tzinfo=ZoneInfo(zone))
        before = midnight.replace(day=25, hour=23, minute=59, second=59)
        asked_at = (make.NOON, before, midnight, before)
        assert [numbers(at)["blocked"] for at in asked_at] == [1, 1, 0, 1]


def test_other_filters_have_numbers_of_their_own(partners, sam):
    make.sponsor(partners[0], sam)
    domain_list.change_default(effect="block", **ACTING)
    wanted = ({"sponsors": "none"}, {"sign_in": "directory"}, {"sign_in": "passcode"}, {})
    assert [numbers(**filters)["blocked"] for filters in wanted] == [1, 0, 2, 2]


def test_text_view_and_order_have_the_same_numbers(partners):
    counted = statements()
    for filters in ({"view": "blocked"}, {"text": "no such text"}):
        page(**filters)
    assert (counted, len(kept_answers._kept)) == (3, 1)


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_after_every_action_the_numbers_are_as_if_counted_anew(name, monkeypatch):
    if name != "load_demo":  # for an empty portal alone
        make.sponsor(make.organization("Labs", "labs.example"), make.member("kim@labs.example"))
    call = getattr(every_action, name)()
    block("labs.example")  # an event: what was made for the action has none
    told()
    call()
    kept = told()
    monkeypatch.setattr(kept_answers, "_kept", {})
    assert kept == told()


def told() -> list[tuple]:
    """All that is kept, for several filters."""
    asked = ({}, {"sponsors": "none"}, {"sponsors": "internal"}, {"sign_in": "passcode"})
    pages = [page(timezone.now(), **filters) for filters in asked]
    return [(each.counts, each.offers) for each in pages]
