"""Removing the demo data."""

from __future__ import annotations

from ..facts.sample_data import demo_rows
from ..models import Claim
from .change import Change


def removing_demo() -> Change:
    """Return the change that takes all demo data away."""
    rows = demo_rows()
    organizations, rules = rows["connected organizations"], rows["list rules"]
    claims = Claim.objects.present().filter(organization__in=organizations)
    names = frozenset(claims.values_list("name", flat=True))
    listed = dict(rules.values_list("uuid", "name"))
    packages = rows["access packages"].values_list("uuid", flat=True)
    tests = rows["what-if tests"].values_list("pk", flat=True)
    return Change(
        released=names,
        organizations_removed=frozenset(map(str, organizations.values_list("uuid", flat=True))),
        rules_removed=frozenset(map(str, listed)),
        packages_removed=frozenset(map(str, packages)),
        people=tuple((pk, "removed") for pk in rows["people"].values_list("pk", flat=True)),
        tests_removed=frozenset(tests),
        domains=names | frozenset(listed.values()),
        everyone=True,
        members=True,
        elsewhere=True,
    )
