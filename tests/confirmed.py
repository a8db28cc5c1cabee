"""The actions, as people call them who saw the impact: for tests that are about something else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

from governance import actions, sample_data
from governance.actions.confirmation import ConfirmationRequired

# The modules of actions by their own name, whatever package they are in.
ACTION_MODULES = {
    found.name.rpartition(".")[2]: import_module(found.name)
    for package in (actions, sample_data)
    for found in walk_packages(package.__path__, f"{package.__name__}.")
    if not found.ispkg
}


def confirmed(action: Callable, **given):
    """Call the action, and once more with what it wants to have been seen."""
    try:
        return action(**given)
    except ConfirmationRequired as question:
        if question.is_stale:
            raise
        return action(**_having_seen(given, question.expected))


def _having_seen(given: dict, expected: str) -> dict:
    if "new" in given:
        return given | {"new": replace(given["new"], seen=expected)}
    return given | {"seen": expected}


class _Confirmed(ModuleType):
    """A module of actions, each of which is confirmed."""

    def __init__(self, module: ModuleType):
        super().__init__(module.__name__)
        self._module = module

    def __getattr__(self, name: str):
        found = getattr(self._module, name)
        if not hasattr(found, "activity"):
            return found

        @wraps(found)
        def run(**given):
            return confirmed(found, **given)

        return run


def __getattr__(name: str):
    """Return the module of actions of that name, with every action confirmed."""
    if name not in ACTION_MODULES:
        raise AttributeError(name)
    return _Confirmed(ACTION_MODULES[name])
