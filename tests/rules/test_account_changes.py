"""What can be done to an account in its present state."""

import pytest

from governance.rules.account_changes import (
    AccountFact,
    cannot_be_blocked,
    cannot_be_removed,
    cannot_be_unblocked,
    has_no_open_invitation,
    leaves_no_global_administrator,
)

STATES = ("active", "invited", "blocked", "removed")


def codes(why_not, **more) -> list[str]:
    """The code of the refusal in each state; "" where there is none."""
    refusals = [why_not(AccountFact("Bob", "guest", state, **more)) for state in STATES]
    return [refusal.code if refusal else "" for refusal in refusals]


@pytest.mark.parametrize(
    ("why_not", "expected"),
    [
        (cannot_be_blocked, ["", "", "already_blocked", "already_removed"]),
        (cannot_be_unblocked, ["not_blocked", "not_blocked", "", "not_blocked"]),
        (cannot_be_removed, ["", "", "blocked_stays", "already_removed"]),
        (has_no_open_invitation, ["not_invited", "", "not_invited", "not_invited"]),
    ],
)
def test_the_state_of_the_account_decides(why_not, expected):
    assert codes(why_not) == expected


def test_nobody_blocks_themselves():
    assert codes(cannot_be_blocked, is_own=True)[0] == "yourself"


def test_a_member_is_never_removed():
    assert cannot_be_removed(AccountFact("Ada", "member", "active")).code == "not_a_guest"


@pytest.mark.parametrize(
    ("holders", "leaving", "who_has_to_stay"),
    [
        ({1: "Ada"}, [1], "Ada"),
        ({1: "Ada"}, [1, 2], "Ada"),
        ({1: "Ada", 2: "Bob"}, [1, 2], "Ada"),
        ({1: "Ada", 2: "Bob"}, [1], ""),
        ({1: "Ada"}, [2], ""),
        ({1: "Ada"}, [], ""),
        ({}, [1], ""),
        ({}, [], ""),
    ],
)
def test_one_global_administrator_stays(holders, leaving, who_has_to_stay):
    refusal = leaves_no_global_administrator(holders, leaving)
    text = f"{who_has_to_stay} is the last Global administrator. Give someone else this role first"
    assert str(refusal or "") == (text if who_has_to_stay else "")
