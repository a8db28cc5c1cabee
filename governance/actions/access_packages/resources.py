"""What an access package gives access to: adding groups and webhooks, and taking them out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypedDict

from django.db.models import Q

from ...facts.resources.usage import check, describe
from ...impact.resources import adding_resource, removing_resource
from ...models import AccessGroup, Assignment, Delivery, Package, Resource, Webhook
from ...rules.access_requests.deliveries import CANCELLED, GRANT, REVOKE
from ...rules.decision import Refused, refuse
from ...rules.resources import GROUP, WEBHOOK
from ...rules.roles import Actor
from ..action import action
from ..audit import record
from ..confirmation import require_confirmation
from ..locks import lock_package, lock_row
from .managing import manages_its_catalog, require_resource_of_catalog

_AT_ONCE = 1_000


class _Target(TypedDict):
    kind: str
    group: AccessGroup | None
    webhook: Webhook | None


def _there_already(
    *,
    package: Package,
    group: AccessGroup | None = None,
    webhook: Webhook | None = None,
    **_: object,
) -> Refused | None:
    """The group or webhook that the package has already."""
    present = Resource.objects.filter(package=package, removed_at__isnull=True)
    wanted = Q(group=group) if group else Q(webhook=webhook)
    if not present.filter(wanted).exists():
        return None
    text = f"{package.name} already gives access to {group or webhook}"
    return refuse("resource_already", text, field="resource")


@action(
    "Add resource to access package",
    needs="change_package",
    allows=manages_its_catalog,
    lost_race=_there_already,
)
def add_resource(
    *,
    package: Package,
    group: AccessGroup | None = None,
    webhook: Webhook | None = None,
    by: Actor,
    at: datetime,
    seen: str | None = None,
) -> Resource:
    """Let the package give access to a group or to a webhook, one of the two.

    Whoever has the package now gets access to it too. Raises Refused when it is there already.
    """
    package = lock_package(package)
    target = _present(group, webhook)
    require_resource_of_catalog(package, target["group"], target["webhook"], by)
    if refusal := _there_already(package=package, group=target["group"], webhook=target["webhook"]):
        raise refusal
    row = Resource(package=package, **target, added_at=at, added_by=by.label)
    if reason := check(row):
        raise refuse(reason.code, reason.text, field="resource")
    require_confirmation(adding_resource(row, at), seen, by=by)
    row.save(force_insert=True)
    Delivery.objects.bulk_create(_grants(row, at), batch_size=_AT_ONCE)
    record(add_resource.activity, by=by, at=at, target=package, after=_snapshot(row))
    return row


@action(
    "Remove resource from access package",
    needs="change_package",
    allows=manages_its_catalog,
)
def remove_resource(*, row: Resource, by: Actor, at: datetime, seen: str | None = None) -> None:
    """Take a resource out of its package. Whoever has the package loses access to it.

    The row stays for what was delivered.
    """
    package = lock_package(row.package)
    row = lock_row(row, "resource_gone")
    if row.removed_at is not None:
        raise refuse("resource_gone", f"{row} has been removed from {package.name}")
    require_confirmation(removing_resource(row, at), seen, by=by)
    row.removed_at = at
    row.save(update_fields=["removed_at"])
    Delivery.objects.bulk_create(_revokes(row, at), batch_size=_AT_ONCE)
    record(remove_resource.activity, by=by, at=at, target=package, before=_snapshot(row))


def _present(group: AccessGroup | None, webhook: Webhook | None) -> _Target:
    """Return the columns of a resource, with the group or webhook as it is now."""
    if (group is None) == (webhook is None):
        raise refuse("resource_missing", "Choose a group or a webhook", field="resource")
    if group:
        return {"kind": GROUP, "group": lock_row(group, "group_gone"), "webhook": None}
    assert webhook is not None
    return {"kind": WEBHOOK, "group": None, "webhook": lock_row(webhook, "webhook_gone")}


def _grants(row: Resource, at: datetime) -> Iterator[Delivery]:
    """Yield a delivery for each access to the package that is not over."""
    present = Assignment.objects.filter(package_id=row.package_id).present()
    having = present.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))
    for key in having.order_by("pk").values_list("pk", flat=True).iterator(_AT_ONCE):
        yield _delivery(row, key, GRANT, at)


def _revokes(row: Resource, at: datetime) -> Iterator[Delivery]:
    """Yield a delivery for each access that was given at the resource, or may be at this moment.

    What the worker has not given yet it does not give any more: the resource is taken out.
    """
    given = row.deliveries.filter(operation=GRANT).exclude(state=CANCELLED)
    taken = row.deliveries.filter(operation=REVOKE)
    open_ = given.exclude(assignment__in=taken.values("assignment"))
    keys = open_.order_by("pk").values_list("assignment", flat=True)
    for key in keys.iterator(_AT_ONCE):
        yield _delivery(row, key, REVOKE, at)


def _delivery(row: Resource, assignment: int, operation: str, at: datetime) -> Delivery:
    return Delivery(
        assignment_id=assignment, resource=row, operation=operation, due_at=at, created_at=at
    )


def _snapshot(row: Resource) -> dict[str, object]:
    return {"resource": describe(row)}
