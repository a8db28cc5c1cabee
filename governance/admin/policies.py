"""Policies of access packages on the admin site."""

from __future__ import annotations

from django.contrib.admin import register

from ..actions.access_packages import policies
from ..forms.layout import ChoiceWithHints
from ..forms.policies import SCOPES
from ..impact.access_packages import removing_policies
from ..models import Organization, Policy
from ..rules.access_packages.terms import NewPolicy
from ..web.django_admin import ManyRowsSelect
from ..web.form_data import posted_version
from .base import ActionAdmin
from .forms import ActionForm, RowsField
from .site import site


class PolicyForm(ActionForm):
    field_names = {"organizations": "named_organizations"}
    scope = ChoiceWithHints(
        choices=SCOPES,
        label="Who can request",
        initial="named",
        error_messages={"required": "Choose who can request"},
    )
    named_organizations = RowsField(
        Organization.objects.present(),
        required=False,
        widget=ManyRowsSelect(Policy._meta.get_field("organizations"), site),
        label="Organizations in this policy",
        help_text="Only used when the policy is for specific organizations. "
        "With none selected, nobody can request access.",
    )

    class Meta:
        model = Policy
        fields = ["package", "name", "scope", "needs_approval", "lasts_days", "is_open"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["named_organizations"].depends_on_another = True  # not just optional
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
    search_help_text = "Search by policy or package"
    without_script = "Without JavaScript, add policies on the access package’s page in the portal."
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
