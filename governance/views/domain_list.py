"""The allow and deny list: every change shows first what it does, and is shown again when that differs at the moment of saving."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from ..actions import domain_list
from ..actions.rehearsals import broken_tests
from ..forms.domain_list import DefaultForm, RuleForm, RulesForm
from ..models import ListRule
from ..queries.domain_list import list_default
from ..queries.domain_list_pages import read_paste, rule_page
from ..queries.list_effects import (
    ListChange,
    exceptions_beneath,
    list_effect,
    names_of_the_same_directory,
)
from ..rules.decision import Refused
from ..rules.list_rules import BLOCK, WITH_SUBDOMAINS, NewListRule
from ..rules.wording import count_of
from .access import actor_of, needs
from .posted import posted_version
from .responses import see_other


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
    """Paste, see each line's problem and the effect of all, save."""
    form = RulesForm(_posted(request), initial=_asked_for(request), at=timezone.now())
    if request.method == "GET" or not form.is_valid():
        return _add_page(request, form, status=422 if form.errors else 200)
    lines = read_paste(
        form.cleaned_data["names"], form.cleaned_data["breadth"], also=request.POST.getlist("also")
    )
    for line in lines:
        if line.problem:
            form.add_error("names", f"{line.typed}: {line.problem}")
    wanted = tuple(_new_rule(form, line.name) for line in lines if not line.problem)
    if form.errors or "save" not in request.POST:
        return _add_page(
            request, form, lines=lines, wanted=wanted, status=422 if form.errors else 200
        )
    return _save_new(request, form, lines, wanted)


def _asked_for(request) -> dict[str, str]:
    """What a link fills in: domains, and whether a rule should allow them."""
    effect = "allow" if request.GET.get("effect") == "allow" else BLOCK
    return {"names": request.GET.get("names", ""), "effect": effect}


def _save_new(request, form: RulesForm, lines, wanted):
    try:
        domain_list.add_rules(rules=wanted, **_seen(request))
    except Refused as refusal:
        form.add_refusal(refusal)
        return _add_page(request, form, lines=lines, wanted=wanted, status=409)
    messages.success(request, f"{count_of(len(wanted), 'rule')} added.")
    return see_other("domain_list")


def _add_page(request, form: RulesForm, *, lines=(), wanted=(), status: int):
    facts = tuple(domain_list.as_fact(rule) for rule in wanted)
    wide = [new.name for new in wanted[:20] if new.breadth == WITH_SUBDOMAINS]
    pasted = [
        new.name
        for new in wanted[:20]
        if new.effect == BLOCK and not any(line.is_also and line.name == new.name for line in lines)
    ]
    context = {
        "form": form,
        "lines": lines,
        "effect": list_effect(ListChange(added=facts), timezone.now()) if facts else None,
        "exceptions": [rule for name in wide for rule in exceptions_beneath(name)],
        "same_directory": sorted(
            {other for name in pasted for other in names_of_the_same_directory(name)} - set(pasted)
        ),
        "also": request.POST.getlist("also"),
        "broken": _broken(request, domain_list.add_rules, rules=wanted) if wanted else (),
    }
    return render(request, "governance/domain_list/add.html", context, status=status)


@needs("change_list", methods=("GET", "POST"))
def rule(request, key: UUID):
    """Change one rule, or (remove) take it away; both after their effect was shown."""
    row = get_object_or_404(ListRule, uuid=key)
    initial = {"effect": row.effect, "reason": row.reason, "ends_on": row.ends_on}
    form = RuleForm(_posted(request), initial=initial, at=timezone.now())
    if request.method == "GET" or not form.is_valid():
        return _rule_page(request, row, form, None, status=422 if form.errors else 200)
    change = ListChange(
        added=(domain_list.as_fact(_new_rule(form, row.name, row.breadth)),),
        removed=frozenset({str(key)}),
    )
    if "save" not in request.POST:
        return _rule_page(request, row, form, change, status=200)
    try:
        domain_list.change_rule(
            rule=row, **form.cleaned_data, **_seen(request), version=posted_version(request)
        )
    except Refused as refusal:
        form.add_refusal(refusal)
        return _rule_page(request, row, form, change, status=409)
    messages.success(request, f"The rule for {row.name} was saved.")
    return see_other("domain_list")


def _rule_page(request, row: ListRule, form: RuleForm, change: ListChange | None, *, status: int):
    effect = list_effect(change, timezone.now()) if change else None
    broken = (
        _broken(request, domain_list.change_rule, rule=row, **form.cleaned_data) if change else ()
    )
    turns_to_block = bool(change) and row.effect != BLOCK and form.cleaned_data["effect"] == BLOCK
    context = {
        "rule": row,
        "form": form,
        "effect": effect,
        "version": _version(request, row, status),
        "broken": broken,
        "exceptions": exceptions_beneath(row.name)
        if turns_to_block and row.breadth == WITH_SUBDOMAINS
        else (),
        "same_directory": names_of_the_same_directory(row.name) if turns_to_block else (),
    }
    return render(request, "governance/domain_list/rule.html", context, status=status)


@needs("change_list", methods=("GET", "POST"))
def remove(request, key: UUID):
    row = get_object_or_404(ListRule, uuid=key)
    problem = None
    if request.method == "POST":
        try:
            domain_list.remove_rule(rule=row, **_seen(request), version=posted_version(request))
        except Refused as refusal:
            problem = refusal
        else:
            messages.success(request, f"The rule for {row.name} was removed.")
            return see_other("domain_list")
    effect = list_effect(ListChange(removed=frozenset({str(key)})), timezone.now())
    context = {
        "rule": row,
        "effect": effect,
        "problem": problem,
        "version": row.version,
        "broken": _broken(request, domain_list.remove_rule, rule=row),
    }
    return render(
        request, "governance/domain_list/remove.html", context, status=409 if problem else 200
    )


@needs("change_list", methods=("GET", "POST"))
@reauthentication_required
def default(request):
    """What happens to names without a rule. Rules stay as they are."""
    form = DefaultForm(_posted(request), initial={"effect": list_default()})
    is_ready = request.method == "POST" and form.is_valid()
    effect = (
        list_effect(ListChange(default=form.cleaned_data["effect"]), timezone.now())
        if is_ready
        else None
    )
    if is_ready and "save" in request.POST:
        try:
            domain_list.change_default(effect=form.cleaned_data["effect"], **_seen(request))
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, "Saved what happens to names without a rule.")
            return see_other("domain_list")
    broken = (
        _broken(request, domain_list.change_default, effect=form.cleaned_data["effect"])
        if effect
        else ()
    )
    return render(
        request,
        "governance/domain_list/default.html",
        {"form": form, "effect": effect, "broken": broken},
        status=(409 if effect else 422) if form.errors else 200,
    )


def _version(request, row: ListRule, status: int) -> int:
    """What the editor started from, until they are told of a change in between."""
    return posted_version(request) if request.method == "POST" and status != 409 else row.version


def _posted(request):
    return request.POST if request.method == "POST" else None


def _seen(request) -> dict:
    """Who saves, when, and what they were shown."""
    return {"by": actor_of(request), "at": timezone.now(), "seen": request.POST.get("seen", "")}


def _new_rule(form, name: str, breadth: str | None = None) -> NewListRule:
    given = form.cleaned_data
    return NewListRule(
        name, breadth or given["breadth"], given["effect"], given["reason"], given["ends_on"]
    )


def _broken(request, action, **given):
    """The saved tests that the change would break."""
    now = timezone.now()
    return broken_tests(partial(action, **given, by=actor_of(request), at=now), now)
