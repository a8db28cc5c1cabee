"""Changes of what an access package gives access to: who gets more by it, and who loses it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from ..facts.resources.members import is_member_otherwise, memberships_of
from ..facts.resources.usage import describe
from ..models import AccessGroup, Assignment, GroupMember, Package, Person, Resource
from .result import AccessImpact, Impact

MOST = 10_000  # people who are asked about


def adding_resource(resource: Resource, at: datetime) -> Impact:
    """Return who has the package now, or will have it, and gets access to the new resource."""
    having = _having(resource.package, at)
    if resource.group:
        having = having.exclude(is_member_otherwise(resource.group, at))
    return _impact(describe(resource), having, gains=True)


def removing_resource(resource: Resource, at: datetime) -> Impact:
    """Return who has access to the resource by the package and by nothing else."""
    having = _having(resource.package, at)
    if resource.group:
        package = {"assignment__package": resource.package}
        having = having.exclude(is_member_otherwise(resource.group, at, **package))
    return _impact(describe(resource), having, gains=False)


def removing_group(group: AccessGroup, at: datetime) -> Impact:
    """Return who is in the group."""
    return _impact(f"the group {group.name}", memberships_of(group, at), gains=False)


def removing_member(row: GroupMember, at: datetime) -> Impact:
    """Return an impact on the person unless a package keeps them in the group."""
    theirs = memberships_of(row.group, at).filter(person=row.person)
    if not theirs.filter(pk=row.pk).exists() or theirs.exclude(pk=row.pk).exists():
        return Impact()
    words = f"the group {row.group.name}"
    return Impact(access=(AccessImpact(words, False, (_named(row.person),), 1),))


def _having(package: Package, at: datetime) -> QuerySet[Assignment]:
    """Return the access to the package that is not over: it may have yet to begin."""
    present = Assignment.objects.filter(package=package).present()
    return present.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))


def _impact(words: str, rows: QuerySet, *, gains: bool) -> Impact:
    """Return what the people of these rows get or lose."""
    people = Person.objects.filter(pk__in=rows.values("person"))
    found = list(people.order_by("name_key", "id")[: MOST + 1])
    names = tuple(map(_named, found[:MOST]))
    if not found:
        return Impact()
    part = AccessImpact(words, gains, names, min(len(found), MOST))
    return Impact(access=(part,), is_partial=len(found) > MOST)


def _named(person: Person) -> str:
    return f"{person} ({person.email})"
