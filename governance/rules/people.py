"""What there is to choose from about people: their kinds and states, what they prefer, how they
prove who they are.
"""

from __future__ import annotations

from .decision import refuse
from .values import known_choice

MEMBER, GUEST = "member", "guest"
KINDS = (MEMBER, GUEST)
STATES = ("active", "invited", "blocked", "removed")
THEMES = ("", "light", "dark")
INVITATION_PURPOSES = (GUEST, MEMBER)
INTERNAL, EXTERNAL = "internal", "external"
SPONSOR_KINDS = (INTERNAL, EXTERNAL)
SECOND_FACTORS = ("authenticator app", "passkey", "recovery codes")


def known_sponsor_kind(kind: object) -> str:
    """Return the kind of sponsor, if there is such a one."""
    text = "Choose internal or external sponsors"
    return known_choice(kind, SPONSOR_KINDS, code="sponsor_kind_unknown", text=text, field="kind")


def known_theme(theme: object) -> str:
    """Return the theme, if there is such a one; "" follows the system."""
    return known_choice(
        theme, THEMES, code="theme_unknown", text="Choose a theme from the list", field="theme"
    )


def known_second_factor(method: object) -> str:
    """Return the way of proving who one is, if there is such a one."""
    text = "Choose a sign-in method from the list"
    return known_choice(
        method, SECOND_FACTORS, code="second_factor_unknown", text=text, field="method"
    )


def known_password(password: object) -> str:
    """Return the password if it is text that is not empty.

    How strong it is, Django's validators say.
    """
    if not isinstance(password, str) or not password:
        raise refuse("password_missing", "Enter a password", field="password")
    return password
