"""The allow and deny list: every change shows first what it does, and is shown again when that
differs at the moment of saving.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ...actions import domain_list
from ...connectors.django_allauth import needs_password_again
from ...facts.domain_list.verdicts import (
    exceptions_beneath,
    list_default,
    names_of_the_same_directory,
)
from ...forms.domain_list import DefaultForm, RuleForm, RulesForm
from ...impact import Change
from ...impact import domain_list as changes
from ...models import ListRule
from ...queries.domain_list import PastedRules, read_paste, rule_page
from ...rules.domain_list import BLOCK, WITH_SUBDOMAINS, NewListRule
from ...web.access import needs
from ...web.confirmation import Attempt, attempt, preview
from ...web.form_data import posted_version
from ...web.responses import see_other


@needs("view_listrule")
def rules(request):
    text, effect = request.GET.get("q", "").replace("\0", "")[:254], request.GET.get("effect", "")
    page, rows = rule_page(text, effect, request.GET.get("cursor", ""), timezone.now())
    context = {
        "page": page,
        "rows": rows,
        "default": list_default(),
        "text": text,
        "effect": effect,
    }
    return render(request, "governance/domain_list/list.html", context)


@needs("change_list", methods=("GET", "POST"))
def add(request):
    """Paste, see what becomes of each line and the impact of all, save what is new."""
    form = RulesForm(_posted(request), initial=_asked_for(request), at=timezone.now())
    if request.method == "GET" or not form.is_valid():
        return _add_page(request, form)
    paste = read_paste(form.cleaned_data, request.POST.getlist("also"), timezone.now())
    for problem in paste.problems:
        form.add_error("names", problem)
    wanted = tuple(_new_rule(form, line.name, line.breadth) for line in paste.new)
    if wanted and "save" in request.POST:
        return _save_new(request, form, paste, wanted)
    return _add_page(request, form, paste=paste, wanted=wanted)


def _asked_for(request) -> dict[str, str]:
    """Return what a link fills in: domains, and whether a rule should allow them."""
    effect = "allow" if request.GET.get("effect") == "allow" else BLOCK
    return {"names": request.GET.get("names", ""), "effect": effect}


def _save_new(request, form: RulesForm, paste: PastedRules, wanted):
    tried = attempt(request, domain_list.add_rules, rules=wanted)
    if tried.refusal:
        form.add_refusal(tried.refusal)
    if not tried.is_done:
        return _add_page(request, form, paste=paste, wanted=wanted, shown=tried)
    messages.success(request, paste.saved)
    if not paste.left:
        return see_other("domain_list")
    form.leave(paste.left)
    return _add_page(request, form, paste=paste.left_over, is_saved=True)


def _add_page(
    request,
    form: RulesForm,
    *,
    paste: PastedRules | None = None,
    wanted=(),
    shown: Attempt | None = None,
    is_saved: bool = False,
):
    if wanted and not (shown and shown.impact):
        shown = preview(changes.adding_rules(wanted), refusal=shown.refusal if shown else None)
    wide = [new.name for new in wanted[:20] if new.breadth == WITH_SUBDOMAINS]
    lines = paste.new if paste else ()
    pasted = [
        new.name
        for new in wanted[:20]
        if new.effect == BLOCK and not any(line.is_also and line.name == new.name for line in lines)
    ]
    context = {
        "form": form,
        "paste": paste,
        "shown": shown,
        "exceptions": [rule for name in wide for rule in exceptions_beneath(name)],
        "same_directory": sorted(
            {other for name in pasted for other in names_of_the_same_directory(name)} - set(pasted)
        ),
        "also": request.POST.getlist("also"),
    }
    is_unreadable = form.errors and not is_saved and not (shown and shown.refusal)
    status = 422 if is_unreadable else shown.status if shown else 200
    return render(request, "governance/domain_list/add.html", context, status=status)


@needs("change_list", methods=("GET", "POST"))
def rule(request, key: UUID):
    """Change one rule, after its impact was shown."""
    row = get_object_or_404(ListRule, uuid=key)
    initial = {"effect": row.effect, "reason": row.reason, "ends_on": row.ends_on}
    form = RuleForm(_posted(request), initial=initial, at=timezone.now())
    if request.method == "GET" or not form.is_valid():
        return _rule_page(request, row, form, None)
    if "save" not in request.POST:
        return _rule_page(request, row, form, preview(_rule_change(row, form)))
    given = form.cleaned_data | {"version": posted_version(request)}
    tried = attempt(request, domain_list.change_rule, rule=row, **given)
    if tried.is_done:
        messages.success(request, f"The rule for {row.name} was saved.")
        return see_other("domain_list")
    if tried.refusal:
        form.add_refusal(tried.refusal)
        tried = preview(_rule_change(row, form), refusal=tried.refusal)
    return _rule_page(request, row, form, tried)


def _rule_change(row: ListRule, form: RuleForm) -> Change:
    return changes.changing_rule(row, _new_rule(form, row.name, row.breadth))


def _rule_page(request, row: ListRule, form: RuleForm, shown: Attempt | None):
    turns_to_block = shown and row.effect != BLOCK and form.cleaned_data["effect"] == BLOCK
    status = shown.status if shown else 422 if form.errors else 200
    context = {
        "rule": row,
        "form": form,
        "shown": shown,
        "version": _version(request, row, status),
        "exceptions": exceptions_beneath(row.name)
        if turns_to_block and row.breadth == WITH_SUBDOMAINS
        else (),
        "same_directory": names_of_the_same_directory(row.name) if turns_to_block else (),
    }
    return render(request, "governance/domain_list/rule.html", context, status=status)


@needs("change_list", methods=("GET", "POST"))
def remove(request, key: UUID):
    """Remove a rule, after its impact was shown."""
    row = get_object_or_404(ListRule, uuid=key)
    change = changes.removing_rule(row)
    if request.method == "GET":
        return _remove_page(request, row, preview(change))
    given = {"rule": row, "version": posted_version(request)}
    tried = attempt(request, domain_list.remove_rule, **given)
    if tried.is_done:
        messages.success(request, f"The rule for {row.name} was removed.")
        return see_other("domain_list")
    return _remove_page(
        request, row, preview(change, refusal=tried.refusal) if tried.refusal else tried
    )


def _remove_page(request, row: ListRule, shown: Attempt):
    context = {"rule": row, "shown": shown, "problem": shown.refusal, "version": row.version}
    return render(request, "governance/domain_list/remove.html", context, status=shown.status)


@needs("change_list", methods=("GET", "POST"))
@needs_password_again()
def default(request):
    """Change what happens to domains without a rule. Rules stay as they are."""
    form = DefaultForm(_posted(request), initial={"effect": list_default()})
    if request.method == "GET" or not form.is_valid():
        return _default_page(request, form, None)
    effect = form.cleaned_data["effect"]
    if "save" not in request.POST:
        return _default_page(request, form, preview(changes.changing_default(effect)))
    tried = attempt(request, domain_list.change_default, effect=effect)
    if tried.refusal:
        form.add_refusal(tried.refusal)
    if not tried.is_done:
        return _default_page(request, form, tried)
    messages.success(request, "Default for domains without a rule saved.")
    return see_other("domain_list")


def _default_page(request, form: DefaultForm, shown: Attempt | None):
    status = shown.status if shown else 422 if form.errors else 200
    context = {"form": form, "shown": shown}
    return render(request, "governance/domain_list/default.html", context, status=status)


def _version(request, row: ListRule, status: int) -> int:
    """What the editor started from, until a change in between was shown to them."""
    return posted_version(request) if request.method == "POST" and status != 409 else row.version


def _posted(request):
    return request.POST if request.method == "POST" else None


def _new_rule(form, name: str, breadth: str | None = None) -> NewListRule:
    given = form.cleaned_data
    return NewListRule(
        name, breadth or given["breadth"], given["effect"], given["reason"], given["ends_on"]
    )
