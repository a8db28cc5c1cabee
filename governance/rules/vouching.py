"""Vouchers: who can have one, for how long (product rule 47)."""

PROPOSED, GIVEN, REFUSED, WITHDRAWN, ENDED = "proposed", "given", "refused", "withdrawn", "ended"
VOUCHER_STATES = (PROPOSED, GIVEN, REFUSED, WITHDRAWN, ENDED)
LONGEST_DAYS = 365
