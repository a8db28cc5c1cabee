"""What the rules remember between calls is forgotten first, so that a run in a fork of a warm
process tests the code it has.
"""

import sys

import pytest


@pytest.fixture(scope="session", autouse=True)
def nothing_remembered():
    modules = [
        module
        for name, module in sys.modules.items()
        if name.startswith(("governance.rules.", "tests.rules."))
    ]
    for value in [value for module in modules for value in vars(module).values()]:
        if hasattr(value, "cache_clear"):
            value.cache_clear()
