"""Whether the portal shows demo data, and what of it is still as it was made."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from ..models import (
    AccessGroup,
    AccessRequest,
    Catalog,
    GroupMember,
    KnownDirectory,
    ListRule,
    Organization,
    Package,
    Person,
    Policy,
    Resource,
    SavedTest,
)

DEMO = "Demo data"  # who made it, as rows and events say


def is_demo() -> bool:
    """Return whether the portal has demo data that nobody removed."""
    return KnownDirectory.objects.filter(is_demo=True).exists()


def demo_rows() -> dict[str, QuerySet]:
    """All that is made up, by what it is.

    A rule, a test or a package that people made their own is not.
    """
    return {
        "connected organizations": Organization.objects.filter(created_by=DEMO),
        "people": Person.objects.filter(created_by=DEMO),
        "access packages": _untouched_packages(),
        "groups": _untouched_groups(),
        "catalogs": _untouched_catalogs(),
        "list rules": ListRule.objects.filter(added_by=DEMO, version=1),
        "what-if tests": SavedTest.objects.filter(added_by=DEMO),
        "known directories": KnownDirectory.objects.filter(is_demo=True),
    }


def demo_names() -> dict[str, list[str]]:
    """Return the names of all that goes with the demo data, by what it is."""
    return {what: sorted(rows.values_list("name", flat=True)) for what, rows in demo_rows().items()}


def demo_requests() -> QuerySet[AccessRequest]:
    """Return the requests of made-up people, and of those without an account at made-up
    organizations.
    """
    by_demo_people = Q(requester__created_by=DEMO)
    return AccessRequest.objects.filter(
        by_demo_people | Q(requester=None, organization__created_by=DEMO)
    )


def _untouched_packages() -> QuerySet:
    """Without those to which somebody added a policy, a change or a test of theirs, or which a real
    person requested: deleting a package takes those with it.
    """
    ours = (
        AccessRequest.objects.exclude(pk__in=demo_requests().values("pk")),
        Policy.objects.exclude(changed_by=DEMO),
        SavedTest.objects.exclude(added_by=DEMO).exclude(package=None),
        Resource.objects.exclude(added_by=DEMO),
    )
    return (
        Package.objects.filter(created_by=DEMO, version=1)
        .exclude(pk__in=ours[0].values("package"))
        .exclude(pk__in=ours[1].values("package"))
        .exclude(pk__in=ours[2].values("package"))
        .exclude(pk__in=ours[3].values("package"))
    )


def _kept_packages() -> QuerySet:
    return Package.objects.exclude(pk__in=_untouched_packages().values("pk"))


def _untouched_groups() -> QuerySet:
    """Without those that a package which stays gives, and those with a member whom people added."""
    theirs = GroupMember.objects.filter(assignment__isnull=True).exclude(added_by=DEMO)
    in_use = Resource.objects.filter(package__in=_kept_packages(), group__isnull=False)
    return (
        AccessGroup.objects.filter(created_by=DEMO, version=1)
        .exclude(pk__in=theirs.values("group"))
        .exclude(pk__in=in_use.values("group"))
    )


def _untouched_catalogs() -> QuerySet:
    """Without those that have a package which stays."""
    kept = _kept_packages().filter(catalog__isnull=False)
    return Catalog.objects.filter(created_by=DEMO, version=1).exclude(pk__in=kept.values("catalog"))
