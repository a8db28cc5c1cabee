"""Who decides for an approver who is away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils import timezone

from ...actions.access_requests.deputies import add_deputy, end_deputy
from ...forms.approvals import DeputyForm
from ...models import Deputy, Person
from ...queries.approvals.deputies import deputies_of
from ...queries.approvals.deputy_choices import deputy_choices, is_ever_asked
from ...rules.decision import Refused
from ...rules.wording import day_words
from ...web.responses import see_other
from ...web.visitor import actor_of_visitor, for_visitors
from .frame import approvals_page


@for_visitors(methods=("GET", "POST"))
def deputy(request):
    """Choose who decides for oneself, until the end of a day."""
    if request.method == "GET":
        return _page(request, DeputyForm())
    form = DeputyForm(request.POST)
    if is_ever_asked(request.visitor.person) and form.is_valid() and _added(request, form):
        return see_other("deputy")
    return _page(request, form, status=422)


@for_visitors(methods=("POST",))
def end(request, key: UUID):
    """Decide for oneself again."""
    row = get_object_or_404(Deputy, uuid=key, person=request.visitor.person)
    try:
        end_deputy(row=row, by=actor_of_visitor(request), at=timezone.now())
        messages.success(request, f"{row.deputy} no longer decides for you.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return see_other("deputy")


def _added(request, form: DeputyForm) -> bool:
    """Return whether it was saved; where not, the form says why."""
    by, now = actor_of_visitor(request), timezone.now()
    person, day = request.visitor.person, form.cleaned_data["last_day"]
    chosen = Person.objects.filter(uuid=form.cleaned_data["deputy"]).first()
    if chosen is None:
        form.add_error("deputy", "Choose a person")
        return False
    try:
        add_deputy(person=person, deputy=chosen, last_day=day, by=by, at=now)
    except Refused as refusal:
        form.add_refusal(refusal)
        return False
    messages.success(request, f"{chosen} decides for you until {day_words(day)}.")
    return True


def _page(request, form: DeputyForm, *, status: int = 200):
    person, text = request.visitor.person, request.GET.get("q", "")[:254]
    asked = is_ever_asked(person)
    context = {
        "form": form,
        "is_asked": asked,
        "search_for": text,
        "deputies": deputies_of(person, timezone.now()),
        "choices": deputy_choices(person, text) if asked else [],
        "chosen": str(form["deputy"].value() or ""),
    }
    return approvals_page(request, "deputy", context, status=status)
