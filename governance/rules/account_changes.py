"""What can be done to an account in its present state.

The actions and the pages before them ask this.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from .decision import Refused, refuse
from .people import MEMBER


@dataclass(frozen=True, slots=True)
class AccountFact:
    """The account that somebody wants to change; `is_own`: it is of their own mailbox."""

    label: str
    kind: str
    state: str
    is_own: bool = False


def cannot_be_blocked(account: AccountFact) -> Refused | None:
    """Return why the account cannot be blocked; None where it can."""
    if account.state in ("blocked", "removed"):
        return refuse(f"already_{account.state}", f"{account.label} is already {account.state}")
    if account.is_own:
        return refuse("yourself", "You cannot block yourself")
    return None


def cannot_be_unblocked(account: AccountFact) -> Refused | None:
    """Return why the account cannot be unblocked; None where it can."""
    if account.state != "blocked":
        return refuse("not_blocked", f"{account.label} is not blocked")
    return None


def cannot_be_removed(account: AccountFact) -> Refused | None:
    """Return why the guest cannot be removed; None where they can. Members are blocked instead."""
    label = account.label
    if account.kind == MEMBER:
        text = f"{label} is a member and cannot be removed. Block the member instead"
        return refuse("not_a_guest", text)
    if account.state == "removed":
        return refuse("already_removed", f"{label} has already been removed")
    if account.state == "blocked":
        text = (
            f"{label} is blocked. A removed guest can be invited again."
            " To allow that, unblock the guest first"
        )
        return refuse("blocked_stays", text)
    return None


def has_no_open_invitation(account: AccountFact) -> Refused | None:
    """Return why there is no invitation to cancel or to send again; None where there is one."""
    if account.state != "invited":
        return refuse("not_invited", f"{account.label} no longer has an open invitation")
    return None


def leaves_no_global_administrator(
    holders: Mapping[int, str], leaving: Collection[int]
) -> Refused | None:
    """Return why those who leave have to stay Global administrators; None where somebody else is
    one (product rule 43).

    `holders` are the names of all who can act in the role, by id. Where nobody can, nobody leaves.
    """
    if not holders or not holders.keys() <= set(leaving):
        return None
    name = next(iter(holders.values()))
    text = f"{name} is the last Global administrator. Give someone else this role first"
    return refuse("last_global_administrator", text)


CHANGES = {
    "block": cannot_be_blocked,
    "unblock": cannot_be_unblocked,
    "remove": cannot_be_removed,
    "cancel": has_no_open_invitation,
}
