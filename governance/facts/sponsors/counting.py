"""Which organizations have sponsors that count, for very many at a time (product rule 36).

`Organization.sponsored_by` says which kinds of sponsors count, the allow and deny list apart: the
actions that change people, sponsorships and claims keep it. What the list says depends on the time,
so it is asked here: from its rules to the external sponsors that they cover, since there are few
rules and many people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from ...db.value_lists import InStatement
from ...models import ListDefault, Organization, Person, Sponsorship
from ...rules.domain_list import ALLOW, BLOCK
from ..domain_list.deciding_rules import (
    decided_rows,
    organizations_with_all_blocked,
    organizations_with_some_allowed,
    parameters,
)

BY = Organization.SponsoredBy
INTERNAL, EXTERNAL, NONE = "internal", "external", "none"
# An external sponsor counts for the one organization that they belong to. Concatenated, so that no
# planner starts from the people in a state; single rows by their unique indexes, so that none joins
# whole tables.
_COUNTS = """
t.kind || '' = 'guest' AND t.state || '' IN ('active', 'invited')
AND (SELECT s.kind FROM governance_sponsorship s
     WHERE s.organization_id = t.organization_id AND s.person_id = t.id) = 'external'
AND (SELECT COUNT(*) FROM governance_person b
     WHERE b.mailbox = t.mailbox AND b.state = 'blocked') = 0
"""
_COUNT_OF_ALL = f"""
SELECT COUNT(*) FROM governance_sponsorship o JOIN governance_person t ON t.id = o.person_id
WHERE o.organization_id = decided.organization_id
AND t.organization_id = decided.organization_id AND {_COUNTS}
"""


def counting(sponsorships: QuerySet) -> QuerySet:
    """Return those that count, the allow and deny list apart."""
    blocked = Person.objects.filter(mailbox=OuterRef("person__mailbox"), state=Person.State.BLOCKED)
    internal = Q(
        kind=Sponsorship.Kind.INTERNAL,
        person__kind=Person.Kind.MEMBER,
        person__state=Person.State.ACTIVE,
    )
    external = Q(
        kind=Sponsorship.Kind.EXTERNAL,
        person__kind=Person.Kind.GUEST,
        person__state__in=[Person.State.ACTIVE, Person.State.INVITED],
        person__organization=F("organization"),
    )
    present = sponsorships.filter(organization__deleted_at__isnull=True)
    return present.filter(internal | external).exclude(Exists(blocked))


def sponsored_by() -> Case:
    """Return the expression for what `sponsored_by` has to say about an organization."""
    mine = counting(Sponsorship.objects.filter(organization=OuterRef("pk")))
    internal, external = (Exists(mine.filter(kind=kind)) for kind in Sponsorship.Kind.values)
    return Case(
        When(Q(internal) & Q(external), then=Value(BY.BOTH)),
        When(Q(internal), then=Value(BY.INTERNAL)),
        When(Q(external), then=Value(BY.EXTERNAL)),
        default=Value(BY.NOBODY),
        output_field=CharField(),
    )


@dataclass(frozen=True, slots=True)
class Term:
    """A value of `sponsored_by` that fits, where `also` holds."""

    values: tuple[str, ...]
    also: Q


def sponsored(wanted: str, default: str | None, at: datetime) -> tuple[Term, ...]:
    """Return the terms, of which one has to hold, for organizations with sponsors of the wanted
    kind that count, or with none.

    `default` is what the list does with domains that have no rule; None asks the database.
    """
    if wanted == INTERNAL:
        return (Term((BY.INTERNAL, BY.BOTH), Q()),)
    if wanted == EXTERNAL:
        return (Term((BY.EXTERNAL, BY.BOTH), ~_all_blocked(default, at)),)
    return (Term((BY.NOBODY,), Q()), Term((BY.EXTERNAL,), _all_blocked(default, at)))


def depends_on_default(wanted: str) -> bool:
    """Return whether the answer can depend on the default of the allow and deny list."""
    return wanted in (EXTERNAL, NONE)


def _all_blocked(default: str | None, at: datetime) -> Q:
    """The condition that the list blocks every external sponsor who would count."""
    if default is None:
        blocks = Q(Exists(ListDefault.objects.filter(effect=BLOCK)))
        return blocks & _all_blocked(BLOCK, at) | ~blocks & _all_blocked(ALLOW, at)
    decided = decided_rows("governance_person", key="domain_key", identity="id", where=_COUNTS)
    today = parameters(at)
    if default == BLOCK:
        return ~Q(InStatement("pk", organizations_with_some_allowed(decided), today))
    return Q(InStatement("pk", organizations_with_all_blocked(decided, _COUNT_OF_ALL), today))
