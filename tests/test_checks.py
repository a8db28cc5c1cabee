"""`make check` refuses what it should: of each kind, a fault is planted and the checker sees it.

A planted import upward is in test_architecture.py.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import pytest

from tests.architecture import ROOT

FAULTLESS = '''"""Numbers."""


def one() -> int:
    """Return one."""
    return 1
'''
WITHOUT_DOCSTRING = FAULTLESS.replace('    """Return one."""\n', "")
UNFORMATTED = FAULTLESS.replace("return 1", "return  1")
WITH_TYPE_ERRORS = f'''{FAULTLESS}

def two(text):
    """Return two."""
    return 2


def three() -> int:
    """Return three."""
    return "3"
'''


def planted(*command: str, source: str, layer: str) -> subprocess.CompletedProcess:
    """Run ruff on a module that the layer would have."""
    name = f"governance/{layer}/planted.py"
    return subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--stdin-filename", name, "-"],
        cwd=ROOT,
        input=source,
        text=True,
        capture_output=True,
    )


def faults_found(source: str, layer: str = "rules") -> list[str]:
    found = planted("check", "--output-format", "json", source=source, layer=layer)
    return [fault["code"] for fault in json.loads(found.stdout)]


@pytest.mark.parametrize("layer", ["rules", "actions", "queries", "connectors", "forms"])
def test_a_planted_function_without_a_docstring_is_found(layer):
    assert (faults_found(FAULTLESS, layer), faults_found(WITHOUT_DOCSTRING, layer)) == (
        [],
        ["D103"],
    )


def test_a_planted_line_of_more_than_a_hundred_columns_is_found():
    longest = "#" + " a" * 49 + "b"
    assert len(longest) == 100
    found = [faults_found(f"{FAULTLESS}{longest}{more}\n") for more in ("", "c")]
    assert found == [[], ["E501"]]


def test_a_planted_unformatted_line_is_found():
    codes = [
        planted("format", "--check", source=source, layer="rules").returncode
        for source in (FAULTLESS, UNFORMATTED)
    ]
    assert codes == [0, 1]


def test_planted_type_errors_in_rules_and_actions_are_found(tmp_path):
    for part in ("governance", "portal"):  # of which Django's models are read
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    modules = [f"governance/{layer}/planted.py" for layer in ("actions", "rules")]
    for module in modules:
        (tmp_path / module).write_text(WITH_TYPE_ERRORS)
    command = [sys.executable, "-m", "mypy", "--no-incremental", *modules]
    told = subprocess.run(command, cwd=tmp_path, text=True, capture_output=True).stdout
    assert sorted(re.findall(r"^(\S+?):\d+: error: .*\[(.+)\]$", told, re.MULTILINE)) == [
        (module, code) for module in modules for code in ("no-untyped-def", "return-value")
    ]
