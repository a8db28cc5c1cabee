"""Policies: who can request a package, in which stages a request is approved, and how long access
lasts.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from ..db.constraints import is_known, is_positive
from ..rules.access_packages.lifecycle import ENDS, LONGEST_DAYS, LONGEST_HOURS, Lifecycle
from ..rules.access_packages.policies import SCOPES
from ..rules.access_packages.questions import Question, questions_from_json
from ..rules.access_packages.stages import Stage, stages_from_json
from ..rules.access_packages.terms import NewPolicy
from .organizations import Organization
from .packages import Package


class Policy(models.Model):
    class Scope(models.TextChoices):
        NAMED = "named", "Specific connected organizations"
        ALL_CONFIGURED = "all_configured", "All configured connected organizations"
        ANY_OUTSIDE = "any_outside", "Any outside person"
        MEMBERS = "members", "People in your directory"
        NOBODY = "nobody", "No one (direct assignment only)"

    class Ends(models.TextChoices):
        NEVER = "never", "Never"
        DAYS = "days", "After a number of days"
        HOURS = "hours", "After a number of hours"
        UNTIL = "until", "On a date"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    package = models.ForeignKey(Package, models.CASCADE, related_name="policies")
    name = models.CharField(max_length=200)
    scope = models.CharField("who can request", max_length=15, choices=Scope)
    lasts_days = models.PositiveIntegerField(
        "days of access",
        null=True,
        blank=True,
    )
    ends = models.CharField("access ends", max_length=10, choices=Ends, default=Ends.NEVER)
    lasts_hours = models.PositiveIntegerField("hours of access", null=True, blank=True)
    last_day = models.DateField("last day of access", null=True, blank=True)
    requester_chooses = models.BooleanField("requester chooses dates", default=False)
    can_extend = models.BooleanField("can be extended", default=False)
    extension_needs_approval = models.BooleanField("extension needs approval", default=True)
    needs_reason = models.BooleanField("requester gives a reason", default=False)
    stages = models.JSONField("stages of approval", default=list, blank=True)
    questions = models.JSONField(default=list, blank=True)
    is_open = models.BooleanField("open for requests", default=True)
    organizations: models.ManyToManyField[Organization, PolicyOrganization] = (
        models.ManyToManyField(Organization, through="PolicyOrganization", related_name="policies")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField("created", editable=False)
    changed_at = models.DateTimeField("changed", editable=False)
    changed_by = models.CharField(max_length=254, editable=False)

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.UniqueConstraint(
                fields=["package", "scope"],
                condition=Q(scope__in=["all_configured", "any_outside", "members"]),
                name="one_policy_of_a_wide_scope_per_package",
            ),
            models.CheckConstraint(
                condition=~Q(scope="any_outside") | ~Q(stages=[]),
                name="any_outside_person_needs_approval",
            ),
            is_known("scope", SCOPES, of="policy"),
            is_known("ends", ENDS, of="policy"),
            models.CheckConstraint(
                condition=Q(lasts_days__isnull=True) | Q(lasts_days__range=(1, LONGEST_DAYS)),
                name="policy_lasts_days_is_in_bounds",
            ),
            models.CheckConstraint(
                condition=Q(lasts_hours__isnull=True) | Q(lasts_hours__range=(1, LONGEST_HOURS)),
                name="policy_lasts_hours_is_in_bounds",
            ),
            models.CheckConstraint(
                condition=Q(ends="never")
                | Q(ends="days", lasts_days__isnull=False)
                | Q(ends="hours", lasts_hours__isnull=False)
                | Q(ends="until", last_day__isnull=False),
                name="policy_says_when_access_ends",
            ),
            is_positive("version", of="policy"),
        ]

    def __str__(self):
        return self.name

    @property
    def all_stages(self) -> tuple[Stage, ...]:
        return stages_from_json(self.stages)

    @property
    def all_questions(self) -> tuple[Question, ...]:
        return questions_from_json(self.questions)

    @property
    def lifecycle(self) -> Lifecycle:
        return Lifecycle(
            self.ends,
            self.lasts_days,
            self.lasts_hours,
            self.last_day,
            self.requester_chooses,
            self.can_extend,
            self.extension_needs_approval,
        )

    @property
    def terms(self) -> NewPolicy:
        """Return what the policy says, without the organizations that it names."""
        return NewPolicy(
            self.name,
            self.scope,
            (),
            self.all_stages,
            self.is_open,
            self.lifecycle,
            self.needs_reason,
            self.all_questions,
        )


class PolicyOrganization(models.Model):
    """An organization named by a policy.

    The package stands here too, so that the database keeps it to one policy each.
    """

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="named")
    package = models.ForeignKey(Package, models.CASCADE, related_name="+")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="named_by")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["package", "organization"],
                name="one_policy_names_an_organization_per_package",
            ),
        ]
