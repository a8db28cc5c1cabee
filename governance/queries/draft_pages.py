"""What each step of the wizard shows besides its form."""

from __future__ import annotations

from datetime import datetime

from ..models import Draft, Person
from ..rules.decision import Refused
from ..rules.eligibility import membership
from ..rules.email_domains import canonical_email
from ..rules.roles import Actor
from .claims import candidates
from .domain_list import verdicts
from .drafts import draft_claims, sources_of, sponsors_of
from .grants import grants_for


def page_facts(draft: Draft, step: str, *, by: Actor, at: datetime, tried: str = "") -> dict:
    """The context of a step: the chosen sources, the chosen people, or what Review previews."""
    if step == "directories":
        return {"sources": _sources(draft, at)}
    if step == "sponsors":
        return {"internal": _people(sponsors_of(draft, "internal")), "external": _people(sponsors_of(draft, "external"))}
    if step == "review":
        grants = grants_for(_state(draft, by))
        return {"sources": _sources(draft, at), "grants": grants, "trial": try_address(draft, tried, at) if tried else None}
    return {}


def try_address(draft: Draft, text: str, at: datetime) -> dict:
    """What the draft would make of an address, said as the pane says it. Writes nothing."""
    try:
        address = canonical_email(text)
    except Refused as refusal:
        return {"matches": False, "title": "This is no address.", "text": refusal.reasons[0].text}
    claims = draft_claims(draft)
    key = claims[0].organization_id if claims else ""
    claim = membership(address.domain, (*claims, *(c for c in candidates([address.domain]) if c.name not in {d.name for d in claims})))
    if claim is None or claim.organization_id != key:
        text = f"{address.domain} belongs to {claim.organization_name}." if claim else f"{address.domain} is not part of any source above."
        return {"matches": False, "title": "Would not match.", "text": text}
    verdict = verdicts([address.domain], at)[address.domain]
    text = f"Subdomain of {claim.name}." if claim.name != address.domain else f"{claim.name} is one of its names."
    blocked = " The allow and deny list blocks it: this person could not request anything." if verdict.is_blocked else ""
    return {"matches": True, "title": f"Would match {claim.source_label}.", "text": text + blocked, "blocked": verdict.is_blocked}


def _sources(draft: Draft, at: datetime) -> list[dict]:
    sources = sources_of(draft)
    blocked = verdicts([source.typed_name for source in sources], at) if sources else {}
    return [{"source": source, "verdict": blocked[source.typed_name]} for source in sources]


def _people(keys) -> list[Person]:
    return list(Person.objects.filter(uuid__in=keys).order_by("name_key", "id")) if keys else []


def _state(draft: Draft, by: Actor) -> str:
    wanted = draft.answers.get("basics", {}).get("state") or "configured"
    return wanted if by.may("change_organization") else "proposed"
