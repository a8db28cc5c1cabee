"""What people set for themselves."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone

from ...actions.people import own_account
from ...forms.people import PreferencesForm
from ...web.access import actor_of, needs
from ...web.responses import leads_here, see_other

FIRST_STEPS_NEED = "governance.change_package"


@needs(None, methods=("GET", "POST"))
def account(request):
    person = request.user
    form = PreferencesForm(
        request.POST if request.method == "POST" else None,
        initial=_preferences(person),
        is_administrator=person.has_perm(FIRST_STEPS_NEED),
    )
    if request.method == "POST" and form.is_valid():
        own_account.change_preferences(
            person=person, **form.cleaned_data, by=actor_of(request), at=timezone.now()
        )
        messages.success(request, "Saved.")
        return see_other("account")
    return render(
        request, "governance/account.html", {"form": form}, status=422 if form.errors else 200
    )


def _preferences(person) -> dict:
    return {
        "theme": person.theme or "system",
        "shortcuts": person.shortcuts,
        "time_zone": person.time_zone,
        "shows_first_steps": person.shows_first_steps,
    }


@needs(None, methods=("POST",))
def theme(request):
    """The switch in the header: back to the page it was pressed on."""
    wanted = request.POST.get("theme") if request.POST.get("theme") in ("light", "dark") else ""
    own_account.change_preferences(
        person=request.user, theme=wanted, by=actor_of(request), at=timezone.now()
    )
    back = request.POST.get("back", "")
    return see_other(back if leads_here(back) else "overview")
