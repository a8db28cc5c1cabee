"""The tables, one file per noun."""

from .access_requests import (
    AccessRequest,
    ApprovalDecision,
    Deputy,
    NamedApprover,
    RequestEvent,
    ToldApprover,
)
from .assignments import Assignment, Delivery, GroupMember
from .audit import AuditEvent
from .catalogs import Catalog, CatalogManager
from .directories import KnownDirectory, VerifiedDomain
from .domain_list import ListDefault, ListRule, OwnName
from .drafts import Draft, PackageDraft
from .guest_lifecycle import GuestLifecycle
from .mail import Mail
from .merges import OrganizationMerge
from .my_access import SignInCode
from .organizations import Claim, Organization, SearchEntry, Source, Sponsorship
from .packages import Package
from .people import Invitation, Person
from .policies import Policy, PolicyOrganization
from .resources import AccessGroup, Resource, Webhook
from .roles import Portal
from .vouchers import Voucher
from .what_if import SavedTest
from .worker import WorkerHeartbeat

__all__ = [
    "AccessGroup",
    "AccessRequest",
    "ApprovalDecision",
    "Assignment",
    "AuditEvent",
    "Catalog",
    "CatalogManager",
    "Claim",
    "Delivery",
    "Deputy",
    "Draft",
    "GroupMember",
    "GuestLifecycle",
    "Invitation",
    "KnownDirectory",
    "ListDefault",
    "ListRule",
    "Mail",
    "NamedApprover",
    "Organization",
    "OrganizationMerge",
    "OwnName",
    "Package",
    "PackageDraft",
    "Person",
    "Policy",
    "PolicyOrganization",
    "Portal",
    "RequestEvent",
    "Resource",
    "SavedTest",
    "SearchEntry",
    "SignInCode",
    "Source",
    "Sponsorship",
    "ToldApprover",
    "VerifiedDomain",
    "Voucher",
    "Webhook",
    "WorkerHeartbeat",
]
