"""Proposed organizations that wait for a decision: whose request made them, who waits for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from ...db.keyset import Sort, a_moment
from ...db.keyset_pages import Page, page_of
from ...models import AccessRequest, Claim, Organization, Sponsorship
from ...rules.names import name_key

OLDEST_FIRST = Sort("created", "created_at", a_moment)
REQUESTS_READ = 500  # of the organizations of one page


@dataclass(frozen=True, slots=True)
class ProposedRow:
    """A proposed organization.

    `domains` are its own; `sponsors` are pairs of a person and who named them; `waiting` are the
    addresses of those with an open request, the first of whom made it.
    """

    organization: Organization
    domains: tuple[str, ...]
    sponsors: tuple[tuple[str, str], ...]
    waiting: tuple[str, ...]


def proposed(at: datetime, *, is_snoozed: bool = False) -> QuerySet[Organization]:
    """Return the proposed organizations that wait for a decision now, or those put off."""
    rows = Organization.objects.present().filter(state=Organization.State.PROPOSED)
    asleep = Q(snoozed_until__gt=at)
    return rows.filter(asleep if is_snoozed else ~asleep | Q(snoozed_until__isnull=True))


def inbox(at: datetime, cursor: str, *, is_snoozed: bool = False) -> Page:
    """Return a page of the inbox, the oldest first, with ProposedRow as rows. Four statements."""
    page = page_of(proposed(at, is_snoozed=is_snoozed), OLDEST_FIRST, cursor)
    return Page(tuple(_rows(page.rows)), page.previous, page.next)


def organization_called(text: str) -> Organization | None:
    """Return the present organization with that name or domain, whoever typed it; None without."""
    typed = name_key(text)
    if not typed or "\0" in typed:
        return None
    by_domain = Claim.objects.present().filter(name=typed).values("organization")
    either = Q(name_key=typed) | Q(pk__in=by_domain)
    return Organization.objects.present().filter(either).order_by("pk").first()


def _rows(organizations: Iterable[Organization]) -> Iterable[ProposedRow]:
    keys = [each.pk for each in organizations]
    claims = Claim.objects.present().filter(organization__in=keys).order_by("name")
    domains = _grouped(claims.values_list("organization_id", "name"))
    named = Sponsorship.objects.filter(organization__in=keys).order_by("person__name_key")
    rows = named.values_list("organization_id", "person__name", "added_by")
    sponsors = _grouped((key, pair) for key, *pair in rows)
    requests = AccessRequest.objects.open().filter(organization__in=keys).order_by("id")
    waiting = _grouped(requests.values_list("organization_id", "email")[:REQUESTS_READ])
    for each in organizations:
        yield ProposedRow(
            each,
            tuple(domains[each.pk]),
            tuple((name, by) for name, by in sponsors[each.pk]),
            tuple(dict.fromkeys(waiting[each.pk])),
        )


def _grouped(pairs: Iterable[tuple]) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found
