"""Inviting guests and new members: a link by mail that works once, for a while, and of which only
the hash is kept.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils.timezone import get_default_timezone

from ...facts.invitations import require_invitable, shut_out, taken, why_not_welcome
from ...facts.snapshots import person_snapshot
from ...impact import impact_of
from ...impact.people import removing
from ...models import Invitation, Organization, Person
from ...rules import email_domains
from ...rules.account_changes import has_no_open_invitation
from ...rules.decision import Ref, Refused, refuse
from ...rules.fingerprints import token_hash
from ...rules.names import (
    clean_description,
    clean_person_name,
    clean_unit,
    name_from_address,
    name_key,
)
from ...rules.roles import Actor, permission_to_invite, sentence_of_who_may
from ...rules.time_zones import moment_words
from ...rules.values import known_text
from ..action import action, named
from ..audit import record
from ..confirmation import require_confirmation
from ..locks import lock_claims, lock_row
from ..mail import write_mail
from ..organizations.membership import recount_people, recount_sponsors, sponsored_by_people
from .account_rows import new_person
from .accounts import end_account_and_access, require_possible
from .own_account import require_good_password

LASTS = timedelta(days=14)


def _taken(*, email: str, **_: object) -> Refused | None:
    """Somebody else made an account with this address at the same moment."""
    reason = taken(email_domains.canonical_email(email))
    return Refused(reason) if reason else None


def _about(*, email: str, **_: object) -> Ref:
    return named("person", email)


@action("Add user", needs="add_member", lost_race=_taken, about=_about)
def add_member(*, email: str, name: str, unit: str, by: Actor, at: datetime) -> Person:
    """Add a member of our directory, who sets the first password by a mailed link."""
    address = email_domains.canonical_email(known_text(email, field="email"))
    if reason := taken(address):
        raise Refused(reason)
    person = _new_or_removed(
        address, Person.Kind.MEMBER, clean_person_name(name), by, at, unit=clean_unit(unit)
    )
    _mail_link(person, "", by, at)
    record(add_member.activity, by=by, at=at, target=person, after=person_snapshot(person))
    return person


@action("Invite external user", needs="invite_guest", lost_race=_taken, about=_about)
def invite_guest(*, email: str, name: str, message: str, by: Actor, at: datetime) -> Person:
    """Invite somebody from outside.

    The list and the person's state are asked now, and again when they accept.
    """
    lock_claims()
    claim = require_invitable(known_text(email, field="email"), at)
    address = email_domains.canonical_email(email)
    name = (
        clean_person_name(name)
        if known_text(name, field="name").strip()
        else name_from_address(address.local, address.text)
    )
    message = clean_description(message, field="message", called="Message")
    organization = Organization.objects.get(uuid=claim.organization_id) if claim else None
    person = _new_or_removed(address, Person.Kind.GUEST, name, by, at, organization=organization)
    if organization:
        recount_people([organization.pk])
    _mail_link(person, message, by, at)
    record(
        invite_guest.activity,
        by=by,
        at=at,
        target=person,
        organization=organization,
        after=person_snapshot(person),
    )
    return person


@action("Resend invitation")
def resend(*, person: Person, by: Actor, at: datetime) -> None:
    """Send a new link with the same message; the older ones stop working."""
    row = _invited(person, by)
    _require_welcome(row, at)
    last = row.invitations.order_by("-id").first()
    _mail_link(row, last.message if last else "", by, at)
    record(resend.activity, by=by, at=at, target=row, organization=row.organization)


@action("Cancel invitation")
def cancel(*, person: Person, by: Actor, at: datetime, seen: str | None = None) -> None:
    """Stop the link and remove the person who never came. Inviting them again is possible."""
    lock_claims()
    row = _invited(person, by)
    if row.sponsorships.exists() and not by.may("change_organization"):
        raise refuse(
            "sponsors",
            f"{row} is a sponsor of a connected organization, and cancelling would end that."
            f" {sentence_of_who_may('change_organization')}",
        )
    require_confirmation(impact_of(removing(row), at), seen, by=by)
    end_account_and_access(row, cancel.activity, by, at)


def accept(*, token: str, name: str, password: str, by: Actor, at: datetime) -> Person:
    """Make the invited person active with the password they chose, as what it is for a guest or a
    member.

    `by` is whoever has the link, a stranger until then.
    """
    known = _with_token(token).filter(purpose=Invitation.Purpose.MEMBER)
    action = set_first_password if known.exists() else redeem
    return action(token=token, name=name, password=password, by=by, at=at)


def _about_link(*, token: str, **_: object) -> Person | Ref:
    """The person whom the link was mailed to; of a link that nobody was sent, the begin of its hash
    and never the link.
    """
    known = _with_token(token).select_related("person").first()
    return known.person if known else named("invitation", f"Link {token_hash(str(token))[:8]}")


@action("Redeem external user invite", about=_about_link)
def redeem(*, token: str, name: str, password: str, by: Actor, at: datetime) -> Person:
    """Accept the invitation of a guest."""
    lock_claims()
    invitation = _open_invitation(token, Invitation.Purpose.GUEST, at)
    return _begin_account(invitation, redeem.activity, name, password, by, at)


@action("Set first password", about=_about_link)
def set_first_password(*, token: str, name: str, password: str, by: Actor, at: datetime) -> Person:
    """Let a member of our directory, whom an administrator added, choose the password."""
    lock_claims()
    invitation = _open_invitation(token, Invitation.Purpose.MEMBER, at)
    return _begin_account(invitation, set_first_password.activity, name, password, by, at)


def redeem_by_proof(*, person: Person, by: Actor, at: datetime) -> None:
    """Accept the invitation of a guest who has just proved the address by a code, without a
    password.

    Called inside the action that proved it, after `lock_claims`. Somebody who is not welcome any
    more (product rule 30) stays invited: what they may do is decided without it.
    """
    row = Person.objects.select_for_update().get(pk=person.pk)
    if row.state == Person.State.INVITED and not why_not_welcome(row, at):
        _make_active(row, redeem.activity, row.name, "", by, at)


def _begin_account(
    invitation: Invitation, activity: str, name: str, password: str, by: Actor, at: datetime
) -> Person:
    person = invitation.person
    _require_welcome(person, at)
    require_good_password(password, person)
    return _make_active(person, activity, name, password, by, at)


def _make_active(
    person: Person, activity: str, name: str, password: str, by: Actor, at: datetime
) -> Person:
    before = person_snapshot(person)
    person.name = clean_person_name(name)
    person.name_key, person.state, person.is_active, person.changed_at = (
        name_key(person.name),
        Person.State.ACTIVE,
        True,
        at,
    )
    if password:
        person.set_password(password)
    person.save()
    recount_sponsors(sponsored_by_people(Person.objects.at_mailbox(person.mailbox)))
    person.invitations.filter(accepted_at=None, cancelled_at=None).update(accepted_at=at)
    actor = Actor(person.pk, str(person), frozenset(), by.ip, by.request_id)
    record(
        activity,
        by=actor,
        at=at,
        target=person,
        organization=person.organization,
        before=before,
        after=person_snapshot(person),
    )
    return person


def _new_or_removed(
    address: email_domains.Address,
    kind: str,
    name: str,
    by: Actor,
    at: datetime,
    *,
    unit: str = "",
    organization: Organization | None = None,
) -> Person:
    """The row of somebody who was removed is taken up again, with nothing left of what it was: one
    address is one person (product rule 4).
    """
    removed = (
        Person.objects.select_for_update()
        .filter(email=address.text, state=Person.State.REMOVED)
        .first()
    )
    if removed is None:
        return new_person(
            address,
            name=name,
            kind=kind,
            state=Person.State.INVITED,
            by=by,
            at=at,
            unit=unit,
            organization=organization,
        )
    removed.name, removed.name_key, removed.kind = name, name_key(name), kind
    removed.state, removed.changed_at = Person.State.INVITED, at
    removed.unit, removed.organization = unit, organization
    removed.version += 1
    removed.save()
    return removed


def _require_welcome(person: Person, at: datetime) -> None:
    """Asks again what was asked when they were invited: a guest the list and the person, a member
    the person.
    """
    if not person.is_member:
        require_invitable(person.email, at, again=True)
    elif reason := shut_out(email_domains.canonical_email(person.email)):
        raise Refused(reason)


def _invited(person: Person, by: Actor) -> Person:
    row = lock_row(person, "person_gone")
    permission = permission_to_invite(row.kind)
    if not by.may(permission):
        raise refuse("not_permitted", sentence_of_who_may(permission))
    require_possible(has_no_open_invitation, row)
    return row


def _with_token(token: object) -> QuerySet[Invitation]:
    """The invitation that was mailed with the token; none for what is no token at all."""
    return Invitation.objects.filter(token_hash=token_hash(str(token)))


def _open_invitation(token: str, purpose: str, at: datetime) -> Invitation:
    """The invitation with its person, who is held first, as by whoever resends, cancels or blocks
    meanwhile.
    """
    known = _with_token(token).filter(purpose=purpose)
    person = Person.objects.select_for_update().filter(pk__in=known.values("person")).first()
    invitation = known.first()
    if (
        person is None
        or invitation is None
        or not invitation.is_open(at)
        or person.state != Person.State.INVITED
    ):
        raise refuse(
            "invitation_over",
            "This link no longer works. Ask the person who invited you for a new one.",
        )
    invitation.person = person
    return invitation


def _mail_link(person: Person, message: str, by: Actor, at: datetime) -> None:
    """Write the mail with a new link; links that were sent before stop working."""
    purpose = Invitation.Purpose.MEMBER if person.is_member else Invitation.Purpose.GUEST
    token = secrets.token_urlsafe(32)
    person.invitations.filter(accepted_at=None, cancelled_at=None).update(cancelled_at=at)
    Invitation.objects.create(
        person=person,
        purpose=purpose,
        token_hash=token_hash(token),
        message=message,
        created_at=at,
        created_by=by.label,
        expires_at=at + LASTS,
    )
    link = f"{settings.ORIGIN}/invitations/{token}/"
    what = "Set your password" if person.is_member else "Accept the invitation"
    said = f"\n{by.label} writes:\n{message}\n" if message else ""
    until = moment_words((at + LASTS).astimezone(get_default_timezone()))
    body = (
        f"Hello {person.name},\n\n{by.label} invites you to Harbourgate at {settings.ORIGIN}.\n"
        f"{said}\n{what}:\n{link}\n\nThe link works once, until {until}.\n"
    )
    write_mail(
        to=person.email,
        subject=f"{by.label} invites you to Harbourgate",
        body=body,
        secret=link,
        at=at,
    )
