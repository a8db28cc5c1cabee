"""Which organizations have sponsors that count: the list's filter, the overview, the stored column
and the pages say what the rule says.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from random import Random

import pytest
from django.db import transaction

from governance.actions import domain_list
from governance.actions.organizations import deletion, sources, sponsors
from governance.actions.people import accounts as people
from governance.actions.people import invitations
from governance.facts.domain_list.verdicts import rule_fact
from governance.models import Claim, ListDefault, ListRule, Organization, OwnName, Person
from governance.queries.organizations.detail import parts_of, with_parts
from governance.queries.organizations.filters import OrganizationFilters
from governance.queries.organizations.listing import every_organization, organization_page
from governance.queries.overview import overview_for
from governance.rules import domain_list as list_rules
from governance.rules.claims import ClaimFact, membership
from governance.rules.decision import Refused, refuse
from governance.rules.domain_list import NewListRule
from governance.rules.domains import guards
from governance.rules.organizations import NewSource
from governance.rules.roles import GLOBAL_ADMINISTRATOR, SYSTEM
from governance.rules.sponsors import SponsorFact, is_counted
from tests import make

pytestmark = pytest.mark.django_db
ACTING = {"by": SYSTEM, "at": make.NOON}
LATER = make.NOON + timedelta(days=1)
SHARDS, ROUNDS, DEEDS_IN_A_ROUND = 4, 2, 6
WORLDS_IN_A_SHARD = 60 if os.environ.get("HYPOTHESIS_PROFILE") == "properties" else 2
STORED = {
    frozenset(): "nobody",
    frozenset({"internal"}): "internal",
    frozenset({"external"}): "external",
    frozenset({"internal", "external"}): "both",
}


@pytest.mark.properties
@pytest.mark.parametrize("shard", range(SHARDS))
def test_all_agree_with_the_rule_after_any_sequence_of_actions(shard):
    chance = Random(3_000 + shard)
    for _ in range(WORLDS_IN_A_SHARD):
        with transaction.atomic():
            _world(chance)
            for _ in range(ROUNDS):
                deeds = chance.choices(DEEDS, k=DEEDS_IN_A_ROUND)
                done = [(deed.__name__, _attempt(deed, chance)) for deed in deeds]
                assert disagreements() == [], done
            transaction.set_rollback(True)


def disagreements() -> list[tuple]:
    """What anything says otherwise than the rule, now and tomorrow."""
    found = []
    for at in (make.NOON, LATER):
        rule = {o.name: _by_rule(o, at) for o in Organization.objects.all()}
        apart = {o.name: _by_rule(o, None) for o in Organization.objects.all()}
        said = {
            "stored": (
                {name: STORED[kinds] for name, kinds in apart.items()},
                dict(Organization.objects.values_list("name", "sponsored_by")),
            ),
            "pages": (rule, _by_pages(at)),
            "rows": (rule, _by_rows(at)),
            "filters": (_filtered(rule), {key: _by_filter(at, **key_) for key, key_ in FILTERS}),
            "counts": (_counted(rule), _by_counts(at)),
        }
        found += [
            (at, what, right, answer) for what, (right, answer) in said.items() if right != answer
        ]
    return found


FILTERS = [
    ((view, sponsors), {"view": view, "sponsors": sponsors})
    for view in ("", "deleted")
    for sponsors in ("internal", "external", "none")
]


def _filtered(rule: dict[str, frozenset]) -> dict:
    deleted = set(Organization.objects.deleted().values_list("name", flat=True))
    return {
        (view, sponsors): sorted(
            name
            for name, kinds in rule.items()
            if (name in deleted) == (view == "deleted")
            and (not kinds if sponsors == "none" else sponsors in kinds)
        )
        for (view, sponsors), _filters in FILTERS
    }


def _by_filter(at, **filters) -> list[str]:
    page = organization_page(
        OrganizationFilters(**filters), cursor="", person=Person.objects.first(), at=at
    )
    assert page.total.number == len(page.rows)
    return sorted(row.name for row in page.rows)


def _counted(rule: dict[str, frozenset]) -> int:
    present = set(Organization.objects.present().values_list("name", flat=True))
    return sum(not kinds for name, kinds in rule.items() if name in present)


def _by_counts(at) -> int:
    tasks = overview_for(
        make.actor(Person.objects.get(name="Ada")), at, shows_first_steps=False
    ).tasks
    return next((task.count.number for task in tasks if task.query == "?sponsors=none"), 0)


def _by_pages(at) -> dict[str, frozenset]:
    rows = with_parts(Organization.objects.all())
    return {
        row.name: frozenset(
            each.kind for each in parts_of(row).sponsors(at) if each.why_not is None
        )
        for row in rows
    }


def _by_rows(at) -> dict[str, frozenset]:
    ada = Person.objects.first()
    rows = (
        row
        for view in ("", "deleted")
        for row in every_organization(OrganizationFilters(view=view), person=ada, at=at)
    )
    return {
        row.name: frozenset(
            kind
            for kind, names in (
                ("internal", row.internal_sponsors),
                ("external", row.external_sponsors),
            )
            if names
        )
        for row in rows
    }


def _by_rule(organization: Organization, at) -> frozenset[str]:
    """The rule, asked with facts gathered slowly from whole tables; without `at` as if the list
    said nothing.
    """
    facts = [_fact(sponsorship, at) for sponsorship in organization.sponsorships.all()]
    return frozenset(fact.kind for fact in facts if is_counted(fact))


def _fact(sponsorship, at) -> SponsorFact:
    person, organization = sponsorship.person, sponsorship.organization
    own = guards.own_name_above(
        person.domain, frozenset(OwnName.objects.values_list("name", flat=True))
    )
    default = ListDefault.objects.values_list("effect", flat=True).first() or "allow"
    rules = [rule_fact(rule) for rule in ListRule.objects.all()]
    accounts = Person.objects.filter(mailbox=person.mailbox)
    return SponsorFact(
        sponsorship.kind,
        person.name,
        person.email,
        person.domain,
        person.kind,
        person.state,
        str(organization.uuid),
        is_mailbox_blocked="blocked" in {account.state for account in accounts},
        claim=None if own else membership(person.domain, _every_claim()),
        own_domain=own,
        is_domain_blocked=at is not None
        and list_rules.is_blocked(rules, default, person.domain, at),
        is_organization_deleted=organization.deleted_at is not None,
    )


def _every_claim() -> list[ClaimFact]:
    rows = Claim.objects.filter(released_at=None).select_related("source", "organization")
    return [
        ClaimFact(
            row.name,
            row.source.covers_subdomains,
            row.source_id,
            row.source.kind,
            row.source.label,
            str(row.organization.uuid),
            row.organization.name,
            row.organization.state,
        )
        for row in rows
    ]


# Worlds, and what is done in them

NAMES = ("one.example", "eng.one.example", "two.example", "three.example", "four.example")
PLACES = (*NAMES, "a.eng.one.example", "a.two.example", "elsewhere.example")


def _world(chance: Random) -> None:
    make.member("ada@harbourgate.example", GLOBAL_ADMINISTRATOR, name="Ada")
    for number in range(3):
        make.member(f"member{number}@harbourgate.example", password="x")
    for number, name in enumerate(chance.sample(NAMES, 3)):
        make.organization(f"Partner {number}", name)
    for number in range(6):
        domain, local = chance.choice(PLACES), f"guest{number % 4}"
        _attempt(lambda _: make.guest(f"{local}+{number}@{domain}", password="x"), chance)  # noqa: B023
    for _ in range(6):
        _attempt(_name_sponsors, chance)


def _attempt(deed, chance: Random) -> str:
    try:
        with transaction.atomic():
            deed(chance)
    except Refused as refusal:
        return refusal.code
    return "done"


def _anybody(chance: Random, **where) -> Person:
    found = list(Person.objects.exclude(name="Ada").filter(**where).order_by("id"))
    if not found:
        raise refuse("nobody", "There is none")
    return chance.choice(found)


def _organization(chance: Random, **where) -> Organization:
    found = list(Organization.objects.filter(**where).order_by("id"))
    if not found:
        raise refuse("nobody", "There is none")
    return chance.choice(found)


def _name_sponsors(chance: Random) -> None:
    organization = _organization(chance, deleted_at=None)
    kind = chance.choice(("internal", "external"))
    among = (
        Person.objects.members()
        if kind == "internal"
        else Person.objects.filter(organization=organization)
    )
    keys = sorted(among.values_list("uuid", flat=True))
    chosen = chance.sample(keys, min(len(keys), chance.randrange(3)))
    sponsors.change_sponsors(organization=organization, kind=kind, people=chosen, **ACTING)


def _move_to_other_domains(chance: Random) -> None:
    organization = _organization(chance, deleted_at=None)
    chosen = chance.sample(NAMES, chance.randrange(1, 3))
    wanted = tuple(NewSource(name, covers_subdomains=chance.random() < 0.7) for name in chosen)
    sources.change_sources(organization=organization, sources=wanted, **ACTING)


def _delete(chance: Random) -> None:
    deletion.delete(organization=_organization(chance, deleted_at=None), **ACTING)


def _restore(chance: Random) -> None:
    row = _organization(chance, deleted_at__isnull=False)
    deletion.restore(organization=row, **ACTING)


def _release(chance: Random) -> None:
    row = _organization(chance, deleted_at__isnull=False)
    names = row.claims.present().values_list("name", flat=True)
    deletion.release(organization=row, names=list(names), **ACTING)


def _block(chance: Random) -> None:
    people.block(person=_anybody(chance), **ACTING)


def _unblock(chance: Random) -> None:
    people.unblock(person=_anybody(chance, state="blocked"), **ACTING)


def _remove(chance: Random) -> None:
    people.remove_guest(person=_anybody(chance, kind="guest"), **ACTING)


def _invite(chance: Random) -> None:
    local, domain = f"guest{chance.randrange(4)}+{chance.randrange(8)}", chance.choice(PLACES)
    invitations.invite_guest(email=f"{local}@{domain}", name="", message="", **ACTING)


def _cancel(chance: Random) -> None:
    invitations.cancel(person=_anybody(chance, state="invited"), **ACTING)


def _add_rule(chance: Random) -> None:
    rule = NewListRule(
        chance.choice((*PLACES, "example")),
        chance.choice(("alone", "with_subdomains")),
        chance.choice(("allow", "block", "block")),
        "",
        chance.choice((None, make.NOON.date(), date(2027, 1, 1))),
    )
    domain_list.add_rules(rules=(rule,), **ACTING)


def _remove_rule(chance: Random) -> None:
    rules = list(ListRule.objects.order_by("id"))
    if rules:
        domain_list.remove_rule(rule=chance.choice(rules), **ACTING)


def _change_default(chance: Random) -> None:
    domain_list.change_default(effect=chance.choice(("allow", "allow", "block")), **ACTING)


def _own_domain(chance: Random) -> None:
    own = OwnName.objects.first()
    if own:
        domain_list.remove_own_name(own=own, **ACTING)
    else:
        domain_list.add_own_name(name=chance.choice(PLACES), **ACTING)


DEEDS = (
    _name_sponsors,
    _move_to_other_domains,
    _move_to_other_domains,
    _delete,
    _restore,
    _release,
    _block,
    _unblock,
    _remove,
    _invite,
    _cancel,
    _add_rule,
    _add_rule,
    _remove_rule,
    _change_default,
    _own_domain,
)
