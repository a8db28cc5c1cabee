"""Which known name a new one imitates (product rule 12)."""

from __future__ import annotations

import json

from ..models import Claim, ListRule, OwnName
from ..rules import domain_guards, email_domains
from .among import among_texts

LOOKED_AT = 100


def imitated_name(name: str) -> str | None:
    """The claimed, own or listed name that this one imitates, by the index of skeletons. One statement."""
    looks_near = among_texts(
        "skeleton", json.dumps(list(domain_guards.neighbouring_skeletons(name)))
    )
    owner = domain_guards.registrable_domain(name) or name
    low, high = email_domains.beneath_range(owner)
    claimed, own, listed = (
        rows.filter(looks_near)
        .exclude(name=owner)
        .exclude(key__gte=low, key__lt=high)
        .values_list("name", flat=True)
        for rows in (Claim.objects.present(), OwnName.objects.all(), ListRule.objects.all())
    )
    return domain_guards.look_alike(name, claimed.union(own, listed, all=True)[:LOOKED_AT])


def imitation_warning(name: str) -> str:
    """What to say of a name that imitates another; empty for any other name."""
    imitated = imitated_name(name)
    return (
        f"{name} looks like {imitated}, which is known here. Check that it is not an imitation."
        if imitated
        else ""
    )
