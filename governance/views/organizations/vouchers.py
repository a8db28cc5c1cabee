"""Vouching for people of an organization: giving, deciding and withdrawing, and proposing."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from ...actions import vouching
from ...facts.domain_list.verdicts import list_default
from ...forms.vouching import PassesForm, ProposalForm, VoucherForm
from ...impact import vouching as changes
from ...models import Organization, Voucher
from ...queries.organizations.vouchers import vouchers_at
from ...rules.decision import Refused
from ...rules.domain_list import BLOCK
from ...rules.wording import day_words
from ...web.access import actor_of, needs
from ...web.confirmation import Attempt, attempt, preview
from ...web.responses import see_other
from .detail import organization_or_404, tab


@needs("view_organization")
def voucher_list(request, key: UUID):
    return tab(
        request,
        "vouchers",
        key,
        lambda organization, _parts, at: {"vouchers": vouchers_at(organization, at)},
    )


@needs("give_voucher", methods=("GET", "POST"))
def give(request, key: UUID):
    """Vouch for an address, after the impact was shown."""
    organization = organization_or_404(key, present=True)
    form = VoucherForm(_posted(request), is_blocked_by_default=_is_blocked_by_default())
    if not form.is_valid():
        return _page(request, "give", organization, form)
    given = {"organization": organization, **form.answers}
    tried = attempt(request, vouching.give_voucher, **given)
    if not tried.is_done:
        return _page(request, "give", organization, form, tried)
    row = tried.result
    text = f"{row.email} counts as {organization.name}'s until {day_words(row.last_day)}."
    return _done(request, row, text)


@needs("give_voucher", methods=("GET", "POST"))
def approve(request, key: UUID):
    """Give a voucher that was proposed, after the impact was shown."""
    row = _voucher_or_404(key)
    form = PassesForm(_posted(request), is_blocked_by_default=_is_blocked_by_default())
    if request.method == "GET" or not form.is_valid():
        shown = preview(changes.giving(row, str(request.user)))
        return _page(request, "approve", row.organization, form, shown, row)
    tried = attempt(request, vouching.approve_voucher, voucher=row, **form.answers)
    if not tried.is_done:
        return _page(request, "approve", row.organization, form, tried, row)
    return _done(request, row, f"You gave the voucher for {row.email}.")


@needs("give_voucher", methods=("GET", "POST"))
def refuse(request, key: UUID):
    """Refuse a voucher that was proposed."""
    row = _voucher_or_404(key)
    if request.method == "GET":
        return _page(request, "refuse", row.organization, voucher=row)
    tried = _tried(request, vouching.refuse_voucher, voucher=row)
    if not tried.is_done:
        return _page(request, "refuse", row.organization, None, tried, row)
    return _done(request, row, f"You refused the voucher for {row.email}.")


@needs("give_voucher", methods=("GET", "POST"))
def withdraw(request, key: UUID):
    """Withdraw a voucher, after the impact was shown."""
    row = _voucher_or_404(key)
    if request.method == "GET":
        shown = preview(changes.withdrawing(row))
        return _page(request, "withdraw", row.organization, None, shown, row)
    tried = attempt(request, vouching.withdraw_voucher, voucher=row)
    if not tried.is_done:
        return _page(request, "withdraw", row.organization, None, tried, row)
    return _done(request, row, f"You withdrew the voucher for {row.email}.")


@needs(None, methods=("GET", "POST"))
def propose(request):
    """Propose a voucher, as a sponsor of the organization; for everybody else there is no page."""
    organization = _sponsored_or_404(request)
    form = ProposalForm(_posted(request))
    if not form.is_valid():
        return _page(request, "propose", organization, form)
    given = {"organization": organization, **form.cleaned_data}
    tried = _tried(request, vouching.propose_voucher, **given)
    if not tried.is_done:
        return _page(request, "propose", organization, form, tried)
    messages.success(request, f"You proposed a voucher for {tried.result.email}.")
    return see_other(f"{reverse('voucher_propose')}?organization={organization.uuid}")


def _posted(request):
    return request.POST if request.method == "POST" else None


def _sponsored_or_404(request) -> Organization:
    try:
        key = UUID(request.GET.get("organization", ""))
    except ValueError:
        raise Http404 from None
    organization = get_object_or_404(Organization.objects.present(), uuid=key)
    if not vouching.can_propose(organization, actor_of(request), timezone.now()):
        raise Http404
    return organization


def _voucher_or_404(key: UUID) -> Voucher:
    return get_object_or_404(Voucher.objects.select_related("organization"), uuid=key)


def _is_blocked_by_default() -> bool:
    return list_default() == BLOCK


def _tried(request, action, **given) -> Attempt:
    """Do what has no impact to be seen first."""
    try:
        return Attempt(action(**given, by=actor_of(request), at=timezone.now()))
    except Refused as refusal:
        return Attempt(refusal=refusal)


def _done(request, row: Voucher, text: str):
    messages.success(request, text)
    return see_other("organization_vouchers", row.organization.uuid)


def _page(
    request,
    name: str,
    organization: Organization,
    form: ProposalForm | PassesForm | None = None,
    shown: Attempt | None = None,
    voucher: Voucher | None = None,
):
    if form is not None and shown and shown.refusal:
        form.add_refusal(shown.refusal)
    context = {"form": form, "organization": organization, "shown": shown, "voucher": voucher}
    is_unreadable = form is not None and form.errors and not voucher
    status = 422 if is_unreadable else shown.status if shown else 200
    return render(request, f"governance/organizations/vouchers/{name}.html", context, status=status)
