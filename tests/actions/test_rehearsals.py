"""Saved tests are asked about a change before it is made; the rehearsal leaves nothing behind."""

from functools import partial

import pytest

from governance.actions.deleted_organizations import delete
from governance.actions.domain_list import add_rules
from governance.actions.organizations import change_basics
from governance.actions.rehearsals import broken_tests
from governance.models import AuditEvent, ListRule, Organization
from governance.rules.list_rules import NewListRule
from governance.rules.roles import SYSTEM, Actor
from tests import make

pytestmark = pytest.mark.django_db
ACTING = {"by": SYSTEM, "at": make.NOON}


@pytest.fixture
def badge(fabrikam):
    row = make.package("Badge")
    make.policy(row, "all_configured")
    return row


def broken(change, **more) -> list[tuple[str, str]]:
    return [
        (result.test.email, result.answer.code)
        for result in broken_tests(partial(change, **ACTING | more), make.NOON)
    ]


def test_a_test_that_a_block_would_break_is_told_with_its_new_answer(fabrikam, badge):
    make.saved_test("bob@fabrikam.example", badge)
    make.saved_test("eve@evil.example", badge, expects_allowed=False)
    rule = NewListRule("fabrikam.example", "with_subdomains", "block")
    assert broken(add_rules, rules=(rule,)) == [("bob@fabrikam.example", "domain_blocked")]


def test_a_test_that_holds_afterwards_too_is_not_told(fabrikam, badge):
    make.saved_test("bob@fabrikam.example", badge)
    assert (
        broken(add_rules, rules=(NewListRule("contoso.example", "with_subdomains", "block"),)) == []
    )


def test_a_test_that_is_broken_already_is_not_told_again(fabrikam, badge):
    make.saved_test("bob@fabrikam.example", badge, expects_allowed=False)
    assert broken(delete, organization=fabrikam) == []


def test_proposing_an_organization_breaks_what_policies_for_all_configured_ones_gave(
    fabrikam, badge
):
    make.saved_test("bob@fabrikam.example", badge)
    change = {"organization": fabrikam, "name": "Fabrikam", "description": "", "state": "proposed"}
    assert broken(change_basics, **change) == [("bob@fabrikam.example", "organization_proposed")]


def test_a_rehearsal_keeps_no_row_and_no_event(fabrikam, badge):
    make.saved_test("bob@fabrikam.example", badge)
    events = AuditEvent.objects.count()
    broken(delete, organization=fabrikam)
    broken(add_rules, rules=(NewListRule("fabrikam.example", "alone", "block"),))
    assert (
        Organization.objects.get().deleted_at,
        ListRule.objects.count(),
        AuditEvent.objects.count(),
    ) == (None, 0, events)


def test_a_change_that_is_refused_breaks_nothing_and_is_no_attempt_on_record(fabrikam, badge):
    make.saved_test("bob@fabrikam.example", badge)
    events = AuditEvent.objects.count()
    assert broken(delete, organization=fabrikam, by=Actor(1, "Nobody")) == []
    assert AuditEvent.objects.count() == events


def test_without_saved_tests_nothing_is_rehearsed(fabrikam):
    assert broken_tests(lambda: 1 / 0, make.NOON) == ()
