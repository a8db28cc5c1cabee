"""Who claims a name, and what lies around it.

Every statement asks the unique index on names or one range of keys.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet, TextField

from ...db.combined_query import combine, json_list, run_combined
from ...db.kept_statements import Varying, kept
from ...db.key_ranges import bounds_beneath, first_beneath_some, in_statements
from ...db.value_lists import in_texts
from ...models import Claim, Organization, OwnName, Source
from ...rules import email_domains
from ...rules.eligibility import ClaimFact
from ...rules.organizations import Holder, NameFacts

NEIGHBOURS_SHOWN = 20
CLAIM_COLUMNS = (  # in the order that claim_fact takes
    "name",
    "source__covers_subdomains",
    "source_id",
    "source__kind",
    "source__label",
    "organization__uuid",
    "organization__name",
    "organization__state",
    "organization__deleted_at",
    "source__in_doubt_since",
)
_HOLDER = ("name", "organization__uuid", "organization__name", "organization__deleted_at")


def own_names() -> frozenset[str]:
    """Return all of your domains. One statement."""
    return frozenset(OwnName.objects.values_list("name", flat=True))


def candidates_and_ours(domains: Iterable[str]) -> tuple[tuple[ClaimFact, ...], frozenset[str]]:
    """All that rule 13 has to choose from: every present claim on one of the domains or above one,
    and our own names there. One statement.
    """
    domains = tuple(domains)
    if not domains:
        return (), frozenset()
    statement = kept("candidates", lambda: combine({}, candidate_lists(domains)))
    _counts, rows = statement.run(candidate_values(domains))
    return candidates_from(rows)


def candidate_lists(domains: Iterable[str]) -> dict[str, QuerySet]:
    """What `candidates_from` is made of, for a combined query."""
    above = Varying("candidates", candidate_values(domains)["candidates"], TextField())
    claims = Claim.objects.present().filter(in_texts("name", above))
    return {
        "claims": json_list(claims, *CLAIM_COLUMNS),
        "ours": json_list(OwnName.objects.filter(in_texts("name", above)), "name"),
    }


def candidate_values(domains: Iterable[str]) -> dict[str, object]:
    """Return what fills `candidate_lists` in a kept statement."""
    names = {parent for domain in domains for parent in email_domains.parents(domain)}
    return {"candidates": json.dumps(sorted(names))}


def candidates_from(rows: dict[str, list]) -> tuple[tuple[ClaimFact, ...], frozenset[str]]:
    """Return the claims and your domains, out of the rows of `candidate_lists`."""
    claims = tuple(claim_fact(*row) for row in rows["claims"])
    return claims, frozenset(name for (name,) in rows["ours"])


def claims_of(organization: Organization) -> tuple[ClaimFact, ...]:
    """Every present claim of the organization. One statement."""
    return _facts(Claim.objects.present().filter(organization=organization))


def claims_among(sources: Iterable[Source]) -> tuple[ClaimFact, ...]:
    """Every present claim of some sources. One statement."""
    return _facts(Claim.objects.present().filter(source__in=[each.pk for each in sources]))


def _facts(claims: QuerySet[Claim]) -> tuple[ClaimFact, ...]:
    rows = claims.order_by("id").values_list(*CLAIM_COLUMNS)
    return tuple(claim_fact(*row) for row in rows)


def name_facts(names: Iterable[str]) -> dict[str, NameFacts]:
    """Return what is known around each canonical name, for the guards of rules 5 to 14.

    One statement for some hundred of them.
    """
    facts: dict[str, NameFacts] = {}
    for some in in_statements(names):
        _counts, rows = run_combined({}, around_lists(some))
        facts |= name_facts_from(some, rows)
    return facts


def around_lists(names: list[str]) -> dict[str, QuerySet]:
    """What `name_facts_from` is made of, for a combined query: own names and claims at or above the
    names, and the first claims beneath each.
    """
    above = Varying("above", around_values(names)["above"], TextField())
    claims = Claim.objects.present().filter(in_texts("name", above))
    return {
        "ours": json_list(OwnName.objects.filter(in_texts("name", above)), "name"),
        "above": json_list(claims, "key", *_HOLDER),
        "beneath": json_list(
            first_beneath_some(Claim.objects.all(), names, NEIGHBOURS_SHOWN), "key", *_HOLDER
        ),
    }


def around_values(names: list[str]) -> dict[str, object]:
    """Return what fills `around_lists` in a kept statement for as many names."""
    above = {parent for name in names for parent in email_domains.parents(name)}
    return {"above": json.dumps(sorted(above)), **bounds_beneath(names)}


def name_facts_from(names: Iterable[str], rows: dict[str, list]) -> dict[str, NameFacts]:
    """Return what lies around each of the domains, out of the rows of `around_lists`."""
    ours = frozenset(name for (name,) in rows["ours"])
    around = [_holder(*row) for _key, *row in (*sorted(rows["above"]), *sorted(rows["beneath"]))]
    return {name: _name_facts(name, ours, around) for name in names}


def directory_holders(ids: Iterable[UUID]) -> dict[UUID, Holder]:
    """Whose source each directory is, where it is one; a deleted organization keeps its own."""
    ids = set(ids)
    if not ids:
        return {}
    sources = Source.objects.present().filter(directory_id__in=ids).select_related("organization")
    return {
        source.directory_id: Holder(source.label, *_who(source.organization))
        for source in sources
        if source.directory_id
    }


def _name_facts(name: str, ours: frozenset[str], around: list[Holder]) -> NameFacts:
    holder = next((holder for holder in around if holder.name == name), None)
    neighbours = tuple(
        other
        for other in around
        if email_domains.is_beneath(name, other.name) or email_domains.is_beneath(other.name, name)
    )
    return NameFacts(name, ours, holder, neighbours)


def _holder(name: str, organization: str, organization_name: str, deleted_at) -> Holder:
    return Holder(name, str(UUID(organization)), organization_name, deleted_at is not None)


def _who(organization: Organization) -> tuple[str, str, bool]:
    return str(organization.uuid), organization.name, organization.is_deleted


def claim_fact(
    name,
    covers,
    source_id,
    kind,
    label,
    organization,
    organization_name,
    state,
    deleted_at,
    in_doubt_since,
) -> ClaimFact:
    """The fact of one row of CLAIM_COLUMNS, as Django or as a database's JSON tells it."""
    return ClaimFact(
        name=name,
        covers_subdomains=bool(covers),
        source_id=source_id,
        source_kind=kind,
        source_label=label,
        organization_id=str(UUID(str(organization))),
        organization_name=organization_name,
        organization_state=state,
        organization_deleted=deleted_at is not None,
        in_doubt=in_doubt_since is not None,
        demands_directory=False,
    )
