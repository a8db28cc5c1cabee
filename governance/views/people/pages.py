"""The pages about people: the list, one person, blocking, roles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from ...actions.people import accounts, invitations
from ...connectors.django_allauth import needs_password_again
from ...facts.accounts import account_fact, possible_changes
from ...facts.invitations import invitability
from ...forms.people import InviteForm, MemberForm, RolesForm
from ...forms.person_filters import PersonFilterForm
from ...impact import Change
from ...impact import people as changes
from ...models import Person
from ...queries.mail import delivery_words
from ...queries.people.listing import (
    STATES,
    access_of,
    person_facts,
    person_page,
    person_with_roles,
    what_ends_with,
)
from ...rules.account_changes import (
    AccountFact,
    cannot_be_blocked,
    cannot_be_removed,
    cannot_be_unblocked,
    has_no_open_invitation,
)
from ...rules.decision import Refused
from ...rules.roles import permission_to_block, permission_to_invite
from ...web.access import actor_of, needs, require_permission
from ...web.confirmation import Attempt, attempt, preview
from ...web.responses import leads_here, see_other, wants_fragment


def person_or_404(key: UUID) -> Person:
    return get_object_or_404(person_with_roles(), uuid=key)


@needs("view_person")
def person_list(request):
    form = PersonFilterForm(request.GET)
    page = person_page(form.filters(), request.GET.get("cursor", ""), timezone.now())
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
    possible = possible_changes(person, request.user.mailbox)
    now, sees = timezone.now(), request.user.has_perm("governance.view_accessrequest")
    facts = person_facts(person, now) | (access_of(person, now) if sees else {})
    context = {"person": person, "possible": possible, **may, **facts}
    return render(request, "governance/people/detail.html", context)


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
            messages.success(request, f"{person} added. {delivery_words(person.email)}")
            return see_other("person_detail", person.uuid)
    return render(
        request, "governance/people/add.html", {"form": form}, status=422 if form.errors else 200
    )


@needs("invite_guest", methods=("GET", "POST"))
def invite(request):
    """Invite a guest. Check says beforehand what the list and the person's state make of it, and
    which organization covers the address.

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
        f"{person.email} invited{f' for {person.organization}' if person.organization else ''}."
        f" {delivery_words(person.email)}",
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
        lambda person: f"New link created. {delivery_words(person.email)}",
    )


@needs("invite_guest", methods=("GET", "POST"))
def cancel(request, key: UUID):
    """Cancel an invitation, after its impact was shown."""
    message = "Invitation of {person.email} cancelled."
    return _confirm(request, key, CANCEL, permission_to_invite, message)


@needs("block_guest", methods=("GET", "POST"))
def block(request, key: UUID):
    """Block a person, after the impact was shown."""
    message = "{person} blocked. Their sessions ended."
    return _confirm(request, key, BLOCK, permission_to_block, message)


@needs("block_guest", methods=("GET", "POST"))
def unblock(request, key: UUID):
    """Unblock a person, after the impact was shown."""
    return _confirm(request, key, UNBLOCK, permission_to_block, "{person} unblocked.")


@needs("block_guest", methods=("GET", "POST"))
def remove(request, key: UUID):
    """Remove a guest, after the impact was shown."""
    return _confirm(request, key, REMOVE, permission_to_block, "{person} removed.")


@dataclass(frozen=True, slots=True)
class Ending:
    """A change of somebody's account that is confirmed on a page of its own."""

    action: Callable
    change: Callable[[Person], Change]
    why_not: Callable[[AccountFact], Refused | None]
    template: str


CANCEL = Ending(invitations.cancel, changes.removing, has_no_open_invitation, "cancel")
BLOCK = Ending(accounts.block, changes.blocking, cannot_be_blocked, "block")
UNBLOCK = Ending(accounts.unblock, changes.unblocking, cannot_be_unblocked, "unblock")
REMOVE = Ending(accounts.remove_guest, changes.removing, cannot_be_removed, "remove")


def _confirm(request, key: UUID, ending: Ending, permission, message: str):
    """Show the impact, then do it. What it needs depends on the kind of person."""
    person = person_or_404(key)
    require_permission(request, permission(person.kind))
    if request.method == "GET":
        refusal = ending.why_not(account_fact(person, request.user.mailbox))
        return _ending_page(request, person, ending, _shown(person, ending, refusal))
    tried = attempt(request, ending.action, person=person)
    if tried.is_done:
        messages.success(request, message.format(person=person))
        return see_other("person_detail", key)
    shown = _shown(person, ending, tried.refusal) if tried.refusal else tried
    return _ending_page(request, person, ending, shown)


def _shown(person: Person, ending: Ending, refusal: Refused | None) -> Attempt:
    """Return the refusal alone, or what the change would do."""
    return Attempt(refusal=refusal) if refusal else preview(ending.change(person))


def _ending_page(request, person: Person, ending: Ending, shown: Attempt):
    context = {"person": person, "shown": shown, **what_ends_with(person)}
    template = f"governance/people/{ending.template}.html"
    status = shown.status if request.method == "POST" else 200
    return render(request, template, context, status=status)


@needs("grant_role", methods=("GET", "POST"))
@needs_password_again()
def roles(request, key: UUID):
    person = person_or_404(key)
    held = [group.name for group in person.groups.all()]
    form = RolesForm(request.POST if request.method == "POST" else None, initial={"roles": held})
    if request.method == "POST" and form.is_valid():
        try:
            accounts.change_roles(
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


def _done(request, key: UUID, action, permission, words):
    """Do it and say so; a refusal is said where the button was.

    What it needs depends on the kind of person.
    """
    person = person_or_404(key)
    require_permission(request, permission(person.kind))
    try:
        action(person=person, by=actor_of(request), at=timezone.now())
        messages.success(request, words(person))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return see_other("person_detail", key)


def _may(request, permission: str) -> bool:
    return request.user.has_perm(f"governance.{permission}")
