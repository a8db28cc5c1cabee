"""Made-up worlds from a source of chance: few names that lie above, beneath and beside each other,
everything else at random.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from governance.rules.access_packages.policies import PackageFact, PolicyFact
from governance.rules.claims import ClaimFact
from governance.rules.domain_list import ListRuleFact
from governance.rules.eligibility.facts import (
    ExistingAccess,
    Facts,
    OpenRequest,
    PackageHistory,
    PersonFact,
)
from governance.rules.email_domains import canonical_email

from .cases import NOON, ONE_STAGE

BASES = (
    "fabrikam.example",
    "evilfabrikam.example",
    "xn--bcher-kva.example",
    "firm.co.uk",
    "github.io",
    "firm.github.io",
    "firm.onmicrosoft.com",
    "gmail.com",
)
ABOVE = ("", "", "", "eng.", "a.eng.", "b.a.eng.", "evil.")
LOCALS = ("bob", "bob+x", "support", "support+x", "noreply", "supporter", "no.reply", "sup_port-+x")
RULE_NAMES = ("example", "com", "io", "co.uk", "onmicrosoft.com")
HOUR = timedelta(hours=1)
ENDS = (None, None, NOON - HOUR, NOON, NOON + timedelta(microseconds=1), NOON + HOUR)
DENIALS = (
    None,
    None,
    NOON - 24 * HOUR,
    NOON - 24 * HOUR + timedelta(microseconds=1),
    NOON - HOUR,
    NOON - 48 * HOUR,
)
PACKAGE = "badge"
SCOPES = ("named", "named", "all_configured", "any_outside", "members", "nobody")


@dataclass(frozen=True)
class World:
    """Everything there is, whether or not it touches the address."""

    local: str
    domain: str | None
    claims: tuple[ClaimFact, ...]
    rules: tuple[ListRuleFact, ...]
    default: str
    own_names: frozenset[str]
    person: PersonFact
    package_asked: bool
    package: PackageFact | None
    signed_in_by: str | None
    has_access: bool
    open_request: bool
    last_denied_at: datetime | None
    at: datetime = NOON

    def facts(self, spelled: str | None = None) -> Facts:
        """What a query would gather of it: the claims and rules on the domain or a name above, and
        no others.
        """
        above = _names_above(self.domain)
        return Facts(
            canonical_email(spelled or f"{self.local}@{self.domain}") if self.domain else None,
            self.at,
            own_names=self.own_names,
            person=self.person,
            claims=tuple(claim for claim in self.claims if claim.name in above),
            list_rules=tuple(rule for rule in self.rules if rule.name in above),
            list_default=self.default,
            package_asked=self.package_asked,
            package=self.package if self.package_asked else None,
            signed_in_by=self.signed_in_by,
            history=self.history,
        )

    @property
    def history(self) -> dict[str, PackageHistory]:
        past = PackageHistory(
            ExistingAccess() if self.has_access else None,
            OpenRequest() if self.open_request else None,
            self.last_denied_at,
        )
        return {PACKAGE: past}


def world(chance: Random) -> World:
    base = chance.choice(BASES)  # most names of one world are of one family, so that they meet
    asked = chance.random() < 0.8
    return World(
        local=chance.choice(LOCALS),
        domain=None if chance.random() < 0.02 else _name(chance, base),
        claims=_claims(chance, base),
        rules=_rules(chance, base),
        default="block" if chance.random() < 0.3 else "allow",
        own_names=frozenset({_name(chance, base)} if chance.random() < 0.15 else ()),
        person=PersonFact(chance.choice((None, None, "guest", "member")), chance.random() < 0.05),
        package_asked=asked,
        package=_package(chance) if chance.random() < 0.95 else None,
        signed_in_by=chance.choice((None, "code", "directory")),
        has_access=chance.random() < 0.1,
        open_request=chance.random() < 0.1,
        last_denied_at=chance.choice(DENIALS),
    )


def _name(chance: Random, base: str) -> str:
    return chance.choice(ABOVE) + (base if chance.random() < 0.9 else chance.choice(BASES))


def _claims(chance: Random, base: str) -> tuple[ClaimFact, ...]:
    names = {_name(chance, base) for _ in range(chance.randrange(6))}
    claims = [_claim(chance, name) for name in sorted(names)]
    chance.shuffle(claims)
    return tuple(claims)


def _claim(chance: Random, name: str) -> ClaimFact:
    who = chance.choice("ABC")
    return ClaimFact(
        name,
        chance.random() < 0.6,
        1,
        chance.choice(("domain", "directory")),
        f"Source of {name}",
        who,
        f"Organization {who}",
        chance.choice(("configured", "configured", "proposed")),
        chance.random() < 0.1,
        chance.random() < 0.1,
        chance.random() < 0.2,
    )


def _rules(chance: Random, base: str) -> tuple[ListRuleFact, ...]:
    places = {
        (_rule_name(chance, base), chance.choice(("alone", "with_subdomains")))
        for _ in range(chance.randrange(5))
    }
    rules = [
        ListRuleFact(
            name,
            breadth,
            chance.choice(("allow", "allow", "block")),
            chance.choice(ENDS),
            f"{name} {breadth}",
        )
        for name, breadth in sorted(places)
    ]
    chance.shuffle(rules)
    return tuple(rules)


def _rule_name(chance: Random, base: str) -> str:
    return chance.choice(RULE_NAMES) if chance.random() < 0.1 else _name(chance, base)


def _package(chance: Random) -> PackageFact:
    """At most one policy of a wide scope, and at most one that names an organization."""
    policies, free = {}, set("ABC")
    for number in range(chance.randrange(5)):
        scope = chance.choice(SCOPES)
        named = (
            frozenset(chance.sample(sorted(free), chance.randrange(len(free) + 1)))
            if scope == "named"
            else frozenset()
        )
        free -= named
        wanted = PolicyFact(
            str(number),
            f"Policy {number}",
            scope,
            named,
            ONE_STAGE if chance.random() < 0.5 else (),
            chance.random() < 0.85,
        )
        policies[scope if scope not in {"named", "nobody"} else number] = wanted
    return PackageFact(PACKAGE, "Badge", chance.random() < 0.9, tuple(policies.values()))


def _names_above(domain: str | None) -> set[str]:
    parts = domain.split(".") if domain else []
    return {".".join(parts[start:]) for start in range(len(parts))}
