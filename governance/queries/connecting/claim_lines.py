"""What new sources would claim, in sentences to read before they are saved (product rule 12)."""

from __future__ import annotations

from collections.abc import Iterable

from ...facts.organizations.source_changes import SourceChanges
from ...facts.organizations.source_guards import names_to_claim
from ...models import Claim
from ...rules.organizations import NewSource
from ...rules.roles import Actor
from ...rules.wording import plural


def claim_lines(
    shown: Iterable[NewSource],
    *,
    by: Actor,
    sources: Iterable[NewSource],
    own_organization: str = "",
    going: frozenset[str] = frozenset(),
) -> tuple[str, ...]:
    """Return a line for each directory of `shown`: its name, its initial domain, what it claims.

    `sources` are all that get domains by the same change, which decides who gets which; `going` are
    domains that the organization gives up by it. A domain by itself claims what was typed and
    needs no line.
    """
    given = names_to_claim(sources, by, own_organization=own_organization, going=going)
    return tuple(
        _line(source, [name for name, owner in given.items() if owner == source])
        for source in shown
        if source.directory_id
    )


def claim_lines_of_changes(
    shown: Iterable[NewSource], changes: SourceChanges, *, by: Actor, own_organization: str
) -> tuple[str, ...]:
    """Return the lines for an organization that exists, whose sources change as `changes` says."""
    released = Claim.objects.present().filter(source_id__in=changes.removed)
    return claim_lines(
        shown,
        by=by,
        sources=(*changes.added, *(source for _row, source in changes.accepted)),
        own_organization=own_organization,
        going=changes.dropped | frozenset(released.values_list("name", flat=True)),
    )


def _line(source: NewSource, claimed: list[str]) -> str:
    only = plural(len(claimed), "this domain only", "these domains only")
    breadth = "including subdomains" if source.covers_subdomains else only
    what = f"{', '.join(claimed)}, {breadth}" if claimed else "no domains"
    return (
        f"Directory: {source.directory_name}, initial domain {source.initial_domain}."
        f" It would claim: {what}."
    )
