"""Short texts that are equal for equal things: a page says by one what it showed, a link is kept as
one.
"""

from __future__ import annotations

import hashlib


def fingerprint(value: object) -> str:
    """Of anything that is written alike when it is alike: texts, numbers, sorted tuples of them. 16
    hexadecimal digits.
    """
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]


def token_hash(token: str) -> str:
    """What is kept of the token in a mailed link:
    nobody who reads the tables can follow the link.
    """
    return hashlib.sha256(token.encode()).hexdigest()
