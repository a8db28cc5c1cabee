"""Policies of access packages on the admin site."""

from __future__ import annotations

from django.contrib.admin import register
from django.contrib.admin.widgets import AutocompleteSelectMultiple

from ..actions import policies
from ..impact.access_packages import removing_policies
from ..models import Organization, Policy
from ..rules.policy_terms import NewPolicy
from ..views.posted import posted_version
from .base import ActionAdmin
from .door import site
from .forms import RefusableForm, RowsField


class PolicyForm(RefusableForm):
    named = {"organizations": "named_organizations"}
    named_organizations = RowsField(
        Organization.objects.present(),
        required=False,
        widget=AutocompleteSelectMultiple(Policy._meta.get_field("organizations"), site),
        label="Named organizations",
        help_text="Counts where the policy is for named organizations. With none, it admits no one.",
    )

    class Meta:
        model = Policy
        fields = ["package", "name", "scope", "needs_approval", "lasts_days", "is_open"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["named_organizations"] = list(self.instance.organizations.all())

    def as_policy(self) -> NewPolicy:
        typed = self.cleaned_data
        named = tuple(organization.uuid for organization in typed["named_organizations"])
        return NewPolicy(
            typed["name"],
            typed["scope"],
            named,
            typed["needs_approval"],
            typed["lasts_days"],
            typed["is_open"],
        )


@register(Policy, site=site)
class PolicyAdmin(ActionAdmin):
    form = PolicyForm
    needs_view, needs_add, needs_change, needs_delete = (
        "view_policy",
        "change_package",
        "change_package",
        "change_package",
    )
    fields = [
        "package",
        "name",
        "scope",
        "named_organizations",
        "needs_approval",
        "lasts_days",
        "is_open",
    ]
    list_display = ["name", "package", "scope", "needs_approval", "lasts_days", "is_open"]
    list_filter = ["scope"]
    list_select_related = ["package"]
    search_fields = ["name", "package__name"]
    ordering = ["package__name_key", "id"]
    autocomplete_fields = ["package"]

    def get_readonly_fields(self, request, obj=None):
        return ["package"] if obj else []

    def add_by_action(self, request, form, formsets):
        given = {"package": form.cleaned_data["package"], "policy": form.as_policy()}
        return policies.create_policy(**given, **self.confirming(request))

    def change_by_action(self, request, obj, form, formsets):
        version = posted_version(request, "_version")
        given = {"row": obj, "policy": form.as_policy(), "version": version}
        policies.change_policy(**given, **self.confirming(request))

    def delete_by_action(self, request, obj):
        policies.remove_policy(row=obj, **self.acting(request))

    def deletion_of(self, rows):
        return removing_policies(rows)
