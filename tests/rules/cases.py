"""Facts in one line each, around one partner: Fabrikam claims fabrikam.example and Badge has a
policy that names it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from governance.rules.access_packages.policies import PackageFact, PolicyFact
from governance.rules.access_packages.stages import Stage
from governance.rules.claims import ClaimFact
from governance.rules.domain_list import ListRuleFact
from governance.rules.eligibility.facts import Facts, PackageHistory
from governance.rules.email_domains import canonical_email

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FABRIKAM, CONTOSO = "fabrikam-id", "contoso-id"
UMA = "6f0c41d2-93ab-4e57-b1c8-20d97e5a13f4"
ONE_STAGE = (Stage("internal_sponsors", fallback=(UMA,)),)


def claim(name: str = "fabrikam.example", covers: bool = True, **more) -> ClaimFact:
    known = {
        "source_id": 1,
        "source_kind": "domain",
        "source_label": name,
        "organization_id": FABRIKAM,
        "organization_name": "Fabrikam",
        "organization_state": "configured",
    }
    return ClaimFact(name, covers, **known | more)


def contoso(name: str, covers: bool = True, **more) -> ClaimFact:
    return claim(
        name, covers, organization_id=CONTOSO, organization_name="Contoso", source_id=2, **more
    )


def allow(
    name: str, breadth: str = "with_subdomains", ends_at: datetime | None = None
) -> ListRuleFact:
    return ListRuleFact(name, breadth, "allow", ends_at, key=f"{name} {breadth}")


def block(
    name: str, breadth: str = "with_subdomains", ends_at: datetime | None = None
) -> ListRuleFact:
    return ListRuleFact(name, breadth, "block", ends_at, key=f"{name} {breadth}")


def policy(
    scope: str = "named", *organizations: str, needs_approval: bool = True, **more
) -> PolicyFact:
    """With one stage, unless no approval is needed."""
    named = frozenset(organizations or (FABRIKAM,)) if scope == "named" else frozenset()
    stages = ONE_STAGE if needs_approval else ()
    return PolicyFact(scope, f"The {scope} one", scope, named, stages, **more)


def package(*policies: PolicyFact, **more) -> PackageFact:
    return PackageFact("badge-id", "Badge", policies=policies, **more)


BADGE = package(policy())


def facts(email: str = "bob@eng.fabrikam.example", **more) -> Facts:
    """Asked for Badge, covered by Fabrikam, unless said."""
    known = {"claims": (claim(),), "package_asked": True, "package": BADGE}
    return Facts(canonical_email(email), more.pop("at", NOON), **known | _with_history(more))


def _with_history(more: dict) -> dict:
    """What the facts are given, with `access`, `request` and `last_denied_at` as those of Badge."""
    past = {key: more.pop(key) for key in ("access", "request", "last_denied_at") if key in more}
    return more | {"history": {BADGE.id: PackageHistory(**past)}} if past else more


def without_package(email: str = "bob@eng.fabrikam.example", **more) -> Facts:
    return facts(email, package_asked=False, package=None, **more)
