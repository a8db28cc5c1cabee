"""Which sponsors of an organization count, and which of them can decide now (product rules 36 and
37).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from .claims import ClaimFact
from .decision import Reason

INTERNAL, EXTERNAL = "internal", "external"
KINDS = (INTERNAL, EXTERNAL)
MEMBER = "member"
ACTIVE, INVITED, REMOVED = "active", "invited", "removed"


@dataclass(frozen=True, slots=True)
class SponsorFact:
    """A person as a sponsor of an organization, named or to be named, with all that decides whether
    they count.

    `kind` is internal or external. `claim` is the claim that covers their address (rule 13), None
    where none does; `own_domain` is the one of our domains that has the address.
    `is_domain_blocked` is what the allow and deny list says.
    """

    kind: str
    name: str
    email: str
    domain: str
    person_kind: str
    state: str
    organization_id: str
    is_mailbox_blocked: bool = False
    claim: ClaimFact | None = None
    own_domain: str | None = None
    is_domain_blocked: bool = False
    is_organization_deleted: bool = False


def why_not_counted(sponsor: SponsorFact) -> Reason | None:
    """Return why the person does not count as a sponsor now, with what to do about it; None when
    they count.
    """
    reason = (
        _organization_deleted(sponsor)
        or _gone(sponsor)
        or _blocked(sponsor)
        or (_not_a_member(sponsor) if sponsor.kind == INTERNAL else _not_theirs(sponsor))
    )
    return replace(reason, field=f"{sponsor.kind}_sponsors") if reason else None


def is_counted(sponsor: SponsorFact) -> bool:
    """Return whether the person counts as a sponsor now."""
    return why_not_counted(sponsor) is None


def why_cannot_decide(sponsor: SponsorFact) -> Reason | None:
    """Return why the person cannot decide a request now; None when they can. Deciding needs more
    than counting: an active account.
    """
    return why_not_counted(sponsor) or _not_active(sponsor)


def _organization_deleted(sponsor: SponsorFact) -> Reason | None:
    if not sponsor.is_organization_deleted:
        return None
    return Reason("organization_deleted", "The organization is deleted. Restore it first")


def _gone(sponsor: SponsorFact) -> Reason | None:
    if sponsor.state != REMOVED:
        return None
    return Reason(
        "sponsor_gone", f"{sponsor.name} was removed and cannot be a sponsor. Choose someone else"
    )


def _blocked(sponsor: SponsorFact) -> Reason | None:
    if not sponsor.is_mailbox_blocked:
        return None
    text = (
        f"{sponsor.name} is blocked and cannot be a sponsor."
        f" Unblock {sponsor.name} or choose someone else"
    )
    return Reason("sponsor_blocked", text)


def _not_a_member(sponsor: SponsorFact) -> Reason | None:
    if sponsor.person_kind != MEMBER:
        text = f"{sponsor.name} is not an active member of your directory. Choose a member instead"
        return Reason("sponsor_not_a_member", text)
    if sponsor.state != ACTIVE:
        text = (
            f"{sponsor.name} is not an active member of your directory yet:"
            " the first password is not set. Send the link again or choose someone else"
        )
        return Reason("sponsor_not_a_member", text)
    return None


def _not_theirs(sponsor: SponsorFact) -> Reason | None:
    """Rule 13 says where a guest belongs. A member belongs to no partner."""
    if sponsor.person_kind == MEMBER or sponsor.claim is None:
        return Reason("sponsor_elsewhere", _without_organization(sponsor))
    if sponsor.claim.organization_id != sponsor.organization_id:
        text = (
            f"{sponsor.name} does not belong to this organization:"
            f" {sponsor.domain} belongs to {sponsor.claim.organization_name}. Choose someone else"
        )
        return Reason("sponsor_elsewhere", text)
    if sponsor.is_domain_blocked:
        text = (
            f"The allow and deny list blocks {sponsor.domain},"
            f" so {sponsor.name} cannot be a sponsor. Allow the domain or choose someone else"
        )
        return Reason("sponsor_on_the_list", text)
    return None


def _without_organization(sponsor: SponsorFact) -> str:
    first = f"{sponsor.name} does not belong to this organization"
    if sponsor.person_kind == MEMBER:
        text = f"{sponsor.name} belongs to your directory, not to this organization."
        return f"{text} Choose a guest from this organization"
    if sponsor.own_domain:
        return f"{first}: {sponsor.own_domain} is one of your domains. Choose someone else"
    return (
        f"{first}: none of its domains covers {sponsor.domain}."
        " Add the domain or choose someone else"
    )


def _not_active(sponsor: SponsorFact) -> Reason | None:
    if sponsor.state == ACTIVE:
        return None
    text = f"{sponsor.name} has not accepted the invitation yet. Send the invitation again"
    return Reason("sponsor_not_active", text, field=f"{sponsor.kind}_sponsors")
