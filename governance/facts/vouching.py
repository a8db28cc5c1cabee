"""Vouchers as they are now, and whom one can be given (product rule 47)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from ..db.combined_query import json_list
from ..db.kept_statements import Varying
from ..models import Organization, Person, Voucher
from ..rules.decision import Reason
from ..rules.email_domains import Address
from ..rules.vouching import PRESENT, VoucherFact, VouchingFacts, why_not_vouchable
from .claims.covering import candidates_and_ours
from .claims.membership import belongs

VOUCHER_COLUMNS = (  # in the order that voucher_fact takes
    "uuid",
    "mailbox",
    "organization__uuid",
    "organization__name",
    "organization__state",
    "organization__deleted_at",
    "decided_by",
    "last_day",
    "passes_default_block",
)


def voucher_for(mailbox: str, at: datetime) -> Voucher | None:
    """Return the voucher in force for the mailbox. One statement."""
    return Voucher.objects.in_force(at).filter(mailbox=mailbox).first()


def vouchers_of(mailbox: str | Varying, at: datetime | Varying) -> QuerySet[Voucher]:
    """Return the voucher in force for the mailbox, as a queryset for a combined query."""
    return Voucher.objects.in_force(at).filter(mailbox=mailbox)


def voucher_list(vouchers: QuerySet[Voucher]) -> QuerySet:
    """Return the rows that `voucher_fact` takes, for a combined query."""
    return json_list(vouchers, *VOUCHER_COLUMNS)


def voucher_fact(
    key, mailbox, organization, name, state, deleted_at, given_by, last_day, passes
) -> VoucherFact:
    """Return the fact of one row of VOUCHER_COLUMNS, as a database's JSON tells it."""
    return VoucherFact(
        str(UUID(str(key))),
        mailbox,
        str(UUID(str(organization))),
        name,
        state,
        deleted_at is not None,
        given_by,
        date.fromisoformat(last_day) if isinstance(last_day, str) else last_day,
        bool(passes),
    )


def voucher_as_if(row: Voucher, given_by: str) -> VoucherFact:
    """Return the fact of a voucher as it would be once it is given."""
    organization = row.organization
    return VoucherFact(
        str(row.uuid),
        row.mailbox,
        str(organization.uuid),
        organization.name,
        organization.state,
        organization.is_deleted,
        given_by,
        row.last_day,
        row.passes_default_block,
    )


def why_not(
    address: Address, organization: Organization, *, besides: Voucher | None = None
) -> Reason | None:
    """Return why the address cannot have a voucher for the organization; None where it can.

    `besides` is a voucher that was proposed, and is decided about now.
    """
    claims, ours = candidates_and_ours([address.domain])
    people = list(Person.objects.at_mailbox(address.mailbox))
    present = Voucher.objects.filter(mailbox=address.mailbox, state__in=PRESENT)
    other = present.exclude(pk=besides.pk if besides else 0).select_related("organization").first()
    return why_not_vouchable(
        VouchingFacts(
            address,
            str(organization.uuid),
            ours,
            is_member=any(each.is_member and each.state != "removed" for each in people),
            is_blocked=any(each.state == "blocked" for each in people),
            claim=belongs(address.domain, claims, ours),
            present=other.organization.name if other else "",
        )
    )
