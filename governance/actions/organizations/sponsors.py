"""Naming the people who answer for an organization, and letting them go (product rule 36)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from ...facts.sponsors.sponsorships import people_by_key, sponsor_problems
from ...impact import impact_of
from ...impact.people import changing_sponsors, removing_sponsors
from ...models import Organization, Person, Sponsorship
from ...rules.claims import ClaimFact
from ...rules.decision import Reason, Refused, refuse
from ...rules.organizations import NewOrganization
from ...rules.people import known_sponsor_kind
from ...rules.roles import Actor
from ...rules.values import known_ids
from ..access_requests.following import tell_new_approvers_at
from ..access_requests.holding import hold_requests_at
from ..action import action
from ..audit import record
from ..confirmation import require_confirmation
from ..locks import lock_claims, lock_organization
from .search_entries import refresh_search_entry


@action("Update sponsors", needs="change_organization")
def change_sponsors(
    *,
    organization: Organization,
    kind: str,
    people: Iterable[UUID],
    by: Actor,
    at: datetime,
    expected: Iterable[UUID] | None = None,
    seen: str | None = None,
) -> None:
    """Make `people` the sponsors of this kind: the missing are named, the others let go.

    One event each, as Entra writes them.

    `expected` are the sponsors that were there when people chose; refused with "conflict" when they
    are others by now. `seen` is the fingerprint of the impact that was shown.
    """
    lock_claims()
    hold_requests_at([organization])
    row = lock_organization(organization)
    known_sponsor_kind(kind)
    wanted = set(known_ids(people, field=f"{kind}_sponsors"))
    present = {
        s.person.uuid: s for s in row.sponsorships.filter(kind=kind).select_related("person")
    }
    if expected is not None and set(expected) != set(present):
        raise _conflict(kind, [sponsorship.person for sponsorship in present.values()])
    _require_fit(row, kind, wanted - set(present), at)
    require_confirmation(impact_of(changing_sponsors(row, kind, wanted), at), seen, by=by)
    for sponsorship in (present[key] for key in sorted(set(present) - wanted)):
        _let_go(row, sponsorship, by, at)
    for person in _name(row, kind, wanted - set(present), by, at):
        record(
            f"Assign user as {kind} sponsor",
            by=by,
            at=at,
            target=person,
            organization=row,
            after={"sponsor of": row.name},
        )
    refresh_search_entry(row)
    tell_new_approvers_at([row], at)


@action("Remove sponsor", needs="change_organization")
def remove_sponsor(
    *,
    organization: Organization,
    person: Person,
    by: Actor,
    at: datetime,
    seen: str | None = None,
) -> str:
    """Remove one sponsor and return the kind that they were, internal or external."""
    lock_claims()
    hold_requests_at([organization])
    row = lock_organization(organization)
    sponsorship = row.sponsorships.filter(person_id=person.pk).select_related("person").first()
    if sponsorship is None:
        raise refuse("not_a_sponsor", f"{person} is not a sponsor of {row.name}")
    require_confirmation(impact_of(removing_sponsors(row, [person]), at), seen, by=by)
    _let_go(row, sponsorship, by, at)
    refresh_search_entry(row)
    tell_new_approvers_at([row], at)
    return sponsorship.kind


def fit_sponsors(
    new: NewOrganization, claims: tuple[ClaimFact, ...], at: datetime
) -> dict[str, list[Person]]:
    """Return the sponsors of a new organization by kind, as if it had its `claims` already.

    Raises Refused with every reason why one cannot be its sponsor.
    """
    chosen = {kind: tuple(dict.fromkeys(keys)) for kind, keys in _chosen(new).items()}
    people = people_by_key(key for keys in chosen.values() for key in keys)
    problems = [
        problem
        for kind, keys in chosen.items()
        for problem in sponsor_problems(
            kind, keys, organization_key=str(new.draft), at=at, besides=claims, found=people
        )
    ]
    if problems:
        raise Refused(*problems)
    return {kind: [people[key] for key in keys] for kind, keys in chosen.items()}


def _chosen(new: NewOrganization) -> dict[str, Iterable[UUID]]:
    kinds = Sponsorship.Kind
    return {kinds.INTERNAL: new.internal_sponsors, kinds.EXTERNAL: new.external_sponsors}


def name_sponsors(
    organization: Organization, sponsors: dict[str, list[Person]], *, by: Actor, at: datetime
) -> None:
    """Name the sponsors of a new organization, all of whom count. Creating it is the event."""
    Sponsorship.objects.bulk_create(
        _sponsorship(organization, person, kind, by, at)
        for kind, people in sponsors.items()
        for person in sorted(people, key=attrgetter("pk"))
    )


def _conflict(kind: str, now: list[Person]) -> Refused:
    names = ", ".join(sorted(person.name for person in now)) or "nobody"
    return refuse(
        "conflict",
        f"Someone else changed the {kind} sponsors while you were choosing. They are now: {names}."
        " Your choice is below. Select again to save it instead.",
    )


def _problems(
    organization: Organization, kind: str, people: Iterable[UUID], at: datetime
) -> list[Reason]:
    return sponsor_problems(kind, people, organization_key=str(organization.uuid), at=at)


def _require_fit(
    organization: Organization, kind: str, people: Iterable[UUID], at: datetime
) -> None:
    if problems := _problems(organization, kind, people, at):
        raise Refused(*problems)


def _name(
    organization: Organization, kind: str, people: Iterable[UUID], by: Actor, at: datetime
) -> list[Person]:
    named = list(Person.objects.filter(uuid__in=people).order_by("id"))
    Sponsorship.objects.bulk_create(
        _sponsorship(organization, person, kind, by, at) for person in named
    )
    return named


def _sponsorship(
    organization: Organization, person: Person, kind: str, by: Actor, at: datetime
) -> Sponsorship:
    return Sponsorship(
        organization=organization, person=person, kind=kind, added_at=at, added_by=by.label
    )


def _let_go(organization: Organization, sponsorship: Sponsorship, by: Actor, at: datetime) -> None:
    person, kind = sponsorship.person, sponsorship.kind
    sponsorship.delete()
    record(
        f"Remove user as {kind} sponsor",
        by=by,
        at=at,
        target=person,
        organization=organization,
        before={"sponsor of": organization.name},
    )
