"""The table of known directories on the admin site."""

from __future__ import annotations

from django.contrib.admin import register

from ..actions.directories import forget_directory, keep_directory
from ..models import KnownDirectory, VerifiedDomain
from .base import ActionAdmin, ActionInline
from .forms import DomainForm
from .site import site

EXAMPLE_ID = "7d9f3f2e-3c51-4a37-9d24-0d2c1f0ab111"


class DirectoryForm(DomainForm):
    domain_field = "initial_domain"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if field := self.fields.get("directory_id"):
            field.error_messages |= {
                "required": "Enter the directory ID",
                "invalid": f"Enter the whole directory ID, such as {EXAMPLE_ID}",
            }


class VerifiedDomainInline(ActionInline):
    model, form, needs = VerifiedDomain, DomainForm, "change_knowndirectory"
    shown_here = frozenset({"verified_domains"})
    fields = ["name"]
    extra = 1
    note = "Domains that the directory has proved to own. A domain belongs to one directory."


@register(KnownDirectory, site=site)
class KnownDirectoryAdmin(ActionAdmin):
    """What is changed here changes no claim: organizations keep what was copied when they were
    connected (product rule 9).
    """

    form = DirectoryForm
    needs_add = needs_change = needs_delete = "change_knowndirectory"
    fields = ["directory_id", "name", "initial_domain"]
    list_display = ["name", "initial_domain", "directory_id"]
    search_fields = ["name", "initial_domain", "verified_domains__name"]
    search_help_text = "Search by name or domain"
    ordering = ["name", "id"]
    inlines = [VerifiedDomainInline]

    def add_by_action(self, request, form, formsets):
        return keep_directory(
            **form.cleaned_data, verified=_names(formsets), **self.acting(request)
        )

    def change_by_action(self, request, obj, form, formsets):
        keep_directory(
            directory=obj, **form.cleaned_data, verified=_names(formsets), **self.acting(request)
        )

    def delete_by_action(self, request, obj):
        forget_directory(directory=obj, **self.acting(request))


def _names(formsets) -> list[str]:
    return [row["name"] for row in formsets[0].kept()]
