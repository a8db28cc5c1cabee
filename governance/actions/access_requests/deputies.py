"""A deputy decides for an approver who is away."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.timezone import get_default_timezone

from ...facts.access_requests.approvers import people_who_can_decide
from ...models import Deputy, Person
from ...rules.access_packages.lifecycle import end_of_day
from ...rules.decision import Reason, refuse
from ...rules.roles import Actor
from ...rules.values import known_day
from ..action import action
from ..audit import record
from ..locks import lock_person, lock_row
from .following import tell_new_approvers_of

LONGEST = timedelta(days=180)


@action("Add deputy approver")
def add_deputy(
    *, person: Person, deputy: Person, last_day: date, by: Actor, at: datetime
) -> Deputy:
    """Let somebody decide for a person from now until the end of a day.

    Only the person themselves can say so, or whoever can change assignments. Raises Refused for a
    deputy who could decide nothing, or for a day that is over or more than 180 days away.
    """
    person, deputy = lock_person(person), lock_person(deputy)
    _require_own(person, by)
    ends_at = _known_end(last_day, at)
    if why := _why_not(person, deputy, at):
        raise refuse(why.code, why.text, field="deputy")
    Deputy.objects.in_force(at).filter(person=person).update(ended_at=at)
    row = Deputy.objects.create(
        person=person, deputy=deputy, starts_at=at, ends_at=ends_at, added_at=at, added_by=by.label
    )
    record(
        add_deputy.activity,
        by=by,
        at=at,
        target=row,
        after={"for": str(person), "deputy": str(deputy), "until": last_day},
    )
    tell_new_approvers_of([person], at)
    return row


@action("Remove deputy approver")
def end_deputy(*, row: Deputy, by: Actor, at: datetime) -> Deputy:
    """Let somebody decide for themselves again, from now on."""
    present = lock_row(row, "deputy_gone")
    _require_own(present.person, by)
    if present.ended_at is not None:
        raise refuse("deputy_ended", "This has ended already")
    present.ended_at = at
    present.save(update_fields=["ended_at"])
    record(end_deputy.activity, by=by, at=at, target=present)
    return present


def _require_own(person: Person, by: Actor) -> None:
    if person.pk != by.person_id and not by.may("change_assignment"):
        raise refuse("not_yours", "You can choose a deputy only for yourself")


def _known_end(last_day: object, at: datetime) -> datetime:
    day = known_day(last_day, field="last_day")
    zone = get_default_timezone()
    today = at.astimezone(zone).date()
    if day is None or not today <= day <= today + LONGEST:
        text = f"Enter a day that is not over and at most {LONGEST.days} days away"
        raise refuse("last_day_out_of_bounds", text, field="last_day")
    return end_of_day(day, zone)


def _why_not(person: Person, deputy: Person, at: datetime) -> Reason | None:
    if deputy.mailbox == person.mailbox:
        return Reason("own_deputy", "Choose somebody else as your deputy")
    if deputy.is_member != person.is_member:
        return Reason("deputy_elsewhere", f"{deputy} is not from the same organization as {person}")
    if not person.is_member and deputy.organization_id != person.organization_id:
        return Reason("deputy_elsewhere", f"{deputy} is not from the same organization as {person}")
    return people_who_can_decide([deputy], at)[deputy.pk]
