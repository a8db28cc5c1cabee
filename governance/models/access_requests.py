"""Requests for access, and what was decided about them."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.timezone import get_default_timezone

from ..db.constraints import is_known, is_positive
from ..db.fields import KeyField
from ..rules.access_packages.lifecycle import Lifecycle, lifecycle_from_json
from ..rules.access_packages.stages import Stage, stages_from_json
from ..rules.access_requests import transitions
from ..rules.access_requests.outcomes import OUTCOMES
from .organizations import Organization
from .packages import Package
from .people import Person
from .policies import Policy

KINDS = ("access", "extension", "direct")


class AccessRequestQuerySet(models.QuerySet["AccessRequest"]):
    def open(self) -> AccessRequestQuerySet:
        """Those that can still lead to access that the requester does not have.

        Some of them may have expired since: `expired` says which.
        """
        return self.filter(state__in=transitions.OPEN)

    def expired(self, at: datetime) -> AccessRequestQuerySet:
        """Those that nobody answered in time, and that are not written so yet."""
        return self.filter(state__in=transitions.WAITING, due_at__lte=at)

    def pending(self, at: datetime) -> AccessRequestQuerySet:
        """Those that wait for an approval now."""
        return self.filter(state=transitions.PENDING, due_at__gt=at)

    def of_mailbox(self, mailbox: str) -> AccessRequestQuerySet:
        return self.filter(mailbox=mailbox)


class AccessRequest(models.Model):
    """Somebody's request for an access package, or for more time with it.

    It keeps its organization, stages and length from its submission (product rule 31). The
    requester may have no account yet: the address is who they are.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", "Access"
        EXTENSION = "extension", "Extension"
        DIRECT = "direct", "Direct assignment"

    class State(models.TextChoices):
        PENDING = transitions.PENDING, "Waiting for approval"
        SENT_BACK = transitions.SENT_BACK, "Sent back to the requester"
        PARKED = transitions.PARKED, "On hold"
        APPROVED = transitions.APPROVED, "Approved"
        DELIVERING = transitions.DELIVERING, "Being set up"
        DELIVERED = transitions.DELIVERED, "Access granted"
        FAILED = transitions.FAILED, "Setting up failed"
        DENIED = transitions.DENIED, "Denied"
        WITHDRAWN = transitions.WITHDRAWN, "Withdrawn"
        EXPIRED = transitions.EXPIRED, "Expired"
        ENDED = transitions.ENDED, "Access ended"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ACCESS)
    package = models.ForeignKey(Package, models.PROTECT, related_name="access_requests")
    policy = models.ForeignKey(
        Policy, models.SET_NULL, null=True, blank=True, related_name="access_requests"
    )
    organization = models.ForeignKey(
        Organization, models.SET_NULL, null=True, blank=True, related_name="access_requests"
    )
    requester = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="access_requests"
    )
    email = models.EmailField("email")
    mailbox = KeyField(max_length=254, editable=False)
    signed_in_by = models.CharField(
        max_length=10, blank=True, help_text="How the requester proved the address."
    )
    state = models.CharField(max_length=20, choices=State, default=State.PENDING)
    stage = models.PositiveSmallIntegerField(default=1)
    round = models.PositiveSmallIntegerField(
        default=1, help_text="Raised when the requester answers and the approval begins again."
    )
    names_organization = models.BooleanField(
        default=False, help_text="The policy named the organization when it was submitted."
    )
    stages = models.JSONField(default=list)
    lifecycle = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    answers = models.JSONField(default=list, help_text="Pairs of a question and its answer.")
    starts_at = models.DateTimeField("wanted from", null=True, blank=True)
    ends_at = models.DateTimeField("wanted until", null=True, blank=True)
    submitted_at = models.DateTimeField("submitted")
    stage_began_at = models.DateTimeField("stage began")
    due_at = models.DateTimeField("to be answered by", null=True)
    remind_at = models.DateTimeField(null=True)
    escalate_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField("escalated", null=True)
    deliver_at = models.DateTimeField("to be set up at", null=True)
    closed_at = models.DateTimeField("closed", null=True)
    closed_by = models.CharField(max_length=254, blank=True)
    closing_reason = models.TextField(blank=True)
    parked_in = models.CharField(max_length=20, blank=True)
    parked_code = models.CharField(max_length=40, blank=True)
    parked_because = models.TextField(blank=True)
    changed_at = models.DateTimeField("changed")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "request"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["package", "mailbox"],
                condition=Q(state__in=transitions.OPEN),
                name="one_open_request_per_package_and_mailbox",
            ),
            is_known("state", transitions.STATES, of="access_request"),
            is_known("kind", KINDS, of="access_request"),
            is_positive("version", of="access_request"),
            models.CheckConstraint(
                condition=~Q(state__in=transitions.WAITING) | Q(due_at__isnull=False),
                name="waiting_requests_are_due",
            ),
        ]
        indexes = [
            models.Index(fields=["mailbox", "package"], name="request_by_mailbox"),
            models.Index(fields=["state", "due_at"], name="request_by_due"),
            models.Index(fields=["state", "deliver_at"], name="request_by_delivery"),
            models.Index(fields=["state", "submitted_at", "id"], name="request_by_state"),
            models.Index(fields=["submitted_at", "id"], name="request_by_submission"),
            models.Index(
                fields=["organization", "state", "submitted_at"], name="request_by_organization"
            ),
            models.Index(fields=["package", "state", "submitted_at"], name="request_by_package"),
        ]

    def __str__(self):
        return f"{self.email}: {self.package}"

    @property
    def all_stages(self) -> tuple[Stage, ...]:
        return stages_from_json(self.stages)

    @property
    def present_stage(self) -> Stage | None:
        """The stage that is asked now; None for a request that needs no approval."""
        stages = self.all_stages
        return stages[self.stage - 1] if self.stage <= len(stages) else None

    @property
    def stage_key(self) -> str:
        """What is asked now, as a page keeps it: another round or stage is another question."""
        return f"{self.round}-{self.stage}"

    @property
    def terms(self) -> Lifecycle:
        """How long access lasts, as it was when the request was submitted."""
        return lifecycle_from_json(self.lifecycle)

    def state_at(self, at: datetime) -> str:
        """The state as it is to be read: nobody's answer in time is expiry, worker or not."""
        return transitions.state_at(self.state, self.due_at, at)


class NamedApprover(models.Model):
    """Somebody whom a stage of a request names: whose requests to look through for what waits."""

    request = models.ForeignKey(AccessRequest, models.CASCADE, related_name="named_approvers")
    person = models.ForeignKey(Person, models.CASCADE, related_name="named_in_requests")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["request", "person"], name="one_named_approver_per_request"
            )
        ]


class ApprovalDecision(models.Model):
    """What one approver decided in one stage."""

    class Outcome(models.TextChoices):
        APPROVE = "approve", "Approved"
        DENY = "deny", "Denied"
        SEND_BACK = "send_back", "Sent back"

    request = models.ForeignKey(AccessRequest, models.CASCADE, related_name="decisions")
    stage = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField(default=1)
    person = models.ForeignKey(Person, models.PROTECT, related_name="approval_decisions")
    instead_of = models.CharField(max_length=254, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField("decided")
    undo_to = models.JSONField(
        default=dict, help_text="Where the request was before, for taking the decision back."
    )
    undone_at = models.DateTimeField("undone", null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["request", "round", "person"],
                condition=Q(undone_at__isnull=True),
                name="nobody_decides_a_request_twice",
            ),
            is_known("outcome", OUTCOMES, of="approval_decision"),
        ]
        indexes = [models.Index(fields=["person", "decided_at"], name="decision_by_person")]

    def __str__(self):
        return f"{self.get_outcome_display()} by {self.person}"


class ToldApprover(models.Model):
    """An approver to whom a request was sent, in one stage: nobody is asked twice."""

    request = models.ForeignKey(AccessRequest, models.CASCADE, related_name="told")
    person = models.ForeignKey(Person, models.CASCADE, related_name="told_of_requests")
    stage = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["request", "round", "stage", "person"],
                name="nobody_is_told_of_a_stage_twice",
            )
        ]


class RequestEvent(models.Model):
    """A step in the life of a request, for the timeline that its requester sees."""

    request = models.ForeignKey(AccessRequest, models.CASCADE, related_name="events")
    event = models.CharField(max_length=20)
    stage = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    by = models.CharField(max_length=254, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["request", "id"], name="event_by_request")]


class DeputyQuerySet(models.QuerySet["Deputy"]):
    def in_force(self, at: datetime) -> DeputyQuerySet:
        """Those who decide for somebody at that moment."""
        return self.filter(ended_at__isnull=True, starts_at__lte=at, ends_at__gt=at)


class Deputy(models.Model):
    """Who decides for an approver while they are away."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="deputies")
    deputy = models.ForeignKey(Person, models.CASCADE, related_name="deputy_for")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=254)

    objects = DeputyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deputies"
        default_permissions = ()
        indexes = [models.Index(fields=["person", "ends_at"], name="deputy_by_person")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=models.F("deputy")), name="nobody_is_their_own_deputy"
            )
        ]

    def __str__(self):
        return f"{self.deputy} for {self.person}"

    @property
    def last_day(self) -> date:
        """The last day on which the deputy decides, in the portal's time zone."""
        return (self.ends_at.astimezone(get_default_timezone()) - timedelta(seconds=1)).date()
