"""What can be done to people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.contrib.auth.models import Group

from ...facts.accounts import account_fact
from ...facts.snapshots import person_snapshot
from ...impact import impact_of
from ...impact.people import blocking, removing, unblocking
from ...models import Organization, OwnName, Person
from ...rules import email_domains
from ...rules.account_changes import (
    AccountFact,
    cannot_be_blocked,
    cannot_be_removed,
    cannot_be_unblocked,
    leaves_no_global_administrator,
)
from ...rules.decision import Refused, refuse
from ...rules.domains import guards
from ...rules.names import clean_person_name, clean_unit, name_key
from ...rules.people import known_password
from ...rules.roles import (
    GLOBAL_ADMINISTRATOR,
    Actor,
    known_roles,
    permission_to_block,
    sentence_of_who_may,
)
from ...rules.values import known_text
from ..access_requests.ending import end_access_of
from ..access_requests.following import tell_new_approvers_at, tell_new_approvers_of
from ..access_requests.holding import hold_requests_of
from ..action import action, named
from ..audit import record
from ..confirmation import require_confirmation
from ..locks import lock_claims, lock_person, lock_roles, lock_row
from ..organizations.search_entries import refresh_search_entry
from .account_rows import change_state, end_account, new_person


@action(
    "Create first administrator",
    needs="grant_role",
    about=lambda *, email, **_: named("person", email),
)
def create_first_administrator(
    *, email: str, password: str, by: Actor, at: datetime
) -> Person | None:
    """Make the portal's first Global administrator, and their domain our own name.

    None when there is one already.
    """
    if Person.objects.holding(GLOBAL_ADMINISTRATOR).exists():
        return None
    address = email_domains.canonical_email(known_text(email, field="email"))
    known_password(password)
    person = new_person(
        address,
        name=address.local,
        kind=Person.Kind.MEMBER,
        state=Person.State.ACTIVE,
        by=by,
        at=at,
    )
    person.set_password(password)
    person.save(update_fields=["password"])
    person.groups.add(Group.objects.get(name=GLOBAL_ADMINISTRATOR))
    if not guards.is_public_mail(address.domain):
        columns = guards.stored(address.domain) | {"added_at": at, "added_by": by.label}
        OwnName.objects.get_or_create(name=address.domain, defaults=columns)
    record(
        create_first_administrator.activity,
        by=by,
        at=at,
        target=person,
        after=person_snapshot(person),
    )
    return person


@action("Update user", needs="block_guest")
def change_details(*, person: Person, name: str, unit: str, by: Actor, at: datetime) -> Person:
    """Give a person another name or unit.

    The address stays: another address is another person (product rule 4).
    """
    lock_claims()
    row = lock_person(person)
    _require(permission_to_block(row.kind), by)
    before, name, unit = (
        {"name": row.name, "unit": row.unit},
        clean_person_name(name),
        clean_unit(unit),
    )
    if before == {"name": name, "unit": unit}:
        return row
    row.name, row.name_key, row.unit, row.changed_at, row.version = (
        name,
        name_key(name),
        unit,
        at,
        row.version + 1,
    )
    row.save()
    for organization in Organization.objects.filter(sponsorships__person=row):
        refresh_search_entry(organization)
    record(
        change_details.activity,
        by=by,
        at=at,
        target=row,
        organization=row.organization,
        before=before,
        after={"name": name, "unit": unit},
    )
    return row


@action("Block user")
def block(*, person: Person, by: Actor, at: datetime, seen: str | None = None) -> Person:
    """Block a person: the whole mailbox can neither sign in nor request, its sessions and its
    access end now, and its open requests are withdrawn (product rule 32).

    Sponsorships stay, unheard: whoever decides instead is asked.
    """
    lock_claims()
    lock_roles()
    hold_requests_of(person.mailbox)
    everyone = _at_the_same_mailbox(person)
    row = next((each for each in everyone if each.pk == person.pk), None) or lock_person(person)
    _require_blockable(row, everyone, by)
    require_another_global_administrator(*everyone)
    require_confirmation(impact_of(blocking(row), at), seen, by=by)
    for other in everyone:
        if other != row:
            _end_sessions(other)
    change_state(row, Person.State.BLOCKED, block.activity, by, at)
    end_access_of(everyone, "Your account was blocked.", by=by, at=at)
    tell_new_approvers_of(everyone, at)
    return row


@action("Unblock user")
def unblock(*, person: Person, by: Actor, at: datetime, seen: str | None = None) -> Person:
    """Give a blocked person back the state they had, and ask them what they can decide again.

    Access and requests that ended with the block stay so. Raises Refused when they are not blocked.
    """
    lock_claims()
    hold_requests_of(person.mailbox)
    row = lock_person(person)
    _require(permission_to_block(row.kind), by)
    require_possible(cannot_be_unblocked, row)
    require_confirmation(impact_of(unblocking(row), at), seen, by=by)
    change_state(row, row.state_when_unblocked, unblock.activity, by, at)
    tell_new_approvers_of([row], at)
    return row


@action("Delete external user", needs="block_guest")
def remove_guest(*, person: Person, by: Actor, at: datetime, seen: str | None = None) -> Person:
    """Remove a guest, whose access ends now and whose open requests are withdrawn.

    The row stays for the record; they can be invited again.
    """
    lock_claims()
    hold_requests_of(person.mailbox)
    row = lock_row(person, "person_gone")
    require_possible(cannot_be_removed, row)
    require_confirmation(impact_of(removing(row), at), seen, by=by)
    return end_account_and_access(row, remove_guest.activity, by, at)


def end_account_and_access(row: Person, activity: str, by: Actor, at: datetime) -> Person:
    """End the account of a locked person with all that it has, and ask whoever decides instead."""
    sponsored = list(Organization.objects.filter(sponsorships__person=row).order_by("pk"))
    end_account(row, activity, by, at)
    end_access_of([row], "Your account was removed.", by=by, at=at)
    tell_new_approvers_of([row], at)
    tell_new_approvers_at(sponsored, at)
    return row


@action("Change roles", needs="grant_role")
def change_roles(*, person: Person, roles: Iterable[str], by: Actor, at: datetime) -> Person:
    """Make `roles` the roles of a member.

    Nobody changes their own; one Global administrator always stays (product rule 43).
    """
    lock_roles()
    row = lock_person(person)
    wanted = set(known_roles(roles))
    _require_grantable(row, wanted, by)
    before = set(row.groups.values_list("name", flat=True))
    if GLOBAL_ADMINISTRATOR in before - wanted:
        require_another_global_administrator(row)
    if before == wanted:
        return row
    row.groups.set(Group.objects.filter(name__in=wanted))
    activity = (
        "Add member to role"
        if wanted > before
        else "Remove member from role"
        if wanted < before
        else change_roles.activity
    )
    record(
        activity,
        by=by,
        at=at,
        target=row,
        before={"roles": sorted(before)},
        after={"roles": sorted(wanted)},
    )
    return row


def require_another_global_administrator(*people: Person) -> None:
    """Refuses to take their place from all active Global administrators there are.

    Under `lock_roles`: two at once see each other.
    """
    holders = Person.objects.members().active().holding(GLOBAL_ADMINISTRATOR)
    names = {holder.pk: str(holder) for holder in holders}
    if refusal := leaves_no_global_administrator(names, [person.pk for person in people]):
        raise refusal


def require_possible(
    why_not: Callable[[AccountFact], Refused | None], row: Person, own_mailbox: str = ""
) -> None:
    """Raise what a rule of `account_changes` has against changing this account."""
    if refusal := why_not(account_fact(row, own_mailbox)):
        raise refusal


def _at_the_same_mailbox(person: Person) -> list[Person]:
    """The person and all who have another address of the same mailbox, held until the transaction
    ends.
    """
    return list(Person.objects.select_for_update().at_mailbox(person.mailbox).order_by("pk"))


def _require_blockable(row: Person, everyone: list[Person], by: Actor) -> None:
    _require(permission_to_block(row.kind), by)
    own = next((each.mailbox for each in everyone if each.pk == by.person_id), "")
    require_possible(cannot_be_blocked, row, own)
    for each in everyone:
        if each.state != Person.State.REMOVED and not by.may(permission_to_block(each.kind)):
            raise refuse(
                "not_permitted",
                f"{each} has the same mailbox."
                f" {sentence_of_who_may(permission_to_block(each.kind))}",
            )


def _require(permission: str, by: Actor) -> None:
    if not by.may(permission):
        raise refuse("not_permitted", sentence_of_who_may(permission))


def _require_grantable(person: Person, wanted: set[str], by: Actor) -> None:
    if person.pk == by.person_id:
        raise refuse(
            "yourself", "You cannot change your own roles. Ask another Global administrator"
        )
    if wanted and (
        not person.is_member or person.state in (Person.State.BLOCKED, Person.State.REMOVED)
    ):
        raise refuse(
            "only_members_hold_roles",
            f"{person} cannot have a role. Only active and invited members can have roles",
        )


def _end_sessions(row: Person) -> None:
    row.session_epoch += 1
    row.save(update_fields=["session_epoch"])
