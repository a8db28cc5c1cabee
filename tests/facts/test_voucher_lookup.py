"""The voucher of a mailbox, found without reading those of others."""

import pytest
from django.db import connection

from governance.facts.vouching import vouchers_of
from tests import make


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads small tables whole")
def test_the_voucher_of_a_mailbox_is_found_by_its_mailbox():
    plan = vouchers_of("ann@example.test", make.NOON).explain()
    assert plan.endswith("USING INDEX voucher_of_mailbox (mailbox=? AND state=? AND ends_at>?)")
