"""Forms of the admin site: the actions say what is wrong, in the words that the portal's own pages
use.
"""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet

from ..forms.layout import dress
from ..rules.decision import Refused
from ..rules.email_domains import canonical_domain
from ..rules.roles import Actor
from ..web.django_admin import UncheckedModelForm, place_choices_in_page


class DressedForm(UncheckedModelForm):
    """A form whose controls look like the portal's."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _dress(field)


class ActionForm(DressedForm):
    """A form of what an action takes, which shows why the action refused it.

    Text is taken as it was typed; `missing` has the sentences for fields left empty, `field_names`
    the form's names for fields that refusals call otherwise. `by` is who fills it in.
    """

    missing: dict[str, str] = {"name": "Enter a name"}
    field_names: dict[str, str] = {}

    def __init__(self, *args, by: Actor | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self._remove_fields_not_shown()
        for name, field in self.fields.items():
            if isinstance(field, forms.CharField):
                _as_typed(field, self.missing.get(name))

    def add_refusal(self, refusal: Refused, *, elsewhere: Iterable[frozenset[str]] = ()) -> None:
        """Put every reason at the field it names, but those that are shown elsewhere."""
        shown_elsewhere = frozenset().union(*elsewhere)
        for reason in refusal.reasons:
            if reason.field not in shown_elsewhere:
                field = self.field_names.get(reason.field, reason.field)
                self.add_error(field if field in self.fields else None, reason.text)
        if refusal.code == "changed_meanwhile":
            self._show_saved_values()

    def _show_saved_values(self) -> None:
        """Say at each field what somebody else saved in it meanwhile; what is saved next replaces
        that.
        """
        saved = type(self.instance)._default_manager.get(pk=self.instance.pk)
        self.instance.version = saved.version
        for name in self._meta.fields or ():
            stored = getattr(saved, name, None)
            if (
                name in self.cleaned_data
                and not hasattr(stored, "all")
                and stored != self.cleaned_data[name]
            ):
                self.add_error(
                    name, f"The saved value is now “{stored}”. Save again to replace it with yours."
                )

    def _remove_fields_not_shown(self) -> None:
        """Fields that the form declares are there only where the page shows them."""
        for name in self.declared_fields:
            if name not in (self._meta.fields or ()):
                self.fields.pop(name, None)


class DomainForm(ActionForm):
    """Takes one domain name in canonical form, and says what is wrong where it was typed."""

    domain_field = "name"
    canonical = staticmethod(canonical_domain)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if field := self.fields.get(self.domain_field):
            _as_typed(field, "Enter a domain")

    def clean(self):
        if typed := self.cleaned_data.get(self.domain_field):
            try:
                self.cleaned_data[self.domain_field] = self.canonical(typed)
            except Refused as refusal:
                self.add_error(self.domain_field, str(refusal))
        super().clean()


class _Keyed:
    """A choice among rows: what cannot be a row's key is no valid choice, also where it is beyond
    what a database can look up.
    """

    def clean(self, value):
        for text in _texts(value):
            if not is_key(text):
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": text},
                )
        return super().clean(value)

    def bound_data(self, data, initial):
        """The page that comes back looks up the chosen rows too."""
        kept = [text for text in _texts(data) if is_key(text)]
        return kept if isinstance(data, list | tuple) else "".join(kept)


class RowField(_Keyed, forms.ModelChoiceField):
    """One row."""


class RowsField(_Keyed, forms.ModelMultipleChoiceField):
    """Any number of rows."""


class RowsBeneath(BaseInlineFormSet):
    """Rows beneath a form; the action that saves them has the rules."""

    def clean(self):
        """Do nothing."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            _dress(form.fields["DELETE"])

    def kept(self) -> list[dict]:
        """Return what the rows say that are neither empty nor to be deleted."""
        return [form.cleaned_data for form in self.kept_forms()]

    def kept_forms(self) -> list:
        return [
            form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]


def is_key(text: str) -> bool:
    """Whether it can be the key of a row: a whole number of 63 bits."""
    return text.isascii() and text.isdecimal() and len(text) < 20 and int(text) < 2**63


def _texts(value) -> list[str]:
    return [
        str(each)
        for each in (value if isinstance(value, list | tuple) else [value])
        if each not in (None, "")
    ]


def _dress(field: forms.Field) -> None:
    """Put the portal's class in the place of the admin site's."""
    field.widget.attrs.pop("class", None)
    field.widget.attrs.pop("size", None)
    dress(field)
    place_choices_in_page(field)


def _as_typed(field: forms.CharField, missing: str | None) -> None:
    field.strip, field.max_length = False, None
    field.widget.attrs.pop("maxlength", None)
    field.validators = [
        validator
        for validator in field.validators
        if getattr(validator, "code", "") != "max_length"
    ]
    if missing:
        field.error_messages["required"] = missing
