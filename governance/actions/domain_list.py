"""Changing the allow and deny list, and the names that are our own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from ..models import Claim, ListDefault, ListRule, OwnName
from ..queries.list_effects import ListChange, list_effect
from ..rules import domain_guards, email_domains
from ..rules.decision import Reason, Ref, Refused, refuse
from ..rules.list_rules import ListRuleFact, NewListRule, clean_reason, end_moment, is_day_over
from ..rules.roles import Actor
from ..rules.wording import day_words
from .audit import record
from .belonging import settle_guests
from .locks import lock_claims
from .verb import verb


def _taken(*, rules: Iterable[NewListRule], **_) -> Refused | None:
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


@verb("Add allow and deny list rules", needs="change_list", lost_race=_taken)
def add_rules(
    *, rules: tuple[NewListRule, ...], by: Actor, at: datetime, seen: str | None = None
) -> list[ListRule]:
    """Add all of the rules or none. `seen` is the fingerprint of the effect that was shown."""
    lock_claims()
    if not rules:
        raise refuse("domain_missing", "Enter a domain name", field="names")
    if refusal := _taken(rules=rules):
        raise refusal
    for rule in rules:
        _require_day_to_come(rule, at)
    require_seen_effect(ListChange(added=tuple(as_fact(rule) for rule in rules)), seen, at)
    rows = [_write(rule, by, at) for rule in rules]
    record(
        add_rules.activity,
        by=by,
        at=at,
        target=rows[0] if len(rows) == 1 else None,
        after={"rules": [rule_text(row) for row in rows]},
    )
    return rows


@verb("Update allow and deny list rule", needs="change_list")
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
    """Give a rule another effect, reason or end. Its name and breadth stay: another name is another rule."""
    lock_claims()
    row = _locked(rule, version)
    new = NewListRule(row.name, row.breadth, effect, clean_reason(reason), ends_on)
    if ends_on != row.ends_on:
        _require_day_to_come(new, at)
    require_seen_effect(
        ListChange(added=(as_fact(new),), removed=frozenset({str(row.uuid)})), seen, at
    )
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


@verb("Remove allow and deny list rule", needs="change_list")
def remove_rule(
    *, rule: ListRule, by: Actor, at: datetime, seen: str | None = None, version: int | None = None
) -> None:
    lock_claims()
    row = _locked(rule, version)
    require_seen_effect(ListChange(removed=frozenset({str(row.uuid)})), seen, at)
    before = rule_text(row)
    ListRule.objects.filter(pk=row.pk).delete()
    record(remove_rule.activity, by=by, at=at, target=row, before={"rule": before})


@verb("Change allow and deny list default", needs="change_list")
def change_default(*, effect: str, by: Actor, at: datetime, seen: str | None = None) -> None:
    """What happens to names without a rule. Changing it throws no rule away."""
    lock_claims()
    present = ListDefault.objects.select_for_update().filter(pk=1).first()
    before = present.effect if present else ListDefault.Effect.ALLOW
    if before == effect:
        return
    require_seen_effect(ListChange(default=effect), seen, at)
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


@verb("Add own name", needs="change_ownname")
def add_own_name(*, name: str, by: Actor, at: datetime) -> OwnName:
    """Make a domain, and all beneath, our own. Refused while an organization holds it or a name beneath it (product rule 5)."""
    lock_claims()
    name = email_domains.canonical_domain(name)
    _require_ownable(name)
    row = OwnName.objects.create(**domain_guards.stored(name), added_at=at, added_by=by.label)
    settle_guests([name])
    record(add_own_name.activity, by=by, at=at, target=row, after={"name": name})
    return row


@verb("Update own name", needs="change_ownname")
def change_own_name(*, own: OwnName, name: str, by: Actor, at: datetime) -> OwnName:
    """Put another name in place of one of our own."""
    lock_claims()
    row, name = _locked_own(own), email_domains.canonical_domain(name)
    if name == row.name:
        return row
    _require_ownable(name)
    before = row.name
    OwnName.objects.filter(pk=row.pk).update(**domain_guards.stored(name))
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


@verb("Remove own name", needs="change_ownname")
def remove_own_name(*, own: OwnName, by: Actor, at: datetime) -> None:
    lock_claims()
    row = _locked_own(own)
    OwnName.objects.filter(pk=row.pk).delete()
    settle_guests([row.name])
    record(remove_own_name.activity, by=by, at=at, target=own, before={"name": row.name})


def as_fact(rule: NewListRule) -> ListRuleFact:
    return ListRuleFact(
        rule.name,
        rule.breadth,
        rule.effect,
        end_moment(rule.ends_on, timezone.get_default_timezone()),
        "",
        rule.reason,
    )


def require_seen_effect(change: ListChange, seen: str | None, at: datetime) -> None:
    """Refused when what would happen is not what was shown."""
    if seen is not None and list_effect(change, at).fingerprint != seen:
        raise refuse(
            "effect_changed",
            "What this would do changed while you were reviewing. Look again, then save",
        )


def rule_text(rule: ListRule) -> str:
    until = f", until {day_words(rule.ends_on)}" if rule.ends_on else ""
    return f"{rule.get_effect_display()} {rule.name} {rule.get_breadth_display().lower()}{until}{f': {rule.reason}' if rule.reason else ''}"


def _write(rule: NewListRule, by: Actor, at: datetime) -> ListRule:
    return ListRule.objects.create(
        **domain_guards.stored(rule.name),
        breadth=rule.breadth,
        effect=rule.effect,
        reason=clean_reason(rule.reason),
        ends_on=rule.ends_on,
        added_at=at,
        added_by=by.label,
    )


def _require_day_to_come(rule: NewListRule, at: datetime) -> None:
    """A rule whose last day is over would never be in force. Today counts as not over."""
    if is_day_over(rule.ends_on, timezone.get_default_timezone(), at):
        raise refuse("day_over", "This day is over", field="ends_on")


def _locked(rule: ListRule, version: int | None) -> ListRule:
    row = ListRule.objects.select_for_update().filter(pk=rule.pk).first()
    if row is None:
        raise refuse("rule_gone", f"The rule for {rule.name} was removed meanwhile")
    if version is not None and row.version != version:
        raise refuse(
            "changed_meanwhile",
            f"Somebody changed this rule while you were editing. It is now: {rule_text(row)}",
        )
    return row


def _locked_own(own: OwnName) -> OwnName:
    row = OwnName.objects.select_for_update().filter(pk=own.pk).first()
    if row is None:
        raise refuse("own_name_gone", f"{own.name} was removed meanwhile")
    return row


def _taken_reason(name: str) -> Reason:
    return Reason(
        "rule_exists", f"There is a rule for {name} already. Change that one", field="names"
    )


def ownable(typed: str) -> str | None:
    """The canonical name, where it could become our own now."""
    try:
        name = email_domains.canonical_domain(typed)
        _require_ownable(name)
    except Refused:
        return None
    return name


def _require_ownable(name: str) -> None:
    if OwnName.objects.filter(name=name).exists():
        raise refuse("own_name_known", f"{name} is one of your own names already", field="name")
    if domain_guards.is_public_mail(name):
        raise refuse(
            "own_name_public_mail",
            f"Anyone can get an address at {name}, so it is nobody's own name",
            field="name",
        )
    if domain_guards.is_shared_tenant_root(name) or domain_guards.suffix_section(name) == "icann":
        raise refuse(
            "own_name_suffix",
            f"Names beneath {name} belong to many. Type your own name beneath it",
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
            f"{claim.organization.name} holds {claim.name}. Remove it there first",
            field="name",
            refers_to=ref,
        )
