"""Creating an access package with its resources and its first policy, once per draft."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid4

from ...facts.catalogs import catalogs_managed_by
from ...impact import impact_of
from ...impact.access_packages import adding_package
from ...models import AccessGroup, Catalog, Package, PackageDraft, Webhook
from ...rules.access_packages.new_packages import NewPackage, answers_fingerprint, known_resources
from ...rules.decision import Refused, refuse
from ...rules.roles import Actor
from ...rules.values import known_id
from ..action import action, named
from ..confirmation import confirmed_as_a_whole, require_confirmation
from .packages import create_package, free_package_name, name_taken
from .policies import create_policy
from .resources import add_resource

Target = TypeVar("Target", AccessGroup, Webhook)


def _manages_it(*, new: NewPackage, by: Actor, **_: object) -> bool:
    """A manager creates packages in their own catalogs."""
    if new.catalog is None:
        return False
    return catalogs_managed_by(by.person_id).filter(uuid=new.catalog).exists()


def _lost_race(*, new: NewPackage, **_: object) -> Refused | None:
    return name_taken(name=new.name)


@action(
    "Create access package",
    needs="change_package",
    allows=_manages_it,
    lost_race=_lost_race,
    about=lambda *, new, **_: named("package", new.name),
)
def create_whole_package(*, new: NewPackage, by: Actor, at: datetime) -> Package:
    """Create the package of a draft with all its parts, or none of them.

    A draft that was created from before answers the same package. Raises Refused for whatever one
    of the parts is refused for, and ConfirmationRequired until Review was seen as it is now.
    """
    draft = _locked_draft(new, by)
    if draft and draft.created:
        return draft.created
    known_resources(new)
    free_package_name(new.name)
    catalog = _catalog(new.catalog)
    targets: list[AccessGroup | Webhook] = [*_groups(new), *_webhooks(new)]
    change = adding_package(new.draft or uuid4(), new.name, new.is_open, new.policy)
    answers = answers_fingerprint(new)
    with confirmed_as_a_whole():
        package = _create(new, catalog, targets, by, at)
    require_confirmation(impact_of(change, at), new.seen, by=by, answers=answers)
    if draft:
        draft.created = package
        draft.save(update_fields=["created"])
    return package


def _create(
    new: NewPackage,
    catalog: Catalog | None,
    targets: list[AccessGroup | Webhook],
    by: Actor,
    at: datetime,
) -> Package:
    package = create_package(
        name=new.name,
        description=new.description,
        is_listed=new.is_listed,
        is_open=new.is_open,
        catalog=catalog,
        by=by,
        at=at,
    )
    for target in targets:
        group = target if isinstance(target, AccessGroup) else None
        webhook = target if isinstance(target, Webhook) else None
        add_resource(package=package, group=group, webhook=webhook, by=by, at=at)
    if new.policy:
        create_policy(package=package, policy=new.policy, by=by, at=at)
    return package


def _locked_draft(new: NewPackage, by: Actor) -> PackageDraft | None:
    """Return the draft, held until the transaction ends, so that two presses create one package."""
    if new.draft is None:
        return None
    key = known_id(new.draft, field="draft")
    draft = PackageDraft.objects.select_for_update().filter(uuid=key).first()
    if draft and draft.author_id != by.person_id:
        raise refuse("draft_not_yours", "This draft is someone else’s")
    return draft


def _catalog(key: UUID | None) -> Catalog | None:
    if key is None:
        return None
    catalog = Catalog.objects.filter(uuid=known_id(key, field="catalog")).first()
    if catalog is None:
        text = "This catalog has been removed. Choose another one"
        raise refuse("catalog_gone", text, field="catalog")
    return catalog


def _groups(new: NewPackage) -> Iterator[AccessGroup]:
    rows = AccessGroup.objects.in_bulk(list(new.groups), field_name="uuid")
    yield from (_present(rows.get(key), "groups") for key in dict.fromkeys(new.groups))


def _webhooks(new: NewPackage) -> Iterator[Webhook]:
    rows = Webhook.objects.in_bulk(list(new.webhooks), field_name="uuid")
    yield from (_present(rows.get(key), "webhooks") for key in dict.fromkeys(new.webhooks))


def _present(row: Target | None, field: str) -> Target:
    if row is None:
        text = "A resource that you chose has been removed. Choose again"
        raise refuse("resource_gone", text, field=field)
    return row
