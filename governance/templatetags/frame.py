"""What surrounds every page: the head, the header, the menu and what they open.

All of it follows from who looks and where they are, so that each part is rendered once in a process
for each answer. Docs: docs/decisions on the frame.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from django import template
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString

from ..rules.roles import may

register = template.Library()
_PEOPLE = 2_000  # as many headers are kept, of about 3 kB each

# Label, name of the page, icon, permission (None: everyone signed in). Pages that do not exist are
# left out.
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
    (
        "Access",
        (
            ("Access packages", "package_list", "box", "view_package"),
            ("Catalogs", "catalog_list", "layers", "view_package"),
            ("Groups", "group_list", "people", "view_package"),
            ("Webhooks", "webhook_list", "link", "view_package"),
            ("Approvals", "approval_list", "ok", None),
            ("Requests", "request_list", "policy", "view_accessrequest"),
            ("Assignments", "assignment_list", "key", "view_accessrequest"),
        ),
    ),
    (
        "Insight",
        (
            ("What-if checker", "what_if", "whatif", "use_what_if"),
            ("Overlap map", "overlap_map", "layers", "use_what_if"),
            ("Audit log", "audit_log", "history", "view_auditevent"),
            ("Mail", "mail_list", "mail", "view_mail"),
        ),
    ),
    (
        "Settings",
        (
            ("Guests", "settings_guests", "person", "change_settings"),
            ("Site administration", "admin:index", "settings", "change_organization"),
        ),
    ),
)


@register.simple_tag
@cache
def constant(name: str) -> SafeString:
    """A template that is the same on every page, for everybody."""
    return _rendered(name)


@register.simple_tag(takes_context=True)
def portal_header(context) -> str:
    """The header as this person sees it, with what was searched for."""
    person = context["request"].user
    return _header(
        str(person), getattr(person, "email", ""), _roles(person), context.get("search_text", "")
    )


@lru_cache(_PEOPLE)
def _header(name: str, email: str, roles: frozenset[str], search_text: str) -> str:
    facts = {
        "name": name,
        "email": email,
        "can_search": may(roles, "view_organization"),
        "is_staff": may(roles, "change_organization"),
        "search_text": search_text,
    }
    return _rendered("_components/top.html", facts)


@register.simple_tag(takes_context=True)
def portal_menu(context) -> str:
    """The menu of what this person may open, with where they are."""
    request = context["request"]
    viewer = request.user
    manages = bool(getattr(viewer, "manages_catalogs", False))
    is_asked = bool(getattr(viewer, "is_asked", False))
    return _menu(_roles(viewer), _current(request.path), manages, is_asked=is_asked)


@cache
def _menu(roles: frozenset[str], current: str, manages: bool, *, is_asked: bool) -> str:
    """`is_asked`: the person may be asked to approve, so that the page looks up how many wait."""
    groups = [
        (title, [_entry(item, current) for item in items if _is_open(item, roles, manages)])
        for title, items in MENU
    ]
    search = reverse("search") if may(roles, "view_organization") else ""
    shown = [(title, entries) for title, entries in groups if entries]
    facts = {"groups": shown, "search": search, "is_asked": is_asked}
    return _rendered("_components/menu.html", facts)


def _is_open(item: tuple, roles: frozenset[str], manages: bool) -> bool:
    """Return whether they may open the page: by a role, or as the manager of a catalog."""
    _label, page, _icon, permission = item
    is_theirs = manages and page == "package_list"
    is_open = permission is None or is_theirs or may(roles, permission)
    return page in _addresses() and is_open


def _entry(item: tuple, current: str) -> dict:
    label, page, icon, _permission = item
    return {
        "page": page,
        "label": label,
        "url": _addresses()[page],
        "icon": icon,
        "current": page == current,
    }


def _current(path: str) -> str:
    """The page of the menu at this address or above it, the nearest; "" for none."""
    above = (page for page, url in _addresses().items() if _is_at(path, page, url))
    return max(above, key=lambda page: len(_addresses()[page]), default="")


def _is_at(path: str, page: str, url: str) -> bool:
    return path == url if page in ("overview", "what_if") else path.startswith(url)


@cache
def _addresses() -> dict[str, str]:
    """The pages of the menu that exist."""
    pages = [page for _title, items in MENU for _label, page, _icon, _permission in items]
    return {page: url for page in pages if (url := _address(page))}


def _address(page: str) -> str | None:
    try:
        return reverse(page)
    except NoReverseMatch:
        return None


@register.simple_tag(takes_context=True)
def demo_banner(context) -> str:
    """Says that there is demo data, where there is."""
    person = context["request"].user
    return _banner(_roles(person)) if getattr(person, "sees_demo_data", False) else ""


@cache
def _banner(roles: frozenset[str]) -> str:
    facts = {"can_remove": may(roles, "change_settings")}
    return _rendered("_components/demo_banner.html", facts)


@register.simple_block_tag
def squeezed(content: str) -> SafeString:
    """The content without the white space that indents it. Not for what people typed in lines."""
    return SafeString(re.sub(r"\n\s+", "\n", content))


def _rendered(name: str, facts: dict | None = None) -> SafeString:
    return squeezed(render_to_string(name, facts))


def _roles(person) -> frozenset[str]:
    return getattr(person, "role_names", frozenset())
