"""`manage.py verify_audit`: what it prints and how it ends."""

from __future__ import annotations

import pytest
from django.db import connection

from governance.db.triggers import drop_triggers, install_triggers
from governance.models import AuditEvent


def test_an_unbroken_log_ends_with_0_and_its_head(shell, fabrikam):
    assert shell("verify_audit") == (
        0,
        f"1 events, unbroken, head {AuditEvent.objects.get().hash}\n",
        "",
    )


def test_a_broken_log_ends_with_1_and_says_where(shell, fabrikam):
    drop_triggers()
    event = AuditEvent.objects.get()
    AuditEvent.objects.update(actor="Eve")
    ended = shell("verify_audit")
    assert (ended.code, ended.out.startswith("1 events, BROKEN, head ")) == (1, True)
    assert f"event {event.pk} has columns that differ from its text" in ended.err.splitlines()


@pytest.mark.parametrize(("cut", "code"), [(False, 0), (True, 1)])
def test_an_anchor_tells_whether_the_end_is_still_there(shell, fabrikam, cut, code):
    anchor = AuditEvent.objects.get().hash
    if cut:
        drop_triggers()
        AuditEvent.objects.all().delete()
        install_triggers()
    assert shell("verify_audit", "--anchor", anchor).code == code


WEAKENED = {
    "sqlite": "BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END",
    "postgresql": "EXECUTE FUNCTION audit_events_are_append_only()",
}


def test_a_trigger_that_was_recreated_to_do_nothing_is_named_and_migrating_replaces_it(
    shell, fabrikam
):
    each = " FOR EACH STATEMENT" if connection.vendor == "postgresql" else ""
    on = " ON governance_auditevent" if each else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER audit_event_keeps_update{on}")
        cursor.execute(
            "CREATE TRIGGER audit_event_keeps_update BEFORE UPDATE ON governance_auditevent"
            f"{each} WHEN (false) {WEAKENED[connection.vendor]}"
        )
    ended = shell("verify_audit")
    said = "trigger audit_event_keeps_update is missing or was changed: run manage.py migrate\n"
    assert (ended.code, ended.err) == (1, said)
    shell("migrate", "--verbosity", "0")
    assert shell("verify_audit").code == 0
