"""What makes a name dangerous to claim: all that asks the public suffix list, public mail and
look-alikes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from importlib.metadata import version

from .. import email_domains
from ..decision import Reason
from . import public_suffix
from .look_alike import (
    display_domain,
    look_alike,
    look_alike_skeleton,
    mixes_scripts,
    neighbouring_skeletons,
)
from .public_mail import is_public_mail, is_shared_mailbox, shared_locals
from .public_suffix import (
    is_public_suffix,
    is_shared_tenant_root,
    registrable_domain,
    suffix_section,
)

__all__ = [
    "can_cover_subdomains",
    "claim_refusal",
    "covers",
    "data_dates",
    "display_domain",
    "is_private_suffix",
    "is_public_mail",
    "is_public_suffix",
    "is_shared_mailbox",
    "is_shared_tenant_root",
    "look_alike",
    "look_alike_skeleton",
    "mixes_scripts",
    "neighbouring_skeletons",
    "own_name_above",
    "registrable_domain",
    "shared_locals",
    "stored",
    "suffix_section",
]


def claim_refusal(name: str, own_names: Iterable[str]) -> Reason | None:
    """Why nobody can claim the canonical name, whoever asks (product rules 5 and 11); None when
    somebody might.
    """
    if own := own_name_above(name, own_names):
        text = (
            f"{name} is one of your domains. Connected organizations are for other organizations."
        )
        return Reason(
            "own_name",
            text
            if own == name
            else f"{name} is a subdomain of {own}, which is one of your domains.",
            field="sources",
        )
    if is_shared_tenant_root(name):
        text = (
            f"Many organizations share {name}."
            f" Enter the partner's own domain, such as partner.{name}"
        )
        return Reason("shared_tenant_root", text, field="sources")
    if suffix_section(name) == "icann":
        text = (
            f"{name} is a public suffix: anyone can register a domain under it."
            f" Enter the partner's own domain, such as partner.{name}"
        )
        return Reason("icann_suffix", text, field="sources")
    return None


def covers(claimed: str, covers_subdomains: bool, name: str) -> bool:
    """Return whether a claim covers a name (rules 10 and 12).

    Of a public mail service a claim covers the claimed name only, because the tick that accepts the
    service was made beside that name.
    """
    if name != claimed and is_public_mail(claimed):
        return False
    return public_suffix.covers(claimed, covers_subdomains, name)


def can_cover_subdomains(name: str) -> bool:
    """Return whether a claim on the name can cover anything beneath it."""
    return covers(name, True, email_domains.name_beneath(name))


def stored(name: str) -> dict[str, str]:
    """The canonical name with what is stored beside it to find it by: its key, and its skeleton for
    names that imitate it.
    """
    return {"name": name, "key": email_domains.key(name), "skeleton": look_alike_skeleton(name)}


def own_name_above(name: str, own_names: Iterable[str]) -> str | None:
    """The one of our own names at or above the canonical name."""
    ours = frozenset(own_names)
    return next((parent for parent in email_domains.parents(name) if parent in ours), None)


def is_private_suffix(name: str) -> bool:
    """A suffix that one organization keeps for its customers or members: it can be claimed for
    itself alone.
    """
    return suffix_section(name) == "private"


def data_dates() -> dict[str, date]:
    """When the packaged lists were made."""
    return {
        "public suffixes": date.fromisoformat(version("publicsuffixlist").rpartition(".")[2]),
        "consumer mail services": date(2026, 11, 1),
        "shared mailboxes": date(2026, 11, 1),
        "throw-away mail services": date(2026, 11, 1),
        "confusable characters": date(2026, 9, 10),
    }
