"""The page behind a mailed link: an invited guest accepts, a new member sets the first password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ...actions.people import invitations
from ...facts.invitations import open_invitation, working_invitation
from ...forms.people import AcceptForm
from ...rules.decision import Refused, refuse
from ...rules.roles import Actor
from ...web.responses import see_other

NOT_OPEN = refuse("not_open", "This is not open to you. Ask the person who sent you the link.")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def accept(request, token: str):
    """Whatever is wrong with the link, the answer is the same sentence."""
    find = working_invitation if request.method == "GET" else open_invitation
    invitation = find(token[:200], timezone.now())
    if invitation is None:
        return _over(request)
    form = AcceptForm(
        request.POST or None, person=invitation.person, initial={"name": invitation.person.name}
    )
    if request.method == "GET" or not form.is_valid():
        return _page(request, invitation, form)
    try:
        person = invitations.accept(
            token=token,
            **form.cleaned_data,
            by=_stranger(request, invitation.person.email),
            at=timezone.now(),
        )
    except Refused as refusal:
        if refusal.code == "invitation_over":
            return _over(request)
        form.add_refusal(_as_told_to_strangers(refusal))
        return _page(request, invitation, form)
    login(request, person, backend="governance.models.sign_in.RoleBackend")
    messages.success(request, f"Welcome, {person.name}.")
    return see_other("overview")


def _over(request):
    return render(request, "governance/people/invitation_over.html", status=410)


def _page(request, invitation, form: AcceptForm):
    context = {"invitation": invitation, "person": invitation.person, "form": form}
    return render(
        request, "governance/people/accept.html", context, status=422 if form.errors else 200
    )


def _as_told_to_strangers(refusal: Refused) -> Refused:
    """What a person may mend is said; whatever else prevents it is one sentence (product
    rule 45). The audit log has the reason.
    """
    return refusal if refusal.reasons[0].field in AcceptForm.base_fields else NOT_OPEN


def _stranger(request, email: str) -> Actor:
    return Actor(
        None,
        email,
        frozenset(),
        getattr(request, "actor_ip", ""),
        getattr(request, "request_id", ""),
    )
