"""The pages about people: the list, one person, blocking, roles."""

from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ..actions import invitations, people
from ..forms.people import InviteForm, MemberForm, RolesForm
from ..models import Person
from ..queries.invitations import invitability
from ..queries.people import VIEWS, PersonFilters, person_facts, person_page, person_with_roles, sponsored_by
from ..rules.decision import Refused
from .access import actor_of, needs
from .responses import see_other, wants_fragment


def person_or_404(key: UUID) -> Person:
    return get_object_or_404(person_with_roles(), uuid=key)


@needs("view_person")
def person_list(request):
    view = request.GET.get("view", "all")
    filters = PersonFilters(request.GET.get("q", "")[:254], view if view in VIEWS else "all")
    page, numbers = person_page(filters, request.GET.get("cursor", ""))
    views = [{"label": v.capitalize(), "value": v, "count": numbers[v], "current": v == filters.view} for v in VIEWS]
    template = "governance/people/_results.html" if wants_fragment(request) else "governance/people/list.html"
    return render(request, template, {"page": page, "views": views, "filters": filters})


@needs("view_person")
def detail(request, key: UUID):
    person = person_or_404(key)
    return render(request, "governance/people/detail.html", {"person": person, **person_facts(person)})


@needs("add_member", methods=("GET", "POST"))
def add(request):
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = invitations.add_member(**form.cleaned_data, by=actor_of(request), at=timezone.now())
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"{person} added. A link to set the password was mailed to {person.email}.")
            return see_other("person_detail", person.uuid)
    return render(request, "governance/people/add.html", {"form": form}, status=422 if form.errors else 200)


@needs("invite_guest", methods=("GET", "POST"))
def invite(request):
    """Invite a guest. Check says beforehand what the list and the person's state make of it, and which organization covers the address."""
    form = InviteForm(request.POST or None, initial={"email": request.GET.get("email", "")})
    answer = None
    if request.method == "POST" and form.is_valid():
        answer = invitability(form.cleaned_data["email"], timezone.now(), actor_of(request))
        if "check" not in request.POST:
            return _invite(request, form)
    return render(request, "governance/people/invite.html", {"form": form, "answer": answer}, status=422 if form.errors else 200)


def _invite(request, form: InviteForm):
    try:
        person = invitations.invite_guest(**form.cleaned_data, by=actor_of(request), at=timezone.now())
    except Refused as refusal:
        form.add_refusal(refusal)
        return render(request, "governance/people/invite.html", {"form": form, "answer": None, "refusal": refusal}, status=422)
    messages.success(request, f"{person.email} invited{f' for {person.organization}' if person.organization else ''}.")
    return see_other("person_detail", person.uuid)


@needs("invite_guest", methods=("POST",))
def resend(request, key: UUID):
    return _done(request, key, invitations.resend, "Invitation sent again to {person.email}.")


@needs("invite_guest", methods=("POST",))
def cancel(request, key: UUID):
    return _done(request, key, invitations.cancel, "Invitation of {person.email} cancelled.")


@needs("block_guest", methods=("GET", "POST"))
def block(request, key: UUID):
    """Says first which organizations they sponsor."""
    person = person_or_404(key)
    if request.method == "GET":
        return render(request, "governance/people/block.html", {"person": person, "sponsorships": sponsored_by(person)})
    return _done(request, key, people.block, "{person} blocked. Their sessions ended.")


@needs("block_guest", methods=("POST",))
def unblock(request, key: UUID):
    return _done(request, key, people.unblock, "{person} unblocked.")


@needs("block_guest", methods=("POST",))
def remove(request, key: UUID):
    return _done(request, key, people.remove_guest, "{person} removed.")


@needs("grant_role", methods=("GET", "POST"))
@reauthentication_required
def roles(request, key: UUID):
    person = person_or_404(key)
    held = [group.name for group in person.groups.all()]
    form = RolesForm(request.POST if request.method == "POST" else None, initial={"roles": held})
    if request.method == "POST" and form.is_valid():
        try:
            people.change_roles(person=person, roles=form.cleaned_data["roles"], by=actor_of(request), at=timezone.now())
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"Roles of {person} saved.")
            return see_other("person_detail", key)
    return render(request, "governance/people/roles.html", {"person": person, "form": form}, status=422 if form.errors else 200)


def _done(request, key: UUID, action, told: str):
    """Do it and say so; a refusal is said where the button was."""
    person = person_or_404(key)
    try:
        action(person=person, by=actor_of(request), at=timezone.now())
        messages.success(request, told.format(person=person))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return see_other("person_detail", key)
