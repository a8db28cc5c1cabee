"""Signing in to My Access by a code sent by email: the same pages for every address."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ...actions.my_access.codes import prove_code, send_code
from ...facts.my_access import code_is_open
from ...forms.my_access import AskForCodeForm, CodeForm
from ...rules.decision import Refused, refuse
from ...rules.sign_in_codes import CODE_OVER
from ...rules.wording import as_sentence
from ...web.responses import leads_here, see_other
from ...web.visitor import actor_at, begin_visit, expect_code, pending_code


def ask_for_address(request, form: AskForCodeForm | None = None):
    """Return the page with the one field for the address."""
    form = form or AskForCodeForm()
    context = {"form": form, "next": _next(request)}
    status = 422 if form.is_bound else 200
    return render(request, "governance/my_access/sign_in.html", context, status=status)


def request_code(request):
    """Send a code to the address that was typed, whoever has it."""
    form = AskForCodeForm(request.POST)
    if not form.is_valid():
        return ask_for_address(request, form)
    try:
        _send(request, form.cleaned_data["email"], _next(request))
    except Refused as refusal:
        form.add_refusal(refusal)
        return ask_for_address(request, form)
    return see_other("my_access_code")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def code(request):
    """The page where the code is entered."""
    pending = pending_code(request)
    if pending is None:
        return see_other("my_access")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and (proof := _prove(request, pending, form)):
        begin_visit(request, proof.email, proof.person)
        return see_other(pending.next or "my_access")
    context = {"form": form, "email": pending.email}
    status = 422 if form.errors else 200
    return render(request, "governance/my_access/code.html", context, status=status)


@login_not_required
@require_http_methods(["POST"])
def send_again(request):
    """Send another code to the same address; the page stays."""
    pending = pending_code(request)
    if pending is None:
        return see_other("my_access")
    try:
        _send(request, pending.email, pending.next)
    except Refused as refusal:
        messages.error(request, as_sentence(str(refusal)))
    else:
        messages.success(request, "We sent another code. Only the latest one works.")
    return see_other("my_access_code")


@login_not_required
@require_http_methods(["POST"])
def sign_out(request):
    """End the session, whichever way somebody signed in."""
    logout(request)
    messages.success(request, "You are signed out.")
    return see_other("my_access")


def _prove(request, pending, form):
    """Return the proof; None where the form now says what is wrong."""
    now = timezone.now()
    try:
        if not code_is_open(pending.token, now):
            raise refuse("code_over", CODE_OVER, field="code")
        by = actor_at(request, None, pending.email)
        proof = prove_code(token=pending.token, code=form.cleaned_data["code"], by=by, at=now)
        if proof.refusal:
            raise proof.refusal
    except Refused as refusal:
        return form.add_refusal(refusal)
    return proof


def _send(request, email: str, next_page: str) -> None:
    token = send_code(email=email, by=actor_at(request, None, email), at=timezone.now())
    expect_code(request, token, email, next_page)


def _next(request) -> str:
    """Return the page to go to after signing in, if it is one of the portal's own."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if len(wanted) <= 1000 and leads_here(wanted) else ""
