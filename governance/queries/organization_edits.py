"""What somebody is editing about an organization."""

from __future__ import annotations

from ..models import Draft, Organization, Person
from ..rules.organizations import source_as_json
from .organization_pages import sources_as_chosen


def edit_draft(author: Person, organization: Organization) -> Draft:
    """The person's open edit of the sources at this version; an unsaved one, as the organization is now, when there is none."""
    draft = Draft.objects.filter(author=author, edits=organization, edits_version=organization.version).first()
    if draft:
        return draft
    answers = {"directories": {"sources": [source_as_json(source) for source in sources_as_chosen(organization)]}}
    return Draft(author=author, edits=organization, edits_version=organization.version, answers=answers)
