"""What every page behind the sign-in asks first: who is permitted, and who it is that acts."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ..actions.refusals import record_not_permitted
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


def _put_on_record(request: SignedInRequest, permission: str | None) -> None:
    if request.method not in ("GET", "HEAD"):
        record_not_permitted(
            path=request.path, permission=permission, by=actor_of(request), at=timezone.now()
        )
