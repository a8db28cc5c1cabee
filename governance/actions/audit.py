"""Writing the audit log: one event per change, in the change's own transaction, chained by hash (product rule 46)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import connection

from ..models import AuditEvent
from ..rules.audit import GENESIS, digest
from ..rules.decision import Refused
from ..rules.roles import Actor

_LOCK = 7_040_001  # PostgreSQL advisory lock of the chain's head


def record(
    activity: str, *, by: Actor, at: datetime, target=None, organization=None, before: Any = None, after: Any = None, reason: str = ""
) -> AuditEvent:
    """Write that `activity` was done. Call it last in the transaction: it takes the lock of the chain's head.

    `target` and `organization` are rows (their label and public key are kept); `before` and `after` are plain values.
    """
    return _append(activity, AuditEvent.Result.DONE, by, at, target, organization, before, after, reason)


def record_refusal(activity: str, refusal: Refused, *, by: Actor, at: datetime, target=None) -> AuditEvent:
    """Write that somebody tried and was refused. Belongs in a transaction of its own, after the rollback of what was tried."""
    reason = f"{refusal.code}: {refusal}"[:1000]
    return _append(activity, AuditEvent.Result.REFUSED, by, at, target, None, None, None, reason)


def _append(activity, result, by: Actor, at, target, organization, before, after, reason) -> AuditEvent:
    facts = {
        "at": at.isoformat(), "actor_id": by.person_id, "actor": by.label[:254], "activity": activity, "result": str(result),
        "reason": reason, "ip": by.ip, "request_id": by.request_id, "before": _text(before), "after": _text(after),
        **_target(target), **_organization(organization),
    }  # fmt: skip
    canonical = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    previous_hash = _locked_head()
    return AuditEvent.objects.create(
        **facts | {"at": at}, canonical=canonical, previous_hash=previous_hash, hash=digest(previous_hash, canonical)
    )


def _locked_head() -> str:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    return AuditEvent.objects.order_by("-id").values_list("hash", flat=True).first() or GENESIS


def _text(value: Any) -> str:
    return "" if value is None else json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def _target(row) -> dict[str, str]:
    if row is None:
        return {"target_kind": "", "target_key": "", "target": ""}
    return {"target_kind": row._meta.model_name, "target_key": _key(row), "target": str(row)[:300]}


def _organization(row) -> dict[str, str]:
    return {"organization_key": _key(row), "organization": str(row)[:200]} if row else {"organization_key": "", "organization": ""}


def _key(row) -> str:
    return str(getattr(row, "uuid", row.pk))
