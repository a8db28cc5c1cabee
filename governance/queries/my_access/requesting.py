"""The page on which a package is requested, hidden packages too: what the request link opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ...facts.eligibility import may_request
from ...facts.my_access import Visitor
from ...models import Package
from ...rules import my_access_words as words
from ...rules.eligibility import Eligibility
from .available import Offer, offers_of, sponsors_to_ask


@dataclass(frozen=True, slots=True)
class RequestPage:
    """What the visitor may see of the package.

    `offer` is None where they may not even know that there is such a package. `why` says why it
    cannot be requested now; "" where it can.
    """

    offer: Offer | None
    why: str = ""
    sponsors: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the package can be requested now."""
        return self.offer is not None and not self.why and self.offer.own is None


def request_page(visitor: Visitor, key: UUID, at: datetime) -> RequestPage:
    """Return what the visitor sees of the package; the same for a package that does not exist and
    for one that is none of their business.
    """
    answer = may_request(visitor.email, str(key), at=at, signed_in_by=visitor.signed_in_by)
    if answer.allowed or answer.code in words.OWN:
        return RequestPage(_offer(visitor, key, answer, at))
    why = _why(visitor, answer) if visitor.is_known else ""
    if not why:
        return RequestPage(None)
    offer = _offer(visitor, key, answer, at) if answer.policy else None
    return RequestPage(offer, why, sponsors_to_ask(visitor, at))


def _why(visitor: Visitor, answer: Eligibility) -> str:
    organization = str(visitor.organization or "")
    return words.why_not_this(answer.code, organization=organization, domain=visitor.domain)


def _offer(visitor: Visitor, key: UUID, answer: Eligibility, at: datetime) -> Offer | None:
    packages = Package.objects.filter(uuid=key)
    return next(iter(offers_of(packages, {key: answer}, visitor, at)), None)
