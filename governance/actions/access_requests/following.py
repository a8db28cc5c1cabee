"""Asking those who can decide a request since something changed: a sponsor was blocked, added or
removed, or somebody has a deputy.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from ...models import AccessRequest, Organization, Person, Sponsorship
from .notices import tell_approvers

MOST = 500  # requests looked through at once; the worker's reminders reach the others


def tell_new_approvers_of(people: Iterable[Person], at: datetime) -> int:
    """Ask whoever decides now instead of these people, or besides them. Return how many."""
    keys = [person.pk for person in people]
    sponsored = Sponsorship.objects.filter(person__in=keys).values("organization")
    theirs = Q(named_approvers__person__in=keys) | Q(organization__in=sponsored)
    return _tell(theirs, at)


def tell_new_approvers_at(organizations: Iterable[Organization], at: datetime) -> int:
    """Ask whoever decides the requests of these organizations now. Return how many."""
    return _tell(Q(organization__in=[each.pk for each in organizations]), at)


def _tell(which: Q, at: datetime) -> int:
    keys = AccessRequest.objects.pending(at).filter(which).values("pk").distinct()
    rows = AccessRequest.objects.filter(pk__in=keys).order_by("pk")[:MOST]
    related = ("package", "organization", "requester", "policy")
    return sum(tell_approvers(row, at) for row in rows.select_related(*related))
