"""What is asked about an account before it is changed."""

from __future__ import annotations

from ..models import Person
from ..rules.account_changes import CHANGES, AccountFact
from ..rules.email_domains import Address


def account_fact(person: Person, own_mailbox: str = "") -> AccountFact:
    """Return what decides whether the account can be changed.

    `own_mailbox` is the mailbox of whoever wants to change it: all accounts of it are their own
    (product rule 3).
    """
    return AccountFact(str(person), person.kind, person.state, is_own=person.mailbox == own_mailbox)


def account_at(address: Address) -> Person | None:
    """Return the account with this very address, None where nobody has one that is not removed."""
    return Person.objects.filter(email=address.text).exclude(state=Person.State.REMOVED).first()


def possible_changes(person: Person, own_mailbox: str) -> frozenset[str]:
    """Return the names of the changes that nothing about the account forbids."""
    account = account_fact(person, own_mailbox)
    return frozenset(name for name, why_not in CHANGES.items() if why_not(account) is None)
