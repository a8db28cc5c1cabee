"""The panes of the wizard: Select directories + domains, and the two that choose sponsors.

With JavaScript a pane is a fragment in the dialog, without it a page. Both have the same forms and
answers.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from ...actions import drafts
from ...forms.organizations import FindForm
from ...models import Draft
from ...queries.connecting.drafts import draft_of, pane_sources_of, sources_of, sponsors_of
from ...queries.connecting.source_look_up import Finding, find
from ...queries.connecting.sponsor_choices import sponsor_choices
from ...rules.wording import count_of, joined
from ...web.access import actor_of, needs
from ...web.form_data import public_ids
from ...web.portal_request import SignedInRequest
from ...web.responses import go_by_htmx, see_other, wants_fragment
from ...web.unsaved_answers import forget
from .sponsor_panes import invite_a_guest, pane_facts, people_of_pane, posted_or_asked
from .wizard import LABELS


@needs("add_organization", methods=("GET", "POST"))
def directories(request, draft: UUID):
    """Find, Add, Remove, Select, Cancel: each a submit button of the pane."""
    row = _own_draft(request, draft)
    if request.method == "GET":
        return show_directories(request, row, request.GET.get("domain"))
    press = next(
        (name for name in ("add", "remove", "select", "cancel", "keep") if name in request.POST),
        "keep",
    )
    return _PRESSED[press](request, row)


def _add(request, row: Draft):
    found = _find(request, row, request.POST["add"], warns=False)
    source = found.source if found.can_add else None
    if source and "domain_only" in request.POST:
        source = type(source)(source.typed_name)
    if source and source.directory_id and found.directory_taken:
        text = (
            f"This directory already belongs to {found.directory_taken.label}."
            " You can add only the domain"
        )
        return show_directories(request, row, request.POST["add"], problem=text, status=422)
    if source is None or found.is_public_mail and "understood" not in request.POST:
        text = (
            "Confirm that you understand that anyone can get such an address"
            if source
            else _why_not(found)
        )
        return show_directories(request, row, request.POST["add"], problem=text, status=422)
    if found.is_public_mail:
        source = type(source)(source.typed_name, public_mail_accepted=True)
    row = drafts.put_in_pane(source=source, **_own(request, row))
    return _after(
        request,
        row,
        f"{source.label} added. {len(pane_sources_of(row))} selected.",
        shown=source.typed_name,
    )


def _why_not(found: Finding) -> str:
    return found.reason.text if found.reason else f"{found.name} is already in your selection"


def _remove(request, row: Draft):
    identity = request.POST["remove"]
    gone = [source.label for source in pane_sources_of(row) if source.identity == identity]
    if not gone:
        return _after(request, row, "It was already removed.")
    row = drafts.take_from_pane(identity=identity, **_own(request, row))
    return _after(request, row, f"{gone[0]} removed. {len(pane_sources_of(row))} selected.")


def _select(request, row: Draft):
    if not pane_sources_of(row) and not sources_of(row):
        return show_directories(
            request,
            row,
            None,
            problem="Add at least one directory or domain, then select",
            status=422,
        )
    row = drafts.select_pane(**_own(request, row))
    messages.success(request, _selected_words([source.label for source in sources_of(row)]))
    return _back(request, row)


def _selected_words(labels: list[str]) -> str:
    """Return what the step says, and a screen reader reads, after Select."""
    if not labels:
        return "Nothing selected."
    return f"Selected: {joined(labels, shown=3)}."


def _cancel(request, row: Draft):
    """Discard the pane's changes; ask first when there are any."""
    changes = _changes(row)
    if changes and request.POST["cancel"] != "discard":
        return show_directories(request, row, None, asks_discard=changes)
    if row.pk:
        drafts.discard_pane(**_own(request, row))
    return _back(request, row)


def _keep(request, row: Draft):
    return show_directories(request, row, None)


_PRESSED = {"add": _add, "remove": _remove, "select": _select, "cancel": _cancel, "keep": _keep}


def show_directories(
    request,
    row: Draft,
    typed: str | None = None,
    *,
    problem: str = "",
    asks_discard: str = "",
    said: str = "",
    shown: str = "",
    status: int = 200,
):
    """Show the pane. `typed` is looked up; `shown` is only in the box, where the next domain
    replaces it.
    """
    found = _find(request, row, typed) if typed else None
    if typed is not None and not typed.strip():
        problem = "Enter a domain"
    context = {
        "draft": row,
        "form": FindForm(initial={"domain": typed or shown}),
        "found": found,
        "selected": pane_sources_of(row),
        "problem": problem,
        "asks_discard": asks_discard,
        "said": said,
        "here": _here(row),
        "labels": LABELS,
        "in_dialog": wants_fragment(request),
    }
    template = "_pane_directories" if wants_fragment(request) else "pane_directories"
    return render(request, f"governance/organizations/add/{template}.html", context, status=status)


def _find(request: SignedInRequest, row: Draft, typed: str, *, warns: bool = True) -> Finding:
    own = str(row.edits.uuid) if row.edits else ""
    return find(
        typed[:1500],
        by=actor_of(request),
        at=timezone.now(),
        chosen=pane_sources_of(row),
        own_organization=own,
        warns=warns,
    )


def _after(request, row: Draft, said: str, *, shown: str = ""):
    """Show the pane again with what happened; without htmx after a redirect, so that reloading adds
    nothing twice.
    """
    if wants_fragment(request):
        return show_directories(request, row, None, said=said, shown=shown)
    messages.success(request, said)
    return see_other(_here(row))


def _back(request, row: Draft):
    to = (
        reverse("organization_edit_sources", args=[row.edits.uuid])
        if row.edits
        else reverse("organization_add_step", args=[row.uuid, "directories"])
    )
    return go_by_htmx(to) if wants_fragment(request) else see_other(to)


def _changes(row: Draft) -> str:
    """Return what Cancel would discard: "2 additions", or "3 changes" where something was removed
    too; "" if nothing.
    """
    before, now = {s.identity for s in sources_of(row)}, {s.identity for s in pane_sources_of(row)}
    number, word = len(before ^ now), "addition" if before <= now else "change"
    return count_of(number, word) if number else ""


def _here(row: Draft) -> str:
    return reverse("organization_pane_directories", args=[row.uuid])


@needs("add_organization", methods=("GET", "POST"))
def sponsors(request, draft: UUID, kind: str):
    """Choose people among those who can be this kind of sponsor."""
    row = _own_draft(request, draft)
    if request.method == "POST":
        forget(request)
    if "invite" in request.POST:
        return invite_a_guest(request)
    if "select" not in request.POST:
        return _show_sponsors(request, row, kind)
    ticked, shown = (set(public_ids(request.POST.getlist(name))) for name in ("person", "expected"))
    if not ticked and not shown and not sponsors_of(row, kind):
        return _show_sponsors(request, row, kind, problem="Select at least one person", status=422)
    drafts.change_sponsors(
        kind=kind,
        added=[key for key in public_ids(request.POST.getlist("person")) if key not in shown],
        removed=shown - ticked,
        **_own(request, row),
    )
    to = reverse("organization_add_step", args=[row.uuid, "sponsors"])
    return go_by_htmx(to) if wants_fragment(request) else see_other(to)


def _show_sponsors(request, row: Draft, kind: str, *, problem: str = "", status: int = 200):
    given = posted_or_asked(request)
    chosen, shown = people_of_pane(given, sponsors_of(row, kind))
    text = given.get("search", "").replace("\0", "")[:254]
    context = {
        "draft": row,
        "kind": kind,
        "choices": sponsor_choices(
            row, kind, text, chosen, by=actor_of(request), at=timezone.now()
        ),
        "expected": shown,
        "search_text_here": text,
        "problem": problem,
        "here": reverse("organization_pane_sponsors", args=[row.uuid, kind]),
        "labels": LABELS,
        "back": reverse("organization_add_step", args=[row.uuid, "sponsors"]),
        **pane_facts(request),
    }
    template = (
        "governance/organizations/_pane_sponsors.html"
        if wants_fragment(request)
        else "governance/organizations/add/pane_sponsors.html"
    )
    return render(request, template, context, status=status)


def _own(request: SignedInRequest, row: Draft) -> dict:
    """Return what every change of the draft is given."""
    return {"author": request.user, "uuid": row.uuid, "at": timezone.now(), "read": row}


def _own_draft(request: SignedInRequest, draft: UUID) -> Draft:
    row = draft_of(request.user, draft, "edits")
    if row is None or row.created_id:
        raise Http404
    return row
