"""Where a delivery to a webhook leaves the portal."""

from __future__ import annotations

from datetime import datetime

from ...connectors import webhooks
from ...models import Delivery, Organization
from .failures import DeliveryFailed

EVENTS = {
    Delivery.Operation.GRANT.value: "access.granted",
    Delivery.Operation.REVOKE.value: "access.revoked",
}


def send_webhook(delivery: Delivery, at: datetime) -> None:
    """Send the delivery to its webhook, signed. Raises DeliveryFailed unless it was accepted."""
    webhook = delivery.resource.webhook
    if webhook is None:
        raise DeliveryFailed("The resource has no webhook")
    event, body = EVENTS[delivery.operation], _body(delivery)
    try:
        webhooks.send(webhook.url, webhook.secret, delivery.uuid, event, body, at)
    except webhooks.DeliveryFailed as problem:
        raise DeliveryFailed(problem.reason) from None


def _body(delivery: Delivery) -> dict[str, object]:
    """Return what is told: who gets or loses which access package, and for how long."""
    assignment = delivery.assignment
    person, package = assignment.person, assignment.package
    return {
        "created_at": delivery.created_at.isoformat(),
        "person": {"id": str(person.uuid), "email": person.email, "name": person.name},
        "organization": _organization(assignment.organization),
        "access_package": {"id": str(package.uuid), "name": package.name},
        "assignment": {
            "id": str(assignment.uuid),
            "starts_at": assignment.starts_at.isoformat(),
            "ends_at": assignment.ends_at.isoformat() if assignment.ends_at else None,
        },
    }


def _organization(row: Organization | None) -> dict[str, str] | None:
    return {"id": str(row.uuid), "name": row.name} if row else None
