"""Who may do what at sign-in and after: permissions come from roles alone."""

from __future__ import annotations

from functools import cache

from django.contrib.auth.models import Permission
from django.db.models import QuerySet

from ..connectors.django_allauth import EmailAndPasswordBackend
from ..db.kept_statements import Varying, instances
from ..rules.email_domains import address_of_account
from ..rules.roles import permissions_together
from .people import Person


class RoleBackend(EmailAndPasswordBackend):
    """Signs in by e-mail and password; a person's permissions are those of their roles, never of
    the user row.
    """

    def canonical_address(self, typed):
        return address_of_account(typed)

    def get_user(self, user_id: int) -> Person | None:
        """Return the viewer of a page with what every page asks about them. One statement."""
        for person in instances(Person, "viewer", _viewer, {"id": user_id}):
            return person if self.user_can_authenticate(person) else None
        return None

    def _get_user_permissions(self, user_obj):
        return Permission.objects.none()

    def get_all_permissions(self, user_obj, obj=None):
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return frozenset()
        return _permissions(user_obj.role_names)

    def has_perm(self, user_obj, perm, obj=None):
        return perm in self.get_all_permissions(user_obj, obj)


def _viewer() -> QuerySet[Person]:
    return Person.objects.with_page_facts().filter(pk=Varying("id", None, Person._meta.pk))


@cache
def _permissions(roles: frozenset[str]) -> frozenset[str]:
    """As Django writes them."""
    return frozenset(f"governance.{name}" for name in permissions_together(roles))
