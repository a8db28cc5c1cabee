"""Settings of the portal: what happens to guests at the end of their access."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone

from ..actions.people.guest_lifecycle import change_guest_lifecycle, guest_lifecycle
from ..forms.guest_lifecycle import GuestLifecycleForm
from ..queries.guest_lifecycle import guest_numbers
from ..rules.decision import Refused
from ..web.access import actor_of, needs
from ..web.responses import see_other


@needs("change_settings", methods=("GET", "POST"))
def guests(request):
    """Change what happens to guests, beside whom that concerns."""
    row = guest_lifecycle()
    given = {"blocks_at_end": row.blocks_at_end, "removes_after": row.removes_after}
    form = GuestLifecycleForm(request.POST if request.method == "POST" else None, initial=given)
    if request.method == "POST" and form.is_valid():
        try:
            by, at = actor_of(request), timezone.now()
            change_guest_lifecycle(**form.cleaned_data, by=by, at=at)
            messages.success(request, "Guest settings saved.")
            return see_other("settings_guests")
        except Refused as refusal:
            form.add_refusal(refusal)
    context = {"form": form, "row": row, "numbers": guest_numbers(timezone.now())}
    status = 422 if form.errors else 200
    return render(request, "governance/settings/guests.html", context, status=status)
