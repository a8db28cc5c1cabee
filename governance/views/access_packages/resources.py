"""What a package gives access to: adding and removing, after who is affected was shown."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from ...actions.access_packages import resources
from ...facts.resources.usage import describe
from ...impact.resources import removing_resource
from ...models import AccessGroup, Package, Resource, Webhook
from ...queries.access_packages.resources import resource_choices
from ...rules.resources import GROUP, WEBHOOK
from ...web.access import needs, package_for, require_package_permission
from ...web.confirmation import Attempt, attempt, preview_of
from ...web.form_data import public_ids, searched_text
from ...web.responses import see_other
from ..resources.confirm import Question, confirm_page


@needs(None, methods=("GET", "POST"))
def resource_add(request, key: UUID):
    """Choose a group or webhook. Where people have the package now, who gets more is shown."""
    package = package_for(request, key, "change_package")
    chosen = _chosen(request) if request.method == "POST" else {}
    if not chosen:
        return _choices_page(request, package)
    tried = attempt(request, resources.add_resource, package=package, **chosen)
    if tried.refusal:
        return _choices_page(request, package, tried)
    (target,) = chosen.values()
    if tried.impact:
        title, button = f"Add {target} to {package.name}?", f"Add {target}"
        question = _question(package, title, button, is_danger=False)
        fields = {"resource": request.POST.get("resource", "")}
        return confirm_page(request, question, tried, fields=fields)
    messages.success(request, f"{target} added to {package.name}.")
    return see_other("package_resources", key)


@needs(None, methods=("GET", "POST"))
def resource_remove(request, key: UUID):
    present = Resource.objects.filter(uuid=key, removed_at__isnull=True)
    row = present.select_related("package", "group", "webhook").first()
    require_package_permission(request, row.package if row else None, "change_package")
    if row is None:
        raise Http404
    title = f"Remove {describe(row)} from {row.package.name}?"
    question = _question(row.package, title, f"Remove {row}", is_danger=True)
    if request.method == "GET":
        return confirm_page(request, question, preview_of(removing_resource(row, timezone.now())))
    tried = attempt(request, resources.remove_resource, row=row)
    if not tried.is_done:
        return confirm_page(request, question, tried)
    messages.success(request, f"{row} removed from {row.package.name}.")
    return see_other("package_resources", row.package.uuid)


def _chosen(request) -> dict[str, AccessGroup | Webhook]:
    """Return the group or webhook that the button which was pressed names; empty for none."""
    kind, _colon, key = request.POST.get("resource", "").partition(":")
    keys = public_ids([key])
    found: AccessGroup | Webhook | None = None
    if kind == GROUP:
        found = AccessGroup.objects.filter(uuid__in=keys).first()
    elif kind == WEBHOOK:
        found = Webhook.objects.filter(uuid__in=keys).first()
    return {kind: found} if found else {}


def _choices_page(request, package: Package, tried: Attempt | None = None):
    may_choose_all = request.user.has_perm("governance.change_package")
    choices = resource_choices(searched_text(request), package, may_choose_all=may_choose_all)
    context = {"package": package, "choices": choices, "tried": tried}
    status = 422 if tried or request.method == "POST" else 200
    return render(request, "governance/packages/resource_add.html", context, status=status)


def _question(package: Package, title: str, button: str, *, is_danger: bool) -> Question:
    back = reverse("package_resources", args=[package.uuid])
    crumbs = (("Access packages", reverse("package_list")), (package.name, back))
    nobody = "Nobody has this access package now, so nobody gets or loses access."
    return Question(title, button, nobody, crumbs, back, is_danger=is_danger)
