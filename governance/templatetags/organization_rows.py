"""The rows of the list of connected organizations, written without a template.

A page has 25 rows of nine cells. A template's loop over them took three quarters of the page's
whole time, this takes a tenth of that (docs/decisions, rows without templates). Every text of a
row is escaped by the part that shows it. The menus are made by portal.js, of one template.
"""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from ..queries.organizations.rows import OrganizationRow
from ..rules.domains import guards
from ..rules.wording import grouped
from .portal import hue, initials, moment

register = template.Library()
FACES = 3
_KEPT = 5_000  # people and organizations whose monograms are kept, of about 100 bytes each
_ROW = (  # cards on a phone get the names of their cells by the style sheet
    '<tr{mark}><th scope="row"><div class="who">{face}<span><a class="name" href="{key}/">'
    "<bdi>{name}</bdi></a>{description}</span></div></th>"
    "<td>{domains}</td><td>{sign_in}</td><td>{sponsors}</td>"
    "<td>{packages}</td><td>{people}</td>"
    '<td>{state}</td><td>{when}</td><td class="act">{action}</td></tr>\n'
)
_FACE = '<b class="mono-gram" data-h="{}" aria-hidden="true">{}</b>'
_FACE_OF_SPONSOR = '<b data-h="{}">{}</b>'
_SPONSORS = (
    '<span class="faces" aria-hidden="true">{}</span>{}<span class="visually-hidden"> ({})</span>'
)
_RESTORE = (
    '<a class="btn btn-outline-secondary" href="{}/{}">Restore'
    '<span class="visually-hidden"> {}</span></a>'
)
_TAGS = {
    "configured": ("tag-ok", "check"),
    "proposed": ("tag-warn", "clock"),
    "blocked": ("tag-bad", "warn"),
    "deleted": ("", "ban"),
}


@register.simple_tag(takes_context=True)
def organization_rows(context, rows) -> str:
    """Table rows. Links are relative to the list."""
    may_change, today = context["may_change"], timezone.localdate()
    return SafeString("".join(_row(row, may_change, today) for row in rows))


def _row(row: OrganizationRow, may_change: bool, today: date) -> str:
    name = escape(row.name)
    return _ROW.format(
        key=row.key,
        face=_face(row.name),
        name=name,
        description=_description(row.description),
        domains=_domains(row),
        sign_in=_sign_in(row.sign_in),
        sponsors=_sponsors(row, may_change),
        packages=grouped(row.packages),
        people=grouped(row.people_count),
        state=_state(row.tag, row.state),
        when=moment(row.changed_at, today),
        action=_action(row, name, may_change),
        mark=" data-proposed" if row.state == "proposed" else "",
    )


@lru_cache(_KEPT)
def _face(name: str) -> str:
    return format_html(_FACE, hue(name), initials(name))


@lru_cache(_KEPT)
def _face_of_sponsor(name: str) -> str:
    return format_html(_FACE_OF_SPONSOR, hue(name), initials(name))


def _description(text: str) -> str:
    return f'<span class="muted">{escape(text)}</span>' if text else ""


@cache
def _sign_in(words: str) -> str:
    icon = "mail" if words == "One-time passcode" else "directory"
    return format_html('<span class="i-{}">{}</span>', icon, words)


def _domains(row: OrganizationRow) -> str:
    first = _domain(row.names[0]) if row.names else ""
    return f"<span>{first} {_more(row.more_names)}</span>" if row.more_names else first


@lru_cache(_KEPT)
def _domain(name: str) -> str:
    return escape(guards.display_domain(name))


def _more(number: int) -> str:
    return f'<span class="pill">+{number}<span class="visually-hidden"> more</span></span>'


def _sponsors(row: OrganizationRow, may_change: bool) -> str:
    if not row.sponsors:
        return _without_sponsor(row, may_change)
    faces = "".join(_face_of_sponsor(name) for name in row.sponsors[:FACES])
    kinds = _kinds(len(row.internal_sponsors), len(row.external_sponsors))
    return _SPONSORS.format(faces, len(row.sponsors), kinds)


@cache
def _kinds(internal: int, external: int) -> str:
    numbers = ((internal, "internal"), (external, "external"))
    return ", ".join(f"{number} {kind}" for number, kind in numbers if number)


def _without_sponsor(row: OrganizationRow, may_change: bool) -> str:
    """The tag; for those who can add a sponsor, a link to where it is done."""
    tag = _tag("No sponsor", "tag-warn", "warn")
    if not may_change or row.tag == "deleted":
        return tag
    return f'<a class="tag-link" href="{row.key}/{beneath("organization_sponsors")}">{tag}</a>'


@cache
def _state(tag: str, state: str) -> str:
    """The state, and beneath what says more of it."""
    shown = _tag(tag.capitalize(), *_TAGS[tag])
    if tag == state:
        return shown
    return format_html(
        '<span>{}<br><span class="muted small">{}</span></span>', shown, state.capitalize()
    )


@cache
def _tag(words: str, classes: str, icon_name: str) -> str:
    return format_html('<span class="tag {} i-{}">{}</span>', classes, icon_name, words)


def _action(row: OrganizationRow, name: str, may_change: bool) -> str:
    """What can be done with a deleted organization. The others get a menu."""
    is_restorable = row.tag == "deleted" and may_change and row.restorable_until
    path = beneath("organization_restore")
    return _RESTORE.format(row.key, path, name) if is_restorable else ""


@register.simple_tag
@cache
def beneath(page: str, *more: str) -> str:
    """The path of a page beneath its organization's, such as "edit/basics/"."""
    key = UUID(int=0)
    above, path = reverse("organization_detail", args=[key]), reverse(page, args=[key, *more])
    return path.removeprefix(above)
