"""The allow and deny list and own names on the admin site."""

from __future__ import annotations

from django.contrib.admin import register
from django.utils import timezone

from ..actions import domain_list
from ..forms.domain_list import BREADTHS, EFFECTS
from ..forms.layout import ChoiceWithHints
from ..models import ListDefault, ListRule, OwnName
from ..queries.list_effects import ListChange, list_effect
from ..queries.own_name_effects import LETS_IN, SHUTS_OUT, own_name_effect
from ..rules import email_domains
from ..rules.list_rules import NewListRule
from ..views.posted import posted_version
from .base import ActionAdmin
from .door import site
from .forms import DomainForm
from .records import RecordAdmin
from .told import Told, told_of_list


class ListRuleForm(DomainForm):
    """A suffix can be listed, though never claimed."""

    named = {"names": "name"}
    canonical = staticmethod(email_domains.canonical_name_or_suffix)
    breadth = ChoiceWithHints(choices=BREADTHS, label="Covers", initial="with_subdomains")
    effect = ChoiceWithHints(choices=EFFECTS, label="Effect", initial="block")


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
        rule = NewListRule(**form.cleaned_data)
        effect = list_effect(ListChange(added=(domain_list.as_fact(rule),)), timezone.now())
        return domain_list.add_rules(
            rules=(rule,), seen=effect.fingerprint, **self.acting(request)
        )[0], told_of_list(effect)

    def change_by_action(self, request, obj, form, formsets):
        rule = NewListRule(obj.name, obj.breadth, **form.cleaned_data)
        change = ListChange(added=(domain_list.as_fact(rule),), removed=frozenset({str(obj.uuid)}))
        effect = list_effect(change, timezone.now())
        domain_list.change_rule(
            rule=obj,
            **form.cleaned_data,
            seen=effect.fingerprint,
            version=posted_version(request, "_version"),
            **self.acting(request),
        )
        return told_of_list(effect)

    def delete_by_action(self, request, obj):
        domain_list.remove_rule(rule=obj, **self.acting(request))

    def told_of_deletion(self, rows):
        return told_of_list(
            list_effect(
                ListChange(removed=frozenset(str(row.uuid) for row in rows)), timezone.now()
            )
        )


@register(ListDefault, site=site)
class ListDefaultAdmin(RecordAdmin):
    """Changed on the page Allow and deny list, which asks for the password again."""

    needs_view = "view_listrule"
    list_display = ["effect", "changed_at", "changed_by"]
    fields = list_display


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
        own = domain_list.add_own_name(name=form.cleaned_data["name"], **self.acting(request))
        return own, _told_of_guests([own.name], SHUTS_OUT)

    def change_by_action(self, request, obj, form, formsets):
        name = form.cleaned_data["name"]
        told = _told_of_guests([obj.name], LETS_IN, besides=[name]) + _told_of_guests(
            [name], SHUTS_OUT
        )
        domain_list.change_own_name(own=obj, name=name, **self.acting(request))
        return told if name != obj.name else Told()

    def delete_by_action(self, request, obj):
        domain_list.remove_own_name(own=obj, **self.acting(request))

    def told_of_deletion(self, rows):
        return _told_of_guests([row.name for row in rows], LETS_IN)


def _told_of_guests(names: list[str], what: str, **besides) -> Told:
    """Guests whose address lies at one of the names or beneath it: an own name shuts them out."""
    effect = own_name_effect(names, what, **besides)
    shown = tuple(f"{name} ({email})" for name, email in effect.people)
    return Told((effect.sentence, *shown), effect.fingerprint) if effect.sentence else Told()
