"""The looks of emails: they carry their own, and no content policy applies to them."""

from __future__ import annotations

from functools import cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
@cache
def mail_style() -> SafeString:
    """Return the style sheet of emails as an element: what mail programs follow no link to."""
    return SafeString(f"<style>{render_to_string('mail/message.css')}</style>")
