"""May this address ask for this package, and why: the one decision that everything in the house calls (product rules 24 to 29).

`decide` walks RULES in order. Each rule looks at the case and answers one step: passed, stopped, or None where it has
nothing to say. The first stop decides; every step is told. What no rule admits is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from . import domain_guards, list_rules
from .claims import ClaimFact, membership, narrow_claim_above, shadowed
from .decision import Decision, Reason, Ref
from .eligibility_facts import Facts, PersonFact
from .email_domains import EXAMPLE_ADDRESS, Address
from .list_rules import ALLOW, ALONE, BLOCK, ListRuleFact
from .policy_choice import (
    ALL_CONFIGURED,
    ANY_OUTSIDE,
    MEMBERS,
    NAMED,
    WIDE_SCOPES,
    PackageFact,
    PolicyFact,
    whom,
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
    """All steps in order; allowed only when every one of them passed."""
    steps = tuple(step for rule in RULES if (step := rule(facts)))
    allowed = all(step.passed for step in steps)
    return Eligibility(
        allowed,
        (*steps, _allowed(facts)) if allowed else steps,
        claim=facts.claim,
        list_rule=facts.list_rule,
        list_default=facts.list_default,
        policy=facts.policy,
        approval_needed=bool(facts.policy and facts.policy.forces_approval),
    )


def address_malformed(facts: Facts) -> Reason:
    if facts.address is None:
        return facts.malformed or Reason("address_malformed", EXAMPLE_ADDRESS)
    return _passed("address_malformed", f"{facts.address.text} is a whole e-mail address.")


def own_name(facts: Facts) -> Reason | None:
    if not facts.is_outside:
        return None
    if own := facts.own_name:
        text = f"{facts.domain} is yours: {own} is one of your own names, and nobody comes from there as a partner. Add the person as a member instead."
        return Reason("own_name", text, refers_to=Ref("own_name", own, own))
    return _passed("own_name", f"{facts.domain} is not one of your own names.")


def person_blocked(facts: Facts) -> Reason | None:
    if facts.address is None:
        return None
    if facts.person.is_blocked:
        return Reason(
            "person_blocked",
            f"{facts.address.mailbox} is blocked. An administrator can unblock this person on the page People.",
        )
    return _passed("person_blocked", "This person is not blocked.")


def domain_blocked(facts: Facts) -> Reason | None:
    if not facts.is_outside:
        return None
    rule = facts.list_rule
    if (rule.effect if rule else facts.list_default) == BLOCK:
        return Reason(
            "domain_blocked",
            f"{_blocked(facts)} {_way_through(rule, facts.domain)}{_ending(facts)}",
            refers_to=_rule_ref(rule),
        )
    return _passed("domain_blocked", _let_through(facts), _rule_ref(rule))


def package_unknown(facts: Facts) -> Reason | None:
    if not facts.package_asked:
        return None
    if facts.package is None:
        return Reason(
            "package_unknown",
            f"There is no access package called “{facts.package_typed}”. Choose one from the list.",
        )
    return _passed(
        "package_unknown",
        f"{facts.package.name} is an access package.",
        _package_ref(facts.package),
    )


def organization_deleted(facts: Facts) -> Reason | None:
    claim = facts.claim
    if claim is None:
        return None
    if claim.organization_deleted:
        text = f"{claim.organization_name} was deleted and still holds {claim.name}. Restore it, or release the name and connect it anew."
        return Reason("organization_deleted", text, refers_to=_organization_ref(claim))
    return _passed("organization_deleted", _belongs(facts, claim), _organization_ref(claim))


def claim_in_doubt(facts: Facts) -> Reason | None:
    claim = facts.claim
    if claim is None or not claim.in_doubt:
        return None
    text = f"It is in doubt whether {claim.name} still belongs to {claim.organization_name}. An administrator has to clear the doubt first."
    return Reason("claim_in_doubt", text, refers_to=_organization_ref(claim))


def policy_found(facts: Facts) -> Reason | None:
    """Rules 26 to 28: which policy decides, or why there is none."""
    if facts.address is None or facts.own_name:
        return None
    if not facts.package_asked:
        return _belongs_somewhere(facts) if facts.is_outside else None
    if facts.package is None:
        return None
    if policy := facts.policy:
        return _passed(
            "policy_found",
            f"The policy “{policy.label}” decides: {whom(policy, facts.claim)}.",
            _policy_ref(policy),
        )
    return _no_policy(facts, facts.package)


def sign_in_differently(facts: Facts) -> Reason | None:
    claim = facts.claim
    if claim is None or not claim.demands_directory or facts.signed_in_by != "code":
        return None
    text = f"{claim.source_label} lets its people in by its own directory only, and this sign-in was by a code. Sign in with the directory."
    return Reason("sign_in_differently", text, refers_to=_organization_ref(claim))


def policy_closed(facts: Facts) -> Reason | None:
    if facts.policy is None or facts.policy.is_open:
        return None
    text = f"The policy “{facts.policy.label}” takes no requests now. Open the policy to let people ask."
    return Reason("policy_closed", text, refers_to=_policy_ref(facts.policy))


def approval_needed(facts: Facts) -> Reason | None:
    """A policy without approval never lets in an address that many people, or anyone, can have."""
    if facts.policy is None or facts.policy.forces_approval:
        return None
    whose = _anyones(facts.address)
    if whose is None:
        return None
    text = f"{whose}, and the policy “{facts.policy.label}” asks nobody to approve. Make it ask for approval."
    return Reason("approval_needed", text, refers_to=_policy_ref(facts.policy))


def package_closed(facts: Facts) -> Reason | None:
    if facts.package is None or facts.package.is_open:
        return None
    text = f"{facts.package.name} takes no requests now. Open the package to let people ask."
    return Reason("package_closed", text, refers_to=_package_ref(facts.package))


def already_has_access(facts: Facts) -> Reason | None:
    if not (facts.policy and facts.has_access):
        return None
    text = f"{facts.address.mailbox} has {facts.package.name} already, and can ask again when that access has ended."
    return Reason("already_has_access", text)


def request_open(facts: Facts) -> Reason | None:
    if not (facts.policy and facts.open_request):
        return None
    text = f"{facts.address.mailbox} has asked for {facts.package.name} already. Decide or withdraw that request first."
    return Reason("request_open", text)


def asked_recently(facts: Facts) -> Reason | None:
    if facts.policy is None or facts.last_denied_at is None:
        return None
    again = (facts.last_denied_at + PAUSE_AFTER_DENIAL).astimezone(facts.at.tzinfo)
    if facts.at >= again:
        return None
    text = f"{facts.address.mailbox} was denied {facts.package.name} less than a day ago, and can ask again from {again.day} {again:%b %Y, %H:%M %Z}."
    return Reason("asked_recently", text)


RULES = (
    address_malformed,
    own_name,
    person_blocked,
    domain_blocked,
    package_unknown,
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


def _allowed(facts: Facts) -> Reason:
    """What lets them in, and the one change that would not."""
    who = facts.address.text
    if facts.package:
        asks = "needs approval" if facts.policy.forces_approval else "needs no approval"
        lever = "To" if facts.is_member else f"To refuse {facts.domain}, block it on the list; to"
        text = f"{who} can request {facts.package.name} by the policy “{facts.policy.label}”. The request {asks}. {lever} refuse everyone, close that policy."
        return _passed("allowed", text, _policy_ref(facts.policy))
    if facts.claim:
        what = f"belongs to {facts.claim.organization_name} and can ask for what its policies offer"
        return _passed("allowed", f"{who} {what}. To refuse {facts.domain}, block it on the list.")
    return _passed("allowed", f"{who} is one of your members. To refuse the person, block them.")


def _belongs_somewhere(facts: Facts) -> Reason:
    claim = facts.claim
    if claim is None:
        return _no_organization(facts)
    if not claim.is_configured:
        return _proposed(
            claim,
            f"Configure {claim.organization_name} to let its people ask; until then only policies that name it, or are for any outside person, include it.",
        )
    return _passed(
        "policy_found",
        f"{claim.organization_name} is configured: every policy for all configured organizations includes it.",
    )


def _no_policy(facts: Facts, package: PackageFact) -> Reason:
    claim = facts.claim
    if facts.is_member:
        return Reason(
            "no_policy",
            f"No policy of {package.name} is for {WIDE_SCOPES[MEMBERS]}. Add one to let members ask.",
        )
    if claim is None:
        return _no_organization(facts)
    for_all = package.policy_for(ALL_CONFIGURED)
    if for_all and not claim.is_configured:
        why = f"The policy “{for_all.label}” is for configured organizations only."
        return _proposed(
            claim,
            f"{why} Configure {claim.organization_name}, or name it in a policy of {package.name}.",
        )
    text = f"No policy of {package.name} includes {claim.organization_name}. Name the organization in one to let its people ask."
    return Reason("no_policy", text, refers_to=_organization_ref(claim))


def _no_organization(facts: Facts) -> Reason:
    said = f"No connected organization covers {facts.domain}"
    if facts.imitates:
        text = f"{said}. It looks like {facts.imitates}, which is known here, and may be an imitation. Reach the person at {facts.imitates} instead."
        return Reason("no_organization", text)
    if claim := narrow_claim_above(facts.domain, facts.claims):
        text = f"{said}: {claim.organization_name} has {claim.name} without subdomains. Include them, or connect {facts.domain}.{_then(facts)}"
        return Reason("no_organization", text, refers_to=_organization_ref(claim))
    if domain_guards.is_public_mail(facts.domain):
        text = f"{said}, where anyone can get an address: connecting it would let anyone in. Ask the person for their address at their organization."
        return Reason("no_organization", text)
    return Reason(
        "no_organization",
        f"{said}. Connect the organization that it belongs to, or add the domain to it if it is connected.{_then(facts)}",
    )


def _then(facts: Facts) -> str:
    """What is left to do for a package that not every connected organization may ask for."""
    if facts.package is None or facts.package.policy_for(ALL_CONFIGURED):
        return ""
    return f" Then name the organization in a policy of {facts.package.name}."


def _proposed(claim: ClaimFact, what_helps: str) -> Reason:
    text = f"{claim.organization_name} is proposed and waits for a decision. {what_helps}"
    return Reason("organization_proposed", text, refers_to=_organization_ref(claim))


def _belongs(facts: Facts, claim: ClaimFact) -> str:
    directory = f"its directory {claim.source_label}, " if claim.source_kind == "directory" else ""
    beneath = "" if claim.name == facts.domain else ", subdomains included"
    text = f"{facts.domain} belongs to {claim.organization_name} through {directory}{claim.name}{beneath}."
    other = shadowed(facts.domain, facts.claims)
    return (
        f"{text} That name is longer than {other.name} of {other.organization_name}."
        if other
        else text
    )


def _blocked(facts: Facts) -> str:
    rule = facts.list_rule
    return (
        f"{facts.domain} is blocked by the list's rule “{rule.label}”."
        if rule
        else _no_rule(facts.domain, "blocked")
    )


def _way_through(rule: ListRuleFact | None, domain: str) -> str:
    """The one change of the list that lets the domain through, whatever else stands there."""
    if rule is None or rule.name != domain:
        return f"Add an allow rule for {domain} to let it past the list."
    return (
        "Change that rule to allow."
        if rule.breadth == ALONE
        else "Change that rule to allow, or add an allow rule for this name alone."
    )


def _ending(facts: Facts) -> str:
    """When the answer changes by itself, or did."""
    ended = list_rules.ended_rule(facts.list_rules, facts.domain, facts.at)
    if ended and ended.effect == ALLOW:
        return f" The rule “{ended.label}” allowed it until the end of {_day(ended)}."
    rule = facts.list_rule
    if (
        rule is None
        or rule.ends_at is None
        or list_rules.is_blocked(facts.list_rules, facts.list_default, facts.domain, rule.ends_at)
    ):
        return ""
    return f" The rule ends by itself after {_day(rule)}."


def _let_through(facts: Facts) -> str:
    rule = facts.list_rule
    if rule is None:
        return _no_rule(facts.domain, "allowed")
    other = list_rules.outranked_rule(facts.list_rules, facts.domain, facts.at)
    against = (
        f", and decides over the wider block rule “{other.label}”"
        if other and other.effect == BLOCK
        else ""
    )
    return f"The list's rule “{rule.label}” allows {facts.domain}{against}."


def _no_rule(domain: str, fate: str) -> str:
    return f"No rule of the list covers {domain}, and names without a rule are {fate}."


def _day(rule: ListRuleFact) -> str:
    return f"{rule.last_day.day} {rule.last_day:%b %Y}"


def _anyones(address: Address) -> str | None:
    if domain_guards.is_public_mail(address.domain):
        return f"Anyone can get an address at {address.domain}"
    return (
        f"{address.mailbox} is a shared mailbox"
        if domain_guards.is_shared_mailbox(address.local)
        else None
    )


def _passed(code: str, text: str, refers_to: Ref | None = None) -> Reason:
    return Reason(code, text, passed=True, refers_to=refers_to)


def _organization_ref(claim: ClaimFact) -> Ref:
    return Ref("organization", claim.organization_id, claim.organization_name)


def _package_ref(package: PackageFact) -> Ref:
    return Ref("package", package.id, package.name)


def _policy_ref(policy: PolicyFact) -> Ref:
    return Ref("policy", policy.id, policy.label)


def _rule_ref(rule: ListRuleFact | None) -> Ref | None:
    return Ref("list_rule", rule.key, rule.label) if rule else None
