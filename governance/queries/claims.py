"""Who claims a name, and what lies around it. Every statement asks the unique index on names or one range of keys."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from ..models import Claim, Organization, OwnName, Source
from ..rules import email_domains
from ..rules.eligibility import ClaimFact
from ..rules.organizations import Holder, NameFacts
from .ranges import first_present_beneath

NEIGHBOURS_SHOWN = 20
CLAIM_COLUMNS = (  # in the order that claim_fact takes
    "name", "source__covers_subdomains", "source_id", "source__kind", "source__label", "organization__uuid", "organization__name",
    "organization__state", "organization__deleted_at", "source__in_doubt_since",
)  # fmt: skip


def own_names() -> frozenset[str]:
    return frozenset(OwnName.objects.values_list("name", flat=True))


def candidates(domains: Iterable[str]) -> tuple[ClaimFact, ...]:
    """Every present claim on one of the domains or a parent of one: all that rule 13 has to choose from. One statement."""
    names = {parent for domain in domains for parent in email_domains.parents(domain)}
    rows = Claim.objects.present().filter(name__in=names).values_list(*CLAIM_COLUMNS)
    return tuple(claim_fact(*row) for row in rows)


def claims_of(organization: Organization) -> tuple[ClaimFact, ...]:
    """Every present claim of the organization. One statement."""
    return tuple(claim_fact(*row) for row in Claim.objects.present().filter(organization=organization).order_by("id").values_list(*CLAIM_COLUMNS))


def claim_facts(claims: Iterable[Claim]) -> list[ClaimFact]:
    """The facts of claims that were read already. One statement."""
    return [claim_fact(*row) for row in Claim.objects.filter(pk__in=[claim.pk for claim in claims]).values_list(*CLAIM_COLUMNS)]


def name_facts(names: Iterable[str]) -> dict[str, NameFacts]:
    """What stands around each canonical name, for the guards of rules 5 to 14. Three statements for some hundred of them."""
    names = tuple(dict.fromkeys(names))
    ours, above = own_names(), {parent for name in names for parent in email_domains.parents(name)}
    claims = Claim.objects.present().select_related("organization").order_by("key")
    around = [_holder(claim) for claim in (*claims.filter(name__in=above), *first_present_beneath(claims, names, NEIGHBOURS_SHOWN))]
    return {name: _name_facts(name, ours, around) for name in names}


def directory_holders(ids: Iterable[UUID]) -> dict[UUID, Holder]:
    """Whose source each directory is, where it is one; a deleted organization keeps its own."""
    sources = Source.objects.present().filter(directory_id__in=set(ids)).select_related("organization")
    return {source.directory_id: Holder(source.label, *_who(source.organization)) for source in sources}


def _name_facts(name: str, ours: frozenset[str], around: list[Holder]) -> NameFacts:
    holder = next((holder for holder in around if holder.name == name), None)
    neighbours = tuple(
        other for other in around if email_domains.is_beneath(name, other.name) or email_domains.is_beneath(other.name, name)
    )
    return NameFacts(name, ours, holder, neighbours)


def _holder(claim: Claim) -> Holder:
    return Holder(claim.name, *_who(claim.organization))


def _who(organization: Organization) -> tuple[str, str, bool]:
    return str(organization.uuid), organization.name, organization.is_deleted


def claim_fact(name, covers, source_id, kind, label, organization, organization_name, state, deleted_at, in_doubt_since) -> ClaimFact:
    """The fact of one row of CLAIM_COLUMNS, as Django or as a database's JSON tells it."""
    return ClaimFact(
        name=name, covers_subdomains=bool(covers), source_id=source_id, source_kind=kind, source_label=label,
        organization_id=str(UUID(str(organization))), organization_name=organization_name, organization_state=state,
        organization_deleted=deleted_at is not None, in_doubt=in_doubt_since is not None, demands_directory=False,
    )  # fmt: skip
