"""Inviting guests and new members: a link by mail that works once, for a while, and of which only the hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings

from ..models import Invitation, Organization, Person
from ..queries.invitations import require_invitable, taken
from ..queries.snapshots import person_snapshot
from ..rules import email_domains
from ..rules.decision import Refused, refuse
from ..rules.names import clean_name, name_key
from ..rules.roles import Actor
from .audit import record
from .belonging import recount_people
from .mail import write_mail
from .people import new_person
from .verb import verb

LASTS = timedelta(days=14)


def _taken(*, email: str, **_) -> Refused | None:
    """Somebody else made an account with this address at the same moment."""
    reason = taken(email_domains.canonical_email(email).text)
    return Refused(reason) if reason else None


@verb("Add user", needs="add_member", lost_race=_taken)
def add_member(*, email: str, name: str, unit: str, by: Actor, at: datetime) -> Person:
    """Add a member of our directory, who sets the first password by a mailed link."""
    address = email_domains.canonical_email(email)
    if refusal := _taken(email=email):
        raise refusal
    person = new_person(address, name=name, kind=Person.Kind.MEMBER, state=Person.State.INVITED, by=by, at=at, unit=unit.strip()[:200])
    _mail_link(person, Invitation.Purpose.MEMBER, "", by, at)
    record(add_member.activity, by=by, at=at, target=person, after=person_snapshot(person))
    return person


@verb("Invite external user", needs="invite_guest", lost_race=_taken)
def invite_guest(*, email: str, name: str, message: str, by: Actor, at: datetime) -> Person:
    """Invite somebody from outside. The list and the person's state are asked now, and again when they accept."""
    claim = require_invitable(email, at, by)
    address = email_domains.canonical_email(email)
    organization = Organization.objects.get(uuid=claim.organization_id) if claim else None
    person = _new_or_removed(address, name or address.local, organization, by, at)
    if organization:
        recount_people([organization.pk])
    _mail_link(person, Invitation.Purpose.GUEST, message, by, at)
    record(invite_guest.activity, by=by, at=at, target=person, organization=organization, after=person_snapshot(person))
    return person


@verb("Resend invitation", needs="invite_guest")
def resend(*, person: Person, by: Actor, at: datetime) -> None:
    """Send a new link; the older ones stop working."""
    row = _invited(person)
    if not row.is_member:
        require_invitable(row.email, at, by, again=True)
    purpose = Invitation.Purpose.MEMBER if row.is_member else Invitation.Purpose.GUEST
    row.invitations.filter(accepted_at=None, cancelled_at=None).update(cancelled_at=at)
    _mail_link(row, purpose, "", by, at)
    record(resend.activity, by=by, at=at, target=row, organization=row.organization)


@verb("Cancel invitation", needs="invite_guest")
def cancel(*, person: Person, by: Actor, at: datetime) -> None:
    """Stop the link and remove the person who never came. Inviting them again is possible."""
    row = _invited(person)
    before = person_snapshot(row)
    row.invitations.filter(accepted_at=None, cancelled_at=None).update(cancelled_at=at)
    row.state, row.changed_at, row.version = Person.State.REMOVED, at, row.version + 1
    row.save()
    if row.organization_id:
        recount_people([row.organization_id])
    record(cancel.activity, by=by, at=at, target=row, organization=row.organization, before=before, after=person_snapshot(row))


@verb("Redeem external user invite")
def accept(*, token: str, name: str, password: str, by: Actor, at: datetime) -> Person:
    """Make the invited person active with the password they chose. `by` is the stranger at the door until then."""
    invitation = _open_invitation(token, at)
    person = Person.objects.select_for_update().get(pk=invitation.person_id)
    if person.kind == Person.Kind.GUEST:
        require_invitable(person.email, at, by, again=True)
    before = person_snapshot(person)
    person.name = clean_name(name)
    person.name_key, person.state, person.is_active, person.changed_at = name_key(person.name), Person.State.ACTIVE, True, at
    person.set_password(password)
    person.save()
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at"])
    actor = Actor(person.pk, str(person), frozenset(), by.ip, by.request_id)
    record(accept.activity, by=actor, at=at, target=person, organization=person.organization, before=before, after=person_snapshot(person))
    return person


def _new_or_removed(address, name: str, organization: Organization | None, by: Actor, at: datetime) -> Person:
    """The row of a guest who was removed is taken up again: one address is one person (product rule 4)."""
    removed = Person.objects.select_for_update().filter(email=address.text, state=Person.State.REMOVED).first()
    if removed is None:
        return new_person(address, name=name, kind=Person.Kind.GUEST, state=Person.State.INVITED, by=by, at=at, organization=organization)
    removed.state, removed.organization, removed.changed_at = Person.State.INVITED, organization, at
    removed.set_unusable_password()
    removed.save()
    return removed


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _invited(person: Person) -> Person:
    row = Person.objects.select_for_update().get(pk=person.pk)
    if row.state != Person.State.INVITED:
        raise refuse("not_invited", f"{row} is not waiting for an invitation any more")
    return row


def _open_invitation(token: str, at: datetime) -> Invitation:
    invitation = Invitation.objects.select_for_update().filter(token_hash=token_hash(token)).first()
    if invitation is None or not invitation.is_open(at) or invitation.person.state != Person.State.INVITED:
        raise refuse("invitation_over", "This link does not work any more. Ask the person who invited you for a new one.")
    return invitation


def _mail_link(person: Person, purpose: str, message: str, by: Actor, at: datetime) -> None:
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(
        person=person, purpose=purpose, token_hash=token_hash(token), message=message[:500], created_at=at, created_by=by.label,
        expires_at=at + LASTS,
    )  # fmt: skip
    link = f"{settings.ORIGIN}/invitations/{token}/"
    what = "Set your password" if purpose == Invitation.Purpose.MEMBER else "Accept the invitation"
    said = f"\n{by.label} writes:\n{message}\n" if message else ""
    until = f"{at + LASTS:%d %b %Y}"
    body = f"Hello {person.name},\n\n{by.label} invites you to Harbourgate at {settings.ORIGIN}.\n{said}\n{what}:\n{link}\n\nThe link works once, until {until}.\n"
    write_mail(to=person.email, subject=f"{by.label} invites you to Harbourgate", body=body, secret=link, at=at)
