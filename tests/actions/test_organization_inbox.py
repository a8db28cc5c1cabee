"""Deciding about proposed organizations."""

from datetime import UTC, date, datetime, timedelta

import pytest

from governance.actions.organizations import inbox
from governance.models import AccessRequest, ListRule
from governance.queries.organizations.inbox import inbox as inbox_page
from governance.queries.organizations.inbox import organization_called
from governance.rules.decision import Refused
from governance.rules.roles import SYSTEM
from tests import make, make_requests
from tests.make import NOON

pytestmark = pytest.mark.django_db
ACTING = {"by": SYSTEM, "at": NOON}


@pytest.fixture
def northwind(db):
    return make.organization("Northwind", "northwind.example", state="proposed")


def code_of(call, **given) -> str:
    with pytest.raises(Refused) as refused:
        call(**given)
    return refused.value.code


def test_refusing_deletes_it_and_withdraws_its_requests(northwind, uma):
    policy = make.policy(make.package(), "any_outside")
    make_requests.with_stages(policy, make_requests.named_stage(uma))
    make_requests.request(policy.package, "nia@northwind.example")
    inbox.refuse_organization(organization=northwind, blocks=False, reason="", **ACTING)
    northwind.refresh_from_db()
    assert (northwind.is_deleted, AccessRequest.objects.get().state) == (True, "withdrawn")


def test_refusing_can_block_its_domains(northwind):
    inbox.refuse_organization(organization=northwind, blocks=True, reason="Spam", **ACTING)
    rule = ListRule.objects.get()
    assert (rule.name, rule.effect, rule.breadth, rule.reason) == (
        "northwind.example",
        "block",
        "with_subdomains",
        "Spam",
    )


def test_who_cannot_change_the_list_cannot_block_by_refusing(northwind, uma):
    given = {"organization": northwind, "reason": "", "by": make.actor(uma), "at": NOON}
    call = inbox.refuse_organization
    with pytest.raises(Refused) as refused:
        call(blocks=True, seen="", **given)
    expected = refused.value.expected
    assert code_of(call, blocks=True, seen=expected, **given) == "not_permitted"
    northwind.refresh_from_db()
    assert not northwind.is_deleted


def test_a_configured_organization_is_not_refused(fabrikam):
    given = {"organization": fabrikam, "blocks": False, "reason": "", **ACTING}
    assert code_of(inbox.refuse_organization, **given) == "not_proposed"


def test_a_snoozed_organization_waits_again_after_the_day(northwind):
    inbox.snooze(organization=northwind, until=date(2026, 11, 24), **ACTING)
    evening = datetime(2026, 11, 24, 23, 59, tzinfo=UTC)
    assert [page.rows for page in (inbox_page(evening, ""),)] == [()]
    midnight = evening + timedelta(minutes=1)
    assert [row.organization for row in inbox_page(midnight, "").rows] == [northwind]


def test_snoozed_organizations_have_a_view_of_their_own(northwind):
    inbox.snooze(organization=northwind, until=date(2026, 11, 24), **ACTING)
    rows = inbox_page(NOON, "", is_snoozed=True).rows
    assert [row.organization for row in rows] == [northwind]


@pytest.mark.parametrize("until", [date(2026, 11, 22), date(2027, 2, 22)])
def test_a_decision_is_put_off_to_a_day_within_90_days(northwind, until):
    given = {"organization": northwind, "until": until, **ACTING}
    assert code_of(inbox.snooze, **given) == "snooze_out_of_bounds"


def test_the_inbox_says_whose_request_proposed_it_and_who_waits(northwind, sam, uma):
    policy = make.policy(make.package(), "any_outside")
    make_requests.with_stages(policy, make_requests.named_stage(uma))
    make.sponsor(northwind, sam)
    for name in ("nia", "noa"):
        make_requests.request(policy.package, f"{name}@northwind.example")
    (row,) = inbox_page(NOON, "").rows
    assert row.domains == ("northwind.example",)
    assert row.sponsors == (("Sam Adeyemi", "System"),)
    assert row.waiting == ("nia@northwind.example", "noa@northwind.example")


@pytest.mark.parametrize("text", ["Northwind", " northwind ", "NORTHWIND.example"])
def test_an_organization_is_found_by_its_name_or_domain(northwind, text):
    assert organization_called(text) == northwind


@pytest.mark.parametrize("text", ["", "\0", "North", "example"])
def test_part_of_a_name_finds_no_organization(northwind, text):
    assert organization_called(text) is None
