"""The access that a visitor has, and whether it can be extended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ...facts.access_requests.extensions import extending_policies
from ...facts.my_access import Visitor
from ...models import AccessRequest, Assignment, GuestLifecycle, Policy
from ...rules import my_access_words as words
from ...rules.access_requests.transitions import DELIVERING, FAILED, is_open


@dataclass(frozen=True, slots=True)
class OwnAccess:
    """Access that the visitor has. `policy` is the one by which it can be extended, if any;
    `open_request` is about this access and not settled yet.
    """

    row: Assignment
    policy: Policy | None
    open_request: AccessRequest | None

    @property
    def can_extend(self) -> bool:
        """Whether more time can be requested now."""
        return self.policy is not None and self.open_request is None

    @property
    def extension(self) -> AccessRequest | None:
        """The open request for more time."""
        row = self.open_request
        return row if row and row.kind == AccessRequest.Kind.EXTENSION else None

    @property
    def is_being_set_up(self) -> bool:
        """Whether not all of it is there yet."""
        return self.row.request.state in (DELIVERING, FAILED)

    @property
    def next_steps(self) -> tuple[str, str, str]:
        """What happens after more time is requested."""
        assert self.policy is not None
        lifecycle = self.policy.lifecycle
        needs = lifecycle.extension_needs_approval
        stages = self.policy.all_stages if needs else ()
        return words.next_steps(stages, lifecycle)


def own_access(visitor: Visitor, at: datetime) -> list[OwnAccess]:
    """Return the access that the visitor has now or will have, what ends first first."""
    mine = Assignment.objects.present().filter(mailbox=visitor.mailbox)
    rows = mine.select_related("package", "request", "person").order_by("starts_at", "id")
    present = (row for row in rows if row.ends_at is None or row.ends_at > at)
    found = _with_extensions(present, visitor, at)
    endless = datetime.max.replace(tzinfo=at.tzinfo)
    return sorted(found, key=lambda each: each.row.ends_at or endless)


def own_assignment(visitor: Visitor, key: UUID, at: datetime) -> OwnAccess | None:
    """Return one of them; None for somebody else's, and for what is over."""
    return next((each for each in own_access(visitor, at) if each.row.uuid == key), None)


def _with_extensions(
    assignments: Iterable[Assignment], visitor: Visitor, at: datetime
) -> list[OwnAccess]:
    rows = list(assignments)
    if not rows:
        return []
    policies = extending_policies(rows, visitor.email, at, signed_in_by=visitor.signed_in_by)
    requests = AccessRequest.objects.open().of_mailbox(visitor.mailbox)
    unsettled = {row.package_id: row for row in requests if is_open(row.state_at(at))}
    return [OwnAccess(row, policies.get(row.pk), unsettled.get(row.package_id)) for row in rows]


def what_ends_with(access: OwnAccess) -> GuestLifecycle | None:
    """Return what happens to the visitor's account when this access ends; None where it stays: they
    have other access, or an account that was not made for access.
    """
    person = access.row.person
    others = Assignment.objects.present().filter(person=person).exclude(pk=access.row.pk)
    if not person.came_by_request or others.exists():
        return None
    lifecycle = GuestLifecycle.objects.first() or GuestLifecycle()
    return lifecycle if lifecycle.blocks_at_end else None
