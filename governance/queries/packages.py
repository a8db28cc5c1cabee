"""The list of access packages."""

from __future__ import annotations

from django.db.models import Count

from ..models import Package
from .keyset import Sort, a_text
from .pages import Page, page_of

BY_NAME = Sort("name", "name_key", a_text)


def package_page(cursor: str) -> Page:
    return page_of(Package.objects.annotate(policy_count=Count("policies")), BY_NAME, cursor)
