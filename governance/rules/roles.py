"""What each role may do: the one table that the groups in the database, the pages and the actions
are kept in step with (product rule 43).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from .decision import refuse
from .values import known_list

GLOBAL_ADMINISTRATOR = "Global administrator"
USER_ADMINISTRATOR = "User administrator"
GUEST_INVITER = "Guest inviter"
READER = "Reader"
ROLES = (GLOBAL_ADMINISTRATOR, USER_ADMINISTRATOR, GUEST_INVITER, READER)

_EVERY_ROLE = frozenset(ROLES)
_ADMINISTRATORS = frozenset({GLOBAL_ADMINISTRATOR, USER_ADMINISTRATOR})
_INVITERS = _ADMINISTRATORS | {GUEST_INVITER}
_READERS = _ADMINISTRATORS | {READER}
_GLOBAL = frozenset({GLOBAL_ADMINISTRATOR})

# Permission -> the roles that hold it.
# Codenames are Django's own where Django has one, so that the admin site understands them.
ROLES_BY_PERMISSION: dict[str, frozenset[str]] = {
    "view_organization": _EVERY_ROLE,
    "view_person": _EVERY_ROLE,
    "add_organization": _INVITERS,
    "invite_guest": _INVITERS,
    "change_organization": _ADMINISTRATORS,
    "delete_organization": _ADMINISTRATORS,
    "block_guest": _ADMINISTRATORS,
    "view_package": _READERS,
    "view_policy": _READERS,
    "view_listrule": _READERS,
    "view_accessrequest": _READERS,
    "change_assignment": _ADMINISTRATORS,
    "give_voucher": _ADMINISTRATORS,
    "view_auditevent": _READERS,
    "use_what_if": _READERS,
    "change_package": _ADMINISTRATORS,
    "change_list": _GLOBAL,
    "change_ownname": _GLOBAL,
    "change_knowndirectory": _GLOBAL,
    "add_member": _GLOBAL,
    "block_member": _GLOBAL,
    "grant_role": _GLOBAL,
    "view_mail": _GLOBAL,
    "change_settings": _GLOBAL,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with the roles they hold at this moment, or the system.

    `ip` and `request_id` go to the audit log.
    """

    person_id: int | None
    label: str
    roles: frozenset[str] = frozenset()
    ip: str = ""
    request_id: str = ""

    def may(self, permission: str) -> bool:
        return may(self.roles, permission)


def may(roles: frozenset[str], permission: str) -> bool:
    """Return whether somebody who holds these roles has the permission (product rule 43)."""
    return bool(roles & ROLES_BY_PERMISSION[permission])


SYSTEM = Actor(None, "System", _GLOBAL)


def known_roles(roles: object) -> frozenset[str]:
    """Return the roles, if each of them exists."""
    wanted = known_list(roles, field="roles")
    if not all(isinstance(role, str) and role in ROLES for role in wanted):
        raise refuse("role_unknown", "One of these roles does not exist", field="roles")
    return frozenset(wanted)


def permission_to_block(kind: str) -> str:
    """What one needs to block, unblock or change a person of this kind."""
    return "block_member" if kind == "member" else "block_guest"


def permission_to_invite(kind: str) -> str:
    """What one needs to invite a person of this kind, and to resend or cancel the invitation."""
    return "add_member" if kind == "member" else "invite_guest"


def roles_that_may(permission: str) -> tuple[str, ...]:
    """The roles to name on a page that refuses somebody, strongest first."""
    return tuple(role for role in ROLES if role in ROLES_BY_PERMISSION[permission])


def permissions_of(role: str) -> frozenset[str]:
    """Return the permissions of a role (product rule 43); none for a name that is no role."""
    return permissions_together(frozenset({role}))


@cache
def permissions_together(held: frozenset[str]) -> frozenset[str]:
    """Return the permissions of somebody who holds these roles."""
    return frozenset(name for name, roles in ROLES_BY_PERMISSION.items() if held & roles)


def sentence_of_who_may(permission: str) -> str:
    """Says who can do what the reader cannot, such as "Only a Global administrator or User
    administrator can do this.".
    """
    *others, last = roles_that_may(permission)
    named = f"{', '.join(others)} or {last}" if others else last
    return f"Only a {named} can do this."
