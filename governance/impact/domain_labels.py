"""Domains in a sentence: each one once, with the subdomains that share its impact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ..rules.email_domains import parents
from ..rules.wording import joined

if TYPE_CHECKING:
    from .result import DomainImpact

EXCEPTIONS_SHOWN = 3
WORDS = {frozenset({False}): "{}", frozenset({True}): "subdomains of {}"}


def labels_of(domains: Iterable[DomainImpact]) -> list[str]:
    """Return how to name domains that share one impact, such as "a.example and its subdomains".

    A domain that the subdomains of another one include is left out. Subdomains that do not share
    the impact are named as exceptions.
    """
    places: dict[str, set[bool]] = defaultdict(set)
    exceptions: dict[str, tuple[str, ...]] = {}
    for each in domains:
        places[each.domain].add(each.is_beneath)
        if each.is_beneath:
            exceptions[each.domain] = each.exceptions
    return [
        WORDS.get(frozenset(which), "{} and its subdomains").format(domain)
        + _except(exceptions.get(domain, ()))
        for domain, which in places.items()
        if not _is_included(domain, which, exceptions)
    ]


def _is_included(domain: str, which: set[bool], exceptions: dict[str, tuple[str, ...]]) -> bool:
    """Return whether the subdomains of another domain of the group say the same about this one."""
    chain = parents(domain)
    return len(which) == 2 and any(
        above in exceptions and not set(chain) & set(exceptions[above]) for above in chain[1:]
    )


def _except(names: tuple[str, ...]) -> str:
    if not names:
        return ""
    if len(names) > EXCEPTIONS_SHOWN:
        return f" (except {len(names):,} of them)"
    return f" (except {joined(names)})"


def exceptions_to(impacts: Iterable[DomainImpact], asked: Iterable[str]) -> dict[str, list[str]]:
    """Return, by domain, the subdomains asked about
    for which its subdomains' impact does not hold.
    """
    at = {(each.domain, each.is_beneath): each.difference for each in impacts}
    found: dict[str, list[str]] = defaultdict(list)
    for domain in asked:
        for above, difference in _said_above(domain, at):
            if (at.get((domain, False)), at.get((domain, True))) != (difference, difference):
                found[above].append(domain)
    return found


def _said_above(domain: str, at: dict) -> Iterator[tuple[str, object]]:
    for above in parents(domain)[1:]:
        if difference := at.get((above, True)):
            yield above, difference
