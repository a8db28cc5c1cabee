"""Your domains: the impact of adding or removing one is shown before it is saved."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, render

from ...actions import domain_list
from ...forms.domain_list import OwnNameForm
from ...models import OwnName
from ...queries.domain_list import own_name_rows
from ...rules.decision import Reason, Refused
from ...web.access import needs
from ...web.confirmation import attempt
from ...web.responses import see_other


@needs("view_listrule")
def own_names(request):
    return _page(request, OwnNameForm())


@needs("change_ownname", methods=("POST",))
def own_name_add(request):
    """Add one of your domains, after its impact was shown."""
    form = OwnNameForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    tried = attempt(request, domain_list.add_own_name, name=form.cleaned_data["name"])
    if tried.refusal:
        form.add_refusal(_at_the_field(tried.refusal))
        return _page(request, form, status=422)
    if not tried.is_done:
        return _page(request, form, shown=tried, status=tried.status)
    messages.success(request, f"{tried.result.name} is one of your domains now.")
    return see_other("own_names")


def _at_the_field(refusal: Refused) -> Refused:
    return Refused(*(Reason(each.code, each.text, field="name") for each in refusal.reasons))


@needs("change_ownname", methods=("POST",))
def own_name_remove(request, number: int):
    """Remove one of your domains, after its impact was shown."""
    row = get_object_or_404(OwnName, pk=min(number, 2**62))
    tried = attempt(request, domain_list.remove_own_name, own=row)
    if tried.impact:
        return _page(request, OwnNameForm(), going=row, shown=tried, status=tried.status)
    if tried.refusal:
        messages.error(request, str(tried.refusal))
    else:
        messages.success(request, f"{row.name} is no longer one of your domains.")
    return see_other("own_names")


def _page(request, form: OwnNameForm, *, status: int = 200, **more):
    context = {"rows": own_name_rows(), "form": form, **more}
    return render(request, "governance/domain_list/own_names.html", context, status=status)
