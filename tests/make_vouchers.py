"""Builders of vouchers, as rows."""

from __future__ import annotations

from datetime import UTC, date

from governance.models import Organization, Voucher
from governance.rules.access_packages.lifecycle import end_of_day
from governance.rules.email_domains import canonical_email
from tests.make import NOON


def voucher(
    organization: Organization,
    email: str = "lea@gmail.com",
    *,
    state: str = "given",
    last_day: date = date(2027, 3, 3),
    **more,
) -> Voucher:
    """A voucher until that day, given by Uma unless it is proposed."""
    given = {} if state == "proposed" else {"decided_by": "Uma", "decided_at": NOON}
    return Voucher.objects.create(
        organization=organization,
        email=email,
        mailbox=canonical_email(email).mailbox,
        state=state,
        reason="Works for them",
        last_day=last_day,
        ends_at=end_of_day(last_day, UTC),
        proposed_by="Kim",
        proposed_at=NOON,
        **given | more,
    )
