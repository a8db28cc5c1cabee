"""The impact of a change: everybody whom it can concern is asked about before and after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from ..rules.access_packages.policies import can_anybody_request
from ..rules.decision import Refused
from ..rules.eligibility import Eligibility, PersonFact, decide
from ..rules.eligibility.any_package import decide_for_any
from ..rules.email_domains import Address, canonical_email, name_beneath
from ..rules.sponsors import SponsorFact, is_counted
from .approvers import gaps_opened_by
from .change import Change
from .domain_labels import exceptions_to
from .population import Population, SavedQuestion, Someone, Sponsor, population_of
from .result import (
    DELETED,
    Access,
    Difference,
    DomainImpact,
    GroupImpact,
    Impact,
    InvitationImpact,
    PersonImpact,
    SponsorImpact,
    TestImpact,
)
from .world import Outcome, World

KNOWN = ("active", "blocked")  # the states of an account that say what kind of person it is


def impact_of(change: Change, at: datetime) -> Impact:
    """Return what the change would do at that moment: the decision asked before it and after it.

    Reads only. Two statements, whatever the size of the tables; some more where it takes away
    people who could decide requests.
    """
    population = population_of(change, at)
    impact = _Comparison(change, population).impact()
    return replace(impact, gaps=gaps_opened_by(change, at))


class _Comparison:
    """The same questions, asked in both worlds."""

    def __init__(self, change: Change, population: Population):
        self.change, self.population = change, population
        self.before = population.world
        self.after = change.applied_to(population.world)
        self.states = dict(change.people)
        self.deleted = {each.key: each.is_deleted for each in change.organizations}
        packages = (*self.before.packages, *self.after.packages)
        self.names = {package.id: package.name for package in packages}
        self.changed_mailboxes = _changed_mailboxes(
            change, (*population.people, *population.test_people)
        )

    def impact(self) -> Impact:
        return Impact(
            tuple(self._people()),
            tuple(self._domains()),
            tuple(self._groups()),
            tuple(self._sponsors()),
            tuple(self._invitations()),
            tuple(self._packages()),
            tuple(self._policies()),
            tuple(self._tests()),
            self.change.access_ended,
            self.change.requests_withdrawn,
            self.population.is_partial,
            self.change.requests_kept,
        )

    # Who can request what

    def _people(self) -> Iterator[PersonImpact]:
        for each in self.population.people:
            if self._state_after(each) == "removed":
                continue
            was = self.before.outcome(each.address, self._fact_before(each))
            will = self.after.outcome(each.address, self._fact_after(each))
            if difference := self._difference(was, will):
                yield PersonImpact(each.id, each.label, each.address.text, difference)

    def _domains(self) -> Iterator[DomainImpact]:
        impacts = list(self._each_domain())
        exceptions = exceptions_to(impacts, self.population.domains)
        for each in impacts:
            names = tuple(exceptions.get(each.domain, ())) if each.is_beneath else ()
            yield replace(each, exceptions=names)

    def _each_domain(self) -> Iterator[DomainImpact]:
        for domain in self.population.domains:
            for address, is_beneath in _probes(domain):
                was, will = (
                    world.outcome(address, PersonFact()) for world in (self.before, self.after)
                )
                if difference := self._difference(was, will):
                    organization = will.organization or was.organization
                    name = organization.organization_name if organization else ""
                    yield DomainImpact(domain, is_beneath, name, difference)

    def _groups(self) -> Iterator[GroupImpact]:
        asked = (
            (self.change.members, "People in your directory", World.member),
            (
                self.change.elsewhere,
                "People whose domain is in no connected organization and no rule",
                World.elsewhere,
            ),
        )
        for is_asked, who, ask in asked:
            difference = is_asked and self._difference(ask(self.before), ask(self.after))
            if difference:
                yield GroupImpact(who, difference)

    def _difference(self, was: Outcome, will: Outcome) -> Difference:
        gained = [key for key in will.packages if key not in was.packages]
        lost = [key for key in was.packages if key not in will.packages]
        changed = [
            key
            for key, needs in will.packages.items()
            if key in was.packages and was.packages[key] != needs
        ]
        return Difference(
            self._accesses(gained, will),
            self._accesses(lost, was),
            self._accesses(changed, will),
            _organization(was),
            _organization(will),
        )

    def _accesses(self, keys: Iterable[str], outcome: Outcome) -> tuple[Access, ...]:
        return tuple(Access(self.names[key], outcome.packages[key]) for key in keys)

    # Sponsors, invitations, packages, policies and saved tests

    def _sponsors(self) -> Iterator[SponsorImpact]:
        for each in self.population.sponsors:
            if each.organization in self.change.organizations_removed:
                continue
            counted, counts = self._counted(each), self._counts(each)
            if counted != counts:
                left = sum(
                    self._counts(other)
                    for other in self.population.sponsors
                    if other.organization == each.organization
                )
                yield SponsorImpact(
                    each.person.id, each.person.label, each.organization_name, counted, left
                )

    def _counted(self, sponsor: Sponsor) -> bool:
        fact = self._fact_before(sponsor.person)
        return _counts_in(sponsor, sponsor.person.state, fact, self.before, sponsor.is_deleted)

    def _counts(self, sponsor: Sponsor) -> bool:
        if (sponsor.organization, sponsor.person.id) in self.change.sponsors_removed:
            return False
        is_deleted = self.deleted.get(sponsor.organization, sponsor.is_deleted)
        state, fact = self._state_after(sponsor.person), self._fact_after(sponsor.person)
        return _counts_in(sponsor, state, fact, self.after, is_deleted)

    def _invitations(self) -> Iterator[InvitationImpact]:
        for each in self.population.invited:
            worked = not self.before.outcome(each.address, self._fact_before(each)).is_stopped
            works = self._state_after(each) == "invited" and not (
                self.after.outcome(each.address, self._fact_after(each)).is_stopped
            )
            if worked != works:
                yield InvitationImpact(each.address.text, stops=worked)

    def _packages(self) -> Iterator[str]:
        after = {package.id: package for package in self.after.packages}
        stay = self.population.populated - {policy.id for _package, policy in self.change.policies}
        was = self.population.populated | _naming_somebody(self.before)
        will = stay | _naming_somebody(self.after)
        for package in self.before.packages:
            left = after.get(package.id)
            is_left = left is not None and can_anybody_request(left, will)
            if can_anybody_request(package, was) and not is_left:
                yield package.name

    def _policies(self) -> Iterator[str]:
        return iter(self.change.policies_emptied)

    def _tests(self) -> Iterator[TestImpact]:
        people = {each.address.text: each for each in self.population.test_people}
        by_mailbox = {each.address.mailbox: each for each in self.population.test_people}
        for test in self.population.tests:
            known = people.get(test.address.text)
            other = by_mailbox.get(test.address.mailbox)
            was = PersonFact(
                _kind(known, known.state) if known else None,
                bool(other and other.is_mailbox_blocked),
            )
            will = PersonFact(
                _kind(known, self._state_after(known)) if known else None,
                bool(other and self._is_blocked_after(other)),
            )
            answer = answer_about(self.after, test, will)
            if (
                answer_about(self.before, test, was).allowed == test.expects_allowed
                and answer.allowed != test.expects_allowed
            ):
                yield TestImpact(test.id, test.name, answer.deciding.text)

    # People's accounts

    def _state_after(self, each: Someone) -> str:
        return self.states.get(each.id, each.state)

    def _fact_before(self, each: Someone) -> PersonFact:
        return PersonFact(_kind(each, each.state), each.is_mailbox_blocked)

    def _fact_after(self, each: Someone) -> PersonFact:
        return PersonFact(_kind(each, self._state_after(each)), self._is_blocked_after(each))

    def _is_blocked_after(self, each: Someone) -> bool:
        """Return whether any account of the mailbox is blocked then; all of a changed mailbox are
        among the people.
        """
        accounts = self.changed_mailboxes.get(each.address.mailbox)
        if accounts is None:
            return each.is_mailbox_blocked
        return any(self._state_after(other) == "blocked" for other in accounts)


def _changed_mailboxes(change: Change, people: Iterable[Someone]) -> dict[str, list[Someone]]:
    """Return every account of the mailboxes of which one changes."""
    people = tuple(people)
    changed = dict(change.people)
    mailboxes = {each.address.mailbox for each in people if each.id in changed}
    return {
        mailbox: [each for each in people if each.address.mailbox == mailbox]
        for mailbox in mailboxes
    }


def _naming_somebody(world: World) -> frozenset[str]:
    """Return the policies that name an organization with a claim in this world, not deleted."""
    deleted = {claim.organization_id: claim.organization_deleted for claim in world.claims}
    return frozenset(
        policy.id
        for package in world.packages
        for policy in package.policies
        if any(not deleted.get(key, True) for key in policy.organization_ids)
    )


def _kind(each: Someone, state: str) -> str | None:
    return each.kind if state in KNOWN else None


def _probes(domain: str) -> Iterator[tuple[Address, bool]]:
    """Yield an address at the domain and one beneath it, where anybody can have one."""
    for name, is_beneath in ((domain, False), (name_beneath(domain), True)):
        try:
            yield canonical_email(f"somebody@{name}"), is_beneath
        except Refused:
            continue


def _organization(outcome: Outcome) -> str:
    claim = outcome.organization
    if claim is None:
        return ""
    return f"{claim.organization_name}{DELETED * claim.organization_deleted}"


def _counts_in(
    sponsor: Sponsor, state: str, fact: PersonFact, world: World, is_deleted: bool
) -> bool:
    """Return whether the sponsor counts (product rule 36), asked with what holds in that world."""
    person = sponsor.person
    domain = person.address.domain
    return is_counted(
        SponsorFact(
            sponsor.kind,
            person.label,
            person.address.text,
            domain,
            person.kind,
            state,
            sponsor.organization,
            is_mailbox_blocked=fact.is_blocked,
            claim=world.membership(domain),
            is_domain_blocked=world.is_listed_blocked(domain),
            is_organization_deleted=is_deleted,
        )
    )


def answer_about(world: World, test: SavedQuestion, person: PersonFact) -> Eligibility:
    """Return the answer to a saved test."""
    facts = world.facts(test.address, person)
    if not test.package:
        return decide_for_any(facts, world.packages)
    package = next((each for each in world.packages if each.id == test.package), None)
    return decide(replace(facts, package_asked=True, package=package, package_typed=test.package))
