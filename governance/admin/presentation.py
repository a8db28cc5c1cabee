"""How the admin site's pages look and answer: the portal's controls, dates and sentences."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db.models import DateField, Field
from django.http import HttpResponseRedirect
from django.urls import reverse

from ..web.django_admin import PlainFields

_NOTHING_SELECTED = (  # as Django's admin site says it, and as we do
    "Items must be selected in order to perform actions on them. No items have been changed.",
    "Select at least one row first. Nothing was changed.",
)


class PortalFields(PlainFields):
    """Form fields with the portal's controls: the browser's date picker, and no pop-up windows."""

    formfield_overrides: ClassVar[dict[type[Field], dict[str, Any]]] = {
        DateField: {"widget": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}
    }

    # It may have several lines, which a field of one line would lose.
    widgets = {"description": forms.Textarea({"rows": 3})}

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        """Say what to do instead of a row of hyphens."""
        must_choose = db_field.blank or not db_field.has_default()
        choices = db_field.get_choices(must_choose, blank_choice=[("", "Choose one")])
        return super().formfield_for_choice_field(
            db_field, request, **{"choices": choices, **kwargs}
        )


class PortalPages(PortalFields, ModelAdmin):
    """Pages of one model. `kind` is the word for one row where the model's own name is not it."""

    empty_value_display = "–"
    kind = without_script = ""
    actions_selection_counter = True

    @property
    def media(self):
        """Only the selection of rows needs a script of Django's here."""
        return forms.Media(js=["admin/js/actions.js"])

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {**self._words(), **(extra_context or {})})

    def render_change_form(self, request, context, *args, **kwargs):
        return super().render_change_form(request, {**context, **self._words()}, *args, **kwargs)

    def message_user(self, request, message, *args, **kwargs):
        """Say what Django says of a selection in the portal's words."""
        super().message_user(request, str(message).replace(*_NOTHING_SELECTED), *args, **kwargs)

    def redirect_from_missing_row(self, request) -> HttpResponseRedirect:
        kind = self.kind or self.opts.verbose_name
        messages.warning(request, f"There is no such {kind}. Someone may have deleted it.")
        return HttpResponseRedirect(self._page("changelist"))

    def redirect_after_saving(self, request, row, *, is_new: bool) -> HttpResponseRedirect:
        """Say that the row is saved, and go where the button that was pressed leads."""
        messages.success(request, f"{row} {'added' if is_new else 'saved'}.")
        if "_continue" in request.POST:
            return HttpResponseRedirect(self._page("change", row.pk))
        if "_addanother" in request.POST:
            return HttpResponseRedirect(self._page("add"))
        return self.response_post_save_change(request, row)

    def redirect_after_deleting(self, request, name: str) -> HttpResponseRedirect:
        messages.success(request, f"{name} deleted.")
        return HttpResponseRedirect(self._page("changelist"))

    def redirect_after_deleting_selected(self, request, rows: list) -> HttpResponseRedirect:
        messages.success(request, f"Deleted {len(rows)} {self.name_of(rows)}.")
        return HttpResponseRedirect(request.get_full_path())

    def name_of(self, rows: list) -> str:
        """Return what so many rows are called."""
        return str(self.opts.verbose_name if len(rows) == 1 else self.opts.verbose_name_plural)

    def _page(self, page: str, *arguments) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=arguments)

    def _words(self) -> dict:
        return {
            "kind": self.kind or self.opts.verbose_name,
            "without_script": self.without_script,
        }
