"""What all forms have in common: our look through crispy, and refusals by the rules shown where
they belong.
"""

from __future__ import annotations

from collections.abc import Iterable

from crispy_forms.helper import FormHelper
from django import forms
from django.forms.renderers import Jinja2
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..rules.decision import Refused

_CONTROLS = {"checkbox": "form-check-input", "radio": "form-check-input", "select": "form-select"}


UNSEEN = "This has a character that cannot be seen (U+0000). Remove it"
# Django renders its widgets by Jinja2 in a fifth of the time; the admin site's own it cannot.
QUICK_RENDERER = Jinja2()


class PortalForm(forms.Form):
    """A form in our look. `add_refusal` puts every reason at the field it names."""

    default_renderer = QUICK_RENDERER

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        for field in self.fields.values():
            dress(field)
            field.error_messages["null_characters_not_allowed"] = UNSEEN

    def add_refusal(self, refusal: Refused) -> None:
        for reason in refusal.reasons:
            self.add_error(reason.field if reason.field in self.fields else None, reason.text)


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """Let people choose among these pairs of a value and a label."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is no field to choose in")
    field.choices = choices


def dress(field: forms.Field) -> None:
    """Give a field's control the class its kind has in the style sheet."""
    widget = field.widget
    kind = getattr(widget, "input_type", "text")
    widget.attrs.setdefault("class", _CONTROLS.get(kind, "form-control"))


class LongSelect(forms.Widget):
    """A select with hundreds of options, whose markup is made once in a process: Django's own
    renders a template for each option, 25 ms for the time zones of the world.
    """

    input_type = "select"

    def __init__(self, choices: Iterable[tuple[str, str]]):
        super().__init__()
        self.options = format_html_join("", '<option value="{}">{}</option>', choices)

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        """Return the select; `value` is the chosen option."""
        attributes = flatatt({**self.build_attrs(self.attrs, attrs), "name": name})
        chosen = format_html('<option value="{}"', value or "")
        options = self.options.replace(f"{chosen}>", f"{chosen} selected>", 1)
        return format_html("<select{}>{}</select>", attributes, SafeString(options))


class ChoiceWithHints(forms.ChoiceField):
    """Radios of which each has a hint: choices are (value, label, hint)."""

    def __init__(self, *, choices, **kwargs):
        super().__init__(
            choices=[(value, label) for value, label, _hint in choices],
            widget=forms.RadioSelect,
            **kwargs,
        )
        self.hints = {value: hint for value, _label, hint in choices}
