"""What every page behind the sign-in asks first: who is permitted, and who it is that acts."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ..actions.refusals import record_not_permitted
from ..facts.access_packages.reach import with_policies
from ..facts.catalogs import manages_package, packages_managed_by
from ..models import Package
from ..rules.roles import ROLES_BY_PERMISSION, Actor
from .portal_request import SignedInRequest


class NotPermitted(PermissionDenied):
    """Answered by the 403 page, which names the roles that may; None: nobody may."""

    def __init__(self, permission: str | None):
        super().__init__(permission)
        self.permission = permission


def actor_of(request: SignedInRequest) -> Actor:
    """The signed-in person as the audit log and the rules know them, with the roles held at this
    moment.
    """
    person = request.user
    return Actor(
        person.pk,
        str(person),
        person.role_names,
        getattr(request, "actor_ip", ""),
        getattr(request, "request_id", ""),
    )


def needs(permission: str | None, *, methods: tuple[str, ...] = ("GET",)) -> Callable:
    """Open a page to people who hold `permission` (None: everyone signed in), by these methods.

    Strangers do not come this far (middleware.py). Others get 403, and an attempt to change
    something is put on record.
    """
    assert permission is None or permission in ROLES_BY_PERMISSION, permission

    def decorate(view):
        @wraps(view)
        def run(request, *args, **kwargs):
            if permission:
                require_permission(request, permission)
            return view(request, *args, **kwargs)

        permitted = require_http_methods([*methods, *(("HEAD",) if "GET" in methods else ())])(run)
        permitted.needs, permitted.methods = permission, methods
        return permitted

    return decorate


def require_permission(request: SignedInRequest, permission: str | None) -> None:
    """For pages where what is needed depends on whom they are about. None: nobody may."""
    if permission is None or not request.user.has_perm(f"governance.{permission}"):
        _put_on_record(request, permission)
        raise NotPermitted(permission)


def package_for(
    request: SignedInRequest,
    key: UUID,
    permission: str,
    rows: QuerySet[Package] | None = None,
) -> Package:
    """Return the package of a page that needs `permission`, which managers of its catalog have for
    it too; it is read with its policies and with what `rows` add.

    Raises NotPermitted, and Http404 to those who may see that it is not there.
    """
    packages = Package.objects.all() if rows is None else rows
    found = with_policies(packages.select_related("catalog")).filter(uuid=key)
    package = found.first()
    require_package_permission(request, package, permission)
    if package is None:
        raise Http404
    return package


def require_package_permission(
    request: SignedInRequest, package: Package | None, permission: str
) -> None:
    """Ask for the permission, of everyone but the managers of the package's catalog."""
    if not may_with_package(request, package, permission):
        require_permission(request, permission)


def may_with_package(request: SignedInRequest, package: Package | None, permission: str) -> bool:
    """Return whether the viewer has the permission for this package, by a role or as a manager."""
    if request.user.has_perm(f"governance.{permission}"):
        return True
    return package is not None and manages_package(request.user.pk, package.pk)


def packages_seen_by(request: SignedInRequest) -> QuerySet[Package]:
    """Return the packages that the viewer may see: all of them by a role, else those they manage.

    Raises NotPermitted for whoever manages none.
    """
    if request.user.has_perm("governance.view_package"):
        return Package.objects.all()
    if not getattr(request.user, "manages_catalogs", False):
        require_permission(request, "view_package")
    return packages_managed_by(request.user.pk)


def _put_on_record(request: SignedInRequest, permission: str | None) -> None:
    if request.method not in ("GET", "HEAD"):
        record_not_permitted(
            path=request.path, permission=permission, by=actor_of(request), at=timezone.now()
        )
