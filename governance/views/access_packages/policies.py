"""The policies of an access package: what they say in words, and the impact of a change before it
is saved.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from ...actions.access_packages import policies
from ...facts.access_packages.approvers import names_in
from ...forms.policies import PolicyForm, stored_values, values_after
from ...impact.access_packages import putting_policy, removing_policies
from ...models import Package, Policy
from ...queries.access_packages.policies import gaps_as_typed, organization_choices
from ...rules.access_packages.terms import NewPolicy, paragraph
from ...web.access import needs, package_for, require_package_permission
from ...web.confirmation import Attempt, attempt, preview
from ...web.form_data import posted_version, public_ids
from ...web.responses import see_other, wants_fragment


@needs(None, methods=("GET", "POST"))
def policy_add(request, key: UUID):
    return _editor(request, package_for(request, key, "change_package"), None)


@needs(None, methods=("GET", "POST"))
def policy_edit(request, key: UUID):
    row = _policy_for(request, key)
    return _editor(request, row.package, row)


@needs(None, methods=("GET", "POST"))
def policy_remove(request, key: UUID):
    """Remove a policy, after its impact was shown."""
    row = _policy_for(request, key)
    change = removing_policies([row])
    if request.method == "GET":
        return _remove_page(request, row, preview(change))
    tried = attempt(request, policies.remove_policy, row=row)
    if tried.is_done:
        messages.success(request, f"Policy “{row.name}” removed.")
        return see_other("package_policies", row.package.uuid)
    shown = preview(change, refusal=tried.refusal) if tried.refusal else tried
    return _remove_page(request, row, shown)


def _policy_for(request, key: UUID) -> Policy:
    """Return the policy to whoever may change its package."""
    row = Policy.objects.select_related("package").filter(uuid=key).first()
    require_package_permission(request, row.package if row else None, "change_package")
    if row is None:
        raise Http404
    return row


def _remove_page(request, row: Policy, shown: Attempt):
    context = {"row": row, "shown": shown}
    template = "governance/packages/policy_remove.html"
    return render(request, template, context, status=shown.status)


def _editor(request, package: Package, row: Policy | None):
    form = _form(request, row)
    chosen = _chosen(request, row)
    if not form.is_bound or not form.is_valid():
        return _page(request, package, row, form, chosen)
    wanted = form.policy(chosen)
    if "save" not in request.POST:
        shown = preview(putting_policy(package, row, wanted))
        return _page(request, package, row, form, chosen, wanted, shown)
    tried = _save(request, package, row, wanted)
    if tried.is_done:
        messages.success(request, f"Policy “{tried.result.name}” saved.")
        return see_other("package_policies", package.uuid)
    if tried.refusal:
        form.add_refusal(tried.refusal)
        return _page(request, package, row, form, chosen)
    return _page(request, package, row, form, chosen, wanted, tried)


def _form(request, row: Policy | None) -> PolicyForm:
    """Return what was typed; after a button that adds, removes or moves, not checked yet."""
    if request.method == "GET":
        return PolicyForm(initial=stored_values(row) if row else None)
    if change := request.POST.get("change"):
        return PolicyForm(initial=values_after(request.POST, change))
    return PolicyForm(request.POST)


def _chosen(request, row: Policy | None) -> list[UUID]:
    if request.method == "POST":
        return public_ids(request.POST.getlist("organization"))
    return list(row.organizations.values_list("uuid", flat=True)) if row else []


def _save(request, package: Package, row: Policy | None, wanted: NewPolicy) -> Attempt:
    if row is None:
        return attempt(request, policies.create_policy, package=package, policy=wanted)
    version = posted_version(request)
    return attempt(request, policies.change_policy, row=row, policy=wanted, version=version)


def _page(
    request,
    package: Package,
    row: Policy | None,
    form: PolicyForm,
    chosen: list[UUID],
    wanted: NewPolicy | None = None,
    shown: Attempt | None = None,
):
    """Render the fields and, beside them, the policy in words and its impact, as typed."""
    search = request.POST.get("search", "").replace("\0", "")[:254]
    choices = [
        {"organization": each, "is_chosen": each.uuid in chosen}
        for each in organization_choices(search, chosen)
    ]
    context = {
        "form": form,
        "package": package,
        "row": row,
        "version": request.POST.get("version", row.version if row else ""),
        "choices": choices,
        "search_text_here": search,
        "shown": shown,
        "gaps": gaps_as_typed(package, row, wanted, timezone.now()) if wanted else (),
        **_summary(row, wanted, choices),
    }
    is_refused = form.errors and not wants_fragment(request)
    status = 422 if is_refused else 409 if shown and shown.is_stale else 200
    return render(request, "governance/packages/policy.html", context, status=status)


def _summary(row: Policy | None, wanted: NewPolicy | None, choices: list[dict]) -> dict:
    """Return the policy in words, as typed or else as saved, and its stages for the drawing."""
    said = wanted or (row.terms if row else None)
    if said is None:
        return {"words": "", "stages": (), "names": {}}
    organizations = [each["organization"].name for each in choices if each["is_chosen"]]
    names = names_in(said.stages)
    return {
        "words": paragraph(said, organizations, names),
        "stages": said.stages,
        "names": names,
    }
