"""The table of known directories on the admin site."""

from __future__ import annotations

from django import forms
from django.contrib.admin import TabularInline, register

from ..actions.directories import forget_directory, keep_directory
from ..models import KnownDirectory, VerifiedDomain
from ..rules.decision import Refused
from ..rules.email_domains import canonical_domain
from .base import ActionAdmin, InlineRights, RefusableForm, site


class _WholeName(RefusableForm):
    """Checks the domain names it holds where they were typed."""

    def _canonical(self, field: str) -> str:
        try:
            return canonical_domain(self.cleaned_data[field])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None


class VerifiedDomainForm(_WholeName):
    def clean_name(self):
        return self._canonical("name")


class DirectoryForm(_WholeName):
    def clean_initial_domain(self):
        return self._canonical("initial_domain")


class VerifiedDomainInline(InlineRights, TabularInline):
    model, form, needs = VerifiedDomain, VerifiedDomainForm, "change_knowndirectory"
    fields = ["name"]


@register(KnownDirectory, site=site)
class KnownDirectoryAdmin(ActionAdmin):
    form = DirectoryForm
    needs_add = needs_change = needs_delete = "change_knowndirectory"
    fields = ["directory_id", "name", "initial_domain"]
    list_display = ["name", "initial_domain", "directory_id"]
    search_fields = ["name", "initial_domain", "verified_domains__name"]
    inlines = [VerifiedDomainInline]

    def add_by_action(self, request, form, formsets):
        return keep_directory(**form.cleaned_data, verified=_names(formsets), **self.acting(request))

    def change_by_action(self, request, obj, form, formsets):
        keep_directory(directory=obj, **form.cleaned_data, verified=_names(formsets), **self.acting(request))

    def delete_by_action(self, request, obj):
        forget_directory(directory=obj, **self.acting(request))


def _names(formsets) -> list[str]:
    return [form.cleaned_data["name"] for form in formsets[0].forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
