"""What the first page tells: what waits for somebody, the plain numbers, the latest events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..models import AuditEvent, ListRule, Mail, Organization, OwnName, Package, Person
from ..rules.roles import GLOBAL_ADMINISTRATOR, Actor
from .one_statement import Counted, ask
from .organization_filters import without_sponsors

EVENTS_SHOWN = 10
HELPERS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits. `page` is the name of the page where it is done, `query` what follows its path."""

    count: Counted
    sentence: str
    page: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    count: Counted
    label: str
    page: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    tasks: tuple[Task, ...]
    numbers: tuple[Number, ...]
    events: tuple[AuditEvent, ...]
    is_new: bool
    has_packages: bool


def overview_for(actor: Actor, at: datetime) -> Overview:
    """Two statements; what the actor may not see is not asked for."""
    counts, _none = ask(_counted(at), {})
    events = (
        AuditEvent.objects.order_by("-id")[:EVENTS_SHOWN] if actor.may("view_auditevent") else ()
    )
    return Overview(
        tasks=tuple(_tasks(counts, actor)),
        numbers=tuple(_numbers(counts, actor)),
        events=tuple(events),
        is_new=not counts["configured"] and not counts["proposed"],
        has_packages=bool(counts["packages"]),
    )


def who_can_help() -> list[Person]:
    """Active Global administrators, for somebody who may do nothing yet."""
    return list(
        Person.objects.holding(GLOBAL_ADMINISTRATOR)
        .members()
        .active()
        .order_by("name_key", "id")[:HELPERS_SHOWN]
    )


def _counted(at: datetime) -> dict:
    present, people = (
        Organization.objects.present(),
        Person.objects.exclude(state=Person.State.REMOVED),
    )
    return {
        "configured": present.filter(state=Organization.State.CONFIGURED),
        "proposed": present.filter(state=Organization.State.PROPOSED),
        "unsponsored": without_sponsors(at),
        "guests": people.guests(),
        "members": people.members(),
        "packages": Package.objects.all(),
        "rules": ListRule.objects.all(),
        "own names": OwnName.objects.all(),
        "failed mail": Mail.objects.filter(state=Mail.State.FAILED),
    }


def _tasks(counts: dict[str, int], actor: Actor):
    if not counts["own names"] and actor.may("change_ownname"):
        yield Task(
            Counted(0),
            "None of your own names is known yet, so a partner could claim your own domain.",
            "own_names",
        )
    if counts["proposed"] and actor.may("change_organization"):
        yield Task(
            counts["proposed"],
            _plural(
                counts["proposed"],
                "proposed organization waits for a decision",
                "proposed organizations wait for a decision",
            ),
            "organization_list",
            "?view=proposed",
        )
    if counts["unsponsored"] and actor.may("change_organization"):
        yield Task(
            counts["unsponsored"],
            _plural(
                counts["unsponsored"],
                "organization has no sponsor",
                "organizations have no sponsor",
            ),
            "organization_list",
            "?sponsors=none",
        )
    if counts["failed mail"] and actor.may("view_mail"):
        yield Task(
            counts["failed mail"],
            _plural(
                counts["failed mail"], "mail could not be delivered", "mails could not be delivered"
            ),
            "mail_list",
            "?state=failed",
        )


def _numbers(counts: dict[str, int], actor: Actor):
    yield Number(
        counts["configured"], "Configured organizations", "organization_list", "?view=configured"
    )
    yield Number(counts["guests"], "Guests", "person_list", "?kind=guest")
    yield Number(counts["members"], "Members", "person_list", "?kind=member")
    if actor.may("view_package"):
        yield Number(counts["packages"], "Access packages", "package_list")
    if actor.may("view_listrule"):
        yield Number(counts["rules"], "Rules on the allow and deny list", "domain_list")


def _plural(count: Counted, one: str, many: str) -> str:
    return one if count == Counted(1) else many
