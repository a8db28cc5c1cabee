"""What all pages of the admin site have in common: our permissions, our actions, what a change would do shown first, refusals at the field."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.admin import ModelAdmin, TabularInline
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone

from ..actions.locks import lock_claims
from ..actions.refusals import record_refused
from ..actions.rehearsals import broken_tests
from ..actions.together import together
from ..queries.audit_events import events_about
from ..rules.decision import Refused, refuse
from ..views.access import actor_of, require_permission
from .door import may
from .forms import DressedForm, RefusableForm, RefusableFormSet, RowField, is_key
from .presentation import PortalFields, PortalPages
from .told import Told, Untold, told_of_tests

SHOWN_IN_HISTORY = 100
_READS = ("GET", "HEAD")


class _RowFields:
    """Other rows are chosen by fields that take any text."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        return super().formfield_for_foreignkey(
            db_field, request, **{"form_class": RowField, **kwargs}
        )


class ActionAdmin(_RowFields, PortalPages, ModelAdmin):
    """Saves and deletes by actions. `needs_*` are permissions of rules/roles.py; None: nobody does that here."""

    form = RefusableForm
    needs_view: str | None = "view_organization"
    needs_add: str | None = None
    needs_change: str | None = None
    needs_delete: str | None = None
    has_history = True
    list_per_page = 50
    show_full_result_count = False

    def add_by_action(self, request, form, formsets) -> tuple[object, Told]:
        """Do it, and answer the new row with what that did to others."""
        raise NotImplementedError

    def change_by_action(self, request, obj, form, formsets) -> Told:
        """Do it, and answer what that did to others."""
        raise NotImplementedError

    def delete_by_action(self, request, obj) -> None:
        raise NotImplementedError

    def told_of_deletion(self, rows) -> Told:
        """What deleting all of the rows does to others."""
        return Told()

    def permission_to(self, deed: str, obj=None) -> str | None:
        """The permission for "view", "add", "change" or "delete", of one row where `obj` is given."""
        return getattr(self, f"needs_{deed}")

    def choice_text(self, obj) -> str:
        """How a row reads among others to choose from."""
        return str(obj)

    def acting(self, request) -> dict:
        return {"by": actor_of(request), "at": timezone.now()}

    # Pages

    def changelist_view(self, request, extra_context=None):
        require_permission(request, self.permission_to("view"))
        return super().changelist_view(request, extra_context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Both a refusal and what has to be shown first undo everything; the form comes back with all that was typed."""
        self._require(
            request,
            "add" if object_id is None else "view" if request.method in _READS else "change",
            object_id,
        )
        try:
            return super().changeform_view(
                request, object_id, form_url, self._context(request, extra_context)
            )
        except Refused as refusal:
            record_refused(refusal, **self.acting(request))
            request.refusal = refusal
        except Untold as untold:
            request.told = untold.told
        return super().changeform_view(
            request, object_id, form_url, self._context(request, extra_context)
        )

    def delete_view(self, request, object_id, extra_context=None):
        self._require(request, "delete", object_id)
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refused as refusal:
            return self._back_with(request, refusal)

    def response_action(self, request, queryset):
        if not all(is_key(text) for text in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("a row was chosen by something that is no key")
        try:
            return super().response_action(request, queryset)
        except Refused as refusal:
            return self._back_with(request, refusal)

    def history_view(self, request, object_id, extra_context=None):
        """Our audit events about the row."""
        self._require(request, "view", object_id)
        if not self.has_history:
            raise Http404
        require_permission(request, "view_auditevent")
        row = self._row(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": f"History: {row}",
            "object": row,
            "opts": self.opts,
            "module_name": self.opts.verbose_name_plural.capitalize(),
            "events": events_about(row)[:SHOWN_IN_HISTORY],
        }
        return TemplateResponse(request, "admin/governance/object_history.html", context)

    # Saving and deleting

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        shown_elsewhere = frozenset().union(*(inline.shown_here for inline in self.inlines))
        facts = {
            "refusal": getattr(request, "refusal", None),
            "told": getattr(request, "told", None),
            "by": actor_of(request),
        }
        return type(form.__name__, (form,), {**facts, "shown_elsewhere": shown_elsewhere})

    def save_model(self, request, obj, form, change):
        """Nothing yet: the action needs what stands in the inlines too."""

    def save_related(self, request, form, formsets, change):
        """Do it, and undo it when it does something to others that was not shown yet."""
        row = self.model._default_manager.get(pk=form.instance.pk) if change else None
        save = partial(self._save, request, form, formsets, row)
        tests = told_of_tests(broken_tests(save, timezone.now()))
        told = save() + tests
        if told.lines and request.POST.get("_seen") != told.fingerprint:
            raise Untold(told)

    def _save(self, request, form, formsets, row) -> Told:
        if row:
            return self.change_by_action(request, row, form, formsets)
        made, told = self.add_by_action(request, form, formsets)
        form.instance.pk = made.pk
        return told

    def delete_model(self, request, obj):
        self.delete_queryset(request, self.get_queryset(request).filter(pk=obj.pk))

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        """All of them or none, in one order, and only after what that does was shown."""
        lock_claims()
        rows = list(queryset.order_by("pk"))
        if self._deletion(request, rows).fingerprint != request.POST.get("_seen", ""):
            raise refuse(
                "effect_changed",
                "What this would do changed while you were reviewing. Look again, then save",
            )
        self._delete(request, rows)

    def get_deleted_objects(self, objs, request):
        """What the question before deleting lists: the rows, and what that does to others."""
        may_all = all(self.has_delete_permission(request, obj) for obj in objs)
        request.told = self._deletion(request, list(objs))
        return (
            [str(obj) for obj in objs],
            {self.opts.verbose_name_plural: len(objs)},
            set() if may_all else {self.opts.verbose_name},
            [],
        )

    def log_addition(self, request, obj, message):
        """Our audit log has it; Django's own log would say it twice."""

    log_change = log_addition

    def log_deletions(self, request, queryset):
        """Likewise."""

    def construct_change_message(self, request, form, formsets, add=False):
        return []

    # Permissions

    def has_view_permission(self, request, obj=None):
        return may(request, self.permission_to("view", obj))

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_add_permission(self, request, obj=None):
        return may(request, self.permission_to("add", obj))

    def has_change_permission(self, request, obj=None):
        return may(request, self.permission_to("change", obj))

    def has_delete_permission(self, request, obj=None):
        return may(request, self.permission_to("delete", obj))

    def _row(self, request, object_id: str):
        return self.get_object(request, unquote(object_id))

    def _require(self, request, deed: str, object_id: str | None) -> None:
        require_permission(
            request,
            self.permission_to(deed, None if object_id is None else self._row(request, object_id)),
        )

    def _context(self, request, extra_context: dict | None) -> dict:
        """What the form shows beside its fields, and the version that was begun with; after a clash, the present one."""
        clashed = getattr(getattr(request, "refusal", None), "code", "") == "changed_meanwhile"
        version = "" if clashed else request.POST.get("_version", "")
        return {
            "told": getattr(request, "told", None),
            "version": version,
            "has_history": self.has_history,
            **(extra_context or {}),
        }

    def _deletion(self, request, rows: list) -> Told:
        rows = sorted(rows, key=lambda row: row.pk)
        return self.told_of_deletion(rows) + told_of_tests(
            broken_tests(partial(self._delete, request, rows), timezone.now())
        )

    def _delete(self, request, rows: list) -> None:
        together(
            deeds=[partial(self.delete_by_action, request, row) for row in rows],
            **self.acting(request),
        )

    def _back_with(self, request, refusal: Refused):
        record_refused(refusal, **self.acting(request))
        messages.error(request, str(refusal))
        return HttpResponseRedirect(request.get_full_path())


class ActionInline(_RowFields, PortalFields, TabularInline):
    """Rows of a parent's page, saved by the parent's action; whoever has `needs` may change them. `shown_here`: fields of refusals."""

    extra = 0
    form = DressedForm
    formset = RefusableFormSet
    shown_here: frozenset[str] = frozenset()
    needs: str | None = None

    def get_formset(self, request, obj=None, **kwargs):
        made = super().get_formset(request, obj, **kwargs)
        return type(
            made.__name__,
            (made,),
            {"refusal": getattr(request, "refusal", None), "shown_here": self.shown_here},
        )

    def has_view_permission(self, request, obj=None):
        return True

    def has_add_permission(self, request, obj=None):
        return may(request, self.needs)

    has_change_permission = has_delete_permission = has_add_permission
