"""People on the admin site."""

from __future__ import annotations

from django import forms
from django.contrib.admin import register
from django.contrib.auth.models import Group

from ..actions import invitations, people
from ..models import Person
from .base import ActionAdmin, RefusableForm, site


class PersonForm(RefusableForm):
    """Adding asks kind and address; changing asks name, unit, whether they are blocked, and the roles."""

    kind = forms.ChoiceField(choices=Person.Kind.choices, required=False)
    is_blocked = forms.BooleanField(label="Blocked", required=False, help_text="Ends every session and shuts the mailbox out.")
    roles = forms.ModelMultipleChoiceField(Group.objects.all(), required=False, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Person
        fields = ["email", "name", "unit"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial |= {"is_blocked": self.instance.state == Person.State.BLOCKED, "roles": self.instance.groups.all()}


@register(Person, site=site)
class PersonAdmin(ActionAdmin):
    form = PersonForm
    needs_view, needs_add, needs_change, needs_delete = "view_person", "invite_guest", "block_guest", "block_guest"
    list_display = ["name", "email", "kind", "state", "organization"]
    list_filter = ["kind", "state"]
    search_fields = ["name", "email"]
    readonly_fields = ["state", "organization", "created_at", "created_by"]

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(state=Person.State.REMOVED).select_related("organization")

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["kind", "email", "name", "unit"]
        editable = ["name", "unit", "is_blocked", *(["roles"] if request.user.has_perm("governance.grant_role") else [])]
        return ["email", *editable, *self.readonly_fields]

    def get_readonly_fields(self, request, obj=None):
        return ["email", *self.readonly_fields] if obj else []

    def add_by_action(self, request, form, formsets):
        typed = form.cleaned_data
        if typed["kind"] == Person.Kind.MEMBER:
            return invitations.add_member(email=typed["email"], name=typed["name"], unit=typed["unit"], **self.acting(request))
        return invitations.invite_guest(email=typed["email"], name=typed["name"], message="", **self.acting(request))

    def change_by_action(self, request, obj, form, formsets):
        typed, acting = form.cleaned_data, self.acting(request)
        people.change_details(person=obj, name=typed["name"], unit=typed["unit"], **acting)
        if typed["is_blocked"] != (obj.state == Person.State.BLOCKED):
            (people.block if typed["is_blocked"] else people.unblock)(person=obj, **acting)
        if "roles" in form.changed_data:
            people.change_roles(person=obj, roles=[group.name for group in typed["roles"]], **acting)

    def delete_by_action(self, request, obj):
        people.remove_guest(person=obj, **self.acting(request))
