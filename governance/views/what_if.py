"""The what-if checker, its saved tests, and the overlap map."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ..actions.what_if import remove_test, save_test
from ..forms.what_if import WhatIfForm
from ..models import Package, SavedTest
from ..queries.overlap_map import overlap_page
from ..queries.what_if import answer_for, package_choices, saved_test_results
from ..rules.decision import Refused, refuse
from ..web.access import actor_of, needs
from ..web.responses import see_other


@needs("use_what_if")
def what_if(request):
    """Can this address request access? The answer, then every step. The URL is the question."""
    now = timezone.now()
    form = WhatIfForm(request.GET or None, packages=package_choices(), now=now)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if asked and (query := form.query_with_offset()):
        return see_other(f"{request.path}?{query}")
    return _page(request, form, asked, now)


def _page(request, form: WhatIfForm, asked: dict, now: datetime):
    found = (
        answer_for(asked["email"], asked["package"], asked["at"] or now)
        if asked.get("email")
        else None
    )
    context = {
        "form": form,
        "found": found,
        "answer": found and found.answer,
        "asked_at": asked.get("at"),
        "tests": saved_test_results(now),
    }
    return render(request, "governance/what_if/page.html", context)


@needs("use_what_if", methods=("POST",))
def save(request):
    email = request.POST.get("email", "")[:400]
    try:
        test = save_test(
            name=request.POST.get("name", "") or email,
            email=email,
            package=_package(request.POST.get("package", "")),
            expects_allowed=request.POST.get("expects") == "allowed",
            by=actor_of(request),
            at=timezone.now(),
        )
        messages.success(request, f"Test “{test.name}” saved.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return see_other("what_if")


def _package(key: str) -> Package | None:
    """The package asked about, None for any. Raises Refused when it is not there."""
    try:
        return Package.objects.get(uuid=UUID(key)) if key else None
    except (ValueError, Package.DoesNotExist):
        raise refuse(
            "package_unknown",
            "This access package no longer exists. Check again, then save the test",
        ) from None


@needs("use_what_if", methods=("POST",))
def remove(request, key: UUID):
    test = get_object_or_404(SavedTest, uuid=key)
    try:
        remove_test(test=test, by=actor_of(request), at=timezone.now())
        messages.success(request, f"Test “{test.name}” removed.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return see_other("what_if")


@needs("use_what_if")
def overlap_map(request):
    return render(
        request,
        "governance/what_if/overlaps.html",
        {"page": overlap_page(request.GET.get("cursor", ""))},
    )
