"""Who may do what at sign-in and after: permissions come from roles alone."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission

from ..rules.email_domains import address_of_account
from ..rules.roles import permissions_of


class RoleBackend(AuthenticationBackend):
    """Signs in by e-mail and password; a person's permissions are those of their roles, never of
    the user row.
    """

    def _authenticate_by_email(self, email, password):
        return super()._authenticate_by_email(address_of_account(email), password)

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
