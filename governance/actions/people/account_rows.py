"""The rows of accounts: made, given another state, ended. The actions that do so hold the locks."""

from __future__ import annotations

from datetime import datetime

from ...connectors.django_allauth import second_factors
from ...facts.snapshots import person_snapshot
from ...models import Organization, Person
from ...rules import email_domains
from ...rules.names import clean_person_name, name_key
from ...rules.roles import Actor
from ..audit import record
from ..organizations.membership import recount_people, recount_sponsors, sponsored_by_people
from ..organizations.search_entries import refresh_search_entry


def new_person(
    address: email_domains.Address,
    *,
    name: str,
    kind: str,
    state: str,
    by: Actor,
    at: datetime,
    unit: str = "",
    organization: Organization | None = None,
) -> Person:
    """Write the row of somebody who was not there before, with every column that follows from the
    address.
    """
    name = clean_person_name(name)
    person = Person(
        email=address.text,
        mailbox=address.mailbox,
        domain=address.domain,
        domain_key=email_domains.key(address.domain),
        name=name,
        name_key=name_key(name),
        kind=kind,
        state=state,
        is_active=state == Person.State.ACTIVE,
        created_at=at,
        created_by=by.label,
        changed_at=at,
        unit=unit,
        organization=organization,
    )
    person.set_unusable_password()
    person.save(force_insert=True)
    return person


def end_account(row: Person, activity: str, by: Actor, at: datetime) -> Person:
    """Take away all that an account is: roles, password, authenticators, links, sponsorships.

    Whoever is invited anew starts with nothing.
    """
    before = person_snapshot(row)
    organizations = list(Organization.objects.filter(sponsorships__person=row).order_by("pk"))
    if organizations:
        before["sponsor of"] = [organization.name for organization in organizations]
    row.sponsorships.all().delete()
    for organization in organizations:
        refresh_search_entry(organization)
    row.invitations.filter(accepted_at=None, cancelled_at=None).update(cancelled_at=at)
    row.groups.clear()
    second_factors(row).delete()
    row.set_unusable_password()
    return change_state(row, Person.State.REMOVED, activity, by, at, before)


def change_state(
    row: Person,
    state: str,
    activity: str,
    by: Actor,
    at: datetime,
    before: dict[str, object] | None = None,
) -> Person:
    """Give a locked account another state, end its sessions, and count again what counts it."""
    before = before or person_snapshot(row)
    row.state, row.is_active, row.changed_at = state, state == Person.State.ACTIVE, at
    row.version += 1
    row.session_epoch += 1
    row.save()
    if row.organization_id:
        recount_people([row.organization_id])
    recount_sponsors(sponsored_by_people(Person.objects.at_mailbox(row.mailbox)))
    record(
        activity,
        by=by,
        at=at,
        target=row,
        organization=row.organization,
        before=before,
        after=person_snapshot(row),
    )
    return row
