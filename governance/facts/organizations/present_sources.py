"""The directories and domains that an organization has now, as somebody would choose them anew."""

from __future__ import annotations

from django.db.models import Prefetch

from ...models import Claim, Organization, Source
from ...rules.organizations import NewSource


def sources_as_chosen(organization: Organization) -> tuple[NewSource, ...]:
    """The organization's sources in the shape that the pane edits."""
    claims = Prefetch("claims", Claim.objects.present())
    return tuple(
        source_as_chosen(source)
        for source in organization.sources.present().order_by("id").prefetch_related(claims)
    )


def source_as_chosen(source: Source, *, covers_subdomains: bool | None = None) -> NewSource:
    """Return the source in that shape; `covers_subdomains` replaces what it has now."""
    names = tuple(claim.name for claim in source.claims.all() if claim.released_at is None)
    is_directory = source.kind == Source.Kind.DIRECTORY
    return NewSource(
        source.typed_name,
        source.directory_id,
        source.label if is_directory else "",
        source.initial_domain,
        tuple(name for name in names if name not in (source.typed_name, source.initial_domain))
        if is_directory
        else (),
        source.covers_subdomains if covers_subdomains is None else covers_subdomains,
        source.public_mail_accepted,
    )
