"""The shapes in which answers travel."""

import pytest

from governance.rules.decision import Decision, Reason, Ref, Refused, refuse, require

YES, NO, ALSO_NO = (
    Reason("fine", "Fine.", passed=True),
    Reason("shut", "Shut.", field="name"),
    Reason("late", "Late."),
)


def test_the_first_stop_decides():
    assert Decision(False, (YES, NO, ALSO_NO)).code == "shut"


def test_without_a_stop_the_last_step_decides():
    assert Decision(True, (NO.__class__("a", "A.", passed=True), YES)).code == "fine"


def test_further_stops_are_those_behind_the_first():
    assert [
        Decision(False, steps).further_stops for steps in ((YES,), (YES, NO), (NO, YES, ALSO_NO))
    ] == [(), (), (ALSO_NO,)]


def test_an_allowed_decision_is_handed_on():
    decision = Decision(True, (YES,))
    assert require(decision) is decision


def test_a_refused_decision_raises_what_stopped_it():
    with pytest.raises(Refused) as refused:
        require(Decision(False, (YES, NO, ALSO_NO)))
    assert (refused.value.reasons, str(refused.value), refused.value.code) == (
        (NO, ALSO_NO),
        "Shut.",
        "shut",
    )


def test_a_refusal_names_its_field_and_what_it_rests_on():
    ref = Ref("organization", "key", "Fabrikam")
    assert refuse("taken", "Taken.", field="name", refers_to=ref).reasons == (
        Reason("taken", "Taken.", False, "name", ref),
    )


def test_a_refusal_belongs_to_no_field_unless_it_says_so():
    assert refuse("late", "Late.").reasons == (ALSO_NO,)
