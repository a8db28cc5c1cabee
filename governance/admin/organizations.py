"""Connected organizations on the admin site, with their sources and sponsors, and the names that
these claim.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django import forms
from django.contrib.admin import display, register
from django.utils import timezone

from ..actions.organizations import basics, deletion
from ..actions.organizations.combined_changes import change_organization
from ..connectors.django_allauth import require_password_again
from ..facts.claims.look_alikes import imitation_warning
from ..facts.directories.look_up import look_up
from ..facts.organizations.present_sources import source_as_chosen
from ..facts.organizations.source_changes import source_changes
from ..facts.sponsors.sponsorships import counts_in_words
from ..impact import Change
from ..impact.organizations import deleting
from ..models import Claim, Organization, Source, Sponsorship
from ..queries.connecting.claim_lines import claim_lines, claim_lines_of_changes
from ..queries.organizations.detail import delete_facts
from ..rules.domains import guards
from ..rules.organizations import NewOrganization, NewSource
from ..rules.roles import Actor
from ..web.form_data import posted_version
from .base import ActionAdmin, ActionInline
from .forms import DomainForm
from .records import RecordAdmin
from .site import site

_NO_DRAFT = UUID(int=0)  # what would be created has a key, the same each time it is shown


class SourceForm(DomainForm):
    """The look-up decides whether a name is a directory or a domain by itself."""

    domain_field = "typed_name"
    accept_public_mail = forms.BooleanField(label="Accept public mail", required=False)

    class Meta:
        model = Source
        fields = ["typed_name", "covers_subdomains"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["accept_public_mail"] = self.instance.public_mail_accepted

    def as_source(self) -> NewSource:
        typed = self.cleaned_data
        if self.instance.pk and "typed_name" not in self.changed_data:
            return source_as_chosen(self.instance, covers_subdomains=typed["covers_subdomains"])
        name = typed["typed_name"]
        found = None if guards.is_public_mail(name) else look_up(name)
        return NewSource(
            name,
            directory_id=found.directory_id if found else None,
            directory_name=found.name if found else "",
            initial_domain=found.initial_domain if found else "",
            verified_domains=found.verified_domains if found else (),
            covers_subdomains=typed["covers_subdomains"],
            public_mail_accepted=typed["accept_public_mail"],
        )


class SourceInline(ActionInline):
    model, form, needs = Source, SourceForm, "change_organization"
    shown_here = frozenset({"sources"})
    readonly_fields = ["label", "kind", "initial_domain"]
    fields = [
        "typed_name",
        "label",
        "kind",
        "initial_domain",
        "covers_subdomains",
        "accept_public_mail",
    ]
    verbose_name = "directory or domain"
    verbose_name_plural = "Directories + domains"
    extra = 1
    note = (
        "If a known directory owns the domain, the directory is added."
        " You see its name, its initial"
        " domain and every domain that it claims before anything is saved."
    )

    def get_queryset(self, request):
        return super().get_queryset(request).present().prefetch_related("claims")


class SponsorshipInline(ActionInline):
    model, needs = Sponsorship, "change_organization"
    shown_here = frozenset({"internal_sponsors", "external_sponsors"})
    fields = ["person", "kind", "counts"]
    readonly_fields = ["counts"]
    autocomplete_fields = ["person"]
    verbose_name_plural = "sponsors"

    @display(description="Counts as a sponsor now")
    def counts(self, row: Sponsorship) -> str:
        """Whether the rule counts them, or why not."""
        return counts_in_words(row, timezone.now()) if row.pk else "–"


@register(Organization, site=site)
class OrganizationAdmin(ActionAdmin):
    needs_add, needs_change, needs_delete = (
        "add_organization",
        "change_organization",
        "delete_organization",
    )
    fields = ["name", "description", "state"]
    list_display = ["name", "state", "people_count", "changed_at", "changed_by"]
    list_filter = ["state"]
    search_fields = ["name", "search_entry__text"]
    search_help_text = "Search by name, domain or sponsor"
    without_script = "Without JavaScript, choose sponsors on the organization’s page in the portal."
    inlines = [SourceInline, SponsorshipInline]
    ordering = ["name_key", "id"]

    def get_queryset(self, request):
        return super().get_queryset(request).present()

    def add_by_action(self, request, form, formsets):
        typed, people = form.cleaned_data, _people(formsets[1])
        new = NewOrganization(
            typed["name"],
            typed["description"],
            typed["state"],
            _sources(formsets[0]),
            people["internal"],
            people["external"],
            _NO_DRAFT,
        )
        confirming = self.confirming(request)
        seen = confirming.pop("seen")
        return basics.connect(new=replace(new, seen=seen), **confirming).organization

    def change_by_action(self, request, obj, form, formsets):
        typed, wanted = form.cleaned_data, _sources(formsets[0])
        change_organization(
            organization=obj,
            name=typed["name"],
            description=typed["description"],
            state=typed["state"],
            sources=wanted if formsets[0].has_changed() else None,
            sponsors=_people(formsets[1]) if formsets[1].has_changed() else {},
            version=posted_version(request, "_version"),
            **self.confirming(request),
        )

    def warnings_about(self, request, form, formsets):
        typed = (
            each.cleaned_data["typed_name"]
            for each in formsets[0].kept_forms()
            if "typed_name" in each.changed_data
        )
        imitations = (imitation_warning(name, timezone.now()) for name in typed)
        claims = _claims_of_directories(form, formsets[0], self.acting(request)["by"])
        return [*claims, *filter(None, imitations)]

    def delete_by_action(self, request, obj):
        deletion.delete(organization=obj, **self.acting(request))

    def delete_rows(self, request, rows):
        """One or many, the password is asked for again, as on the portal's own page."""
        require_password_again(request)
        super().delete_rows(request, rows)

    def deletion_of(self, rows):
        return sum((deleting(row) for row in rows), Change())

    def facts_about_deletion(self, rows):
        return [text for row in rows for text in _facts_about_deleting(row)]


@register(Claim, site=site)
class ClaimAdmin(RecordAdmin):
    list_display = ["name", "organization", "source", "released_at"]
    list_select_related = ["organization", "source"]
    search_fields = ["name"]
    search_help_text = "Search by domain"
    fields = ["name", "organization", "source", "created_at", "released_at"]


def _facts_about_deleting(organization: Organization) -> tuple[str, str]:
    facts = delete_facts(organization)
    domains = "1 domain stays" if facts.names == 1 else f"{facts.names:,} domains stay"
    policies = "1 policy names" if facts.policies == 1 else f"{facts.policies:,} policies name"
    return (
        f"{organization.name}:"
        f" {domains} reserved until you restore it, release them, or add them to"
        " another organization.",
        f"{organization.name}: {policies} it.",
    )


def _claims_of_directories(form, formset, by: Actor) -> tuple[str, ...]:
    """Return what each directory that was typed now would claim."""
    sources = _sources(formset)
    typed = [source for source in _looked_up(formset, sources) if source.directory_id]
    if not typed:
        return ()
    if not form.instance.pk:
        return claim_lines(typed, by=by, sources=sources)
    organization = form.instance
    changes = source_changes(organization, sources, by=by)
    own = str(organization.uuid)
    return claim_lines_of_changes(typed, changes, by=by, own_organization=own)


def _looked_up(formset, sources: tuple[NewSource, ...]) -> list[NewSource]:
    """Return the sources whose domain was typed now, and which the look-up just answered."""
    return [
        source
        for form, source in zip(formset.kept_forms(), sources, strict=True)
        if not form.instance.pk or "typed_name" in form.changed_data
    ]


def _sources(formset) -> tuple[NewSource, ...]:
    return tuple(form.as_source() for form in formset.kept_forms())


def _people(formset) -> dict[str, tuple]:
    chosen = [(row["kind"], row["person"].uuid) for row in formset.kept()]
    return {
        kind: tuple(key for each, key in chosen if each == kind)
        for kind in ("internal", "external")
    }
