"""What surrounds the rows of the list of connected organizations."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlencode
from uuid import UUID

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from ..forms.organization_filters import OrganizationFilterForm
from ..queries.organizations.filters import SORTS, VIEWS
from ..queries.organizations.listing import OrganizationPage

register = template.Library()
_KEPT = 500  # forms that are kept, of about 3 kB each, and headings, of some hundred bytes
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


@register.filter
def page_views(page: OrganizationPage) -> list[dict]:
    """The views of the list with their counts, for _components/views.html."""
    return [
        {
            "label": label,
            "value": value or None,
            "count": page.counts[value],
            "current": value == page.filters.view,
        }
        for value, label in VIEWS.items()
    ]


@register.simple_tag(takes_context=True)
def sort_heading(context, name: str, label: str, numeric: bool = False) -> SafeString:
    """The head of a column that can be sorted by: a link to the order, or to its reverse when it is
    the present one.
    """
    others = tuple(
        (key, tuple(values))
        for key, values in context["request"].GET.lists()
        if key not in ("sort", "cursor")
    )
    return _sort_heading(context["page"].filters.sort.parameter, name, label, numeric, others)


@lru_cache(_KEPT)
def _sort_heading(
    present: str, name: str, label: str, numeric: bool, others: tuple[tuple[str, tuple], ...]
) -> SafeString:
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
    """The form above the list, rendered once in a process for what it shows."""
    typed = tuple(context["request"].GET.get(name, "") for name in _TYPED)
    return _filter_bar(typed, context["page"].offers.packages if context["sees_packages"] else None)


@lru_cache(_KEPT)
def _filter_bar(typed: tuple[str, ...], packages: tuple[tuple[UUID, str], ...] | None):
    form = OrganizationFilterForm(dict(zip(_TYPED, typed, strict=True)), packages)
    return SafeString(render_to_string("governance/organizations/_filters.html", {"form": form}))
