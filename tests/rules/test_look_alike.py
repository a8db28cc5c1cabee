"""Imitations: never equal to what they imitate, and warned about, by Unicode's whole table of
confusables.
"""

import string
import unicodedata
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.rules import email_domains
from governance.rules.domains import confusables, look_alike, scripts

from .names import DATA, accepted, canonical_names

TABLE = Path(confusables.__file__).parent / "data" / "confusables_2026_09.txt"
NAMES = [f"{word}.example" for word in (DATA / "made_up_companies.txt").read_text().split()]


def lines_of_the_table() -> list[tuple[str, str]]:
    lines = (
        line.split()
        for line in TABLE.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    )
    return [
        (chr(int(code, 16)), "".join(chr(int(part, 16)) for part in rest)) for code, *rest in lines
    ]


@lru_cache(maxsize=1)
def imitations_by_letter() -> dict[str, list[str]]:
    """For each plain letter, every character that the table says looks like it and that a name can
    have as it is.
    """
    found = defaultdict(list)
    for character, prototype in lines_of_the_table():
        plain, text = prototype.lower(), f"{character}z.example"
        resembles_plain = not character.isascii() and plain.isascii() and plain.isalnum()
        if resembles_plain and (name := accepted(text)) and email_domains.ulabels(name) == text:
            found[plain].append(character)
    return found


def imitations_of(name: str) -> list[str]:
    """One letter after another replaced by each character that looks like it."""
    own = email_domains.labels(name)[0]
    texts = [
        name.replace(letter, other, 1)
        for letter, others in imitations_by_letter().items()
        if letter in own
        for other in others
    ]
    return [canonical for text in texts if (canonical := accepted(text)) and canonical != name]


def whole_in_one_script(name: str) -> list[str]:
    """The name with every letter replaced by look-alikes of one alphabet, where it has one for
    each.
    """
    own, *rest = email_domains.labels(name)
    by_script = defaultdict(dict)
    for letter, others in imitations_by_letter().items():
        for other in others:
            by_script[scripts.script_of(other)].setdefault(letter, other)
    texts = [
        "".join(table[letter] for letter in own)
        for table in by_script.values()
        if set(own) <= set(table)
    ]
    return [canonical for text in texts if (canonical := accepted(".".join([text, *rest])))]


def test_there_are_a_hundred_names_and_hundreds_of_look_alike_characters():
    assert (len(set(NAMES)), len(lines_of_the_table())) == (100, 6565)
    assert sum(len(others) for others in imitations_by_letter().values()) > 150


@pytest.mark.parametrize("name", NAMES)
def test_every_imitation_with_one_foreign_letter_is_another_name_and_is_warned_about(name):
    found = imitations_of(name)
    assert len(found) > 10
    assert [
        imitation for imitation in found if look_alike.look_alike(imitation, [name]) != name
    ] == []


def test_every_imitation_whole_in_one_alphabet_is_warned_about():
    found = {
        imitation: name
        for name in [*NAMES, "scope.example", "apex.example", "hop.example"]
        for imitation in whole_in_one_script(name)
    }
    assert len(found) > 2
    assert {
        imitation: look_alike.look_alike(imitation, [name]) for imitation, name in found.items()
    } == found


def test_a_name_whole_in_another_alphabet_that_passes_for_plain_letters_is_shown_by_its_a_labels():
    imitation = email_domains.canonical_domain("ѕсоре.example")
    assert look_alike.display_domain(imitation) == imitation
    assert look_alike.mixes_scripts(imitation) is False


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("fаbrikam.example", "fabrikam.example"),
        ("fabrikаm.example", "fabrikam.example"),
        ("fabr1kam.example", "fabrikam.example"),
        ("f4brik4m.example", "fabrikam.example"),
        ("fabri-kam.example", "fabrikam.example"),
        ("fabrikarn.example", "fabrikam.example"),
        ("fabrika.example", "fabrikam.example"),
        ("fabrikamm.example", "fabrikam.example"),
        ("fabirkam.example", "fabrikam.example"),
        ("fabrikma.example", "fabrikam.example"),
        ("fabbrikam.example", "fabrikam.example"),
        ("f-abri-kam.example", "fabrikam.example"),
        ("lucerνe.example", "lucerne.example"),
        ("νorthwiνd.example", "northwind.example"),
        ("fabrikan.example", "fabrikam.example"),
        ("fàbrikam.example", "fabrikam.example"),
        ("mail.fabr1kam.example", "fabrikam.example"),
        ("fabr1kam.example", "eng.fabrikam.example"),
        ("c0ntoso.onmicrosoft.com", "contoso.onmicrosoft.com"),
        ("wocdgrove.co.uk", "woodgrove.co.uk"),
        ("vvoodgrove.example", "woodgrove.example"),
        ("bucher.example", "xn--bcher-kva.example"),
        ("lucerxe.example", "lucerne.example"),
        ("1234.example", "izea.example"),
        ("соhо.example", "coho.example"),
    ],
)
def test_imitations_of_every_kind_are_told(typed, known):
    assert (
        look_alike.look_alike(email_domains.canonical_domain(typed), ["unlike.example", known])
        == known
    )


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("fabrikam.example", "fabrikam.example"),
        ("eng.fabrikam.example", "fabrikam.example"),
        ("fabrikam.example", "eng.fabrikam.example"),
        ("eng1.fabrikam.example", "engi.fabrikam.example"),
        ("fabrikam.com", "fabrikam.example"),
        ("evilfabrikam.example", "fabrikam.example"),
        ("abcd.example", "abce.example"),
        ("contoso.example", "fabrikam.example"),
        ("fabricum.example", "fabrikam.example"),
        ("github.io", "github.com"),
        ("github.io", "github.io"),
        ("partner.github.io", "github.io"),
        ("github.io", "partner.github.io"),
    ],
)
def test_what_imitates_nothing(name, known):
    assert look_alike.look_alike(name, [known]) is None


def naive_is_one_off(one: str, other: str) -> bool:
    """Whether one letter put in, left out, replaced or swapped with its neighbour turns one word
    into the other.
    """
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    if len(one) < len(other):
        return any(other[:i] + other[i + 1 :] == one for i in range(len(other)))
    apart = [i for i in range(len(one)) if one[i] != other[i]]
    swapped = (
        len(apart) == 2
        and apart[1] == apart[0] + 1
        and one[apart[0]] == other[apart[1]]
        and one[apart[1]] == other[apart[0]]
    )
    return len(apart) <= 1 or swapped


words = st.text(alphabet="abehkou", min_size=5, max_size=8)  # letters that fold into no other


@pytest.mark.properties
@given(words, words | st.none(), st.data())
def test_one_letter_off_is_what_counting_letters_finds(one, other, data):
    if other is None:
        place = data.draw(st.integers(0, len(one)))
        other = (
            one[:place]
            + data.draw(st.sampled_from(["", "a", "k"]))
            + one[place + data.draw(st.integers(0, 2)) :]
        )
    if len(other) >= look_alike.SHORTEST_FOR_EDITS and one != other:
        expected = f"{other}.example" if naive_is_one_off(one, other) else None
        assert look_alike.look_alike(f"{one}.example", [f"{other}.example"]) == expected


@pytest.mark.properties
@given(canonical_names(), canonical_names())
def test_what_imitates_is_never_treated_as_equal(one, other):
    if look_alike.look_alike(one, [other]):
        assert one != other
        assert not email_domains.is_beneath(one, other)


@pytest.mark.properties
@given(canonical_names())
def test_the_stored_skeleton_is_among_those_asked_for(name):
    assert look_alike.look_alike_skeleton(name) in look_alike.neighbouring_skeletons(name)
    assert len(look_alike.look_alike_skeleton(name)) <= 300


def test_a_skeleton_leaves_out_what_stands_beneath_the_registrable_name():
    assert (
        look_alike.look_alike_skeleton("mail.fabrikam.co.uk")
        == look_alike.look_alike_skeleton("fabrikam.co.uk")
        == "fabrikam.co.uk"
    )


def test_a_stored_skeleton_reads_letters_as_they_stand_not_as_capitals():
    assert (
        look_alike.look_alike_skeleton(email_domains.canonical_domain("νorthwind.example"))
        == "vorthwind.exampie"
    )


def test_an_index_is_asked_for_some_hundred_skeletons():
    assert 300 < len(look_alike.neighbouring_skeletons("fabrikam.example")) < 600
    assert look_alike.neighbouring_skeletons("coho.example") == {"coho.exampie"}


@pytest.mark.parametrize(
    ("text", "mixes", "shown"),
    [
        ("bücher.example", False, "bücher.example"),
        ("пример.example", False, "пример.example"),
        ("例えテスト.example", False, "例えテスト.example"),
        ("漢字한국.example", False, "漢字한국.example"),
        ("漢ひカ々.example", False, "漢ひカ々.example"),
        ("bücher.123.example", False, "bücher.123.example"),
        ("æble.example", False, "æble.example"),
        ("fabrikam1-2.example", False, "fabrikam1-2.example"),
        ("उदाहरण.example", False, "उदाहरण.example"),
        ("fаbrikam.example", True, "xn--fbrikam-2fg.example"),
        ("fabr৪kam.example", True, "xn--fabrkam-8zp.example"),
        ("faංbrikam.example", True, None),
        ("한국さ.example", True, None),
    ],
)
def test_a_name_that_mixes_alphabets_is_shown_by_its_a_labels(text, mixes, shown):
    name = email_domains.canonical_domain(text)
    assert look_alike.mixes_scripts(name) is mixes
    assert look_alike.display_domain(name) == (shown or name)


def test_a_shared_accent_and_digits_of_ascii_belong_to_no_alphabet():
    assert [scripts.script_of(character) for character in "1-\u0301\u200d"] == ["", "", "", ""]


def test_digits_belong_to_their_alphabet_and_unknown_characters_to_one_of_their_own():
    assert [scripts.script_of(character) for character in "۴٤৪\U0003f8cd"] == [
        "ARABIC",
        "ARABIC",
        "BENGALI",
        "UNKNOWN",
    ]


def test_unicodes_own_skeleton_keeps_ascii_and_accents():
    assert confusables.skeleton("fаbrikam01") == "fabrikam01"
    assert confusables.skeleton("ü") == unicodedata.normalize("NFD", "ü")


@pytest.mark.parametrize("letter", string.ascii_lowercase)
def test_every_plain_letter_reads_as_itself(letter):
    assert confusables.letters(letter) == confusables.letters(letter, of_capitals=True) == letter


def test_a_line_of_the_table_of_confusables_is_read_as_characters():
    assert confusables._text(["0061", "1F600"]) == "a😀"
