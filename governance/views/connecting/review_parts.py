"""The parts of Review, each with a fingerprint, to say which of them changed while somebody was
reviewing.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...impact import Impact
from ...queries.connecting.drafts import DraftReview
from ...rules.fingerprints import fingerprint

LABELS = {
    "basics": "Basics",
    "directories": "Directory + domain",
    "sponsors": "Sponsors",
    "grants": "What this will grant",
    "impact": "Impact",
}


def review_parts(review: DraftReview, impact: Impact) -> dict[str, str]:
    """Return the fingerprint of each part, in the order of the page.

    All that Create confirms is in one of them.
    """
    new = review.new
    terms = [(grant.package.id, grant.package.name, grant.terms) for grant in review.preview.grants]
    parts = {
        "basics": (new.name, new.description, new.state, review.state),
        "directories": new.sources,
        "sponsors": (new.internal_sponsors, new.external_sponsors),
        "grants": terms,
        "impact": [(line.kind, line.text, line.names) for line in impact.lines],
    }
    return {part: fingerprint(value) for part, value in parts.items()}


def changed_parts(review: DraftReview, impact: Impact, shown: Mapping[str, str]) -> dict[str, str]:
    """Return the labels of the parts that differ from what was `shown` ("shown_basics" ...).

    Parts without one are left out.
    """
    return {
        part: LABELS[part]
        for part, now in review_parts(review, impact).items()
        if shown.get(f"shown_{part}", now) != now
    }
