"""Which requests can be decided together: a few, all for the same package and policy."""

from __future__ import annotations

from collections.abc import Sequence

from ..decision import refuse

MOST_TOGETHER = 20


def require_alike(kinds: Sequence[tuple[object, object]]) -> None:
    """Raise Refused unless there are from 1 to 20 requests, all of one package and policy.

    `kinds` has the package and the policy of each.
    """
    if not kinds:
        raise refuse("none_selected", "Select at least one request", field="requests")
    if len(kinds) > MOST_TOGETHER:
        text = f"You selected {len(kinds)} requests. Select at most {MOST_TOGETHER} at once"
        raise refuse("too_many_selected", text, field="requests")
    if len(set(kinds)) > 1:
        text = (
            "You selected requests for different access packages or policies."
            " Select requests that are alike"
        )
        raise refuse("not_alike", text, field="requests")
