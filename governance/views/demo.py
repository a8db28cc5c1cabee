"""Taking the made-up data away."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone

from ..actions.demo import remove_demo
from ..actions.rehearsals import broken_tests, fingerprint_of
from ..queries.demo import demo_effect
from ..rules.decision import Refused
from ..rules.wording import count_of
from .access import actor_of, needs
from .responses import see_other


@needs("change_settings", methods=("GET", "POST"))
def remove(request):
    """What goes and whom that moves, before it does."""
    if request.method == "GET":
        return _page(request)
    try:
        number = remove_demo(
            seen=request.POST.get("seen", ""), by=actor_of(request), at=timezone.now()
        )
    except Refused as refusal:
        return _page(request, refusal=refusal, status=409)
    gone = count_of(number, "connected organization")
    messages.success(request, f"Demo data removed: {gone}, with everything that belonged to them.")
    return see_other("overview")


def _page(request, *, refusal: Refused | None = None, status: int = 200):
    at = timezone.now()
    effect, broken = (
        demo_effect(at),
        broken_tests(partial(remove_demo, by=actor_of(request), at=at), at),
    )
    context = {
        "effect": effect,
        "broken": broken,
        "seen": effect.fingerprint + fingerprint_of(broken),
        "refusal": refusal,
    }
    return render(request, "governance/demo/remove.html", context, status=status)
