"""Writing the audit log: one event per change, in the change's own transaction, chained by hash
(product rule 46).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from ..db.databases import hold_until_the_end
from ..models import AuditEvent, Organization
from ..rules.audit import GENESIS, digest
from ..rules.decision import Ref, Refused
from ..rules.roles import Actor

_LOCK = 7_040_001  # PostgreSQL advisory lock of the chain's head
_held: ContextVar[list[dict] | None] = ContextVar("events_held_back", default=None)


@contextmanager
def events_last() -> Iterator[None]:
    """Hold events back until the end of the outermost block: writing them is a transaction's last
    step, and what fails has none.

    The chain's head stays locked to the end. Whoever locked rows after it could wait for somebody
    who waits for the head.
    """
    outer = _held.get()
    token = _held.set([])
    try:
        yield
        held = _held.get()
    finally:
        _held.reset(token)
    if outer is None:
        for facts in held:
            _write(facts)
    else:
        outer.extend(held)


def record(
    activity: str,
    *,
    by: Actor,
    at: datetime,
    target=None,
    organization=None,
    before: Any = None,
    after: Any = None,
    reason: str = "",
) -> None:
    """Write that `activity` was done.

    `target` and `organization` are rows (their label and public key are kept); `before` and `after`
    are plain values.
    """
    _append(activity, AuditEvent.Result.DONE, by, at, target, organization, before, after, reason)


def record_refusal(
    activity: str, refusal: Refused, *, by: Actor, at: datetime, target=None
) -> None:
    """Write that somebody tried and was refused; `target` is a row, or a Ref where there is none.
    Belongs in a transaction of its own, after the rollback of what was tried.
    """
    organization = target if isinstance(target, Organization) else None
    _append(
        activity,
        AuditEvent.Result.REFUSED,
        by,
        at,
        target,
        organization,
        None,
        None,
        f"{refusal.code}: {refusal}",
    )


def _append(activity, result, by: Actor, at, target, organization, before, after, reason) -> None:
    facts = {
        "at": at.astimezone(UTC),
        "actor_id": by.person_id,
        "actor": _kept(by.label, 254),
        "activity": activity,
        "result": str(result),
        "reason": _kept(reason, 1000),
        "ip": by.ip,
        "request_id": by.request_id,
        "before": _text(before),
        "after": _text(after),
        **_target(target),
        **_organization(organization),
    }
    held = _held.get()
    if held is None:
        _write(facts)
    else:
        held.append(facts)


def _write(facts: dict) -> None:
    values = facts | {"at": facts["at"].isoformat()}
    canonical = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    previous_hash = _locked_head()
    AuditEvent.objects.create(
        **facts,
        canonical=canonical,
        previous_hash=previous_hash,
        hash=digest(previous_hash, canonical),
    )


def _locked_head() -> str:
    hold_until_the_end(_LOCK)
    return AuditEvent.objects.order_by("-id").values_list("hash", flat=True).first() or GENESIS


def _text(value: Any) -> str:
    return (
        ""
        if value is None
        else _kept(json.dumps(value, sort_keys=True, ensure_ascii=False, default=str))
    )


def _target(row) -> dict[str, str]:
    if row is None:
        return {"target_kind": "", "target_key": "", "target": ""}
    if isinstance(row, Ref):
        return {
            "target_kind": row.kind,
            "target_key": row.key,
            "target": _kept(row.label, 300),
        }
    return {
        "target_kind": row._meta.model_name,
        "target_key": _key(row),
        "target": _kept(str(row), 300),
    }


def _organization(row) -> dict[str, str]:
    return (
        {"organization_key": _key(row), "organization": _kept(str(row), 200)}
        if row
        else {"organization_key": "", "organization": ""}
    )


def _key(row) -> str:
    return str(getattr(row, "uuid", row.pk))


def _kept(text: str, limit: int | None = None) -> str:
    """Text as a column takes it: what somebody typed may hold anything."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()[:limit]
