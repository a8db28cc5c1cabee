"""A visitor's own requests, each with its timeline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ...facts.access_requests.approvers import deciders_of
from ...facts.my_access import Visitor
from ...models import AccessRequest, RequestEvent
from ...rules import my_access_words as words
from ...rules.access_requests import transitions
from ...rules.access_requests.approval import Deciders
from ...rules.access_requests.transitions import REQUESTER, transition
from ...rules.wording import as_sentence

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a timeline. `look` is "done", "now", "next", "warn" or "bad"."""

    title: str
    look: str
    at: datetime | None = None
    text: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """A request of the visitor's, with what they can do with it now."""

    row: AccessRequest
    state: str
    steps: tuple[Step, ...]
    can_withdraw: bool
    can_answer: bool

    @property
    def state_words(self) -> str:
        """The state as the requester reads it."""
        if self.can_answer:
            return "Needs your answer"
        return transitions.STATE_WORDS[self.state]

    @property
    def question(self) -> str:
        """What an approver wants to know."""
        sent_back = (step.text for step in reversed(self.steps) if step.look == "warn")
        return next(sent_back, "")


def own_requests(visitor: Visitor, at: datetime) -> list[OwnRequest]:
    """Return the visitor's latest requests, the newest first. Eight statements at most."""
    mine = AccessRequest.objects.of_mailbox(visitor.mailbox).order_by("-submitted_at", "-id")
    return _with_timelines(mine.select_related("package", "organization")[:SHOWN], visitor, at)


def own_request(visitor: Visitor, key: UUID, at: datetime) -> OwnRequest | None:
    """Return one of the visitor's requests; None for somebody else's."""
    mine = AccessRequest.objects.of_mailbox(visitor.mailbox).filter(uuid=key)
    rows = mine.select_related("package", "organization")
    return next(iter(_with_timelines(rows, visitor, at)), None)


def _with_timelines(
    requests: Iterable[AccessRequest], visitor: Visitor, at: datetime
) -> list[OwnRequest]:
    rows = list(requests)
    events: dict[int, list[RequestEvent]] = defaultdict(list)
    for event in RequestEvent.objects.filter(request__in=rows).order_by("id") if rows else ():
        events[event.request_id].append(event)
    pending = [row for row in rows if row.state_at(at) == transitions.PENDING]
    deciders = deciders_of(pending, at) if pending else {}
    return [_own(row, events[row.pk], deciders.get(row.pk), visitor, at) for row in rows]


def _own(
    row: AccessRequest,
    events: list[RequestEvent],
    deciders: Deciders | None,
    visitor: Visitor,
    at: datetime,
) -> OwnRequest:
    state = row.state_at(at)
    steps = [_past(event, visitor) for event in events if event.event in words.TIMELINE]
    steps += _expired(row, state)
    steps += _present(row, state, deciders, visitor)
    return OwnRequest(
        row,
        state,
        tuple(steps),
        transition(state, "withdraw", REQUESTER) is not None,
        transition(state, "resubmit", REQUESTER) is not None,
    )


def _past(event: RequestEvent, visitor: Visitor) -> Step:
    title, look = words.TIMELINE[event.event]
    if visitor.is_known and event.by and event.event in words.BY_APPROVERS:
        title = words.BY_APPROVERS[event.event].format(event.by)
    text = event.text if event.event in words.WITH_TEXT else ""
    return Step(title, look, event.at, text)


def _expired(row: AccessRequest, state: str) -> list[Step]:
    """Return the expiry that the worker has not written yet."""
    if state != transitions.EXPIRED or row.state == state:
        return []
    title, look = words.TIMELINE["expire"]
    return [Step(title, look, row.due_at)]


def _present(
    row: AccessRequest, state: str, deciders: Deciders | None, visitor: Visitor
) -> list[Step]:
    """Return where the request is now, and what comes after."""
    if state == transitions.PENDING:
        return [_waiting(row, deciders, visitor), *_later_stages(row), _set_up(row)]
    if state == transitions.SENT_BACK:
        title, text = "Waiting for your answer", words.EXPIRES_UNANSWERED
        return [Step(title, "now", text=text, until=row.due_at)]
    if state == transitions.APPROVED:
        return [_set_up(row, look="now")]
    text = {transitions.PARKED: words.ON_HOLD, transitions.FAILED: words.FAILED}.get(state, "")
    return [Step("Waiting for an administrator", "now", text=text)] if text else []


def _waiting(row: AccessRequest, deciders: Deciders | None, visitor: Visitor) -> Step:
    stage = row.present_stage
    if stage is None or deciders is None or not deciders.people:
        title, text = "Waiting for approval", f"{words.NOBODY_DECIDES} {words.EXPIRES}"
        return Step(title, "now", text=text, until=row.due_at)
    names = [each.candidate.name for each in deciders.people] if visitor.is_known else []
    title = f"Waiting for {words.asked_words(stage, names)}"
    return Step(title, "now", text=words.EXPIRES, until=row.due_at)


def _later_stages(row: AccessRequest) -> list[Step]:
    later = row.all_stages[row.stage :]
    return [Step(f"Then {words.asked_words(stage, ())} decides", "next") for stage in later]


def _set_up(row: AccessRequest, look: str = "next") -> Step:
    title = "Access is extended" if row.kind == AccessRequest.Kind.EXTENSION else "Access is set up"
    return Step(title, look, row.starts_at, text=as_sentence(row.terms.words))
