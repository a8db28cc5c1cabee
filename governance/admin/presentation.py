"""How the admin site's pages look and answer: the portal's controls, dates and sentences."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AdminTextareaWidget, RelatedFieldWidgetWrapper
from django.db.models import DateField
from django.http import HttpResponseRedirect
from django.urls import reverse

_REWORDED = (
    ("Successfully deleted", "Deleted"),
    (
        "Items must be selected in order to perform actions on them. No items have been changed.",
        "Select at least one row first. Nothing was changed.",
    ),
)


class PortalFields(BaseModelAdmin):
    """Form fields with the portal's controls: the browser's date picker, and no pop-up windows."""

    formfield_overrides = {
        DateField: {"widget": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}
    }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """A description may have several lines, which a field of one line would lose."""
        if db_field.name == "description":
            kwargs["widget"] = AdminTextareaWidget({"rows": 3})
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

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

    def response_add(self, request, obj, post_url_continue=None):
        return self._after_saving(request, obj, "added")

    def response_change(self, request, obj):
        return self._after_saving(request, obj, "saved")

    def response_delete(self, request, obj_display, obj_id):
        messages.success(request, f"{obj_display} deleted.")
        return HttpResponseRedirect(self._page("changelist"))

    def message_user(self, request, message, *args, **kwargs):
        """Say what Django's bulk action did in the portal's words."""
        for theirs, ours in _REWORDED:
            message = str(message).replace(theirs, ours)
        super().message_user(request, message, *args, **kwargs)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        kind = self.kind or opts.verbose_name
        messages.warning(request, f"There is no such {kind}. Someone may have deleted it.")
        return HttpResponseRedirect(self._page("changelist"))

    def _after_saving(self, request, obj, what: str):
        messages.success(request, f"{obj} {what}.")
        if "_continue" in request.POST:
            return HttpResponseRedirect(self._page("change", obj.pk))
        if "_addanother" in request.POST:
            return HttpResponseRedirect(self._page("add"))
        return self.response_post_save_change(request, obj)

    def _page(self, page: str, *arguments) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=arguments)

    def _words(self) -> dict:
        return {
            "kind": self.kind or self.opts.verbose_name,
            "without_script": self.without_script,
        }
