"""The decision about an address as the portal is now, or as it would be: its facts by one
statement, whatever the size of the tables.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import DateTimeField, Model, QuerySet, TextField, UUIDField

from ..db.combined_query import Combined, combine, json_list
from ..db.kept_statements import Varying, kept
from ..db.value_lists import InStatement, RawStatement, each_text
from ..models import (
    Claim,
    ListDefault,
    ListRule,
    OwnName,
    Package,
    Person,
    Policy,
    PolicyOrganization,
)
from ..rules import email_domains
from ..rules.decision import Reason, Refused
from ..rules.domain_list import ALLOW
from ..rules.eligibility import ClaimFact, Eligibility, Facts, PackageFact, PersonFact, decide
from ..rules.eligibility.any_package import decide_for_any
from ..rules.email_domains import Address, canonical_email
from ..rules.names import name_key
from .access_packages.policies import package_facts, package_lists
from .access_requests.history import histories, history_lists, history_values
from .claims.covering import CLAIM_COLUMNS, claim_fact
from .claims.look_alikes import imitated_name
from .domain_list.verdicts import RULE_COLUMNS, list_rule_fact
from .vouching import voucher_fact, voucher_list, vouchers_of

_PACKAGE = (  # the one with that public id; only without such, the one with that name
    "SELECT id FROM governance_package WHERE uuid = %s UNION ALL SELECT id FROM governance_package"
    " WHERE name_key = %s AND NOT EXISTS (SELECT 1 FROM governance_package WHERE uuid = %s)"
)
_ASKED = "SELECT id FROM asked"
_ORGANIZATION = "SELECT id FROM governance_organization WHERE uuid = %s"
_NO_KEY = UUID(int=0)
KNOWN = (
    Person.State.ACTIVE,
    Person.State.BLOCKED,
)  # a blocked member is a member still, and is rows that they are blocked


def may_request(
    email: str,
    package: str = "",
    *,
    at: datetime,
    signed_in_by: str | None = None,
    as_if: tuple[ClaimFact, ...] = (),
) -> Eligibility:
    """May this address request this package (by name or public id; "": any at all) at that moment,
    and why. One statement.

    `as_if` are all claims that an organization would have, in place of those it has.
    """
    return _decided(*_gathered(email, package, at, signed_in_by, as_if))


def explained(
    email: str, package: str = "", *, at: datetime, signed_in_by: str | None = None
) -> Eligibility:
    """The same, for people who are to understand it: an address without an organization is also
    compared with names it may imitate.
    """
    return explanation(*_gathered(email, package, at, signed_in_by))


def explanation(facts: Facts, packages: list[PackageFact]) -> Eligibility:
    """The same of facts that are known. At most one statement."""
    if facts.address and not facts.own_name and not facts.claim:
        facts = replace(facts, imitates=imitated_name(facts.domain, facts.at))
    return _decided(facts, packages)


def _decided(facts: Facts, packages: list[PackageFact]) -> Eligibility:
    return decide(facts) if facts.package_asked else decide_for_any(facts, packages)


def facts_about(
    email: str,
    package: str = "",
    *,
    at: datetime,
    signed_in_by: str | None = None,
    as_if: tuple[ClaimFact, ...] = (),
) -> Facts:
    """What the decision rests on.

    Without a package these are the facts that hold for every package, without what the mailbox has
    and requested.
    """
    return _gathered(email, package, at, signed_in_by, as_if, every=False)[0]


def facts_and_packages(email: str, at: datetime) -> tuple[Facts, list[PackageFact]]:
    """The facts that hold for every package, and all packages with what can decide about the
    address. One statement.
    """
    return _gathered(email, "", at, None)


def asked_for(key: str, facts: Facts, packages: Iterable[PackageFact]) -> Facts:
    """The facts for the one of the packages that has this public id."""
    package = next((each for each in packages if each.id == key), None)
    return replace(facts, package_asked=True, package=package, package_typed=key)


def _gathered(
    email: str,
    package: str,
    at: datetime,
    signed_in_by: str | None,
    as_if: tuple[ClaimFact, ...] = (),
    *,
    every: bool = True,
) -> tuple[Facts, list[PackageFact]]:
    """The facts, and where no package is asked about and `every` is, all packages with what can
    decide about the address.
    """
    address, malformed = _address(email)
    values = {
        "names": json.dumps(email_domains.parents(address.domain) if address else ()),
        "mailbox": address.mailbox if address else "",
        "package_key": _key(package),
        "package_name": name_key(package),
        "organization": UUID(as_if[0].organization_id) if as_if else _NO_KEY,
        **history_values(at),
    }
    wants_every = every and not package
    statement = kept(("decision", wants_every), lambda: _statement(wants_every, values, at))
    _counts, rows = statement.run(values)
    claims = tuple(claim_fact(*row) for row in rows["claims"])
    packages = package_facts(rows)
    asked = next(iter(packages), None) if package else None
    facts = Facts(
        address,
        at,
        malformed=malformed,
        own_names=frozenset(name for (name,) in rows["own_names"]),
        person=person_fact(rows["people"], address),
        claims=_as_if(claims, as_if) if as_if else claims,
        list_rules=tuple(list_rule_fact(*row) for row in rows["rules"]),
        list_default=rows["default"][0][0] if rows["default"] else ALLOW,
        package_asked=bool(package),
        package=asked,
        package_typed=package,
        signed_in_by=signed_in_by,
        voucher=next((voucher_fact(*row) for row in rows["vouchers"]), None),
        history=histories(rows, at),
    )
    return facts, packages


def _statement(every_package: bool, values: dict[str, object], at: datetime) -> Combined:
    """Everything by its index, but every package where all are asked about: names at or above the
    domain, the mailbox with what it has and requested, the package, its wide policies and those
    that name a holder.
    """

    def text(name: str) -> Varying:
        return Varying(name, values[name], TextField())

    def key(name: str) -> Varying:
        return Varying(name, values[name], UUIDField())

    mailbox, is_named = text("mailbox"), InStatement("name", "SELECT value FROM names", ())
    shared = {"names": each_text(text("names"))}
    if not every_package:
        keys = (key("package_key"), text("package_name"), key("package_key"))
        shared["asked"] = RawStatement(_PACKAGE, keys)
    claims = Claim.objects.present().filter(is_named)

    def of_package(model: type[Model], column: str) -> QuerySet:
        rows = model._default_manager.all()
        return rows if every_package else rows.filter(InStatement(column, _ASKED, ()))

    holders, holder_params = claims.values("organization").query.sql_with_params()
    vouchers = vouchers_of(mailbox, Varying("at", at, DateTimeField()))
    vouching, vouching_params = vouchers.values("organization").query.sql_with_params()
    either = InStatement(
        "organization",
        f"{_ORGANIZATION} UNION ALL {holders} UNION ALL {vouching}",
        (key("organization"), *holder_params, *vouching_params),
    )
    named = of_package(PolicyOrganization, "package").filter(either)
    return combine(
        {},
        {
            "claims": json_list(claims, *CLAIM_COLUMNS),
            "rules": json_list(ListRule.objects.filter(is_named), *RULE_COLUMNS),
            "default": json_list(ListDefault.objects.all(), "effect"),
            "own_names": json_list(OwnName.objects.filter(is_named), "name"),
            "people": json_list(Person.objects.filter(mailbox=mailbox), "email", "kind", "state"),
            "vouchers": voucher_list(vouchers),
            **history_lists(mailbox, at),
            **package_lists(named, of_package(Package, "pk"), of_package(Policy, "package")),
        },
        shared,
    ).shortened()


def _address(email: str) -> tuple[Address | None, Reason | None]:
    try:
        return canonical_email(email), None
    except Refused as refusal:
        return None, refusal.reasons[0]


def _key(package: str) -> UUID:
    """The package's public id; one that no package has where a name was given."""
    try:
        return UUID(package)
    except ValueError:
        return _NO_KEY


def _as_if(present: tuple[ClaimFact, ...], wanted: tuple[ClaimFact, ...]) -> tuple[ClaimFact, ...]:
    names, holders = {claim.name for claim in wanted}, {claim.organization_id for claim in wanted}
    return (
        *(
            claim
            for claim in present
            if claim.name not in names and claim.organization_id not in holders
        ),
        *wanted,
    )


def person_fact(rows: list, address: Address | None) -> PersonFact:
    """What is known of a mailbox, out of address, kind and state of each of its accounts."""
    kind = next(
        (
            kind
            for email, kind, state in rows
            if address and email == address.text and state in KNOWN
        ),
        None,
    )
    return PersonFact(
        kind, is_blocked=any(state == Person.State.BLOCKED for _email, _kind, state in rows)
    )
