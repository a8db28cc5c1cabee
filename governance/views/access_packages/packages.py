"""Access packages: the list, one of them, adding and changing."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ...actions.access_packages import packages
from ...facts.access_packages.reach import package_reach, with_policies
from ...forms.packages import PackageForm
from ...models import Package
from ...queries.access_packages.listing import package_page
from ...queries.access_packages.policies import policy_rows
from ...rules.decision import Refused
from ...web.access import actor_of, needs
from ...web.confirmation import attempt
from ...web.form_data import posted_version
from ...web.responses import see_other

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
    package = get_object_or_404(with_policies(Package.objects.all()), uuid=key)
    context = {"package": package, "reach": package_reach(package), "rows": policy_rows(package)}
    return render(request, "governance/packages/detail.html", context)


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
        request, f"{package.name} created. Nobody can request it until a policy says who can."
    )
    return see_other("package_detail", package.uuid)


@needs("change_package", methods=("GET", "POST"))
def edit(request, key: UUID):
    """Change a package. The impact of opening or closing it is shown before it is saved."""
    package = get_object_or_404(Package, uuid=key)
    form = PackageForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(package, name) for name in FIELDS},
    )
    if not form.is_bound or not form.is_valid():
        return _page(request, form, package)
    given = form.cleaned_data | {"version": posted_version(request)}
    tried = attempt(request, packages.change_package, package=package, **given)
    if tried.refusal:
        form.add_refusal(tried.refusal)
    if not tried.is_done:
        return _page(request, form, package, shown=tried)
    messages.success(request, f"{form.cleaned_data['name']} saved.")
    return see_other("package_detail", key)


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
