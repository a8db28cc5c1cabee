"""Domains and email addresses in canonical form, and what is a subdomain (product rules 1 to 3).

The only module that splits or compares names. A canonical name is lower-case A-labels, two or more,
at most 253 octets.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import idna

from .decision import Ref, Refused, refuse
from .domains.typed_forms import (
    ENTER_ONLY,
    address_within,
    are_several,
    has_mailbox,
    readable,
    without_wildcard,
)

# RFC 5891, section 4.2.3.1: no label but an A-label has hyphens in its third and fourth place.
_PLAIN_LABEL = r"(?![a-z0-9][a-z0-9-]--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_PLAIN = re.compile(rf"(?:{_PLAIN_LABEL}\.)+(?!(?:\d+|0x[0-9a-f]*)$){_PLAIN_LABEL}")
_ADDRESS_IN_DIGITS = re.compile(r"[0-9a-fx]*\d[0-9a-fx]*(\.[0-9a-fx]+)*")
_NUMBERS_AND_COLONS = re.compile(r"\[?[0-9a-fA-F.]*:[0-9a-fA-F.:]*:[0-9a-fA-F.:]*(%\w+)?\]?")
_LOCAL_CHARACTERS = re.compile(r"[A-Za-z0-9#$&'*+/=?^_`{|}~.-]+")
# A local part of plain characters in which none of these is found is a dot-atom with a mailbox.
_LOCAL_FAULTS = (
    (r"^\.", "cannot begin with a dot"),
    (r"\.$", "cannot end with a dot"),
    (r"\.\.", "cannot have two dots in a row"),
    # all before the first + is the mailbox, and all such addresses of a domain would share one
    (r"^\+", "cannot begin with +"),
)
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
NAME_LIMIT, LABEL_LIMIT, ADDRESS_LIMIT, LOCAL_LIMIT = 253, 63, 254, 64
# Appended to a name's key: the keys of all names beneath begin with the one and end before the
# other.
ENDS_BENEATH = (".", "/")
LONGEST_TYPED = 1000  # characters looked at; what is longer cannot shrink to a name
EXAMPLE_ADDRESS = "Enter an email address, such as name@partner.example"
WHOLE_NAME = "Enter the whole domain, such as partner.example"


@dataclass(frozen=True, slots=True)
class Address:
    """A proved-to-be-plain e-mail address. `text` is the whole of it in lower case."""

    local: str
    domain: str

    @property
    def text(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def mailbox(self) -> str:
        """The same for all tags of one mailbox: bob+x@ is bob@ (product rule 3)."""
        return f"{without_tag(self.local)}@{self.domain}"


def canonical_domain(text: str) -> str:
    """Return the domain as A-labels in lower case.

    Raises Refused (field "domain") with what is wrong.

    UTS 46 non-transitional with STD3 rules, CheckBidi, CheckJoiners and VerifyDnsLength; white
    space around it and one trailing dot are forgiven, a scheme, path, port or user part is not, but
    the host in it is suggested.
    """
    name = without_outer_space(text)
    if len(name) <= NAME_LIMIT and _PLAIN.fullmatch(name):
        return name
    return _canonical(name)


def without_outer_space(text: str) -> str:
    """Return the text without the white space around it, of any kind that Unicode knows.

    Text that is copied from a page or typed with an input method can begin or end with U+00A0 or
    U+3000. Every entry point forgives the same, because every one of them asks this module.
    """
    return text.strip()


def canonical_name_or_suffix(text: str) -> str:
    """Return what a list rule can be for: a canonical domain, or a suffix of one label.

    A wildcard before it is forgiven. Raises Refused.
    """
    name, _includes_subdomains = without_wildcard(without_outer_space(text))
    try:
        return canonical_domain(name)
    except Refused as refusal:
        if refusal.code != "domain_not_whole":
            raise
        return parents(canonical_domain(f"any.{name}"))[1]


def can_have_addresses(name: str) -> bool:
    """Return whether an address at exactly this canonical name can exist.

    None does at a single label, nor where a mailbox of one character makes the address too long.
    """
    return label_count(name) > 1 and len(f"a@{name}") <= ADDRESS_LIMIT


@lru_cache(maxsize=4096)
def _canonical(name: str) -> str:
    _refuse_what_is_no_name(name)
    try:
        mapped = idna.uts46_remap(name, std3_rules=True, transitional=False)
    except idna.IDNAError:
        raise _unfit(name) from None
    mapped = mapped.removesuffix(".")
    _refuse_numbers(mapped)
    parts = mapped.split(".")
    if not all(parts):
        raise refuse(
            "domain_empty_label",
            "A domain cannot have two dots in a row or begin with a dot",
            field="domain",
        )
    encoded = [_a_label(part, name) for part in parts]
    _refuse_mixed_directions(encoded, name)
    return _of_fitting_length(encoded)


def ulabels(name: str) -> str:
    """The Unicode form of a canonical name, label by label.

    For people's eyes use display_domain.
    """
    return ".".join(_u_label(label) for label in name.split("."))


def parents(name: str) -> tuple[str, ...]:
    """The name itself, then every name above it, the nearest first."""
    parts = name.split(".")
    return tuple(".".join(parts[start:]) for start in range(len(parts)))


def labels(name: str) -> tuple[str, ...]:
    """Return the labels of a canonical domain, from left to right."""
    return tuple(name.split("."))


def label_count(name: str) -> int:
    """Return how many labels a canonical domain has."""
    return name.count(".") + 1


def is_beneath(name: str, parent: str) -> bool:
    """Longer by whole labels: a.b.example lies beneath b.example, evilb.example does not."""
    return name.endswith(f".{parent}")


def key(name: str) -> str:
    """The labels in reverse order, so that everything beneath a name is one range of keys."""
    return ".".join(reversed(name.split(".")))


def beneath_range(name: str) -> tuple[str, str]:
    """Bounds of the keys of all names beneath: low <= key < high."""
    first, end = ENDS_BENEATH
    return key(name) + first, key(name) + end


def at_or_beneath_in_sql(column: str, above: str, *, beneath_if: str = "") -> str:
    """The condition in SQL that a column is the key `above` or, where `beneath_if` holds, the key
    of a name beneath it.

    One range of an index, between whose ends only the likes of b-c.example have to be left out.
    """
    first, end = ENDS_BENEATH
    only_if = f"{beneath_if} AND " if beneath_if else ""
    return (
        f"{column} >= {above} AND {column} < {above} || '{end}'"
        f" AND ({column} = {above} OR {only_if}{column} > {above} || '{first}')"
    )


def name_beneath(name: str) -> str:
    """Return an unlikely subdomain, which stands for all that have nothing of their own."""
    return f"no-name-of-its-own.{name}"


def canonical_email(text: str) -> Address:
    """The address. Raises Refused (field "email", code "address_malformed") unless it is a plain
    dot-atom at a canonical domain.

    White space around the whole of it is forgiven, as around a domain name, and none within.
    """
    _refuse_what_surrounds(text)
    local, at, host = without_outer_space(text).partition("@")
    if not at or not local or not host:
        raise _malformed(EXAMPLE_ADDRESS)
    if "@" in host:
        raise _malformed("An email address has exactly one @")
    if re.search(r"\s", local + host):
        raise _malformed("An email address cannot contain spaces")
    _refuse_local_part(local)
    address = Address(local.lower(), _domain_of_address(host))
    if len(address.text) > ADDRESS_LIMIT:
        raise _malformed(f"An email address can have at most {ADDRESS_LIMIT} characters")
    return address


def address_of_account(text: str) -> str:
    """Return the address as accounts store it.

    What is no address comes back as typed: no account has it.
    """
    try:
        return canonical_email(text).text
    except Refused:
        return text


def without_tag(local: str) -> str:
    """Return the local part up to its first +, in lower case (product rule 3)."""
    return local.partition("+")[0].lower()


def address_or_domain(text: str) -> Address | str | None:
    """What somebody typed into a search box: a whole address, a whole domain name, or neither."""
    try:
        return canonical_email(text) if "@" in text else canonical_domain(text)
    except Refused:
        return None


def _refuse_what_is_no_name(name: str) -> None:
    if len(name) > LONGEST_TYPED:
        raise _too_long()
    if not name:
        raise refuse("domain_missing", "Enter a domain", field="domain")
    if are_several(name):
        raise refuse("domain_several", "Enter one domain at a time", field="domain")
    if any(character in name for character in "/@:\\?#"):
        raise _with_suggestion(name)
    if any(character.isspace() for character in name):
        raise refuse("domain_spaces", "A domain cannot contain spaces", field="domain")


def _with_suggestion(text: str) -> Refused:
    """Not stripped silently: the host in an address, link or path is named for people to enter."""
    if _NUMBERS_AND_COLONS.fullmatch(text):
        return refuse("domain_ip_address", "A domain cannot be an IP address", field="domain")
    host = re.sub(r"^[a-zA-Z][a-zA-Z0-9+.-]*:", "", text) if "://" in text else text
    host = re.split(r"[/\\?#]", host.lstrip("/\\"))[0].rpartition("@")[2].partition(":")[0]
    try:
        suggestion = _canonical(host)
    except Refused:
        said = f"“{readable(text)}” is not a domain. {WHOLE_NAME}"
        return refuse("domain_not_a_name", said, field="domain")
    what = "an email address, not a domain" if has_mailbox(text) else "not just a domain"
    return refuse(
        "domain_not_a_name",
        f"“{readable(text)}” is {what}. {ENTER_ONLY.format(suggestion)}",
        field="domain",
        refers_to=Ref("suggestion", suggestion, suggestion),
    )


def _refuse_numbers(name: str) -> None:
    last = name.rpartition(".")[2]
    if last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last):
        if "." in name and _ADDRESS_IN_DIGITS.fullmatch(name):
            raise refuse("domain_ip_address", "A domain cannot be an IP address", field="domain")
        raise refuse(
            "domain_all_digits",
            f"A domain cannot end in a number. {WHOLE_NAME}",
            field="domain",
        )


def _a_label(label: str, name: str) -> str:
    if len(label) > LABEL_LIMIT:
        raise _label_too_long()
    try:
        return idna.alabel(label).decode()
    except idna.IDNAError as problem:
        raise _label_too_long() if problem.code == "label_too_long" else _unfit(name) from None


def _refuse_mixed_directions(encoded: list[str], name: str) -> None:
    """The Bidi rule binds every label as soon as one of them runs right to left (RFC 5893)."""
    unicode_labels = [_u_label(label) for label in encoded]
    if not any(
        unicodedata.bidirectional(character) in _RIGHT_TO_LEFT
        for label in unicode_labels
        for character in label
    ):
        return
    try:
        for label in unicode_labels:
            idna.check_bidi(label, check_ltr=True)
    except idna.IDNAError:
        raise _unfit(name) from None


def _of_fitting_length(encoded: list[str]) -> str:
    name = ".".join(encoded)
    if len(name) > NAME_LIMIT:
        raise _too_long()
    if len(encoded) < 2:
        raise refuse("domain_not_whole", WHOLE_NAME, field="domain")
    return name


def _u_label(label: str) -> str:
    return idna.ulabel(label) if label.startswith("xn--") else label


def _unfit(name: str) -> Refused:
    return refuse(
        "domain_unfit",
        f"“{readable(name)}” has characters that a domain cannot have. {WHOLE_NAME}",
        field="domain",
    )


def _too_long() -> Refused:
    return refuse(
        "domain_too_long", f"A domain can have at most {NAME_LIMIT} characters", field="domain"
    )


def _label_too_long() -> Refused:
    return refuse(
        "domain_label_too_long",
        f"Each part of a domain can have at most {LABEL_LIMIT} characters",
        field="domain",
    )


def _malformed(text: str) -> Refused:
    return refuse("address_malformed", text, field="email")


def _refuse_what_surrounds(text: str) -> None:
    """Name the address in what a mail program copies; ask for one where several were pasted."""
    if len(text) > LONGEST_TYPED or not re.search(r"[\s<:,;]", text):
        return
    if are_several(text, addresses=True):
        raise _malformed("Enter one email address at a time")
    if inner := address_within(text):
        raise _malformed(f"Enter only the address: {readable(inner)}")


def _refuse_local_part(local: str) -> None:
    if len(local) > LOCAL_LIMIT:
        raise _malformed(f"The part before the @ can have at most {LOCAL_LIMIT} characters")
    if not _LOCAL_CHARACTERS.fullmatch(local):
        raise _malformed("The part before the @ can only have letters, digits and . _ + - '")
    if "#ext#" in local.lower():
        raise _malformed(
            "An address with #EXT# is the account name of a guest in a directory."
            " Enter the guest's own email address"
        )
    for fault, said in _LOCAL_FAULTS:
        if re.search(fault, local):
            raise _malformed(f"The part before the @ {said}")


def _domain_of_address(host: str) -> str:
    try:
        return canonical_domain(host)
    except Refused as refusal:
        about_a_search = refusal.code in {"domain_not_whole", "domain_not_a_name", "domain_several"}
        raise _malformed(EXAMPLE_ADDRESS if about_a_search else refusal.reasons[0].text) from None
