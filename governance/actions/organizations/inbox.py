"""Deciding about proposed organizations: refused with a rule of the list, or put off to a day."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.timezone import get_default_timezone

from ...impact import impact_of
from ...impact.domain_list import adding_rules
from ...impact.organizations import deleting
from ...models import Organization
from ...rules.access_packages.lifecycle import end_of_day
from ...rules.decision import refuse
from ...rules.domain_list import BLOCK, WITH_SUBDOMAINS, NewListRule, clean_reason
from ...rules.organizations import LONGEST_SNOOZE, PROPOSED
from ...rules.roles import Actor
from ...rules.values import known_day, known_flag
from ..access_requests.ending import withdraw_requests_at
from ..action import action
from ..audit import record
from ..confirmation import confirmed_as_a_whole, require_confirmation
from ..domain_list import add_rules
from ..locks import lock_claims, lock_organization
from .deletion import delete


@action("Refuse proposed organization", needs="delete_organization")
def refuse_organization(
    *,
    organization: Organization,
    blocks: bool,
    reason: str,
    by: Actor,
    at: datetime,
    seen: str | None = None,
) -> Organization:
    """Delete a proposed organization and withdraw its open requests.

    `blocks`: its domains are blocked on the allow and deny list too, which takes the permission to
    change the list. Raises Refused for one that is configured.
    """
    lock_claims()
    row = _proposed(organization)
    rules = _rules(row, reason) if known_flag(blocks, field="blocks") else ()
    change = deleting(row) + adding_rules(rules)
    require_confirmation(impact_of(change, at), seen, by=by)
    with confirmed_as_a_whole():
        if rules:
            add_rules(rules=rules, by=by, at=at)
        withdraw_requests_at(row, "The organization was refused.", by=by, at=at)
        delete(organization=row, by=by, at=at)
    record(
        refuse_organization.activity,
        by=by,
        at=at,
        target=row,
        organization=row,
        after={"blocked on the list": bool(rules)},
        reason=clean_reason(reason),
    )
    return row


@action("Snooze proposed organization", needs="change_organization")
def snooze(
    *, organization: Organization, until: date | None, by: Actor, at: datetime
) -> Organization:
    """Leave a proposed organization out of what needs a decision until after a day.

    None brings it back now.
    """
    lock_claims()
    row = _proposed(organization)
    row.snoozed_until = _known_end(until, at) if until is not None else None
    row.save(update_fields=["snoozed_until"])
    record(
        snooze.activity, by=by, at=at, target=row, organization=row, after={"snoozed until": until}
    )
    return row


def _proposed(organization: Organization) -> Organization:
    row = lock_organization(organization)
    if row.state != PROPOSED:
        raise refuse("not_proposed", f"{row.changed_by} has already configured {row.name}")
    return row


def _rules(row: Organization, reason: str) -> tuple[NewListRule, ...]:
    names = row.claims.present().order_by("name").values_list("name", flat=True)
    text = clean_reason(reason)
    return tuple(NewListRule(name, WITH_SUBDOMAINS, BLOCK, text) for name in names)


def _known_end(until: object, at: datetime) -> datetime:
    day = known_day(until, field="until")
    ends_at = end_of_day(day, get_default_timezone()) if day else at
    if not at < ends_at <= at + LONGEST_SNOOZE:
        text = f"Enter a day that is not over and at most {LONGEST_SNOOZE.days} days away"
        raise refuse("snooze_out_of_bounds", text, field="until")
    return ends_at
