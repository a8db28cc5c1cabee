"""`manage.py verify_audit`: what it prints and how it ends."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from governance.models import AuditEvent
from governance.models.triggers import drop_triggers


def verify(*arguments) -> tuple[int, str, str]:
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("verify_audit", *arguments, stdout=out, stderr=err)
    except SystemExit as ended:
        code = ended.code
    return code, out.getvalue(), err.getvalue()


def test_an_unbroken_log_ends_with_0_and_its_head(fabrikam):
    assert verify() == (0, f"1 events, unbroken, head {AuditEvent.objects.get().hash}\n", "")


def test_a_broken_log_ends_with_1_and_says_where(fabrikam):
    drop_triggers()
    event = AuditEvent.objects.get()
    AuditEvent.objects.update(actor="Eve")
    code, told, problems = verify()
    assert (code, told.startswith("1 events, BROKEN, head ")) == (1, True)
    assert f"event {event.pk} has columns that differ from its text" in problems.splitlines()


@pytest.mark.parametrize(("cut", "code"), [(False, 0), (True, 1)])
def test_an_anchor_tells_whether_the_end_is_still_there(fabrikam, cut, code):
    from governance.models.triggers import install_triggers

    anchor = AuditEvent.objects.get().hash
    if cut:
        drop_triggers()
        AuditEvent.objects.all().delete()
        install_triggers()
    assert verify("--anchor", anchor)[0] == code
