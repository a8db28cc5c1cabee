"""Groups: the list, who is in one, adding and removing by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from ...actions.resources import groups
from ...facts.resources.usage import why_not_removable
from ...forms.resources import GroupForm
from ...impact.resources import removing_group, removing_member
from ...models import AccessGroup, GroupMember, Person
from ...queries.resources import groups as pages
from ...rules.decision import Refused, refuse
from ...web.access import actor_of, needs
from ...web.confirmation import Attempt, attempt, preview_of
from ...web.csv_lines import csv_response
from ...web.form_data import posted_version, public_ids, searched_text
from ...web.responses import leads_here, see_other
from .confirm import Question, confirm_page

_HEADER = ("Name", "Description", "Access packages", "Members", "Changed")
_NOBODY = refuse("person_missing", "Choose a person", field="person")
_MEMBERS = ("Name", "Email", "Organization", "Since", "Added by", "Through", "Until")


@needs("view_package")
def group_list(request):
    page = pages.group_page(searched_text(request), request.GET.get("cursor", ""), timezone.now())
    return render(request, "governance/groups/list.html", {"shown": page})


@needs("view_package")
def group_export(request):
    rows = pages.every_group(searched_text(request), timezone.now())
    return csv_response(f"groups-{timezone.now().date()}", _HEADER, map(_cells, rows))


@needs("view_package")
def detail(request, key: UUID):
    group = get_object_or_404(AccessGroup, uuid=key)
    text, cursor = searched_text(request), request.GET.get("cursor", "")
    page = pages.member_page(group, text, cursor, timezone.now())
    return render(request, "governance/groups/detail.html", {"shown": page, "group": group})


@needs("view_package")
def member_export(request, key: UUID):
    group = get_object_or_404(AccessGroup, uuid=key)
    rows = pages.every_membership(group, searched_text(request), timezone.now())
    return csv_response(f"members-{timezone.now().date()}", _MEMBERS, map(_member_cells, rows))


@needs("change_package", methods=("GET", "POST"))
def add(request):
    """Add a group, and go back to the page that asked for one."""
    form = GroupForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            acting = {"by": actor_of(request), "at": timezone.now()}
            group = groups.create_group(**form.cleaned_data, **acting)
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"{group.name} added.")
            back = request.GET.get("next", "")
            came_from = f"{back}?group={group.uuid}" if leads_here(back) else ""
            return see_other(came_from or group_url(group))
    return _form_page(request, form)


@needs("change_package", methods=("GET", "POST"))
def edit(request, key: UUID):
    group = get_object_or_404(AccessGroup, uuid=key)
    initial = {"name": group.name, "description": group.description}
    form = GroupForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data | {"version": posted_version(request)}
        try:
            groups.change_group(group=group, **given, by=actor_of(request), at=timezone.now())
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"{form.cleaned_data['name']} saved.")
            return see_other("group_detail", key)
    return _form_page(request, form, group)


@needs("change_package", methods=("GET", "POST"))
def remove(request, key: UUID):
    """Remove a group that is not used, after its impact was shown."""
    group = get_object_or_404(AccessGroup, uuid=key)
    refusal = why_not_removable(group)
    question = _question(group, f"Remove {group.name}?", f"Remove {group.name}")
    if request.method == "GET":
        shown = preview_of(removing_group(group, timezone.now()), refusal=refusal)
        return confirm_page(request, question, shown)
    tried = attempt(request, groups.remove_group, group=group)
    if tried.is_done:
        messages.success(request, f"{group.name} removed.")
        return see_other("group_list")
    return confirm_page(request, question, tried)


@needs("change_package", methods=("GET", "POST"))
def member_add(request, key: UUID):
    """Look for a person, and add them by the button beside their name."""
    group = get_object_or_404(AccessGroup, uuid=key)
    if request.method == "GET":
        return _people_page(request, group)
    person = Person.objects.filter(uuid__in=public_ids([request.POST.get("person", "")])).first()
    if person is None:
        return _people_page(request, group, Attempt(refusal=_NOBODY))
    try:
        groups.add_group_member(group=group, person=person, by=actor_of(request), at=timezone.now())
    except Refused as refusal:
        return _people_page(request, group, Attempt(refusal=refusal))
    messages.success(request, f"{person} added to {group.name}.")
    return see_other("group_detail", key)


@needs("change_package", methods=("GET", "POST"))
def member_remove(request, key: UUID, person: UUID):
    """Undo that a person was added by hand, after the impact was shown."""
    row = get_object_or_404(
        GroupMember.objects.select_related("group", "person"),
        group__uuid=key,
        person__uuid=person,
        assignment__isnull=True,
    )
    title = f"Remove {row.person} from {row.group.name}?"
    question = _question(row.group, title, f"Remove {row.person}")
    if request.method == "GET":
        return confirm_page(request, question, preview_of(removing_member(row, timezone.now())))
    given = {"group": row.group, "person": row.person}
    tried = attempt(request, groups.remove_group_member, **given)
    if tried.is_done:
        messages.success(request, f"{row.person} removed from {row.group.name}.")
        return see_other("group_detail", key)
    return confirm_page(request, question, tried)


def group_url(group: AccessGroup) -> str:
    return reverse("group_detail", args=[group.uuid])


def _question(group: AccessGroup, title: str, button: str) -> Question:
    crumbs = (("Groups", reverse("group_list")), (group.name, group_url(group)))
    nobody = "Nobody loses access by it."
    return Question(title, button, nobody, crumbs, group_url(group))


def _form_page(request, form: GroupForm, group: AccessGroup | None = None):
    version = request.POST.get("version", group.version if group else "")
    context = {"form": form, "group": group, "version": version}
    status = 422 if form.errors else 200
    return render(request, "governance/groups/edit.html", context, status=status)


def _people_page(request, group: AccessGroup, tried: Attempt | None = None):
    text = searched_text(request)
    people = pages.people_to_add(group, text)
    context = {"group": group, "text": text, "people": people, "tried": tried}
    status = 422 if tried else 200
    return render(request, "governance/groups/member_add.html", context, status=status)


def _cells(row: pages.GroupRow) -> tuple:
    group = row.group
    counts = (row.packages, row.members)
    return (group.name, group.description, *counts, _moment(group.changed_at))


def _member_cells(row: GroupMember) -> tuple:
    given, person = row.assignment, row.person
    through = given.package.name if given else "Added by hand"
    until = _moment(given.ends_at) if given and given.ends_at else ""
    who = (person.name, person.email, person.organization)
    return (*who, _moment(row.added_at), row.added_by, through, until)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
