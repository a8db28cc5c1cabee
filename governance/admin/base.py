"""What all pages of the admin site have in common: our permissions, our actions, what a change
would do shown first, refusals at the field.
"""

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

from ..actions.batch import together
from ..actions.confirmation import ConfirmationRequired, expected_confirmation
from ..actions.refusals import record_refused
from ..impact import Change, impact_of
from ..queries.audit.events import events_about
from ..rules.decision import Refused, refuse
from ..web.access import actor_of, require_permission
from .confirmation import Notice, NoticeRequired, notice, seen_parts, warnings_fingerprint
from .forms import DressedForm, RefusableForm, RefusableFormSet, RowField, is_key
from .presentation import PortalFields, PortalPages
from .site import may

SHOWN_IN_HISTORY = 100
_READS = ("GET", "HEAD")


class _RowFields:
    """Other rows are chosen by fields that take any text."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        return super().formfield_for_foreignkey(
            db_field, request, **{"form_class": RowField, **kwargs}
        )


class ActionAdmin(_RowFields, PortalPages, ModelAdmin):
    """Saves and deletes by actions.

    `needs_*` are permissions of rules/roles.py; None: nobody does that here.
    """

    form = RefusableForm
    needs_view: str | None = "view_organization"
    needs_add: str | None = None
    needs_change: str | None = None
    needs_delete: str | None = None
    has_history = True
    list_per_page = 50
    show_full_result_count = False

    def add_by_action(self, request, form, formsets) -> object:
        """Do it, and return the new row."""
        raise NotImplementedError

    def change_by_action(self, request, obj, form, formsets) -> None:
        """Do it."""
        raise NotImplementedError

    def warnings_about(self, request, form, formsets) -> list[str]:
        """Return what has to be read before what was typed is saved, its impact apart."""
        return []

    def delete_by_action(self, request, obj) -> None:
        raise NotImplementedError

    def deletion_of(self, rows) -> Change:
        """Return what deleting all of the rows changes for others."""
        return Change()

    def facts_about_deletion(self, rows) -> list[str]:
        """Return what is to be known before the rows are deleted, the impact apart."""
        return []

    def permission_to(self, deed: str, obj=None) -> str | None:
        """The permission for "view", "add", "change" or "delete",
        of one row where `obj` is given.
        """
        return getattr(self, f"needs_{deed}")

    def choice_text(self, obj) -> str:
        """How a row reads among others to choose from."""
        return str(obj)

    def acting(self, request) -> dict:
        return {"by": actor_of(request), "at": timezone.now()}

    def confirming(self, request) -> dict:
        """Return who acts, when, and what impact they have seen, for an action that confirms."""
        return {**self.acting(request), "seen": seen_parts(request.POST.get("_seen", ""))[1]}

    # Pages

    def changelist_view(self, request, extra_context=None):
        require_permission(request, self.permission_to("view"))
        return super().changelist_view(request, extra_context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Both a refusal and what has to be shown first undo everything; the form comes back with
        all that was typed.
        """
        self._require(
            request,
            "add" if object_id is None else "view" if request.method in _READS else "change",
            object_id,
        )
        try:
            return super().changeform_view(
                request, object_id, form_url, self._context(request, extra_context)
            )
        except ConfirmationRequired as question:
            if question.is_stale:
                record_refused(question, path=request.path, **self.acting(request))
            request.notice = notice(request.warnings, question.impact, question.expected)
        except Refused as refusal:
            record_refused(refusal, path=request.path, **self.acting(request))
            request.refusal = refusal
        except NoticeRequired:
            seen = seen_parts(request.POST.get("_seen", ""))[1]
            request.notice = notice(request.warnings, None, seen)
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
            "notice": getattr(request, "notice", None),
            "by": actor_of(request),
        }
        return type(form.__name__, (form,), {**facts, "shown_elsewhere": shown_elsewhere})

    def save_model(self, request, obj, form, change):
        """Nothing yet: the action needs what stands in the inlines too."""

    def save_related(self, request, form, formsets, change):
        """Do it by the action, which asks for the impact to be seen; undo it when a warning was
        not.
        """
        row = self._present(form.instance) if change else None
        request.warnings = self.warnings_about(request, form, formsets)
        if row:
            self.change_by_action(request, row, form, formsets)
        else:
            form.instance.pk = self.add_by_action(request, form, formsets).pk
        seen, _impact = seen_parts(request.POST.get("_seen", ""))
        if seen != warnings_fingerprint(request.warnings):
            raise NoticeRequired

    def _present(self, instance):
        """Return the row as it is now. Refused when it was removed since the form was filled in."""
        row = self.model._default_manager.filter(pk=instance.pk).first()
        if row is None:
            raise refuse("row_gone", f"Someone removed {instance} while you were editing it")
        return row

    def delete_model(self, request, obj):
        self.delete_queryset(request, self.get_queryset(request).filter(pk=obj.pk))

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        """Delete all of them or none, in one order, after the impact of all together was seen."""
        rows = list(queryset.order_by("pk"))
        together(
            deeds=[partial(self.delete_by_action, request, row) for row in rows],
            changes=partial(self.deletion_of, rows),
            **self.confirming(request),
        )

    def get_deleted_objects(self, objs, request):
        """What the question before deleting lists: the rows, and what that does to others."""
        may_all = all(self.has_delete_permission(request, obj) for obj in objs)
        rows = sorted(objs, key=lambda row: row.pk)
        impact = impact_of(self.deletion_of(rows), timezone.now())
        shown = notice((), impact, expected_confirmation(impact))
        request.notice = Notice((*self.facts_about_deletion(rows), *shown.lines), shown.fingerprint)
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
        """What the form shows beside its fields, and the version that was begun with; after a
        clash, the present one.
        """
        clashed = getattr(getattr(request, "refusal", None), "code", "") == "changed_meanwhile"
        version = "" if clashed else request.POST.get("_version", "")
        return {
            "notice": getattr(request, "notice", None),
            "version": version,
            "has_history": self.has_history,
            **(extra_context or {}),
        }

    def _back_with(self, request, refusal: Refused):
        record_refused(refusal, path=request.path, **self.acting(request))
        messages.error(request, str(refusal))
        return HttpResponseRedirect(request.get_full_path())


class ActionInline(_RowFields, PortalFields, TabularInline):
    """Rows of a parent's page, saved by the parent's action; whoever has `needs` may change them.

    `shown_here`: fields of refusals.
    """

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
