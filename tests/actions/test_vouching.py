"""Giving, proposing, refusing, withdrawing and ending vouchers (product rule 47)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from governance.actions import vouching
from governance.actions.confirmation import ConfirmationRequired
from governance.actions.jobs import run_jobs
from governance.facts.eligibility import may_request
from governance.facts.vouching import voucher_for
from governance.models import Assignment, AuditEvent, Mail, Person
from governance.queries.what_if import saved_test_results
from governance.rules.decision import Refused
from governance.rules.roles import SYSTEM
from tests import make, make_history, make_vouchers
from tests.confirmed import confirmed

pytestmark = pytest.mark.django_db
LAST_DAY, OVER = date(2027, 3, 3), datetime(2027, 3, 4, tzinfo=UTC)
LEA = "lea@gmail.com"


@pytest.fixture
def badge(fabrikam, uma):
    badge = make.package("Badge")
    make.policy(badge, "named", fabrikam)
    return badge


def give(organization, email: str = LEA, **more):
    asked = {"last_day": LAST_DAY, "reason": "Welder", "passes_default_block": False}
    return confirmed(
        vouching.give_voucher,
        **{"organization": organization, "email": email, "by": SYSTEM, "at": make.NOON}
        | asked
        | more,
    )


def code(email: str = LEA, asked: str = "Badge", at=make.NOON) -> str:
    return may_request(email, asked, at=at).code


def organization_of(email: str, at=make.NOON) -> str | None:
    claim = may_request(email, at=at).claim
    return claim and claim.organization_name


# What it does


@pytest.mark.parametrize("asked", ["", "Badge"])
def test_who_is_vouched_for_can_request_what_the_organization_can(fabrikam, badge, asked):
    assert code(asked=asked) == "no_organization"
    give(fabrikam)
    assert code(asked=asked) == "allowed"


def test_one_statement_still_gathers_all_facts(fabrikam, badge, django_assert_num_queries):
    give(fabrikam)
    with django_assert_num_queries(1):
        may_request(LEA, "Badge", at=make.NOON)


def test_it_counts_for_the_mailbox_and_for_no_other_address_at_the_domain(fabrikam, badge):
    give(fabrikam)
    assert (code("lea+work@gmail.com"), code("eve@gmail.com")) == ("allowed", "no_organization")


def test_it_counts_until_the_end_of_its_last_day_whether_or_not_a_worker_runs(fabrikam, badge):
    give(fabrikam)
    before = OVER - timedelta(microseconds=1)
    assert (code(at=before), code(at=OVER)) == ("allowed", "no_organization")


@pytest.mark.parametrize("state", ["proposed", "refused", "withdrawn", "ended"])
def test_a_voucher_in_any_other_state_counts_for_nothing(fabrikam, badge, state):
    make_vouchers.voucher(fabrikam, state=state)
    assert (code(), voucher_for(LEA, make.NOON)) == ("no_organization", None)


def test_it_decides_before_a_claim_and_falls_back_to_it(fabrikam):
    make.organization("Contoso", "contoso.example")
    give(fabrikam, "lea@contoso.example")
    assert [organization_of("lea@contoso.example", at) for at in (make.NOON, OVER)] == [
        "Fabrikam",
        "Contoso",
    ]


def test_a_saved_test_knows_it(fabrikam, badge):
    make.saved_test(LEA, badge)
    give(fabrikam)
    assert [result.holds for result in saved_test_results(make.NOON)] == [True]


def test_a_guest_stays_with_the_organization_of_their_domain_as_sponsors_go_by_claims(fabrikam):
    make.guest(LEA)
    give(fabrikam)
    assert Person.objects.get(email=LEA).organization is None


# Giving


def test_the_impact_is_seen_first_and_names_whoever_has_no_account_yet(fabrikam, badge, uma):
    with pytest.raises(ConfirmationRequired) as question:
        vouching.give_voucher(
            organization=fabrikam,
            email=LEA,
            last_day=LAST_DAY,
            reason="Welder",
            passes_default_block=False,
            by=make.actor(uma),
            at=make.NOON,
        )
    assert [line.text for line in question.value.impact.lines] == [
        "lea@gmail.com now belongs to Fabrikam.",
        "lea@gmail.com can request Badge with approval.",
    ]


def test_withdrawing_says_who_loses_what(fabrikam, badge, uma):
    make.guest(LEA, name="Lea")
    voucher = give(fabrikam)
    with pytest.raises(ConfirmationRequired) as question:
        vouching.withdraw_voucher(voucher=voucher, by=make.actor(uma), at=make.NOON)
    assert [line.text for line in question.value.impact.lines] == [
        "Lea can no longer request Badge.",
        "Lea no longer belongs to Fabrikam or any other organization.",
    ]


def test_where_the_list_blocks_by_default_the_tick_decides(fabrikam, badge):
    make.list_default("block")
    give(fabrikam)
    give(fabrikam, "kai@gmail.com", passes_default_block=True)
    assert (code(), code("kai@gmail.com")) == ("domain_blocked", "allowed")


def test_no_tick_passes_a_rule_that_blocks_the_domain(fabrikam, badge):
    make.list_rule("gmail.com", breadth="alone")
    give(fabrikam, passes_default_block=True)
    assert code() == "domain_blocked"


def test_a_second_voucher_for_the_mailbox_is_refused(fabrikam):
    give(fabrikam)
    with pytest.raises(Refused) as refusal:
        give(make.organization("Contoso", "contoso.example"), "lea+2@gmail.com")
    assert refusal.value.code == "vouched_already"


def test_a_member_cannot_be_vouched_for(fabrikam, uma):
    with pytest.raises(Refused) as refusal:
        give(fabrikam, uma.email)
    assert refusal.value.code in ("is_member", "own_name")


# Proposing


def propose(organization, by):
    return vouching.propose_voucher(
        organization=organization,
        email=LEA,
        last_day=LAST_DAY,
        reason="Welder",
        by=make.actor(by),
        at=make.NOON,
    )


def test_a_sponsor_proposes_and_an_administrator_gives(fabrikam, badge, sam, uma):
    make.sponsor(fabrikam, sam)
    voucher = propose(fabrikam, sam)
    assert code() == "no_organization"
    confirmed(
        vouching.approve_voucher,
        voucher=voucher,
        passes_default_block=False,
        by=make.actor(uma),
        at=make.NOON,
    )
    assert code() == "allowed"
    assert list(AuditEvent.objects.order_by("-pk").values_list("activity", flat=True)[:2]) == [
        "Approve voucher",
        "Propose voucher",
    ]


def test_whoever_is_no_sponsor_of_the_organization_proposes_nothing(fabrikam, sam, uma):
    make.sponsor(make.organization("Contoso", "contoso.example"), sam)
    for person in (sam, uma):
        with pytest.raises(Refused) as refusal:
            propose(fabrikam, person)
        assert refusal.value.code == "not_permitted"


def test_a_refused_voucher_cannot_be_given_any_more(fabrikam, sam):
    make.sponsor(fabrikam, sam)
    voucher = propose(fabrikam, sam)
    vouching.refuse_voucher(voucher=voucher, by=SYSTEM, at=make.NOON)
    with pytest.raises(Refused) as refusal:
        vouching.approve_voucher(
            voucher=voucher, passes_default_block=False, by=SYSTEM, at=make.NOON
        )
    assert (refusal.value.code, str(refusal.value)) == (
        "voucher_changed",
        "This voucher is not proposed any more: refused (System)",
    )


# Its end


def assignment_until(badge, organization, ends_at) -> Assignment:
    return make_history.Requests(LEA, badge).assignment(organization=organization, ends_at=ends_at)


@pytest.mark.parametrize("ends_at", [None, OVER])
def test_access_that_rests_on_a_withdrawn_voucher_ends_with_the_day(fabrikam, badge, ends_at):
    voucher = give(fabrikam)
    access = assignment_until(badge, fabrikam, ends_at)
    confirmed(vouching.withdraw_voucher, voucher=voucher, by=SYSTEM, at=make.NOON)
    access.refresh_from_db()
    assert access.ends_at == datetime(2026, 11, 24, tzinfo=UTC)


def test_access_that_ends_earlier_and_access_of_another_organization_stay(fabrikam, badge):
    voucher, soon = give(fabrikam), make.NOON + timedelta(hours=1)
    access = assignment_until(badge, fabrikam, soon)
    other = make_history.Requests(LEA, make.package("Key")).assignment(organization=None)
    confirmed(vouching.withdraw_voucher, voucher=voucher, by=SYSTEM, at=make.NOON)
    access.refresh_from_db()
    other.refresh_from_db()
    assert (access.ends_at, other.ends_at) == (soon, None)


def test_the_worker_writes_down_what_is_over_and_ends_what_rests_on_it(fabrikam, badge):
    voucher = give(fabrikam)
    access = assignment_until(badge, fabrikam, None)
    run_jobs(by=SYSTEM, at=OVER)
    voucher.refresh_from_db()
    access.refresh_from_db()
    assert (voucher.state, voucher.ended_at, access.ended_at) == ("ended", OVER, OVER)


def test_both_sides_are_told_a_week_before_once(fabrikam, sam):
    make.sponsor(fabrikam, sam)
    give(fabrikam)
    Mail.objects.all().delete()
    for days in (8, 7, 6):
        vouching.tell_of_ending_vouchers(SYSTEM, OVER - timedelta(days=days))
    assert sorted(Mail.objects.values_list("to", "subject")) == sorted(
        [
            (LEA, "Your address counts as Fabrikam's only until 3 Mar 2027"),
            (sam.email, "The voucher for lea@gmail.com ends on 3 Mar 2027"),
        ]
    )


def test_a_batch_is_at_most_200(fabrikam):
    for number in range(201):
        make_vouchers.voucher(fabrikam, f"lea{number}@gmail.com", last_day=date(2026, 11, 1))
    done = [vouching.end_due_vouchers(SYSTEM, make.NOON) for _ in range(3)]
    assert done == [200, 1, 0]
