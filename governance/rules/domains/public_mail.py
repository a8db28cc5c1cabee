"""Mail services where anyone can get an address, and mailboxes that are no one person's (product
rules 12 and 29).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from disposable_email_domains import blocklist

from .. import email_domains

_SEPARATORS = str.maketrans("", "", ".-_")
_DATA = Path(__file__).parent / "data"


def is_public_mail(name: str) -> bool:
    """Whether anyone can get an address at the canonical name: a consumer or throw-away service, or
    beneath one.
    """
    return any(
        parent in consumer_names() or parent in blocklist for parent in email_domains.parents(name)
    )


def is_shared_mailbox(local: str) -> bool:
    """Whether the part before the @ names a function (support, info, postmaster ...) and so may be
    read by many.

    Dots, hyphens and underscores are ignored: no.reply, no_reply and noreply are one function.
    """
    return _without_separators(email_domains.without_tag(local)) in _shared_functions()


@lru_cache(maxsize=1)
def consumer_names() -> frozenset[str]:
    """Return the domains at which anybody gets an address, by a dated list."""
    return _words("consumer_mail_2026_11.txt")


@lru_cache(maxsize=1)
def shared_locals() -> frozenset[str]:
    """The local parts of the list as they are written there."""
    return _words("shared_mailboxes_2026_11.txt")


@lru_cache(maxsize=1)
def _shared_functions() -> frozenset[str]:
    return frozenset(_without_separators(local) for local in shared_locals())


def _without_separators(local: str) -> str:
    return local.translate(_SEPARATORS)


def _words(file: str) -> frozenset[str]:
    lines = (_DATA / file).read_text().splitlines()  # ASCII, as all canonical names
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
