"""Where a domain belongs: the longest claim among those that cover it (product rules 10 and 13)."""

import pytest

from governance.rules.claims import ClaimsByName, membership, narrow_claim_above, shadowed

from .cases import claim, contoso

ENG = "eng.fabrikam.example"


def test_the_longest_covering_claim_decides_whatever_the_order():
    wide, narrow = claim(), contoso(ENG)
    assert [membership(f"a.{ENG}", order) for order in ([wide, narrow], [narrow, wide])] == [
        narrow,
        narrow,
    ]


def test_a_longer_claim_that_does_not_cover_leaves_the_address_to_the_wider_one():
    wide, narrow = claim(), contoso(ENG, covers=False)
    assert (membership(f"a.{ENG}", [narrow, wide]), membership(ENG, [narrow, wide])) == (
        wide,
        narrow,
    )


@pytest.mark.parametrize(
    "more", [{"organization_deleted": True}, {"in_doubt": True}, {"organization_state": "proposed"}]
)
def test_state_and_doubt_play_no_part(more):
    narrow = contoso(ENG, **more)
    assert membership(ENG, [claim(), narrow]) == narrow


def test_of_very_many_claims_those_above_a_domain_are_found_by_name():
    wide, narrow, other = claim(), contoso(ENG, covers=False), contoso("hr.fabrikam.example")
    claims = ClaimsByName([other, wide, narrow])
    assert (claims.above(f"a.{ENG}"), claims.membership(f"a.{ENG}"), claims.membership(ENG)) == (
        (narrow, wide),
        wide,
        narrow,
    )


def test_no_claim_covers_a_name_that_merely_ends_alike():
    assert membership("evilfabrikam.example", [claim()]) is None


def test_a_claim_above_a_public_suffix_stops_there():
    assert membership("eve.github.io", [claim("github.io")]) is None


def test_a_private_suffix_is_covered_for_itself_alone():
    assert membership("github.io", [claim("github.io")]) == claim("github.io")


def test_a_shadowed_claim_is_the_longest_of_another_organization():
    far, near, deciding = contoso("example"), contoso("fabrikam.example"), claim(ENG)
    assert shadowed(ENG, iter([far, near, deciding])) == near


def test_claims_of_one_organization_do_not_shadow_each_other():
    assert shadowed(ENG, [claim(), claim(ENG)]) is None


def test_a_claim_that_does_not_cover_is_not_shadowed():
    assert shadowed(ENG, [contoso("fabrikam.example", covers=False), claim(ENG)]) is None


def test_where_nothing_covers_nothing_is_shadowed():
    assert shadowed(ENG, [contoso("fabrikam.example", covers=False)]) is None


def test_the_narrow_claim_above_is_the_longest_that_would_cover_with_subdomains():
    near = claim(covers=False)
    assert narrow_claim_above(ENG, [contoso("example", covers=False), near]) == near


def test_a_claim_that_covers_is_not_narrow():
    assert narrow_claim_above(ENG, [claim()]) is None


def test_a_claim_cut_off_by_a_public_suffix_cannot_be_widened():
    assert narrow_claim_above("eve.github.io", [claim("github.io", covers=False)]) is None


def test_a_claim_of_a_deleted_organization_is_not_widened():
    assert narrow_claim_above(ENG, [claim(covers=False, organization_deleted=True)]) is None
