"""Who can be a sponsor of an organization (product rule 36)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from ..models import Person, Sponsorship
from ..rules.decision import Reason
from ..rules.eligibility import ClaimFact, membership
from .claims import candidates


def sponsor_problems(
    kind: str, people: Iterable[UUID], *, organization_key: str, besides: tuple[ClaimFact, ...] = ()
) -> list[Reason]:
    """What stands against these people as sponsors of the organization, whose claims may be given `besides` as if they existed."""
    asked = tuple(dict.fromkeys(people))
    found = {person.uuid: person for person in Person.objects.filter(uuid__in=asked)}
    claims = candidates(person.domain for person in found.values()) + besides
    problems = (_problem(kind, found.get(key), organization_key, claims) for key in asked)
    return [problem for problem in problems if problem]


def _problem(kind: str, person: Person | None, organization_key: str, claims) -> Reason | None:
    field = f"{kind}_sponsors"
    if person is None or person.state == Person.State.REMOVED:
        return Reason("sponsor_gone", "One of the people you chose is no longer here. Choose again", field=field)
    if person.state == Person.State.BLOCKED:
        return Reason("sponsor_blocked", f"{person} is blocked and cannot be a sponsor. Remove {person} or choose someone else", field=field)
    if kind == Sponsorship.Kind.INTERNAL:
        return _internal_problem(person, field)
    claim = membership(person.domain, claims) if not person.is_member else None
    if claim is None or claim.organization_id != organization_key:
        return Reason("sponsor_elsewhere", f"{person} does not belong to this organization", field=field)
    return None


def _internal_problem(person: Person, field: str) -> Reason | None:
    if not person.is_member or person.state != Person.State.ACTIVE:
        return Reason("sponsor_not_a_member", f"{person} is not an active member of your directory", field=field)
    return None
