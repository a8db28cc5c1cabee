"""People: members of our directory and guests from outside, with one address each."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from ..db.combined_query import from_json, json_subquery
from ..db.constraints import is_known, is_positive
from ..db.fields import KeyField
from ..rules.email_domains import address_of_account
from ..rules.people import INVITATION_PURPOSES, KINDS, STATES, THEMES
from .directories import KnownDirectory
from .organizations import Organization


class PersonQuerySet(models.QuerySet["Person"]):
    def members(self) -> PersonQuerySet:
        return self.filter(kind=Person.Kind.MEMBER)

    def guests(self) -> PersonQuerySet:
        return self.filter(kind=Person.Kind.GUEST)

    def active(self) -> PersonQuerySet:
        return self.filter(state=Person.State.ACTIVE)

    def holding(self, role: str) -> PersonQuerySet:
        return self.filter(groups__name=role)

    def at_mailbox(self, mailbox: str) -> PersonQuerySet:
        """All addresses of one mailbox: blocks are by mailbox (product rule 3)."""
        return self.filter(mailbox=mailbox)

    def blocked(self) -> PersonQuerySet:
        return self.filter(state=Person.State.BLOCKED)

    def with_page_facts(self):
        """Add what every page asks about its viewer: the roles, whether they manage a catalog,
        whether there is demo data, and whether they may be asked to approve requests.
        """
        held = Person.groups.through.objects.filter(person=OuterRef("pk"))
        managed = Person.catalogs.through.objects.filter(person=OuterRef("pk"))
        asked = (
            Exists(self._about_viewer("Sponsorship", "person"))
            | Exists(self._about_viewer("NamedApprover", "person"))
            | Exists(self._about_viewer("Deputy", "deputy"))
        )
        return self.annotate(
            held_roles=Subquery(json_subquery(held, "person", "group__name")),
            manages_catalogs=Exists(managed),
            sees_demo_data=Exists(KnownDirectory.objects.filter(is_demo=True)),
            is_asked=asked,
        )

    @staticmethod
    def _about_viewer(model: str, column: str) -> models.QuerySet:
        rows = apps.get_model("governance", model)._default_manager.all()
        return rows.filter(**{column: OuterRef("pk")})


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, email: str | None) -> Person:
        return self.get(email=address_of_account(email or ""))


class Person(AbstractBaseUser, PermissionsMixin):
    """Someone who can sign in.

    The e-mail address is who they are; another address is another person (product rule 4).
    """

    class Kind(models.TextChoices):
        MEMBER = "member", "Member"
        GUEST = "guest", "Guest"

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        INVITED = "invited", "Invited"
        BLOCKED = "blocked", "Blocked"
        REMOVED = "removed", "Removed"

    class Theme(models.TextChoices):
        SYSTEM = "", "Follow the system"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("email", unique=True)
    mailbox = KeyField(max_length=254, db_index=True, editable=False)
    domain = KeyField(max_length=253, editable=False)
    domain_key = KeyField(max_length=253, db_index=True, editable=False)
    name = models.CharField(max_length=200)
    name_key = KeyField(max_length=800, editable=False)
    unit = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State)
    is_active = models.BooleanField(default=False, editable=False)
    organization = models.ForeignKey(
        Organization, models.SET_NULL, null=True, blank=True, related_name="people"
    )
    theme = models.CharField(max_length=10, choices=Theme, blank=True, default="")
    shortcuts = models.BooleanField("keyboard shortcuts", default=True)
    time_zone = models.CharField(
        max_length=64, blank=True, default="", help_text="Empty: the browser's time zone."
    )
    shows_first_steps = models.BooleanField("first steps on the overview", default=True)
    came_by_request = models.BooleanField(
        default=False,
        editable=False,
        help_text="The account was made when access was set up, and ends when access ends.",
    )
    remove_at = models.DateTimeField("to be removed", null=True, editable=False)
    created_at = models.DateTimeField("created", editable=False)
    created_by = models.CharField(max_length=254, editable=False)
    changed_at = models.DateTimeField("changed", editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    session_epoch = models.PositiveIntegerField(
        default=0, editable=False, help_text="Raised to end every session of this person."
    )

    mailbox_is_blocked: bool  # no column: only people who were read with it have it

    objects = PersonManager.from_queryset(PersonQuerySet)()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="active", is_active=True)
                | (~Q(state="active") & Q(is_active=False)),
                name="only_active_people_sign_in",
            ),
            models.CheckConstraint(
                condition=Q(is_superuser=False), name="nobody_is_above_the_roles"
            ),
            models.CheckConstraint(
                condition=Q(kind="guest") | Q(organization__isnull=True),
                name="only_guests_belong_to_an_organization",
            ),
            is_known("kind", KINDS, of="person"),
            is_known("state", STATES, of="person"),
            is_known("theme", THEMES, of="person"),
            is_positive("version", of="person"),
        ]
        indexes = [
            models.Index(fields=["name_key", "id"], name="person_by_name"),
            models.Index(fields=["state", "kind"], name="person_by_state"),
            models.Index(
                fields=["remove_at"],
                condition=Q(remove_at__isnull=False),
                name="person_by_removal",
            ),
        ]

    def __str__(self):
        return self.name or self.email

    def get_session_auth_hash(self):
        """What a session must still match: it ends when the password changes or the epoch is
        raised.
        """
        return salted_hmac(
            "governance.Person.session", f"{self.password}:{self.session_epoch}", algorithm="sha256"
        ).hexdigest()

    def get_full_name(self):
        return str(self)

    @property
    def is_member(self) -> bool:
        return self.kind == self.Kind.MEMBER

    @property
    def state_when_unblocked(self) -> str:
        """The state to go back to: somebody without a password never accepted their invitation."""
        return self.State.ACTIVE if self.has_usable_password() else self.State.INVITED

    @property
    def is_shut_out(self) -> bool:
        """Whether this mailbox is blocked, be it by another of its addresses. One statement."""
        return Person.objects.at_mailbox(self.mailbox).blocked().exists()

    @property
    def is_staff(self) -> bool:
        """Whether the admin site opens: for those who administer people or organizations."""
        return self.has_perm("governance.change_organization")

    @cached_property
    def role_names(self) -> frozenset[str]:
        """The roles held now; none unless an active member (product rule 43).

        One statement, or none for the viewer of a page; kept for this object's life.
        """
        if not (self.is_active and self.is_member):
            return frozenset()
        if "held_roles" in self.__dict__:  # with_page_facts
            return frozenset(name for (name,) in from_json(self.__dict__["held_roles"]))
        return frozenset(self.groups.values_list("name", flat=True))


class Invitation(models.Model):
    """A link by mail, that lets a guest accept an invitation or a member set the first password.

    Only its hash is kept.
    """

    class Purpose(models.TextChoices):
        GUEST = "guest", "Guest invitation"
        MEMBER = "member", "First password"

    person = models.ForeignKey(Person, models.CASCADE, related_name="invitations")
    purpose = models.CharField(max_length=10, choices=Purpose)
    token_hash = models.CharField(max_length=64, unique=True)
    message = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField("created")
    created_by = models.CharField(max_length=254)
    expires_at = models.DateTimeField("expires")
    accepted_at = models.DateTimeField("accepted", null=True)
    cancelled_at = models.DateTimeField("cancelled", null=True)

    class Meta:
        default_permissions = ()
        constraints = [is_known("purpose", INVITATION_PURPOSES, of="invitation")]

    def __str__(self):
        return f"{self.get_purpose_display()} for {self.person}"

    def is_open(self, at: datetime) -> bool:
        return self.accepted_at is None and self.cancelled_at is None and at < self.expires_at
