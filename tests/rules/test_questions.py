"""What a policy asks the requester, and what is an answer."""

import pytest

from governance.rules.access_packages.questions import (
    CHOICE,
    LONG,
    SHORT,
    Question,
    answered,
    known_answers,
    known_questions,
    questions_from_json,
    questions_to_json,
)
from governance.rules.decision import Refused

WHY = Question("Which project?", is_required=True)
HOW = Question("How?", LONG)
SITE = Question("Which site?", CHOICE, ("North", "South"))


def refusal(call, *args) -> tuple[str, str, str]:
    with pytest.raises(Refused) as refused:
        call(*args)
    reason = refused.value.reasons[0]
    return reason.code, reason.field, reason.text


def test_a_question_is_short_and_optional_unless_it_says_otherwise():
    assert Question("Why?") == Question("Why?", SHORT, (), False)


def test_questions_are_stored_and_read_without_loss():
    assert questions_from_json(questions_to_json([WHY, SITE])) == (WHY, SITE)


def test_stored_questions_are_plain_json():
    assert questions_to_json([SITE]) == [
        {
            "text": "Which site?",
            "kind": "choice",
            "choices": ["North", "South"],
            "is_required": False,
        }
    ]


def test_the_text_of_a_question_is_cleaned():
    assert known_questions([Question("  Which   project? ")]) == (Question("Which project?"),)


def test_choices_are_cleaned_and_stand_once_each():
    typed = Question("Which site?", CHOICE, (" North ", "", "South", "North"))
    assert known_questions([typed]) == (SITE,)


def test_only_a_choice_has_choices():
    assert known_questions([Question("Why?", SHORT, ("a", "b"))]) == (Question("Why?"),)


def test_what_is_no_list_of_questions_is_refused():
    found = refusal(known_questions, ["Why?"])
    assert found == ("questions_unknown", "questions", "Enter the questions")


def test_at_most_ten_questions_are_asked():
    assert len(known_questions([WHY] * 10)) == 10
    found = refusal(known_questions, [WHY] * 11)
    assert found == ("too_many_questions", "questions", "A policy can ask at most 10 questions")


def test_a_question_has_a_text():
    found = refusal(known_questions, [WHY, Question(" ")])
    assert found == ("question_missing", "question-2-text", "Enter the question")


def test_a_question_has_at_most_200_characters():
    assert known_questions([Question("a" * 200)])
    assert refusal(known_questions, [Question("a" * 201)]) == (
        "text_too_long",
        "question-1-text",
        "Question must be 200 characters or fewer (now 201)",
    )


def test_a_question_is_answered_in_a_known_way():
    found = refusal(known_questions, [Question("Why?", "essay")])
    text = "Choose how the question is answered"
    assert found == ("question_kind_unknown", "question-1-kind", text)


def test_whether_an_answer_is_required_is_yes_or_no():
    found = refusal(known_questions, [Question("Why?", is_required=None)])
    assert found == ("not_yes_or_no", "question-1-is_required", "Choose yes or no")


@pytest.mark.parametrize("number", [1, 21])
def test_a_choice_is_among_2_to_20(number):
    choices = tuple(str(each) for each in range(number))
    found = refusal(known_questions, [Question("Which?", CHOICE, choices)])
    text = "Enter from 2 to 20 different choices"
    assert found == ("choices_out_of_bounds", "question-1-choices", text)


@pytest.mark.parametrize("number", [2, 20])
def test_a_choice_can_be_among_2_or_20(number):
    question = Question("Which?", CHOICE, tuple(str(each) for each in range(number)))
    assert known_questions([question]) == (question,)


def test_a_choice_has_at_most_200_characters():
    found = refusal(known_questions, [Question("Which?", CHOICE, ("a", "b" * 201))])
    assert found == (
        "choices_too_long",
        "question-1-choices",
        "Choice must be 200 characters or fewer (now 201)",
    )


# Answers


def test_answers_are_cleaned():
    assert known_answers((WHY, HOW, SITE), [" Falcon ", "a\r\nb ", "North"]) == (
        "Falcon",
        "a\nb",
        "North",
    )


def test_an_optional_question_can_be_left_out():
    assert known_answers((WHY, HOW, SITE), ["Falcon"]) == ("Falcon", "", "")


def test_an_answer_beyond_the_questions_is_ignored():
    assert known_answers((WHY,), ["Falcon", "more"]) == ("Falcon",)


def test_a_required_question_is_answered():
    found = refusal(known_answers, (HOW, WHY), ["", " "])
    assert found == ("answer_missing", "answer-2", "Answer this question")


def test_a_choice_is_one_of_the_choices():
    found = refusal(known_answers, (SITE,), ["East"])
    assert found == ("answer_unknown", "answer-1", "Choose one of the answers")


@pytest.mark.parametrize(("question", "limit", "shown"), [(WHY, 200, "200"), (HOW, 2_000, "2,000")])
def test_an_answer_is_not_too_long(question, limit, shown):
    assert known_answers((question,), ["a" * limit]) == ("a" * limit,)
    _code, field, text = refusal(known_answers, (question,), ["a" * (limit + 1)])
    assert field == "answer-1"
    assert text.startswith(f"Answer must be {shown} characters or fewer")


def test_an_answer_has_no_characters_that_nobody_can_see():
    assert refusal(known_answers, (WHY,), ["a\u202eb"])[:2] == ("unseen_character", "answer-1")


def test_only_what_was_answered_is_kept_with_its_question():
    assert answered((WHY, HOW), ("Falcon", "")) == (("Which project?", "Falcon"),)
