"""What a policy asks the requester besides a reason, and whether an answer is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from ..decision import refuse
from ..names import clean_line, clean_long_text
from ..values import known_choice, known_flag, known_list

SHORT, LONG, CHOICE = "short", "long", "choice"
KINDS = (SHORT, LONG, CHOICE)
MOST_QUESTIONS = 10
MOST_CHOICES = 20
TEXT_LIMIT, SHORT_LIMIT, LONG_LIMIT = 200, 200, 2_000


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a policy; `choices` are what a "choice" is among."""

    text: str
    kind: str = SHORT
    choices: tuple[str, ...] = ()
    is_required: bool = False


def questions_to_json(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """Return the questions as they are stored, in a policy and in each request."""
    return [asdict(each) | {"choices": list(each.choices)} for each in questions]


def questions_from_json(stored: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Return the questions that `questions_to_json` stored."""
    return tuple(Question(**{**each, "choices": tuple(each["choices"])}) for each in stored)


def questions_from_typed(typed: object) -> tuple[Question, ...]:
    """Return the questions out of JSON that a person typed, with the usual value for what it leaves
    out.

    Raises Refused at the field "questions" where it is no list of questions.
    """
    try:
        found = known_list(typed, field="questions")
        return tuple(
            Question(**{**each, "choices": tuple(each.get("choices", ()))}) for each in found
        )
    except (TypeError, AttributeError) as wrong:
        names = ", ".join(field.name for field in fields(Question))
        text = f"Enter a list of questions, each with some of these values: {names}"
        raise refuse("questions_unknown", text, field="questions") from wrong


def known_questions(questions: object) -> tuple[Question, ...]:
    """Return the questions, each with clean text.

    Raises Refused with the field "question-<number>-<part>".
    """
    found = known_list(questions, field="questions")
    if not all(isinstance(each, Question) for each in found):
        raise refuse("questions_unknown", "Enter the questions", field="questions")
    if len(found) > MOST_QUESTIONS:
        text = f"A policy can ask at most {MOST_QUESTIONS} questions"
        raise refuse("too_many_questions", text, field="questions")
    return tuple(_known(each, f"question-{number}") for number, each in enumerate(found, start=1))


def _known(question: Question, prefix: str) -> Question:
    known_choice(
        question.kind,
        KINDS,
        code="question_kind_unknown",
        text="Choose how the question is answered",
        field=f"{prefix}-kind",
    )
    known_flag(question.is_required, field=f"{prefix}-is_required")
    text = clean_line(question.text, TEXT_LIMIT, field=f"{prefix}-text", called="Question")
    if not text:
        raise refuse("question_missing", "Enter the question", field=f"{prefix}-text")
    choices = _known_choices(question, f"{prefix}-choices")
    return Question(text, question.kind, choices, question.is_required)


def _known_choices(question: Question, field: str) -> tuple[str, ...]:
    if question.kind != CHOICE:
        return ()
    lines = (
        clean_line(each, SHORT_LIMIT, field=field, called="Choice")
        for each in known_list(question.choices, field=field)
    )
    choices = tuple(dict.fromkeys(line for line in lines if line))
    if not 2 <= len(choices) <= MOST_CHOICES:
        text = f"Enter from 2 to {MOST_CHOICES} different choices"
        raise refuse("choices_out_of_bounds", text, field=field)
    return choices


def known_answers(questions: tuple[Question, ...], answers: object) -> tuple[str, ...]:
    """Return one clean answer for each question, "" where an optional one was left out.

    Raises Refused with the field "answer-<number>" for each that is missing or none of the choices.
    """
    given = known_list(answers, field="answers")
    padded = (*given, *("" for _ in questions))[: len(questions)]
    pairs = zip(questions, padded, strict=True)
    return tuple(_answer(*pair, f"answer-{n}") for n, pair in enumerate(pairs, start=1))


def _answer(question: Question, answer: object, field: str) -> str:
    clean = clean_long_text if question.kind == LONG else clean_line
    limit = LONG_LIMIT if question.kind == LONG else SHORT_LIMIT
    text = clean(answer, limit, field=field, called="Answer")
    if question.is_required and not text:
        raise refuse("answer_missing", "Answer this question", field=field)
    if question.kind == CHOICE and text and text not in question.choices:
        raise refuse("answer_unknown", "Choose one of the answers", field=field)
    return text


def answered(
    questions: tuple[Question, ...], answers: Iterable[str]
) -> tuple[tuple[str, str], ...]:
    """Return (question, answer) for each answer that is not empty."""
    return tuple((q.text, a) for q, a in zip(questions, answers, strict=False) if a)
