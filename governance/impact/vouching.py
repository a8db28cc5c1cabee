"""Changes of vouchers."""

from __future__ import annotations

from ..facts.vouching import voucher_as_if
from ..models import Voucher
from .change import Change


def giving(voucher: Voucher, given_by: str) -> Change:
    """Return the change that gives a voucher, whether or not it was saved as a proposal."""
    return Change(vouchers=(voucher_as_if(voucher, given_by),))


def withdrawing(voucher: Voucher) -> Change:
    """Return the change after which claims decide again where the mailbox belongs."""
    return Change(vouchers_removed=frozenset({voucher.mailbox}))
