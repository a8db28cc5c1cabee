"""Requesting an access package: what the request link opens."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone

from ...actions.access_requests.submission import NewRequest, submit
from ...forms.my_access import RequestForm
from ...queries.my_access.requesting import request_page
from ...rules.decision import Refused
from ...web.responses import see_other
from ...web.visitor import actor_of_visitor, for_visitors
from .available import not_open

_NOT_TYPED = ("csrfmiddlewaretoken", "policy", "version")


@for_visitors(methods=("GET", "POST"))
def request_package(request, key: UUID):
    """The form of the package, or why it cannot be requested."""
    page = request_page(request.visitor, key, timezone.now())
    if page.offer is None and not page.why:
        return not_open(request, status=404)
    if page.offer is None or not page.is_open:
        return _not_now(request, page)
    is_posted = request.method == "POST"
    form = RequestForm(request.POST if is_posted else None, policy=page.offer.policy)
    row = _submit(request, page, form) if is_posted and form.is_valid() else None
    return see_other("my_access_request", row.uuid) if row else _shown(request, page, form)


def _submit(request, page, form):
    """Return the request; None where the form says what is wrong."""
    policy = page.offer.policy
    new = NewRequest(
        email=request.visitor.email,
        reason=form.cleaned_data["reason"],
        answers=form.answers,
        starts_at=form.starts_at,
        ends_at=form.ends_at,
        policy=policy.uuid,
        version=policy.version,
        signed_in_by=request.visitor.signed_in_by,
    )
    acting = {"by": actor_of_visitor(request), "at": timezone.now()}
    try:
        row = submit(package=page.offer.package, new=new, **acting)
    except Refused as refusal:
        form.note_refusal(refusal)
        return None
    messages.success(request, f"You requested {page.offer.package}.")
    return row


def _shown(request, page, form):
    """The form; after a lost race what stands in the way now, with what was typed."""
    if form.is_overtaken:
        now = request_page(request.visitor, page.offer.package.uuid, timezone.now())
        if not now.is_open:
            return _not_now(request, now)
    status = 409 if form.is_overtaken else 422 if form.errors else 200
    context = {"page": page, "form": form, "offer": page.offer}
    return render(request, "governance/my_access/request_form.html", context, status=status)


def _not_now(request, page):
    """Why not, with what was typed; a second press of the button leads to the first's request."""
    own = page.offer.own if page.offer else None
    if request.method == "POST" and own and own.request:
        messages.info(request, f"You have already requested {page.offer.package}.")
        return see_other("my_access_request", own.request.uuid)
    typed = [text for name, text in request.POST.items() if name not in _NOT_TYPED and text.strip()]
    context = {"page": page, "offer": page.offer, "own": own, "typed": typed}
    status = 409 if request.method == "POST" else 200
    return render(request, "governance/my_access/why_not.html", context, status=status)
