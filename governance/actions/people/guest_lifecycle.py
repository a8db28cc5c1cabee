"""The end of guests whose accounts were made when access was set up: blocked with the last access,
removed after some days. People who were invited by hand are left alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from ...models import Assignment, GuestLifecycle, Organization, Person
from ...rules import email_domains
from ...rules.decision import refuse
from ...rules.guest_lifecycle import known_removal
from ...rules.names import name_from_address
from ...rules.roles import Actor
from ...rules.values import known_flag
from ..action import action, named
from ..audit import record
from ..locks import lock_claims, lock_person
from .account_rows import change_state, end_account, new_person

BATCH = 200


@action(
    "Update guest lifecycle settings",
    needs="change_settings",
    about=lambda **_: named("guestlifecycle", "Guests whose access ends"),
)
def change_guest_lifecycle(
    *, blocks_at_end: bool, removes_after: int | None, by: Actor, at: datetime
) -> GuestLifecycle:
    """Say what happens to guests whose access ends from now on.

    Removals that are already due on a day stay as they are.
    """
    known_flag(blocks_at_end, field="blocks_at_end")
    row = guest_lifecycle()
    before = _snapshot(row)
    row.blocks_at_end, row.removes_after = blocks_at_end, known_removal(removes_after)
    if _snapshot(row) == before and row.pk:
        return row
    row.pk, row.changed_at, row.changed_by = 1, at, by.label
    row.save()
    record(
        change_guest_lifecycle.activity,
        by=by,
        at=at,
        target=row,
        before=before,
        after=_snapshot(row),
    )
    return row


def guest_lifecycle() -> GuestLifecycle:
    """Return the settings; the defaults where nobody changed them."""
    return GuestLifecycle.objects.first() or GuestLifecycle()


def guest_with_access(
    address: email_domains.Address, organization: Organization | None, by: Actor, at: datetime
) -> Person:
    """Return the account with the address, made now if there is none: a guest who signs in by code.

    Somebody who was removed before starts anew, with nothing of what they had.
    """
    row = Person.objects.select_for_update().filter(email=address.text).first()
    if row is None:
        row = new_person(
            address,
            name=name_from_address(address.local, address.text),
            kind=Person.Kind.GUEST,
            state=Person.State.INVITED,
            organization=organization,
            by=by,
            at=at,
        )
        return _made_by_request(row, by, at)
    if row.state == Person.State.REMOVED:
        row.kind, row.organization = Person.Kind.GUEST, organization
        return _made_by_request(row, by, at)
    if row.remove_at is not None:
        row.remove_at = None
        row.save(update_fields=["remove_at"])
    return row


def _made_by_request(row: Person, by: Actor, at: datetime) -> Person:
    row.came_by_request, row.remove_at = True, None
    return change_state(row, Person.State.ACTIVE, "Create guest for access", by, at)


def after_last_access(person: Person, by: Actor, at: datetime) -> None:
    """Block a guest who came by request once no access is left, and set the day of removal."""
    row = Person.objects.select_for_update().get(pk=person.pk)
    has_more = Assignment.objects.present().filter(person=row).exists()
    if has_more or not row.came_by_request or row.state != Person.State.ACTIVE:
        return
    settings = guest_lifecycle()
    if settings.removes_after is not None:
        row.remove_at = at + timedelta(days=settings.removes_after)
        row.save(update_fields=["remove_at"])
    if settings.blocks_at_end:
        change_state(row, Person.State.BLOCKED, "Block guest at the end of access", by, at)


@action("Delete external user at the end of access", needs="block_guest")
def remove_after_access(*, person: Person, by: Actor, at: datetime) -> Person:
    """Remove a guest whose access ended some days ago.

    Raises Refused for everybody else: people invited by hand, and guests whose day has not come.
    """
    lock_claims()
    row = lock_person(person)
    if not row.came_by_request or row.remove_at is None or at < row.remove_at:
        raise refuse("removal_not_due", f"{row} is not to be removed yet")
    row.remove_at = None
    return end_account(row, remove_after_access.activity, by, at)


def remove_due(by: Actor, at: datetime) -> int:
    """Remove a batch of guests whose day has come. Return how many."""
    due = Person.objects.filter(remove_at__lte=at, came_by_request=True)
    rows = list(due.exclude(state=Person.State.REMOVED).order_by("pk")[:BATCH])
    for row in rows:
        remove_after_access(person=row, by=by, at=at)
    return len(rows)


def _snapshot(row: GuestLifecycle) -> dict[str, object]:
    return {"block at once": row.blocks_at_end, "days until removal": row.removes_after}
