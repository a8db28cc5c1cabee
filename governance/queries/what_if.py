"""What the what-if checker shows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from ..db.combined_query import json_list, run_combined
from ..db.value_lists import in_texts
from ..facts.access_packages.policies import package_facts, package_lists
from ..facts.access_packages.requestable import Grant, grants_among
from ..facts.claims.covering import CLAIM_COLUMNS, claim_fact
from ..facts.domain_list.verdicts import RULE_COLUMNS, list_rule_fact
from ..facts.eligibility import asked_for, explanation, facts_and_packages, person_fact
from ..facts.vouching import voucher_fact, voucher_list
from ..models import (
    Claim,
    ListDefault,
    ListRule,
    OwnName,
    Package,
    Person,
    PolicyOrganization,
    SavedTest,
    Voucher,
)
from ..rules import email_domains
from ..rules.claims import ClaimsByName
from ..rules.decision import Refused
from ..rules.domain_list import ALLOW, RulesByName
from ..rules.eligibility import Eligibility, Facts, PackageFact, decide
from ..rules.eligibility.any_package import AnyEligibility, PackageAnswer, decide_for_any
from ..rules.vouching import VoucherFact


@dataclass(frozen=True, slots=True)
class SavedTestResult:
    test: SavedTest
    answer: Eligibility

    @property
    def holds(self) -> bool:
        return self.answer.allowed == self.test.expects_allowed


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The answer about an address, and the listed packages that the person would see; none when the
    address is nobody's.
    """

    address: str
    answer: Eligibility
    would_see: tuple[Grant, ...]

    @property
    def what(self) -> str:
        """What was asked about, as the object of a sentence."""
        steps = (each for each in self.answer.reasons if each.code == "package_unknown")
        if (step := next(steps, None)) and step.passed and step.refers_to:
            return step.refers_to.label
        return "at least one access package" if self.answer.allowed else "any access package"

    @property
    def packages(self) -> tuple[PackageAnswer, ...]:
        """The answer about each access package, where any was asked about; those that can be
        requested first.
        """
        answer = self.answer
        found = answer.packages if isinstance(answer, AnyEligibility) else ()
        return tuple(sorted(found, key=lambda each: not each.answer.allowed))


def answer_for(typed: str, package: str, at: datetime) -> WhatIf:
    """The decision for a whole address, or for anybody at a whole domain.

    `package` is the public id of one, or "" for any. One statement, and one more for an address
    without an organization.
    """
    address = _address(typed)
    facts, packages = facts_and_packages(address, at)
    asked = asked_for(package, facts, packages) if package else facts
    return WhatIf(address, explanation(asked, packages), tuple(grants_among(packages, facts)))


def _address(typed: str) -> str:
    try:
        return typed if "@" in typed else f"somebody@{email_domains.canonical_domain(typed)}"
    except Refused:
        return typed


def package_choices() -> list[tuple[str, str]]:
    """Return the public id and the name of every access package, by name."""
    return [
        (str(key), name)
        for key, name in Package.objects.order_by("name_key").values_list("uuid", "name")
    ]


def saved_test_results(at: datetime) -> list[SavedTestResult]:
    """Every saved test, asked again at that moment.

    Two statements, however many tests there are.
    """
    tests = list(SavedTest.objects.select_related("package").order_by("name", "id"))
    if not tests:
        return []
    known = _known_about(tests, at)
    return [SavedTestResult(test, known.answer(test, at)) for test in tests]


@dataclass(frozen=True, slots=True)
class _Known:
    """What decides about the addresses of all tests."""

    claims: ClaimsByName
    rules: RulesByName
    list_default: str
    own_domains: frozenset[str]
    people: dict[str, list]
    vouchers: dict[str, VoucherFact]
    packages: tuple[PackageFact, ...]

    def answer(self, test: SavedTest, at: datetime) -> Eligibility:
        """The same as `may_request` answers to somebody who has no access and no open request: a
        test is about the rules, and does not fail because its person has access meanwhile.
        """
        address = email_domains.canonical_email(test.email)
        facts = Facts(
            address,
            at,
            own_names=self.own_domains,
            person=person_fact(self.people.get(address.mailbox, []), address),
            claims=self.claims.above(address.domain),
            list_rules=self.rules.above(address.domain),
            list_default=self.list_default,
            voucher=self.vouchers.get(address.mailbox),
        )
        if test.package is None:
            return decide_for_any(facts, self.packages)
        return decide(asked_for(str(test.package.uuid), facts, self.packages))


def _known_about(tests: list[SavedTest], at: datetime) -> _Known:
    """One statement."""
    addresses = [email_domains.canonical_email(test.email) for test in tests]
    names = {parent for each in addresses for parent in email_domains.parents(each.domain)}
    mailboxes = json.dumps(sorted({each.mailbox for each in addresses}))
    _counts, rows = run_combined({}, _lists(json.dumps(sorted(names)), mailboxes, at))
    people: dict[str, list] = {}
    for mailbox, *person in rows["people"]:
        people.setdefault(mailbox, []).append(person)
    return _Known(
        ClaimsByName(claim_fact(*row) for row in rows["claims"]),
        RulesByName(list_rule_fact(*row) for row in rows["rules"]),
        rows["default"][0][0] if rows["default"] else ALLOW,
        frozenset(name for (name,) in rows["ours"]),
        people,
        {fact.mailbox: fact for fact in (voucher_fact(*row) for row in rows["vouchers"])},
        tuple(package_facts(rows)),
    )


def _lists(names: str, mailboxes: str, at: datetime) -> dict[str, QuerySet]:
    claims = Claim.objects.present().filter(in_texts("name", names))
    vouchers = Voucher.objects.in_force(at).filter(in_texts("mailbox", mailboxes))
    named = PolicyOrganization.objects.filter(
        Q(organization__in=claims.values("organization"))
        | Q(organization__in=vouchers.values("organization"))
    )
    accounts = Person.objects.filter(in_texts("mailbox", mailboxes))
    return {
        "claims": json_list(claims, *CLAIM_COLUMNS),
        "vouchers": voucher_list(vouchers),
        "rules": json_list(ListRule.objects.filter(in_texts("name", names)), *RULE_COLUMNS),
        "default": json_list(ListDefault.objects.all(), "effect"),
        "ours": json_list(OwnName.objects.filter(in_texts("name", names)), "name"),
        "people": json_list(accounts, "mailbox", "email", "kind", "state"),
        **package_lists(named),
    }
