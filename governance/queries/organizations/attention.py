"""What needs attention about a connected organization, each with the pages that fix it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from ...facts.domain_list.verdicts import Verdict
from ...rules.domain_list import ListRuleFact
from ...rules.wording import joined, plural

NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Link:
    """A page, of the object `key` if any, and the permission that it needs."""

    page: str
    label: str
    needs: str
    key: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class Attention:
    """A sentence, and links of which a viewer gets the first that they may follow."""

    text: str
    links: tuple[Link, ...]


def configure_link(organization_key: str) -> Link:
    """Return the link to the page that configures the organization."""
    return Link(
        "organization_edit_basics",
        "Configure",
        "change_organization",
        organization_key,
        "?state=configured",
    )


def sponsors_link(organization_key: str) -> Link:
    """Return the link to the page that adds sponsors to the organization."""
    return Link("organization_sponsors", "Add a sponsor", "change_organization", organization_key)


def blocked_attention(blocked: Iterable[Verdict]) -> Iterator[Attention]:
    """Yield one item for each rule that blocks some of the domains, and one for the default."""
    by_rule: dict[ListRuleFact | None, list[str]] = {}
    for verdict in blocked:
        by_rule.setdefault(verdict.rule, []).append(verdict.name)
    for rule, names in by_rule.items():
        yield Attention(_blocked_text(rule, names), _list_links(rule, names))


def _blocked_text(rule: ListRuleFact | None, names: list[str]) -> str:
    shown = f"{joined(names, shown=NAMES_SHOWN)} {plural(len(names), 'is', 'are')} blocked"
    if rule is None:
        return f"{shown}: the allow and deny list blocks domains without a rule."
    return f"{shown} by the allow and deny list."


def _list_links(rule: ListRuleFact | None, names: list[str]) -> tuple[Link, ...]:
    fix = (
        Link("domain_list_rule", "Change the rule", "change_list", rule.key)
        if rule
        else Link(
            "domain_list_add",
            "Add a rule",
            "change_list",
            query=f"?{urlencode({'names': chr(10).join(names), 'effect': 'allow'})}",
        )
    )
    found = urlencode({"q": rule.name if rule else names[0]})
    return fix, Link("domain_list", "Open the list", "view_listrule", query=f"?{found}")
