"""Where a group or webhook is used, and whether it can still be sent to."""

from __future__ import annotations

from django.db.models import QuerySet

from ...models import AccessGroup, Delivery, Package, Resource, Webhook
from ...rules.decision import Reason, Refused
from ...rules.resources import in_use, resource_words
from ...rules.webhooks import known_webhook_url

Target = AccessGroup | Webhook


def resources_at(target: Target) -> QuerySet[Resource]:
    """Return the resources of packages that are this group or webhook, taken out or not."""
    kind = "group" if isinstance(target, AccessGroup) else "webhook"
    return Resource.objects.filter(**{kind: target})


def packages_with(target: Target) -> QuerySet[Package]:
    """Return the packages that give access to it now, by name."""
    present = resources_at(target).filter(removed_at__isnull=True)
    return Package.objects.filter(resources__in=present).order_by("name_key")


def why_not_removable(target: Target) -> Refused | None:
    """Return why the group or webhook cannot be removed now; None when it can."""
    packages = list(packages_with(target).values_list("name", flat=True))
    was_delivered = Delivery.objects.filter(resource__in=resources_at(target)).exists()
    return in_use(target.name, packages, was_delivered=was_delivered)


def describe(resource: Resource) -> str:
    """Return what the resource is within a sentence, such as "the group CAD readers"."""
    return resource_words(resource.kind, str(resource))


def check(resource: Resource) -> Reason | None:
    """Return why nobody can be given access at the resource now; None when they can."""
    if resource.webhook is None:
        return None
    try:
        known_webhook_url(resource.webhook.url)
    except Refused as refusal:
        return refusal.reasons[0]
    return None
