"""Access packages: the list, one of them by its tabs, changing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone

from ...actions.access_packages import packages
from ...facts.access_packages.reach import package_reach
from ...forms.packages import PackageForm
from ...models import Package
from ...queries.access_packages import detail as pages
from ...queries.access_packages.listing import PackageFilters, known_catalog, package_page
from ...queries.access_packages.policies import package_gaps, policy_rows
from ...web.access import may_with_package, needs, package_for, packages_seen_by
from ...web.confirmation import attempt
from ...web.form_data import posted_version, searched_text
from ...web.responses import see_other

FIELDS = ("name", "description", "is_listed", "is_open")
EVENTS_SHOWN = 50


@needs(None)
def package_list(request):
    filters = PackageFilters(searched_text(request), known_catalog(request.GET.get("catalog", "")))
    seen, cursor = packages_seen_by(request), request.GET.get("cursor", "")
    page = package_page(seen, filters, cursor, timezone.now())
    return render(request, "governance/packages/list.html", {"shown": page})


@needs(None)
def detail(request, key: UUID):
    """Who can request it, what it gives, and the link to share."""
    return _tab(
        request,
        key,
        "overview",
        _overview,
    )


@needs(None)
def resources(request, key: UUID):
    return _tab(
        request, key, "resources", lambda package: {"resources": pages.resource_rows(package)}
    )


@needs(None)
def policies(request, key: UUID):
    return _tab(
        request,
        key,
        "policies",
        lambda package: {
            "rows": policy_rows(package),
            "gaps": package_gaps(package, timezone.now()),
        },
    )


@needs(None)
def people(request, key: UUID):
    text, cursor = searched_text(request), request.GET.get("cursor", "")
    return _tab(
        request,
        key,
        "people",
        lambda package: {
            "text": text,
            "page": pages.people_page(package, text, cursor, timezone.now()),
        },
    )


@needs(None)
def requests(request, key: UUID):
    state, cursor = request.GET.get("state", ""), request.GET.get("cursor", "")
    known = state if state in pages.STATES else ""
    return _tab(
        request,
        key,
        "requests",
        lambda package: {
            "state": known,
            "states": pages.STATES,
            "page": pages.request_page(package, known, cursor, timezone.now()),
        },
    )


@needs(None)
def activity(request, key: UUID):
    return _tab(
        request,
        key,
        "activity",
        lambda package: {"events": pages.events_of_package(package)[:EVENTS_SHOWN]},
        permission="view_auditevent",
    )


def _overview(package: Package) -> dict:
    return {
        "resources": pages.resource_links(package),
        "rows": policy_rows(package),
        "gaps": package_gaps(package, timezone.now()),
        "link": f"{settings.ORIGIN}/my-access/request/{package.uuid}/",
    }


def _tab(request, key: UUID, tab: str, facts, permission: str = "view_package"):
    rows = pages.with_tab_facts(Package.objects.all(), timezone.now())
    package: Any = package_for(request, key, permission, rows)
    context = {
        "package": package,
        "tab": tab,
        "reach": package_reach(package),
        "counts": pages.tab_counts(package),
        "may_change": may_with_package(request, package, "change_package"),
        **facts(package),
    }
    return render(request, f"governance/packages/{tab}.html", context)


@needs(None, methods=("GET", "POST"))
def edit(request, key: UUID):
    """Change a package. The impact of opening or closing it is shown before it is saved."""
    package = package_for(request, key, "change_package")
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


def _page(request, form: PackageForm, package: Package, **shown):
    context = {
        "form": form,
        "package": package,
        "version": request.POST.get("version", package.version),
        **shown,
    }
    status = 422 if form.errors else 200
    return render(request, "governance/packages/edit.html", context, status=status)
