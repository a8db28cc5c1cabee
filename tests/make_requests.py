"""Builders of requests and access, by the actions of the product itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from governance.actions.access_requests import (
    assigning,
    decisions,
    deputies,
    fulfilment,
    submission,
)
from governance.actions.access_requests.submission import NewRequest
from governance.models import (
    AccessGroup,
    AccessRequest,
    Assignment,
    Deputy,
    Package,
    Person,
    Policy,
    Resource,
    Webhook,
)
from governance.rules.access_packages.stages import (
    EXTERNAL_SPONSORS,
    INTERNAL_SPONSORS,
    NAMED_PEOPLE,
    Stage,
    stages_to_json,
)
from governance.rules.names import name_key
from governance.rules.roles import SYSTEM, Actor
from tests.make import NOON, actor


def group(name: str = "Drawings readers", at: datetime = NOON) -> AccessGroup:
    by = {"created_by": "System", "changed_by": "System", "created_at": at, "changed_at": at}
    return AccessGroup.objects.create(name=name, name_key=name_key(name), **by)


def resource(package: Package, row: AccessGroup, at: datetime = NOON) -> Resource:
    return Resource.objects.create(
        package=package, kind="group", group=row, added_at=at, added_by="System"
    )


def webhook(name: str, url: str, at: datetime = NOON) -> Webhook:
    by = {"created_by": "System", "changed_by": "System", "created_at": at, "changed_at": at}
    return Webhook.objects.create(
        name=name, name_key=name_key(name), url=url, secret="a secret of a test", **by
    )


def external_then_internal(fallback: Person, **more) -> list[dict]:
    """Two stages, as they are stored: external sponsors first, then internal ones."""
    keys = (str(fallback.uuid),)
    return stages_to_json(
        [
            Stage(EXTERNAL_SPONSORS, fallback=keys, **more),
            Stage(INTERNAL_SPONSORS, fallback=keys, **more),
        ]
    )


def named_stage(*people: Person, **more) -> list[dict]:
    """One stage in which these people decide, as it is stored."""
    return stages_to_json([Stage(NAMED_PEOPLE, tuple(str(each.uuid) for each in people), **more)])


def with_stages(policy: Policy, stages: list[dict], **more) -> Policy:
    for name, value in {"stages": stages, **more}.items():
        setattr(policy, name, value)
    policy.save()
    return policy


def visitor(email: str) -> Actor:
    """Somebody who proved the address and may have no account."""
    person = Person.objects.filter(email=email).first()
    return actor(person) if person else Actor(None, email)


def request(
    package: Package, email: str = "bob@eng.fabrikam.example", *, at: datetime = NOON, **more
) -> AccessRequest:
    new = NewRequest(email, **{"reason": "Project Falcon"} | more)
    return submission.submit(package=package, new=new, by=visitor(email), at=at)


def approve(row: AccessRequest, person: Person, *, at: datetime = NOON) -> AccessRequest:
    return decisions.approve(request=row, reason="", by=actor(person), at=at)


def deputy(person: Person, other: Person, *, days: int = 10, at: datetime | None = None) -> Deputy:
    """`other` decides for the person, from now on."""
    at = at or timezone.now()
    last_day = (at + timedelta(days=days)).date()
    return deputies.add_deputy(
        person=person, deputy=other, last_day=last_day, by=actor(person), at=at
    )


def started(row: AccessRequest, *, at: datetime) -> AccessRequest:
    return fulfilment.start(request=row, by=SYSTEM, at=at)


def access(
    package: Package,
    email: str = "bob@eng.fabrikam.example",
    *,
    last_day=None,
    at: datetime = NOON,
) -> Assignment:
    """Access that an administrator gave, set up at once."""
    row = assigning.assign(
        package=package, email=email, reason="Starts today", last_day=last_day, by=SYSTEM, at=at
    )
    fulfilment.start(request=row, by=SYSTEM, at=at)
    return Assignment.objects.get(request=row)
