"""The pages about people."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from ..models import Invitation, Organization, Person, Sponsorship
from ..rules import email_domains
from ..rules.names import name_key
from ..rules.roles import GLOBAL_ADMINISTRATOR
from .audit_events import events_of_person
from .keyset import Sort, a_text
from .pages import Page, page_of

BY_NAME = Sort("name", "name_key", a_text)
VIEWS = ("all", "members", "guests", "invited", "blocked")


@dataclass(frozen=True, slots=True)
class PersonFilters:
    text: str = ""
    view: str = "all"
    role: str = ""


def person_page(filters: PersonFilters, cursor: str) -> tuple[Page, dict[str, int]]:
    """A page of people by name, and how many each view has. Four statements."""
    found = _found(filters)
    numbers = found.aggregate(**{view: Count("pk", filter=_in_view(view), distinct=True) for view in VIEWS})
    people = found.filter(_in_view(filters.view)).select_related("organization").prefetch_related("groups")
    return page_of(people, BY_NAME, cursor), numbers


def person_facts(person: Person) -> dict:
    """What a person's page shows."""
    sponsored = Organization.objects.present().filter(sponsorships__person=person).order_by("name_key")
    invitation = person.invitations.order_by("-id").first()
    return {"sponsored": list(sponsored), "invitation": invitation, "events": events_of_person(person)[:10]}


def sponsored_by(person: Person) -> list[Sponsorship]:
    rows = person.sponsorships.filter(organization__deleted_at__isnull=True)
    return list(rows.select_related("organization").order_by("organization__name_key"))


def who_can_help() -> list[Person]:
    """The people to name to somebody without a role."""
    return list(Person.objects.active().holding(GLOBAL_ADMINISTRATOR).order_by("name_key")[:5])


def person_with_roles() -> QuerySet:
    return Person.objects.select_related("organization").prefetch_related("groups", Prefetch("invitations", Invitation.objects.order_by("-id")))


def _found(filters: PersonFilters) -> QuerySet:
    people = Person.objects.exclude(state=Person.State.REMOVED)
    if filters.role:
        people = people.filter(groups__name=filters.role)
    text = filters.text.strip()
    if not text:
        return people
    folded = name_key(text)
    matching = Q(name_key__contains=folded) | Q(email__contains=folded)
    whole = email_domains.address_or_domain(text)
    if isinstance(whole, str):
        low, high = email_domains.beneath_range(whole)
        matching |= Q(domain=whole) | Q(domain_key__gte=low, domain_key__lt=high)
    elif whole:
        matching |= Q(mailbox=whole.mailbox)
    return people.filter(matching)


def _in_view(view: str) -> Q:
    return {
        "members": Q(kind=Person.Kind.MEMBER),
        "guests": Q(kind=Person.Kind.GUEST),
        "invited": Q(state=Person.State.INVITED),
        "blocked": Q(state=Person.State.BLOCKED),
    }.get(view, Q(pk__isnull=False))
