"""Keeping what an organization is found and filtered by in the list."""

from __future__ import annotations

from collections.abc import Iterable

from ...models import Organization, SearchEntry, Source
from ...rules.domains import guards
from ...rules.names import name_key
from .membership import recount_sponsors

_SIGN_IN: dict[frozenset[str], str] = {
    frozenset({Source.Kind.DIRECTORY}): Organization.SignIn.DIRECTORY,
    frozenset({Source.Kind.DIRECTORY, Source.Kind.DOMAIN}): Organization.SignIn.BOTH,
}


def refresh_search_entry(organization: Organization) -> None:
    """Rewrite it from what the organization is now.

    Called by every action that changes a name, a claim or a sponsor.
    """
    claims = organization.claims.present().values_list("name", flat=True)
    sponsors = organization.sponsorships.values_list("person__name", "person__email")
    text = search_text(organization.name_key, claims, sponsors)
    SearchEntry.objects.update_or_create(organization=organization, defaults={"text": text})
    organization.sign_in = sign_in_by(organization.sources.present().values_list("kind", flat=True))
    organization.save(update_fields=["sign_in"])
    recount_sponsors(Organization.objects.filter(pk=organization.pk))
    organization.refresh_from_db(fields=["sponsored_by"])


def search_text(key: str, names: Iterable[str], sponsors: Iterable[tuple[str, str]]) -> str:
    """One line each, none twice: the folded name, the names on the network as they are and as
    people read them, the sponsors.
    """
    names = sorted(names)
    parts = [key, *names, *(guards.display_domain(name) for name in names)]
    parts += [name_key(f"{name} {email}") for name, email in sponsors]
    return "\n".join(dict.fromkeys(parts))


def sign_in_by(kinds: Iterable[str]) -> str:
    """Return how people of sources of these kinds sign in, as the list filters by it."""
    return _SIGN_IN.get(frozenset(kinds), Organization.SignIn.PASSCODE)
