"""Every part of Django's admin site that its documentation does not describe, and how the portal
uses it. Each docstring names the part, as of Django 5.2: look here first with another version.

templates/admin/ rest on what these hand over: `adminform` and `inline_admin_formsets` of
`render_form_page`, and `cl`, the ChangeList that ModelAdmin.changelist_view puts into its context.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.helpers import (
    ACTION_CHECKBOX_NAME,
    AdminErrorList,
    AdminForm,
    AdminReadonlyField,
)
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.templatetags.admin_list import result_headers
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import flatten_fieldsets, lookup_field, unquote
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR, ChangeList
from django.contrib.admin.widgets import (
    AutocompleteMixin,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import Field, Model
from django.forms import BaseInlineFormSet, ModelForm, Widget
from django.forms import Field as FormField
from django.http import HttpRequest, HttpResponse

# Forms


@dataclass(frozen=True, slots=True)
class FormPage:
    """The form of a row (None: of a new one) with the rows beneath it, as shown or as sent.

    The form has a copy of the row, so that `row` stays as it is stored.
    """

    row: Model | None
    form: Any  # a ModelForm, of the kind that the page asks for
    formsets: list[BaseInlineFormSet]
    inlines: list[Any]  # of InlineModelAdmin, of the kind that the page lists

    def is_valid(self) -> bool:
        """Return whether all was filled in as asked; every form finds its own problems."""
        answers = [each.is_valid() for each in (self.form, *self.formsets)]
        return all(answers)


def stored_row(admin: ModelAdmin, request: HttpRequest, object_id: str) -> Model | None:
    """Return the row that a path names, if this page of the admin site has it.

    Django 5.2: ModelAdmin.get_object, admin.utils.unquote.
    """
    return admin.get_object(request, unquote(object_id))


def form_page(
    admin: ModelAdmin, request: HttpRequest, row: Model | None, **form_kwargs
) -> FormPage:
    """Return the form of the row, filled in with what was sent; it is made with `form_kwargs`.

    Django 5.2: the first half of ModelAdmin._changeform_view, with ModelAdmin._create_formsets.
    """
    given: dict[str, Any]
    fields = flatten_fieldsets(admin.get_fieldsets(request, row))
    form_class = admin.get_form(request, row, change=row is not None, fields=fields)
    if request.method == "POST":
        given = {"data": request.POST, "files": request.FILES}
    else:
        given = {} if row else {"initial": admin.get_changeform_initial_data(request)}
    form = form_class(instance=copy(row), **given, **form_kwargs)
    # documented nowhere, so that the stubs do not have it
    create = admin._create_formsets  # type: ignore[attr-defined]
    formsets, inlines = create(request, form.instance, change=row is not None)
    return FormPage(row, form, formsets, inlines)


def render_form_page(
    admin: ModelAdmin, request: HttpRequest, page: FormPage, **context
) -> HttpResponse:
    """Return the page with the form as it is filled in, its errors, and `context` for the template.

    Django 5.2: the second half of ModelAdmin._changeform_view, with helpers.AdminForm and
    AdminErrorList, ModelAdmin.get_inline_formsets and the context of render_change_form.
    """
    is_new = page.row is None
    form = _admin_form(admin, request, page)
    inlines = admin.get_inline_formsets(request, page.formsets, page.inlines, page.row)
    context = {
        **admin.admin_site.each_context(request),
        "adminform": form,
        "inline_admin_formsets": inlines,
        "original": None if is_new else page.form.instance,
        "errors": AdminErrorList(page.form, page.formsets),
        "media": sum((inline.media for inline in inlines), admin.media + form.media),
        "preserved_filters": admin.get_preserved_filters(request),
        **context,
    }
    return admin.render_change_form(request, context, add=is_new, change=not is_new, obj=page.row)


def _admin_form(admin: ModelAdmin, request: HttpRequest, page: FormPage) -> AdminForm:
    fieldsets = admin.get_fieldsets(request, page.row)
    if page.row is None or admin.has_change_permission(request, page.row):
        readonly = admin.get_readonly_fields(request, page.row)
    else:
        readonly = flatten_fieldsets(fieldsets)
    shown: list[Any] = list(fieldsets)
    return AdminForm(page.form, shown, {}, readonly, model_admin=admin)


def add_errors_above_rows(formset: BaseInlineFormSet, texts: Iterable[str]) -> None:
    """Show sentences above the rows of a formset that was already checked.

    Django 5.2: BaseFormSet.non_form_errors returns the list itself.
    """
    formset.non_form_errors().extend(texts)


class UncheckedModelForm(ModelForm):
    """A model's form without the checks of the model's columns: the actions have the rules.

    Django 5.2: what ModelForm._post_clean calls.
    """

    def _get_validation_exclusions(self) -> set[str]:
        return {field.name for field in self._meta.model._meta.fields}

    def validate_constraints(self):
        """Do nothing."""

    def validate_unique(self):
        """Do nothing."""


# Controls of forms


class PlainFields(BaseModelAdmin):
    """Fields without pop-up windows; `widgets` are those that the fields of these names get.

    Django 5.2: BaseModelAdmin.formfield_for_dbfield, widgets.RelatedFieldWidgetWrapper.
    """

    widgets: dict[str, Widget] = {}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in self.widgets:
            kwargs["widget"] = self.widgets[db_field.name]
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class ManyRowsSelect(AutocompleteSelectMultiple):
    """Choices that come while one types, each with a cross of its own: one for all of them would
    stand loose in their list.

    Django 5.2: widgets.AutocompleteMixin.build_attrs, which writes the settings of select2.
    """

    def build_attrs(self, base_attrs, extra_attrs=None):
        return {**super().build_attrs(base_attrs, extra_attrs), "data-allow-clear": "false"}


def place_choices_in_page(field: FormField) -> None:
    """Open the list of choices that come while one types inside the page's landmark, and ask for no
    first, empty choice, which `required` wants and which is not there.

    Django 5.2: widgets.AutocompleteMixin.
    """
    if isinstance(field.widget, AutocompleteMixin):
        field.widget.attrs["data-dropdown-parent"] = "#main"
        # to the stubs the mixin is no widget
        field.widget.use_required_attribute = lambda initial: False  # type: ignore[attr-defined]


class _NamedChoices(AutocompleteJsonView):
    def serialize_result(self, obj, to_field_name):
        return {"id": str(getattr(obj, to_field_name)), "text": self.model_admin.choice_text(obj)}


class NamedChoicesSite(AdminSite):
    """Choices read as `choice_text` of the page of their kind says: two people may have one name.

    Django 5.2: AdminSite.autocomplete_view, AutocompleteJsonView.serialize_result.
    """

    def autocomplete_view(self, request):
        return _NamedChoices.as_view(admin_site=self)(request)


# Lists


def selected_keys(request: HttpRequest) -> list[str]:
    """Return what was sent as the keys of selected rows. Django 5.2: ACTION_CHECKBOX_NAME."""
    return request.POST.getlist(ACTION_CHECKBOX_NAME)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: `url` sorts by it, and `direction` says how it is sorted now, if so."""

    name: str
    text: str
    url: str
    direction: str
    field: Any  # the model's, None where it has none of that name


def list_columns(cl: ChangeList) -> list[Column]:
    """Return the columns, without that of the ticks.

    Django 5.2: ChangeList.list_display, admin_list.result_headers.
    """
    names = [name for name in cl.list_display if name != "action_checkbox"]
    headers = list(result_headers(cl))[-len(names) :]
    return [_column(cl, str(name), header) for name, header in zip(names, headers, strict=True)]


def _column(cl: ChangeList, name: str, header: dict[str, Any]) -> Column:
    direction = "ascending" if header.get("ascending") else "descending"
    try:
        field = cl.lookup_opts.get_field(name)
    except FieldDoesNotExist:
        field = None
    return Column(
        name,
        header["text"],
        header["url_primary"] if header["sortable"] else "",
        direction if header.get("sorted") else "",
        field,
    )


def has_ticks(cl: ChangeList) -> bool:
    """Return whether rows can be selected. Django 5.2: ChangeList.list_display."""
    return "action_checkbox" in cl.list_display


def row_url(cl: ChangeList, row: Model) -> str:
    """Return the address of a row's page, which leads back to the list as it is filtered.

    Django 5.2: admin_urls.add_preserved_filters, ChangeList.url_for_result.
    """
    context: dict[str, Any] = {"preserved_filters": cl.preserved_filters, "opts": cl.opts}
    return add_preserved_filters(context, cl.url_for_result(row))


def value_of(admin: ModelAdmin, row: Model, name: str) -> tuple[Field | None, object]:
    """Return the model's field of that name, if there is one, and what to show of the row.

    Django 5.2: admin.utils.lookup_field.
    """
    field, _attribute, value = lookup_field(name, row, admin)
    return field, value


def list_filters(cl: ChangeList) -> list[dict]:
    """Return the filters as selects: the name of the parameter, a label, and the options.

    Django 5.2: ChangeList.filter_specs, ListFilter.choices and .expected_parameters.
    """
    return [_filter(spec, cl) for spec in cl.filter_specs]


def _filter(spec, cl: ChangeList) -> dict:
    parameter = spec.expected_parameters()[0]
    options = [
        {
            "value": parse_qs(choice["query_string"].removeprefix("?")).get(parameter, [""])[0],
            "text": f"{spec.title}: all".capitalize() if number == 0 else choice["display"],
            "is_selected": choice["selected"],
        }
        for number, choice in enumerate(spec.choices(cl))
    ]
    return {"parameter": parameter, "label": str(spec.title).capitalize(), "options": options}


def other_parameters(cl: ChangeList) -> list[tuple[str, str]]:
    """Return what a search keeps of the address: all but the words, the filters and the page.

    Django 5.2: ChangeList.params, views.main.SEARCH_VAR and PAGE_VAR.
    """
    replaced = {SEARCH_VAR, PAGE_VAR, *(each["parameter"] for each in list_filters(cl))}
    return [(name, value) for name, value in cl.params.items() if name not in replaced]


@dataclass(frozen=True, slots=True)
class ListPage:
    """Where in its list a page is: the number of rows before it, on it and in all, and the
    addresses of the pages beside it.
    """

    before: int
    shown: int
    total: int
    is_split: bool
    previous: str
    next: str


def list_page(cl: ChangeList) -> ListPage:
    """Return where in its list the page is.

    Django 5.2: ChangeList.result_list, .page_num, .paginator, .multi_page, .get_query_string.
    """
    number, last = cl.page_num, cl.paginator.num_pages
    return ListPage(
        (number - 1) * cl.list_per_page,
        len(cl.result_list),
        cl.result_count,
        cl.multi_page,
        cl.get_query_string({PAGE_VAR: number - 1}) if number > 1 else "",
        cl.get_query_string({PAGE_VAR: number + 1}) if number < last else "",
    )


# What a form only shows


def shown_field(read_only: AdminReadonlyField) -> tuple[Field | None, object]:
    """Return the model's field and the value of what a form only shows: none where there is none.

    Django 5.2: helpers.AdminReadonlyField, as the templates meet it.
    """
    admin: Any = read_only.model_admin
    try:
        return value_of(admin, read_only.form.instance, str(read_only.field["field"]))
    except (AttributeError, ValueError, ObjectDoesNotExist):
        return None, None


def link_to_row(read_only: AdminReadonlyField, field: Field, row: Model) -> str:
    """Return a link to the page of another row, or its name where there is no such page.

    Django 5.2: AdminReadonlyField.get_admin_url.
    """
    return read_only.get_admin_url(field.remote_field, row)  # type: ignore[attr-defined]
