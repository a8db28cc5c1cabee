"""Names beneath which strangers register: the public suffix list, and tenant roots that it does not
know.
"""

from __future__ import annotations

from functools import lru_cache

import idna
from publicsuffixlist import PublicSuffixList

from .. import email_domains

# Each customer of these services gets a name beneath the root, and nobody has an address at the
# root itself. Names at which the service's own people have addresses (okta.com, zendesk.com) are
# not here: such a company can be a partner.
SHARED_TENANT_ROOTS = frozenset(
    {
        "onmicrosoft.com",
        "mail.onmicrosoft.com",
        "onmicrosoft.us",
        "onmicrosoft.de",
        "onmschina.cn",
        "partner.onmschina.cn",
        "sharepoint.com",
        "msappproxy.net",
        "oktapreview.com",
        "okta-emea.com",
        "atlassian.net",
        "my.salesforce.com",
        "test-google-a.com",
    }
)


def suffix_section(name: str) -> str | None:
    """Answers "icann" or "private" when the canonical name is itself a public suffix, None when it
    is not.
    """
    if not is_public_suffix(name):
        return None
    return "icann" if _lists()["icann"].publicsuffix(name) == name else "private"


def is_public_suffix(name: str) -> bool:
    """Return whether domains are registered right beneath the domain, by the Public Suffix List."""
    return _lists()["all"].publicsuffix(name) == name


def is_shared_tenant_root(name: str) -> bool:
    """Return whether customers of one service get domains right beneath the domain."""
    return name in SHARED_TENANT_ROOTS


def registrable_domain(name: str) -> str | None:
    """The public suffix or shared tenant root and one label more: what one owner has.

    None for a suffix or root itself.
    """
    above = email_domains.parents(name)
    stop = next(
        index for index, parent in enumerate(above) if is_stop(parent)
    )  # the last label always is one
    return above[stop - 1] if stop else None


@lru_cache(maxsize=8192)
def is_stop(name: str) -> bool:
    """Whether a claim above reaches no further down than this name: strangers register beneath it
    (product rule 10).
    """
    return is_public_suffix(name) or is_shared_tenant_root(name)


def covers(claimed: str, covers_subdomains: bool, name: str) -> bool:
    """Whether a claim covers a name: its own, and with subdomains those beneath, down to any public
    suffix between (rule 10).
    """
    if name == claimed:
        return True
    if not covers_subdomains or not email_domains.is_beneath(name, claimed):
        return False
    above = email_domains.parents(name)
    between = above[: above.index(claimed) + 1]
    return not any(is_stop(stop) for stop in between)


@lru_cache(maxsize=1)
def _lists() -> dict[str, PublicSuffixList]:
    """The packaged list twice: whole, and its ICANN section alone."""
    return {"all": _in_a_labels(only_icann=False), "icann": _in_a_labels(only_icann=True)}


def _in_a_labels(*, only_icann: bool) -> PublicSuffixList:
    """The list writes some rules in Unicode; compared with A-labels as they stand, four of its own
    tests come out wrong.
    """
    suffixes = PublicSuffixList(only_icann=only_icann)
    suffixes._publicsuffix = frozenset(_rule_in_a_labels(rule) for rule in suffixes._publicsuffix)
    return suffixes


def _rule_in_a_labels(rule: str) -> str:
    exception = "!" if rule.startswith("!") else ""
    parts = email_domains.labels(rule.removeprefix("!"))
    return exception + ".".join(
        part if part.isascii() else idna.alabel(part).decode() for part in parts
    )
