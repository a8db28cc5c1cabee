"""Unfinished answers: kept as typed, one row each, its author's alone, and no event."""

from __future__ import annotations

from uuid import uuid4

import pytest

from governance.actions import drafts
from governance.facts.organizations.present_sources import sources_as_chosen
from governance.models import AuditEvent, Draft
from governance.queries.connecting.drafts import (
    KEPT_FOR,
    draft_of,
    pane_sources_of,
    put_pane_sources,
    put_sources,
    sources_of,
    sources_with_pane,
    unfinished,
)
from governance.rules.organizations import NewSource
from tests import make

pytestmark = pytest.mark.django_db
DIRECTORY = NewSource(
    "pumpworks.example",
    uuid4(),
    "Pumpworks AG",
    "pumpworks.directory.example",
    ("pw.example",),
    False,
    True,
)


@pytest.fixture
def own(ada):
    """What every change of Ada's draft is given."""
    return {"author": ada, "uuid": uuid4(), "at": make.NOON}


def row(own) -> Draft:
    return Draft.objects.get(uuid=own["uuid"])


def select(own, *sources) -> None:
    for source in sources:
        drafts.put_in_pane(source=source, **own)
    drafts.select_pane(**own)


def typed(sources) -> list[str]:
    return [source.typed_name for source in sources]


def test_the_first_thing_typed_makes_the_row(own):
    drafts.save_answers(step="basics", given={"name": "Contoso"}, is_valid=None, **own)
    assert (row(own).author, row(own).answers, row(own).started_at) == (
        own["author"],
        {"basics": {"name": "Contoso"}},
        make.NOON,
    )


def test_answers_of_a_step_are_kept_besides_each_other_and_its_mark(own):
    drafts.save_answers(step="basics", given={"name": "Contoso"}, is_valid=False, **own)
    drafts.save_answers(step="basics", given={"description": "Contract"}, is_valid=None, **own)
    drafts.save_answers(step="sponsors", given={"internal": []}, is_valid=True, **own)
    assert row(own).answers == {
        "basics": {"name": "Contoso", "description": "Contract"},
        "sponsors": {"internal": []},
        "checked": {"basics": False, "sponsors": True},
    }


def test_what_another_tab_saved_since_the_draft_was_read_stays(own):
    drafts.save_answers(step="basics", given={"name": "Contoso"}, is_valid=True, **own)
    read = row(own)
    select(own, NewSource("contoso.example"))
    saved = drafts.save_answers(
        step="basics", given={"name": "Contoso AG"}, is_valid=None, read=read, **own
    )
    assert row(own).answers == saved.answers
    assert saved.answers["basics"] == {"name": "Contoso AG"}
    assert typed(sources_of(saved)) == ["contoso.example"]


def test_a_draft_that_another_tab_began_since_it_was_read_is_added_to(own):
    read = draft_of(own["author"], own["uuid"])
    drafts.save_answers(step="basics", given={"name": "Contoso"}, is_valid=True, **own)
    drafts.put_in_pane(source=DIRECTORY, read=read, **own)
    assert (row(own).answers["basics"], pane_sources_of(row(own))) == (
        {"name": "Contoso"},
        (DIRECTORY,),
    )


def test_a_draft_that_was_discarded_since_it_was_read_begins_anew(own):
    drafts.save_answers(step="basics", given={"name": "Contoso"}, is_valid=True, **own)
    read = row(own)
    drafts.discard(author=own["author"], uuid=own["uuid"])
    drafts.put_in_pane(source=DIRECTORY, read=read, **own)
    assert (row(own).answers, pane_sources_of(row(own))) == ({}, (DIRECTORY,))


def test_every_save_is_later_than_the_one_before(own):
    moments = [
        drafts.save_answers(step="basics", given={}, is_valid=None, **own).saved_at for _ in "abc"
    ]
    assert (moments[0], sorted(set(moments))) == (make.NOON, moments)


def test_a_source_comes_out_of_the_row_as_it_went_in(own):
    select(own, DIRECTORY)
    assert sources_of(row(own)) == (DIRECTORY,)


def test_the_pane_is_a_working_copy_until_it_is_selected(own):
    select(own, NewSource("contoso.example"))
    drafts.put_in_pane(source=NewSource("contoso.test"), **own)
    assert (typed(sources_of(row(own))), typed(pane_sources_of(row(own)))) == (
        ["contoso.example"],
        ["contoso.example", "contoso.test"],
    )
    drafts.select_pane(**own)
    assert typed(sources_of(row(own))) == ["contoso.example", "contoso.test"]


def test_a_source_is_in_the_pane_once(own):
    for _ in range(2):
        drafts.put_in_pane(source=DIRECTORY, **own)
    assert pane_sources_of(row(own)) == (DIRECTORY,)


def test_a_discarded_pane_leaves_what_was_chosen(own):
    select(own, NewSource("contoso.example"))
    drafts.take_from_pane(identity="contoso.example", **own)
    drafts.discard_pane(**own)
    assert typed(pane_sources_of(row(own))) == ["contoso.example"]


def test_an_emptied_pane_can_be_selected(own):
    select(own, NewSource("contoso.example"))
    drafts.take_from_pane(identity="contoso.example", **own)
    drafts.select_pane(**own)
    assert sources_of(row(own)) == ()


def test_subdomains_are_switched_by_identity(own):
    select(own, NewSource("contoso.example"), DIRECTORY)
    drafts.change_sources(on=[DIRECTORY.identity, "nonsense"], off=["contoso.example"], **own)
    assert [source.covers_subdomains for source in sources_of(row(own))] == [False, True]


def test_a_source_that_is_not_named_stays_as_it_is(own):
    select(own, NewSource("contoso.example"), DIRECTORY)
    drafts.change_sources(on=["contoso.example"], off=[], **own)
    assert [source.covers_subdomains for source in sources_of(row(own))] == [True, False]


def test_what_another_tab_did_to_the_step_since_the_pane_was_opened_stays_done(own):
    select(own, *(NewSource(f"{name}.example") for name in "abc"))
    drafts.put_in_pane(source=NewSource("d.example"), **own)
    drafts.take_from_pane(identity="b.example", **own)
    drafts.change_sources(on=[], off=["a.example"], **own)
    drafts.change_sources(removed="c.example", **own)
    drafts.select_pane(**own)
    sources = sources_of(row(own))
    assert typed(sources) == ["a.example", "d.example"]
    assert [source.covers_subdomains for source in sources] == [False, True]


def test_a_source_that_came_to_the_step_since_the_pane_was_opened_stays(own):
    draft = Draft(author=own["author"], uuid=own["uuid"])
    put_pane_sources(draft, [NewSource("contoso.example")])
    put_sources(draft, [NewSource("later.example")])
    assert typed(sources_with_pane(draft)) == ["later.example", "contoso.example"]


def test_a_source_that_was_removed_and_added_in_the_pane_comes_from_the_pane(own):
    select(own, NewSource("contoso.example"))
    drafts.take_from_pane(identity="contoso.example", **own)
    again = NewSource("contoso.example", public_mail_accepted=True)
    drafts.put_in_pane(source=again, **own)
    drafts.select_pane(**own)
    assert sources_of(row(own)) == (again,)


def test_sponsors_are_added_and_removed_one_by_one(own):
    first, second, third = uuid4(), uuid4(), uuid4()
    drafts.change_sponsors(kind="internal", added=[first, second], **own)
    drafts.change_sponsors(kind="external", added=[first], **own)
    drafts.change_sponsors(kind="internal", added=[third, second], removed=[first], **own)
    assert row(own).answers["sponsors"] == {
        "internal": [str(second), str(third)],
        "external": [str(first)],
    }


def test_drafts_are_discarded_together_and_counted(own, ada):
    keys = [uuid4(), uuid4()]
    for key in keys:
        drafts.save_answers(step="basics", given={}, is_valid=None, **own | {"uuid": key})
    assert drafts.discard_all(author=ada, uuids=[*keys, uuid4()]) == 2


def test_a_directory_names_the_draft_unless_a_name_was_typed(own):
    select(own, DIRECTORY)
    assert row(own).answers["basics"] == {"name": "Pumpworks AG"}


def test_an_edit_gives_way_to_the_same_persons_next_edit_and_is_no_unfinished_draft(
    ada, own, fabrikam
):
    for _ in range(2):
        draft = drafts.begin_edit(
            author=ada, organization=fabrikam, sources=sources_as_chosen(fabrikam), at=make.NOON
        )
    assert (list(Draft.objects.all()), list(unfinished(ada, make.NOON))) == ([draft], [])
    assert (draft.edits_version, typed(sources_of(draft))) == (
        fabrikam.version,
        ["fabrikam.example"],
    )


CHANGES = {
    "answers": lambda **own: drafts.save_answers(step="basics", given={}, is_valid=None, **own),
    "subdomains": lambda **own: drafts.change_sources(on=[], off=[], **own),
    "remove": lambda **own: drafts.change_sources(removed="contoso.example", **own),
    "put": lambda **own: drafts.put_in_pane(source=DIRECTORY, **own),
    "take": lambda **own: drafts.take_from_pane(identity="contoso.example", **own),
    "select": drafts.select_pane,
    "sponsors": lambda **own: drafts.change_sponsors(kind="internal", added=[uuid4()], **own),
    "discard pane": drafts.discard_pane,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_nobody_changes_the_draft_of_somebody_else(change, own, uma):
    select(own, NewSource("contoso.example"))
    before = Draft.objects.values().get()
    for read in (None, row(own)):
        with pytest.raises(PermissionError):
            change(**own | {"author": uma, "read": read})
    drafts.discard(author=uma, uuid=own["uuid"])
    drafts.discard_all(author=uma, uuids=[own["uuid"]])
    assert Draft.objects.values().get() == before
    assert draft_of(uma, own["uuid"]) is None


def test_an_unfinished_draft_is_listed_for_thirty_days_and_for_its_author_alone(ada, uma, own):
    drafts.save_answers(step="basics", given={}, is_valid=None, **own)
    asked = [(ada, make.NOON), (uma, make.NOON), (ada, make.NOON + KEPT_FOR)]
    assert [len(unfinished(person, at)) for person, at in asked] == [1, 0, 0]


def test_drafts_leave_no_event(own):
    select(own, DIRECTORY)
    drafts.discard(author=own["author"], uuid=own["uuid"])
    assert (Draft.objects.count(), AuditEvent.objects.count()) == (0, 0)
