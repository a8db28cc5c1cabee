"""The pages about people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from ...db.combined_query import Counted, capped_count, run_combined
from ...db.keyset import Sort, a_text
from ...db.keyset_pages import Page, page_of
from ...facts.invitations import invitation_state, people_whose_link_works
from ...facts.sponsors.sponsorships import sponsored_by
from ...models import AccessRequest, Invitation, Person
from ...models.assignments import is_in_force
from ...rules import email_domains
from ...rules.names import name_key
from ..access_requests.listing import RequestRow
from ..approvals.deputies import deputies_of
from ..audit.events import events_of_person
from ..organizations.vouchers import voucher_of

BY_NAME = Sort("name", "name_key", a_text)
REQUESTS_SHOWN = 10
STATES = {"": "All", **{state.value: state.label for state in Person.State}}
KINDS = {kind.value: kind.label for kind in Person.Kind}


@dataclass(frozen=True, slots=True)
class PersonFilters:
    """What the list is asked for.

    Empty values ask nothing, but people who were removed are shown only when asked for.
    """

    text: str = ""
    kind: str = ""
    state: str = ""
    role: str = ""

    @property
    def narrows(self) -> bool:
        return bool(self.text or self.kind or self.role)


@dataclass(frozen=True, slots=True)
class PersonPage:
    """The people that are shown, and how many of those who match are in each state.

    `broken_links` are the primary keys of the invited whose link does not work now.
    """

    filters: PersonFilters
    people: Page
    counts: dict[str, Counted]
    broken_links: frozenset[int]

    @property
    def total(self) -> Counted:
        return self.counts[self.filters.state]


def person_page(filters: PersonFilters, cursor: str, at: datetime) -> PersonPage:
    """Return a page of people by name. Three statements, two more where somebody is invited."""
    matching = _matching(filters)
    shown = (
        matching.filter(_in_state(filters.state))
        .select_related("organization")
        .prefetch_related("groups")
    )
    people = page_of(shown, BY_NAME, cursor)
    invited = {each.pk for each in people.rows if each.state == Person.State.INVITED}
    broken = invited - people_whose_link_works(people.rows, at)
    return PersonPage(filters, people, _counts(matching, filters.text), frozenset(broken))


def person_facts(person: Person, at: datetime) -> dict:
    """What a person's page shows."""
    invitation = person.invitations.order_by("-id").first()
    shut_out_by = Person.objects.at_mailbox(person.mailbox).blocked().exclude(pk=person.pk).first()
    return {
        "sponsored": sponsored_by(person.pk, at),
        "deputies": deputies_of(person, at),
        "invitation": invitation,
        "open_invitation": invitation_state(person, invitation, at),
        "events": events_of_person(person)[:10],
        "shut_out_by": shut_out_by,
        "voucher": voucher_of(person, at),
    }


def access_of(person: Person, at: datetime) -> dict:
    """Return the access that a person has now and their latest requests, with the states as they
    are to be read. Two statements.
    """
    present = person.assignments.filter(is_in_force(at)).select_related("package", "request")
    requests = AccessRequest.objects.of_mailbox(person.mailbox).select_related("package")
    latest = requests.order_by("-submitted_at", "-id")[:REQUESTS_SHOWN]
    return {
        "held": list(present.order_by("package__name_key")),
        "requests": [RequestRow(row, row.state_at(at)) for row in latest],
    }


def what_ends_with(person: Person) -> dict:
    """Return whom an ended account concerns: the organizations that they sponsor, and the other
    accounts of their mailbox.
    """
    rows = person.sponsorships.filter(organization__deleted_at__isnull=True)
    sponsorships = list(rows.select_related("organization").order_by("organization__name_key"))
    others = (
        Person.objects.at_mailbox(person.mailbox)
        .exclude(pk=person.pk)
        .exclude(state=Person.State.REMOVED)
    )
    return {
        "sponsorships": sponsorships,
        "same_mailbox": list(others.order_by("email")),
    }


def person_with_roles() -> QuerySet:
    """Return the people with their organization, roles and invitations, read by few statements."""
    return Person.objects.select_related("organization").prefetch_related(
        "groups", Prefetch("invitations", Invitation.objects.order_by("-id"))
    )


def _counts(matching: QuerySet, text: str) -> dict[str, Counted]:
    """By state: counts that stop, each by its index; where a text has to be looked for in every
    row, all in one go.
    """
    if not text:
        return run_combined({state: matching.filter(_in_state(state)) for state in STATES}, {})[0]
    numbers = dict(matching.order_by().values_list("state").annotate(number=Count("pk")))
    present = sum(number for state, number in numbers.items() if state != Person.State.REMOVED)
    return {state: capped_count(numbers.get(state, 0) if state else present) for state in STATES}


def _in_state(state: str) -> Q:
    return Q(state=state) if state else ~Q(state=Person.State.REMOVED)


def _matching(filters: PersonFilters) -> QuerySet:
    people = Person.objects.all()
    if filters.kind:
        people = people.filter(kind=filters.kind)
    if filters.role:
        people = people.filter(groups__name=filters.role)
    return people.filter(person_search(filters.text)) if filters.text else people


def person_search(text: str) -> Q:
    """Return the condition on people for what was typed in any search for them.

    Part of a name or address; a whole domain finds all at it and beneath, a whole address its
    mailbox, both in every spelling.
    """
    folded = name_key(text)
    found = Q(name_key__contains=folded) | Q(email__contains=folded)
    whole = email_domains.address_or_domain(text)
    if isinstance(whole, str):
        low, high = email_domains.beneath_range(whole)
        found |= Q(domain=whole) | Q(domain_key__gte=low, domain_key__lt=high)
    elif whole:
        found |= Q(mailbox=whole.mailbox)
    return found
