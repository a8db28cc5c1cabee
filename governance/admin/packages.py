"""Access packages on the admin site."""

from __future__ import annotations

from django.contrib.admin import display, register

from ..actions.access_packages import packages
from ..facts.access_packages.reach import package_reach, with_policies
from ..models import Package
from ..web.form_data import posted_version
from .base import ActionAdmin
from .site import site


@register(Package, site=site)
class PackageAdmin(ActionAdmin):
    """No deletion: a package that nobody should request is closed or hidden."""

    needs_view, needs_add, needs_change = "view_package", "change_package", "change_package"
    fields = ["name", "description", "is_listed", "is_open"]
    list_display = ["name", "is_listed", "is_open", "who_can_request", "changed_at", "changed_by"]
    list_filter = ["is_listed", "is_open"]
    search_fields = ["name", "description"]
    search_help_text = "Search by name or description"
    ordering = ["name_key", "id"]

    def get_queryset(self, request):
        return with_policies(super().get_queryset(request))

    @display(description="Who can request")
    def who_can_request(self, row) -> str:
        return package_reach(row).who

    def add_by_action(self, request, form, formsets):
        return packages.create_package(**form.cleaned_data, **self.acting(request))

    def change_by_action(self, request, obj, form, formsets):
        version = posted_version(request, "_version")
        given = form.cleaned_data | self.confirming(request)
        packages.change_package(package=obj, version=version, **given)
