"""Access that somebody has, and what was done at each resource to give it and to take it away."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from ..db.constraints import is_known
from ..db.fields import KeyField
from ..db.kept_statements import Varying
from ..rules.access_requests.deliveries import DELIVERY_STATES, OPERATIONS
from .access_requests import AccessRequest
from .organizations import Organization
from .packages import Package
from .people import Person
from .resources import Resource


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def in_force(self, at: datetime | Varying) -> AssignmentQuerySet:
        """Access that somebody has at that moment, whether or not the worker ran (rule 32)."""
        return self.filter(is_in_force(at))

    def present(self) -> AssignmentQuerySet:
        """Those that nobody has written to be over; time may have ended some of them."""
        return self.filter(ended_at__isnull=True)


def is_in_force(at: datetime | Varying, prefix: str = "") -> Q:
    """Return the condition that access has begun and is not over at that moment."""
    return Q(**{f"{prefix}ended_at__isnull": True, f"{prefix}starts_at__lte": at}) & (
        Q(**{f"{prefix}ends_at__isnull": True}) | Q(**{f"{prefix}ends_at__gt": at})
    )


class Assignment(models.Model):
    """A person's access to a package, from a moment until a moment or without an end."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    package = models.ForeignKey(Package, models.PROTECT, related_name="assignments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="assignments")
    mailbox = KeyField(max_length=254, editable=False)
    organization = models.ForeignKey(
        Organization, models.SET_NULL, null=True, blank=True, related_name="assignments"
    )
    request = models.ForeignKey(
        AccessRequest, models.PROTECT, related_name="assignments", verbose_name="request"
    )
    starts_at = models.DateTimeField("from")
    ends_at = models.DateTimeField("until", null=True, blank=True)
    ended_at = models.DateTimeField("ended", null=True, blank=True)
    ended_by = models.CharField(max_length=254, blank=True)
    ended_because = models.CharField(max_length=500, blank=True)
    reminders = models.PositiveSmallIntegerField(
        default=0, help_text="How many reminders of the end were sent since it was last set."
    )
    created_at = models.DateTimeField("created")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["package", "mailbox"],
                condition=Q(ended_at__isnull=True),
                name="one_present_assignment_per_package_and_mailbox",
            ),
        ]
        indexes = [
            models.Index(fields=["mailbox", "package"], name="assignment_by_mailbox"),
            models.Index(
                fields=["ends_at", "id"],
                condition=Q(ended_at__isnull=True),
                name="assignment_by_end",
            ),
            models.Index(fields=["package", "ended_at", "id"], name="assignment_by_package"),
            models.Index(
                fields=["organization", "ended_at", "id"], name="assignment_by_organization"
            ),
            models.Index(fields=["person", "ended_at"], name="assignment_by_person"),
        ]

    def __str__(self):
        return f"{self.person}: {self.package}"

    def is_in_force(self, at: datetime) -> bool:
        return (
            self.ended_at is None
            and self.starts_at <= at
            and (self.ends_at is None or at < self.ends_at)
        )


class Delivery(models.Model):
    """One thing to do at one resource: give an assignment's person access, or take it away.

    Its public id goes with every attempt, so that a receiver knows the second one.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Not needed"

    class Operation(models.TextChoices):
        GRANT = "grant", "Give access"
        REVOKE = "revoke", "Take access away"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="deliveries")
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="deliveries")
    operation = models.CharField(max_length=10, choices=Operation)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField("due")
    last_error = models.CharField(max_length=500, blank=True)
    queued_at = models.DateTimeField("queued", null=True, editable=False)
    created_at = models.DateTimeField("created")
    done_at = models.DateTimeField("done", null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "resource", "operation"],
                name="one_delivery_per_assignment_resource_and_operation",
            ),
            is_known("state", DELIVERY_STATES, of="delivery"),
            is_known("operation", OPERATIONS, of="delivery"),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="delivery_by_due")]

    def __str__(self):
        return f"{self.get_operation_display()}: {self.resource}"


class GroupMember(models.Model):
    """A person in a group: by hand, or because an assignment gives it."""

    group = models.ForeignKey("AccessGroup", models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    assignment = models.ForeignKey(
        Assignment, models.CASCADE, null=True, blank=True, related_name="memberships"
    )
    added_at = models.DateTimeField("added")
    added_by = models.CharField(max_length=254)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["group", "assignment"],
                condition=Q(assignment__isnull=False),
                name="one_membership_per_group_and_assignment",
            ),
            models.UniqueConstraint(
                fields=["group", "person"],
                condition=Q(assignment__isnull=True),
                name="one_membership_by_hand_per_group",
            ),
        ]

    def __str__(self):
        return f"{self.person} in {self.group}"
