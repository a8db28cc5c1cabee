"""Choosing the sponsors of a connected organization, and removing one."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from ...actions.organizations import sponsors
from ...impact.people import removing_sponsors
from ...models import Organization, Person
from ...queries.connecting.sponsor_choices import sponsor_choices_of
from ...web.access import needs
from ...web.confirmation import Attempt, attempt, preview
from ...web.form_data import public_ids
from ...web.responses import go_by_htmx, see_other, wants_fragment
from ...web.unsaved_answers import forget
from ..connecting.sponsor_panes import invite_a_guest, pane_facts, people_of_pane, posted_or_asked
from .detail import organization_or_404


@needs("change_organization", methods=("GET", "POST"))
def edit_sponsors(request, key: UUID, kind: str):
    """Choose the sponsors of one kind, in a pane or on a page."""
    organization = organization_or_404(key, present=True)
    if request.method == "POST":
        forget(request)
    if "invite" in request.POST:
        return invite_a_guest(request)
    if "select" in request.POST:
        return _save_sponsors(request, organization, kind)
    return _sponsors_page(request, organization, kind)


def _save_sponsors(request, organization: Organization, kind: str):
    people, expected = (public_ids(request.POST.getlist(name)) for name in ("person", "expected"))
    given = {"organization": organization, "kind": kind, "people": people, "expected": expected}
    tried = attempt(request, sponsors.change_sponsors, **given)
    if not tried.is_done:
        return _sponsors_page(request, organization, kind, tried)
    messages.success(request, f"Sponsors of {organization.name} saved.")
    page = reverse("organization_sponsors", args=[organization.uuid])
    return go_by_htmx(page) if wants_fragment(request) else see_other(page)


def _sponsors_page(request, organization: Organization, kind: str, tried: Attempt | None = None):
    given = posted_or_asked(request)
    present = list(
        organization.sponsorships.filter(kind=kind).values_list("person__uuid", flat=True)
    )
    chosen, expected = people_of_pane(given, present)
    if "select" in request.POST:
        chosen = public_ids(request.POST.getlist("person"))
    is_conflict = tried and tried.refusal and tried.refusal.code == "conflict"
    text = given.get("search", "")[:254]
    template = (
        f"governance/organizations/{'_pane' if wants_fragment(request) else 'pane'}_sponsors.html"
    )
    context = {
        "organization": organization,
        "kind": kind,
        "choices": sponsor_choices_of(organization, kind, text, chosen, at=timezone.now()),
        "search_text_here": text,
        "problem": str(tried.refusal) if tried and tried.refusal else "",
        "shown": tried,
        "expected": present if is_conflict else expected,
        "here": request.path,
        "back": reverse("organization_sponsors", args=[organization.uuid]),
        **pane_facts(request),
    }
    status = 200 if not tried else 422 if tried.refusal and not is_conflict else tried.status
    return render(request, template, context, status=status)


@needs("change_organization", methods=("GET", "POST"))
def remove_sponsor(request, key: UUID, person: UUID):
    """Remove a sponsor, after the impact was shown."""
    organization = organization_or_404(key, present=True)
    row = get_object_or_404(Person, uuid=person)
    change = removing_sponsors(organization, [row])
    if request.method == "GET":
        return _remove_page(request, organization, row, preview(change))
    tried = attempt(request, sponsors.remove_sponsor, organization=organization, person=row)
    if tried.is_done:
        messages.success(request, _removed_words(organization, row, tried.result))
        return see_other("organization_sponsors", key)
    shown = preview(change, refusal=tried.refusal) if tried.refusal else tried
    return _remove_page(request, organization, row, shown)


def _removed_words(organization: Organization, person: Person, kind: str) -> str:
    """Say that it is done, with a link to the choice of sponsors in which the person is ticked
    again.
    """
    present = organization.sponsorships.filter(kind=kind).values_list("person__uuid", flat=True)
    keys = [str(key) for key in present]
    asked = {"search": "", "person": [*keys, str(person.uuid)], "expected": keys}
    choice = reverse("organization_edit_sponsors", args=[organization.uuid, kind])
    return format_html(
        '{} is no longer a sponsor of {}. <a href="{}?{}">Add {} again</a>',
        person,
        organization.name,
        choice,
        urlencode(asked, doseq=True),
        person,
    )


def _remove_page(request, organization: Organization, person: Person, shown: Attempt):
    context = {"organization": organization, "person": person, "shown": shown}
    template = "governance/organizations/remove_sponsor.html"
    return render(request, template, context, status=shown.status)
