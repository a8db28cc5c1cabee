"""Catalogs, groups, webhooks and what packages give access to, on the admin site."""

from __future__ import annotations

from django.contrib.admin import display, register
from django.utils import timezone

from ..actions import catalogs
from ..actions.access_packages.resources import remove_resource
from ..actions.resources import groups, webhooks
from ..impact.resources import removing_group, removing_resource
from ..models import AccessGroup, Catalog, Person, Resource, Webhook
from ..web.django_admin import ManyRowsSelect
from ..web.form_data import posted_version
from .base import ActionAdmin
from .forms import ActionForm, RowsField
from .site import site


class CatalogForm(ActionForm):
    field_names = {"managers": "catalog_managers"}
    catalog_managers = RowsField(
        Person.objects.members().active(),
        required=False,
        widget=ManyRowsSelect(Catalog._meta.get_field("managers"), site),
        label="Managers",
        help_text="Active members. They can change what is in the catalog and need no role.",
    )

    class Meta:
        model = Catalog
        fields = ["name", "description"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["catalog_managers"] = list(self.instance.managers.all())

    def given(self) -> dict:
        """Return what the actions take."""
        typed = dict(self.cleaned_data)
        people = typed.pop("catalog_managers")
        return typed | {"managers": [person.uuid for person in people]}


class OfPackages(ActionAdmin):
    """What is seen with packages and changed by whoever changes them."""

    needs_view: str | None = "view_package"
    needs_add: str | None = "change_package"
    needs_change: str | None = "change_package"
    needs_delete: str | None = "change_package"
    search_fields = ["name"]
    search_help_text = "Search by name"
    ordering = ["name_key", "id"]


@register(Catalog, site=site)
class CatalogAdmin(OfPackages):
    form = CatalogForm
    fields = ["name", "description", "catalog_managers"]
    list_display = ["name", "description", "changed_at", "changed_by"]
    without_script = "Without JavaScript, choose managers on the catalog’s page in the portal."

    def add_by_action(self, request, form, formsets):
        return catalogs.create_catalog(**form.given(), **self.acting(request))

    def change_by_action(self, request, obj, form, formsets):
        version = posted_version(request, "_version")
        given = form.given() | self.acting(request)
        catalogs.change_catalog(catalog=obj, version=version, **given)

    def delete_by_action(self, request, obj):
        catalogs.remove_catalog(catalog=obj, **self.acting(request))


@register(AccessGroup, site=site)
class AccessGroupAdmin(OfPackages):
    """Who is in a group is on its page in the portal, where it is evaluated when it is read."""

    fields = ["name", "description"]
    list_display = ["name", "description", "changed_at", "changed_by"]

    def add_by_action(self, request, form, formsets):
        return groups.create_group(**form.cleaned_data, **self.acting(request))

    def change_by_action(self, request, obj, form, formsets):
        version = posted_version(request, "_version")
        given = form.cleaned_data | self.acting(request)
        groups.change_group(group=obj, version=version, **given)

    def delete_by_action(self, request, obj):
        groups.remove_group(group=obj, **self.acting(request))

    def facts_about_deletion(self, rows):
        impacts = [removing_group(row, timezone.now()) for row in rows]
        return [line.text for impact in impacts for line in impact.lines]


@register(Webhook, site=site)
class WebhookAdmin(OfPackages):
    """No adding: a secret is shown once, on the portal's own page. It is never shown here."""

    needs_add = None
    fields = ["name", "url", "masked_secret"]
    readonly_fields = ["masked_secret"]
    list_display = ["name", "url", "changed_at", "changed_by"]

    @display(description="Secret")
    def masked_secret(self, row) -> str:
        return "••••••••"

    def change_by_action(self, request, obj, form, formsets):
        version = posted_version(request, "_version")
        given = form.cleaned_data | self.acting(request)
        webhooks.change_webhook(webhook=obj, version=version, **given)

    def delete_by_action(self, request, obj):
        webhooks.remove_webhook(webhook=obj, **self.acting(request))


@register(Resource, site=site)
class ResourceAdmin(OfPackages):
    """What packages give access to now. It is added on the package's page in the portal."""

    needs_add = needs_change = None
    fields = ["package", "kind", "group", "webhook", "added_at", "added_by"]
    list_display = ["__str__", "kind", "package", "added_at", "added_by"]
    list_filter = ["kind"]
    list_select_related = ["package", "group", "webhook"]
    search_fields = ["package__name", "group__name", "webhook__name"]
    search_help_text = "Search by access package, group or webhook"
    ordering = ["package__name_key", "id"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(removed_at__isnull=True)

    def delete_by_action(self, request, obj):
        remove_resource(row=obj, **self.acting(request))

    def facts_about_deletion(self, rows):
        impacts = [removing_resource(row, timezone.now()) for row in rows]
        return [line.text for impact in impacts for line in impact.lines]
