"""The pages of one connected organization: what it is, its tabs, changing it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from ..actions import drafts, sources, sponsors
from ..models import Draft, Organization, Person
from ..queries import organization_pages as pages
from ..queries.audit_events import events_of_organization
from ..queries.draft_pages import sources_with_verdicts
from ..queries.drafts import sources_of
from ..queries.organization_edits import edit_draft, is_stale
from ..queries.source_changes import source_changes
from ..queries.sponsor_choices import chosen_people, sponsor_choices_of
from ..rules.decision import Refused
from .access import actor_of, needs
from .organization_panes import show_directories
from .responses import go_by_htmx, posted_version, see_other, wants_fragment


def organization_or_404(key: UUID, *, present: bool = False) -> Organization:
    rows = Organization.objects.present() if present else Organization.objects.all()
    return get_object_or_404(pages.with_numbers(rows), uuid=key)


@needs("view_organization")
def detail(request, key: UUID):
    organization = organization_or_404(key)
    return _tab(request, "overview", organization, pages.overview(organization, timezone.now()))


@needs("view_organization")
def directories(request, key: UUID):
    organization = organization_or_404(key)
    return _tab(request, "directories", organization, {"rows": pages.source_rows(organization, timezone.now())})


@needs("view_organization")
def sponsor_list(request, key: UUID):
    organization = organization_or_404(key)
    return _tab(request, "sponsors", organization, {"sponsorships": pages.sponsorships(organization)})


@needs("view_organization")
def access(request, key: UUID):
    organization = organization_or_404(key)
    return _tab(request, "access", organization, pages.access(organization, timezone.now()))


@needs("view_auditevent")
def activity(request, key: UUID):
    organization = organization_or_404(key)
    return _tab(request, "activity", organization, {"events": events_of_organization(organization)[:100]})


@needs("change_organization", methods=("GET", "POST"))
def edit_sources(request, key: UUID):
    """The sources as a draft that the pane edits, begun by the first POST; saved only after whom it moves was shown."""
    organization = organization_or_404(key, present=True)
    draft = edit_draft(request.user, organization)
    if request.method == "GET":
        return _sources_page(request, organization, draft)
    stale = is_stale(draft, organization) if draft.pk else posted_version(request) != organization.version
    if not draft.pk:
        chosen = pages.sources_as_chosen(organization)
        draft = drafts.begin_edit(author=request.user, organization=organization, sources=chosen, at=timezone.now())
    if "begin" not in request.POST:
        return _post_sources(request, organization, draft, stale=stale)
    return show_directories(request, draft) if wants_fragment(request) else see_other("organization_pane_directories", draft.uuid)


def _post_sources(request, organization: Organization, draft: Draft, *, stale: bool):
    if "theirs" in request.POST:
        drafts.discard(author=request.user, uuid=draft.uuid)
        return see_other("organization_edit_sources", organization.uuid)
    own = {"author": request.user, "uuid": draft.uuid, "at": timezone.now()}
    draft = drafts.switch_subdomains(included=request.POST.getlist("subdomains"), **own)
    if identity := request.POST.get("remove"):
        draft = drafts.remove_source(identity=identity, **own)
    if "save" not in request.POST:
        return see_other("organization_edit_sources", organization.uuid)
    if stale:
        draft = drafts.go_on_from(organization=organization, sources=pages.sources_as_chosen(organization), **own)
        return _sources_page(request, organization, draft, stale=True, status=409)
    try:
        sources.change_sources(
            organization=organization, sources=sources_of(draft), by=actor_of(request), at=timezone.now(),
            version=organization.version, seen=request.POST.get("seen", ""),
        )  # fmt: skip
    except Refused as refusal:
        return _sources_page(request, organization, draft, refusal=refusal, status=409 if refusal.code == "effect_changed" else 422)
    drafts.discard(author=request.user, uuid=draft.uuid)
    messages.success(request, f"{organization.name} saved.")
    return see_other("organization_directories", organization.uuid)


def _sources_page(request, organization: Organization, draft: Draft, *, refusal: Refused | None = None, stale: bool | None = None, status: int = 200):
    draft.edits = organization
    changes = source_changes(organization, sources_of(draft), by=actor_of(request))
    context = {
        "organization": organization, "draft": draft, "sources": sources_with_verdicts(draft, timezone.now()), "changes": changes, "effect": changes.effect,
        "refusal": refusal, "now": pages.sources_as_chosen(organization) if (is_stale(draft, organization) if stale is None else stale) else (),
    }  # fmt: skip
    return render(request, "governance/organizations/edit_sources.html", context, status=status)


@needs("change_organization", methods=("GET", "POST"))
def edit_sponsors(request, key: UUID, kind: str):
    """Choose the sponsors of one kind, in a pane or on a page."""
    organization = organization_or_404(key, present=True)
    if request.method == "POST" and "select" in request.POST:
        return _save_sponsors(request, organization, kind)
    return _sponsors_page(request, organization, kind)


def _save_sponsors(request, organization: Organization, kind: str):
    people = chosen_people(request.POST.getlist("person"))
    try:
        sponsors.change_sponsors(organization=organization, kind=kind, people=people, by=actor_of(request), at=timezone.now())
    except Refused as refusal:
        return _sponsors_page(request, organization, kind, problem=str(refusal), status=422)
    messages.success(request, f"Sponsors of {organization.name} saved.")
    page = reverse("organization_sponsors", args=[organization.uuid])
    return go_by_htmx(page) if wants_fragment(request) else see_other(page)


def _sponsors_page(request, organization: Organization, kind: str, *, problem: str = "", status: int = 200):
    given = request.POST if request.method == "POST" else request.GET
    present = organization.sponsorships.filter(kind=kind).values_list("person__uuid", flat=True)
    chosen = chosen_people(given.getlist("person")) if request.method == "POST" else list(present)
    text = given.get("search", "")[:254]
    template = f"governance/organizations/{'_pane' if wants_fragment(request) else 'pane'}_sponsors.html"
    context = {
        "organization": organization, "kind": kind, "choices": sponsor_choices_of(organization, kind, text, chosen, at=timezone.now()), "search_text_here": text,
        "problem": problem, "here": request.path, "back": reverse("organization_sponsors", args=[organization.uuid]),
    }  # fmt: skip
    return render(request, template, context, status=status)


@needs("change_organization", methods=("POST",))
def remove_sponsor(request, key: UUID, person: UUID):
    organization, row = organization_or_404(key, present=True), get_object_or_404(Person, uuid=person)
    try:
        sponsors.remove_sponsor(organization=organization, person=row, by=actor_of(request), at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{row} is no longer a sponsor of {organization.name}.")
    return see_other("organization_sponsors", key)


def _tab(request, name: str, organization: Organization, facts: dict):
    """`rows` are the sources where the tab shows them: what the list does to their names is known then."""
    names = [verdict for row in facts.get("rows", ()) for verdict in row.names]
    is_blocked = pages.all_blocked(names) if names else pages.is_blocked(organization, timezone.now())
    context = {"organization": organization, "tab": name, "restorable_until": pages.restorable_until(organization), "is_blocked": is_blocked, **facts}
    return render(request, f"governance/organizations/{name}.html", context)
