"""What the managers of a catalog may do without a role: change what is in their catalog.

Each is given to an action as `allows`, and called with the action's keywords where the actor lacks
the permission.
"""

from __future__ import annotations

from ...facts.catalogs import manages_catalog, manages_package, resources_of_catalog
from ...models import AccessGroup, Catalog, Package, Policy, Resource, Webhook
from ...rules.decision import refuse
from ...rules.roles import Actor


def manages_its_catalog(
    *, by: Actor, package: Package | None = None, row: Policy | Resource | None = None, **_: object
) -> bool:
    """Return whether the actor manages the catalog of the package, or of the row's package."""
    if package is not None:
        return manages_package(by.person_id, package.pk)
    return row is not None and manages_package(by.person_id, row.package_id)


def manages_that_catalog(*, by: Actor, catalog: Catalog | None = None, **_: object) -> bool:
    """Return whether the actor manages the catalog that is given. Nobody manages General."""
    return catalog is not None and manages_catalog(by.person_id, catalog.pk)


def require_resource_of_catalog(
    package: Package, group: AccessGroup | None, webhook: Webhook | None, by: Actor
) -> None:
    """Raise Refused where a manager without a role gives what is not in their catalog already.

    Otherwise who manages one catalog could let themselves into any group of the portal.
    """
    if by.may("change_package") or package.catalog_id is None:
        return
    wanted = {"group": group} if group else {"webhook": webhook}
    if not resources_of_catalog(package.catalog_id).filter(**wanted).exists():
        text = (
            f"{group or webhook} is not a resource of the catalog {package.catalog}."
            " Ask a User administrator to add it to one of its packages first"
        )
        raise refuse("resource_of_others", text, field="resource")
