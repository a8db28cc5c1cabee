"""The facts behind a decision, gathered by one statement: against the naive twin over made-up
worlds in a real database, and by hand.
"""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.db import transaction

from governance.facts.eligibility import explained, facts_about, may_request
from governance.models import Person
from governance.queries.what_if import saved_test_results
from governance.rules.access_requests.transitions import CLOSED, OPEN, WAITING
from governance.rules.claims import ClaimFact
from governance.rules.eligibility import decide
from tests import make, make_history
from tests.rules import naive
from tests.rules.worlds import world

from .stored_worlds import storable, store

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)
FIRST_DAY = datetime(1, 1, 1, 1, tzinfo=UTC)
SHARDS, WORLDS_IN_A_SHARD = (
    10,
    1_000 if os.environ.get("HYPOTHESIS_PROFILE") == "properties" else 30,
)


@pytest.mark.properties
@pytest.mark.parametrize("shard", range(SHARDS))
def test_the_decision_over_rows_is_the_same_as_the_naive_one_over_everything(shard):
    chance = Random(1_000 + shard)
    for _ in range(WORLDS_IN_A_SHARD):
        made = storable(world(chance))
        with transaction.atomic():
            store(made)
            assert decided(made) == expected(made), made
            transaction.set_rollback(True)


def decided(made) -> tuple:
    email = f"{made.local}@{made.domain}" if made.domain else "nonsense"
    wanted = ("Badge" if made.package else "No such package") if made.package_asked else ""
    answer = may_request(email, wanted, at=made.at, signed_in_by=made.signed_in_by)
    rule = answer.list_rule and f"{answer.list_rule.name} {answer.list_rule.breadth}"
    return (
        answer.code,
        answer.claim and answer.claim.organization_name,
        rule,
        answer.policy and answer.policy.label,
        answer.approval_needed,
    )


def expected(made) -> tuple:
    answer = naive.decide(made)
    organization, policy = (
        answer.organization and f"Organization {answer.organization}",
        answer.policy and f"Policy {answer.policy}",
    )
    return answer.code, organization, answer.rule, policy, answer.approval


@pytest.mark.parametrize("asked", ["", "Badge", "no such package"])
def test_one_statement_gathers_all_facts(fabrikam, asked, django_assert_num_queries):
    make.policy(make.package("Badge"), "named", fabrikam)
    with django_assert_num_queries(1):
        may_request("bob@a.b.c.d.e.f.fabrikam.example", asked, at=make.NOON)


def test_a_package_that_is_called_like_the_public_id_of_another_does_not_answer_for_it(fabrikam):
    asked = make.package("Zeta")
    make.policy(make.package(str(asked.uuid)), "all_configured")
    assert may_request("bob@fabrikam.example", str(asked.uuid), at=make.NOON).code == "no_policy"


def test_a_blocked_member_is_told_that_they_are_blocked_and_not_that_the_name_is_ours(ada):
    make.own_name("harbourgate.example")
    Person.objects.filter(pk=ada.pk).update(state="blocked", is_active=False)
    assert may_request(ada.email, at=make.NOON).code == "person_blocked"


def test_a_malformed_address_costs_no_more(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert may_request("nonsense", "Badge", at=make.NOON).code == "address_malformed"


@pytest.mark.parametrize(
    ("email", "statements"), [("bob@fabr1kam.example", 3), ("bob@contoso.example", 2)]
)
def test_an_explanation_looks_for_an_imitated_name_by_a_statement_more_and_checks_it_by_another(
    fabrikam, django_assert_num_queries, email, statements
):
    with django_assert_num_queries(statements):
        answer = explained(email, at=make.NOON)
    assert ("looks like the known domain fabrikam.example" in answer.deciding.text) is (
        statements == 3
    )


def test_a_package_is_found_by_its_public_id_and_by_its_name_in_any_case(fabrikam):
    badge = make.package("Blue Badge")
    make.policy(badge, "named", fabrikam)
    answers = [
        may_request("bob@fabrikam.example", wanted, at=make.NOON).code
        for wanted in (str(badge.uuid), "blue  BADGE", "Blue Badge")
    ]
    assert answers == ["allowed"] * 3


def test_policies_of_other_organizations_and_of_other_packages_play_no_part(fabrikam):
    contoso = make.organization("Contoso", "contoso.example")
    make.policy(make.package("Badge"), "named", contoso)
    make.policy(make.package("Drawings"), "named", fabrikam)
    assert may_request("bob@fabrikam.example", "Badge", at=make.NOON).code == "no_policy"


def claim_as_if(
    name: str, organization: str = "00000000-0000-0000-0000-00000000000a", **more
) -> ClaimFact:
    return replace(
        ClaimFact(name, True, 0, "domain", name, organization, "Contoso", "configured"), **more
    )


def test_a_claim_as_if_decides_like_one_that_is_there(fabrikam):
    make.policy(make.package("Badge"), "all_configured")
    answer = may_request(
        "lea@eng.contoso.example", "Badge", at=make.NOON, as_if=(claim_as_if("contoso.example"),)
    )
    assert (answer.code, answer.claim.organization_name) == ("allowed", "Contoso")


def test_claims_as_if_stand_in_place_of_those_the_organization_has(fabrikam):
    key = str(fabrikam.uuid)
    answer = may_request(
        "bob@fabrikam.example", at=make.NOON, as_if=(claim_as_if("contoso.example", key),)
    )
    assert answer.code == "no_organization"


def test_a_policy_that_names_the_organization_counts_for_its_claims_as_if(fabrikam):
    make.policy(make.package("Badge"), "named", fabrikam)
    answer = may_request(
        "bob@contoso.example",
        "Badge",
        at=make.NOON,
        as_if=(claim_as_if("contoso.example", str(fabrikam.uuid)),),
    )
    assert answer.code == "allowed"


def test_a_longer_claim_of_another_organization_decides_over_one_as_if(fabrikam):
    answer = may_request(
        "bob@fabrikam.example",
        at=make.NOON,
        as_if=(claim_as_if("example.example"), claim_as_if("eng.fabrikam.example")),
    )
    assert answer.claim.organization_name == "Fabrikam"


# What the mailbox has and requested


@pytest.fixture
def badge(fabrikam):
    badge = make.package("Badge")
    make.policy(badge, "named", fabrikam)
    return badge


def bobs(package) -> make_history.Requests:
    return make_history.Requests("bob@fabrikam.example", package)


def codes(asked: str = "Badge", email: str = "bob+x@fabrikam.example") -> list[str]:
    answer = may_request(email, asked, at=make.NOON)
    steps = answer.packages[0].answer.reasons if asked == "" else answer.reasons
    return [step.code for step in steps if not step.passed]


@pytest.mark.parametrize("asked", ["", "Badge"])
def test_access_in_force_is_existing_access_for_every_address_of_the_mailbox(badge, asked):
    bobs(badge).assignment()
    assert codes(asked) == ["already_has_access"]


@pytest.mark.parametrize(
    "over",
    [{"ends_at": make.NOON}, {"ended_at": make.NOON}, {"starts_at": make.NOON + MOMENT}],
    ids=["over by time", "ended", "not begun"],
)
def test_access_that_is_over_or_has_not_begun_is_none(badge, over):
    bobs(badge).assignment(**over)
    assert codes() == []


@pytest.mark.parametrize("asked", ["", "Badge"])
@pytest.mark.parametrize("state", OPEN)
def test_a_request_is_open_in_every_state_that_can_lead_to_access(badge, asked, state):
    bobs(badge).request(state, due_at=make.NOON + MOMENT)
    assert codes(asked) == ["request_open"]


@pytest.mark.parametrize("state", ["delivered", *CLOSED])
def test_a_request_is_not_open_in_any_other_state(badge, state):
    bobs(badge).request(state, closed_at=make.NOON - timedelta(days=2))
    assert codes() == []


@pytest.mark.parametrize("state", WAITING)
def test_a_request_that_nobody_answered_in_time_is_not_open(badge, state):
    bobs(badge).request(state, due_at=make.NOON)
    assert codes() == []


@pytest.mark.parametrize("asked", ["", "Badge"])
def test_the_newest_denial_counts(badge, asked):
    for hours in (30, 1, 5):
        bobs(badge).request("denied", closed_at=make.NOON - timedelta(hours=hours))
    answer = may_request("bob@fabrikam.example", asked, at=make.NOON)
    assert (answer.code, "from 24 Nov 2026, 11:00 UTC" in answer.deciding.text) == (
        "asked_recently",
        True,
    )


def test_what_somebody_else_has_and_what_they_have_of_another_package_plays_no_part(badge):
    bobs(make.package("Key")).assignment()
    make_history.Requests("eve@fabrikam.example", badge).assignment()
    assert codes() == []


def test_the_facts_can_leave_out_a_request_that_is_asked_about_again(badge):
    bobs(badge).request(due_at=make.NOON + MOMENT)
    facts = facts_about("bob@fabrikam.example", "Badge", at=make.NOON)
    assert (decide(facts).code, decide(facts.without_own(request=True)).code) == (
        "request_open",
        "allowed",
    )


def test_the_decision_can_be_asked_about_the_first_day_of_the_calendar(badge):
    assert may_request("x@fabrikam.example", "Badge", at=FIRST_DAY).code == "allowed"


def test_a_saved_test_is_about_the_rules_and_not_about_what_its_person_has(badge):
    bobs(badge).assignment()
    make.saved_test("bob@fabrikam.example", badge)
    assert [result.holds for result in saved_test_results(make.NOON)] == [True]
