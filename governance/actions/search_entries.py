"""Keeping what an organization is found and filtered by in the list."""

from __future__ import annotations

from ..models import Organization, SearchEntry, Source, Sponsorship
from ..rules import domain_guards
from ..rules.names import name_key

_SIGN_IN = {
    frozenset({Source.Kind.DIRECTORY}): Organization.SignIn.DIRECTORY,
    frozenset({Source.Kind.DIRECTORY, Source.Kind.DOMAIN}): Organization.SignIn.BOTH,
}
_SPONSORED_BY = {
    frozenset(): Organization.SponsoredBy.NOBODY,
    frozenset({Sponsorship.Kind.INTERNAL}): Organization.SponsoredBy.INTERNAL,
    frozenset({Sponsorship.Kind.EXTERNAL}): Organization.SponsoredBy.EXTERNAL,
}


def refresh_search_entry(organization: Organization) -> None:
    """Rewrite it from what the organization is now. Called by every action that changes a name, a claim or a sponsor."""
    claims = organization.claims.present().values_list("name", flat=True)
    sponsors = list(organization.sponsorships.values_list("kind", "person__name", "person__email"))
    text = search_text(
        organization.name_key, claims, ((name, email) for _kind, name, email in sponsors)
    )
    SearchEntry.objects.update_or_create(organization=organization, defaults={"text": text})
    organization.sign_in = sign_in_by(organization.sources.present().values_list("kind", flat=True))
    organization.sponsored_by = sponsored_by(kind for kind, _name, _email in sponsors)
    organization.save(update_fields=["sign_in", "sponsored_by"])


def search_text(key: str, names, sponsors) -> str:
    """One line each, none twice: the folded name, the names on the network as they are and as people read them, the sponsors."""
    names = sorted(names)
    parts = [key, *names, *(domain_guards.display_domain(name) for name in names)]
    parts += [name_key(f"{name} {email}") for name, email in sponsors]
    return "\n".join(dict.fromkeys(parts))


def sign_in_by(kinds) -> str:
    return _SIGN_IN.get(frozenset(kinds), Organization.SignIn.PASSCODE)


def sponsored_by(kinds) -> str:
    return _SPONSORED_BY.get(frozenset(kinds), Organization.SponsoredBy.BOTH)
