"""`manage.py verify_audit`: what it prints and how it ends."""

from __future__ import annotations

import pytest

from governance.models import AuditEvent
from governance.models.triggers import drop_triggers, install_triggers


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
