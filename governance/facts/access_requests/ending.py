"""What ends with an account or an organization: existing access, and open requests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from ...models import AccessRequest, Assignment, Organization
from ...rules.access_requests.transitions import DELIVERING, FAILED, OPEN


@dataclass(frozen=True, slots=True)
class Ending:
    """Existing access and open requests, each as "address (package)"."""

    access: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()


def ending_with_mailboxes(mailboxes: Iterable[str]) -> Ending:
    """Return what ends when some mailboxes are blocked or removed. Two statements."""
    return _ending(Q(mailbox__in=set(mailboxes)))


def ending_at(organization: Organization) -> Ending:
    """Return the access of an organization's people, and their open requests. Two statements."""
    return _ending(Q(organization=organization))


def _ending(whose: Q) -> Ending:
    access = Assignment.objects.present().filter(whose).order_by("mailbox", "pk")
    open_requests = AccessRequest.objects.filter(whose, state__in=OPEN)
    not_set_up = open_requests.exclude(state__in=(DELIVERING, FAILED)).order_by("mailbox", "pk")
    return Ending(
        _labels(access.values_list("person__email", "package__name")),
        _labels(not_set_up.values_list("email", "package__name")),
    )


def _labels(rows: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(f"{email} ({package})" for email, package in rows)
