"""Who is in a group at a moment: nobody by access that is over, whether or not a worker ran."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from ...models import AccessGroup, GroupMember, Person
from ...models.assignments import is_in_force

_GONE = (Person.State.BLOCKED, Person.State.REMOVED)


def counts(at: datetime) -> Q:
    """Return the condition that a membership counts at that moment: added by hand, or by access
    that is in force; never of somebody who is blocked or removed.
    """
    is_given = Q(assignment__isnull=True) | is_in_force(at, "assignment__")
    return is_given & ~Q(person__state__in=_GONE)


def memberships_of(group: AccessGroup, at: datetime) -> QuerySet[GroupMember]:
    """Return the memberships of the group that count."""
    return GroupMember.objects.filter(counts(at), group=group)


def members_of(group: AccessGroup, at: datetime) -> QuerySet[Person]:
    """Return the people in the group, each once."""
    theirs = memberships_of(group, at).filter(person=OuterRef("pk"))
    return Person.objects.filter(Exists(theirs))


def is_member_otherwise(group: AccessGroup, at: datetime, **without: object) -> Exists:
    """Return whether the outer person is in the group by a membership other than `without`."""
    others = memberships_of(group, at).filter(person=OuterRef("person")).exclude(**without)
    return Exists(others)
