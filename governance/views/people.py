"""The pages about people: the list, one person, blocking, roles."""

from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from ..actions import invitations, people
from ..forms.people import InviteForm, MemberForm, RolesForm
from ..forms.person_filters import PersonFilterForm
from ..models import Person
from ..queries.invitations import invitability
from ..queries.people import (
    STATES,
    person_facts,
    person_page,
    person_with_roles,
    what_blocking_does,
)
from ..rules.decision import Refused
from ..rules.roles import permission_to_block, permission_to_invite
from .access import actor_of, needs, require_permission
from .responses import leads_here, see_other, wants_fragment


def person_or_404(key: UUID) -> Person:
    return get_object_or_404(person_with_roles(), uuid=key)


@needs("view_person")
def person_list(request):
    form = PersonFilterForm(request.GET)
    page = person_page(form.filters(), request.GET.get("cursor", ""))
    template = (
        "governance/people/_results.html"
        if wants_fragment(request)
        else "governance/people/list.html"
    )
    return render(request, template, {"page": page, "form": form, "states": STATES})


@needs("view_person")
def detail(request, key: UUID):
    person = person_or_404(key)
    may = {
        "may_block": _may(request, permission_to_block(person.kind)),
        "may_invite": _may(request, permission_to_invite(person.kind)),
    }
    return render(
        request, "governance/people/detail.html", {"person": person, **may, **person_facts(person)}
    )


@needs("add_member", methods=("GET", "POST"))
def add(request):
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = invitations.add_member(
                **form.cleaned_data, by=actor_of(request), at=timezone.now()
            )
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(
                request, f"{person} added. A link to set the password was mailed to {person.email}."
            )
            return see_other("person_detail", person.uuid)
    return render(
        request, "governance/people/add.html", {"form": form}, status=422 if form.errors else 200
    )


@needs("invite_guest", methods=("GET", "POST"))
def invite(request):
    """Invite a guest. Check says beforehand what the list and the person's state make of it, and which organization covers the address.

    An address that imitates a known name is invited only by somebody who saw the warning.
    """
    form = InviteForm(request.POST or None, initial={"email": request.GET.get("email", "")})
    answer = None
    if request.method == "POST" and form.is_valid():
        answer = invitability(form.cleaned_data["email"], timezone.now())
        if "check" not in request.POST and answer.warning in ("", request.POST.get("warned")):
            return _invite(request, form)
    return _invite_page(request, form, answer)


def _invite(request, form: InviteForm):
    typed = {name: form.cleaned_data[name] for name in ("email", "name", "message")}
    try:
        person = invitations.invite_guest(**typed, by=actor_of(request), at=timezone.now())
    except Refused as refusal:
        form.add_refusal(refusal)
        return _invite_page(request, form, None)
    messages.success(
        request,
        f"{person.email} invited{f' for {person.organization}' if person.organization else ''}.",
    )
    return see_other(_came_from(request) or reverse("person_detail", args=[person.uuid]))


def _came_from(request) -> str:
    """The page that led here and wants to be shown again; "" when there is none."""
    page = request.POST.get("next", request.GET.get("next", ""))
    return page if leads_here(page) else ""


def _invite_page(request, form: InviteForm, answer):
    return render(
        request,
        "governance/people/invite.html",
        {"form": form, "answer": answer, "came_from": _came_from(request)},
        status=422 if form.errors else 200,
    )


@needs("invite_guest", methods=("POST",))
def resend(request, key: UUID):
    return _done(
        request,
        key,
        invitations.resend,
        permission_to_invite,
        "Invitation sent again to {person.email}.",
    )


@needs("invite_guest", methods=("POST",))
def cancel(request, key: UUID):
    return _done(
        request,
        key,
        invitations.cancel,
        permission_to_invite,
        "Invitation of {person.email} cancelled.",
    )


@needs("block_guest", methods=("GET", "POST"))
def block(request, key: UUID):
    """Says first which organizations they sponsor."""
    if request.method == "POST":
        return _done(
            request,
            key,
            people.block,
            permission_to_block,
            "{person} blocked. Their sessions ended.",
        )
    person = person_or_404(key)
    require_permission(request, permission_to_block(person.kind))
    return render(
        request, "governance/people/block.html", {"person": person, **what_blocking_does(person)}
    )


@needs("block_guest", methods=("POST",))
def unblock(request, key: UUID):
    return _done(request, key, people.unblock, permission_to_block, "{person} unblocked.")


@needs("block_guest", methods=("POST",))
def remove(request, key: UUID):
    return _done(request, key, people.remove_guest, permission_to_block, "{person} removed.")


@needs("grant_role", methods=("GET", "POST"))
@reauthentication_required
def roles(request, key: UUID):
    person = person_or_404(key)
    held = [group.name for group in person.groups.all()]
    form = RolesForm(request.POST if request.method == "POST" else None, initial={"roles": held})
    if request.method == "POST" and form.is_valid():
        try:
            people.change_roles(
                person=person,
                roles=form.cleaned_data["roles"],
                by=actor_of(request),
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"Roles of {person} saved.")
            return see_other("person_detail", key)
    return render(
        request,
        "governance/people/roles.html",
        {"person": person, "form": form},
        status=422 if form.errors else 200,
    )


def _done(request, key: UUID, action, permission, told: str):
    """Do it and say so; a refusal is said where the button was. What it needs depends on the kind of person."""
    person = person_or_404(key)
    require_permission(request, permission(person.kind))
    try:
        action(person=person, by=actor_of(request), at=timezone.now())
        messages.success(request, told.format(person=person))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return see_other("person_detail", key)


def _may(request, permission: str) -> bool:
    return request.user.has_perm(f"governance.{permission}")
