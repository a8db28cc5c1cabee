"""Telling people about requests and access, by rows of mail in the same transaction."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.timezone import get_default_timezone

from ...facts.access_requests.approvers import deciders
from ...models import AccessRequest, Assignment, Person, ToldApprover
from ...rules.access_requests import messages
from ...rules.access_requests.messages import RequestFact
from ...rules.access_requests.outcomes import UNDO
from ...rules.mail import Message
from ..mail import cancel_messages, write_message


def request_fact(row: AccessRequest) -> RequestFact:
    """Return the request as its mails tell of it."""
    return RequestFact(
        str(row.uuid),
        row.email,
        row.package.name,
        str(row.package.uuid),
        row.organization.name if row.organization else "",
        row.reason,
        _local(row.submitted_at),
        _local(row.due_at),
        _local(row.starts_at),
        _local(row.ends_at),
        is_extension=row.kind == AccessRequest.Kind.EXTENSION,
    )


def about(row: AccessRequest) -> str:
    """Return what mails about the request are filed under."""
    return f"request:{row.uuid}"


def tell_approvers(
    row: AccessRequest, at: datetime, *, due_at: datetime | None = None, is_escalated: bool = False
) -> int:
    """Ask everybody who can decide the present stage now and was not asked yet. Return how many."""
    told = set(
        row.told.filter(stage=row.stage, round=row.round).values_list("person_id", flat=True)
    )
    new = [each for each in deciders(row, at).people if each.candidate.person_id not in told]
    people = Person.objects.in_bulk([each.candidate.person_id for each in new])
    fact = request_fact(row)
    for each in new:
        person = people[each.candidate.person_id]
        message = (
            messages.escalated(fact)
            if is_escalated
            else messages.approval_wanted(fact, instead_of=each.instead_of)
        )
        _tell(row, person.email, message, at, due_at)
        ToldApprover.objects.create(
            request=row, person=person, stage=row.stage, round=row.round, at=at
        )
    return len(new)


def remind_approvers(row: AccessRequest, at: datetime) -> None:
    """Remind everybody who can decide the present stage now."""
    ids = [each.candidate.person_id for each in deciders(row, at).people]
    for person in Person.objects.filter(pk__in=ids).order_by("pk"):
        _tell(row, person.email, messages.approval_reminder(request_fact(row)), at)


def tell_other_approvers(row: AccessRequest, message: Message, at: datetime, but: int) -> None:
    """Tell those who were asked in the present stage that they have nothing left to do."""
    for person in _told(row).exclude(pk=but):
        _tell(row, person.email, message, at, at + UNDO)


def tell_of_expiry(row: AccessRequest, at: datetime) -> None:
    """Tell the requester and the approvers that nobody answered in time."""
    fact = request_fact(row)
    for person in _told(row):
        _tell(row, person.email, messages.expired_for_approvers(fact), at)
    tell_requester(row, messages.expired(fact), at)


def tell_requester(
    row: AccessRequest, message: Message, at: datetime, *, due_at: datetime | None = None
) -> None:
    """Write to whoever requested it."""
    _tell(row, row.email, message, at, due_at)


def forget_unsent(row: AccessRequest, at: datetime) -> None:
    """Stop the mails about a decision that was taken back."""
    cancel_messages(about=about(row), at=at)


def tell_of_end(assignment: Assignment, at: datetime, *, why: str) -> None:
    """Tell somebody that their access is over, and why."""
    package = assignment.package
    message = messages.ended(package.name, str(package.uuid), why=why)
    write_message(to=assignment.person.email, message=message, at=at)


def tell_of_coming_end(assignment: Assignment, days: int, at: datetime) -> None:
    """Tell somebody that their access ends in so many days."""
    ends_at = _local(assignment.ends_at)
    assert ends_at is not None
    can_extend = assignment.request.terms.can_extend
    message = messages.ending_soon(assignment.package.name, ends_at, days, can_extend=can_extend)
    write_message(to=assignment.person.email, message=message, at=at)


def _told(row: AccessRequest) -> QuerySet[Person]:
    people = row.told.filter(stage=row.stage, round=row.round).values("person")
    return Person.objects.filter(pk__in=people).order_by("pk")


def _tell(
    row: AccessRequest,
    to: str,
    message: Message,
    at: datetime,
    due_at: datetime | None = None,
) -> None:
    write_message(to=to, message=message, at=at, due_at=due_at, about=about(row))


def _local(at: datetime | None) -> datetime | None:
    return at.astimezone(get_default_timezone()) if at else None
