"""What a resource can do, whatever its kind: give access, take it away, say what it is.

A new kind is a class with these four functions in RESOURCE_TYPES, and its columns in
models/resources.py.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from ...facts.resources import usage
from ...models import Assignment, Delivery, GroupMember, Resource
from ...models.assignments import is_in_force
from ...rules.decision import Reason
from ...rules.resources import GROUP, WEBHOOK
from .failures import DeliveryFailed
from .webhook_sending import send_webhook

__all__ = ["RESOURCE_TYPES", "DeliveryFailed", "ResourceType", "type_of"]


class ResourceType(Protocol):
    """How access is given at resources of one kind.

    `leaves_the_portal`: its functions wait for another system, and belong outside a transaction.
    All of them may be called again for the same delivery, and then change nothing more.
    """

    leaves_the_portal: bool

    def grant(self, assignment: Assignment, delivery: Delivery, at: datetime) -> None:
        """Give the person access. Raises DeliveryFailed."""

    def revoke(self, assignment: Assignment, delivery: Delivery, at: datetime) -> None:
        """Take it away. Raises DeliveryFailed."""

    def check(self, resource: Resource) -> Reason | None:
        """Return why nothing can be delivered there now; None when it can."""

    def describe(self, resource: Resource) -> str:
        """Return what the resource is within a sentence."""


class GroupType:
    """This portal's own groups."""

    leaves_the_portal = False

    def grant(self, assignment: Assignment, delivery: Delivery, at: datetime) -> None:
        """Put the person in the group by this assignment, once."""
        GroupMember.objects.get_or_create(
            group=delivery.resource.group,
            assignment=assignment,
            defaults={
                "person_id": assignment.person_id,
                "added_at": at,
                "added_by": "System",
            },
        )

    def revoke(self, assignment: Assignment, delivery: Delivery, at: datetime) -> None:
        """Take the person out, unless the package has been given the group again meanwhile."""
        group = delivery.resource.group
        again = Resource.objects.filter(
            package_id=assignment.package_id, group=group, removed_at__isnull=True
        ).exclude(pk=delivery.resource_id)
        still = Assignment.objects.filter(is_in_force(at), pk=assignment.pk)
        if not (again.exists() and still.exists()):
            GroupMember.objects.filter(group=group, assignment=assignment).delete()

    check = staticmethod(usage.check)
    describe = staticmethod(usage.describe)


class WebhookType:
    """Other systems, told by a signed message."""

    leaves_the_portal = True

    def grant(self, assignment: Assignment, delivery: Delivery, at: datetime) -> None:
        """Send that the person gets access."""
        send_webhook(delivery, at)

    def revoke(self, assignment: Assignment, delivery: Delivery, at: datetime) -> None:
        """Send that the person loses access."""
        send_webhook(delivery, at)

    check = staticmethod(usage.check)
    describe = staticmethod(usage.describe)


RESOURCE_TYPES: dict[str, ResourceType] = {GROUP: GroupType(), WEBHOOK: WebhookType()}


def type_of(resource: Resource) -> ResourceType:
    """Return what the resource can do."""
    return RESOURCE_TYPES[resource.kind]
