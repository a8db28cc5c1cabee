"""Access packages: the list, one of them, adding and changing."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ..actions import packages
from ..actions.rehearsals import broken_tests, fingerprint_of
from ..forms.packages import PackageForm
from ..models import Package
from ..queries.packages import package_page
from ..queries.policies import policy_rows
from ..queries.policy_effects import closing_effect
from ..rules.decision import Refused
from .access import actor_of, needs
from .posted import posted_version
from .responses import see_other

FIELDS = ("name", "description", "is_listed", "is_open")


@needs("view_package")
def package_list(request):
    return render(
        request,
        "governance/packages/list.html",
        {"page": package_page(request.GET.get("cursor", ""))},
    )


@needs("view_package")
def detail(request, key: UUID):
    package = get_object_or_404(Package, uuid=key)
    return render(
        request,
        "governance/packages/detail.html",
        {"package": package, "rows": policy_rows(package)},
    )


@needs("change_package", methods=("GET", "POST"))
def add(request):
    form = PackageForm(request.POST or None)
    if not form.is_bound or not form.is_valid():
        return _page(request, form)
    try:
        package = packages.create_package(
            **form.cleaned_data, by=actor_of(request), at=timezone.now()
        )
    except Refused as refusal:
        form.add_refusal(refusal)
        return _page(request, form)
    messages.success(
        request, f"{package.name} created. Nobody can ask for it until a policy says who."
    )
    return see_other("package_detail", package.uuid)


@needs("change_package", methods=("GET", "POST"))
def edit(request, key: UUID):
    """Closing, opening and a broken test are shown before they are saved."""
    package = get_object_or_404(Package, uuid=key)
    form = PackageForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(package, name) for name in FIELDS},
    )
    if not form.is_bound or not form.is_valid():
        return _page(request, form, package)
    change = partial(
        packages.change_package,
        package=package,
        **form.cleaned_data,
        version=posted_version(request),
        by=actor_of(request),
        at=timezone.now(),
    )
    if shown := _consequences(request, package, form, change):
        return _page(request, form, package, **shown)
    try:
        change()
    except Refused as refusal:
        form.add_refusal(refusal)
        return _page(request, form, package)
    messages.success(request, f"{form.cleaned_data['name']} saved.")
    return see_other("package_detail", key)


def _consequences(request, package: Package, form: PackageForm, change) -> dict:
    """What has to be seen before it is saved; nothing when it was seen, or nobody notices."""
    effect, broken = (
        closing_effect(package, form.cleaned_data["is_open"]),
        broken_tests(change, timezone.now()),
    )
    seen = effect.fingerprint + fingerprint_of(broken)
    return (
        {"effect": effect, "broken": broken, "seen": seen}
        if seen and request.POST.get("seen") != seen
        else {}
    )


def _page(request, form: PackageForm, package: Package | None = None, **shown):
    context = {
        "form": form,
        "package": package,
        "version": request.POST.get("version", package.version if package else ""),
        **shown,
    }
    return render(
        request, "governance/packages/edit.html", context, status=422 if form.errors else 200
    )
