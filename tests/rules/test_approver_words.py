"""What approvers read, and which requests are alike."""

import pytest

from governance.rules.access_packages.stages import (
    EXTERNAL_SPONSORS,
    INTERNAL_SPONSORS,
    NAMED_PEOPLE,
    Stage,
)
from governance.rules.access_requests.alike import require_alike
from governance.rules.access_requests.approval import (
    ALTERNATE,
    FALLBACK,
    NAMED,
    PARTS,
    SPONSOR,
    Candidate,
    Decider,
)
from governance.rules.access_requests.approver_words import (
    EVENT_WORDS,
    PAST_WORDS,
    consequence_words,
    done_words,
    part_words,
)
from governance.rules.access_requests.transitions import APPROVED, DENIED, EVENTS, PENDING
from governance.rules.decision import Refused

EVA = Candidate(1, "eva", "Eva", "eva@x.example")


def part(part: str, approvers: str = EXTERNAL_SPONSORS, instead_of: str = "") -> str:
    return part_words(Decider(EVA, part, instead_of), Stage(approvers), "Fabrikam")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (part(SPONSOR), "You decide as an external sponsor of Fabrikam."),
        (part(SPONSOR, INTERNAL_SPONSORS), "You decide as an internal sponsor of Fabrikam."),
        (part(NAMED, NAMED_PEOPLE), "You decide because the policy names you."),
        (
            part(FALLBACK),
            "You decide as the fallback, because too few of the approvers can decide.",
        ),
        (part(ALTERNATE), "You decide as an alternate, because nobody has decided yet."),
        (
            part(NAMED, NAMED_PEOPLE, "Sam"),
            "You decide because the policy names Sam. You decide for Sam, who is away.",
        ),
    ],
)
def test_approvers_read_why_they_are_asked(words, said):
    assert words == said


def test_there_are_words_for_every_part_and_every_event():
    assert len({part(each) for each in PARTS}) == len(PARTS)
    assert set(EVENTS) <= set(EVENT_WORDS)
    assert set(PAST_WORDS) <= set(EVENTS)


def consequence(left=0, is_last=True) -> str:
    return consequence_words(
        left=left, is_last=is_last, requester="Bob", package="Drawings", until="until Friday"
    )


def test_approvers_read_what_an_approval_leads_to():
    assert consequence() == "If you approve, Bob gets Drawings until Friday."
    assert consequence(is_last=False) == "If you approve, the approvers of the next stage decide."
    assert consequence(1) == "If you approve, 1 more approval will be needed in this stage."
    assert consequence(2) == "If you approve, 2 more approvals will be needed in this stage."


def done(outcome: str, state: str = APPROVED, *, moved_on=False, start="", seconds=60) -> str:
    return done_words(
        outcome, state=state, moved_on=moved_on, requester="Bob", start=start, seconds=seconds
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (done("approve"), "Approved. Access starts in 60 seconds."),
        (done("approve", seconds=1), "Approved. Access starts in 1 second."),
        (done("approve", start="on Friday"), "Approved. Access starts on Friday."),
        (
            done("approve", PENDING, moved_on=True),
            "Approved. The approvers of the next stage will be asked in 60 seconds.",
        ),
        (done("approve", PENDING), "Approved. This stage still needs more approvals."),
        (done("deny", DENIED), "Denied. Bob will be told in 60 seconds."),
        (
            done("send_back", "sent_back"),
            "Sent back. Bob will be asked for more information in 60 seconds.",
        ),
    ],
)
def test_approvers_read_what_a_decision_leads_to(words, said):
    assert words == said


def code_of(kinds) -> str:
    with pytest.raises(Refused) as refused:
        require_alike(kinds)
    return refused.value.code


def test_one_to_twenty_requests_of_one_package_and_policy_are_alike():
    require_alike([(1, 2)])
    require_alike([(1, 2)] * 20)


def test_what_cannot_be_decided_together_is_refused():
    assert code_of([]) == "none_selected"
    assert code_of([(1, 2)] * 21) == "too_many_selected"
    assert code_of([(1, 2), (1, 3)]) == "not_alike"
    assert code_of([(1, 2), (3, 2)]) == "not_alike"
