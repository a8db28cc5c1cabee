"""The admin site: every model, within each person's permissions, through the same actions as the
pages.
"""

from . import (
    access_requests,
    audit,
    directories,
    domain_list,
    drafts,
    mail,
    organizations,
    packages,
    people,
    policies,
    resources,
    roles,
    what_if,
)
from .site import site

__all__ = [
    "access_requests",
    "audit",
    "directories",
    "domain_list",
    "drafts",
    "mail",
    "organizations",
    "packages",
    "people",
    "policies",
    "resources",
    "roles",
    "site",
    "what_if",
]
