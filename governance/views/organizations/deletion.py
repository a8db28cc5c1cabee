"""Deleting a connected organization, bringing it back, releasing its domains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ...actions.organizations import deletion
from ...connectors.django_allauth import needs_password_again
from ...facts.organizations.restorations import restoration_of
from ...impact import Change
from ...impact.organizations import deleting, releasing, restoring
from ...models import Organization
from ...queries.organizations import detail as pages
from ...rules.names import name_key
from ...rules.wording import count_of, day_words
from ...web.access import actor_of, needs
from ...web.confirmation import Attempt, attempt, preview
from ...web.responses import see_other
from .detail import organization_or_404


@needs("delete_organization", methods=("GET", "POST"))
@needs_password_again(when_read=False)
def delete(request, key: UUID):
    """Facts first, then the name typed where people lose something."""
    organization = organization_or_404(key, present=True)
    typed, must_type = request.POST.get("name", ""), organization.people_count > 0
    if request.method == "GET":
        return _delete_page(request, organization, must_type=must_type)
    if must_type and name_key(typed) != organization.name_key:
        return _delete_page(
            request,
            organization,
            must_type=must_type,
            typed=typed,
            problem="The name you typed does not match",
        )
    if _ends_access(request) != (request.POST.get("shown") == "end"):
        return _delete_page(request, organization, must_type=must_type, typed=typed, chose=True)
    given = {"organization": organization, "ends_access": _ends_access(request)}
    tried = attempt(request, deletion.delete, **given)
    if not tried.is_done:
        return _delete_page(request, organization, must_type=must_type, typed=typed, tried=tried)
    until = day_words(timezone.localtime(pages.restorable_until(tried.result)))
    messages.success(request, f"{organization.name} deleted. Restore until {until}.")
    return see_other("organization_detail", key)


def _delete_page(
    request,
    organization: Organization,
    *,
    must_type: bool,
    typed: str = "",
    problem: str = "",
    tried: Attempt | None = None,
    chose: bool = False,
):
    """Show what deleting does. `chose`: what happens to access was chosen just now, so that its
    impact has to be seen first.
    """
    ends_access = _ends_access(request)
    shown = _shown(tried, lambda: deleting(organization, ends_access=ends_access))
    shown = replace(shown, is_asked=True) if chose else shown
    context = {
        "ends_access": ends_access,
        "organization": organization,
        "facts": pages.delete_facts(organization),
        "must_type": must_type,
        "typed": typed,
        "problem": problem,
        "shown": shown,
    }
    status = 422 if problem else shown.status
    return render(request, "governance/organizations/delete.html", context, status=status)


def _ends_access(request) -> bool:
    """Whether existing access is to be removed now; it is kept unless that is chosen."""
    return request.POST.get("access") == "end"


def _shown(tried: Attempt | None, change: Callable[[], Change], answers: str = "") -> Attempt:
    """Return what the page shows: the impact that has to be seen, or that it has now."""
    if tried and tried.impact:
        return tried
    return preview(change(), answers, refusal=tried.refusal if tried else None)


@needs("delete_organization", methods=("GET", "POST"))
def restore(request, key: UUID):
    """Restore it, after what would come back, what would not, and the impact were shown."""
    organization = _deleted_or_404(key)
    if request.method == "GET":
        return _restore_page(request, organization)
    tried = attempt(request, deletion.restore, organization=organization)
    if not tried.is_done:
        return _restore_page(request, organization, tried)
    messages.success(request, _what_came_back(tried.result))
    return see_other("organization_detail", key)


def _restore_page(request, organization: Organization, tried: Attempt | None = None):
    back = restoration_of(organization, by=actor_of(request))
    shown = _shown(tried, lambda: restoring(organization, back), back.fingerprint)
    until = pages.restorable_until(organization)
    context = {
        "organization": organization,
        "back": back,
        "is_late": until is not None and timezone.now() >= until,
        "shown": shown,
    }
    return render(request, "governance/organizations/restore.html", context, status=shown.status)


@needs("delete_organization", methods=("POST",))
def release(request, key: UUID):
    """Release the domains that were chosen on the page before, after the impact was shown."""
    organization = _deleted_or_404(key)
    names = [name for name in request.POST.getlist("name")[:1000] if "\0" not in name]
    if names and "seen" not in request.POST:
        return _release_page(request, organization, names)
    given = {"organization": organization, "names": names}
    tried = attempt(request, deletion.release, **given)
    if not tried.is_done:
        return _release_page(request, organization, names, tried)
    messages.success(
        request,
        f"{count_of(len(names), 'domain')} released."
        " You can now add a released domain to any organization.",
    )
    return see_other("organization_directories", key)


def _release_page(
    request, organization: Organization, names: list[str], tried: Attempt | None = None
):
    held = frozenset(
        organization.claims.present().filter(name__in=names).values_list("name", flat=True)
    )
    shown = _shown(tried, lambda: releasing(held))
    context = {"organization": organization, "names": sorted(held), "shown": shown}
    status = shown.status if names else 422
    return render(request, "governance/organizations/release.html", context, status=status)


def _deleted_or_404(key: UUID) -> Organization:
    return get_object_or_404(Organization.objects.deleted(), uuid=key)


def _what_came_back(restored: deletion.Restored) -> str:
    text = f"{restored.organization.name} restored."
    if restored.renamed_from:
        text += f" Another connected organization now uses the name {restored.renamed_from}."
    if restored.renamed_from or restored.lost_names:
        text += (
            " It was restored as"
            f" proposed{', without ' * bool(restored.lost_names)}{', '.join(restored.lost_names)}."
        )
    return text
