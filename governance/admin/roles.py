"""Roles on the admin site, to read. rules/roles.py says what each can do; a person's page grants them."""

from __future__ import annotations

from django.contrib.admin import display, register
from django.contrib.auth.models import Group

from ..rules.roles import permissions_of
from .door import site
from .records import RecordAdmin


@register(Group, site=site)
class RoleAdmin(RecordAdmin):
    needs_view = "view_person"
    kind = "role"
    fields = ["name", "may", "holders"]
    readonly_fields = ["may", "holders"]
    list_display = ["name", "holders"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("user_set")

    @display(description="can")
    def may(self, group) -> str:
        return ", ".join(sorted(name.replace("_", " ") for name in permissions_of(group.name)))

    @display(description="held by")
    def holders(self, group) -> str:
        return ", ".join(sorted(str(person) for person in group.user_set.all())) or "nobody"
