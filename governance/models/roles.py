"""Roles as Django permission groups, rebuilt from the one table in rules/roles.py after every
migration.
"""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models

from ..rules.roles import ROLES, ROLES_BY_PERMISSION, permissions_of


class Portal(models.Model):
    """No table: the content type on which the portal's own permissions hang."""

    class Meta:
        managed = False
        default_permissions = ()


def install_roles(**_) -> None:
    """Make the groups and their permissions what the table says. Idempotent; runs after migrate."""
    permissions = {name: _permission(name) for name in ROLES_BY_PERMISSION}
    for role in ROLES:
        group, _created = Group.objects.get_or_create(name=role)
        group.permissions.set([permissions[name] for name in permissions_of(role)])


def _permission(codename: str) -> Permission:
    known = Permission.objects.filter(
        content_type__app_label="governance", codename=codename
    ).first()
    if known:
        return known
    content_type, _created = ContentType.objects.get_or_create(
        app_label="governance", model="portal"
    )  # past the cache, which a flush leaves stale
    return Permission.objects.create(
        content_type=content_type, codename=codename, name=f"Can {codename.replace('_', ' ')}"
    )
