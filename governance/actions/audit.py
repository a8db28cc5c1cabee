"""Writing the audit log: one event per change, in the change's own transaction, chained by hash
(product rule 46).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TypedDict

from django.db.models import Model

from ..db.databases import hold_until_the_end
from ..models import AuditEvent, Organization
from ..rules.audit import GENESIS, digest
from ..rules.decision import Ref, Refused
from ..rules.roles import Actor

_LOCK = 7_040_001  # PostgreSQL advisory lock of the chain's head


class Facts(TypedDict):
    """The columns of an event, without what chains it to the one before."""

    at: datetime
    actor_id: int | None
    actor: str
    activity: str
    result: str
    reason: str
    ip: str
    request_id: str
    before: str
    after: str
    target_kind: str
    target_key: str
    target: str
    organization_key: str
    organization: str


_held: ContextVar[list[Facts] | None] = ContextVar("events_held_back", default=None)


@contextmanager
def events_last() -> Iterator[None]:
    """Hold events back until the end of the outermost block: writing them is a transaction's last
    step, and what fails has none.

    The chain's head stays locked to the end. Whoever locked rows after it could wait for somebody
    who waits for the head.
    """
    outer = _held.get()
    held: list[Facts] = []
    token = _held.set(held)
    try:
        yield
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
    target: Model | Ref | None = None,
    organization: Organization | None = None,
    before: object = None,
    after: object = None,
    reason: str = "",
) -> None:
    """Write that `activity` was done.

    `target` and `organization` are rows (their label and public key are kept); `before` and `after`
    are plain values.
    """
    _append(activity, AuditEvent.Result.DONE, by, at, target, organization, before, after, reason)


def record_refusal(
    activity: str, refusal: Refused, *, by: Actor, at: datetime, target: object = None
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


def _append(
    activity: str,
    result: str,
    by: Actor,
    at: datetime,
    target: object,
    organization: Organization | None,
    before: object,
    after: object,
    reason: str,
) -> None:
    facts: Facts = {
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


def _write(facts: Facts) -> None:
    values = {**facts, "at": facts["at"].isoformat()}
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


def _text(value: object) -> str:
    return (
        ""
        if value is None
        else _kept(json.dumps(value, sort_keys=True, ensure_ascii=False, default=str))
    )


class _Target(TypedDict):
    target_kind: str
    target_key: str
    target: str


def _target(row: object) -> _Target:
    if isinstance(row, Ref):
        return {
            "target_kind": row.kind,
            "target_key": row.key,
            "target": _kept(row.label, 300),
        }
    if isinstance(row, Model):
        return {
            "target_kind": row._meta.model_name or "",
            "target_key": _key(row),
            "target": _kept(str(row), 300),
        }
    return {"target_kind": "", "target_key": "", "target": ""}


class _Organization(TypedDict):
    organization_key: str
    organization: str


def _organization(row: Organization | None) -> _Organization:
    return (
        {"organization_key": _key(row), "organization": _kept(str(row), 200)}
        if row
        else {"organization_key": "", "organization": ""}
    )


def _key(row: Model) -> str:
    return str(getattr(row, "uuid", row.pk))


def _kept(text: str, limit: int | None = None) -> str:
    """Text as a column takes it: what somebody typed may hold anything."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()[:limit]
