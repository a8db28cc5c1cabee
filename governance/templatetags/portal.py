"""What templates need beyond Django's own tags. Loaded everywhere as a builtin."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, date, datetime
from functools import cache
from html import unescape
from ipaddress import ip_address
from urllib.parse import urlencode, urlsplit
from zlib import crc32

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import escape, format_html

from ..forms.layout import dress
from ..rules import audit_words, time_zones, wording
from ..rules.access_requests import words as request_words
from ..rules.domains import guards

register = template.Library()
_LONGEST_TITLE = 70

_PAGES_OF = {
    "organization": "organization_detail",
    "person": "person_detail",
    "package": "package_detail",
    "policy": "policy_edit",
    "accessrequest": "request_detail",
    "access_request": "request_detail",
    "assignment": "assignment_detail",
    "list_rule": "domain_list_rule",
    "own_name": None,
    "suggestion": None,
}

# Kinds of rows that are never taken away, so that events about them can lead there.
_KEPT_FOR_EVER = ("organization", "person", "package", "accessrequest", "assignment")


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
def page_title(markup: str) -> str:
    """Return the title of a page in 70 characters: a long name ends in “…”, the portal's name
    stays.
    """
    title = " ".join(unescape(markup).split())
    if len(title) > _LONGEST_TITLE:
        head, _, site = title.rpartition(" - ")
        title = f"{head[: _LONGEST_TITLE - len(site) - 4].rstrip()}… - {site}"
    return escape(title)


@register.filter
def domain(name: str) -> str:
    """A canonical name as people may read it."""
    return guards.display_domain(name)


@register.filter
def grouped(number) -> str:
    """A number with thousands separators: `{{ 2005|grouped }}` is 2,005."""
    return wording.grouped(number)


@register.filter
def plural(number, words: str) -> str:
    """The one of two words that fits the number: `{{ n|plural:"is,are" }}`."""
    return wording.plural(number, *words.split(","))


@register.filter
def count_of(number, words: str) -> str:
    """A number with its noun: `{{ n|count_of:"event" }}`, `{{ n|count_of:"person,people" }}`."""
    return wording.count_of(number, *words.split(","))


@register.filter
def from_json(text: str):
    return json.loads(text) if text else None


@register.simple_tag
def when(moment, form: str = "") -> str:
    """Show a moment in the viewer's time zone, with second and zone on hover.

    `form` is "" for tables ("Today, 09:12", "Yesterday", "18 Nov 2026"), "text" within a sentence
    ("today at 09:12", "on 18 Nov 2026"), "exact" with the time in any case, or "day".
    """
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        time_zones.moment_words(local, seconds=True),
        _moment_words(local, form, timezone.localdate()),
    )


def moment(at: datetime, today: date) -> str:
    """The same for the rows of a list, in fewer bytes: a day, with second and zone on hover.

    Digits, names of months and of known time zones have nothing to escape.
    """
    local = timezone.localtime(at)
    exact = time_zones.moment_words(local, seconds=True)
    return f'<span title="{exact}">{_moment_words(local, "", today)}</span>'


def _moment_words(local: datetime, form: str, today: date) -> str:
    day, clock = wording.day_words(local), f"{local:%H:%M}"
    if form in ("day", "exact"):
        return day if form == "day" else f"{day}, {clock}"
    days = (today - local.date()).days
    if form == "text":
        return {0: f"today at {clock}", 1: f"yesterday at {clock}"}.get(days, f"on {day}")
    return {0: f"Today, {clock}", 1: "Yesterday"}.get(days, day)


@register.filter
def day(value) -> str:
    """A day without a time, such as 5 Nov 2026; "" for none."""
    return wording.day_words(value) if value else ""


@register.filter
def iso(moment) -> str:
    """A moment as the database has it: in UTC, with its offset."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


@register.simple_tag
def viewer_zone() -> str:
    """The time zone in which this page shows times, such as "Europe/Berlin (UTC+01:00)"."""
    return time_zones.zone_words(timezone.get_current_timezone(), timezone.now())


@register.simple_tag
def portal_host() -> str:
    """The name under which the portal is reached, such as portal.example.com."""
    return settings.ORIGIN_HOST or ""


@register.simple_tag
def portal_zone() -> str:
    """The name of the portal's own time zone, in which days of rules begin and end."""
    return timezone.get_default_timezone_name()


@register.simple_tag
def views_of(labels: dict, counts: dict, current: str) -> list[dict]:
    """Views of a list with their counts, for _components/views.html; `labels` is by value of the
    parameter.
    """
    return [
        {"label": label, "value": value, "count": counts[value], "current": value == current}
        for value, label in labels.items()
    ]


@register.simple_tag(takes_context=True)
def query_with(context, name: str, value: str) -> str:
    """The present query with one parameter changed (or left out), from its first page."""
    others = context["request"].GET.lists()
    query = {key: values for key, values in others if key not in (name, "cursor")}
    return f"?{urlencode(query | {name: value} if value else query, doseq=True)}"


@register.filter
def page_of(ref) -> str:
    """The page of what a reason refers to; "" where it has none."""
    name = _PAGES_OF.get(ref.kind) if ref else None
    try:
        return reverse(name, args=[ref.key]) if name else ""
    except NoReverseMatch:
        return ""


@register.filter
def target_words(event) -> str:
    """What kind of object an event was about."""
    return audit_words.kind_words(event.target_kind)


@register.filter
def activity(name: str) -> str:
    """The name of an audit event's activity in the words of the pages."""
    return audit_words.activity_words(name)


@register.filter
def part_words(decider) -> str:
    """As what somebody can decide a request."""
    return request_words.part_words(decider.part, decider.instead_of)


@register.filter
def refusal_words(reason: str) -> str:
    """The sentence of a stored refusal, without the code in front of it."""
    code, colon, sentence = reason.partition(": ")
    return sentence if colon and code.replace("_", "").isalpha() and code.islower() else reason


@register.filter
def page_of_target(event) -> str:
    """The page of what an event was about, where what it was about is never taken away."""
    name = _PAGES_OF.get(event.target_kind) if event.target_kind in _KEPT_FOR_EVER else None
    try:
        return reverse(name, args=[event.target_key]) if name else ""
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def first_usable(context, links) -> dict | None:
    """The first of the links that the viewer may follow, with its address."""
    person = context["request"].user
    for link in links:
        if person.has_perm(f"governance.{link.needs}"):
            url = reverse(link.page, args=[link.key] if link.key else None)
            return {"url": f"{url}{link.query}", "label": link.label}
    return None


@register.simple_tag
def sends_mail() -> bool:
    """Whether a mail server is set up. Without one, emails are kept and not sent."""
    return bool(settings.EMAIL_URL)


@register.simple_tag(takes_context=True)
def passkeys_work(context) -> bool:
    """Browsers refuse passkeys where a portal is visited by an IP address."""
    host = urlsplit(f"//{context['request'].get_host()}").hostname
    try:
        ip_address(host or "")
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
