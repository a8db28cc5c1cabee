"""May this address ask for this package, and why: the one decision that everything in the portal
calls (product rules 24 to 29).

`decide` walks RULES in order. Each rule looks at the case and answers one step: passed, stopped, or
None where it has nothing to say. The first stop decides; every step is listed. What no rule admits
is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from ..access_packages.policies import (
    ALL_CONFIGURED,
    ANY_OUTSIDE,
    MEMBERS,
    NAMED,
    PackageFact,
    PolicyFact,
    whom,
)
from ..claims import ClaimFact, membership
from ..decision import Decision, Reason, Ref
from ..domain_list import ALLOW, ListRuleFact
from ..email_domains import EXAMPLE_ADDRESS
from .facts import Facts, PersonFact
from .words import (
    access_ref,
    allowed,
    belongs_to,
    blocked_by,
    covered_by_none,
    how_to_allow,
    is_listed_blocked,
    let_through,
    moment_at,
    no_policy,
    of_deleted,
    organization_ref,
    own_domain_words,
    package_ref,
    passed,
    passes_default_block,
    policy_ref,
    request_ref,
    rule_ref,
    sign_in_needed,
    vouched_for,
    when_it_ends,
    why_approval_is_needed,
)

__all__ = [
    "ALL_CONFIGURED",
    "ANY_OUTSIDE",
    "MEMBERS",
    "NAMED",
    "RULES",
    "ClaimFact",
    "Eligibility",
    "Facts",
    "PackageFact",
    "PersonFact",
    "PolicyFact",
    "decide",
    "membership",
]

DIRECTORY = "directory"  # how somebody signed in who proved it by their own directory
PAUSE_AFTER_DENIAL = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Eligibility(Decision):
    """The decision with what it rested on."""

    claim: ClaimFact | None = None
    list_rule: ListRuleFact | None = None
    list_default: str = ALLOW
    policy: PolicyFact | None = None
    approval_needed: bool = False


def decide(facts: Facts) -> Eligibility:
    """All steps in order; allowed only when every one of them passed.

    Without a package these are the steps that hold for every package: `any_package.decide_for_any`
    asks for each.
    """
    steps = tuple(step for rule in RULES if (step := rule(facts)))
    is_allowed = all(step.passed for step in steps)
    return Eligibility(
        is_allowed,
        (*steps, allowed(facts)) if is_allowed else steps,
        claim=facts.claim,
        list_rule=facts.list_rule,
        list_default=facts.list_default,
        policy=facts.policy,
        approval_needed=bool(facts.policy and facts.policy.forces_approval),
    )


def address_malformed(facts: Facts) -> Reason:
    if facts.address is None:
        return facts.malformed or Reason("address_malformed", EXAMPLE_ADDRESS)
    return passed("address_malformed", f"{facts.address.text} is an email address.")


def own_name(facts: Facts) -> Reason | None:
    if not facts.is_outside:
        return None
    if own := facts.own_name:
        whose = own_domain_words(facts.domain, own)
        text = f"{facts.domain} is {whose}. Its people are members. Add this person as a member."
        return Reason("own_name", text, refers_to=Ref("own_name", own, own))
    return passed("own_name", f"{facts.domain} is not one of your domains.")


def person_blocked(facts: Facts) -> Reason | None:
    if facts.address is None:
        return None
    if facts.person.is_blocked:
        return Reason(
            "person_blocked",
            f"The mailbox {facts.address.mailbox} is blocked."
            " An administrator can unblock it on the People page.",
        )
    return passed("person_blocked", f"The mailbox {facts.address.mailbox} is not blocked.")


def domain_blocked(facts: Facts) -> Reason | None:
    if not facts.is_outside:
        return None
    rule = facts.list_rule
    if is_listed_blocked(facts) and not passes_default_block(facts):
        return Reason(
            "domain_blocked",
            f"{blocked_by(facts)} {how_to_allow(rule, facts.domain)}{when_it_ends(facts)}",
            refers_to=rule_ref(rule),
        )
    return passed("domain_blocked", let_through(facts), rule_ref(rule))


def package_unknown(facts: Facts) -> Reason | None:
    if not facts.package_asked:
        return None
    if facts.package is None:
        return Reason(
            "package_unknown",
            f"There is no access package called “{facts.package_typed}”. Choose one from the list.",
        )
    return passed(
        "package_unknown",
        f"{facts.package.name} is an access package.",
        package_ref(facts.package),
    )


def vouched(facts: Facts) -> Reason | None:
    """Rule 47: a voucher in force decides where the mailbox belongs, before any claim."""
    claim = facts.claim
    if claim is None or not facts.is_vouched:
        return None
    return passed("vouched", vouched_for(facts), organization_ref(claim))


def organization_deleted(facts: Facts) -> Reason | None:
    claim = facts.claim
    if claim is None:
        return None
    if claim.organization_deleted:
        return Reason(
            "organization_deleted", of_deleted(facts, claim), refers_to=organization_ref(claim)
        )
    if facts.is_vouched:
        return None
    return passed("organization_deleted", belongs_to(facts, claim), organization_ref(claim))


def claim_in_doubt(facts: Facts) -> Reason | None:
    claim = facts.claim
    if claim is None or not claim.in_doubt:
        return None
    text = (
        f"{claim.name} may no longer belong to {claim.organization_name}."
        " An administrator has to confirm the domain first."
    )
    return Reason("claim_in_doubt", text, refers_to=organization_ref(claim))


def policy_found(facts: Facts) -> Reason | None:
    """Rules 26 to 28: which policy decides, or why there is none."""
    if facts.address is None or facts.own_name:
        return None
    if facts.package is None:
        return None
    if policy := facts.policy:
        return passed(
            "policy_found",
            f"The policy “{policy.label}” decides because {whom(policy, facts.claim)}."
            f"{covered_by_none(facts)}",
            policy_ref(policy),
        )
    return no_policy(facts, facts.package)


def sign_in_differently(facts: Facts) -> Reason | None:
    """Only a sign-in that is stated to be by the directory meets the demand for it."""
    claim = facts.claim
    if claim is None or not claim.demands_directory or facts.signed_in_by == DIRECTORY:
        return None
    return Reason(
        "sign_in_differently", sign_in_needed(facts, claim), refers_to=organization_ref(claim)
    )


def policy_closed(facts: Facts) -> Reason | None:
    if facts.policy is None or facts.policy.is_open:
        return None
    text = (
        f"The policy “{facts.policy.label}” is closed."
        " Open the policy to let people request access."
    )
    return Reason("policy_closed", text, refers_to=policy_ref(facts.policy))


def approval_needed(facts: Facts) -> Reason | None:
    """A policy without approval never lets in an address that many people, or anyone, can have, and
    nobody who is vouched for (product rule 47).
    """
    if facts.policy is None or facts.policy.forces_approval:
        return None
    whose = why_approval_is_needed(facts)
    if whose is None:
        return None
    text = (
        f"{whose}, and the policy “{facts.policy.label}” does not require approval."
        " Change the policy to require approval."
    )
    return Reason("approval_needed", text, refers_to=policy_ref(facts.policy))


def package_closed(facts: Facts) -> Reason | None:
    if facts.package is None or facts.package.is_open:
        return None
    text = f"{facts.package.name} is closed. Open the package to let people request it."
    return Reason("package_closed", text, refers_to=package_ref(facts.package))


def already_has_access(facts: Facts) -> Reason | None:
    access = facts.past.access
    if facts.policy is None or access is None:
        return None
    until = f" until {moment_at(facts, access.ends_at)}" if access.ends_at else ""
    text = (
        f"{facts.known_address.mailbox} already has {facts.known_package.name}{until},"
        " and can request it again when that access ends."
    )
    return Reason("already_has_access", text, refers_to=access_ref(facts, access))


def request_open(facts: Facts) -> Reason | None:
    request = facts.past.request
    if facts.policy is None or request is None:
        return None
    when = f" on {moment_at(facts, request.submitted_at)}" if request.submitted_at else ""
    text = (
        f"{facts.known_address.mailbox} already requested {facts.known_package.name}{when}."
        " Decide or withdraw that request first."
    )
    return Reason("request_open", text, refers_to=request_ref(facts, request))


def asked_recently(facts: Facts) -> Reason | None:
    denied_at = facts.past.last_denied_at
    if facts.policy is None or denied_at is None:
        return None
    again = denied_at + PAUSE_AFTER_DENIAL
    if facts.at >= again:
        return None
    text = (
        f"{facts.known_address.mailbox} was denied {facts.known_package.name} less than a day ago,"
        f" and can request it again from {moment_at(facts, again)}."
    )
    return Reason("asked_recently", text)


RULES = (
    address_malformed,
    own_name,
    person_blocked,
    domain_blocked,
    package_unknown,
    vouched,
    organization_deleted,
    claim_in_doubt,
    policy_found,
    sign_in_differently,
    policy_closed,
    approval_needed,
    package_closed,
    already_has_access,
    request_open,
    asked_recently,
)
