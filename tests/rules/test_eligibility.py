"""The decision: every code, the order of all of them, and sentences that tell what to change
(product rules 24 to 33).
"""

from datetime import timedelta, timezone
from itertools import combinations

import pytest

from governance.rules.access_packages.lifecycle import Lifecycle
from governance.rules.access_packages.policies import PackageFact, deciding_policy
from governance.rules.decision import Reason, Ref
from governance.rules.eligibility import RULES, decide
from governance.rules.eligibility.facts import (
    ExistingAccess,
    Facts,
    OpenRequest,
    PackageHistory,
    PersonFact,
)

from .cases import (
    BADGE,
    FABRIKAM,
    NOON,
    allow,
    block,
    claim,
    contoso,
    facts,
    package,
    policy,
    without_package,
)

DENIED = NOON - timedelta(hours=5)
MEMBER, GUEST = PersonFact("member"), PersonFact("guest")
ORGANIZATION = Ref("organization", "fabrikam-id", "Fabrikam")
ALLOWED = (
    "bob@eng.fabrikam.example can request Badge under the policy “The named one”. "
    "The request needs approval. An internal sponsor decides within 14 days;"
    " if no sponsor can decide, another approver does."
    " Access lasts 365 days and can be extended with approval. "
    "To stop requests from eng.fabrikam.example, block it on the allow and deny list. "
    "To stop all requests under this policy, close it."
)

# What makes each code, in the order of rules 24 to 29. A case has any set of them at once.
TRAITS = (
    "own_name",
    "person_blocked",
    "domain_blocked",
    "package_unknown",
    "organization_deleted",
    "claim_in_doubt",
    "no_policy",
    "sign_in_differently",
    "policy_closed",
    "approval_needed",
    "package_closed",
    "already_has_access",
    "request_open",
    "asked_recently",
)


def case(traits) -> Facts:
    traits = set(traits)
    named = policy(
        needs_approval="approval_needed" not in traits, is_open="policy_closed" not in traits
    )
    asked = package(
        *([] if "no_policy" in traits else [named]), is_open="package_closed" not in traits
    )
    covering = claim(
        organization_deleted="organization_deleted" in traits,
        in_doubt="claim_in_doubt" in traits,
        demands_directory="sign_in_differently" in traits,
    )
    return facts(
        "support@fabrikam.example",
        claims=(covering,),
        own_names=frozenset({"fabrikam.example"} if "own_name" in traits else ()),
        person=PersonFact(None, "person_blocked" in traits),
        list_default="block" if "domain_blocked" in traits else "allow",
        package=None if "package_unknown" in traits else asked,
        signed_in_by="code",
        access=ExistingAccess() if "already_has_access" in traits else None,
        request=OpenRequest() if "request_open" in traits else None,
        last_denied_at=DENIED if "asked_recently" in traits else None,
    )


def text_of(code: str, given: Facts) -> str:
    return next(step.text for step in decide(given).reasons if step.code == code)


def stop(given: Facts) -> tuple[str, str, Ref | None]:
    deciding = decide(given).deciding
    return deciding.code, deciding.text, deciding.refers_to


def test_of_any_set_of_reasons_the_first_in_order_decides():
    sets = (chosen for size in range(len(TRAITS) + 1) for chosen in combinations(TRAITS, size))
    wrong = [
        chosen
        for chosen in sets
        if decide(case(chosen)).code != (chosen[0] if chosen else "allowed")
    ]
    assert wrong == []


def test_the_rules_stand_in_the_order_of_the_product():
    names = [rule.__name__ for rule in RULES]
    assert names == [
        "address_malformed",
        *(name if name != "no_policy" else "policy_found" for name in TRAITS[:4]),
        "vouched",
        *(name if name != "no_policy" else "policy_found" for name in TRAITS[4:]),
    ]


def test_every_step_is_told_after_the_first_stop_too():
    answer = decide(case({"person_blocked", "package_closed"}))
    assert [(step.code, step.passed) for step in answer.reasons] == [
        ("address_malformed", True),
        ("own_name", True),
        ("person_blocked", False),
        ("domain_blocked", True),
        ("package_unknown", True),
        ("organization_deleted", True),
        ("policy_found", True),
        ("package_closed", False),
    ]


def test_allowed_tells_every_step_in_whole_sentences():
    assert [
        (step.code, step.passed, step.text, step.refers_to) for step in decide(facts()).reasons
    ] == [
        ("address_malformed", True, "bob@eng.fabrikam.example is an email address.", None),
        ("own_name", True, "eng.fabrikam.example is not one of your domains.", None),
        ("person_blocked", True, "The mailbox bob@eng.fabrikam.example is not blocked.", None),
        (
            "domain_blocked",
            True,
            (
                "No rule on the allow and deny list covers eng.fabrikam.example."
                " Domains without a rule are allowed."
            ),
            None,
        ),
        (
            "package_unknown",
            True,
            "Badge is an access package.",
            Ref("package", "badge-id", "Badge"),
        ),
        (
            "organization_deleted",
            True,
            (
                "eng.fabrikam.example belongs to Fabrikam through fabrikam.example,"
                " including subdomains."
            ),
            ORGANIZATION,
        ),
        (
            "policy_found",
            True,
            "The policy “The named one” decides because it includes Fabrikam.",
            Ref("policy", "named", "The named one"),
        ),
        ("allowed", True, ALLOWED, Ref("policy", "named", "The named one")),
    ]


def test_allowed_carries_what_it_rested_on():
    covering, rule, deciding = (
        claim(),
        allow("fabrikam.example"),
        policy(needs_approval=False, lifecycle=Lifecycle(days=90)),
    )
    answer = decide(
        facts(
            claims=(covering,), list_rules=(rule,), list_default="block", package=package(deciding)
        )
    )
    assert (
        answer.allowed,
        answer.claim,
        answer.list_rule,
        answer.list_default,
        answer.policy,
        answer.approval_needed,
    ) == (
        True,
        covering,
        rule,
        "block",
        deciding,
        False,
    )


def test_allowed_carries_the_default_when_no_rule_decided():
    answer = decide(facts())
    assert (answer.list_rule, answer.list_default, answer.approval_needed) == (None, "allow", True)


# Refusals that each stand alone, in whole sentences


def test_an_address_that_is_none_stops_with_what_is_wrong_with_it():
    wrong = Reason("address_malformed", "An email address has exactly one @")
    history = {BADGE.id: PackageHistory(ExistingAccess(), OpenRequest(), DENIED)}
    assert decide(
        Facts(None, NOON, malformed=wrong, package_asked=True, package=BADGE, history=history)
    ).reasons == (
        wrong,
        Reason(
            "package_unknown",
            "Badge is an access package.",
            passed=True,
            refers_to=Ref("package", "badge-id", "Badge"),
        ),
    )


def test_an_address_that_is_missing_is_asked_for():
    assert decide(Facts(None, NOON)).reasons == (
        Reason("address_malformed", "Enter an email address, such as name@partner.example"),
    )


def test_an_own_name_is_ours_with_all_beneath_it_and_no_claim_covers_it():
    answer = decide(facts(own_names=frozenset({"fabrikam.example"})))
    said = (
        "eng.fabrikam.example is a subdomain of fabrikam.example, which is one of your domains."
        " Its people are members. Add this person as a member."
    )
    assert (
        stop(facts(own_names=frozenset({"fabrikam.example"}))),
        answer.claim,
        answer.policy,
    ) == (
        ("own_name", said, Ref("own_name", "fabrikam.example", "fabrikam.example")),
        None,
        None,
    )


def test_an_own_name_without_a_package_is_not_offered_to_be_connected():
    codes = [
        step.code
        for step in decide(without_package(own_names=frozenset({"fabrikam.example"}))).reasons
    ]
    assert codes == ["address_malformed", "own_name", "person_blocked", "domain_blocked"]


def test_a_blocked_person_is_named_by_mailbox():
    said = (
        "The mailbox bob@eng.fabrikam.example is blocked."
        " An administrator can unblock it on the People page."
    )
    assert stop(facts("bob+x@eng.fabrikam.example", person=PersonFact(None, True))) == (
        "person_blocked",
        said,
        None,
    )


def test_an_unknown_package_is_named_as_it_was_typed():
    said = "There is no access package called “Bagde”. Choose one from the list."
    assert stop(facts(package=None, package_typed="Bagde")) == ("package_unknown", said, None)


def test_a_deleted_organization_keeps_its_names_shut():
    said = (
        "Fabrikam was deleted, and fabrikam.example is still reserved for it."
        " Restore the organization, release the domain, or add it to another organization."
    )
    assert stop(facts(claims=(claim(organization_deleted=True),))) == (
        "organization_deleted",
        said,
        ORGANIZATION,
    )


def test_a_claim_in_doubt_waits_for_a_person():
    said = (
        "fabrikam.example may no longer belong to Fabrikam."
        " An administrator has to confirm the domain first."
    )
    assert stop(facts(claims=(claim(in_doubt=True),))) == ("claim_in_doubt", said, ORGANIZATION)


def test_a_source_that_demands_its_directory_takes_no_code():
    demands = claim(demands_directory=True, source_label="Fabrikam AD")
    said = (
        "Fabrikam AD requires sign-in with its own directory."
        " This person signed in with a code. Sign in with the directory."
    )
    assert stop(facts(claims=(demands,), signed_in_by="code")) == (
        "sign_in_differently",
        said,
        ORGANIZATION,
    )


@pytest.mark.parametrize("signed_in_by", [None, "", "password", "Directory"])
def test_a_source_that_demands_its_directory_takes_nothing_that_is_not_stated_to_be_it(
    signed_in_by,
):
    demands = claim(demands_directory=True, source_label="Fabrikam AD")
    said = (
        "Fabrikam AD requires sign-in with its own directory."
        " This request does not say how the person signed in. Sign in with the directory."
    )
    assert stop(facts(claims=(demands,), signed_in_by=signed_in_by)) == (
        "sign_in_differently",
        said,
        ORGANIZATION,
    )


def test_a_source_that_demands_its_directory_takes_it():
    assert decide(facts(claims=(claim(demands_directory=True),), signed_in_by="directory")).allowed


def test_a_code_does_where_no_directory_is_demanded():
    assert decide(facts(signed_in_by="code")).allowed


def test_a_closed_policy_refuses_though_a_wider_one_is_open():
    said = "The policy “The named one” is closed. Open the policy to let people request access."
    given = facts(
        package=package(policy(is_open=False), policy("all_configured"), policy("any_outside"))
    )
    assert stop(given) == ("policy_closed", said, Ref("policy", "named", "The named one"))


def test_a_closed_package_takes_no_requests():
    said = "Badge is closed. Open the package to let people request it."
    assert stop(facts(package=package(policy(), is_open=False))) == (
        "package_closed",
        said,
        Ref("package", "badge-id", "Badge"),
    )


def test_existing_access_is_not_requested_twice_and_leads_to_the_assignment():
    said = (
        "bob@eng.fabrikam.example already has Badge,"
        " and can request it again when that access ends."
    )
    access = Ref("assignment", "assignment-id", "the access of bob@eng.fabrikam.example")
    assert stop(facts("bob+x@eng.fabrikam.example", access=ExistingAccess("assignment-id"))) == (
        "already_has_access",
        said,
        access,
    )


def test_existing_access_says_until_when_in_the_time_zone_of_the_question():
    access = ExistingAccess("assignment-id", NOON + timedelta(days=100))
    east = NOON.astimezone(timezone(timedelta(hours=5), "EAST"))
    assert (
        stop(facts(at=east, access=access))[1]
        == "bob@eng.fabrikam.example already has Badge until 3 Mar 2027, 17:00 EAST,"
        " and can request it again when that access ends."
    )


def test_an_open_request_is_decided_first():
    said = (
        "bob@eng.fabrikam.example already requested Badge on 23 Nov 2026, 07:00 UTC."
        " Decide or withdraw that request first."
    )
    request = Ref("access_request", "request-id", "the request of bob@eng.fabrikam.example")
    assert stop(facts(request=OpenRequest("request-id", DENIED))) == (
        "request_open",
        said,
        request,
    )


HISTORY = PackageHistory(ExistingAccess("a"), OpenRequest("r"), DENIED)


@pytest.mark.parametrize(
    ("left_out", "codes"),
    [
        ({}, ["already_has_access", "request_open", "asked_recently"]),
        ({"access": True}, ["request_open", "asked_recently"]),
        ({"request": True}, ["already_has_access", "asked_recently"]),
        ({"access": True, "request": True}, ["asked_recently"]),
    ],
)
def test_own_access_and_own_requests_can_be_left_out(left_out, codes):
    asked = facts(history={BADGE.id: HISTORY}).without_own(**left_out)
    assert [step.code for step in decide(asked).reasons if not step.passed] == codes


def test_the_history_of_one_package_plays_no_part_for_another():
    asked = facts(history={BADGE.id: HISTORY}).about(
        PackageFact("key-id", "Key", True, BADGE.policies)
    )
    assert decide(asked).code == "allowed"


def test_a_denial_holds_for_one_day_and_says_until_when():
    said = (
        "bob@eng.fabrikam.example was denied Badge less than a day ago,"
        " and can request it again from 24 Nov 2026, 07:00 UTC."
    )
    assert stop(facts(last_denied_at=DENIED)) == ("asked_recently", said, None)


def test_the_end_of_a_denial_is_said_in_the_time_zone_of_the_question():
    east = NOON.astimezone(timezone(timedelta(hours=5), "EAST"))
    assert "from 24 Nov 2026, 12:00 EAST." in stop(facts(at=east, last_denied_at=DENIED))[1]


@pytest.mark.parametrize(
    "more", [{"imitates": "fabricam.example"}, {}], ids=["look-alike", "public mail"]
)
def test_every_way_to_say_that_no_organization_covers_an_address_has_one_code(more):
    assert decide(facts("eve@gmail.com", claims=(), **more)).code == "no_organization"


@pytest.mark.parametrize(
    ("passed", "code"),
    [(timedelta(days=1), "allowed"), (timedelta(days=1, microseconds=-1), "asked_recently")],
)
def test_the_day_after_a_denial_ends_to_the_moment(passed, code):
    assert decide(facts(last_denied_at=NOON - passed)).code == code


@pytest.mark.parametrize(
    "more",
    [{"access": ExistingAccess()}, {"request": OpenRequest()}, {"last_denied_at": DENIED}],
)
def test_without_a_package_nothing_is_held_or_waiting(more):
    assert decide(without_package(**more)).code == "allowed"


# The policy that decides


def test_the_policy_that_names_the_organization_goes_before_all_wider_ones():
    wide, named = [policy("any_outside"), policy("all_configured")], policy()
    assert decide(facts(package=package(*wide, named))).policy == named


def test_all_configured_goes_before_any_outside():
    given = facts(package=package(policy("any_outside"), policy("all_configured")))
    assert text_of("policy_found", given) == (
        "The policy “The all_configured one” decides"
        " because it is for all configured connected organizations."
    )


def test_a_proposed_organization_is_in_any_outside_but_not_in_all_configured():
    given = facts(
        claims=(claim(organization_state="proposed"),),
        package=package(policy("all_configured"), policy("any_outside")),
    )
    assert (
        text_of("policy_found", given)
        == "The policy “The any_outside one” decides because it is for any outside person."
    )


def test_where_no_organization_covers_the_domain_the_deciding_policy_says_so():
    given = facts(claims=(), package=package(policy("any_outside")))
    assert text_of("policy_found", given) == (
        "The policy “The any_outside one” decides because it is for any outside person."
        f" No connected organization covers {given.domain}."
    )


def test_a_proposed_organization_is_in_a_policy_that_names_it():
    assert decide(facts(claims=(claim(organization_state="proposed"),))).allowed


def test_any_outside_person_needs_no_organization():
    assert decide(facts(claims=(), package=package(policy("any_outside")))).allowed


def test_any_outside_person_is_approved_whatever_the_policy_says():
    answer = decide(
        facts(
            "eve@gmail.com", claims=(), package=package(policy("any_outside", needs_approval=False))
        )
    )
    assert (answer.allowed, answer.approval_needed) == (True, True)


def test_a_policy_whose_named_organizations_are_gone_admits_no_one():
    assert decide(facts(package=package(policy("named", "someone-else")))).code == "no_policy"


def test_a_policy_for_nobody_admits_nobody():
    assert decide(facts(package=package(policy("nobody")))).code == "no_policy"


def test_a_policy_of_another_scope_names_nobody():
    stray = policy("nobody").__class__("stray", "Stray", "nobody", frozenset({FABRIKAM}))
    assert deciding_policy(package(stray), claim(), is_member=False) is None


def test_no_policy_asks_for_the_organization_to_be_named():
    said = (
        "No policy of Badge includes Fabrikam."
        " Add the organization to a policy to let its people request the package."
    )
    assert stop(facts(package=package())) == ("no_policy", said, ORGANIZATION)


def test_a_proposed_organization_without_any_wide_policy_is_no_policy():
    assert (
        decide(
            facts(
                claims=(claim(organization_state="proposed"),),
                package=package(policy("named", "other")),
            )
        ).code
        == "no_policy"
    )


def test_no_approval_is_needed_where_the_policy_says_so():
    given = facts(package=package(policy(needs_approval=False)))
    said = (
        " Requests need no approval."
        " Access lasts 365 days and can be extended without approval. To stop requests from"
    )
    assert said in text_of("allowed", given)


def test_a_shared_mailbox_never_gets_in_without_approval():
    said = (
        "support@fabrikam.example is a shared mailbox,"
        " and the policy “The named one” does not require approval."
        " Change the policy to require approval."
    )
    given = facts("support+x@fabrikam.example", package=package(policy(needs_approval=False)))
    assert stop(given) == ("approval_needed", said, Ref("policy", "named", "The named one"))


def test_a_shared_mailbox_can_ask_where_somebody_approves():
    assert decide(facts("support@fabrikam.example")).allowed


# Members and guests


def test_a_member_skips_own_names_the_list_and_organizations():
    given = facts(
        "ada@fabrikam.example",
        person=MEMBER,
        own_names=frozenset({"fabrikam.example"}),
        list_rules=(block("fabrikam.example"),),
        claims=(claim(organization_deleted=True, in_doubt=True),),
        package=package(policy("members")),
    )
    answer = decide(given)
    assert ([step.code for step in answer.reasons], answer.claim, answer.list_rule) == (
        ["address_malformed", "person_blocked", "package_unknown", "policy_found", "allowed"],
        None,
        None,
    )
    assert (
        text_of("policy_found", given)
        == "The policy “The members one” decides because it is for people in your directory."
    )
    said = (
        "ada@fabrikam.example can request Badge under the policy “The members one”."
        " The request needs approval. An internal sponsor decides within 14 days;"
        " if no sponsor can decide, another approver does."
        " Access lasts 365 days and can be extended with approval."
        " To stop all requests under this policy, close it."
    )
    assert text_of("allowed", given) == said


def test_a_member_matches_only_people_in_our_directory():
    given = facts(
        person=MEMBER, package=package(policy(), policy("all_configured"), policy("any_outside"))
    )
    assert stop(given) == (
        "no_policy",
        "No policy of Badge is for people in your directory. Add one to let members request it.",
        None,
    )


def test_a_member_can_be_blocked():
    assert (
        decide(facts(person=PersonFact("member", True), package=package(policy("members")))).code
        == "person_blocked"
    )


def test_a_shared_mailbox_of_a_member_needs_approval_too():
    given = facts(
        "support@harbourgate.example",
        person=MEMBER,
        package=package(policy("members", needs_approval=False)),
    )
    assert decide(given).code == "approval_needed"


def test_a_guest_never_matches_people_in_our_directory():
    assert decide(facts(person=GUEST, package=package(policy("members")))).code == "no_policy"


def test_a_guest_skips_nothing():
    assert decide(facts(person=GUEST, list_default="block")).code == "domain_blocked"


# Asked without a package


@pytest.mark.parametrize(
    "given",
    [
        without_package(),
        without_package(claims=()),
        without_package(claims=(claim(organization_state="proposed"),)),
        without_package(person=MEMBER),
    ],
)
def test_without_a_package_only_what_stops_every_package_is_asked(given):
    assert decide(given).deciding.text == (
        "Nothing stops bob@eng.fabrikam.example from requesting access packages."
    )


@pytest.mark.parametrize("signed_in_by", ["code", None])
def test_without_a_package_the_way_of_signing_in_is_still_asked(signed_in_by):
    demands = (claim(demands_directory=True),)
    answer = decide(without_package(claims=demands, signed_in_by=signed_in_by))
    assert answer.code == "sign_in_differently"


# Sentences that tell what to change, each tried


def test_a_blocked_parent_is_told_with_the_rule_that_would_help():
    rule = block("fabrikam.example")
    said = (
        "The rule “fabrikam.example, including subdomains” on the allow "
        "and deny list blocks eng.fabrikam.example. "
        "To allow it, add an allow rule for eng.fabrikam.example."
    )
    assert stop(facts(list_rules=(rule,))) == (
        "domain_blocked",
        said,
        Ref("list_rule", rule.key, "fabrikam.example, including subdomains"),
    )


def test_a_blocked_parent_with_an_allowed_child_tells_which_rule_decides():
    child = allow("eng.fabrikam.example")
    step = next(
        step
        for step in decide(facts(list_rules=(block("fabrikam.example"), child))).reasons
        if step.code == "domain_blocked"
    )
    said = (
        "The rule “eng.fabrikam.example, including subdomains” on the allow "
        "and deny list allows eng.fabrikam.example. "
        "It takes precedence over the wider block rule “fabrikam.example, including subdomains”."
    )
    assert (step.passed, step.text, step.refers_to) == (
        True,
        said,
        Ref("list_rule", child.key, child.label),
    )


@pytest.mark.parametrize("wider", [(), (allow("fabrikam.example"),)])
def test_an_allow_rule_that_overrules_nothing_is_told_alone(wider):
    given = facts(list_rules=(allow("eng.fabrikam.example"), *wider))
    assert text_of("domain_blocked", given) == (
        "The rule “eng.fabrikam.example, including subdomains” on the allow"
        " and deny list allows eng.fabrikam.example."
    )


@pytest.mark.parametrize(
    ("rules", "default", "advice", "helps"),
    [
        (
            (),
            "block",
            "To allow it, add an allow rule for eng.fabrikam.example.",
            (allow("eng.fabrikam.example"),),
        ),
        (
            (block("eng.fabrikam.example"),),
            "allow",
            "To allow it, change that rule to Allow, or add an allow rule for this domain only.",
            (block("eng.fabrikam.example"), allow("eng.fabrikam.example", "alone")),
        ),
        (
            (block("eng.fabrikam.example", "alone"),),
            "allow",
            "To allow it, change that rule to Allow.",
            (allow("eng.fabrikam.example", "alone"),),
        ),
    ],
)
def test_the_advice_about_the_list_helps(rules, default, advice, helps):
    assert text_of("domain_blocked", facts(list_rules=rules, list_default=default)).endswith(
        f". {advice}"
    )
    assert decide(facts(list_rules=helps, list_default=default)).allowed


def test_a_block_that_ends_says_when():
    rule = block("eng.fabrikam.example", "alone", ends_at=NOON + timedelta(days=3))
    said = (
        "The rule “eng.fabrikam.example, this domain only” on the allow "
        "and deny list blocks eng.fabrikam.example. To allow it, change that rule to Allow. "
    )
    assert (
        stop(facts(list_rules=(rule,)))[1]
        == f"{said}The rule ends automatically after 26 Nov 2026."
    )


@pytest.mark.parametrize(
    ("wider", "default"), [((block("fabrikam.example"),), "allow"), ((), "block")]
)
def test_a_block_that_ends_before_another_goes_on_does_not_say_when(wider, default):
    rule = block("eng.fabrikam.example", "alone", ends_at=NOON + timedelta(days=3))
    text = stop(facts(list_rules=(rule, *wider), list_default=default))[1]
    assert text == (
        "The rule “eng.fabrikam.example, this domain only” on the allow"
        " and deny list blocks eng.fabrikam.example. To allow it, change that rule to Allow."
    )


def test_an_ended_block_is_not_told_as_what_allowed():
    given = facts(
        list_rules=(block("eng.fabrikam.example", ends_at=NOON), block("fabrikam.example"))
    )
    assert stop(given)[1].endswith("To allow it, add an allow rule for eng.fabrikam.example.")


def test_a_longer_name_of_another_organization_is_told():
    given = facts(claims=(claim(), contoso("eng.fabrikam.example")))
    assert text_of("organization_deleted", given) == (
        "eng.fabrikam.example belongs to Contoso."
        " eng.fabrikam.example is longer than fabrikam.example of Fabrikam, so it decides."
    )


def test_a_directory_is_named():
    given = facts(claims=(claim(source_kind="directory", source_label="Fabrikam AD"),))
    said = (
        "eng.fabrikam.example belongs to Fabrikam through its directory Fabrikam AD,"
        " fabrikam.example, including subdomains."
    )
    assert text_of("organization_deleted", given) == said


def test_a_claim_alone_says_how_to_widen_it():
    said = (
        "No connected organization covers eng.fabrikam.example. "
        "Fabrikam has fabrikam.example, but not its subdomains. "
        "Include the subdomains, or connect eng.fabrikam.example. "
        "Then add the organization to a policy of Badge."
    )
    assert stop(facts(claims=(claim(covers=False),))) == ("no_organization", said, ORGANIZATION)
    assert decide(facts(claims=(claim(covers=True),))).allowed


def test_where_connecting_is_enough_nothing_is_told_to_do_after_it():
    given = facts(claims=(), package=package(policy("all_configured")))
    said = (
        "No connected organization covers eng.fabrikam.example. Connect the organization"
        " that owns it, or add the domain to that organization if it is already connected."
        " If only this person works for a connected organization, vouch for this one address on"
        " the organization's page."
    )
    assert stop(given) == ("no_organization", said, None)


ALLOWING = allow("fabrikam.example", ends_at=NOON)
TEN_CASES = {
    "allowed": (facts(), ALLOWED),
    "blocked parent with allowed child": (
        facts(
            "bob@hr.fabrikam.example",
            list_rules=(block("fabrikam.example"), allow("eng.fabrikam.example")),
        ),
        "The rule “fabrikam.example, including subdomains” on the allow "
        "and deny list blocks hr.fabrikam.example. "
        "To allow it, add an allow rule for hr.fabrikam.example.",
    ),
    "proposed": (
        facts(
            claims=(claim(organization_state="proposed"),),
            package=package(policy("all_configured")),
        ),
        "Fabrikam is proposed and is waiting for a decision. "
        "The policy “The all_configured one” is for all configured connected organizations only. "
        "Configure Fabrikam, or add it to a policy of Badge.",
    ),
    "shadowed claim": (
        facts(claims=(claim(), contoso("eng.fabrikam.example"))),
        (
            "No policy of Badge includes Contoso."
            " Add the organization to a policy to let its people request the package."
        ),
    ),
    "expired rule": (
        facts(list_rules=(ALLOWING,), list_default="block"),
        "No rule on the allow and deny list covers eng.fabrikam.example. "
        "Domains without a rule are blocked. "
        "To allow it, add an allow rule for eng.fabrikam.example. "
        "The rule “fabrikam.example, including subdomains” allowed it "
        "until the end of 23 Nov 2026.",
    ),
    "look-alike": (
        facts("eve@fabr1kam.example", claims=(), imitates="fabrikam.example"),
        "No connected organization covers fabr1kam.example. "
        "It looks like the known domain fabrikam.example and may be an imitation. "
        "Contact the person at fabrikam.example instead.",
    ),
    "no organization": (
        facts("eve@evilfabrikam.example", claims=()),
        "No connected organization covers evilfabrikam.example. Connect the organization "
        "that owns it, or add the domain to that organization if it is already connected. "
        "Then add the organization to a policy of Badge. If only this person works for a connected"
        " organization, vouch for this one address on the organization's page.",
    ),
    "public mail without an organization": (
        facts("eve@gmail.com", claims=()),
        (
            "No connected organization covers gmail.com."
            " Anyone can get an address there, so connecting it would let anyone in."
            " Ask the person for the email address that their organization gave them."
            " If they work for a connected organization without one, vouch for this one address on"
            " the organization's page."
        ),
    ),
    "public mail without approval": (
        facts(
            "eve@gmail.com",
            claims=(claim("gmail.com"),),
            package=package(policy(needs_approval=False)),
        ),
        (
            "Anyone can get an address at gmail.com,"
            " and the policy “The named one” does not require approval."
            " Change the policy to require approval."
        ),
    ),
    "deleted": (
        facts(claims=(claim(organization_deleted=True),)),
        (
            "Fabrikam was deleted, and fabrikam.example is still reserved for it."
            " Restore the organization, release the domain, or add it to another organization."
        ),
    ),
    "doubt": (
        facts(claims=(claim(in_doubt=True),)),
        (
            "fabrikam.example may no longer belong to Fabrikam."
            " An administrator has to confirm the domain first."
        ),
    ),
}


@pytest.mark.parametrize(("given", "sentence"), TEN_CASES.values(), ids=TEN_CASES)
def test_the_sentence_alone_tells_what_to_change(given, sentence):
    assert decide(given).deciding.text == sentence
