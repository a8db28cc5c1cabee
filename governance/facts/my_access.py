"""Who uses My Access: who has proved an address, what they may know, how many codes they
requested.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Count, Q

from ..models import Organization, Person, SignInCode
from ..rules.domains import guards
from ..rules.email_domains import Address, canonical_email
from ..rules.fingerprints import token_hash
from ..rules.sign_in_codes import TRIES, WINDOW, Requested
from .eligibility import facts_about


@dataclass(frozen=True)
class Visitor:
    """Somebody whose address is proved.

    `person` is their account, if they have one; `signed_in_by` is "password" or "code"; `at` is the
    moment that the answers are for.
    """

    email: str
    mailbox: str
    person: Person | None
    signed_in_by: str
    at: datetime

    def __str__(self) -> str:
        return str(self.person or self.email)

    @property
    def domain(self) -> str:
        return canonical_email(self.email).domain

    @property
    def is_member(self) -> bool:
        return self.person is not None and self.person.is_member

    @cached_property
    def organization(self) -> Organization | None:
        """The present connected organization that the address belongs to, by a voucher or by its
        domain (product rules 13 and 47); None for members.
        """
        claim = None if self.is_member else facts_about(self.email, at=self.at).claim
        if claim is None or claim.organization_deleted:
            return None
        return Organization.objects.filter(uuid=claim.organization_id).first()

    @property
    def is_known(self) -> bool:
        """Whether they may know why something is refused, and the names of those who decide: people
        of a configured organization, but for public mail, and members (product rule 45).
        """
        if self.is_member:
            return True
        organization = self.organization
        is_configured = (
            organization is not None and organization.state == Organization.State.CONFIGURED
        )
        return is_configured and not guards.is_public_mail(self.domain)


def requested_codes(address: Address, network: str, at: datetime) -> Requested:
    """Return how many codes were requested lately, whoever has the address. One statement."""
    mailbox, near = Q(mailbox=address.mailbox), Q(network=network)
    counts = SignInCode.objects.filter(mailbox | near, created_at__gt=at - WINDOW).aggregate(
        for_mailbox=Count("pk", filter=mailbox),
        from_network=Count("pk", filter=near),
        for_mailbox_from_network=Count("pk", filter=mailbox & near),
    )
    return Requested(**counts)


def is_of_a_member(address: Address) -> bool:
    """Return whether somebody of our directory has the mailbox: they sign in with a password."""
    members = Person.objects.at_mailbox(address.mailbox).members()
    return members.exclude(state=Person.State.REMOVED).exists()


def code_is_open(token: str, at: datetime) -> bool:
    """Return whether a code can still be entered in the browser that has the token."""
    return SignInCode.objects.filter(
        token_hash=token_hash(token), used_at=None, expires_at__gt=at, tries__lt=TRIES
    ).exists()


def may_visit(email: str, people: list[Person], proved_at: datetime, epoch: int | None) -> bool:
    """Return whether the proof of an address still counts, by the accounts of its mailbox.

    It does not where an account is blocked or a member's, or was removed or signed out of all
    devices since. `epoch` is the account's session epoch at the time of the proof, None where there
    was no account: one that was made since, for access, changes nothing.
    """
    return all(
        person.state != Person.State.BLOCKED
        and (not person.is_member or person.state == Person.State.REMOVED)
        and (person.email != email or _is_as_it_was(person, proved_at, epoch))
        for person in people
    )


def _is_as_it_was(person: Person, proved_at: datetime, epoch: int | None) -> bool:
    if person.state == Person.State.REMOVED:
        return person.changed_at <= proved_at
    return epoch is None or person.session_epoch == epoch


def people_of_mailbox(email: str) -> list[Person]:
    """Return the accounts of the mailbox with their organizations, and with what every page asks
    about its viewer. One statement.
    """
    rows = Person.objects.at_mailbox(canonical_email(email).mailbox).with_page_facts()
    return list(rows.select_related("organization"))


def account_in(people: list[Person], email: str) -> Person | None:
    """Return the account of the address among those of its mailbox; None without an active one."""
    found = (person for person in people if person.email == email and person.is_active)
    return next(found, None)
