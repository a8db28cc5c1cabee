"""The panes of the wizard: Select directories + domains, and the two that choose sponsors.

With JavaScript a fragment in the dialog, without it a page of its own; the same forms, the same answers.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from ..actions import drafts
from ..forms.organizations import FindForm
from ..models import Draft
from ..queries.drafts import draft_of, pane_sources_of, sources_of
from ..queries.source_look_up import Finding, find
from ..queries.sponsor_choices import sponsor_choices
from ..rules.decision import refuse
from ..rules.wording import count_of, joined
from .access import actor_of, needs
from .organization_wizard import LABELS
from .posted import public_ids
from .responses import go_by_htmx, see_other, wants_fragment


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
    found = _find(request, row, request.POST["add"])
    source = found.source if found.can_add else None
    if source and "domain_only" in request.POST:
        source = type(source)(source.typed_name)
    if source and source.directory_id and found.directory_taken:
        text = f"This directory already belongs to {found.directory_taken.label}. You can add the domain by itself"
        return show_directories(request, row, request.POST["add"], problem=text, status=422)
    if source is None or found.is_public_mail and "understood" not in request.POST:
        text = (
            "Tick that you understand that anyone can get such an address"
            if source
            else _why_not(found)
        )
        return show_directories(request, row, request.POST["add"], problem=text, status=422)
    if found.is_public_mail:
        source = type(source)(source.typed_name, public_mail_accepted=True)
    row = drafts.put_in_pane(author=request.user, uuid=row.uuid, source=source, at=timezone.now())
    return _after(
        request,
        row,
        f"{source.label} added. {len(pane_sources_of(row))} selected.",
        shown=source.typed_name,
    )


def _why_not(found: Finding) -> str:
    return found.reason.text if found.reason else f"{found.name} is in your selection already"


def _remove(request, row: Draft):
    gone = next(
        (
            source.label
            for source in pane_sources_of(row)
            if source.identity == request.POST["remove"]
        ),
        "It",
    )
    row = drafts.take_from_pane(
        author=request.user, uuid=row.uuid, identity=request.POST["remove"], at=timezone.now()
    )
    return _after(request, row, f"{gone} removed. {len(pane_sources_of(row))} selected.")


def _select(request, row: Draft):
    if not pane_sources_of(row) and not sources_of(row):
        return show_directories(
            request,
            row,
            None,
            problem="Add at least one directory or domain, then select",
            status=422,
        )
    row = drafts.select_pane(author=request.user, uuid=row.uuid, at=timezone.now())
    messages.success(request, _selected_words([source.label for source in sources_of(row)]))
    return _back(request, row)


def _selected_words(labels: list[str]) -> str:
    """What the step says, and a screen reader reads, after Select."""
    if not labels:
        return "Nothing selected."
    return f"Selected: {joined(labels, shown=3)}."


def _cancel(request, row: Draft):
    """Discards the pane's changes; asks first when there are any."""
    changes = _changes(row)
    if changes and request.POST["cancel"] != "discard":
        return show_directories(request, row, None, asks_discard=changes)
    if row.pk:
        drafts.discard_pane(author=request.user, uuid=row.uuid, at=timezone.now())
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
    """`typed` is looked up; `shown` only stands in the box, so that the next name is typed over it."""
    found = _find(request, row, typed) if typed else None
    if typed is not None and not typed.strip():
        problem = "Enter a domain name"
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
    }
    template = "_pane_directories" if wants_fragment(request) else "pane_directories"
    return render(request, f"governance/organizations/add/{template}.html", context, status=status)


def _find(request: HttpRequest, row: Draft, typed: str):
    own = str(row.edits.uuid) if row.edits_id else ""
    return find(
        typed[:1500],
        by=actor_of(request),
        at=timezone.now(),
        chosen=pane_sources_of(row),
        own_organization=own,
    )


def _after(request, row: Draft, said: str, *, shown: str = ""):
    """With htmx the pane again, with the news; else 303 to it, so that reloading adds nothing twice."""
    if wants_fragment(request):
        return show_directories(request, row, None, said=said, shown=shown)
    messages.success(request, said)
    return see_other(_here(row))


def _back(request, row: Draft):
    to = (
        reverse("organization_edit_sources", args=[row.edits.uuid])
        if row.edits_id
        else reverse("organization_add_step", args=[row.uuid, "directories"])
    )
    return go_by_htmx(to) if wants_fragment(request) else see_other(to)


def _changes(row: Draft) -> str:
    """What Cancel would discard: "2 additions", or "3 changes" where something was removed too; "" without any."""
    before, now = {s.identity for s in sources_of(row)}, {s.identity for s in pane_sources_of(row)}
    number, word = len(before ^ now), "addition" if before <= now else "change"
    return count_of(number, word) if number else ""


def _here(row: Draft) -> str:
    return reverse("organization_pane_directories", args=[row.uuid])


@needs("add_organization", methods=("GET", "POST"))
def sponsors(request, draft: UUID, kind: str):
    """Choose people among those who can be this kind of sponsor."""
    row = _own_draft(request, draft)
    if request.method == "GET" or "select" not in request.POST:
        return _show_sponsors(request, row, kind)
    chosen = [str(key) for key in public_ids(request.POST.getlist("person"))]
    if not chosen and not row.answers.get("sponsors", {}).get(kind):
        problem = refuse("nobody_selected", "Select at least one person").reasons[0].text
        return _show_sponsors(request, row, kind, problem=problem, status=422)
    drafts.save_answers(
        author=request.user,
        uuid=row.uuid,
        step="sponsors",
        given={kind: chosen},
        is_valid=True,
        at=timezone.now(),
    )
    to = reverse("organization_add_step", args=[row.uuid, "sponsors"])
    return go_by_htmx(to) if wants_fragment(request) else see_other(to)


def _show_sponsors(request, row: Draft, kind: str, *, problem: str = "", status: int = 200):
    given = request.POST if request.method == "POST" else request.GET
    asked = (
        given.getlist("person")
        if "search" in given or request.method == "POST"
        else row.answers.get("sponsors", {}).get(kind, [])
    )
    text = given.get("search", "").replace("\0", "")[:254]
    choices = sponsor_choices(
        row, kind, text, public_ids(asked), by=actor_of(request), at=timezone.now()
    )
    here = reverse("organization_pane_sponsors", args=[row.uuid, kind])
    context = {
        "draft": row,
        "kind": kind,
        "choices": choices,
        "search_text_here": text,
        "problem": problem,
        "here": here,
        "labels": LABELS,
        "back": reverse("organization_add_step", args=[row.uuid, "sponsors"]),
    }
    template = (
        "governance/organizations/_pane_sponsors.html"
        if wants_fragment(request)
        else "governance/organizations/add/pane_sponsors.html"
    )
    return render(request, template, context, status=status)


def _own_draft(request: HttpRequest, draft: UUID) -> Draft:
    row = draft_of(request.user, draft)
    if row is None or row.created_id:
        raise Http404
    return row
