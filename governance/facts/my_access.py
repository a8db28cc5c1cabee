"""Who has proved an address by a code, and how many codes were requested."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q

from ..models import Organization, Person, SignInCode
from ..rules.email_domains import Address, canonical_email
from ..rules.fingerprints import token_hash
from ..rules.sign_in_codes import TRIES, WINDOW, Requested
from .claims.membership import claim_covering


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


def may_visit(email: str, people: list[Person], proved_at: datetime, epoch: int) -> bool:
    """Return whether the proof of an address still counts, by the accounts of its mailbox.

    It does not where an account is blocked or a member's, or was removed or signed out of all
    devices since; `epoch` is the account's session epoch at the time of the proof.
    """
    return all(
        person.state != Person.State.BLOCKED
        and (not person.is_member or person.state == Person.State.REMOVED)
        and (person.email != email or _is_as_it_was(person, proved_at, epoch))
        for person in people
    )


def _is_as_it_was(person: Person, proved_at: datetime, epoch: int) -> bool:
    if person.state == Person.State.REMOVED:
        return person.changed_at <= proved_at
    return person.session_epoch == epoch


def people_of_mailbox(email: str) -> list[Person]:
    """Return the accounts of the mailbox with their organizations. One statement."""
    rows = Person.objects.at_mailbox(canonical_email(email).mailbox)
    return list(rows.select_related("organization"))


def account_in(people: list[Person], email: str) -> Person | None:
    """Return the account of the address among those of its mailbox; None without an active one."""
    found = (person for person in people if person.email == email and person.is_active)
    return next(found, None)


def organization_of_address(email: str) -> Organization | None:
    """Return the present connected organization that the address belongs to (product rule 13)."""
    claim = claim_covering(canonical_email(email).domain)
    if claim is None or claim.organization_deleted:
        return None
    return Organization.objects.filter(uuid=claim.organization_id).first()
