"""What the admin site's templates need: tables, filters and read-only values as the portal shows
them.
"""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.db.models import EmailField, Model, PositiveIntegerField
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html

from ..db.fields import KeyField
from ..rules.domains.guards import display_domain
from ..web.django_admin import (
    has_ticks,
    link_to_row,
    list_columns,
    list_filters,
    list_page,
    other_parameters,
    row_url,
    shown_field,
    value_of,
)
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
    columns = list_columns(cl)
    return {
        "headings": [_heading(column) for column in columns],
        "rows": [_row(cl, row, columns) for row in cl.result_list],
        "can_select": has_ticks(cl),
    }


def _heading(column) -> dict:
    """Return the words, the address that sorts by it, and `aria-sort` where it sorts now."""
    return {
        "text": column.text,
        "url": column.url,
        "sorted": column.direction,
        "looks": _looks(column.field),
    }


def _row(cl, row: Model, columns: list) -> dict:
    return {
        "key": row.pk,
        "name": str(row),
        "url": row_url(cl, row),
        "cells": [_cell(*value_of(cl.model_admin, row, column.name)) for column in columns],
    }


def _cell(field, value) -> dict:
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
    field, value = shown_field(read_only)
    if isinstance(value, Model):
        return link_to_row(read_only, field, value)
    if hasattr(value, "all"):
        return ", ".join(str(each) for each in value.all()) or _NOTHING
    return linebreaksbr(_shown(value, field))


@register.simple_tag
def filters_of(cl) -> list[dict]:
    """Return the filters of a list as selects: the name of the parameter, and its options."""
    return list_filters(cl)


@register.simple_tag
def kept_parameters(cl) -> list[tuple[str, str]]:
    """Return what a search must keep of the address: all but words, filters and page."""
    return other_parameters(cl)


@register.simple_tag
def pages_of(cl) -> dict:
    """Return what is shown of how many, and the addresses of the pages before and after."""
    page = list_page(cl)
    return {
        "text": _count(page, cl.opts),
        "previous": page.previous,
        "next": page.next,
        "is_split": page.is_split,
    }


def _count(page, names) -> str:
    if page.total == page.shown:
        words = names.verbose_name if page.shown == 1 else names.verbose_name_plural
        return f"{page.shown:,} {words}"
    first, last = page.before + 1, page.before + page.shown
    return f"{first:,} to {last:,} of {page.total:,}"


@register.simple_tag
def link_text(text: str, name: str):
    """Return a link's words with what tells it from others of the page, for screen readers."""
    return format_html('{}<span class="visually-hidden"> {}</span>', text, name)
