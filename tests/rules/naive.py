"""The decision once more, slow and plain: brute force over everything there is, after the text of
the product and nothing else.

It shares no line with the house: names are lists of labels here, and only what the made-up worlds
can contain is a suffix.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

SUFFIXES = {"example", "com", "io", "co.uk", "uk", "github.io", "onmicrosoft.com"}
PUBLIC_MAIL = {"gmail.com"}
SHARED_MAILBOXES = {"support", "noreply"}


@dataclass(frozen=True)
class Answer:
    code: str
    organization: str | None
    rule: str | None
    policy: str | None
    approval: bool


def decide(world) -> Answer:
    claim, rule = _claim(world), _rule(world)
    policy = _policy(world, claim)
    code = _code(world, claim, rule, policy)
    approval = policy is not None and (policy.needs_approval or policy.scope == "any_outside")
    if not world.package_asked:
        policy, approval = None, approval and code == "allowed"
    return Answer(
        code, claim and claim.organization_id, rule and rule.key, policy and policy.id, approval
    )


def _code(world, claim, rule, policy) -> str:
    if world.domain is None:
        return "address_malformed"
    if not _member(world) and _ours(world):
        return "own_name"
    if world.person.is_blocked:
        return "person_blocked"
    if not _member(world) and (world.default if rule is None else rule.effect) == "block":
        return "domain_blocked"
    if world.package_asked and world.package is None:
        return "package_unknown"
    if claim is not None and claim.organization_deleted:
        return "organization_deleted"
    if claim is not None and claim.in_doubt:
        return "claim_in_doubt"
    if not world.package_asked:
        return _without_package(world, claim, policy)
    return _with_package(world, claim, policy)


def _without_package(world, claim, policy) -> str:
    """Can anything be requested: of the packages there are, here one or none."""
    if claim is not None and claim.demands_directory and world.signed_in_by != "directory":
        return "sign_in_differently"
    if world.package is None:
        return "no_organization" if claim is None and not _member(world) else "no_policy"
    return _with_package(world, claim, policy)


def _with_package(world, claim, policy) -> str:
    if policy is None:
        return _why_no_policy(world, claim)
    if claim is not None and claim.demands_directory and world.signed_in_by != "directory":
        return "sign_in_differently"
    if not policy.is_open:
        return "policy_closed"
    needs = policy.needs_approval or policy.scope == "any_outside"
    if not needs and (
        _beneath_any(world.domain, PUBLIC_MAIL) or _letters(world.local) in SHARED_MAILBOXES
    ):
        return "approval_needed"
    if not world.package.is_open:
        return "package_closed"
    if world.has_access:
        return "already_has_access"
    if world.open_request:
        return "request_open"
    if world.last_denied_at is not None and world.at - world.last_denied_at < timedelta(hours=24):
        return "asked_recently"
    return "allowed"


def _letters(local) -> str:
    return "".join(each for each in local.split("+")[0] if each not in "._-")


def _why_no_policy(world, claim) -> str:
    if _member(world):
        return "no_policy"
    if claim is None:
        return "no_organization"
    scopes = [policy.scope for policy in world.package.policies]
    return (
        "organization_proposed"
        if claim.organization_state == "proposed" and "all_configured" in scopes
        else "no_policy"
    )


def _member(world) -> bool:
    return world.person.kind == "member"


def _ours(world) -> bool:
    return _beneath_any(world.domain, world.own_names)


def _claim(world):
    if world.domain is None or _member(world) or _ours(world):
        return None
    best = None
    for claim in world.claims:
        if _claim_covers(claim, world.domain) and (
            best is None or len(claim.name.split(".")) > len(best.name.split("."))
        ):
            best = claim
    return best


def _claim_covers(claim, domain) -> bool:
    if claim.name == domain:
        return True
    if not claim.covers_subdomains or not _is_beneath(domain, claim.name):
        return False
    if _beneath_any(claim.name, PUBLIC_MAIL):
        return False
    return not any(
        _at_or_beneath(domain, suffix) and _at_or_beneath(suffix, claim.name)
        for suffix in SUFFIXES  # between the two, ends included
    )


def _rule(world):
    if world.domain is None or _member(world):
        return None
    standing = {
        (rule.name, rule.breadth): rule
        for rule in world.rules
        if rule.ends_at is None or rule.ends_at > world.at
    }
    if (world.domain, "alone") in standing:
        return standing[world.domain, "alone"]
    parts = world.domain.split(".")
    while parts:
        if (".".join(parts), "with_subdomains") in standing:
            return standing[".".join(parts), "with_subdomains"]
        parts = parts[1:]
    return None


def _policy(world, claim):
    if world.package is None or world.domain is None:
        return None
    if _member(world):
        return _of_scope(world, "members")
    if _ours(world):
        return None
    if claim is not None:
        for policy in world.package.policies:
            if policy.scope == "named" and claim.organization_id in policy.organization_ids:
                return policy
        if claim.organization_state == "configured" and _of_scope(world, "all_configured"):
            return _of_scope(world, "all_configured")
    return _of_scope(world, "any_outside")


def _of_scope(world, scope):
    for policy in world.package.policies:
        if policy.scope == scope:
            return policy
    return None


def _beneath_any(domain, names) -> bool:
    return any(_at_or_beneath(domain, name) for name in names)


def _at_or_beneath(name, parent) -> bool:
    return name == parent or _is_beneath(name, parent)


def _is_beneath(name, parent) -> bool:
    longer, shorter = name.split("."), parent.split(".")
    return len(longer) > len(shorter) and longer[-len(shorter) :] == shorter
