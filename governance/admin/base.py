"""What all pages of the admin site have in common: our permissions, our actions, refusals as messages at the field."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponseRedirect
from django.utils import timezone

from ..actions.refusals import record_refused
from ..rules.decision import Refused
from ..views.access import NotPermitted, actor_of


class PortalAdminSite(AdminSite):
    """Opens for those who administer; signs in where everybody does, so that a second factor counts here too."""

    site_header = site_title = "Harbourgate administration"
    index_title = "Everything that is kept"
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request):
        return request.user.is_authenticated and request.user.is_staff

    def login(self, request, extra_context=None):
        if request.user.is_authenticated:
            raise NotPermitted("change_organization")
        return redirect_to_login(request.get_full_path())


site = PortalAdminSite(name="admin")


class RefusableForm(forms.ModelForm):
    """A form that shows, on its second showing, why the house refused what it asked."""

    refusal: Refused | None = None

    def clean(self):
        for reason in self.refusal.reasons if self.refusal else ():
            self.add_error(reason.field if reason.field in self.fields else None, reason.text)

    def validate_constraints(self):
        """The actions know the rules and say them better than a constraint's name."""

    def validate_unique(self):
        """Likewise."""


class ActionAdmin(ModelAdmin):
    """Saves and deletes by actions. `needs_*` are permissions of rules/roles.py; None: nobody does that here."""

    form = RefusableForm
    needs_view: str | None = "view_organization"
    needs_add: str | None = None
    needs_change: str | None = None
    needs_delete: str | None = None
    list_per_page = 50
    show_full_result_count = False

    def add_by_action(self, request, form, formsets) -> object:
        raise NotImplementedError

    def change_by_action(self, request, obj, form, formsets) -> None:
        raise NotImplementedError

    def delete_by_action(self, request, obj) -> None:
        raise NotImplementedError

    def acting(self, request) -> dict:
        return {"by": actor_of(request), "at": timezone.now()}

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """A refusal undoes everything, is put on record, and comes back as messages in the form, with all that was typed."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            record_refused(refusal, **self.acting(request))
            request.refusal = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"refusal": getattr(request, "refusal", None)})

    def save_model(self, request, obj, form, change):
        """Nothing yet: the action needs what stands in the inlines too."""

    def save_related(self, request, form, formsets, change):
        if change:
            self.change_by_action(request, self.model._default_manager.get(pk=form.instance.pk), form, formsets)
        else:
            made = self.add_by_action(request, form, formsets)
            form.instance.pk = made.pk

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refused as refusal:
            return self._back_with(request, refusal)

    def response_action(self, request, queryset):
        try:
            return super().response_action(request, queryset)
        except Refused as refusal:
            return self._back_with(request, refusal)

    def delete_model(self, request, obj):
        self.delete_by_action(request, obj)

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            self.delete_by_action(request, obj)

    def get_deleted_objects(self, objs, request):
        """What the question before deleting lists: the actions decide what goes with it."""
        may = self.has_delete_permission(request)
        return [str(obj) for obj in objs], {self.opts.verbose_name_plural: len(objs)}, set() if may else {self.opts.verbose_name}, []

    def has_view_permission(self, request, obj=None):
        return _may(request, self.needs_view)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_add_permission(self, request, obj=None):
        return _may(request, self.needs_add)

    def has_change_permission(self, request, obj=None):
        return _may(request, self.needs_change)

    def has_delete_permission(self, request, obj=None):
        return _may(request, self.needs_delete)

    def construct_change_message(self, request, form, formsets, add=False):
        return []

    def log_addition(self, request, obj, message):
        """Our audit log has it; Django's own log would say it twice."""

    log_change = log_addition

    def log_deletions(self, request, queryset):
        """Likewise."""

    def _back_with(self, request, refusal: Refused):
        record_refused(refusal, **self.acting(request))
        messages.error(request, str(refusal))
        return HttpResponseRedirect("../" if "delete" in request.path else request.get_full_path())


class InlineRights:
    """An inline may do what its parent may."""

    extra = 0

    def has_view_permission(self, request, obj=None):
        return True

    def has_add_permission(self, request, obj=None):
        return _may(request, self.needs)

    has_change_permission = has_delete_permission = has_add_permission


def _may(request, permission: str | None) -> bool:
    return permission is not None and request.user.has_perm(f"governance.{permission}")
