"""The overview: first steps, what needs somebody, what a role may do, numbers and latest events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from ..db.combined_query import Counted, json_list, run_combined
from ..facts.access_requests.radar import radar
from ..facts.sponsors.sponsorships import SponsorRow, sponsored_by
from ..models import (
    AccessRequest,
    Assignment,
    AuditEvent,
    Mail,
    Organization,
    OwnName,
    Package,
    Person,
    Policy,
    Sponsorship,
    WorkerHeartbeat,
)
from ..rules.access_requests.gaps import Gap
from ..rules.access_requests.transitions import FAILED, PARKED
from ..rules.roles import Actor
from ..rules.wording import plural
from .access_requests.assignments import SOON, ending_soon
from .approvals.waiting import waiting_count
from .organizations.filters import without_sponsors
from .overview_numbers import Number, number_counts, number_lists, numbers
from .readiness import WORKER_IS_SILENT_AFTER

EVENTS_SHOWN = 10
GAPS_SHOWN = 5
WORKER_IS_SILENT = (
    "The worker is not running. Emails, reminders and webhooks wait until it does."
    " Start it with “make run” or “manage.py worker”."
)


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps; `page`, of the object `key` if any, is where it is done."""

    name: str
    sentence: str
    page: str
    key: UUID | None
    is_done: bool
    is_next: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits. `page` is where it is done, `query` what follows its path."""

    count: Counted
    sentence: str
    page: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class Possibility:
    """A page that the person may use, and what it is for."""

    name: str
    sentence: str
    page: str


@dataclass(frozen=True, slots=True)
class Overview:
    steps: tuple[Step, ...]
    possibilities: tuple[Possibility, ...]
    tasks: tuple[Task, ...] | None
    numbers: tuple[Number, ...]
    sponsored: tuple[SponsorRow, ...]
    events: tuple[AuditEvent, ...]
    gaps: tuple[Gap, ...] = ()


# What a role may do, for people who do not administer: page, permission, name, sentence.
_POSSIBILITIES = (
    (
        "organization_add",
        "add_organization",
        "Add a connected organization",
        "Connect a partner by its directory or domain. It is created as proposed, until a Global or"
        " User administrator configures it.",
    ),
    (
        "person_invite",
        "invite_guest",
        "Invite a guest",
        "Create an account for someone from outside your organization.",
    ),
    (
        "organization_list",
        "view_organization",
        "Connected organizations",
        "See which partners are connected, with their domains and sponsors.",
    ),
    ("person_list", "view_person", "People", "Find members and guests by name or email address."),
    (
        "package_list",
        "view_package",
        "Access packages",
        "See the access packages, and the policies that say who can request them.",
    ),
    (
        "domain_list",
        "view_listrule",
        "Allow and deny list",
        "See which domains are allowed and which are blocked.",
    ),
    (
        "what_if",
        "use_what_if",
        "What-if checker",
        "Check whether someone can request access, and why.",
    ),
    (
        "audit_log",
        "view_auditevent",
        "Audit log",
        "See every change and every refused attempt, and export them.",
    ),
)


def overview_for(
    actor: Actor, at: datetime, *, shows_first_steps: bool, approver: Person | None = None
) -> Overview:
    """Return what the actor may see, by two statements, and two more for a sponsor.

    `approver` is the viewer where they may be asked to approve requests: seven statements more.
    """
    counts, lists = run_combined(
        _counted(at) | number_counts(at) | {"sponsored": _sponsorships_of(actor.person_id)},
        {"package": _first_package()} | number_lists(at),
    )
    administers = actor.may("change_organization")
    asked = tuple(_approvals(waiting_count(approver, at)))
    return Overview(
        steps=_open_steps(counts, lists) if administers and shows_first_steps else (),
        possibilities=() if administers else tuple(_possibilities(actor)),
        tasks=(*asked, *_tasks(counts, actor)) if administers else asked or None,
        gaps=tuple(radar(at)[:GAPS_SHOWN]) if actor.may("view_policy") else (),
        numbers=(*numbers(counts, lists, actor, at), *_people(counts, actor)),
        sponsored=_sponsored(actor.person_id, at) if counts["sponsored"] else (),
        events=_latest_events(actor),
    )


def _sponsored(person_id: int | None, at: datetime) -> tuple[SponsorRow, ...]:
    return tuple(sponsored_by(person_id, at)) if person_id is not None else ()


def _sponsorships_of(person_id: int | None) -> QuerySet[Sponsorship]:
    return Sponsorship.objects.filter(person=person_id, organization__deleted_at__isnull=True)


def _first_package():
    first = Package.objects.order_by("id").values("pk")[:1]
    return json_list(Package.objects.filter(pk__in=first), "uuid")


def _latest_events(actor: Actor) -> tuple[AuditEvent, ...]:
    if not actor.may("view_auditevent"):
        return ()
    return tuple(AuditEvent.objects.order_by("-id")[:EVENTS_SHOWN])


def _counted(at: datetime) -> dict:
    present = Organization.objects.present()
    people = Person.objects.exclude(state=Person.State.REMOVED)
    return {
        "configured": present.filter(state=Organization.State.CONFIGURED),
        "proposed": present.filter(state=Organization.State.PROPOSED),
        "unsponsored": without_sponsors(at),
        "guests": people.guests(),
        "members": people.members(),
        "packages": Package.objects.all(),
        "policies": Policy.objects.all(),
        "requests": AccessRequest.objects.all(),
        "own domains": OwnName.objects.all(),
        "workers": WorkerHeartbeat.objects.filter(seen_at__gt=at - WORKER_IS_SILENT_AFTER),
        "on hold": AccessRequest.objects.filter(state=PARKED),
        "failed": AccessRequest.objects.filter(state=FAILED),
        "ending": Assignment.objects.in_force(at).filter(ending_soon(at)),
        "failed mail": Mail.objects.filter(state=Mail.State.FAILED),
    }


def _open_steps(counts: dict[str, Counted], lists: dict[str, list]) -> tuple[Step, ...]:
    """Return all three steps until all are done, then none."""
    package = UUID(lists["package"][0][0]) if lists["package"] else None
    steps = (
        Step(
            "Add a connected organization",
            "Connect a partner by its directory or domain.",
            "organization_add",
            None,
            bool(counts["configured"] or counts["proposed"]),
        ),
        Step(
            "Create an access package",
            "Choose what a partner's people can request.",
            "policy_add" if package and not counts["policies"] else "package_add",
            package if not counts["policies"] else None,
            bool(counts["packages"] and counts["policies"]),
        ),
        Step(
            "Share the request link",
            "Copy it from the access package’s page and send it to the people who need access."
            if package
            else "Send it to the people who need access. Create an access package first.",
            "package_detail" if package else "package_list",
            package,
            bool(counts["requests"]),
        ),
    )
    following = next((step for step in steps if not step.is_done), None)
    return tuple(replace(step, is_next=step is following) for step in steps) if following else ()


def _possibilities(actor: Actor) -> Iterator[Possibility]:
    for page, permission, name, sentence in _POSSIBILITIES:
        if actor.may(permission):
            yield Possibility(name, sentence, page)


def _approvals(waiting: Counted) -> Iterator[Task]:
    if waiting:
        one, many = "request is waiting for your decision", "requests are waiting for your decision"
        yield Task(waiting, plural(waiting, one, many), "approval_list")


def _tasks(counts: dict[str, Counted], actor: Actor) -> Iterator[Task]:
    if not counts["own domains"] and actor.may("change_ownname"):
        yield Task(
            Counted(0),
            "You have not added your own domains yet, so a partner could be connected with one.",
            "own_names",
        )
    if not counts["workers"] and actor.may("view_mail"):
        yield Task(Counted(0), WORKER_IS_SILENT, "mail_list")
    for name, permission, one, many, page, query in _WAITING:
        if counts[name] and actor.may(permission):
            yield Task(counts[name], plural(counts[name], one, many), page, query)


# Count, permission to do something about it, sentence for one, for more, and where it is done.
_WAITING = (
    (
        "proposed",
        "change_organization",
        "proposed organization is waiting for a decision",
        "proposed organizations are waiting for a decision",
        "organization_inbox",
        "",
    ),
    (
        "unsponsored",
        "change_organization",
        "connected organization has no sponsor",
        "connected organizations have no sponsor",
        "organization_list",
        "?sponsors=none",
    ),
    (
        "on hold",
        "change_assignment",
        "request is on hold and waits until you resume or cancel it",
        "requests are on hold and wait until you resume or cancel them",
        "request_list",
        "?view=on_hold",
    ),
    (
        "failed",
        "change_assignment",
        "approved request could not be set up",
        "approved requests could not be set up",
        "request_list",
        "?view=failed",
    ),
    (
        "ending",
        "change_assignment",
        f"assignment ends within {SOON.days} days",
        f"assignments end within {SOON.days} days",
        "assignment_list",
        "?view=ending",
    ),
    (
        "failed mail",
        "view_mail",
        "email could not be delivered",
        "emails could not be delivered",
        "mail_list",
        "?state=failed",
    ),
)


def _people(counts: dict[str, Counted], actor: Actor) -> Iterator[Number]:
    """Yield how many people there are, for those who may not see who has access."""
    if actor.may("view_person") and not actor.may("view_accessrequest"):
        for kind, one in (("guest", "Guest"), ("member", "Member")):
            number = counts[f"{kind}s"]
            yield Number(number, plural(number, one), "person_list", f"?kind={kind}")
