"""What surrounds the rows of the list of connected organizations.

Each part is rendered once in a process for what it shows, as the frame is (docs/decisions).
"""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace
from urllib.parse import urlencode
from uuid import UUID

from django import template
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString

from ..forms.organization_filters import OrganizationFilterForm
from ..queries.organizations.filters import SORTS, VIEWS
from ..queries.organizations.listing import OrganizationPage

register = template.Library()
_KEPT = 500  # of each part, of 3 kB at most
Others = tuple[tuple[str, tuple[str, ...]], ...]
_TYPED = tuple(OrganizationFilterForm.base_fields)
_ORDERS = {
    "name": "by name",
    "-name": "by name, in reverse order",
    "people": "fewest people first",
    "-people": "most people first",
    "changed": "earliest change first",
    "-changed": "latest change first",
}


@register.filter
def page_summary(page: OrganizationPage) -> str:
    return f"{page.start:,} to {page.end:,} of {page.total}"


@register.filter
def order_words(page: OrganizationPage) -> str:
    return _ORDERS[page.filters.sort.parameter]


@register.simple_tag(takes_context=True)
def state_views(context) -> SafeString:
    """The views of the list with their counts."""
    page = context["page"]
    counts = tuple(str(page.counts[view]) for view in VIEWS)
    return _state_views(page.filters.view, counts, _others(context, "view"))


@lru_cache(_KEPT)
def _state_views(current: str, counts: tuple[str, ...], others: Others) -> SafeString:
    views = [
        {"label": label, "value": value or None, "count": count, "current": value == current}
        for (value, label), count in zip(VIEWS.items(), counts, strict=True)
    ]
    asked = SimpleNamespace(GET=MultiValueDict({key: list(values) for key, values in others}))
    shown = {"views": views, "label": "Filter by state", "request": asked}
    return SafeString(render_to_string("_components/views.html", shown))


@register.simple_tag(takes_context=True)
def sort_heading(context, name: str, label: str, numeric: bool = False) -> SafeString:
    """The head of a column that can be sorted by: a link to the order, or to its reverse when it is
    the present one.
    """
    present = context["page"].filters.sort.parameter
    return _sort_heading(present, name, label, numeric, _others(context, "sort"))


@lru_cache(_KEPT)
def _sort_heading(present: str, name: str, label: str, numeric: bool, others: Others) -> SafeString:
    current = SORTS[present]
    is_current = current.name == name
    first = "name" if name == "name" else f"-{name}"
    reverse_of_current = name if current.descending else f"-{name}"
    shown = {
        "label": label,
        "numeric": numeric,
        "current": current if is_current else None,
        "query": urlencode(
            {**dict(others), "sort": reverse_of_current if is_current else first}, doseq=True
        ),
    }
    return SafeString(render_to_string("governance/organizations/_sort.html", shown))


@register.simple_tag(takes_context=True)
def filter_bar(context) -> SafeString:
    """The form above the list."""
    typed = tuple(context["request"].GET.get(name, "") for name in _TYPED)
    return _filter_bar(typed, context["page"].offers.packages if context["sees_packages"] else None)


@lru_cache(_KEPT)
def _filter_bar(typed: tuple[str, ...], packages: tuple[tuple[UUID, str], ...] | None):
    form = OrganizationFilterForm(dict(zip(_TYPED, typed, strict=True)), packages)
    return SafeString(render_to_string("governance/organizations/_filters.html", {"form": form}))


def _others(context, name: str) -> Others:
    """What is asked for besides, on the first page."""
    asked = context["request"].GET.lists()
    return tuple((key, tuple(values)) for key, values in asked if key not in (name, "cursor"))
