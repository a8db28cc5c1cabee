"""What templates need beyond Django's own tags. Loaded everywhere as a builtin."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from ipaddress import ip_address
from urllib.parse import urlsplit
from zlib import crc32

from django import template
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html

from ..forms.layout import dress
from ..queries.demo import is_demo
from ..rules import domain_guards

register = template.Library()

# Label, name of the page, icon, permission (None: everyone signed in). Pages that do not exist are left out.
MENU = (
    ("", (("Overview", "overview", "home", None),)),
    (
        "Partners",
        (
            ("Connected organizations", "organization_list", "org", "view_organization"),
            ("Allow and deny list", "domain_list", "shield", "view_listrule"),
            ("People", "person_list", "people", "view_person"),
        ),
    ),
    ("Access", (("Access packages", "package_list", "box", "view_package"),)),
    (
        "Insight",
        (
            ("What-if checker", "what_if", "whatif", "use_what_if"),
            ("Overlap map", "overlap_map", "layers", "use_what_if"),
            ("Audit log", "audit_log", "history", "view_auditevent"),
            ("Mail", "mail_list", "mail", "view_mail"),
        ),
    ),
    ("Settings", (("Site administration", "admin:index", "layers", "change_organization"),)),
)
_PAGES_OF = {
    "organization": "organization_detail",
    "person": "person_detail",
    "package": "package_detail",
    "policy": "policy_edit",
    "list_rule": "domain_list_rule",
    "own_name": None,
    "suggestion": None,
}


@register.simple_tag
@cache
def icon(name: str, small: bool = False) -> str:
    classes = "ic ic-s" if small else "ic"
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        classes,
        static("icons.svg"),
        name,
    )


@register.filter
def initials(name: str) -> str:
    """Two letters for a monogram: the first of the first and of the last word."""
    words = [
        word
        for word in str(name).split()
        if any(unicodedata.category(character)[0] in "LN" for character in word)
    ]
    letters = [
        next(character for character in word if unicodedata.category(character)[0] in "LN")
        for word in words
    ]
    return "".join([*letters[:1], *letters[1:][-1:]]).upper() or "?"


@register.filter
def hue(name: str) -> int:
    """A colour of the five of monograms, the same for the same name."""
    return crc32(str(name).encode()) % 5


@register.filter
def domain(name: str) -> str:
    """A canonical name as people may read it."""
    return domain_guards.display_domain(name)


@register.filter
def from_json(text: str):
    return json.loads(text) if text else None


@register.simple_tag
def when(moment) -> str:
    """A moment as people say it, with the exact one on hover: Today, 09:12; Yesterday; 18 Nov 2026."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    exact = f"{moment.astimezone(timezone.get_fixed_timezone(0)):%d %b %Y, %H:%M:%S} UTC"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(timespec="seconds"),
        exact,
        _day_words(local),
    )


def _day_words(local) -> str:
    days = (timezone.localdate() - local.date()).days
    if days == 0:
        return f"Today, {local:%H:%M}"
    return "Yesterday" if days == 1 else f"{local.day} {local:%b %Y}"


@register.simple_tag
def views_of(labels: dict, counts: dict, current: str) -> list[dict]:
    """Views of a list with their counts, for _components/views.html; `labels` is by value of the parameter."""
    return [
        {"label": label, "value": value, "count": counts[value], "current": value == current}
        for value, label in labels.items()
    ]


@register.simple_tag(takes_context=True)
def query_with(context, name: str, value: str) -> str:
    """The present query with one parameter changed (or left out), from its first page."""
    query = context["request"].GET.copy()
    for old in (name, "cursor"):
        query.pop(old, None)
    if value:
        query[name] = value
    return f"?{query.urlencode()}"


@register.filter
def page_of(ref) -> str:
    """The page of what a reason refers to; "" where it has none."""
    name = _PAGES_OF.get(ref.kind) if ref else None
    try:
        return reverse(name, args=[ref.key]) if name else ""
    except NoReverseMatch:
        return ""


@register.filter
def page_of_target(event) -> str:
    """The page of what an event was about, where what it was about is never taken away."""
    name = (
        _PAGES_OF.get(event.target_kind)
        if event.target_kind in ("organization", "person", "package")
        else None
    )
    try:
        return reverse(name, args=[event.target_key]) if name else ""
    except NoReverseMatch:
        return ""


@register.inclusion_tag("_components/menu.html", takes_context=True)
def portal_menu(context) -> dict:
    person, path = context["request"].user, context["request"].path
    groups = [
        (title, [entry for item in items if (entry := _entry(item, person, path))])
        for title, items in MENU
    ]
    search = reverse("search") if person.has_perm("governance.view_organization") else ""
    return {"groups": [(title, entries) for title, entries in groups if entries], "search": search}


def _entry(item, person, path: str) -> dict | None:
    label, name, icon_name, permission = item
    if permission and not person.has_perm(f"governance.{permission}"):
        return None
    try:
        url = reverse(name)
    except NoReverseMatch:
        return None
    current = path == url if name in ("overview", "what_if") else path.startswith(url)
    return {"label": label, "url": url, "icon": icon_name, "current": current}


@register.simple_tag
def demo_data() -> bool:
    """Whether made-up data is shown. One indexed row."""
    return is_demo()


@register.simple_tag(takes_context=True)
def passkeys_work(context) -> bool:
    """Browsers refuse passkeys where a portal is visited by an IP address."""
    host = urlsplit(f"//{context['request'].get_host()}").hostname
    try:
        ip_address(host)
    except ValueError:
        return True
    return False


@register.filter
def may(person, permission: str) -> bool:
    return person.has_perm(f"governance.{permission}")


@register.filter
def as_list(value) -> list:
    return [value]


@register.filter
def at(mapping, key):
    """The value under a key that only the template knows."""
    return mapping.get(str(key), "") if mapping else ""


@register.filter
def dressed(field):
    """A field of a form that is not ours (sign-in), with our classes."""
    dress(field.field)
    return field
