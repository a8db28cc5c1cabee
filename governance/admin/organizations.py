"""Connected organizations on the admin site, with their sources and sponsors."""

from __future__ import annotations

from django import forms
from django.contrib.admin import TabularInline, register

from ..actions import deleted_organizations, organizations, sources, sponsors
from ..models import Organization, Source, Sponsorship
from ..queries.directories import look_up
from ..queries.organization_pages import source_as_chosen
from ..rules.decision import Refused
from ..rules.email_domains import canonical_domain
from ..rules.organizations import NewOrganization, NewSource
from .base import ActionAdmin, InlineRights, RefusableForm, site


class SourceForm(RefusableForm):
    accept_public_mail = forms.BooleanField(label="Public mail accepted", required=False)

    class Meta:
        model = Source
        fields = ["typed_name", "covers_subdomains"]

    def clean_typed_name(self):
        """The look-up decides whether it is a directory or a domain by itself."""
        try:
            return canonical_domain(self.cleaned_data["typed_name"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def as_source(self) -> NewSource:
        typed = self.cleaned_data
        if self.instance.pk and "typed_name" not in self.changed_data:
            return source_as_chosen(self.instance, covers_subdomains=typed["covers_subdomains"])
        found = look_up(typed["typed_name"])
        directory = (found.directory_id, found.name, found.initial_domain, found.verified_domains) if found else (None, "", "", ())
        return NewSource(typed["typed_name"], *directory, typed["covers_subdomains"], typed["accept_public_mail"])


class SourceInline(InlineRights, TabularInline):
    model, form, needs = Source, SourceForm, "add_organization"
    readonly_fields = ["label", "kind", "initial_domain"]
    fields = ["typed_name", "label", "kind", "initial_domain", "covers_subdomains", "accept_public_mail"]
    verbose_name_plural = "Directories + domains"

    def get_queryset(self, request):
        return super().get_queryset(request).present().prefetch_related("claims")


class SponsorshipInline(InlineRights, TabularInline):
    model, form, needs = Sponsorship, RefusableForm, "add_organization"
    fields = ["person", "kind"]
    autocomplete_fields = ["person"]


@register(Organization, site=site)
class OrganizationAdmin(ActionAdmin):
    needs_add, needs_change, needs_delete = "add_organization", "change_organization", "delete_organization"
    fields = ["name", "description", "state"]
    list_display = ["name", "state", "people_count", "changed_at", "changed_by"]
    list_filter = ["state"]
    search_fields = ["name", "search_entry__text"]
    inlines = [SourceInline, SponsorshipInline]

    def get_queryset(self, request):
        return super().get_queryset(request).present()

    def add_by_action(self, request, form, formsets):
        typed, people = form.cleaned_data, _people(formsets[1])
        new = NewOrganization(typed["name"], typed["description"], typed["state"], _sources(formsets[0]), people["internal"], people["external"])
        return organizations.connect(new=new, **self.acting(request))

    def change_by_action(self, request, obj, form, formsets):
        typed, acting = form.cleaned_data, self.acting(request)
        organizations.change_basics(organization=obj, name=typed["name"], description=typed["description"], state=typed["state"], **acting)
        if formsets[0].has_changed():
            sources.change_sources(organization=obj, sources=_sources(formsets[0]), **acting)
        for kind, people in _people(formsets[1]).items() if formsets[1].has_changed() else ():
            sponsors.change_sponsors(organization=obj, kind=kind, people=people, **acting)

    def delete_by_action(self, request, obj):
        deleted_organizations.delete(organization=obj, **self.acting(request))


def _kept(formset) -> list:
    return [form for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]


def _sources(formset) -> tuple[NewSource, ...]:
    return tuple(form.as_source() for form in _kept(formset))


def _people(formset) -> dict[str, tuple]:
    chosen = [(form.cleaned_data["kind"], form.cleaned_data["person"].uuid) for form in _kept(formset)]
    return {kind: tuple(key for each, key in chosen if each == kind) for kind in ("internal", "external")}
