"""One-time codes by email, which prove an address on My Access (product rule 34)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from ...facts.my_access import is_of_a_member, requested_codes
from ...models import Person, SignInCode
from ...rules.decision import Ref, Refused, refuse
from ...rules.email_domains import Address, canonical_email
from ...rules.fingerprints import token_hash
from ...rules.roles import Actor
from ...rules.sign_in_codes import (
    CODE_OVER,
    LASTS,
    TRIES,
    clean_code,
    code_hash,
    code_message,
    network_of,
    new_code,
    readable_code,
    sign_in_with_password,
    too_many,
    wrong_code,
)
from ...rules.values import known_text
from ..action import action, named
from ..audit import record, record_refusal
from ..locks import lock_claims
from ..mail import write_message
from ..people.invitations import redeem_by_proof

_KEPT = timedelta(days=1)  # then the row of a code is removed
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of entering a code: a proved address with its account, if it has one.

    `refusal` is set instead where the code was wrong, which used up one try.
    """

    email: str = ""
    person: Person | None = None
    refusal: Refused | None = None


def send_code(*, email: str, by: Actor, at: datetime) -> str:
    """Write a code and its mail, and return the token that the browser keeps.

    The same work for every address: whose it is, is told in the mail alone. Nothing is changed by
    it, so there is no event. Raises Refused after too many codes.
    """
    address = canonical_email(known_text(email, field="email"))
    network = network_of(by.ip)
    token, code = secrets.token_urlsafe(32), new_code(secrets.choice)
    with transaction.atomic():
        if refusal := too_many(requested_codes(address, network, at)):
            raise refusal
        delete_old_codes(by, at)
        SignInCode.objects.create(
            email=address.text,
            mailbox=address.mailbox,
            network=network,
            token_hash=token_hash(token),
            code_hash=code_hash(token, code),
            created_at=at,
            expires_at=at + LASTS,
        )
        _mail(address, readable_code(code), at)
    return token


def _mail(address: Address, code: str, at: datetime) -> None:
    """Send the code. A member gets none: a code never signs in a member."""
    is_member = is_of_a_member(address)
    message = sign_in_with_password() if is_member else code_message(code)
    write_message(to=address.text, message=message, at=at, secret="" if is_member else code)


def delete_old_codes(by: Actor, at: datetime) -> int:
    """Delete a batch of codes that are more than a day old, and return how many."""
    old = SignInCode.objects.filter(created_at__lt=at - _KEPT).order_by("created_at")
    batch = list(old.values_list("pk", flat=True)[:_AT_ONCE])
    SignInCode.objects.filter(pk__in=batch).delete()
    return len(batch)


def _about_code(*, token: str, **_: object) -> Ref:
    """Return the address that the code was sent to; of a token that is unknown, the begin of its
    hash.
    """
    row = _codes(token).first()
    return named("address", row.email) if row else named("code", token_hash(str(token))[:8])


@action("Sign in with one-time code", about=_about_code)
def prove_code(*, token: str, code: str, by: Actor, at: datetime) -> Proof:
    """Prove the address that a code was sent to, in the browser that has the token.

    A wrong code uses up one of five tries. For a guest who was invited, this accepts the
    invitation.
    """
    entered = clean_code(code)
    invited = _invited_guest(_open_code(_codes(token), at).email)
    if invited:
        lock_claims()
    row = _open_code(_codes(token).select_for_update(), at)
    row.tries += 1
    is_right = secrets.compare_digest(row.code_hash, code_hash(token, entered))
    row.used_at = at if is_right else None
    row.save(update_fields=["tries", "used_at"])
    if not is_right:
        return _refused(row, by, at)
    if invited:
        redeem_by_proof(person=invited, by=by, at=at)
    return _proved(row.email, by, at)


def _codes(token: object) -> QuerySet[SignInCode]:
    return SignInCode.objects.filter(token_hash=token_hash(str(token)))


def _open_code(rows: QuerySet[SignInCode], at: datetime) -> SignInCode:
    row = rows.first()
    if row is None or row.used_at or row.tries >= TRIES or at >= row.expires_at:
        raise refuse("code_over", CODE_OVER, field="code")
    return row


def _refused(row: SignInCode, by: Actor, at: datetime) -> Proof:
    """Put a wrong code on record, together with the try that it used up."""
    refusal = wrong_code(TRIES - row.tries)
    target = named("address", row.email)
    record_refusal(prove_code.activity, refusal, by=by, at=at, target=target)
    return Proof(refusal=refusal)


def _invited_guest(email: str) -> Person | None:
    return Person.objects.guests().filter(email=email, state=Person.State.INVITED).first()


def _proved(email: str, by: Actor, at: datetime) -> Proof:
    person = Person.objects.filter(email=email).exclude(state=Person.State.REMOVED).first()
    actor = Actor(
        person.pk if person else None,
        str(person or email),
        frozenset(),
        by.ip,
        by.request_id,
    )
    record(
        prove_code.activity,
        by=actor,
        at=at,
        target=person or named("address", email),
        organization=person.organization if person else None,
    )
    return Proof(email, person)
