"""What would come back if a deleted organization were restored now (product rule 41).

Reads only.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...models import Claim, Organization
from ...rules.fingerprints import fingerprint
from ...rules.names import NAME_LIMIT, name_key
from ...rules.organizations import PROPOSED, NewSource, claim_problem
from ...rules.roles import Actor
from ..claims.covering import name_facts


@dataclass(frozen=True, slots=True)
class Restoration:
    """`kept` are the names it comes back with, `lost` those it does not; `refused` are claims to
    let go. `name` and `state` are what it is then.
    """

    kept: tuple[str, ...]
    lost: tuple[str, ...]
    refused: tuple[int, ...]
    name: str
    state: str

    @property
    def fingerprint(self) -> str:
        """Equal for the same restoration: what a page says by it, it showed."""
        return fingerprint((self.kept, self.lost, self.name, str(self.state)))


def restoration_of(organization: Organization, *, by: Actor) -> Restoration:
    """With the names that are still its own and pass every guard again; as proposed when anything
    is missing.
    """
    claims = list(organization.claims.present().select_related("source").order_by("name"))
    refused = _refused(claims, organization, by)
    kept = tuple(claim.name for claim in claims if claim not in refused)
    lost = tuple(sorted({claim.name for claim in refused} | _taken_since(organization)))
    name = _free_name(organization.name)
    directory_is_gone = any(claim.source.released_at for claim in claims)
    state = (
        PROPOSED if lost or directory_is_gone or name != organization.name else organization.state
    )
    return Restoration(kept, lost, tuple(claim.pk for claim in refused), name, state)


def _refused(claims: list[Claim], organization: Organization, by: Actor) -> list[Claim]:
    facts = name_facts(claim.name for claim in claims)
    return [
        claim
        for claim in claims
        if claim_problem(
            _as_chosen(claim), facts[claim.name], by, own_organization=str(organization.uuid)
        )
    ]


def _taken_since(organization: Organization) -> set[str]:
    """Names that were its own when it was deleted and were given or released to others since."""
    return set(
        organization.claims.filter(released_at__gte=organization.deleted_at).values_list(
            "name", flat=True
        )
    )


def _as_chosen(claim: Claim) -> NewSource:
    return NewSource(
        typed_name=claim.name,
        public_mail_accepted=claim.source.has_public_mail_tick_for(claim.name),
    )


def _free_name(name: str) -> str:
    """The name itself, or the first free of "Name (restored)", "Name (restored 2)" ..."""
    endings = ["", " (restored)", *(f" (restored {n})" for n in range(2, 100))]
    names = (name[: NAME_LIMIT - len(ending)].rstrip() + ending for ending in endings)
    return next(
        free
        for free in names
        if not Organization.objects.present().filter(name_key=name_key(free)).exists()
    )
