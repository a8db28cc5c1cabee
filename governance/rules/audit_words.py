"""The audit log's stored values in words: what a page shows.

Files that are exported keep the stored values.
"""

from __future__ import annotations

from typing import Any

from .access_packages.policies import NAMED, NOBODY, WIDE_SCOPES
from .domain_list import ALONE, WITH_SUBDOMAINS
from .wording import count_of, grouped

NOTHING = "none"
_FIELDS = {
    "lasts days": "Access lasts",
    "e-mail": "Email address",
    "email": "Email address",
    "names without a rule": "Domains without a rule",
}
# Activities that are stored under a name which is a promise,
# and that say "name" where pages say "domain".
_ACTIVITIES = {
    "Add own name": "Add your domain",
    "Update own name": "Update your domain",
    "Remove own name": "Remove your domain",
    "Entitlement Management removes access package assignment request for user": (
        "End access with an account or organization"
    ),
    "Release names of deleted organization": "Release domains of deleted organization",
}
# Codes by the field that they are stored in.
# A name that happens to be spelled like a code stays a name.
_CODES = {
    "who can request": {
        **WIDE_SCOPES,
        NAMED: "specific connected organizations",
        NOBODY: "no one (direct assignment only)",
    },
    "breadth": {ALONE: "this domain only", WITH_SUBDOMAINS: "including subdomains"},
    "names without a rule": {"allow": "allowed", "block": "blocked"},
    "domains without a rule": {"allow": "allowed", "block": "blocked"},
}
_KINDS = {
    "accessgroup": "group",
    "accessrequest": "request",
    "approvaldecision": "decision",
    "assignment": "assignment",
    "guestlifecycle": "guest settings",
    "organization": "connected organization",
    "knowndirectory": "known directory",
    "listdefault": "allow and deny list",
    "listrule": "rule of the allow and deny list",
    "ownname": "your domain",
    "package": "access package",
    "savedtest": "saved test",
}


def field_words(name: str) -> str:
    """Return a field's name in sentence case."""
    return _FIELDS.get(name) or name[:1].upper() + name[1:].replace("_", " ")


def activity_words(activity: str) -> str:
    """Return the stored name of an activity in the words of the pages."""
    return _ACTIVITIES.get(activity, activity)


def kind_words(kind: str) -> str:
    """Return what kind of object an event was about."""
    return _KINDS.get(kind, kind.replace("_", " "))


def value_words(name: str, value: Any) -> str:
    """Return a field's stored value in words. Objects in a list get a line each."""
    if value is None or value in ("", [], {}):
        return "no end date" if name == "lasts days" else NOTHING
    match value:
        case bool():
            return "yes" if value else "no"
        case int():
            return count_of(value, "day") if name == "lasts days" else grouped(value)
        case list():
            return _list_words(name, value)
        case dict():
            return "; ".join(
                f"{field_words(key)}: {value_words(key, each)}" for key, each in value.items()
            )
    return _CODES.get(name, {}).get(str(value), str(value))


def _list_words(name: str, values: list[Any]) -> str:
    between = "\n" if any(isinstance(value, dict) for value in values) else ", "
    return between.join(value_words(name, value) for value in values)
