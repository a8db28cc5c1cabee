"""The allow and deny list and own names on the admin site."""

from __future__ import annotations

from django.contrib.admin import register

from ..actions import domain_list
from ..forms.domain_list import BREADTHS, EFFECTS
from ..forms.layout import ChoiceWithHints
from ..impact import Change
from ..impact import domain_list as changes
from ..models import ListDefault, ListRule, OwnName
from ..rules import email_domains
from ..rules.domain_list import ALONE, NewListRule
from ..rules.domains.typed_forms import without_wildcard
from ..web.form_data import posted_version
from .base import ActionAdmin
from .forms import DomainForm
from .records import RecordAdmin
from .site import site


class ListRuleForm(DomainForm):
    """A suffix can be listed, though never claimed."""

    field_names = {"names": "name"}
    canonical = staticmethod(email_domains.canonical_name_or_suffix)
    breadth = ChoiceWithHints(choices=BREADTHS, label="Covers", initial="with_subdomains")
    effect = ChoiceWithHints(choices=EFFECTS, label="Effect", initial="block")

    def clean(self):
        rest, is_wide = without_wildcard(self.cleaned_data.get("name", ""))
        if is_wide and self.cleaned_data.get("breadth") == ALONE:
            said = f"A wildcard includes subdomains. Enter only {rest} for this domain only"
            self.add_error("name", said)
        super().clean()


@register(ListRule, site=site)
class ListRuleAdmin(ActionAdmin):
    form = ListRuleForm
    needs_view, needs_add, needs_change, needs_delete = (
        "view_listrule",
        "change_list",
        "change_list",
        "change_list",
    )
    fields = ["name", "breadth", "effect", "reason", "ends_on"]
    list_display = ["name", "breadth", "effect", "reason", "ends_on", "added_by"]
    list_filter = ["effect"]
    search_fields = ["name", "reason"]
    search_help_text = "Search by domain or reason"
    ordering = ["key", "id"]

    def get_readonly_fields(self, request, obj=None):
        return ["name", "breadth"] if obj else []

    def add_by_action(self, request, form, formsets):
        rules = (NewListRule(**form.cleaned_data),)
        return domain_list.add_rules(rules=rules, **self.confirming(request))[0]

    def change_by_action(self, request, obj, form, formsets):
        version = posted_version(request, "_version")
        given = form.cleaned_data | self.confirming(request)
        domain_list.change_rule(rule=obj, version=version, **given)

    def delete_by_action(self, request, obj):
        domain_list.remove_rule(rule=obj, **self.acting(request))

    def deletion_of(self, rows):
        return sum((changes.removing_rule(row) for row in rows), Change())


@register(ListDefault, site=site)
class ListDefaultAdmin(RecordAdmin):
    """Changed on the page Allow and deny list, which asks for the password again."""

    needs_view = "view_listrule"
    list_display = ["effect", "changed_at", "changed_by"]
    fields = ["effect", "changed_at", "changed_by"]


@register(OwnName, site=site)
class OwnNameAdmin(ActionAdmin):
    form = DomainForm
    needs_view, needs_add, needs_change, needs_delete = (
        "view_listrule",
        "change_ownname",
        "change_ownname",
        "change_ownname",
    )
    fields = ["name"]
    list_display = ["name", "added_at", "added_by"]
    search_fields = ["name"]
    search_help_text = "Search by domain"
    ordering = ["key", "id"]

    def add_by_action(self, request, form, formsets):
        name = form.cleaned_data["name"]
        return domain_list.add_own_name(name=name, **self.confirming(request))

    def change_by_action(self, request, obj, form, formsets):
        name = form.cleaned_data["name"]
        domain_list.change_own_name(own=obj, name=name, **self.confirming(request))

    def delete_by_action(self, request, obj):
        domain_list.remove_own_name(own=obj, **self.acting(request))

    def deletion_of(self, rows):
        return sum((changes.removing_own_domain(row.name) for row in rows), Change())
