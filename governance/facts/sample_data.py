"""Whether the portal shows demo data, and what of it is still as it was made."""

from __future__ import annotations

from django.db.models import QuerySet

from ..models import KnownDirectory, ListRule, Organization, Package, Person, Policy, SavedTest

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
        "list rules": ListRule.objects.filter(added_by=DEMO, version=1),
        "what-if tests": SavedTest.objects.filter(added_by=DEMO),
        "known directories": KnownDirectory.objects.filter(is_demo=True),
    }


def demo_names() -> dict[str, list[str]]:
    """Return the names of all that goes with the demo data, by what it is."""
    return {what: sorted(rows.values_list("name", flat=True)) for what, rows in demo_rows().items()}


def _untouched_packages() -> QuerySet:
    """Without those to which somebody added a policy, a change or a test of theirs: deleting a
    package takes those with it.
    """
    ours = (
        Policy.objects.exclude(changed_by=DEMO),
        SavedTest.objects.exclude(added_by=DEMO).exclude(package=None),
    )
    return (
        Package.objects.filter(created_by=DEMO, version=1)
        .exclude(pk__in=ours[0].values("package"))
        .exclude(pk__in=ours[1].values("package"))
    )
