"""The stages of approval as a small drawing. Beside it, `_components/stages.html` has the same in
text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..rules.access_packages.approval_words import approval_words, approvers_words, stage_details
from ..rules.access_packages.stages import Stage
from ..rules.wording import capital, count_of

register = template.Library()
WIDTH, BOX, GAP, TOP = 264, 46, 20, 2
LONGEST = 32  # characters in a box


@register.simple_tag
def stage_drawing(
    stages: Sequence[Stage], present: int | None = None, names: Mapping[str, str] | None = None
) -> SafeString:
    """Return the stages as an SVG: the request, a box for each stage, the access.

    `present` is the number of the stage that decides now; those before it are done, and with a
    number after the last one all are. `names` of people by public id, None for readers who do not
    see them.
    """
    boxes = [
        ("Request", "is submitted", ""),
        *(_box(stage, number, present, names) for number, stage in enumerate(stages, start=1)),
        ("Access", "is set up", ""),
    ]
    height = len(boxes) * (BOX + GAP) - GAP + 2 * TOP
    arrows = range(TOP + BOX, height - BOX - TOP, BOX + GAP)
    return format_html(
        '<svg class="stages-svg" role="img" viewBox="0 0 {} {}" width="{}" height="{}">'
        "<title>Stages of approval</title><desc>{}{}</desc>{}{}</svg>",
        WIDTH,
        height,
        WIDTH,
        height,
        approval_words(stages, names),
        f" Stage {present} decides now." if present and present <= len(stages) else "",
        format_html_join("", "{}", ((_drawn(place, *box),) for place, box in enumerate(boxes))),
        format_html_join("", "{}", ((_arrow(top),) for top in arrows)),
    )


def _box(
    stage: Stage, number: int, present: int | None, names: Mapping[str, str] | None
) -> tuple[str, str, str]:
    is_done = bool(present) and number < (present or 0)
    state = "done" if is_done else "now" if number == present else ""
    mark = {"done": "✓ ", "now": "▸ "}.get(state, "")
    who = capital(approvers_words(stage, names))
    return f"{mark}{number}. {who}", f"within {count_of(stage.days, 'day')}", state


def _drawn(place: int, first: str, second: str, state: str) -> SafeString:
    top = TOP + place * (BOX + GAP)
    return format_html(
        '<g class="{}"><rect x="1" y="{}" width="{}" height="{}" rx="6"/>'
        '<text x="12" y="{}" class="who">{}</text><text x="12" y="{}">{}</text></g>',
        f"box {state}".strip(),
        top,
        WIDTH - 2,
        BOX,
        top + 19,
        _short(first),
        top + 36,
        second,
    )


def _arrow(top: int) -> SafeString:
    middle = WIDTH // 2
    path = f"M{middle} {top}v{GAP - 2}m-4-5l4 5 4-5"
    return format_html('<path class="arrow" d="{}"/>', path)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


@register.simple_tag
def stage_pairs(
    stage: Stage, names: Mapping[str, str] | None = None
) -> tuple[tuple[str, str], ...]:
    """Return what one stage says, as pairs of a label and a value."""
    return stage_details(stage, names)
