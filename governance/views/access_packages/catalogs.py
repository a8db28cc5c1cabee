"""Catalogs: the list, one of them, adding and changing; moving a package to another one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from ...actions import catalogs
from ...facts.catalogs import catalogs_managed_by
from ...forms.catalogs import GENERAL, CatalogForm, MoveForm
from ...models import Catalog
from ...queries.catalogs import (
    catalog_choices,
    catalog_page,
    manager_choices,
    packages_of_catalog,
)
from ...rules.decision import Refused
from ...web.access import actor_of, needs, package_for
from ...web.confirmation import Attempt
from ...web.form_data import posted_version, public_ids, searched_text
from ...web.responses import see_other
from ..resources.confirm import Question, confirm_page


@needs("view_package")
def catalog_list(request):
    page = catalog_page(searched_text(request), request.GET.get("cursor", ""))
    return render(request, "governance/catalogs/list.html", {"shown": page})


@needs("view_package")
def detail(request, key: UUID):
    catalog = get_object_or_404(Catalog, uuid=key)
    page = packages_of_catalog(catalog, request.GET.get("cursor", ""), timezone.now())
    managers = catalog.managers.order_by("name_key")
    context = {"catalog": catalog, "page": page, "managers": managers}
    return render(request, "governance/catalogs/detail.html", context)


@needs("change_package", methods=("GET", "POST"))
def add(request):
    return _editor(request, None)


@needs("change_package", methods=("GET", "POST"))
def edit(request, key: UUID):
    return _editor(request, get_object_or_404(Catalog, uuid=key))


@needs("change_package", methods=("GET", "POST"))
def remove(request, key: UUID):
    """Remove a catalog without packages."""
    catalog = get_object_or_404(Catalog, uuid=key)
    here = reverse("catalog_detail", args=[key])
    crumbs = (("Catalogs", reverse("catalog_list")), (catalog.name, here))
    text = "Its managers will no longer manage anything through it."
    title, button = f"Remove {catalog.name}?", f"Remove {catalog.name}"
    question = Question(title, button, "", crumbs, here, text)
    if request.method == "GET":
        return confirm_page(request, question, Attempt())
    try:
        catalogs.remove_catalog(catalog=catalog, by=actor_of(request), at=timezone.now())
    except Refused as refusal:
        return confirm_page(request, question, Attempt(refusal=refusal))
    messages.success(request, f"{catalog.name} removed.")
    return see_other("catalog_list")


@needs(None, methods=("GET", "POST"))
def move(request, key: UUID):
    """Put a package into another catalog. Managers choose among their own."""
    package = package_for(request, key, "change_package")
    initial = {"catalog": str(package.catalog.uuid) if package.catalog else GENERAL}
    data = request.POST if request.method == "POST" else None
    form = MoveForm(data, initial=initial, catalogs=offered_catalogs(request))
    if form.is_bound and form.is_valid():
        wanted = Catalog.objects.filter(uuid__in=public_ids([form.cleaned_data["catalog"]])).first()
        try:
            catalogs.move_package(
                package=package, catalog=wanted, by=actor_of(request), at=timezone.now()
            )
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            name = catalogs.catalog_name(wanted)
            messages.success(request, f"{package.name} is now in the catalog {name}.")
            return see_other("package_detail", key)
    status = 422 if form.errors else 200
    context = {"form": form, "package": package}
    return render(request, "governance/catalogs/move.html", context, status=status)


def offered_catalogs(request) -> list[tuple[str, str]]:
    """Return the catalogs that the viewer can put packages in, as pairs of an id and a name."""
    if request.user.has_perm("governance.change_package"):
        rows = [(str(each.uuid), each.name) for each in catalog_choices()]
        return [(GENERAL, "General"), *rows]
    theirs = catalogs_managed_by(request.user.pk).order_by("name_key")
    return [(str(each.uuid), each.name) for each in theirs]


def _editor(request, catalog: Catalog | None):
    """Show the form, find people for it, or save. What was typed stays in each case."""
    data = request.POST if request.method == "POST" else None
    form = CatalogForm(data, initial=_initial(catalog))
    chosen = public_ids(request.POST.getlist("manager")) if data else _managers(catalog)
    if data is None or "find" in request.POST or not form.is_valid():
        return _page(request, catalog, form, chosen)
    given = form.cleaned_data | {"managers": chosen}
    acting = {"by": actor_of(request), "at": timezone.now()}
    try:
        saved = _save(request, catalog, given | acting)
    except Refused as refusal:
        form.add_refusal(refusal)
        return _page(request, catalog, form, chosen)
    messages.success(request, f"{saved.name} saved.")
    return see_other("catalog_detail", saved.uuid)


def _save(request, catalog: Catalog | None, given: dict) -> Catalog:
    if catalog is None:
        return catalogs.create_catalog(**given)
    return catalogs.change_catalog(catalog=catalog, version=posted_version(request), **given)


def _initial(catalog: Catalog | None) -> dict[str, str]:
    return {"name": catalog.name, "description": catalog.description} if catalog else {}


def _managers(catalog: Catalog | None) -> list[UUID]:
    return list(catalog.managers.values_list("uuid", flat=True)) if catalog else []


def _page(request, catalog: Catalog | None, form: CatalogForm, chosen: list[UUID]):
    search = request.POST.get("search", "").replace("\0", "")[:254]
    people = manager_choices(search, chosen)
    context = {
        "form": form,
        "catalog": catalog,
        "version": request.POST.get("version", catalog.version if catalog else ""),
        "choices": [{"person": each, "is_chosen": each.uuid in chosen} for each in people],
        "search_text_here": search,
    }
    is_refused = form.errors and "find" not in request.POST
    status = 422 if is_refused else 200
    return render(request, "governance/catalogs/edit.html", context, status=status)
