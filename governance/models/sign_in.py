"""Who may do what at sign-in and after: permissions come from roles alone."""

from __future__ import annotations

from django.contrib.auth.models import Permission

from ..connectors.django_allauth import EmailAndPasswordBackend
from ..rules.email_domains import address_of_account
from ..rules.roles import ROLES_BY_PERMISSION, permissions_of


class RoleBackend(EmailAndPasswordBackend):
    """Signs in by e-mail and password; a person's permissions are those of their roles, never of
    the user row.
    """

    def canonical_address(self, typed):
        return address_of_account(typed)

    def _get_user_permissions(self, user_obj):
        return Permission.objects.none()

    def get_all_permissions(self, user_obj, obj=None):
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        return {
            f"governance.{name}" for role in user_obj.role_names for name in permissions_of(role)
        }

    def has_perm(self, user_obj, perm, obj=None):
        return perm in self.get_all_permissions(user_obj, obj)


def unknown_permissions() -> set[str]:
    """Permissions of the role table that no row of the database stands for (a test asserts none)."""
    known = Permission.objects.filter(content_type__app_label="governance").values_list(
        "codename", flat=True
    )
    return set(ROLES_BY_PERMISSION) - set(known)
