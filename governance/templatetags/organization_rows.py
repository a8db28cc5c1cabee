"""The rows of the list of connected organizations, written without a template.

A page has 25 rows of nine cells. A template's loop over them took three quarters of the page's
whole time, this takes a tenth of that. Every value goes through format_html, which escapes it.
"""

from __future__ import annotations

from functools import cache
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from ..queries.organizations.rows import OrganizationRow
from ..rules.domains import guards
from ..rules.wording import grouped
from .portal import hue, icon, initials, when

register = template.Library()
FACES = 3
NOTHING = SafeString("")
_ANY = UUID(int=0)
_ROW = (
    '<tr><th scope="row"><span class="row-flex who">{face}<span><a class="name" href="{key}/"><bdi>{name}</bdi></a>{description}</span></span></th>\n'
    '<td data-l="Domains">{domains}</td><td data-l="Sign-in"><span class="row-flex">{sign_in_icon}{sign_in}</span></td>'
    '<td data-l="Sponsors">{sponsors}</td><td data-l="Packages" class="num">{packages}</td><td data-l="People" class="num">{people}</td>'
    '<td data-l="State">{state}</td><td data-l="{moment}" class="nowrap">{when}</td><td class="act">{actions}</td></tr>\n'
)
_FACE = '<span class="{classes}" data-h="{hue}" aria-hidden="true">{initials}</span>'
_SPONSORS = (
    '<span class="row-flex"><span class="faces" aria-hidden="true">{faces}</span><span>{count}'
    '<span class="visually-hidden"> sponsors: {internal} internal, {external} external</span></span></span>'
)
_MENU = (
    '<details class="row-menu"><summary class="btn btn-ghost btn-icon" aria-label="Actions for {name}">{more}</summary>'
    '<div class="menu-list">{links}</div></details>'
)
_RESTORE = '<a class="btn btn-outline-secondary" href="{path}">Restore<span class="visually-hidden"> {name}</span></a>'
_TAGS = {
    "configured": ("tag-ok", "check"),
    "proposed": ("tag-warn", "clock"),
    "blocked": ("tag-bad", "warn"),
    "deleted": ("", "ban"),
}


@register.simple_tag(takes_context=True)
def organization_rows(context, rows) -> str:
    """Table rows. Links are relative to the list."""
    return SafeString("".join(_row(row, context["may_change"]) for row in rows))


def _row(row: OrganizationRow, may_change: bool) -> str:
    return format_html(
        _ROW,
        key=row.key,
        face=_face(row.name, "mono-gram"),
        name=row.name,
        description=_description(row.description),
        domains=_domains(row),
        sign_in_icon=icon("mail" if row.sign_in == "One-time passcode" else "directory", True),
        sign_in=row.sign_in,
        sponsors=_sponsors(row, may_change),
        packages=grouped(row.packages),
        people=grouped(row.people_count),
        state=_state(row),
        when=when(row.changed_at),
        moment="Deleted" if row.tag == "deleted" else "Changed",
        actions=_actions(row, may_change),
    )


def _face(name: str, classes: str) -> str:
    return format_html(_FACE, classes=classes, hue=hue(name), initials=initials(name))


def _description(text: str) -> str:
    return format_html('<span class="muted">{}</span>', text) if text else NOTHING


def _domains(row: OrganizationRow) -> str:
    first = escape(guards.display_domain(row.names[0])) if row.names else NOTHING
    if not row.more_names:
        return first
    return format_html(
        '<span>{} <span class="pill">+{}<span class="visually-hidden"> more</span></span></span>',
        first,
        row.more_names,
    )


def _sponsors(row: OrganizationRow, may_change: bool) -> str:
    if not row.sponsors:
        return _without_sponsor(row, may_change)
    faces = SafeString("".join(_face(name, "mono-gram face") for name in row.sponsors[:FACES]))
    internal, external = len(row.internal_sponsors), len(row.external_sponsors)
    return format_html(
        _SPONSORS, faces=faces, count=len(row.sponsors), internal=internal, external=external
    )


def _without_sponsor(row: OrganizationRow, may_change: bool) -> str:
    """The tag; for those who can add a sponsor, a link to where it is done."""
    tag = _tag("No sponsor", "tag-warn", "warn")
    if not may_change or row.tag == "deleted":
        return tag
    path = _beneath("organization_sponsors")
    return format_html('<a class="tag-link" href="{}/{}">{}</a>', row.key, path, tag)


def _state(row: OrganizationRow) -> str:
    tag = _tag(row.tag.capitalize(), *_TAGS[row.tag])
    return (
        tag
        if row.tag == row.state
        else format_html(
            '<span>{}<br><span class="muted small">{}</span></span>', tag, row.state.capitalize()
        )
    )


@cache
def _tag(words: str, classes: str, icon_name: str) -> str:
    return format_html('<span class="tag {}">{}{}</span>', classes, icon(icon_name), words)


def _actions(row: OrganizationRow, may_change: bool) -> str:
    if row.tag == "deleted":
        restorable = may_change and row.restorable_until
        return (
            format_html(
                _RESTORE, path=reverse("organization_restore", args=[row.key]), name=row.name
            )
            if restorable
            else NOTHING
        )
    links = format_html_join(
        "",
        '<a href="{}/{}">{}</a>',
        ((row.key, path, words) for path, words in _links(row.state, may_change)),
    )
    return format_html(_MENU, name=row.name, more=icon("more"), links=links)


@cache
def _links(state: str, may_change: bool) -> tuple[tuple[str, str], ...]:
    """Paths beneath the organization's page and what stands on their links."""
    if not may_change:
        return (("", "Open"),)
    edit, delete = _beneath("organization_edit_basics"), _beneath("organization_delete")
    decide = (
        ((f"{edit}?state=configured", "Configure"), (delete, "Reject"))
        if state == "proposed"
        else ((delete, "Delete"),)
    )
    return (
        ("", "Open"),
        (edit, "Edit"),
        (_beneath("organization_edit_sponsors", "internal"), "Add sponsor"),
        *decide,
    )


def _beneath(page: str, *more: str) -> str:
    return reverse(page, args=[_ANY, *more]).removeprefix(
        reverse("organization_detail", args=[_ANY])
    )
