"""The policies of an access package: what they say, in words, and whom a change lets in or shuts out, before it is saved."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ..actions import policies
from ..actions.rehearsals import broken_tests, fingerprint_of
from ..forms.policies import PolicyForm
from ..models import Package, Policy
from ..queries.policies import organization_choices
from ..queries.policy_effects import policy_effect
from ..rules.decision import Refused
from ..rules.policy_terms import NewPolicy, paragraph
from .access import actor_of, needs
from .posted import posted_version, public_ids
from .responses import see_other, wants_fragment

FIELDS = ("name", "scope", "needs_approval", "lasts_days", "is_open")


@needs("change_package", methods=("GET", "POST"))
def policy_add(request, key: UUID):
    return _editor(request, get_object_or_404(Package, uuid=key), None)


@needs("change_package", methods=("GET", "POST"))
def policy_edit(request, key: UUID):
    row = get_object_or_404(Policy.objects.select_related("package"), uuid=key)
    return _editor(request, row.package, row)


@needs("change_package", methods=("GET", "POST"))
def policy_remove(request, key: UUID):
    """Whom it shuts out, before it goes; shown again when that is something else by then."""
    row = get_object_or_404(Policy.objects.select_related("package"), uuid=key)
    remove = partial(policies.remove_policy, row=row, by=actor_of(request), at=timezone.now())
    shown = _consequences(row.package, row, None, remove)
    if request.POST.get("seen") != shown["seen"]:
        differs = "seen" in request.POST
        return render(
            request,
            "governance/packages/policy_remove.html",
            {"row": row, "differs": differs, **shown},
            status=409 if differs else 200,
        )
    remove()
    messages.success(request, f"Policy “{row.name}” removed.")
    return see_other("package_detail", row.package.uuid)


def _editor(request, package: Package, row: Policy | None):
    form = PolicyForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(row, name) for name in FIELDS} if row else None,
    )
    chosen = public_ids(request.POST.getlist("organization")) if form.is_bound else _named(row)
    if not form.is_bound or not form.is_valid():
        return _page(request, package, row, form, chosen)
    wanted = form.policy(chosen)
    save = _save(request, package, row, wanted) if "save" in request.POST else None
    shown = _consequences(package, row, wanted, save)
    if save and shown["seen"] in ("", request.POST.get("seen")):
        return _saved(request, package, row, form, chosen, save)
    return _page(request, package, row, form, chosen, wanted, is_held=bool(save), **shown)


def _consequences(
    package: Package, row: Policy | None, wanted: NewPolicy | None, change: partial | None
) -> dict:
    """Whom it lets in or shuts out and, once it is to be done, the saved tests it breaks. `seen` is empty when nobody notices."""
    effect, broken = (
        policy_effect(package, row, wanted),
        broken_tests(change, timezone.now()) if change else (),
    )
    return {"effect": effect, "broken": broken, "seen": effect.fingerprint + fingerprint_of(broken)}


def _named(row: Policy | None) -> list[UUID]:
    return list(row.organizations.values_list("uuid", flat=True)) if row else []


def _save(request, package: Package, row: Policy | None, wanted: NewPolicy) -> partial:
    acting = {"policy": wanted, "by": actor_of(request), "at": timezone.now()}
    if row is None:
        return partial(policies.create_policy, package=package, **acting)
    return partial(policies.change_policy, row=row, version=posted_version(request), **acting)


def _saved(
    request,
    package: Package,
    row: Policy | None,
    form: PolicyForm,
    chosen: list[UUID],
    save: partial,
):
    try:
        policy = save()
    except Refused as refusal:
        form.add_refusal(refusal)
        return _page(request, package, row, form, chosen)
    messages.success(request, f"Policy “{policy.name}” saved.")
    return see_other("package_detail", package.uuid)


def _page(
    request,
    package: Package,
    row: Policy | None,
    form: PolicyForm,
    chosen: list[UUID],
    wanted: NewPolicy | None = None,
    **shown,
):
    """Fields left; on the right what the policy says and whom it reaches, as typed."""
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
        **shown,
    }
    return render(
        request,
        "governance/packages/policy.html",
        context,
        status=422 if form.errors and not wants_fragment(request) else 200,
    )


def _words(form: PolicyForm, wanted: NewPolicy | None, choices: list[dict]) -> str:
    names = [choice["organization"].name for choice in choices if choice["is_chosen"]]
    if wanted:
        return paragraph(
            wanted.scope,
            names,
            wanted.needs_approval or wanted.scope == Policy.Scope.ANY_OUTSIDE,
            wanted.lasts_days,
            wanted.is_open,
        )
    values = {name: form.get_initial_for_field(form.fields[name], name) for name in FIELDS}
    return paragraph(
        values["scope"],
        names,
        bool(values["needs_approval"]),
        values["lasts_days"],
        bool(values["is_open"]),
    )
