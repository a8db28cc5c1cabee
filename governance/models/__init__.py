"""The tables, one file per noun."""

from .audit import AuditEvent
from .directories import KnownDirectory, VerifiedDomain
from .domain_list import ListDefault, ListRule, OwnName
from .drafts import Draft
from .mail import Mail
from .organizations import Claim, Organization, SearchEntry, Source, Sponsorship
from .packages import Package
from .people import Invitation, Person
from .policies import Policy, PolicyOrganization
from .roles import Portal
from .what_if import SavedTest
from .worker import WorkerHeartbeat

__all__ = [
    "AuditEvent",
    "Claim",
    "Draft",
    "Invitation",
    "KnownDirectory",
    "ListDefault",
    "ListRule",
    "Mail",
    "Organization",
    "OwnName",
    "Package",
    "Person",
    "Policy",
    "PolicyOrganization",
    "Portal",
    "SavedTest",
    "SearchEntry",
    "Source",
    "Sponsorship",
    "VerifiedDomain",
    "WorkerHeartbeat",
]
