"""The decision against a naive twin: 10,000 made-up worlds in every run, 1,000,000 by `make
properties`.
"""

import os
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.rules import eligibility
from governance.rules.eligibility.any_package import decide_for_any

from . import naive
from .worlds import world

pytestmark = pytest.mark.properties

IN_FULL = os.environ.get("HYPOTHESIS_PROFILE") == "properties"
SHARDS = 20
WORLDS_IN_A_SHARD = 50_000 if IN_FULL else 485
CODES = {
    "address_malformed",
    "own_name",
    "person_blocked",
    "domain_blocked",
    "package_unknown",
    "organization_deleted",
    "claim_in_doubt",
    "no_organization",
    "organization_proposed",
    "no_policy",
    "sign_in_differently",
    "policy_closed",
    "approval_needed",
    "package_closed",
    "already_has_access",
    "request_open",
    "asked_recently",
    "allowed",
}
few = settings(
    max_examples=5_000 if IN_FULL else 60
)  # a chance that shrinks is slow; the shards do the numbers
worlds = st.builds(world, st.randoms(use_true_random=False))


def decided(made) -> naive.Answer:
    facts = made.facts()
    answer = (
        eligibility.decide(facts)
        if made.package_asked
        else decide_for_any(facts, [made.package] if made.package else [])
    )
    assert answer.allowed == (answer.code == "allowed")
    return naive.Answer(
        answer.code,
        answer.claim and answer.claim.organization_id,
        answer.list_rule and answer.list_rule.key,
        answer.policy and answer.policy.id,
        answer.approval_needed,
    )


@pytest.mark.parametrize("shard", range(SHARDS))
def test_the_decision_is_the_same_as_the_naive_one(shard):
    chance = Random(shard)
    for _ in range(WORLDS_IN_A_SHARD):
        made = world(chance)
        assert decided(made) == naive.decide(made), made


def test_the_made_up_worlds_meet_every_code():
    chance = Random(0)
    assert {naive.decide(world(chance)).code for _ in range(5_000)} == CODES


@few
@given(worlds)
def test_the_decision_is_the_same_as_the_naive_one_and_shrinks(made):
    assert decided(made) == naive.decide(made)


SPELLINGS = {
    "upper case": str.upper,
    "a trailing dot": "{}.".format,
    "white space": "{} \t\n".format,
    "full-width letters": lambda text: text.translate(
        {ord(letter): ord(letter) + 0xFEE0 for letter in "abcdefghijklmnopqrstuvwxyz"}
    ),
    "ideographic dots": lambda text: text.replace(".", "。"),
    "Unicode labels": lambda text: text.replace("xn--bcher-kva", "Bücher"),
}


@few
@given(worlds.filter(lambda made: made.domain), st.sampled_from(sorted(SPELLINGS)))
def test_every_spelling_of_one_name_decides_alike(made, spelling):
    respelled = f"{made.local}@{SPELLINGS[spelling](made.domain)}"
    if spelling == "full-width letters" and "xn--" in made.domain:
        respelled = f"{made.local}@{made.domain}"
    assert eligibility.decide(made.facts(respelled)) == eligibility.decide(made.facts())


@few
@given(worlds, st.randoms(use_true_random=False))
def test_the_order_of_claims_and_rules_plays_no_part(made, chance):
    facts = made.facts()
    claims, rules = list(facts.claims), list(facts.list_rules)
    chance.shuffle(claims)
    chance.shuffle(rules)
    shuffled = eligibility.Facts(
        **{**_fields(facts), "claims": tuple(claims), "list_rules": tuple(rules)}
    )
    assert eligibility.decide(shuffled) == eligibility.decide(facts)


@few
@given(worlds)
def test_every_step_has_a_sentence_and_the_first_stop_decides(made):
    answer = eligibility.decide(made.facts())
    assert [
        step for step in answer.reasons if not step.text.endswith((".", "partner.example"))
    ] == []
    assert answer.allowed == all(step.passed for step in answer.reasons)


@few
@given(worlds)
def test_an_allow_rule_admits_nobody_whom_an_empty_list_would_not(made):
    facts = _fields(made.facts())
    without_a_list = eligibility.Facts(**{**facts, "list_rules": (), "list_default": "allow"})
    assert eligibility.decide(made.facts()).allowed <= eligibility.decide(without_a_list).allowed


def _fields(facts) -> dict:
    return {name: getattr(facts, name) for name in facts.__dataclass_fields__}


def test_asked_for_any_package_the_answer_is_that_of_the_naive_one_about_each():
    chance, kinds = Random(0), set()
    for _ in range(3_000):
        made = world(chance)
        packages = [each for each in (world(chance).package for _ in range(4)) if each]
        approvals = _naive_approvals(made, packages)
        answer = decide_for_any(replace(made, package_asked=False).facts(), packages)
        assert (answer.allowed, answer.approval_needed) == (
            bool(approvals),
            bool(approvals) and all(approvals),
        ), made
        kinds.add(frozenset(approvals))
    assert kinds == {frozenset(), frozenset({True}), frozenset({False}), frozenset({True, False})}


def _naive_approvals(made, packages) -> list[bool]:
    """Whether each of the packages that can be requested needs approval."""
    answers = [naive.decide(replace(made, package_asked=True, package=each)) for each in packages]
    return [each.approval for each in answers if each.code == "allowed"]
