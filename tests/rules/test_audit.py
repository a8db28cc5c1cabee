"""The arithmetic of the audit log's chain."""

from governance.rules.audit import GENESIS, digest


def test_the_hash_is_that_of_the_one_before_and_the_text():
    assert (
        digest(GENESIS, "{}") == "5649d09ed68c17156095d175eef152856c5b1a81c117c409c1e00f096aa6838e"
    )


def test_another_hash_before_makes_another_hash():
    assert digest(GENESIS, "{}") != digest("1" + GENESIS[1:], "{}")


def test_another_text_makes_another_hash():
    assert digest(GENESIS, '{"a":1}') != digest(GENESIS, '{"a":2}')
