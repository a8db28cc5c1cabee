"""Keeping every guest's organization, and what every organization stores about its people and
sponsors, true after a change.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, F, QuerySet

from ...facts.claims.membership import guests_at_or_beneath, organization_by_domain
from ...facts.sponsors import counting
from ...models import Organization, Person, Sponsorship


def settle_guests(names: Iterable[str]) -> None:
    """Move the guests at or beneath the names to where they belong now."""
    guests = guests_at_or_beneath(names)
    domains = set(guests.values_list("domain", flat=True).distinct())
    if not domains:
        return
    keys = organization_by_domain(domains)
    organizations = {
        str(o.uuid): o
        for o in Organization.objects.filter(uuid__in=[key for key in keys.values() if key])
    }
    touched = set(
        guests.exclude(organization=None).values_list("organization_id", flat=True).distinct()
    )
    for domain, key in keys.items():
        organization = organizations.get(key) if key else None
        Person.objects.guests().filter(domain=domain).update(organization=organization)
        touched.add(organization.pk if organization else None)
    recount_people(touched - {None})
    recount_sponsors(sponsored_by_people(guests))


def recount_people(organization_ids: Iterable[int]) -> None:
    """Count the guests of these organizations, which are held first: two who count at once would
    each miss the other's guest.
    """
    ids = sorted(organization_ids)
    list(
        Organization.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk")
    )
    counts = (
        Person.objects.guests().exclude(state=Person.State.REMOVED).filter(organization_id__in=ids)
    )
    numbers = dict(counts.values_list("organization_id").annotate(n=Count("id")).order_by())
    for organization_id in ids:
        Organization.objects.filter(pk=organization_id).update(
            people_count=numbers.get(organization_id, 0)
        )


def recount_sponsors(organizations: QuerySet[Organization]) -> None:
    """Store which kinds of sponsors of these organizations count now, the allow and deny list apart
    (product rule 36).

    Call it under the lock of claims, after any change of a sponsorship, of a sponsor's account or
    mailbox, or of where people belong.
    """
    by_now = counting.sponsored_by()
    changed = organizations.annotate(by_now=by_now).exclude(sponsored_by=F("by_now"))
    Organization.objects.filter(pk__in=list(changed.values_list("pk", flat=True))).update(
        sponsored_by=by_now
    )


def sponsored_by_people(people: QuerySet[Person]) -> QuerySet[Organization]:
    """The organizations that any of these people sponsors."""
    return Organization.objects.filter(
        pk__in=Sponsorship.objects.filter(person__in=people.order_by().values("pk")).values(
            "organization"
        )
    )
