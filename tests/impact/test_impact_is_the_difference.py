"""What an impact says equals the difference between the decision asked before and after the change.

Worlds, changes and addresses are random; the answers come from the decision over the database.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from random import Random

import pytest
from django.db import transaction

from governance.actions.confirmation import expected_confirmation
from governance.facts.eligibility import may_request
from governance.facts.invitations import invitability
from governance.facts.sponsors.sponsorships import sponsor_problems
from governance.impact import Impact, impact_of
from governance.impact.population import population_of
from governance.models import OwnName, Package, Person, PolicyOrganization, Sponsorship
from governance.queries.what_if import saved_test_results
from governance.rules.decision import Refused
from governance.rules.email_domains import name_beneath, parents
from tests import make
from tests.impact.random_changes import ACTING, random_change
from tests.impact.random_portals import portal, rows_named

pytestmark = pytest.mark.django_db
PARTS = 20
WORLDS = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "properties" else 100
NOBODYS = "domain-of-nobody.test"


@dataclass
class Answers:
    """What the decision answers about everybody at one moment."""

    people: dict
    domains: dict
    sponsors: set
    invitations: set
    tests: dict
    requestable: set


@pytest.mark.properties
@pytest.mark.parametrize("part", range(PARTS))
def test_an_impact_says_exactly_what_differs_after_the_change(part):
    for number in range(WORLDS // PARTS):
        try:
            with transaction.atomic():
                _compare(Random(f"impact {part} {number}"), f"part {part}, world {number}")
                raise _Next
        except _Next:
            continue


class _Next(Exception):
    """Undo this world."""


def _compare(chance: Random, which: str) -> None:
    made = portal(chance)
    change = random_change(made)
    if change is None:
        return
    change, action, given, answers = change
    impact = impact_of(change, make.NOON)
    domains = rows_named(lambda: {*change.domains, NOBODYS})
    before = _asked(domains)
    seen = expected_confirmation(impact, answers)
    try:
        if "new" in given:
            given = {"new": replace(given["new"], seen=seen)}
            action(**given, **ACTING)
        else:
            action(**given, **ACTING, seen=seen)
    except Refused as refusal:
        if refusal.code in ("confirmation_required", "effect_changed"):
            raise AssertionError(f"{which}: another impact was shown") from refusal
        return
    after = _asked(domains)
    assert _said(impact, change, domains, before, after) == _happened(before, after), (
        which,
        action.__name__,
        given,
    )


def _asked(domains: list[str]) -> Answers:
    packages = list(Package.objects.order_by("pk"))
    people = Person.objects.exclude(state="removed").order_by("pk")
    return Answers(
        people={person.email: _answer(person.email, packages) for person in people},
        domains={
            name: _answer(f"somebody@{name}", packages)
            for domain in domains
            for name in (domain, name_beneath(domain))
        },
        sponsors={
            (row.person_id, row.organization.name)
            for row in Sponsorship.objects.select_related("person", "organization")
            if _counts(row)
        },
        invitations={
            person.email
            for person in people.filter(state="invited", kind="guest")
            if person.invitations.filter(cancelled_at=None).exists()
            and invitability(person.email, make.NOON, again=True).reason is None
        },
        tests={result.test.name: result.holds for result in saved_test_results(make.NOON)},
        requestable={package.name for package in packages if _is_requestable(package)},
    )


def _answer(email: str, packages) -> tuple:
    answers = {
        package.name: may_request(email, str(package.uuid), at=make.NOON, signed_in_by="directory")
        for package in packages
    }
    claim = next(iter(answers.values())).claim
    allowed = {name: a.approval_needed for name, a in answers.items() if a.allowed}
    name = f"{claim.organization_name}{' (deleted)' * claim.organization_deleted}" if claim else ""
    return name, allowed


def _counts(row: Sponsorship) -> bool:
    problems = sponsor_problems(
        row.kind,
        [row.person.uuid],
        organization_key=str(row.organization.uuid),
        at=make.NOON,
    )
    return not problems and not row.organization.is_deleted


def _is_requestable(package: Package) -> bool:
    rows = package.policies.filter(is_open=True)
    named = rows.filter(
        scope="named", named__in=PolicyOrganization.objects.filter(organization__deleted_at=None)
    )
    wide = rows.filter(scope__in=("all_configured", "any_outside", "members"))
    return package.is_open and (named.exists() or wide.exists())


def _happened(before: Answers, after: Answers) -> dict:
    return {
        "people": _differences(before.people, after.people),
        "domains": _differences(before.domains, after.domains),
        "sponsors stop": before.sponsors - after.sponsors,
        "sponsors again": after.sponsors - before.sponsors,
        "invitations stop": before.invitations - after.invitations,
        "invitations again": after.invitations - before.invitations,
        "tests": {name for name, holds in before.tests.items() if holds and not after.tests[name]},
        "packages": before.requestable - after.requestable,
    }


def _differences(before: dict, after: dict) -> dict:
    return {
        key: (before[key], after[key])
        for key in before
        if key in after and before[key] != after[key]
    }


def _said(impact: Impact, change, domains: list[str], before: Answers, after: Answers) -> dict:
    """What the impact says, put in the shape of what happened: applied to the answers before."""
    people = {each.email: each.difference for each in impact.people}
    return {
        "people": _applied(people, before.people),
        "domains": _applied(_by_domain(impact, change, domains), before.domains),
        "sponsors stop": {(s.id, s.organization) for s in impact.sponsors if s.stops},
        "sponsors again": {(s.id, s.organization) for s in impact.sponsors if not s.stops},
        "invitations stop": {i.email for i in impact.invitations if i.stops},
        "invitations again": {i.email for i in impact.invitations if not i.stops},
        "tests": {test.name for test in impact.tests},
        "packages": set(impact.packages),
    }


def _by_domain(impact: Impact, change, domains: list[str]) -> dict:
    """The difference at each domain: what is said of it, else of subdomains of the nearest domain
    above that was asked about, else of anyone whose domain nothing mentions.
    """
    said = {(each.domain, each.is_beneath): each.difference for each in impact.domains}
    asked = set(population_of(change, make.NOON).domains)
    elsewhere = next((g.difference for g in impact.groups if "no rule" in g.who), None)
    found, ours = {}, set(OwnName.objects.values_list("name", flat=True)) - change.own_added
    for domain in domains:
        if domain not in asked and ours & set(parents(domain)):
            continue
        above = next((name for name in parents(domain) if name in asked), None)
        at = (domain, False) if domain in asked else (above, True)
        found[domain] = said.get(at) if above else elsewhere
        found[name_beneath(domain)] = said.get((above, True)) if above else elsewhere
    return {name: difference for name, difference in found.items() if difference}


def _applied(differences: dict, before: dict) -> dict:
    return {
        key: (before[key], _after(before[key], difference))
        for key, difference in differences.items()
    }


def _after(answer: tuple, difference) -> tuple:
    organization, packages = answer
    assert not difference.moves or difference.before == organization
    lost = {access.package for access in difference.loses}
    assert lost <= set(packages)
    changed = {a.package: a.needs_approval for a in (*difference.gains, *difference.approval)}
    kept = {name: needs for name, needs in packages.items() if name not in lost}
    return (difference.after if difference.moves else organization), kept | changed
