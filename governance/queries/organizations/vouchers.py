"""Vouchers as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from ...models import Organization, Person, Voucher
from ...rules.vouching import GIVEN, PRESENT, PROPOSED

SHOWN = 200


@dataclass(frozen=True, slots=True)
class VoucherRow:
    """A voucher, with its state as it is to be read: over by time, whether or not the worker has
    written so.
    """

    voucher: Voucher
    at: datetime

    @property
    def is_in_force(self) -> bool:
        return self.voucher.state == GIVEN and self.at < self.voucher.ends_at

    @property
    def is_proposed(self) -> bool:
        return self.voucher.state == PROPOSED

    @property
    def state(self) -> str:
        row = self.voucher
        if row.state == GIVEN:
            return "In force" if self.is_in_force else "Ended"
        return str(row.get_state_display())

    @property
    def by(self) -> str:
        """Who gave or refused it, or proposed it."""
        return self.voucher.decided_by or self.voucher.proposed_by


def vouchers_at(organization: Organization, at: datetime) -> list[VoucherRow]:
    """Return the vouchers for an organization, the present ones first. Two statements."""
    rows = organization.vouchers.order_by("-pk")
    present = rows.filter(state__in=PRESENT)[:SHOWN]
    return [*_rows(present, at), *_rows(rows.exclude(state__in=PRESENT)[:SHOWN], at)]


def voucher_of(person: Person, at: datetime) -> Voucher | None:
    """Return the voucher in force for somebody's mailbox, with its organization."""
    rows: QuerySet[Voucher] = Voucher.objects.in_force(at).filter(mailbox=person.mailbox)
    return None if person.is_member else rows.select_related("organization").first()


def _rows(vouchers: Iterable[Voucher], at: datetime) -> list[VoucherRow]:
    return [VoucherRow(voucher, at) for voucher in vouchers]
