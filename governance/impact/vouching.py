"""Changes of vouchers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from ..facts.vouching import voucher_as_if
from ..models import Person, Voucher
from .change import Change


def giving(voucher: Voucher, given_by: str) -> Change:
    """Return the change that gives a voucher, whether or not it was saved as a proposal."""
    return Change(vouchers=(voucher_as_if(voucher, given_by),))


def withdrawing(voucher: Voucher) -> Change:
    """Return the change after which claims decide again where the mailbox belongs."""
    return Change(vouchers_removed=frozenset({voucher.mailbox}))


def vouched_people(change: Change, at: datetime) -> QuerySet[Person]:
    """Return everybody with a voucher in force for one of the organizations that it changes."""
    if not change.organizations:
        return Person.objects.none()
    keys = [UUID(key) for key in change.organization_keys]
    vouchers = Voucher.objects.in_force(at).filter(organization__uuid__in=keys)
    return Person.objects.filter(mailbox__in=vouchers.values("mailbox"))
