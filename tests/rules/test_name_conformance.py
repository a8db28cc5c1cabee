"""Unicode's conformance files for names, whole: nothing invalid is accepted, and what is valid
becomes what the standard says.

What the portal refuses though UTS 46 calls it valid is listed by class in
docs/decisions/0001-names.md; the counts here keep that list honest.
"""

import gzip
import json
import re
from collections import Counter

import pytest

from governance.rules import email_domains
from governance.rules.decision import Refused

from .names import DATA, accepted

DOTS = ".．。｡"


def cases_of_unicode_18() -> list[tuple[str, str | None]]:
    return [
        tuple(case)
        for case in json.loads(
            gzip.decompress((DATA / "idna_cases_unicode_18_0.json.gz").read_bytes())
        )
    ]


def cases_of_unicode_13() -> list[tuple[str, str | None]]:
    """From IdnaTestV2.txt as it was published; its header says what an empty column means."""
    lines = (
        gzip.decompress((DATA / "idna_test_v2_unicode_13_0.txt.gz").read_bytes())
        .decode()
        .splitlines()
    )
    return [_case(line) for line in lines if line and not line.startswith("#")]


def _case(line: str) -> tuple[str, str | None]:
    source, unicode_form, unicode_status, ascii_form, ascii_status, *_transitional = (
        part.strip() for part in line.partition("#")[0].split(";")
    )
    text = _unescaped(source)
    is_valid = (ascii_status or unicode_status) in ("", "[]")
    return text, _unescaped(ascii_form or unicode_form or source) if is_valid else None


def _unescaped(text: str) -> str:
    return re.sub(
        r"\\u([0-9A-F]{4})|\\x\{([0-9A-F]+)\}",
        lambda found: chr(int(found[1] or found[2], 16)),
        text,
    )


def refusal_codes(cases) -> Counter:
    codes = Counter()
    for text, answer in cases:
        if answer is not None and accepted(text) is None:
            with pytest.raises(Refused) as caught:
                email_domains.canonical_domain(text)
            codes[caught.value.code] += 1
    return codes


def wrongly_accepted(cases) -> dict[str, str]:
    return {text: name for text, answer in cases if answer is None and (name := accepted(text))}


def test_all_cases_are_there():
    assert (len(cases_of_unicode_18()), len(cases_of_unicode_13())) == (6329, 6225)


def test_every_accepted_name_has_the_form_of_the_standard():
    valid = {
        text: answer.removesuffix(".")
        for text, answer in cases_of_unicode_18()
        if answer is not None
    }
    names = {text: name for text in valid if (name := accepted(text))}
    assert names == {text: valid[text] for text in names}
    assert len(names) == 254


def test_nothing_invalid_is_accepted_but_the_one_dot_at_the_end_that_is_forgiven():
    """With its last dot a name has an empty label, which VerifyDnsLength refuses; without it each
    of these is valid.
    """
    forgiven = wrongly_accepted(cases_of_unicode_18())
    assert len(forgiven) == 14
    assert {text[-1] in DOTS for text in forgiven} == {True}
    assert {text: accepted(text[:-1]) for text in forgiven} == forgiven


def test_what_unicode_13_calls_invalid_is_accepted_only_where_unicode_18_calls_it_valid():
    newer = dict(cases_of_unicode_18())
    accepted_now = wrongly_accepted(cases_of_unicode_13())
    assert accepted_now == {text: newer[text] for text in accepted_now}
    assert len(accepted_now) == 25


def test_every_accepted_name_of_unicode_13_has_the_same_form_there():
    valid = {
        text: answer.removesuffix(".")
        for text, answer in cases_of_unicode_13()
        if answer is not None
    }
    names = {text: name for text in valid if (name := accepted(text))}
    assert names == {text: valid[text] for text in names}


def test_valid_names_are_refused_only_for_the_recorded_reasons():
    assert refusal_codes(cases_of_unicode_18()) == {"domain_not_whole": 130, "domain_all_digits": 2}


def test_names_valid_in_uts_46_but_not_in_idna_2008_are_refused_too():
    codes = refusal_codes(cases_of_unicode_13())
    assert codes == {
        "domain_not_whole": 133,
        "domain_unfit": 55,
        "domain_all_digits": 23,
        "domain_ip_address": 3,
    }
