"""Vouchers: who can have one, and what one decides (product rule 47)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from random import Random

import pytest

from governance.rules.decision import Ref, Refused
from governance.rules.eligibility import decide
from governance.rules.eligibility.facts import PersonFact
from governance.rules.email_domains import canonical_email
from governance.rules.vouching import (
    LONGEST_DAYS,
    VoucherFact,
    VouchingFacts,
    known_last_day,
    why_not_vouchable,
)

from .cases import FABRIKAM, block, claim, contoso, facts, package, policy
from .worlds import world

LEA, TODAY = "lea@gmail.com", date(2026, 11, 23)
VOUCHER = VoucherFact(
    "voucher-id", LEA, FABRIKAM, "Fabrikam", "configured", given_by="Uma", last_day=date(2027, 3, 3)
)


def leas(**more):
    """The facts about Lea, who has no address at a claimed domain, with a voucher unless said."""
    return facts(LEA, **{"claims": (), "voucher": VOUCHER} | more)


def stops(given) -> list[str]:
    return [step.code for step in decide(given).reasons if not step.passed]


# What a voucher decides


def test_a_voucher_decides_where_the_address_belongs_and_says_so_in_a_step_of_its_own():
    answer = decide(leas())
    step = next(step for step in answer.reasons if step.code == "vouched")
    assert (answer.code, answer.claim.organization_name, step.text, step.refers_to) == (
        "allowed",
        "Fabrikam",
        "Uma vouched for lea@gmail.com: it counts as Fabrikam's until 3 Mar 2027.",
        Ref("organization", FABRIKAM, "Fabrikam"),
    )


def test_without_the_voucher_the_same_person_has_no_organization():
    assert stops(leas(voucher=None)) == ["no_organization"]


def test_a_voucher_decides_before_any_claim_and_says_what_decides_without_it():
    given = facts("lea@contoso.example", claims=(contoso("contoso.example"),), voucher=VOUCHER)
    step = next(step for step in decide(given).reasons if step.code == "vouched")
    assert decide(given).claim.organization_name == "Fabrikam"
    assert step.text.endswith(" Without the voucher it would belong to Contoso.")


def test_a_voucher_decides_even_where_the_claim_is_in_doubt_or_of_a_deleted_organization():
    given = facts(
        "lea@contoso.example",
        claims=(contoso("contoso.example", in_doubt=True, organization_deleted=True),),
        voucher=VOUCHER,
    )
    assert decide(given).code == "allowed"


def test_a_voucher_for_a_deleted_organization_stops():
    said = "Fabrikam was deleted. Restore the organization, or withdraw the voucher."
    answer = decide(leas(voucher=replace(VOUCHER, organization_deleted=True)))
    assert (answer.code, answer.deciding.text) == ("organization_deleted", said)


def test_a_voucher_of_a_proposed_organization_counts_as_proposed():
    proposed = replace(VOUCHER, organization_state="proposed")
    asked = package(policy("all_configured"))
    assert stops(leas(voucher=proposed, package=asked)) == ["organization_proposed"]


def test_a_member_has_nothing_from_a_voucher():
    answer = decide(leas(person=PersonFact("member")))
    assert (answer.claim, "vouched" in [step.code for step in answer.reasons]) == (None, False)


def test_what_stops_requests_from_a_vouched_address_is_to_withdraw_the_voucher():
    assert " To stop requests from this address, withdraw the voucher." in (
        decide(leas()).deciding.text
    )


def test_the_advice_for_public_mail_is_a_voucher_and_not_to_connect_all_of_it():
    text = decide(leas(voucher=None)).deciding.text
    assert text.endswith(
        "If they work for a connected organization without one, vouch for this one address on the"
        " organization's page."
    )


def test_a_policy_without_approval_stops_the_vouched_and_says_why():
    asked = package(policy(needs_approval=False))
    answer = decide(leas(package=asked))
    assert (answer.code, answer.deciding.text.split(",")[0]) == (
        "approval_needed",
        "lea@gmail.com is vouched for",
    )


# Every combination


@pytest.mark.parametrize(
    ("has_voucher", "is_own", "is_blocked", "rule", "default", "tick", "approval"),
    list(
        product(
            (True, False),
            (True, False),
            (True, False),
            (None, "block", "block above", "allow"),
            ("allow", "block"),
            (True, False),
            (True, False),
        )
    ),
)
def test_what_stops_somebody_at_a_domain_that_nobody_claims(
    has_voucher, is_own, is_blocked, rule, default, tick, approval
):
    domain = "freelance.example"
    given = facts(
        f"lea@{domain}",
        claims=(),
        own_names=frozenset({domain} if is_own else ()),
        person=PersonFact(None, is_blocked),
        list_rules={
            None: (),
            "block": (block(domain),),
            "block above": (block("example"),),
            "allow": (replace(block(domain), effect="allow"),),
        }[rule],
        list_default=default,
        package=package(policy(needs_approval=approval)),
        voucher=replace(VOUCHER, passes_default_block=tick) if has_voucher else None,
    )
    counts = has_voucher and not is_own
    is_listed = rule in ("block", "block above")
    by_default = rule is None and default == "block" and not (counts and tick)
    expected = [
        *(["own_name"] if is_own else []),
        *(["person_blocked"] if is_blocked else []),
        *(["domain_blocked"] if is_listed or by_default else []),
        *(["no_organization"] if not has_voucher and not is_own else []),
        *(["approval_needed"] if counts and not approval else []),
    ]
    assert stops(given) == expected


def test_a_voucher_never_lets_anybody_in_beyond_what_the_rule_allows():
    """Whoever is let in with a voucher is neither ours, nor blocked, nor named by a block rule, is
    let through the default by a tick alone, and needs approval.
    """
    chance, seen = Random(47), set()
    for _ in range(5_000):
        made = world(chance)
        if made.domain is None:
            continue
        given = made.facts()
        voucher = VoucherFact(
            "voucher",
            given.known_address.mailbox,
            chance.choice("ABC"),
            "Organization",
            chance.choice(("configured", "proposed")),
            chance.random() < 0.1,
            passes_default_block=chance.random() < 0.5,
        )
        with_it = replace(given, voucher=voucher)
        answer, before = decide(with_it), decide(given)
        seen.add((before.allowed, answer.allowed))
        if with_it.is_member:
            assert answer == before
        elif answer.allowed:
            assert given.own_name is None
            assert not given.person.is_blocked
            assert not (given.list_rule and given.list_rule.effect == "block")
            assert (
                given.list_rule or given.list_default == "allow" or (voucher.passes_default_block)
            )
            assert not voucher.organization_deleted
            assert answer.policy is None or answer.approval_needed
    assert seen == set(product((True, False), repeat=2))


# Who can have one


def vouching(email: str = LEA, **more) -> VouchingFacts:
    return VouchingFacts(canonical_email(email), FABRIKAM, **more)


def test_an_address_elsewhere_can_have_a_voucher():
    assert why_not_vouchable(vouching()) is None


def test_an_address_of_another_organization_can_have_one():
    assert why_not_vouchable(vouching(claim=contoso("gmail.com"))) is None


@pytest.mark.parametrize(
    ("more", "code", "text"),
    [
        (
            {"own_names": frozenset({"gmail.com"})},
            "own_name",
            "gmail.com is one of your domains. Its people are members",
        ),
        ({"is_member": True}, "is_member", "lea@gmail.com is a member of your directory"),
        (
            {"is_blocked": True},
            "person_blocked",
            "The mailbox lea@gmail.com is blocked. Unblock it first",
        ),
        (
            {"claim": claim("gmail.com")},
            "belongs_already",
            "gmail.com belongs to Fabrikam, so no voucher is needed",
        ),
        (
            {"present": "Contoso"},
            "vouched_already",
            "lea@gmail.com already has a voucher for Contoso. Withdraw or refuse it first",
        ),
    ],
)
def test_who_cannot_have_one_and_why(more, code, text):
    reason = why_not_vouchable(vouching(**more))
    assert (reason.code, reason.text, reason.field) == (code, text, "email")


@pytest.mark.parametrize("days", [0, 1, LONGEST_DAYS])
def test_a_voucher_can_last_from_today_to_a_year(days):
    day = TODAY + timedelta(days=days)
    assert known_last_day(day, TODAY) == day


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (TODAY - timedelta(days=1), "last_day_out_of_bounds"),
        (TODAY + timedelta(days=LONGEST_DAYS + 1), "last_day_out_of_bounds"),
        (None, "last_day_missing"),
        ("2027-03-03", "not_a_day"),
        (datetime(2027, 3, 3), "not_a_day"),  # noqa: DTZ001 -- whatever its zone
    ],
)
def test_a_last_day_that_is_over_too_far_or_none_is_refused(day, code):
    with pytest.raises(Refused) as refusal:
        known_last_day(day, TODAY)
    assert refusal.value.code == code
