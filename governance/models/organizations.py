"""Connected organizations, the sources their people come from, and the names that those sources
claim.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from ..db.constraints import is_known, is_positive
from ..db.fields import KeyField
from ..rules.organizations import ORIGINS, SIGN_INS, SOURCE_KINDS, SPONSORED_BY, STATES
from ..rules.people import SPONSOR_KINDS


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def present(self) -> OrganizationQuerySet:
        return self.filter(deleted_at__isnull=True)

    def deleted(self) -> OrganizationQuerySet:
        return self.filter(deleted_at__isnull=False)


class Organization(models.Model):
    """A partner whose people may ask for access packages."""

    class State(models.TextChoices):
        CONFIGURED = "configured", "Configured"
        PROPOSED = "proposed", "Proposed"

    class Origin(models.TextChoices):
        MANUAL = "manual", "Added in the portal"
        REQUEST = "request", "Added automatically from a request"

    class SignIn(models.TextChoices):
        DIRECTORY = "directory", "Their directory"
        PASSCODE = "passcode", "One-time passcode"
        BOTH = "both", "Directory or passcode"

    class SponsoredBy(models.TextChoices):
        NOBODY = "nobody", "No sponsor"
        INTERNAL = "internal", "Internal sponsors"
        EXTERNAL = "external", "External sponsors"
        BOTH = "both", "Internal and external sponsors"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    name_key = KeyField(max_length=800, editable=False)
    description = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.CONFIGURED)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.MANUAL, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    people_count = models.PositiveIntegerField("people", default=0, editable=False)
    sign_in = models.CharField(
        max_length=10, choices=SignIn, default=SignIn.PASSCODE, editable=False
    )
    sponsored_by = models.CharField(
        max_length=10, choices=SponsoredBy, default=SponsoredBy.NOBODY, editable=False
    )
    created_at = models.DateTimeField("created", editable=False)
    created_by = models.CharField(max_length=254, editable=False)
    changed_at = models.DateTimeField("changed", editable=False)
    changed_by = models.CharField(max_length=254, editable=False)
    snoozed_until = models.DateTimeField(null=True, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)
    deleted_by = models.CharField(max_length=254, blank=True, editable=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = "connected organization"
        default_permissions = ("add", "change", "delete", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["name_key"],
                condition=Q(deleted_at__isnull=True),
                name="one_present_organization_per_name",
            ),
            is_known("state", STATES, of="organization"),
            is_known("origin", ORIGINS, of="organization"),
            is_known("sign_in", SIGN_INS, of="organization"),
            is_known("sponsored_by", SPONSORED_BY, of="organization"),
            is_positive("version", of="organization"),
        ]
        indexes = [
            models.Index(fields=["name_key", "id"], name="organization_by_name"),
            models.Index(
                fields=["changed_at", "id"],
                condition=Q(deleted_at__isnull=True),
                name="organization_by_change",
            ),
            models.Index(
                fields=["people_count", "id"],
                condition=Q(deleted_at__isnull=True),
                name="organization_by_people",
            ),
            models.Index(
                fields=["state", "sign_in", "sponsored_by"],
                condition=Q(deleted_at__isnull=True),
                name="organization_by_filter",
            ),
            models.Index(
                fields=["changed_at", "id"],
                condition=Q(deleted_at__isnull=False),
                name="deleted_by_change",
            ),
            models.Index(
                fields=["state", "sign_in", "sponsored_by"],
                condition=Q(deleted_at__isnull=False),
                name="deleted_by_filter",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None


class SourceQuerySet(models.QuerySet["Source"]):
    def present(self) -> SourceQuerySet:
        return self.filter(released_at__isnull=True)


class Source(models.Model):
    """Where an organization's people come from: a directory, or a domain by itself."""

    class Kind(models.TextChoices):
        DIRECTORY = "directory", "Directory"
        DOMAIN = "domain", "Domain"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="sources")
    kind = models.CharField(max_length=10, choices=Kind)
    directory_id = models.UUIDField("directory ID", null=True, blank=True)
    label = models.CharField(
        "name", max_length=253, help_text="The directory's name, or the domain."
    )
    typed_name = models.CharField(
        "domain", max_length=253, help_text="The whole domain, such as partner.example."
    )
    initial_domain = models.CharField(max_length=253, blank=True)
    covers_subdomains = models.BooleanField("include subdomains", default=True)
    in_doubt_since = models.DateTimeField(null=True, editable=False)
    public_mail_accepted = models.BooleanField(default=False)
    created_at = models.DateTimeField("created", editable=False)
    released_at = models.DateTimeField("released", null=True, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["directory_id"],
                condition=Q(released_at__isnull=True, directory_id__isnull=False),
                name="one_source_per_directory",
            ),
            is_known("kind", SOURCE_KINDS, of="source"),
            models.CheckConstraint(
                condition=Q(kind="directory", directory_id__isnull=False)
                | Q(kind="domain", directory_id__isnull=True),
                name="source_has_an_id_if_a_directory",
            ),
        ]

    def __str__(self):
        return self.label

    def has_public_mail_tick_for(self, name: str) -> bool:
        """Return whether the tick for public mail was made for this name: it is for the typed one
        only.
        """
        return self.public_mail_accepted and name == self.typed_name


class ClaimQuerySet(models.QuerySet["Claim"]):
    def present(self) -> ClaimQuerySet:
        return self.filter(released_at__isnull=True)


class Claim(models.Model):
    """A name that a source lays claim to.

    At most one source holds a name, a deleted organization's names included.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="claims")
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="claims", db_index=False
    )
    name = KeyField("domain", max_length=253)
    key = KeyField(
        max_length=253,
        help_text="The domain with its labels reversed, so that its subdomains sort after it.",
    )
    skeleton = KeyField(max_length=300, help_text="Equal for domains that look alike.")
    lies_above = models.BooleanField(
        default=False,
        help_text="Whether a subdomain is claimed or was claimed. Used to find overlapping claims.",
    )
    created_at = models.DateTimeField("created", editable=False)
    released_at = models.DateTimeField("released", null=True, editable=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = "domain claim"
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(released_at__isnull=True), name="one_claim_per_name"
            ),
        ]
        indexes = [
            models.Index(
                fields=["key", "organization"],
                condition=Q(released_at__isnull=True),
                name="claim_by_key",
            ),
            models.Index(fields=["organization", "released_at"], name="claim_by_organization"),
            models.Index(
                fields=["skeleton"], condition=Q(released_at__isnull=True), name="claim_by_skeleton"
            ),
            models.Index(
                fields=["key"],
                condition=Q(released_at__isnull=True, lies_above=True),
                name="claim_above_others",
            ),
        ]

    def __str__(self):
        return self.name


class Sponsorship(models.Model):
    """A person who answers for an organization: internal (one of our members) or external (one of
    its people).
    """

    class Kind(models.TextChoices):
        INTERNAL = "internal", "Internal"
        EXTERNAL = "external", "External"

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="sponsorships")
    person = models.ForeignKey("governance.Person", models.CASCADE, related_name="sponsorships")
    kind = models.CharField(max_length=10, choices=Kind)
    added_at = models.DateTimeField("added", editable=False)
    added_by = models.CharField(max_length=254, editable=False)

    class Meta:
        verbose_name = "sponsor"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "person"], name="a_person_sponsors_an_organization_once"
            ),
            is_known("kind", SPONSOR_KINDS, of="sponsorship"),
        ]

    def __str__(self):
        return str(self.person)


class SearchEntry(models.Model):
    """Folded text per organization: its name, its names on the network, its sponsors.

    A deleted one keeps it, to be found and restored.
    """

    organization = models.OneToOneField(
        Organization, models.CASCADE, related_name="search_entry", primary_key=True
    )
    text = models.TextField()

    class Meta:
        default_permissions = ()
