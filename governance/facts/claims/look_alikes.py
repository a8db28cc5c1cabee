"""Which known name a new one imitates (product rule 12)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from itertools import count

from django.db.models import Manager, Q, TextField, Value

from ...db.combined_query import json_list, run_combined
from ...db.kept_statements import Statement, Varying, kept, statement_of
from ...db.value_lists import in_texts
from ...models import Claim, ListRule, OwnName
from ...rules import email_domains
from ...rules.claims import ClaimsByName
from ...rules.domain_list import ALLOW, RulesByName
from ...rules.domains import guards
from ..domain_list.verdicts import RULE_COLUMNS, list_rule_fact
from .covering import CLAIM_COLUMNS, claim_fact

LOOKED_AT = 100  # names at once
_OWN, _CLAIMED, _LISTED = 1, 2, 3  # the order of preference


def imitated_name(name: str, at: datetime) -> str | None:
    """Return the genuine name that this one imitates, None where there is none.

    One of our own is preferred to a claimed one, that to one that the list allows; of several, the
    first by alphabet. A name that a rule of the list blocks at that moment is not genuine, nor is
    one that a deleted organization holds. A name that only the default blocks is: nobody judged it.
    One statement where no name looks near, one more where some do.
    """
    for near in _names_that_look_near(name):
        if imitated := guards.look_alike(name, _genuine(near, at)):
            return imitated
    return None


def imitation_warning(name: str, at: datetime) -> str:
    """What to say of a name that imitates another; empty for any other name."""
    imitated = imitated_name(name, at)
    return (
        f"{name} looks like the known domain {imitated}. Check that it is not an imitation."
        if imitated
        else ""
    )


def _names_that_look_near(name: str) -> Iterator[list[tuple[int, str]]]:
    """Names by the index of skeletons with how each is known,
    the preferred first, some at a time.
    """
    owner = guards.registrable_domain(name) or name
    low, high = email_domains.beneath_range(owner)
    skeletons = json.dumps(list(guards.neighbouring_skeletons(name)))
    values: dict[str, object] = {
        "skeletons": skeletons,
        "owner": owner,
        "low": low,
        "high": high,
    }
    for start in count(0, LOOKED_AT):
        statement = kept(("near", start), partial(_near, values, start))
        yield (names := statement.rows(values))
        if len(names) < LOOKED_AT:
            return


def _near(values: dict[str, object], start: int) -> Statement:
    owner, low, high, skeletons = (
        Varying(each, values[each], TextField()) for each in ("owner", "low", "high", "skeletons")
    )
    is_of_others = ~Q(name=owner) & (Q(key__lt=low) | Q(key__gte=high))
    known: tuple[tuple[int, Manager, dict[str, object]], ...] = (
        (_OWN, OwnName.objects, {}),
        (_CLAIMED, Claim.objects, {"released_at": None, "organization__deleted_at": None}),
        (_LISTED, ListRule.objects, {"effect": ALLOW}),
    )
    own, *others = (
        rows.filter(in_texts("skeleton", skeletons), is_of_others, **present)
        .annotate(how=Value(how))
        .values_list("how", "name")
        for how, rows, present in known
    )
    near = own.union(*others, all=True).order_by("how", "name")
    return statement_of(near[start : start + LOOKED_AT])


def _genuine(near: list[tuple[int, str]], at: datetime) -> list[str]:
    """The names among these that are not blocked by a rule
    and not held by a deleted organization.
    """
    if not near:
        return []
    above = {parent for _how, name in near for parent in email_domains.parents(name)}
    _counts, rows = run_combined(
        {},
        {
            "rules": json_list(ListRule.objects.filter(name__in=above), *RULE_COLUMNS),
            "claims": json_list(Claim.objects.present().filter(name__in=above), *CLAIM_COLUMNS),
        },
    )
    rules = RulesByName(list_rule_fact(*row) for row in rows["rules"])
    claims = ClaimsByName(claim_fact(*row) for row in rows["claims"])
    return [name for how, name in near if _is_genuine(name, how, rules, claims, at)]


def _is_genuine(
    name: str, how: int, rules: RulesByName, claims: ClaimsByName, at: datetime
) -> bool:
    """No rule and no claim is about one of our own names. A listed name needs its rule in force."""
    if how == _OWN:
        return True
    rule, claim = rules.deciding(name, at), claims.membership(name)
    if claim and claim.organization_deleted:
        return False
    return rule.effect == ALLOW if rule else how == _CLAIMED
