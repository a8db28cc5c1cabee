"""What all pages of the admin site have in common: our permissions, our actions, the impact of a
change shown before it is made, refusals at the field.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin, TabularInline, action
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone

from ..actions.batch import run_batch
from ..actions.confirmation import ConfirmationRequired, expected_confirmation
from ..actions.refusals import record_refused
from ..impact import Change, impact_of
from ..queries.audit.events import events_about
from ..rules.decision import Refused
from ..web.access import actor_of, require_permission
from ..web.django_admin import (
    FormPage,
    add_errors_above_rows,
    form_page,
    render_form_page,
    selected_keys,
    stored_row,
)
from .confirmation import Attempt, Notice, notice, seen, warnings_fingerprint
from .forms import ActionForm, DressedForm, RowField, RowsBeneath, is_key
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
    """Saves and deletes by actions, by one attempt for each form that was sent.

    `needs_*` are permissions of rules/roles.py; None: nobody does that here.
    """

    form = ActionForm
    needs_view: str | None = "view_organization"
    needs_add: str | None = None
    needs_change: str | None = None
    needs_delete: str | None = None
    has_history = True
    list_per_page = 50
    show_full_result_count = False
    actions: Any = ["delete_selected"]

    # What each kind of row says for itself

    def add_by_action(self, request, form, formsets) -> Any:
        """Do it, and return the new row."""
        raise NotImplementedError

    def change_by_action(self, request, obj, form, formsets) -> None:
        """Do it."""
        raise NotImplementedError

    def delete_by_action(self, request, obj) -> None:
        """Do it."""
        raise NotImplementedError

    def warnings_about(self, request, form, formsets) -> list[str]:
        """Return what has to be read before what was typed is saved, its impact apart."""
        return []

    def deletion_of(self, rows) -> Change:
        """Return what deleting all of the rows changes for others."""
        return Change()

    def facts_about_deletion(self, rows) -> list[str]:
        """Return what is to be known before the rows are deleted, the impact apart."""
        return []

    def permission_to(self, verb: str, obj=None) -> str | None:
        """Return the permission to "view", "add", "change" or "delete", a row if `obj` is given."""
        return getattr(self, f"needs_{verb}")

    def choice_text(self, obj) -> str:
        """Return how a row reads among others to choose from."""
        return str(obj)

    def acting(self, request) -> dict:
        """Return who acts, and when."""
        return {"by": actor_of(request), "at": timezone.now()}

    def confirming(self, request) -> dict:
        """Return who acts, when, and what impact they have seen, for an action that confirms."""
        return {**self.acting(request), "seen": seen(request).impact}

    # Pages

    def changelist_view(self, request, extra_context=None):
        require_permission(request, self.permission_to("view"))
        if not all(is_key(text) for text in selected_keys(request)):
            raise BadRequest("a row was chosen by something that is no key")
        return super().changelist_view(request, extra_context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show the form of a row, or save it; what was not saved is shown again as it was typed."""
        verb = "add" if object_id is None else "view" if request.method in _READS else "change"
        row = self._permitted_row(request, verb, object_id)
        if row is None and object_id is not None:
            return self.redirect_from_missing_row(request)
        page = form_page(self, request, row, by=actor_of(request))
        is_sent = request.method == "POST" and page.is_valid()
        attempt = self._attempt_to_save(request, page) if is_sent else Attempt()
        if attempt.is_done:
            return self.redirect_after_saving(request, page.form.instance, is_new=row is None)
        if attempt.refusal:
            self._show_refusal(attempt.refusal, page)
        context = self._form_context(request, attempt) | (extra_context or {})
        return render_form_page(self, request, page, **context)

    def delete_view(self, request, object_id, extra_context=None):
        """Show what deleting a row does, or delete it."""
        row = self._permitted_row(request, "delete", object_id)
        if row is None:
            return self.redirect_from_missing_row(request)
        if request.method in _READS:
            return self._render_deletion(request, [row], "admin/delete_confirmation.html")
        name = str(row)
        return self._delete(request, [row]) or self.redirect_after_deleting(request, name)

    @action(permissions=["delete"], description="Delete selected")
    def delete_selected(self, request, queryset):
        """Show what deleting the rows does, or delete all of them."""
        rows = list(queryset)
        if not request.POST.get("post"):
            page = "admin/delete_selected_confirmation.html"
            return self._render_deletion(request, rows, page)
        if not self._may_delete_all(request, rows):
            raise PermissionDenied
        return self._delete(request, rows) or self.redirect_after_deleting_selected(request, rows)

    def history_view(self, request, object_id, extra_context=None):
        """Show our audit events about the row."""
        row = self._permitted_row(request, "view", object_id)
        if not self.has_history:
            raise Http404
        require_permission(request, "view_auditevent")
        if row is None:
            return self.redirect_from_missing_row(request)
        context = {
            **self.admin_site.each_context(request),
            "object": row,
            "opts": self.opts,
            "events": events_about(row)[:SHOWN_IN_HISTORY],
        }
        return TemplateResponse(request, "admin/governance/object_history.html", context)

    # Saving

    def _attempt_to_save(self, request, page: FormPage) -> Attempt:
        """Save by the action: everything or nothing. The action stops at an impact that was not
        seen; what only has warnings that were not seen is undone.
        """
        warnings = []
        try:
            with transaction.atomic():
                warnings = self.warnings_about(request, page.form, page.formsets)
                key = self._save(request, page)
                is_done = seen(request).warnings == warnings_fingerprint(warnings)
                transaction.set_rollback(not is_done)
        except ConfirmationRequired as question:
            if question.is_stale:
                self._record(request, question)
            return Attempt(notice=notice(warnings, question.impact, question.expected))
        except Refused as refusal:
            self._record(request, refusal)
            return Attempt(refusal=refusal)
        if not is_done:
            return Attempt(notice=notice(warnings, None, seen(request).impact))
        page.form.instance.pk = key
        return Attempt(is_done=True)

    def _save(self, request, page: FormPage) -> int:
        """Return the key of the row that was added or changed."""
        if page.row is None:
            return self.add_by_action(request, page.form, page.formsets).pk
        self.change_by_action(request, page.row, page.form, page.formsets)
        return page.row.pk

    def _show_refusal(self, refusal: Refused, page: FormPage) -> None:
        """Put every reason at its field, or above the rows that it is about."""
        page.form.add_refusal(refusal, elsewhere=[inline.shown_here for inline in page.inlines])
        for inline, formset in zip(page.inlines, page.formsets, strict=True):
            reasons = [each for each in refusal.reasons if each.field in inline.shown_here]
            add_errors_above_rows(formset, [reason.text for reason in reasons])

    def _form_context(self, request, attempt: Attempt) -> dict:
        """Return what the form shows beside its fields: among it the version that was begun with;
        after a clash, the present one.
        """
        is_clash = attempt.refusal is not None and attempt.refusal.code == "changed_meanwhile"
        return {
            "notice": attempt.notice,
            "version": "" if is_clash else request.POST.get("_version", ""),
            "has_history": self.has_history,
        }

    def save_model(self, *args):
        """Refuse what Django would write by itself: rows are written by actions alone."""
        raise NotImplementedError("rows are written by actions")

    delete_model = delete_queryset = save_model

    # Deleting

    def _delete(self, request, rows: list) -> HttpResponseRedirect | None:
        """Delete the rows; return where to go when that was refused."""
        try:
            self.delete_rows(request, rows)
        except Refused as refusal:
            self._record(request, refusal)
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())
        return None

    @transaction.atomic
    def delete_rows(self, request, rows: list) -> None:
        """Delete all of them or none, in one order, after the impact of all together was seen."""
        rows = _by_key(rows)
        run_batch(
            steps=[partial(self.delete_by_action, request, row) for row in rows],
            changes=partial(self.deletion_of, rows),
            **self.confirming(request),
        )

    def _render_deletion(self, request, rows: list, template: str) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "rows": rows,
            "rows_name": self.name_of(rows),
            "may_delete_all": self._may_delete_all(request, rows),
            "notice": self._notice_of_deletion(rows),
        }
        return TemplateResponse(request, template, context)

    def _notice_of_deletion(self, rows: list) -> Notice:
        rows = _by_key(rows)
        impact = impact_of(self.deletion_of(rows), timezone.now())
        shown = notice((), impact, expected_confirmation(impact))
        return Notice((*self.facts_about_deletion(rows), *shown.lines), shown.fingerprint)

    def _may_delete_all(self, request, rows: list) -> bool:
        return all(self.has_delete_permission(request, row) for row in rows)

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

    def _permitted_row(self, request, verb: str, object_id: str | None):
        """Return the row, None where there is none, to somebody who has the permission for it."""
        row = None if object_id is None else stored_row(self, request, object_id)
        require_permission(request, self.permission_to(verb, row))
        return row

    def _record(self, request, refusal: Refused) -> None:
        record_refused(refusal, path=request.path, **self.acting(request))


class ActionInline(_RowFields, PortalFields, TabularInline):
    """Rows of a parent's page, saved by the parent's action; whoever has `needs` may change them.

    `shown_here`: fields of refusals.
    """

    extra = 0
    form = DressedForm
    formset = RowsBeneath
    shown_here: frozenset[str] = frozenset()
    needs: str | None = None

    def has_view_permission(self, request, obj=None):
        return True

    def has_add_permission(self, request, obj=None):
        return may(request, self.needs)

    has_change_permission = has_delete_permission = has_add_permission


def _by_key(rows: list) -> list:
    return sorted(rows, key=lambda row: row.pk)
