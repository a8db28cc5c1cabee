"""Moving a request along the table of transitions: the one place that writes its state."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import get_default_timezone

from ...models import AccessRequest, Person, RequestEvent
from ...rules.access_requests.transitions import (
    APPROVED,
    EXPIRED,
    STATE_WORDS,
    transition,
)
from ...rules.decision import Ref, Refused, refuse
from ...rules.roles import Actor
from ...rules.time_zones import moment_words
from ..locks import lock_row


def locked(request: AccessRequest) -> AccessRequest:
    """Return the request as it is now, held until the transaction ends."""
    row = lock_row(request, "request_gone")
    for name in ("package", "organization", "requester", "policy"):
        getattr(row, name)  # read now: what is done to the request names them
    return row


def require_movable(row: AccessRequest, event: str, who: str, at: datetime) -> None:
    """Raise Refused, saying by whom and when, unless this can happen to the request now."""
    state = row.state_at(at)
    if transition(state, event, who) is None:
        raise settled(row, state)


def require_not_own(mailbox: str, by: Actor, text: str) -> None:
    """Raise Refused where somebody decides for their own mailbox, whatever their role (rule 38)."""
    own = Person.objects.filter(pk=by.person_id).values_list("mailbox", flat=True).first()
    if own == mailbox:
        raise refuse("own_request", f"{text}. Ask another administrator", field="email")


def move(
    row: AccessRequest, event: str, who: str, *, by: Actor, at: datetime, text: str = ""
) -> None:
    """Make an event happen to a locked request, and put it into its timeline.

    Raises Refused where the table has no such transition.
    """
    found = transition(row.state, event, who)
    if found is None:
        raise settled(row, row.state)
    row.state, row.changed_at, row.version = found.to, at, row.version + 1
    row.save()
    RequestEvent.objects.create(
        request=row, event=event, stage=row.stage, at=at, by=by.label, text=text
    )


def settled(row: AccessRequest, state: str) -> Refused:
    """Return the refusal of what comes too late: what became of the request, by whom and when."""
    if state == EXPIRED and row.due_at:
        when = moment_in_words(row.due_at)
        text = f"This request expired at {when} because nobody answered it in time"
    else:
        last = row.events.order_by("-id").first()
        said = f" by {last.by} at {moment_in_words(last.at)}" if last and last.by else ""
        text = f"This request is already settled: {STATE_WORDS[state].lower()}{said}"
    return refuse(f"request_{state if state != APPROVED else 'decided'}", text)


def request_ref(row: AccessRequest) -> Ref:
    """Return what the audit log calls a request."""
    return Ref("accessrequest", str(row.uuid), f"{row.email}: {row.package.name}")


def moment_in_words(at: datetime) -> str:
    """Return the moment as refusals name it, in the portal's time zone."""
    return moment_words(at.astimezone(get_default_timezone()))
