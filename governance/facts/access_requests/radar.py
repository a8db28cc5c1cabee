"""The no-approver radar: stages of policies that nobody could decide now (product rule 39).

A stage whose fallback can decide needs no sponsor, so only policies whose named people cannot
decide are looked at any further. For policies of a wide scope, organizations without a sponsor are
counted by their stored `sponsored_by`, whatever their number; what the allow and deny list does to
sponsors, and invitations not yet accepted, are looked at for organizations that a policy names or
that are asked about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from ...models import Organization, Package, Person, Policy, PolicyOrganization, Sponsorship
from ...rules.access_packages.policies import ALL_CONFIGURED, ANY_OUTSIDE, MEMBERS, NAMED, NOBODY
from ...rules.access_packages.stages import EXTERNAL_SPONSORS, INTERNAL_SPONSORS, Stage
from ...rules.access_requests.approval import Candidate
from ...rules.access_requests.gaps import (
    COUNTED_AT_MOST,
    NAMES_SHOWN,
    Gap,
    enough_sponsors,
    first_names,
    stages_without_deciders,
    stages_without_people,
)
from ...rules.decision import Reason
from ..sponsors.sponsorships import sponsor_rows
from .approvers import SPONSOR_KINDS, named_candidates, sponsor_candidate

LOOKED_AT = 1_000  # organizations that a policy names: more are not looked at
Unsponsored = frozenset[tuple[str, int]]  # an organization's public id, a person's primary key
GONE = Reason("approver_gone", "Blocked or removed")
_APPROVERS = {kind: approvers for approvers, kind in SPONSOR_KINDS.items()}
_BY = Organization.SponsoredBy
_KINDS_OF = {
    _BY.NOBODY.value: (),
    _BY.INTERNAL.value: (INTERNAL_SPONSORS,),
    _BY.EXTERNAL.value: (EXTERNAL_SPONSORS,),
    _BY.BOTH.value: (INTERNAL_SPONSORS, EXTERNAL_SPONSORS),
}


@dataclass(frozen=True, slots=True)
class AskedPolicy:
    """A policy that the radar looks at: stored, or as it would be.

    `named` are the organizations that it names.
    """

    package: Package
    key: str
    label: str
    scope: str
    stages: tuple[Stage, ...]
    named: QuerySet[Organization]


def radar(
    at: datetime,
    *,
    organizations: Iterable[Organization] | None = None,
    packages: Iterable[Package] | None = None,
    without: Iterable[Person] = (),
    unsponsored: Unsponsored = frozenset(),
) -> list[Gap]:
    """Return the stages that nobody could decide now.

    With `organizations`, about each of these alone; with `packages`, about these alone; `without`
    some people, as if they were blocked, and as if those `unsponsored` were no sponsors there.
    """
    rows = Policy.objects.filter(is_open=True, package__is_open=True).exclude(stages=[])
    rows = rows.exclude(scope=NOBODY).select_related("package").order_by("package__name_key", "id")
    if packages is not None:
        rows = rows.filter(package__in=[package.pk for package in packages])
    return gaps_in([asked_policy(row) for row in rows], at, organizations, without, unsponsored)


def gaps_after(removing: Iterable[Person], at: datetime) -> list[Gap]:
    """Return the gaps that blocking or removing these people would open."""
    people = tuple(removing)
    theirs = Organization.objects.present().filter(sponsorships__person__in=people).distinct()
    sponsored = list(theirs.order_by("name_key", "id")[:LOOKED_AT])
    before, after = (
        [*radar(at, without=gone), *radar(at, organizations=sponsored, without=gone)]
        for gone in ((), people)
    )
    known = set(before)
    return list(dict.fromkeys(gap for gap in after if gap not in known))


def gaps_without(unsponsored: Unsponsored, at: datetime) -> list[Gap]:
    """Return the gaps that would open if these people were no sponsors of these organizations."""
    keys = {organization for organization, _person in unsponsored}
    theirs = list(Organization.objects.present().filter(uuid__in=keys).order_by("name_key", "id"))
    known = set(radar(at, organizations=theirs))
    after = radar(at, organizations=theirs, unsponsored=unsponsored)
    return [gap for gap in after if gap not in known]


def asked_policy(row: Policy) -> AskedPolicy:
    """Return a stored policy as the radar looks at it."""
    named = Organization.objects.present().filter(named_by__policy=row)
    return AskedPolicy(row.package, str(row.uuid), row.name, row.scope, row.all_stages, named)


def gaps_in(
    policies: Sequence[AskedPolicy],
    at: datetime,
    organizations: Iterable[Organization] | None = None,
    without: Iterable[Person] = (),
    unsponsored: Unsponsored = frozenset(),
) -> list[Gap]:
    """Return the gaps in these policies, which may be policies as they would be."""
    gone = frozenset(person.pk for person in without)
    keys = {key for each in policies for stage in each.stages for key in stage.everybody_named}
    named = {key: _unless(each, gone) for key, each in named_candidates(keys, at).items()}
    asked = None if organizations is None else tuple(organizations)
    looked = _Looked(at, named, gone, unsponsored)
    return [gap for policy in policies for gap in looked.gaps(policy, asked)]


def _unless(candidate: Candidate, gone: frozenset[int]) -> Candidate:
    return replace(candidate, cannot=GONE) if candidate.person_id in gone else candidate


@dataclass(frozen=True, slots=True)
class _Looked:
    at: datetime
    named: Mapping[str, Candidate]
    gone: frozenset[int]
    unsponsored: Unsponsored

    def gaps(self, policy: AskedPolicy, asked: tuple[Organization, ...] | None) -> Iterator[Gap]:
        without = stages_without_deciders(policy.stages, self.named)
        always = stages_without_people(policy.stages, self.named)
        for number in always if policy.scope != MEMBERS else without:
            yield _gap(policy, number, without[number])
        if not without.keys() - always or policy.scope == MEMBERS:  # who have no sponsors
            return
        if asked is not None:
            gaps = self._of_each(policy, _decided_by(policy, asked))
        elif policy.scope == NAMED:
            gaps = self._of_each(policy, policy.named.order_by("name_key", "id")[:LOOKED_AT])
        else:
            gaps = self._of_many(policy, without)
        yield from (gap for gap in gaps if gap.stage not in always)

    def _of_each(self, policy: AskedPolicy, organizations: Iterable[Organization]) -> Iterator[Gap]:
        """Ask about each organization with its sponsors. One statement, whatever their number."""
        rows = list(organizations)
        sponsors = self._sponsors(rows)
        for each in rows:
            counts = policy.scope == NAMED or each.state == Organization.State.CONFIGURED
            reasons = stages_without_deciders(
                policy.stages, self.named, sponsors.get(each.pk, {}), sponsors_count=counts
            )
            for number, reason in reasons.items():
                gap = _gap(policy, number, reason)
                yield replace(gap, organization=each.name, organization_key=str(each.uuid))

    def _of_many(self, policy: AskedPolicy, without: Mapping[int, str]) -> Iterator[Gap]:
        """Count the organizations by the kinds of sponsors that they have. Two statements for each
        stage that nobody could decide.
        """
        if policy.scope == ANY_OUTSIDE:
            for number, reason in without.items():
                yield replace(_gap(policy, number, reason), is_outside=True)
        rows = Organization.objects.present().exclude(pk__in=_named_in(policy.package))
        for number, (condition, reason) in self._conditions(policy).items():
            found = rows.filter(condition)
            if count := found[: COUNTED_AT_MOST + 1].count():
                names = found.order_by("name_key", "id").values_list("name", flat=True)
                some = first_names(list(names[:NAMES_SHOWN]))
                gap = _gap(policy, number, reason)
                yield replace(gap, organizations=count, organization=some)

    def _conditions(self, policy: AskedPolicy) -> dict[int, tuple[Q, str]]:
        """Return which organizations have a gap, by the number of the stage."""
        found: dict[int, tuple[Q, str]] = {}
        for state in _states(policy):
            counts = state == Organization.State.CONFIGURED
            for value, kinds in _KINDS_OF.items():
                reasons = stages_without_deciders(
                    policy.stages,
                    self.named,
                    enough_sponsors(policy.stages, kinds),
                    sponsors_count=counts,
                )
                for number, reason in reasons.items():
                    before, _reason = found.get(number, (Q(pk__in=[]), ""))
                    found[number] = (before | Q(state=state, sponsored_by=value), reason)
        return found

    def _sponsors(self, rows: list[Organization]) -> dict[int, dict[str, list[Candidate]]]:
        found: dict[int, dict[str, list[Candidate]]] = defaultdict(lambda: defaultdict(list))
        sponsorships = Sponsorship.objects.filter(organization__in=[row.pk for row in rows])
        for each in sponsor_rows(sponsorships.order_by("id"), self.at) if rows else ():
            if (str(each.organization.uuid), each.person.pk) in self.unsponsored:
                continue
            candidate = _unless(sponsor_candidate(each), self.gone)
            found[each.organization.pk][_APPROVERS[each.kind]].append(candidate)
        return found


def _states(policy: AskedPolicy) -> list[str]:
    if policy.scope == ALL_CONFIGURED:
        return [Organization.State.CONFIGURED.value]
    return _decided_by_any_outside(policy.package)


def _decided_by_any_outside(package: Package) -> list[str]:
    has_all = package.policies.filter(scope=ALL_CONFIGURED).exists()
    states = [Organization.State.PROPOSED.value]
    return states if has_all else [*states, Organization.State.CONFIGURED.value]


def _decided_by(policy: AskedPolicy, asked: tuple[Organization, ...]) -> Iterator[Organization]:
    """Yield those of the organizations about which this policy of the package decides (rule 26)."""
    keys = [each.pk for each in asked]
    if policy.scope == NAMED:
        yield from policy.named.filter(pk__in=keys)
    if policy.scope not in (ALL_CONFIGURED, ANY_OUTSIDE):
        return
    named = set(_named_in(policy.package).filter(organization__in=keys))
    states = _states(policy)
    yield from (each for each in asked if each.pk not in named and each.state in states)


def _named_in(package: Package) -> QuerySet:
    named = PolicyOrganization.objects.filter(package=package)
    return named.values_list("organization", flat=True)


def _gap(policy: AskedPolicy, number: int, reason: str) -> Gap:
    package = policy.package
    return Gap(package.name, str(package.uuid), policy.label, policy.key, number, reason)
