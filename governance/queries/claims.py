"""Who claims a name, and what lies around it. Every statement asks the unique index on names or one range of keys."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from ..models import Claim, OwnName
from ..rules import email_domains
from ..rules.eligibility import ClaimFact
from ..rules.organizations import Holder, NameFacts

NEIGHBOURS_SHOWN = 20
_COLUMNS = (
    "name", "source__covers_subdomains", "source_id", "source__kind", "source__label", "organization__uuid", "organization__name",
    "organization__state", "organization__deleted_at", "source__in_doubt_since",
)  # fmt: skip


def own_names() -> frozenset[str]:
    return frozenset(OwnName.objects.values_list("name", flat=True))


def candidates(domains: Iterable[str]) -> tuple[ClaimFact, ...]:
    """Every present claim on one of the domains or a parent of one: all that rule 13 has to choose from. One statement."""
    names = {parent for domain in domains for parent in email_domains.parents(domain)}
    rows = Claim.objects.present().filter(name__in=names).values_list(*_COLUMNS)
    return tuple(_fact(*row) for row in rows)


def name_facts(names: Iterable[str]) -> dict[str, NameFacts]:
    """What stands around each canonical name, for the guards of rules 5 to 14. Two statements for all of them."""
    names = tuple(dict.fromkeys(names))
    ours = own_names()
    around = [_holder(claim) for claim in _claims_around(names)]
    return {name: _name_facts(name, ours, around) for name in names}


def _claims_around(names: tuple[str, ...]):
    condition = Q(name__in={parent for name in names for parent in email_domains.parents(name)})
    for low, high in map(email_domains.beneath_range, names):
        condition |= Q(key__gte=low, key__lt=high)
    claims = Claim.objects.present().filter(condition).select_related("organization").order_by("key")
    return claims[: NEIGHBOURS_SHOWN * max(len(names), 1) + 1]


def _name_facts(name: str, ours: frozenset[str], around: list[Holder]) -> NameFacts:
    holder = next((holder for holder in around if holder.name == name), None)
    neighbours = tuple(
        other for other in around if email_domains.is_beneath(name, other.name) or email_domains.is_beneath(other.name, name)
    )
    return NameFacts(name, ours, holder, neighbours)


def _holder(claim: Claim) -> Holder:
    organization = claim.organization
    return Holder(claim.name, str(organization.uuid), organization.name, organization.is_deleted)


def _fact(name, covers, source_id, kind, label, organization, organization_name, state, deleted_at, in_doubt_since) -> ClaimFact:
    return ClaimFact(
        name=name, covers_subdomains=covers, source_id=source_id, source_kind=kind, source_label=label,
        organization_id=str(organization), organization_name=organization_name, organization_state=state,
        organization_deleted=deleted_at is not None, in_doubt=in_doubt_since is not None, demands_directory=False,
    )  # fmt: skip
