"""The sentences of the decision: what it rests on, what stopped it, and what to do next."""

from __future__ import annotations

from datetime import datetime

from .. import domain_list
from ..access_packages.approval_words import approval_words, lifecycle_words
from ..access_packages.policies import ALL_CONFIGURED, MEMBERS, WIDE_SCOPES, PackageFact, PolicyFact
from ..claims import ClaimFact, narrow_claim_above, shadowed
from ..decision import Reason, Ref
from ..domain_list import ALLOW, ALONE, BLOCK, ListRuleFact
from ..domains import guards
from ..email_domains import Address
from ..wording import day_words
from .facts import ExistingAccess, Facts, OpenRequest

_VOUCH = "vouch for this one address on the organization's page."


def allowed(facts: Facts) -> Reason:
    """What lets them in, and the one change that would not."""
    who = facts.known_address.text
    if facts.package and facts.policy:
        text = (
            f"{who} can request {facts.package.name} under the policy “{facts.policy.label}”."
            f" {how_decided(facts.policy)}{_how_to_block(facts)}"
            " To stop all requests under this policy, close it."
        )
        return passed("allowed", text, policy_ref(facts.policy))
    return passed("allowed", f"Nothing stops {who} from requesting access packages.")


def how_decided(policy: PolicyFact) -> str:
    """Return who decides under the policy and how long access lasts, without names of people."""
    needs = "The request needs approval." if policy.forces_approval else ""
    decided = approval_words(policy.stages) if policy.stages or not needs else ""
    length = lifecycle_words(policy.lifecycle, needs_approval=policy.forces_approval)
    return " ".join(part for part in (needs, decided, length) if part)


def _how_to_block(facts: Facts) -> str:
    if facts.is_member:
        return ""
    if facts.is_vouched:
        return " To stop requests from this address, withdraw the voucher."
    return f" To stop requests from {facts.domain}, block it on the allow and deny list."


def covered_by_none(facts: Facts) -> str:
    """Return that no organization covers an outside person's domain,
    to follow a sentence; or "".
    """
    is_uncovered = facts.is_outside and facts.claim is None
    return f" No connected organization covers {facts.domain}." if is_uncovered else ""


def no_policy(facts: Facts, package: PackageFact) -> Reason:
    """Return why no policy decides about the person (product rule 27)."""
    claim = facts.claim
    if facts.is_member:
        return Reason(
            "no_policy",
            f"No policy of {package.name} is for {WIDE_SCOPES[MEMBERS]}."
            " Add one to let members request it.",
        )
    if claim is None:
        return _no_organization(facts)
    for_all = package.policy_for(ALL_CONFIGURED)
    if for_all and not claim.is_configured:
        why = f"The policy “{for_all.label}” is for all configured connected organizations only."
        return _proposed(
            claim,
            f"{why} Configure {claim.organization_name}, or add it to a policy of {package.name}.",
        )
    text = (
        f"No policy of {package.name} includes {claim.organization_name}."
        " Add the organization to a policy to let its people request the package."
    )
    return Reason("no_policy", text, refers_to=organization_ref(claim))


def _no_organization(facts: Facts) -> Reason:
    said = f"No connected organization covers {facts.domain}"
    if facts.imitates:
        text = (
            f"{said}. It looks like the known domain {facts.imitates} and may be an imitation."
            f" Contact the person at {facts.imitates} instead."
        )
        return Reason("no_organization", text)
    if claim := narrow_claim_above(facts.domain, facts.claims):
        text = (
            f"{said}. {claim.organization_name} has {claim.name}, but not its subdomains."
            f" Include the subdomains, or connect {facts.domain}.{_next_step(facts)}"
        )
        return Reason("no_organization", text, refers_to=organization_ref(claim))
    if guards.is_public_mail(facts.domain):
        text = (
            f"{said}. Anyone can get an address there, so connecting it would let anyone in."
            " Ask the person for the email address that their organization gave them. If they work"
            f" for a connected organization without one, {_VOUCH}"
        )
        return Reason("no_organization", text)
    return Reason(
        "no_organization",
        f"{said}. Connect the organization that owns it, or add the domain to that organization"
        f" if it is already connected.{_next_step(facts)} If only this person works for a"
        f" connected organization, {_VOUCH}",
    )


def _next_step(facts: Facts) -> str:
    """What is left to do for a package that not every connected organization may ask for."""
    if facts.package is None or facts.package.policy_for(ALL_CONFIGURED):
        return ""
    return f" Then add the organization to a policy of {facts.package.name}."


def _proposed(claim: ClaimFact, what_helps: str) -> Reason:
    text = f"{claim.organization_name} is proposed and is waiting for a decision. {what_helps}"
    return Reason("organization_proposed", text, refers_to=organization_ref(claim))


def sign_in_needed(facts: Facts, claim: ClaimFact) -> str:
    """Return why this sign-in is not enough for the source, and what to do."""
    why = (
        "This person signed in with a code."
        if facts.signed_in_by == "code"
        else "This request does not say how the person signed in."
    )
    return (
        f"{claim.source_label} requires sign-in with its own directory. {why}"
        " Sign in with the directory."
    )


def belongs_to(facts: Facts, claim: ClaimFact) -> str:
    """Return which organization covers the domain, and through what, as sentences."""
    text = f"{facts.domain} belongs to {claim.organization_name}{_through(claim, facts.domain)}."
    other = shadowed(facts.domain, facts.claims)
    return (
        f"{text} {claim.name} is longer than {other.name} of {other.organization_name},"
        " so it decides."
        if other
        else text
    )


def _through(claim: ClaimFact, domain: str) -> str:
    """Return which directory or domain above it makes a domain belong;
    "" for a domain of its own.
    """
    parts = [f"its directory {claim.source_label}"] if claim.source_kind == "directory" else []
    if claim.name != domain:
        parts.append(f"{claim.name}, including subdomains")
    return f" through {', '.join(parts)}" if parts else ""


def blocked_by(facts: Facts) -> str:
    """Return what on the list blocks the domain, as a sentence."""
    rule = facts.list_rule
    return (
        f"The rule “{rule.label}” on the allow and deny list blocks {facts.domain}."
        if rule
        else _no_rule(facts.domain, "blocked")
    )


def how_to_allow(rule: ListRuleFact | None, domain: str) -> str:
    """The one change of the list that lets the domain through, whatever else is listed there."""
    if rule is None or rule.name != domain:
        return f"To allow it, add an allow rule for {domain}."
    return (
        "To allow it, change that rule to Allow."
        if rule.breadth == ALONE
        else "To allow it, change that rule to Allow, or add an allow rule for this domain only."
    )


def when_it_ends(facts: Facts) -> str:
    """When the answer changes by itself, or did."""
    ended = domain_list.ended_rule(facts.list_rules, facts.domain, facts.at)
    if ended and ended.effect == ALLOW:
        return f" The rule “{ended.label}” allowed it until the end of {_day(ended)}."
    rule = facts.list_rule
    if (
        rule is None
        or rule.ends_at is None
        or domain_list.is_blocked(facts.list_rules, facts.list_default, facts.domain, rule.ends_at)
    ):
        return ""
    return f" The rule ends automatically after {_day(rule)}."


def is_listed_blocked(facts: Facts) -> bool:
    """Return whether the list blocks the domain, by a rule or by its default."""
    rule = facts.list_rule
    return (rule.effect if rule else facts.list_default) == BLOCK


def passes_default_block(facts: Facts) -> bool:
    """Return whether a voucher lets the address through where no rule covers its domain; a rule it
    never beats (product rule 47).
    """
    return facts.list_rule is None and facts.is_vouched and facts.known_voucher.passes_default_block


def let_through(facts: Facts) -> str:
    """Return what on the list lets the domain through, as a sentence."""
    rule = facts.list_rule
    if is_listed_blocked(facts):
        return (
            f"{_no_rule(facts.domain, 'blocked')} The voucher for {facts.known_address.mailbox}"
            " lets this address through."
        )
    if rule is None:
        return _no_rule(facts.domain, "allowed")
    other = domain_list.outranked_rule(facts.list_rules, facts.domain, facts.at)
    against = (
        f" It takes precedence over the wider block rule “{other.label}”."
        if other and other.effect == BLOCK
        else ""
    )
    return f"The rule “{rule.label}” on the allow and deny list allows {facts.domain}.{against}"


def _no_rule(domain: str, fate: str) -> str:
    return f"No rule on the allow and deny list covers {domain}. Domains without a rule are {fate}."


def _day(rule: ListRuleFact) -> str:
    return day_words(rule.last_day) if rule.last_day else ""


def own_domain_words(domain: str, own: str) -> str:
    """Return how the domain relates to `own`, one of the portal's own domains at or above it."""
    ours = "one of your domains"
    return ours if own == domain else f"a subdomain of {own}, which is {ours}"


def vouched_for(facts: Facts) -> str:
    """Return whose the mailbox counts as by its voucher, and what decides without it."""
    voucher, claim = facts.known_voucher, facts.claim_of_domain
    text = (
        f"{voucher.given_by} vouched for {facts.known_address.mailbox}: it counts as"
        f" {voucher.organization_name}'s until {day_words(voucher.last_day)}."
    )
    if claim is None or claim.organization_id == voucher.organization_id:
        return text
    return f"{text} Without the voucher it would belong to {claim.organization_name}."


def of_deleted(facts: Facts, claim: ClaimFact) -> str:
    """Return that the organization is deleted, and what helps."""
    if facts.is_vouched:
        return (
            f"{claim.organization_name} was deleted."
            " Restore the organization, or withdraw the voucher."
        )
    return (
        f"{claim.organization_name} was deleted, and {claim.name} is still reserved for it."
        " Restore the organization, release the domain, or add it to another organization."
    )


def why_approval_is_needed(facts: Facts) -> str | None:
    """Return why no policy may let the person in without approval, as a begun sentence; None where
    nothing says so.
    """
    if facts.is_vouched:
        return f"{facts.known_address.mailbox} is vouched for, which always needs approval"
    return shared_address(facts.known_address)


def shared_address(address: Address) -> str | None:
    """Return why many people can have the address, as a begun sentence;
    None where nothing says so.
    """
    if guards.is_public_mail(address.domain):
        return f"Anyone can get an address at {address.domain}"
    return (
        f"{address.mailbox} is a shared mailbox"
        if guards.is_shared_mailbox(address.local)
        else None
    )


def passed(code: str, text: str, refers_to: Ref | None = None) -> Reason:
    """Return a step that does not stop the request."""
    return Reason(code, text, passed=True, refers_to=refers_to)


def organization_ref(claim: ClaimFact) -> Ref:
    """Return a reference to the organization that has the claim."""
    return Ref("organization", claim.organization_id, claim.organization_name)


def package_ref(package: PackageFact) -> Ref:
    """Return a reference to the access package."""
    return Ref("package", package.id, package.name)


def policy_ref(policy: PolicyFact) -> Ref:
    """Return a reference to the policy."""
    return Ref("policy", policy.id, policy.label)


def access_ref(facts: Facts, access: ExistingAccess) -> Ref:
    """Return a reference to the assignment that gives the access."""
    return Ref("assignment", access.id, f"the access of {facts.known_address.mailbox}")


def request_ref(facts: Facts, request: OpenRequest) -> Ref:
    """Return a reference to the open request."""
    return Ref("access_request", request.id, f"the request of {facts.known_address.mailbox}")


def moment_at(facts: Facts, moment: datetime) -> str:
    """Return a moment in the time zone of the question, such as "3 Mar 2027, 07:00 UTC"."""
    local = moment.astimezone(facts.at.tzinfo)
    return f"{day_words(local)}, {local:%H:%M %Z}"


def rule_ref(rule: ListRuleFact | None) -> Ref | None:
    """Return a reference to the rule of the list; None for the default."""
    return Ref("list_rule", rule.key, rule.label) if rule else None
