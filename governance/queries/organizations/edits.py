"""What somebody is editing about an organization."""

from __future__ import annotations

from collections.abc import Iterable

from ...facts.organizations.present_sources import sources_as_chosen
from ...models import Draft, Organization, Person
from ...rules.organizations import NewSource, source_as_json


def edit_draft(author: Person, organization: Organization) -> Draft:
    """The person's open edit of the sources; an unsaved one, as the organization is now, when there
    is none.
    """
    draft = Draft.objects.filter(author=author, edits=organization).order_by("-id").first()
    return draft or Draft(
        author=author,
        edits=organization,
        edits_version=organization.version,
        answers=edit_answers(sources_as_chosen(organization)),
    )


def edit_answers(sources: Iterable[NewSource]) -> dict:
    """What an edit of these sources starts from, and what it is to make of them."""
    answers = [source_as_json(source) for source in sources]
    return {"base": answers, "directories": {"sources": answers}}


def is_stale(draft: Draft, organization: Organization) -> bool:
    """Whether somebody saved other sources since the edit began."""
    return draft.answers.get("base") != edit_answers(sources_as_chosen(organization))["base"]
