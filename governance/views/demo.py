"""Taking the made-up data away."""

from __future__ import annotations

from django.contrib import messages
from django.utils import timezone

from ..actions.demo import remove_demo
from .access import actor_of, needs
from .responses import see_other


@needs("change_settings", methods=("POST",))
def remove(request):
    number = remove_demo(by=actor_of(request), at=timezone.now())
    messages.success(request, f"Demo data removed: {number} connected organizations and all that came with them.")
    return see_other("overview")
