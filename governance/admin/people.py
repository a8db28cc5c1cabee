"""People on the admin site, and the invitations that were sent to them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django import forms
from django.contrib.admin import register
from django.contrib.auth.models import Group
from django.utils import timezone

from ..actions.batch import run_batch
from ..actions.locks import lock_roles
from ..actions.people import accounts, invitations
from ..connectors.django_allauth import require_password_again
from ..facts.invitations import invitability
from ..impact import Change
from ..impact import people as changes
from ..models import Invitation, Person
from ..queries.people.listing import person_search
from ..rules.roles import permission_to_block
from .base import ActionAdmin
from .forms import ActionForm, RowsField
from .records import RecordAdmin
from .site import may, site


class PersonForm(ActionForm):
    """Adding asks kind and address; changing asks name, unit, whether they are blocked, and the
    roles.
    """

    missing = {
        "name": "Enter a name",
        "email": "Enter an email address, such as name@partner.example",
    }
    email = forms.CharField(label="Email")
    kind = forms.ChoiceField(choices=Person.Kind.choices, initial=Person.Kind.GUEST)
    is_blocked = forms.BooleanField(
        label="Blocked",
        required=False,
        help_text="Signs this person out. Nobody can sign in with this mailbox.",
    )
    roles = RowsField(Group.objects.all(), required=False, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Person
        fields = ["email", "name", "unit"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial |= {
                "is_blocked": self.instance.state == Person.State.BLOCKED,
                "roles": list(self.instance.groups.all()),
            }
        elif not self.by.may("add_member"):
            self.fields["kind"].choices = [(Person.Kind.GUEST.value, Person.Kind.GUEST.label)]


@register(Person, site=site)
class PersonAdmin(ActionAdmin):
    form = PersonForm
    needs_view, needs_add, needs_change, needs_delete = (
        "view_person",
        "invite_guest",
        "block_guest",
        "block_guest",
    )
    list_display = ["name", "email", "kind", "state", "organization"]
    list_filter = ["kind", "state"]
    search_fields = ["name", "email"]
    search_help_text = "Search by name or email"
    ordering = ["name_key", "id"]
    readonly_fields = ["state", "organization", "created_at", "created_by"]

    def permission_to(self, verb, obj=None):
        if obj and verb == "change":
            return permission_to_block(obj.kind)
        return (
            None if obj and verb == "delete" and obj.is_member else super().permission_to(verb, obj)
        )

    def choice_text(self, obj):
        return f"{obj.name} ({obj.email})"

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .exclude(state=Person.State.REMOVED)
            .select_related("organization")
        )

    def get_search_results(self, request, queryset, search_term):
        """Also find an address or domain in every spelling, here and where a person is chosen."""
        found, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        text = search_term.replace("\0", "")
        return (
            found | queryset.filter(person_search(text))
        ) if text else found, may_have_duplicates

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["kind", "email", "name", "unit"]
        grants = obj.is_member and may(request, "grant_role")
        return [
            "email",
            "kind",
            "name",
            "unit",
            "is_blocked",
            *(["roles"] if grants else []),
            *self.readonly_fields,
        ]

    def get_readonly_fields(self, request, obj=None):
        return ["email", "kind", *self.readonly_fields] if obj else []

    def add_by_action(self, request, form, formsets):
        typed = form.cleaned_data
        if typed["kind"] == Person.Kind.MEMBER:
            return invitations.add_member(
                email=typed["email"], name=typed["name"], unit=typed["unit"], **self.acting(request)
            )
        return invitations.invite_guest(
            email=typed["email"], name=typed["name"], message="", **self.acting(request)
        )

    def warnings_about(self, request, form, formsets):
        if form.instance.pk or form.cleaned_data["kind"] == Person.Kind.MEMBER:
            return []
        warning = invitability(form.cleaned_data["email"], timezone.now()).warning
        return [warning] if warning else []

    def change_by_action(self, request, obj, form, formsets):
        """For roles the password is asked for again, as on the portal's own page."""
        if "roles" in form.changed_data:
            require_password_again(request)
        run_batch(
            steps=_steps(obj, form, self.acting(request)),
            changes=partial(_change_of, obj, form),
            **self.confirming(request),
        )

    def delete_by_action(self, request, obj):
        accounts.remove_guest(person=obj, **self.acting(request))

    def deletion_of(self, rows):
        return sum((changes.removing(row) for row in rows), Change())


def _steps(person: Person, form: PersonForm, acting: dict) -> list[Callable]:
    """Return the actions that save what was changed."""
    typed, given = form.cleaned_data, {"person": person, **acting}
    details = {"name": typed["name"], "unit": typed["unit"]}
    steps: list[Callable] = [lock_roles, partial(accounts.change_details, **details, **given)]
    if "is_blocked" in form.changed_data:
        steps.append(partial(accounts.block if typed["is_blocked"] else accounts.unblock, **given))
    if "roles" in form.changed_data:
        roles = [group.name for group in typed["roles"]]
        steps.append(partial(accounts.change_roles, roles=roles, **given))
    return steps


def _change_of(person: Person, form: PersonForm) -> Change:
    if "is_blocked" not in form.changed_data:
        return Change()
    is_blocked = form.cleaned_data["is_blocked"]
    return changes.blocking(person) if is_blocked else changes.unblocking(person)


@register(Invitation, site=site)
class InvitationAdmin(RecordAdmin):
    """That a link was sent and what became of it; of the link itself only the hash is kept, which
    nobody needs to see.
    """

    needs_view = "view_person"
    fields = [
        "person",
        "purpose",
        "message",
        "created_at",
        "created_by",
        "expires_at",
        "accepted_at",
        "cancelled_at",
    ]
    list_display = [
        "person",
        "purpose",
        "created_at",
        "created_by",
        "expires_at",
        "accepted_at",
        "cancelled_at",
    ]
    list_select_related = ["person"]
    search_fields = ["person__name", "person__email"]
    search_help_text = "Search by name or email"
