"""Access packages and their policies."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ..actions import packages
from ..forms.packages import PackageForm, PolicyForm
from ..models import Package, Policy
from ..queries.packages import organization_choices, package_page, policy_effect, policy_rows
from ..queries.sponsor_choices import chosen_people as chosen_keys
from ..rules.decision import Refused
from ..rules.policy_terms import paragraph
from .access import actor_of, needs
from .responses import posted_version, see_other


@needs("view_package")
def package_list(request):
    return render(request, "governance/packages/list.html", {"page": package_page(request.GET.get("cursor", ""))})


@needs("view_package")
def detail(request, key: UUID):
    package = get_object_or_404(Package, uuid=key)
    return render(request, "governance/packages/detail.html", {"package": package, "rows": policy_rows(package)})


@needs("change_package", methods=("GET", "POST"))
def add(request):
    form = PackageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            package = packages.create_package(**form.cleaned_data, by=actor_of(request), at=timezone.now())
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"{package.name} created. Nobody can ask for it until a policy says who.")
            return see_other("package_detail", package.uuid)
    return render(request, "governance/packages/edit.html", {"form": form}, status=422 if form.errors else 200)


@needs("change_package", methods=("GET", "POST"))
def edit(request, key: UUID):
    package = get_object_or_404(Package, uuid=key)
    initial = {name: getattr(package, name) for name in ("name", "description", "is_listed", "is_open")}
    form = PackageForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            packages.change_package(package=package, **form.cleaned_data, version=posted_version(request), by=actor_of(request), at=timezone.now())
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"{form.cleaned_data['name']} saved.")
            return see_other("package_detail", key)
    context = {"form": form, "package": package, "version": request.POST.get("version", package.version)}
    return render(request, "governance/packages/edit.html", context, status=422 if form.errors else 200)


@needs("change_package", methods=("GET", "POST"))
def policy_add(request, key: UUID):
    package = get_object_or_404(Package, uuid=key)
    return _policy_page(request, package, None, PolicyForm(request.POST or None), [])


@needs("change_package", methods=("GET", "POST"))
def policy_edit(request, key: UUID):
    row = get_object_or_404(Policy.objects.select_related("package"), uuid=key)
    initial = {name: getattr(row, name) for name in ("name", "scope", "needs_approval", "lasts_days", "is_open")}
    named = list(row.organizations.values_list("uuid", flat=True))
    return _policy_page(request, row.package, row, PolicyForm(request.POST or None, initial=initial), named)


@needs("change_package", methods=("POST",))
def policy_remove(request, key: UUID):
    row = get_object_or_404(Policy.objects.select_related("package"), uuid=key)
    packages.remove_policy(row=row, by=actor_of(request), at=timezone.now())
    messages.success(request, f"Policy “{row.name}” removed.")
    return see_other("package_detail", row.package.uuid)


def _policy_page(request, package: Package, row: Policy | None, form: PolicyForm, named: list[UUID]):
    """Fields left, on the right what the policy says and whom it reaches, as typed; saved by Save alone."""
    chosen = chosen_keys(request.POST.getlist("organization")) if request.method == "POST" else named
    if request.method == "POST" and form.is_valid() and "save" in request.POST:
        try:
            return _save_policy(request, package, row, form, chosen)
        except Refused as refusal:
            form.add_refusal(refusal)
    typed = form.cleaned_data if form.is_bound and form.is_valid() else None
    context = {"form": form, "package": package, "row": row, "version": request.POST.get("version", row.version if row else ""), **_said(row, form, typed, chosen)}
    search = request.POST.get("search", "")[:254]
    choices = [{"organization": o, "is_chosen": o.uuid in chosen} for o in organization_choices(search, chosen)]
    context |= {"choices": choices, "search_text_here": search}
    return render(request, "governance/packages/policy.html", context, status=422 if form.errors else 200)


def _save_policy(request, package: Package, row: Policy | None, form: PolicyForm, chosen: list[UUID]):
    acting = {"by": actor_of(request), "at": timezone.now()}
    if row is None:
        packages.create_policy(package=package, policy=form.policy(chosen), **acting)
    else:
        packages.change_policy(row=row, policy=form.policy(chosen), version=posted_version(request), **acting)
    messages.success(request, f"Policy “{form.cleaned_data['name']}” saved.")
    return see_other("package_detail", package.uuid)


def _said(row: Policy | None, form: PolicyForm, typed: dict | None, chosen: list[UUID]) -> dict:
    values = typed or {name: form.get_initial_for_field(form.fields[name], name) for name in form.fields}
    names = [organization.name for organization in organization_choices("", chosen) if organization.uuid in chosen]
    scope, is_open = values["scope"], bool(values["is_open"])
    text = paragraph(scope, names, bool(values["needs_approval"]) or scope == "any_outside", values["lasts_days"], is_open)
    return {"words": text, "effect": policy_effect(row, scope, chosen, is_open)}
