"""What can be done to groups, and to who is in them by hand."""

from __future__ import annotations

from datetime import datetime

from ...facts.resources.usage import resources_at, why_not_removable
from ...impact.resources import removing_group, removing_member
from ...models import AccessGroup, GroupMember, Person
from ...rules.decision import Refused, refuse
from ...rules.names import clean_description
from ...rules.roles import Actor
from ..action import action, named
from ..audit import record
from ..confirmation import require_confirmation
from ..locks import lock_person, lock_row
from ..named_rows import (
    free_name,
    made_columns,
    name_columns,
    name_taken,
    require_present_version,
    save_changed,
)


def _name_taken(*, name: str, group: AccessGroup | None = None, **_: object) -> Refused | None:
    return name_taken(AccessGroup, name, group)


@action(
    "Add group",
    needs="change_package",
    lost_race=_name_taken,
    about=lambda *, name, **_: named("accessgroup", name),
)
def create_group(*, name: str, description: str, by: Actor, at: datetime) -> AccessGroup:
    """Create a group without members. Raises Refused for a name that is taken."""
    row = AccessGroup.objects.create(
        **name_columns(free_name(AccessGroup, name)),
        description=clean_description(description),
        **made_columns(by, at),
    )
    record(create_group.activity, by=by, at=at, target=row, after=_snapshot(row))
    return row


@action("Update group", needs="change_package", lost_race=_name_taken)
def change_group(
    *,
    group: AccessGroup,
    name: str,
    description: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> AccessGroup:
    """Change what a group is called and is for. Raises Refused when it changed meanwhile."""
    row = lock_row(group, "group_gone")
    require_present_version(row, version)
    before, columns = _snapshot(row), name_columns(free_name(AccessGroup, name, row))
    row.name, row.name_key = columns["name"], columns["name_key"]
    row.description = clean_description(description)
    if (after := _snapshot(row)) != before:
        save_changed(row, by, at)
        record(change_group.activity, by=by, at=at, target=row, before=before, after=after)
    return row


def _used(*, group: AccessGroup, **_: object) -> Refused | None:
    return why_not_removable(group)


@action("Delete group", needs="change_package", lost_race=_used)
def remove_group(*, group: AccessGroup, by: Actor, at: datetime, seen: str | None = None) -> None:
    """Remove a group that no package gives access to, with its members by hand.

    Raises Refused while it is used, and for one that access was once delivered to.
    """
    row = lock_row(group, "group_gone")
    if refusal := why_not_removable(row):
        raise refusal
    require_confirmation(removing_group(row, at), seen, by=by)
    resources_at(row).delete()
    record(remove_group.activity, by=by, at=at, target=row, before=_snapshot(row))
    AccessGroup.objects.filter(pk=row.pk).delete()


def _member_already(*, group: AccessGroup, person: Person, **_: object) -> Refused | None:
    by_hand = GroupMember.objects.filter(group=group, person=person, assignment__isnull=True)
    if not by_hand.exists():
        return None
    text = f"{person} was already added to {group.name}"
    return refuse("member_already", text, field="person")


@action("Add member to group", needs="change_package", lost_race=_member_already)
def add_group_member(*, group: AccessGroup, person: Person, by: Actor, at: datetime) -> GroupMember:
    """Add a person to a group by hand, without an end.

    Raises Refused when they were added by hand before, and when they are blocked or removed.
    """
    row, person = lock_row(group, "group_gone"), lock_person(person)
    if person.state == Person.State.BLOCKED:
        text = f"{person} is blocked. Unblock the person first"
        raise refuse("person_blocked", text, field="person")
    if refusal := _member_already(group=row, person=person):
        raise refusal
    added = GroupMember.objects.create(group=row, person=person, added_at=at, added_by=by.label)
    after = {"member": person.email}
    record(add_group_member.activity, by=by, at=at, target=row, after=after)
    return added


@action("Remove member from group", needs="change_package")
def remove_group_member(
    *, group: AccessGroup, person: Person, by: Actor, at: datetime, seen: str | None = None
) -> None:
    """Undo that a person was added by hand. A package that gives the group still gives it."""
    row = lock_row(group, "group_gone")
    by_hand = GroupMember.objects.filter(group=row, person=person, assignment__isnull=True)
    membership = by_hand.select_related("group", "person").first()
    if membership is None:
        raise refuse("member_gone", f"{person} is not in {row.name} by hand")
    require_confirmation(removing_member(membership, at), seen, by=by)
    GroupMember.objects.filter(pk=membership.pk).delete()
    before = {"member": person.email}
    record(remove_group_member.activity, by=by, at=at, target=row, before=before)


def _snapshot(group: AccessGroup) -> dict[str, object]:
    return {"name": group.name, "description": group.description}
