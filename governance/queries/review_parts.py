"""The parts of Review, each with a fingerprint, to say which of them changed while somebody was reviewing."""

from __future__ import annotations

from collections.abc import Mapping

from ..rules.fingerprints import fingerprint
from .drafts import DraftReview

LABELS = {
    "basics": "Basics",
    "directories": "Directory + domain",
    "sponsors": "Sponsors",
    "grants": "What this will grant",
    "people": "People it moves",
}


def review_parts(review: DraftReview) -> dict[str, str]:
    """Return the fingerprint of each part, in the order of the page. Every part of the preview's fingerprint is in one of them."""
    new, preview = review.new, review.preview
    grants = [(grant.package.id, grant.package.name, grant.terms) for grant in preview.grants]
    told = {
        "basics": (new.name, new.description, new.state, review.state),
        "directories": new.sources,
        "sponsors": (new.internal_sponsors, new.external_sponsors),
        "grants": grants,
        "people": preview.effect.fingerprint,
    }
    return {part: fingerprint(value) for part, value in told.items()}


def changed_parts(review: DraftReview, shown: Mapping[str, str]) -> dict[str, str]:
    """Return the labels of the parts that differ from what was `shown` ("shown_basics" ...). Parts without one are left out."""
    return {
        part: LABELS[part]
        for part, now in review_parts(review).items()
        if shown.get(f"shown_{part}", now) != now
    }
