"""Builders of what packages give access to, and of access that somebody has."""

from __future__ import annotations

from datetime import datetime

from governance.actions import catalogs
from governance.actions.access_packages.resources import add_resource
from governance.actions.resources import groups, webhooks
from governance.models import (
    AccessGroup,
    AccessRequest,
    Assignment,
    Catalog,
    Delivery,
    GroupMember,
    Package,
    Person,
    Resource,
    Webhook,
)
from governance.rules.roles import SYSTEM
from tests.confirmed import confirmed
from tests.make import NOON

ACTING = {"by": SYSTEM, "at": NOON}


def group(name: str = "CAD readers", description: str = "") -> AccessGroup:
    return groups.create_group(name=name, description=description, **ACTING)


def webhook(name: str = "Door system", url: str = "https://doors.example/hook") -> Webhook:
    return webhooks.create_webhook(name=name, url=url, **ACTING).webhook


def catalog(name: str = "Engineering", *managers: Person) -> Catalog:
    keys = [person.uuid for person in managers]
    return catalogs.create_catalog(name=name, description="", managers=keys, **ACTING)


def resource(package: Package, target: AccessGroup | Webhook) -> Resource:
    kind = "group" if isinstance(target, AccessGroup) else "webhook"
    return confirmed(add_resource, package=package, **{kind: target}, **ACTING)


def member(group: AccessGroup, person: Person) -> GroupMember:
    return groups.add_group_member(group=group, person=person, **ACTING)


def access(
    package: Package,
    person: Person,
    *,
    starts_at: datetime = NOON,
    ends_at: datetime | None = None,
    state: str = "delivered",
) -> Assignment:
    """Access that somebody has by a request that was delivered; nothing is delivered yet."""
    request = AccessRequest.objects.create(
        package=package,
        requester=person,
        organization=person.organization,
        email=person.email,
        mailbox=person.mailbox,
        state=state,
        submitted_at=starts_at,
        stage_began_at=starts_at,
        changed_at=starts_at,
    )
    return Assignment.objects.create(
        package=package,
        person=person,
        mailbox=person.mailbox,
        organization=person.organization,
        request=request,
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=starts_at,
    )


def delivery(
    access: Assignment, resource: Resource, operation: str = "grant", state: str = "waiting"
) -> Delivery:
    return Delivery.objects.create(
        assignment=access,
        resource=resource,
        operation=operation,
        state=state,
        due_at=NOON,
        created_at=NOON,
    )
