"""What a policy says in words, and what makes one acceptable (product rules 26 and 33)."""

import pytest

from governance.rules.access_packages.terms import (
    NewPolicy,
    one_scope_refusal,
    paragraph,
    require_acceptable,
)
from governance.rules.decision import Refused


def refusal(policy: NewPolicy) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        require_acceptable(policy)
    return refused.value.code, refused.value.reasons[0].field


@pytest.mark.parametrize("days", [None, 1, 3660])
@pytest.mark.parametrize("scope", ["named", "all_configured", "members", "nobody"])
def test_any_length_from_a_day_to_ten_years_or_none_is_acceptable(scope, days):
    require_acceptable(NewPolicy("P", scope, needs_approval=False, lasts_days=days))


@pytest.mark.parametrize("days", [0, -1, 3661])
def test_other_lengths_are_refused(days):
    assert refusal(NewPolicy("P", "named", lasts_days=days)) == (
        "length_out_of_bounds",
        "lasts_days",
    )


def test_any_outside_person_needs_approval():
    assert refusal(NewPolicy("P", "any_outside", needs_approval=False)) == (
        "any_outside_needs_approval",
        "needs_approval",
    )
    require_acceptable(NewPolicy("P", "any_outside", needs_approval=True))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            ("named", ["Pumpworks"], True, 90, True),
            (
                "People from Pumpworks can request access."
                " Each request needs approval. Access lasts 90 days."
            ),
        ),
        (
            ("named", ["A", "B", "C", "D", "E"], True, 1, True),
            (
                "People from A, B, C and 2 more can request access."
                " Each request needs approval. Access lasts 1 day."
            ),
        ),
        (
            ("named", ["A", "B", "C"], True, None, True),
            (
                "People from A, B and C can request access."
                " Each request needs approval. Access has no end date."
            ),
        ),
        (
            ("named", [], True, None, True),
            "This policy includes no organization, so nobody can request access.",
        ),
        (
            ("all_configured", [], False, 7, True),
            (
                "People from every configured connected organization can request access."
                " Requests need no approval. Access lasts 7 days."
            ),
        ),
        (
            ("any_outside", [], True, 7, True),
            (
                "Any outside person can request access,"
                " even if their organization is not connected."
                " Each request needs approval. Access lasts 7 days."
            ),
        ),
        (
            ("members", [], True, 7, True),
            (
                "People in your directory can request access."
                " Each request needs approval. Access lasts 7 days."
            ),
        ),
        (("nobody", [], True, 7, True), "No one can request access. Access is assigned directly."),
        (
            ("members", [], True, 7, False),
            (
                "This policy is closed, so nobody can request access now."
                " When it is open: People in your directory can request access."
            ),
        ),
    ],
    ids=[
        "one",
        "many",
        "three",
        "none",
        "all configured",
        "any outside",
        "members",
        "nobody",
        "closed",
    ],
)
def test_a_policy_is_one_paragraph_in_plain_words(given, words):
    assert paragraph(*given) == words


@pytest.mark.parametrize("scope", ["all_configured", "any_outside", "members"])
def test_a_second_policy_of_a_wide_scope_is_refused_at_the_scope(scope):
    refused = one_scope_refusal(scope)
    assert (refused.code, refused.reasons[0].field) == ("scope_taken", "scope")
