"""Made-up portals in the database: organizations, people, sponsors, invitations, packages and saved
tests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from uuid import uuid4

from governance.facts.eligibility import may_request
from governance.models import (
    Claim,
    Invitation,
    ListRule,
    Organization,
    OwnName,
    Package,
    Person,
    Policy,
    PolicyOrganization,
    SavedTest,
    Source,
    Sponsorship,
)
from governance.rules.access_packages.stages import stages_to_json
from governance.rules.domains import guards
from governance.rules.names import name_key
from tests import make
from tests.rules.cases import ONE_STAGE

BASES = ("fabrikam.example", "firm.co.uk", "xn--bcher-kva.example", "gmail.com")
ABOVE = ("", "", "", "eng.", "a.eng.", "lab.")
LOCALS = ("bob", "bob+x", "ann", "support", "zoe")
WHO = {"created_at": make.NOON, "changed_at": make.NOON, "changed_by": "x"}
SCOPES = ("named", "named", "all_configured", "any_outside", "members", "nobody")


@dataclass
class Portal:
    """What was stored, and the chance by which it was made."""

    chance: Random
    organizations: list[Organization]
    packages: list[Package]
    names: list[str]

    def name(self) -> str:
        """A domain, most of them of one family, so that they meet."""
        base = self.names[0] if self.chance.random() < 0.8 else self.chance.choice(BASES)
        return self.chance.choice(ABOVE) + base

    def some(self, rows):
        """One of the rows, or none where there is none."""
        rows = list(rows)
        return self.chance.choice(rows) if rows else None


def portal(chance: Random) -> Portal:
    """Store a made-up portal."""
    made = Portal(chance, [], [], [chance.choice(BASES)])
    for step in (_organizations, _list, _own, _people, _sponsors, _packages, _tests):
        step(made)
    return made


def _organizations(made: Portal) -> None:
    chance = made.chance
    names = {made.name() for _ in range(chance.randrange(1, 6))}
    keys = "ABC"[: len(names)]  # each has a domain, as every organization does
    made.organizations += [_organization(chance, key) for key in keys]
    for place, name in enumerate(sorted(names)):
        owners = made.organizations
        owner = owners[place] if place < len(owners) else chance.choice(owners)
        source = Source.objects.create(
            organization=owner,
            kind="domain",
            label=name,
            typed_name=name,
            covers_subdomains=chance.random() < 0.7,
            created_at=make.NOON,
            public_mail_accepted=True,
            in_doubt_since=make.NOON if chance.random() < 0.1 else None,
        )
        Claim.objects.create(
            source=source, organization=owner, **guards.stored(name), created_at=make.NOON
        )


def _organization(chance: Random, key: str) -> Organization:
    name = f"Organization {key}"
    return Organization.objects.create(
        name=name,
        name_key=name_key(name),
        state=chance.choice(("configured", "configured", "proposed")),
        deleted_at=make.NOON if chance.random() < 0.15 else None,
        created_by="x",
        **WHO,
    )


def _list(made: Portal) -> None:
    chance = made.chance
    places = {
        (made.name() if chance.random() < 0.85 else "example", breadth)
        for breadth in ("alone", "with_subdomains")
        for _ in range(chance.randrange(2))
    }
    for name, breadth in sorted(places):
        make.list_rule(name, breadth=breadth, effect=chance.choice(("allow", "block")))
    if chance.random() < 0.2:
        make.list_default("block")


def _own(made: Portal) -> None:
    if made.chance.random() < 0.15:
        make.own_name(made.name())


def _people(made: Portal) -> None:
    chance = made.chance
    for number in range(chance.randrange(1, 5)):
        email = f"{chance.choice(LOCALS)}{number if chance.random() < 0.5 else ''}@{made.name()}"
        if Person.objects.filter(email=email).exists():
            continue
        state = chance.choice(("active", "active", "invited", "blocked"))
        person = make.guest(email, state=state)
        if state == "invited":
            Invitation.objects.create(
                person=person,
                purpose="guest",
                token_hash=uuid4().hex,
                created_at=make.NOON,
                created_by="x",
                expires_at=make.NOON.replace(year=2027),
            )
    for local in ("mia", "sam"):
        make.member(f"{local}@home.example", state=chance.choice(("active", "active", "blocked")))


def _sponsors(made: Portal) -> None:
    for organization in made.organizations:
        for person in Person.objects.order_by("pk"):
            if made.chance.random() < 0.3:
                kind = "internal" if person.is_member else "external"
                Sponsorship.objects.create(
                    organization=organization, person=person, kind=kind, added_at=make.NOON
                )


def _packages(made: Portal) -> None:
    for name in ("Badge", "Drawings"):
        package = Package.objects.create(
            name=name,
            name_key=name.lower(),
            is_open=made.chance.random() < 0.9,
            created_by="x",
            **WHO,
        )
        made.packages.append(package)
        free = list(made.organizations)
        wide: set[str] = set()
        for number in range(made.chance.randrange(4)):
            _policy(made, package, f"Policy {number}", free, wide)


def _policy(made: Portal, package: Package, name: str, free: list, wide: set[str]) -> None:
    chance, scope = made.chance, made.chance.choice(SCOPES)
    if scope in wide:
        return
    if scope in ("all_configured", "any_outside", "members"):
        wide.add(scope)
    policy = Policy.objects.create(
        package=package,
        name=name,
        scope=scope,
        stages=stages_to_json(ONE_STAGE) if scope == "any_outside" or chance.random() < 0.5 else [],
        is_open=chance.random() < 0.85,
        **WHO,
    )
    for _ in range(chance.randrange(3) if scope == "named" else 0):
        if free:
            organization = free.pop(chance.randrange(len(free)))
            PolicyOrganization.objects.create(
                policy=policy, package=package, organization=organization
            )


def _tests(made: Portal) -> None:
    """Tests that hold, so that a change can break them."""
    for number in range(made.chance.randrange(3)):
        email = f"{made.chance.choice(LOCALS)}@{made.name()}"
        package = made.chance.choice((None, *made.packages))
        answer = may_request(email, str(package.uuid) if package else "", at=make.NOON)
        SavedTest.objects.create(
            name=f"Test {number}",
            email=email,
            package=package,
            expects_allowed=answer.allowed,
            added_at=make.NOON,
            added_by="x",
        )


def rows_named(names: Callable) -> list[str]:
    """Every domain that something is stored about."""
    stored = [
        *Claim.objects.values_list("name", flat=True),
        *ListRule.objects.values_list("name", flat=True),
        *OwnName.objects.values_list("name", flat=True),
        *Person.objects.guests().values_list("domain", flat=True),
    ]
    return sorted({*stored, *names()})
