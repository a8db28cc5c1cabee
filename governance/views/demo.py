"""Taking the demo data away."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import render

from ..facts.sample_data import demo_names
from ..impact.sample_data import removing_demo
from ..rules.wording import count_of
from ..sample_data.demo import remove_demo
from ..web.access import needs
from ..web.confirmation import Attempt, attempt, preview
from ..web.responses import see_other


@needs("change_settings", methods=("GET", "POST"))
def remove(request):
    """Remove the demo data, after what goes and its impact were shown."""
    if request.method == "GET":
        return _page(request, preview(removing_demo()))
    tried = attempt(request, remove_demo)
    if not tried.is_done:
        shown = preview(removing_demo(), refusal=tried.refusal) if tried.refusal else tried
        return _page(request, shown)
    gone = count_of(tried.result, "connected organization")
    messages.success(request, f"Demo data removed: {gone}, with everything that belonged to them.")
    return see_other("overview")


def _page(request, shown: Attempt):
    goes = demo_names()
    context = {"goes": goes, "is_empty": not any(goes.values()), "shown": shown}
    return render(request, "governance/demo/remove.html", context, status=shown.status)
