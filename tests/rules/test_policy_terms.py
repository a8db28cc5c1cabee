"""What a policy says in words, and what makes one acceptable (product rules 26 and 33)."""

from datetime import date

import pytest

from governance.rules.access_packages.lifecycle import NEVER, UNTIL, Lifecycle
from governance.rules.access_packages.questions import Question
from governance.rules.access_packages.stages import Stage
from governance.rules.access_packages.terms import (
    NewPolicy,
    acceptable,
    one_scope_refusal,
    paragraph,
)
from governance.rules.decision import Refused

from .cases import ONE_STAGE, UMA

NAMES = {UMA: "Uma Castellanos"}
WEEK = Lifecycle(days=7, can_extend=False)
DECIDED = (
    "An internal sponsor decides within 14 days; if no sponsor can decide, Uma Castellanos does."
)


def refusal(policy: NewPolicy, today: date | None = None) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        acceptable(policy, today)
    return refused.value.code, refused.value.reasons[0].field


@pytest.mark.parametrize("scope", ["named", "all_configured", "members", "nobody"])
def test_every_scope_but_any_outside_person_can_do_without_approval(scope):
    assert acceptable(NewPolicy("P", scope, lifecycle=WEEK)).stages == ()


def test_any_outside_person_needs_approval():
    assert refusal(NewPolicy("P", "any_outside")) == ("any_outside_needs_approval", "stages")
    assert acceptable(NewPolicy("P", "any_outside", (), ONE_STAGE)).stages == ONE_STAGE


def test_a_stage_that_cannot_be_asked_is_refused_at_its_part():
    policy = NewPolicy("P", "named", (), (*ONE_STAGE, Stage("external_sponsors")))
    assert refusal(policy) == ("no_fallback", "stage-2-fallback")


def test_a_question_is_stored_clean():
    policy = NewPolicy("P", "named", questions=(Question("  Which   project? "),))
    assert acceptable(policy).questions == (Question("Which project?"),)


@pytest.mark.parametrize(("today", "is_over"), [(date(2026, 12, 31), False), (None, False)])
def test_a_last_day_that_is_not_over_is_acceptable(today, is_over):
    policy = NewPolicy("P", "named", lifecycle=Lifecycle(UNTIL, last_day=date(2026, 12, 31)))
    assert acceptable(policy, today).lifecycle.last_day == date(2026, 12, 31)


def test_a_last_day_that_is_over_is_refused():
    policy = NewPolicy("P", "named", lifecycle=Lifecycle(UNTIL, last_day=date(2026, 12, 31)))
    assert refusal(policy, date(2027, 1, 1)) == ("last_day_over", "last_day")


def test_a_length_that_the_end_does_not_use_is_not_stored():
    policy = NewPolicy("P", "named", lifecycle=Lifecycle(NEVER, 30, 8, date(2026, 12, 31)))
    assert acceptable(policy).lifecycle == Lifecycle(NEVER, None)


def words(scope: str, *organizations: str, **more) -> str:
    known = {"stages": ONE_STAGE, "lifecycle": WEEK}
    return paragraph(NewPolicy("P", scope, **known | more), organizations, NAMES)


@pytest.mark.parametrize(
    ("organizations", "who"),
    [
        (["Pumpworks"], "Pumpworks"),
        (["A", "B", "C"], "A, B and C"),
        (["A", "B", "C", "D", "E"], "A, B, C and 2 more"),
    ],
)
def test_a_policy_for_organizations_names_the_first_three(organizations, who):
    assert words("named", *organizations) == (
        f"People from {who} can request access."
        f" {DECIDED} Access lasts 7 days and cannot be extended."
    )


def test_a_policy_that_names_no_organization_says_so():
    assert words("named") == "This policy includes no organization, so nobody can request access."


@pytest.mark.parametrize(
    ("scope", "who"),
    [
        ("all_configured", "People from every configured connected organization can"),
        (
            "any_outside",
            "Any outside person can request access, even if their organization is not connected.",
        ),
        ("members", "People in your directory can"),
    ],
)
def test_a_policy_of_a_wide_scope_says_for_whom_it_is(scope, who):
    who = who if who.endswith(".") else f"{who} request access."
    assert words(scope) == f"{who} {DECIDED} Access lasts 7 days and cannot be extended."


def test_a_policy_for_nobody_says_how_long_access_lasts_that_is_assigned():
    assert words("nobody") == (
        "No one can request access. Access is assigned directly."
        " Access lasts 7 days and cannot be extended."
    )


def test_a_closed_policy_says_so_first():
    assert words("members", is_open=False) == (
        "This policy is closed, so nobody can request access now."
        " When it is open: People in your directory can request access."
    )


def test_a_policy_without_approval_says_so():
    assert words("members", stages=()) == (
        "People in your directory can request access. Requests need no approval."
        " Access lasts 7 days and cannot be extended."
    )


def test_what_the_requester_is_asked_is_said_before_who_decides():
    asked = words("members", needs_reason=True, questions=(Question("Why?"),), stages=())
    assert asked.startswith(
        "People in your directory can request access."
        " The requester gives a reason and answers 1 question. Requests need no approval."
    )


def test_for_requesters_a_policy_names_no_people():
    policy = NewPolicy("P", "members", (), ONE_STAGE, lifecycle=WEEK)
    assert paragraph(policy, []) == (
        "People in your directory can request access. An internal sponsor decides within 14 days;"
        " if no sponsor can decide, another approver does."
        " Access lasts 7 days and cannot be extended."
    )


@pytest.mark.parametrize("scope", ["all_configured", "any_outside", "members"])
def test_a_second_policy_of_a_wide_scope_is_refused_at_the_scope(scope):
    refused = one_scope_refusal(scope)
    assert (refused.code, refused.reasons[0].field) == ("scope_taken", "scope")
