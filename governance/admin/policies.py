"""Policies of access packages on the admin site."""

from __future__ import annotations

from dataclasses import replace

from django.contrib.admin import display, register

from ..actions.access_packages import policies
from ..forms.layout import ChoiceWithHints
from ..forms.policies import SCOPES
from ..impact.access_packages import removing_policies
from ..models import Organization, Policy
from ..rules.access_packages.lifecycle import Lifecycle
from ..rules.access_packages.questions import questions_from_typed
from ..rules.access_packages.stages import stages_from_typed
from ..rules.access_packages.terms import NewPolicy
from ..rules.decision import Reason, Refused
from ..web.django_admin import ManyRowsSelect
from ..web.form_data import posted_version
from .base import ActionAdmin
from .forms import ActionForm, RowsField
from .site import site

LIFECYCLE = (
    "ends",
    "lasts_days",
    "lasts_hours",
    "last_day",
    "requester_chooses",
    "can_extend",
    "extension_needs_approval",
)
TERMS = ["scope", "stages", "needs_reason", "questions", *LIFECYCLE, "is_open"]
HELP = {
    "stages": "A list in JSON, at most three; an empty list for no approval. People are named by"
    " their reference ID. The policy’s page in the portal asks for the same in a form.",
    "questions": "A list in JSON, at most ten.",
}


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
        fields = ["package", "name", *TERMS]
        help_texts = HELP

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["named_organizations"].depends_on_another = True  # not just optional
        if self.instance.pk:
            self.initial["named_organizations"] = list(self.instance.organizations.all())

    def clean(self):
        """Read stages and questions out of what was typed; say at the field what is none."""
        super().clean()
        for name, read in (("stages", stages_from_typed), ("questions", questions_from_typed)):
            try:
                self.cleaned_data[name] = read(self.cleaned_data.get(name) or ())
            except Refused as refusal:
                self.add_refusal(refusal)

    def as_policy(self) -> NewPolicy:
        typed = self.cleaned_data
        return NewPolicy(
            typed["name"],
            typed["scope"],
            tuple(organization.uuid for organization in typed["named_organizations"]),
            typed["stages"],
            typed["is_open"],
            Lifecycle(*(typed[name] for name in LIFECYCLE)),
            typed["needs_reason"],
            typed["questions"],
        )

    def add_refusal(self, refusal, **how):
        """Show what is wrong in a stage or a question at the text that has all of them."""
        reasons = (replace(each, **_in_text(each)) for each in refusal.reasons)
        super().add_refusal(Refused(*reasons), **how)


def _in_text(reason: Reason) -> dict[str, str]:
    kind, number, *_part = f"{reason.field}--".split("-")
    if kind not in ("stage", "question") or not number:
        return {}
    return {"field": f"{kind}s", "text": f"{kind.capitalize()} {number}: {reason.text}"}


@register(Policy, site=site)
class PolicyAdmin(ActionAdmin):
    form = PolicyForm
    needs_view, needs_add, needs_change, needs_delete = (
        "view_policy",
        "change_package",
        "change_package",
        "change_package",
    )
    fields = ["package", "name", "scope", "named_organizations", *TERMS[1:]]
    list_display = ["name", "package", "scope", "approval", "access", "is_open"]
    list_filter = ["scope"]
    list_select_related = ["package"]
    search_fields = ["name", "package__name"]
    search_help_text = "Search by policy or package"
    without_script = "Without JavaScript, add policies on the access package’s page in the portal."
    ordering = ["package__name_key", "id"]
    autocomplete_fields = ["package"]

    @display(description="approval needed", boolean=True)
    def approval(self, obj):
        return bool(obj.stages)

    @display(description="access")
    def access(self, obj):
        return obj.lifecycle.words

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
