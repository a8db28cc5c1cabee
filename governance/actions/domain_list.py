"""Changing the allow and deny list, and the names that are our own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from ..impact import domain_list as changes
from ..impact import impact_of
from ..models import Claim, ListDefault, ListRule, OwnName
from ..rules import email_domains
from ..rules.decision import Reason, Ref, Refused, refuse
from ..rules.domain_list import (
    NewListRule,
    clean_reason,
    is_day_over,
    known_effect,
    known_end,
    require_rule,
    unreachable_rule,
)
from ..rules.domains import guards
from ..rules.roles import Actor
from ..rules.values import known_list, known_text
from ..rules.wording import day_words
from .action import action, named
from .audit import record
from .confirmation import require_confirmation
from .locks import lock_claims, lock_row
from .organizations.membership import settle_guests


def _taken(*, rules: Iterable[NewListRule], **_: object) -> Refused | None:
    """Somebody else wrote a rule for one of the names at the same moment."""
    wanted = [(rule.name, rule.breadth) for rule in rules]
    present = set(
        ListRule.objects.filter(name__in=[name for name, _breadth in wanted]).values_list(
            "name", "breadth"
        )
    )
    twice = {each for each in wanted if wanted.count(each) > 1}
    reasons = [
        _taken_reason(name)
        for name, breadth in dict.fromkeys(wanted)
        if (name, breadth) in present | twice
    ]
    return Refused(*reasons) if reasons else None


def _about_rules(*, rules: Iterable[NewListRule], **_: object) -> Ref:
    wanted = rules if isinstance(rules, tuple | list) else ()
    return named("listrule", *(getattr(rule, "name", rule) for rule in wanted))


@action("Add allow and deny list rules", needs="change_list", lost_race=_taken, about=_about_rules)
def add_rules(
    *, rules: tuple[NewListRule, ...], by: Actor, at: datetime, seen: str | None = None
) -> list[ListRule]:
    """Add all of the rules or none. `seen` is the fingerprint of the effect that was shown."""
    lock_claims()
    for rule in known_list(rules, field="names"):
        require_rule(rule)
    if not rules:
        raise refuse("domain_missing", "Enter a domain", field="names")
    if refusal := _taken(rules=rules):
        raise refusal
    for rule in rules:
        _require_reachable(rule)
        _require_day_to_come(rule, at)
    require_confirmation(impact_of(changes.adding_rules(rules), at), seen, by=by)
    rows = ListRule.objects.bulk_create([_row(rule, by, at) for rule in rules])
    record(
        add_rules.activity,
        by=by,
        at=at,
        target=rows[0] if len(rows) == 1 else None,
        after={"rules": [rule_text(row) for row in rows]},
    )
    return rows


@action("Update allow and deny list rule", needs="change_list")
def change_rule(
    *,
    rule: ListRule,
    effect: str,
    reason: str,
    ends_on: date | None,
    by: Actor,
    at: datetime,
    seen: str | None = None,
    version: int | None = None,
) -> ListRule:
    """Give a rule another effect, reason or end.

    Its name and breadth stay: another name is another rule.
    """
    lock_claims()
    row = _locked(rule, version)
    new = NewListRule(
        row.name, row.breadth, known_effect(effect), clean_reason(reason), known_end(ends_on)
    )
    _require_reachable(new)
    if ends_on != row.ends_on:
        _require_day_to_come(new, at)
    require_confirmation(impact_of(changes.changing_rule(row, new), at), seen, by=by)
    before = rule_text(row)
    if (row.effect, row.reason, row.ends_on) == (new.effect, new.reason, new.ends_on):
        return row
    row.effect, row.reason, row.ends_on, row.version = (
        new.effect,
        new.reason,
        new.ends_on,
        row.version + 1,
    )
    row.save()
    record(
        change_rule.activity,
        by=by,
        at=at,
        target=row,
        before={"rule": before},
        after={"rule": rule_text(row)},
    )
    return row


@action("Remove allow and deny list rule", needs="change_list")
def remove_rule(
    *, rule: ListRule, by: Actor, at: datetime, seen: str | None = None, version: int | None = None
) -> None:
    """Remove a rule of the allow and deny list.

    Another rule or the default then decides (product rule 20).
    """
    lock_claims()
    row = _locked(rule, version)
    require_confirmation(impact_of(changes.removing_rule(row), at), seen, by=by)
    before = rule_text(row)
    ListRule.objects.filter(pk=row.pk).delete()
    record(remove_rule.activity, by=by, at=at, target=row, before={"rule": before})


@action(
    "Change allow and deny list default",
    needs="change_list",
    about=lambda **_: named("listdefault", "Domains without a rule"),
)
def change_default(*, effect: str, by: Actor, at: datetime, seen: str | None = None) -> None:
    """What happens to names without a rule. Changing it throws no rule away."""
    lock_claims()
    known_effect(effect)
    present = ListDefault.objects.select_for_update().filter(pk=1).first()
    before = present.effect if present else ListDefault.Effect.ALLOW
    if before == effect:
        return
    require_confirmation(impact_of(changes.changing_default(effect), at), seen, by=by)
    values = {
        "effect": effect,
        "changed_at": at,
        "changed_by": by.label,
        "version": present.version + 1 if present else 1,
    }
    ListDefault.objects.update_or_create(pk=1, defaults=values)
    record(
        change_default.activity,
        by=by,
        at=at,
        before={"names without a rule": str(before)},
        after={"names without a rule": effect},
    )


@action(
    "Add own name",
    needs="change_ownname",
    about=lambda *, name, **_: named("ownname", name),
)
def add_own_name(*, name: str, by: Actor, at: datetime, seen: str | None = None) -> OwnName:
    """Make a domain, and all beneath, our own.

    Refused while an organization holds it or a name beneath it (product rule 5).
    """
    lock_claims()
    name = email_domains.canonical_domain(known_text(name, field="name"))
    _require_ownable(name)
    require_confirmation(impact_of(changes.adding_own_domain(name), at), seen, by=by)
    row = OwnName.objects.create(**guards.stored(name), added_at=at, added_by=by.label)
    settle_guests([name])
    record(add_own_name.activity, by=by, at=at, target=row, after={"name": name})
    return row


@action("Update own name", needs="change_ownname")
def change_own_name(
    *, own: OwnName, name: str, by: Actor, at: datetime, seen: str | None = None
) -> OwnName:
    """Put another name in place of one of our own."""
    lock_claims()
    row = lock_row(own, "own_name_gone")
    name = email_domains.canonical_domain(known_text(name, field="name"))
    if name == row.name:
        return row
    _require_ownable(name)
    require_confirmation(impact_of(changes.changing_own_domain(row.name, name), at), seen, by=by)
    before = row.name
    OwnName.objects.filter(pk=row.pk).update(**guards.stored(name))
    row.refresh_from_db()
    settle_guests([before, name])
    record(
        change_own_name.activity,
        by=by,
        at=at,
        target=row,
        before={"name": before},
        after={"name": name},
    )
    return row


@action("Remove own name", needs="change_ownname")
def remove_own_name(*, own: OwnName, by: Actor, at: datetime, seen: str | None = None) -> None:
    """Remove one of your domains. Its people are no longer members by it."""
    lock_claims()
    row = lock_row(own, "own_name_gone")
    require_confirmation(impact_of(changes.removing_own_domain(row.name), at), seen, by=by)
    OwnName.objects.filter(pk=row.pk).delete()
    settle_guests([row.name])
    record(remove_own_name.activity, by=by, at=at, target=own, before={"name": row.name})


def rule_text(rule: ListRule) -> str:
    """Return the rule as the audit log names it."""
    until = f", until {day_words(rule.ends_on)}" if rule.ends_on else ""
    return (
        f"{rule.get_effect_display()} {rule.name}"
        f" {rule.get_breadth_display().lower()}{until}{f': {rule.reason}' if rule.reason else ''}"
    )


def _row(rule: NewListRule, by: Actor, at: datetime) -> ListRule:
    return ListRule(
        **guards.stored(rule.name),
        breadth=rule.breadth,
        effect=rule.effect,
        reason=clean_reason(rule.reason),
        ends_on=rule.ends_on,
        added_at=at,
        added_by=by.label,
    )


def _require_reachable(rule: NewListRule) -> None:
    if reason := unreachable_rule(rule.name, rule.breadth):
        raise Refused(reason)


def _require_day_to_come(rule: NewListRule, at: datetime) -> None:
    """A rule whose last day is over would never be in force. Today counts as not over."""
    if is_day_over(rule.ends_on, timezone.get_default_timezone(), at):
        raise refuse("day_over", "Enter today or a later day", field="ends_on")


def _locked(rule: ListRule, version: int | None) -> ListRule:
    row = ListRule.objects.select_for_update().filter(pk=rule.pk).first()
    if row is None:
        raise refuse("rule_gone", f"The rule for {rule.name} has been removed")
    if version is not None and row.version != version:
        raise refuse(
            "changed_meanwhile",
            f"Someone changed this rule while you were editing it. It is now: {rule_text(row)}",
        )
    return row


def _taken_reason(name: str) -> Reason:
    return Reason(
        "rule_exists", f"There is already a rule for {name}. Change that rule", field="names"
    )


def _require_ownable(name: str) -> None:
    if OwnName.objects.filter(name=name).exists():
        raise refuse("own_name_known", f"{name} is already one of your domains", field="name")
    if guards.is_public_mail(name):
        raise refuse(
            "own_name_public_mail",
            f"Anyone can get an address at {name}, so it cannot be one of your domains",
            field="name",
        )
    if guards.is_shared_tenant_root(name) or guards.suffix_section(name) == "icann":
        raise refuse(
            "own_name_suffix",
            f"Many organizations share {name}. Enter your own domain, such as yours.{name}",
            field="name",
        )
    _require_unclaimed(name)


def _require_unclaimed(name: str) -> None:
    low, high = email_domains.beneath_range(name)
    held = Claim.objects.present().filter(name=name) | Claim.objects.present().filter(
        key__gte=low, key__lt=high
    )
    claim = held.select_related("organization").order_by("key").first()
    if claim:
        ref = Ref("organization", str(claim.organization.uuid), claim.organization.name)
        raise refuse(
            "own_name_claimed",
            f"{claim.name} belongs to {claim.organization.name}. Remove it from there first",
            field="name",
            refers_to=ref,
        )
