"""The list of access packages."""

from __future__ import annotations

from django.db.models import Count

from ...db.keyset import Sort, a_text
from ...db.keyset_pages import Page, page_of
from ...facts.access_packages.reach import package_reach, with_policies
from ...models import Package

BY_NAME = Sort("name", "name_key", a_text)


def package_page(cursor: str) -> Page:
    """Return a page of packages, each with `reach`, who can request it. One statement."""
    rows = with_policies(Package.objects.annotate(policy_count=Count("policies", distinct=True)))
    page = page_of(rows, BY_NAME, cursor)
    for package in page.rows:
        package.reach = package_reach(package)
    return page
