"""Holding the requests and the access that a change of people touches.

Whoever decides a request holds it and then the people whom it names. So whatever changes people
holds the requests first: two who wait for each other would wait for ever.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from ...models import AccessRequest, Assignment, Organization, Person, Sponsorship
from ...rules.access_requests.transitions import CLOSED, PENDING


def hold_requests_of(mailbox: str) -> None:
    """Hold what a mailbox has and requests, and the pending requests that its people could decide,
    until the transaction ends.

    Take it after `lock_claims` and before any person.
    """
    people = list(Person.objects.at_mailbox(mailbox).values_list("pk", flat=True))
    sponsored = Sponsorship.objects.filter(person__in=people).values("organization")
    own = AccessRequest.objects.filter(mailbox=mailbox).exclude(state__in=CLOSED)
    named = AccessRequest.objects.filter(state=PENDING, named_approvers__person__in=people)
    at_theirs = AccessRequest.objects.filter(state=PENDING, organization__in=sponsored)
    _hold(AccessRequest.objects.filter(pk__in=[*_keys(own), *_keys(named), *_keys(at_theirs)]))
    _hold(Assignment.objects.present().filter(mailbox=mailbox))


def hold_requests_at(organizations: Iterable[Organization]) -> None:
    """Hold the open requests of some organizations, and the access that their people have."""
    those = Q(organization__in=[each.pk for each in organizations])
    _hold(AccessRequest.objects.filter(those).exclude(state__in=CLOSED))
    _hold(Assignment.objects.present().filter(those))


def _keys(rows: QuerySet[AccessRequest]) -> list[int]:
    return list(rows.values_list("pk", flat=True))


def _hold(rows: QuerySet[AccessRequest] | QuerySet[Assignment]) -> None:
    list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
