"""What the admin site's templates need: tables, filters and read-only values as the portal shows
them.
"""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import parse_qs

from django import template
from django.contrib.admin.templatetags.admin_list import result_headers
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import lookup_field
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import EmailField, Model, PositiveIntegerField
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html

from ..db.fields import KeyField
from ..rules.domains.guards import display_domain
from .portal import when

register = template.Library()
_NOTHING = "–"
# The colour and the icon of a state, as on the portal's own pages.
_GOOD, _WAITS, _BAD = ("tag-ok", "check"), ("tag-warn", "clock"), ("tag-bad", "ban")
_TAGS = {
    **dict.fromkeys(("configured", "active", "sent", "done", "allow"), _GOOD),
    **dict.fromkeys(("proposed", "invited", "waiting"), _WAITS),
    **dict.fromkeys(("blocked", "failed", "refused", "block"), _BAD),
}


@register.simple_tag
def table_of(cl) -> dict:
    """Return the headings and rows of a list; the first cell after the tick leads to the row."""
    columns = [name for name in cl.list_display if name != "action_checkbox"]
    return {
        "headings": _headings(cl, columns),
        "rows": [_row(cl, row, columns) for row in cl.result_list],
        "can_select": len(columns) < len(cl.list_display),
    }


def _headings(cl, columns: list[str]) -> list[dict]:
    """Return the words, the address that sorts by it, and `aria-sort` where it sorts now."""
    headings = list(result_headers(cl))[-len(columns) :]
    return [
        _heading(heading, _field(cl, column))
        for heading, column in zip(headings, columns, strict=True)
    ]


def _heading(heading: dict, field) -> dict:
    direction = "ascending" if heading.get("ascending") else "descending"
    return {
        "text": heading["text"],
        "url": heading["url_primary"] if heading["sortable"] else "",
        "sorted": direction if heading.get("sorted") else "",
        "looks": _looks(field),
    }


def _field(cl, column: str):
    try:
        return cl.lookup_opts.get_field(column)
    except FieldDoesNotExist:
        return None


def _row(cl, row: Model, columns: list[str]) -> dict:
    return {
        "key": row.pk,
        "name": str(row),
        "url": add_preserved_filters(
            {"preserved_filters": cl.preserved_filters, "opts": cl.opts}, cl.url_for_result(row)
        ),
        "cells": [_cell(cl.model_admin, row, column) for column in columns],
    }


def _cell(model_admin, row: Model, column: str) -> dict:
    field, _attribute, value = lookup_field(column, row, model_admin)
    looks = _TAGS.get(value, ("", "")) if field and field.choices else ("", "")
    return {"text": _shown(value, field), "looks": _looks(field), "tag": looks}


def _looks(field) -> str:
    """Return the class of a column: numbers stand at the right, addresses are not broken."""
    if isinstance(field, PositiveIntegerField):
        return "num"
    return "address" if isinstance(field, EmailField | KeyField) else ""


def _shown(value, field=None):
    """Return a value as people read it."""
    match value:
        case None | "":
            return _NOTHING
        case bool():
            return "Yes" if value else "No"
        case datetime():
            return when(value)
        case date():
            return f"{value.day} {value:%b %Y}"
        case int() if not (field and field.primary_key):
            return f"{value:,}"
    if field and field.choices:
        return dict(field.flatchoices).get(value, value)
    if isinstance(field, KeyField):
        return display_domain(value)
    return str(value)


@register.filter
def read_only_value(read_only):
    """Return the value of a field that the form only shows; another row is a link to its page."""
    name, row = read_only.field["field"], read_only.form.instance
    try:
        field, _attribute, value = lookup_field(name, row, read_only.model_admin)
    except (AttributeError, ValueError, ObjectDoesNotExist):
        return _NOTHING
    if isinstance(value, Model):
        return read_only.get_admin_url(field.remote_field, value)
    if hasattr(value, "all"):
        return ", ".join(str(each) for each in value.all()) or _NOTHING
    return linebreaksbr(_shown(value, field))


@register.simple_tag
def filters_of(cl) -> list[dict]:
    """Return the filters of a list as selects: the name of the parameter, and its options."""
    return [_filter(spec, cl) for spec in cl.filter_specs]


def _filter(spec, cl) -> dict:
    parameter = spec.expected_parameters()[0]
    options = [
        {
            "value": parse_qs(choice["query_string"].removeprefix("?")).get(parameter, [""])[0],
            "text": f"{spec.title}: all".capitalize() if number == 0 else choice["display"],
            "is_selected": choice["selected"],
        }
        for number, choice in enumerate(spec.choices(cl))
    ]
    return {"parameter": parameter, "label": str(spec.title).capitalize(), "options": options}


@register.simple_tag
def kept_parameters(cl) -> list[tuple[str, str]]:
    """Return what a search must keep of the address: all but words, filters and page."""
    replaced = {SEARCH_VAR, PAGE_VAR, *(each["parameter"] for each in filters_of(cl))}
    return [(name, value) for name, value in cl.params.items() if name not in replaced]


@register.simple_tag
def pages_of(cl) -> dict:
    """Return what is shown of how many, and the addresses of the pages before and after."""
    shown, first = len(cl.result_list), (cl.page_num - 1) * cl.list_per_page
    page = cl.paginator.num_pages
    return {
        "text": _count(cl, first, shown),
        "previous": cl.get_query_string({PAGE_VAR: cl.page_num - 1}) if cl.page_num > 1 else "",
        "next": cl.get_query_string({PAGE_VAR: cl.page_num + 1}) if cl.page_num < page else "",
        "is_split": cl.multi_page,
    }


def _count(cl, first: int, shown: int) -> str:
    if cl.result_count == shown:
        words = cl.opts.verbose_name if shown == 1 else cl.opts.verbose_name_plural
        return f"{shown:,} {words}"
    return f"{first + 1:,} to {first + shown:,} of {cl.result_count:,}"


@register.simple_tag
def link_text(text: str, name: str):
    """Return a link's words with what tells it from others of the page, for screen readers."""
    return format_html('{}<span class="visually-hidden"> {}</span>', text, name)
