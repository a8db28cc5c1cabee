"""Commands as somebody at a shell sees them."""

from __future__ import annotations

from io import StringIO
from typing import NamedTuple

import pytest
from django.core.management import call_command


class Ended(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def shell(db):
    """Runs a command: `shell("verify_audit", "--anchor", "x")` answers the exit code and what was
    printed.
    """

    def run(*words) -> Ended:
        out, err, code = StringIO(), StringIO(), 0
        try:
            call_command(*words, stdout=out, stderr=err)
        except SystemExit as ended:
            code = ended.code
        return Ended(code, out.getvalue(), err.getvalue())

    return run
