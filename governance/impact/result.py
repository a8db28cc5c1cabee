"""What a change would do, in one shape for every kind of change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ..rules.fingerprints import fingerprint
from .sentences import Line, lines_of

DELETED = " (deleted)"  # after the name of an organization that is


@dataclass(frozen=True, slots=True)
class Access:
    """An access package that somebody can request, and whether a request needs approval."""

    package: str
    needs_approval: bool

    def __str__(self):
        return f"{self.package} ({'needs' if self.needs_approval else 'no'} approval)"


@dataclass(frozen=True, slots=True)
class Difference:
    """How the answer about somebody differs: packages gained and lost, packages whose approval
    changes (as they would be), and the organization that they belong to before and after.
    """

    gains: tuple[Access, ...] = ()
    loses: tuple[Access, ...] = ()
    approval: tuple[Access, ...] = ()
    before: str = ""
    after: str = ""

    @property
    def moves(self) -> bool:
        """Whether they belong to another organization afterwards, or to one or none."""
        return self.before != self.after

    @property
    def is_same_organization(self) -> bool:
        """Whether they stay with an organization that is deleted or restored."""
        shorter, longer = sorted((self.before, self.after), key=len)
        return bool(shorter) and longer == f"{shorter}{DELETED}"

    def __bool__(self):
        return bool(self.gains or self.loses or self.approval or self.moves)


@dataclass(frozen=True, slots=True)
class PersonImpact:
    """Somebody who is known here, for whom the answer differs."""

    id: int
    name: str
    email: str
    difference: Difference


@dataclass(frozen=True, slots=True)
class DomainImpact:
    """Anyone with an address at the domain, known here or not, for whom the answer differs.

    `is_beneath`: at its subdomains, except those in `exceptions`, for which it is not the same.
    `organization` is whose claim covers it afterwards, or before.
    """

    domain: str
    is_beneath: bool
    organization: str
    difference: Difference
    exceptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupImpact:
    """Everyone of a kind, known here or not: `who` is the subject of the sentence."""

    who: str
    difference: Difference


@dataclass(frozen=True, slots=True)
class SponsorImpact:
    """A sponsor who stops counting, or counts again; `left` is how many sponsors of the
    organization count afterwards.
    """

    id: int
    name: str
    organization: str
    stops: bool
    left: int


@dataclass(frozen=True, slots=True)
class InvitationImpact:
    """An open invitation that stops working, or works again."""

    email: str
    stops: bool


@dataclass(frozen=True, slots=True)
class TestImpact:
    """A saved what-if test that holds now and would not, with the sentence that decides then."""

    id: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class AccessImpact:
    """People with existing access who get access to something more, or lose it.

    `what` stands within a sentence, such as "the group CAD readers".
    """

    what: str
    gains: bool
    people: tuple[str, ...]
    number: int


@dataclass(frozen=True)
class Impact:
    """Everything that differs.

    `packages` can be requested by nobody afterwards, and could be before; `policies` name no
    organization afterwards; `access_ended` and `requests_withdrawn` are addresses with the package.
    `requests_kept` is how many open requests keep the stages and the length of access that they
    were submitted with, while these change for new requests. `gaps` are sentences about stages that
    nobody could decide afterwards, and somebody could before.
    `is_partial`: more people or domains are concerned than were asked
    about, so that numbers are the least that they are.
    """

    people: tuple[PersonImpact, ...] = ()
    domains: tuple[DomainImpact, ...] = ()
    groups: tuple[GroupImpact, ...] = ()
    sponsors: tuple[SponsorImpact, ...] = ()
    invitations: tuple[InvitationImpact, ...] = ()
    packages: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    tests: tuple[TestImpact, ...] = ()
    access_ended: tuple[str, ...] = ()
    requests_withdrawn: tuple[str, ...] = ()
    is_partial: bool = False
    requests_kept: int = 0
    access: tuple[AccessImpact, ...] = ()
    gaps: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs for anybody."""
        return not (
            self.people
            or self.domains
            or self.groups
            or self.sponsors
            or self.invitations
            or self.packages
            or self.policies
            or self.tests
            or self.requests_kept
            or self.access
            or self.access_ended
            or self.requests_withdrawn
            or self.gaps
        )

    @cached_property
    def fingerprint(self) -> str:
        """Equal for the same impact, empty for none:
        what a second press of the button has to name.
        """
        if self.is_empty:
            return ""
        parts = (self.people, self.domains, self.groups, self.sponsors, self.invitations)
        ends = (self.access_ended, self.requests_withdrawn, self.requests_kept, self.gaps)
        rest = (self.packages, self.policies, self.tests, self.access, *ends, self.is_partial)
        return fingerprint((*parts, *rest))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """What it says in plain English, one sentence a line."""
        return lines_of(self)
