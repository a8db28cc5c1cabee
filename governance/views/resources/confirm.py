"""A page that shows the impact of one button, and asks for it once."""

from __future__ import annotations

from dataclasses import dataclass

from django.shortcuts import render

from ...web.confirmation import Attempt


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: `nobody` is said where the impact is empty; `crumbs` are names with paths."""

    title: str
    button: str
    nobody: str
    crumbs: tuple[tuple[str, str], ...]
    back: str
    text: str = ""
    is_danger: bool = True


def confirm_page(request, question: Question, shown: Attempt, **more):
    """Return the page; 409 where it is no longer as it was seen."""
    context = {"question": question, "shown": shown, **more}
    status = shown.status if request.method == "POST" else 200
    return render(request, "governance/resources/confirm.html", context, status=status)
