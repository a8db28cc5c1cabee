"""What an organization that is not there yet would claim, whom it would move and what its people
could ask for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet, TextField

from ...db.combined_query import json_list
from ...db.kept_statements import Varying
from ...models import Organization, PolicyOrganization
from ...rules.decision import Ref
from ...rules.eligibility import ClaimFact, PackageFact
from ...rules.fingerprints import fingerprint
from ...rules.names import name_key
from ...rules.organizations import NameFacts, NewOrganization, state_for
from ...rules.roles import Actor
from ..access_packages.policies import package_facts, package_lists
from ..access_packages.requestable import Grant, grants_to
from ..claims.neighbouring import Besides, DomainContext, domain_context
from .source_changes import claims_as_if
from .source_guards import names_to_claim


@dataclass(frozen=True, slots=True)
class NewPreview:
    """What Review shows of a new organization, its impact on others apart.

    `fingerprint` is equal for the same answers with the same terms of access.
    """

    claims: tuple[ClaimFact, ...]
    grants: tuple[Grant, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a new organization's domains, of the packages, and of the organization that
    is called alike.
    """

    around: DomainContext
    packages: tuple[PackageFact, ...]
    called_alike: Ref | None


def known_about(new: NewOrganization) -> Known:
    """One statement for all that it would meet."""
    key = name_key(new.name)

    def lists() -> dict[str, QuerySet]:
        alike = _named(Varying("called", key, TextField()))
        return {
            **package_lists(PolicyOrganization.objects.none()),
            "alike": json_list(alike, "uuid", "name"),
        }

    names = (name for source in new.sources for name in source.names)
    around = domain_context(names, Besides("new organization", lists, {"called": key}))
    return Known(around, tuple(package_facts(around.rows)), _first_ref(around.rows["alike"]))


def called_alike(name: str, besides: int | None = None) -> Ref | None:
    """Return the present organization whose name equals this one, apart from `besides`."""
    others = _named(name_key(name)).exclude(pk=besides)
    return _first_ref(others.values_list("uuid", "name")[:1])


def _named(key: str | Varying) -> QuerySet:
    return Organization.objects.present().filter(name_key=key)


def _first_ref(rows: Iterable[tuple]) -> Ref | None:
    return next((Ref("organization", str(UUID(str(key))), name) for key, name in rows), None)


def preview_of(
    new: NewOrganization, *, by: Actor, at: datetime, known: Known | None = None
) -> NewPreview:
    """Return what a new organization would claim,
    whom it would move, and what becomes requestable.
    """
    known = known or known_about(new)
    claims = claims_of_new(
        replace(new, state=state_for(by, new.state)), by, facts=known.around.facts
    )
    grants = tuple(grants_to(claims, at, said=known.around.said, packages=known.packages))
    return NewPreview(claims, grants, _fingerprint(new, grants))


def claims_of_new(
    new: NewOrganization, by: Actor, *, facts: dict[str, NameFacts] | None = None
) -> tuple[ClaimFact, ...]:
    """The claims it would make now, if `by` created it."""
    who = (str(new.draft), new.name or "this organization", new.state)
    names = names_to_claim(new.sources, by, facts=facts)
    return tuple(
        claims_as_if(*who, {name: source.covers_subdomains}, source.directory_name)[0]
        for name, source in names.items()
    )


def _fingerprint(new: NewOrganization, grants: tuple[Grant, ...]) -> str:
    terms = [(grant.package.id, grant.package.name, grant.terms) for grant in grants]
    return fingerprint((replace(new, seen=None), terms))
