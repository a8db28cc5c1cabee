"""The policies of an access package: what they say in words, and the impact of a change before it
is saved.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render

from ...actions.access_packages import policies
from ...facts.access_packages.approvers import names_in
from ...forms.policies import PolicyForm
from ...impact.access_packages import putting_policy, removing_policies
from ...models import Package, Policy
from ...queries.access_packages.policies import organization_choices
from ...rules.access_packages.lifecycle import Lifecycle
from ...rules.access_packages.stages import stages_from_json
from ...rules.access_packages.terms import NewPolicy, paragraph
from ...web.access import needs, package_for, require_package_permission
from ...web.confirmation import Attempt, attempt, preview
from ...web.form_data import posted_version, public_ids
from ...web.responses import see_other, wants_fragment

FIELDS = ("name", "scope", "stages", "ends", "lasts_days", "is_open")


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
    form = PolicyForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(row, name) for name in FIELDS} if row else None,
    )
    chosen = public_ids(request.POST.getlist("organization")) if form.is_bound else _named(row)
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


def _named(row: Policy | None) -> list[UUID]:
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
        "words": _words(form, wanted, choices),
        "shown": shown,
    }
    is_refused = form.errors and not wants_fragment(request)
    status = 422 if is_refused else 409 if shown and shown.is_stale else 200
    return render(request, "governance/packages/policy.html", context, status=status)


def _words(form: PolicyForm, wanted: NewPolicy | None, choices: list[dict]) -> str:
    names = [choice["organization"].name for choice in choices if choice["is_chosen"]]
    values = {name: form.get_initial_for_field(form.fields[name], name) for name in FIELDS}
    said = wanted or NewPolicy(
        values["name"] or "",
        values["scope"],
        (),
        stages_from_json(values["stages"]),
        bool(values["is_open"]),
        Lifecycle(values["ends"], values["lasts_days"]),
    )
    return paragraph(said, names, names_in(said.stages))
