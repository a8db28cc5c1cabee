"""Small charts, drawn by the server: they print, and take the colour of the text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..queries.overview_numbers import Trend

register = template.Library()
WIDTH, HEIGHT, EDGE = 120, 28, 3


@register.simple_tag
def sparkline(trend: Trend, label: str) -> SafeString:
    """Draw a value for each week as a line, with the same said beneath it."""
    key = "spark-" + "".join(each if each.isalnum() else "-" for each in label.lower())
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img"'
        ' aria-labelledby="{}-t {}-d">'
        '<title id="{}-t">{} by week</title><desc id="{}-d">{}</desc>{}</svg>'
        '<p class="muted small spark-words">{}</p>',
        *(WIDTH, HEIGHT, key, key, key, label, key, _description(trend)),
        format_html_join("", '<polyline points="{}"/>', ((points,) for points in _lines(trend))),
        trend.words,
    )


def _description(trend: Trend) -> str:
    values = ("none" if value is None else f"{value:g}" for value in trend.values)
    return f"{trend.words}. By week{trend.unit}, the oldest first: {', '.join(values)}"


def _lines(trend: Trend) -> Iterator[str]:
    """Yield the points of each run of weeks that have a value. A week alone is a short line."""
    most = max((value for value in trend.values if value is not None), default=0) or 1
    step = (WIDTH - 2 * EDGE) / (len(trend.values) - 1)
    for has_value, run in groupby(enumerate(trend.values), lambda each: each[1] is not None):
        if has_value:
            points = [(EDGE + step * week, _height(value or 0, most)) for week, value in run]
            points = points if len(points) > 1 else [points[0], (points[0][0] + 1, points[0][1])]
            yield " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _height(value: float, most: float) -> float:
    return HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * value / most
