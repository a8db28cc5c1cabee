"""The list of groups, and who is in one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from ...db.combined_query import Counted, run_combined
from ...db.keyset import Sort, a_text
from ...db.keyset_pages import Page, page_of
from ...facts.resources.members import members_of, memberships_of
from ...facts.resources.usage import packages_with
from ...models import AccessGroup, GroupMember, Package, Person
from ...rules.names import name_key
from ..people.listing import person_search

BY_NAME = Sort("name", "name_key", a_text)
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group with how many packages give it, and how many people are in it now."""

    group: AccessGroup
    packages: int
    members: Counted


@dataclass(frozen=True, slots=True)
class GroupPage:
    """A page of groups; `text` is what was searched for."""

    text: str
    page: Page
    rows: tuple[GroupRow, ...]


@dataclass(frozen=True, slots=True)
class MemberPage:
    """A page of the people in a group, each with `grounds`, the memberships that count.

    `waiting` are memberships that do not count now: access that is over, or a blocked person.
    """

    group: AccessGroup
    text: str
    page: Page
    total: Counted
    waiting: Counted
    packages: tuple[Package, ...]


def group_page(text: str, cursor: str, at: datetime) -> GroupPage:
    """Return a page of groups by name. Two statements."""
    page = page_of(_groups(text), BY_NAME, cursor)
    return GroupPage(text, page, tuple(_rows(page.rows, at)))


def every_group(text: str, at: datetime) -> Iterator[GroupRow]:
    """Yield all groups that match, for a file."""
    yield from _rows(_groups(text).order_by("name_key", "id"), at)


def _rows(groups, at: datetime) -> Iterator[GroupRow]:
    groups = list(groups)
    counts = {str(group.pk): members_of(group, at) for group in groups}
    counted = run_combined(counts, {})[0] if counts else {}
    for group in groups:
        yield GroupRow(group, group.package_count, counted[str(group.pk)])


def _groups(text: str) -> QuerySet[AccessGroup]:
    present = Count("resources", filter=Q(resources__removed_at__isnull=True))
    groups = AccessGroup.objects.annotate(package_count=present)
    return groups.filter(name_key__contains=name_key(text)) if text else groups


def member_page(group: AccessGroup, text: str, cursor: str, at: datetime) -> MemberPage:
    """Return a page of the people in the group by name. Four statements."""
    people = _people(group, text, at)
    page = page_of(people, BY_NAME, cursor)
    counting = memberships_of(group, at)
    waiting = GroupMember.objects.filter(group=group).exclude(pk__in=counting.values("pk"))
    counts, _lists = run_combined({"total": members_of(group, at), "waiting": waiting}, {})
    packages = tuple(packages_with(group))
    return MemberPage(group, text, page, counts["total"], counts["waiting"], packages)


def every_membership(group: AccessGroup, text: str, at: datetime) -> Iterator[GroupMember]:
    """Yield the memberships that count, for a file, by the name of the person."""
    rows = _grounds(group, at).filter(person__in=_people(group, text, at).values("pk"))
    rows = rows.select_related("person__organization")
    yield from rows.order_by("person__name_key", "person", "id").iterator(_AT_ONCE)


def _people(group: AccessGroup, text: str, at: datetime) -> QuerySet[Person]:
    people = members_of(group, at)
    people = people.filter(person_search(text)) if text else people
    grounds = Prefetch("memberships", _grounds(group, at), to_attr="grounds")
    return people.select_related("organization").prefetch_related(grounds)


def _grounds(group: AccessGroup, at: datetime) -> QuerySet[GroupMember]:
    return memberships_of(group, at).select_related("assignment__package").order_by("added_at")


def people_to_add(group: AccessGroup, text: str) -> list[Person]:
    """Return twenty people who match and could be added by hand. Empty text finds nobody."""
    if not text:
        return []
    by_hand = GroupMember.objects.filter(group=group, assignment__isnull=True)
    can = Person.objects.exclude(state__in=(Person.State.BLOCKED, Person.State.REMOVED))
    found = can.filter(person_search(text)).exclude(pk__in=by_hand.values("person"))
    return list(found.select_related("organization").order_by("name_key", "id")[:20])
