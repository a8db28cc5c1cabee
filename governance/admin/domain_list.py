"""List rules and own names on the admin site."""

from __future__ import annotations

from django import forms
from django.contrib.admin import register

from ..actions import domain_list
from ..models import ListRule, OwnName
from ..rules.decision import Refused
from ..rules.email_domains import canonical_domain
from ..rules.list_rules import NewListRule
from .base import ActionAdmin, RefusableForm, site


class NamedForm(RefusableForm):
    def clean_name(self):
        try:
            return canonical_domain(self.cleaned_data["name"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None


@register(ListRule, site=site)
class ListRuleAdmin(ActionAdmin):
    form = NamedForm
    needs_view, needs_add, needs_change, needs_delete = "view_listrule", "change_list", "change_list", "change_list"
    fields = ["name", "breadth", "effect", "reason", "ends_on"]
    list_display = ["name", "breadth", "effect", "reason", "ends_on", "added_by"]
    list_filter = ["effect"]
    search_fields = ["name", "reason"]

    def get_readonly_fields(self, request, obj=None):
        return ["name", "breadth"] if obj else []

    def add_by_action(self, request, form, formsets):
        return domain_list.add_rules(rules=(NewListRule(**form.cleaned_data),), **self.acting(request))[0]

    def change_by_action(self, request, obj, form, formsets):
        domain_list.change_rule(rule=obj, **form.cleaned_data, **self.acting(request))

    def delete_by_action(self, request, obj):
        domain_list.remove_rule(rule=obj, **self.acting(request))


@register(OwnName, site=site)
class OwnNameAdmin(ActionAdmin):
    form = NamedForm
    needs_view, needs_add, needs_change, needs_delete = "view_listrule", "change_ownname", "change_ownname", "change_ownname"
    fields = ["name"]
    list_display = ["name", "added_at", "added_by"]
    search_fields = ["name"]

    def add_by_action(self, request, form, formsets):
        return domain_list.add_own_name(name=form.cleaned_data["name"], **self.acting(request))

    def change_by_action(self, request, obj, form, formsets):
        domain_list.change_own_name(own=obj, name=form.cleaned_data["name"], **self.acting(request))

    def delete_by_action(self, request, obj):
        domain_list.remove_own_name(own=obj, **self.acting(request))
