"""The groups and webhooks that a package could give access to besides those it has."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from ...facts.catalogs import resources_of_catalog
from ...models import AccessGroup, Package, Webhook
from ...rules.names import name_key

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Choices:
    """Twenty of each kind that match, by name."""

    text: str
    groups: tuple[AccessGroup, ...]
    webhooks: tuple[Webhook, ...]

    def __bool__(self) -> bool:
        return bool(self.groups or self.webhooks)


def resource_choices(text: str, package: Package, *, may_choose_all: bool) -> Choices:
    """Return what is not in the package yet. Managers of a catalog, who may not choose all, are
    offered what is in another package of the catalog. Two statements.
    """
    here = Q(resources__package=package, resources__removed_at__isnull=True)
    groups, webhooks = _choices(text)
    groups, webhooks = (
        groups.exclude(pk__in=_having(AccessGroup, here)),
        webhooks.exclude(pk__in=_having(Webhook, here)),
    )
    if not may_choose_all and package.catalog_id:
        theirs = resources_of_catalog(package.catalog_id)
        groups = groups.filter(resources__in=theirs).distinct()
        webhooks = webhooks.filter(resources__in=theirs).distinct()
    return Choices(text, tuple(groups[:_SHOWN]), tuple(webhooks[:_SHOWN]))


def _choices(text: str) -> tuple[QuerySet[AccessGroup], QuerySet[Webhook]]:
    groups = AccessGroup.objects.order_by("name_key")
    webhooks = Webhook.objects.defer("secret").order_by("name_key")
    if not text:
        return groups, webhooks
    matching = Q(name_key__contains=name_key(text))
    return groups.filter(matching), webhooks.filter(matching)


def _having(model, condition: Q) -> QuerySet:
    return model.objects.filter(condition).values("pk")
