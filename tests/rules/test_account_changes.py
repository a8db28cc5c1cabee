"""What can be done to an account in its present state."""

import pytest

from governance.rules.account_changes import (
    AccountFact,
    cannot_be_blocked,
    cannot_be_removed,
    cannot_be_unblocked,
    has_no_open_invitation,
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
