"""Roles on the admin site, to read. rules/roles.py says what each can do; a person's page grants
them.
"""

from __future__ import annotations

from django.contrib.admin import display, register
from django.contrib.auth.models import Group

from ..rules.roles import permissions_of
from .records import RecordAdmin
from .site import site

# What the codenames of rules/roles.py mean; a test keeps the two in step.
WORDS = {
    "view_organization": "see connected organizations",
    "view_person": "see people",
    "add_organization": "add connected organizations",
    "invite_guest": "invite guests",
    "change_organization": "change connected organizations",
    "delete_organization": "delete and restore connected organizations",
    "block_guest": "change, block and remove guests",
    "view_package": "see access packages",
    "view_policy": "see policies",
    "view_listrule": "see the allow and deny list",
    "view_accessrequest": "see requests and who has access",
    "change_assignment": "assign and end access, and cancel, resume and retry requests",
    "give_voucher": "give vouchers",
    "view_auditevent": "read the audit log",
    "use_what_if": "use the what-if checker",
    "change_package": "change access packages and policies",
    "change_list": "change the allow and deny list",
    "change_ownname": "change your domains",
    "change_knowndirectory": "change known directories",
    "add_member": "add members",
    "block_member": "change and block members",
    "grant_role": "grant roles",
    "view_mail": "read mail",
    "change_settings": "change settings and remove demo data",
}


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
        held = permissions_of(group.name)
        return ", ".join(words for name, words in WORDS.items() if name in held)

    @display(description="held by")
    def holders(self, group) -> str:
        return ", ".join(sorted(str(person) for person in group.user_set.all())) or "Nobody"
