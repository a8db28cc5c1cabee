"""Own names: whom one shuts out, or lets ask again, is shown before it is saved, and again when that differs by then."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ..actions import domain_list
from ..actions.rehearsals import broken_tests, fingerprint_of
from ..forms.domain_list import OwnNameForm
from ..models import OwnName
from ..queries.domain_list_pages import own_name_rows
from ..queries.own_name_effects import LETS_IN, SHUTS_OUT, own_name_effect
from ..rules.decision import Reason, Refused
from .access import actor_of, needs
from .responses import see_other


@needs("view_listrule")
def own_names(request):
    return _page(request, OwnNameForm())


@needs("change_ownname", methods=("POST",))
def own_name_add(request):
    form = OwnNameForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    add = partial(
        domain_list.add_own_name,
        name=form.cleaned_data["name"],
        by=actor_of(request),
        at=timezone.now(),
    )
    name = domain_list.ownable(form.cleaned_data["name"])
    if name and (shown := _consequences(request, name, SHUTS_OUT, add)):
        return _page(request, form, **shown)
    try:
        row = add()
    except Refused as refusal:
        form.add_refusal(Refused(*(Reason(r.code, r.text, field="name") for r in refusal.reasons)))
        return _page(request, form, status=422)
    messages.success(request, f"{row.name} is one of your own names now.")
    return see_other("own_names")


@needs("change_ownname", methods=("POST",))
def own_name_remove(request, number: int):
    row = get_object_or_404(OwnName, pk=min(number, 2**62))
    remove = partial(domain_list.remove_own_name, own=row, by=actor_of(request), at=timezone.now())
    if shown := _consequences(request, row.name, LETS_IN, remove):
        return _page(request, OwnNameForm(), going=row, **shown)
    try:
        remove()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{row.name} is no longer one of your own names.")
    return see_other("own_names")


def _consequences(request, name: str, what: str, change: partial) -> dict:
    """What has to be seen before it is saved; nothing when it was seen, or nobody notices."""
    effect, broken = own_name_effect([name], what), broken_tests(change, timezone.now())
    seen = effect.fingerprint + fingerprint_of(broken)
    if seen == request.POST.get("seen", ""):
        return {}
    return (
        {
            "effect": effect,
            "broken": broken,
            "seen": seen,
            "name": name,
            "status": 409 if "seen" in request.POST else 200,
        }
        if seen
        else {}
    )


def _page(request, form: OwnNameForm, *, status: int = 200, **shown):
    return render(
        request,
        "governance/domain_list/own_names.html",
        {"rows": own_name_rows(), "form": form, **shown},
        status=status,
    )
