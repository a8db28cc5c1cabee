"""What happens before the portal can speak: which Python, which port, what was installed, and one
line when something is wrong.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tools import run

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def folder_of_pythons(tmp_path, monkeypatch):
    """Puts pretended Pythons on an otherwise empty PATH: `has(python3="3.9")`."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def has(**versions):
        for name, version in versions.items():
            program = tmp_path / name.replace("_", ".")
            program.write_text(f"#!/bin/sh\necho {version.replace('.', ' ')}\n")
            program.chmod(0o755)

    return has


@pytest.fixture
def taken_port():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def in_its_own_process(*arguments, **environment):
    """Django's command line with this environment and no test settings."""
    command = [sys.executable, "manage.py", *arguments]
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PORTAL_", "DATABASE_URL", "EMAIL_URL", "DJANGO_"))
    }
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**kept, "PORTAL_SECRET_KEY": "only for this test " * 4, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_newest_python_that_fits_is_taken(folder_of_pythons):
    folder_of_pythons(python3="3.11", python3_12="3.12")
    assert run.pick_python() == "python3.12"


def test_a_python_that_does_not_run_is_passed_over(folder_of_pythons):
    folder_of_pythons(python3_13="is not installed", python3="3.11")
    assert run.pick_python() == "python3"


def test_a_python_too_old_ends_with_one_line(folder_of_pythons):
    folder_of_pythons(python3="3.9")
    with pytest.raises(SystemExit) as ended:
        run.pick_python()
    assert ended.value.code == (
        "harbourgate: Python 3.11 or newer is required."
        " The newest one found is 3.9. Install it, then run this again."
    )


def test_no_python_at_all_ends_with_one_line(folder_of_pythons):
    folder_of_pythons()
    with pytest.raises(SystemExit) as ended:
        run.pick_python()
    assert ended.value.code == (
        "harbourgate: Python 3.11 or newer is required."
        " None was found. Install it, then run this again."
    )


def test_a_venv_that_cannot_be_made_is_removed_and_said(tmp_path, monkeypatch, folder_of_pythons):
    folder_of_pythons(python3="3.11")
    monkeypatch.setattr(run, "VENV", tmp_path / "venv")
    monkeypatch.setattr(run, "PYTHON", tmp_path / "venv" / "bin" / "python")
    with pytest.raises(SystemExit) as ended:
        run.make_venv()
    assert "apt install python3-venv" in ended.value.code
    assert not (tmp_path / "venv").exists()


def test_a_taken_port_names_the_next_one(taken_port):
    with pytest.raises(SystemExit) as ended:
        run.require_free_port(taken_port)
    assert ended.value.code == (
        f"harbourgate: port {taken_port} is in use. Choose another: PORT={taken_port + 1} make run"
    )


def test_a_free_port_passes(taken_port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        free = other.getsockname()[1]
    assert run.require_free_port(free) is None


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", "8000 ", "٨٠٠٠٠٠"])
def test_a_port_that_is_none_ends_with_one_line(monkeypatch, text):
    monkeypatch.setenv("PORT", text)
    with pytest.raises(SystemExit) as ended:
        run.port_wanted()
    assert ended.value.code == f"harbourgate: PORT is “{text}”. Set it to a number from 1 to 65535."


def test_the_stamp_changes_with_any_pin(tmp_path):
    (tmp_path / "requirements-dev.txt").write_text("a==1\n")
    before = run.stamp_of("requirements-dev.txt", tmp_path)
    (tmp_path / "requirements-dev.txt").write_text("a==2\n")
    assert run.stamp_of("requirements-dev.txt", tmp_path) != before


def pins_in(name: str) -> dict[str, str]:
    """The packages of a requirements file with their versions, extras left out."""
    pins = re.findall(r"^([\w-]+)(?:\[.*?])?==([\w.]+)", (ROOT / name).read_text(), re.MULTILINE)
    return {package.lower(): version for package, version in pins}


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_what_we_choose_is_locked_in_the_same_version(name):
    chosen, locked = pins_in(f"{name}.in"), pins_in(f"{name}.txt")
    assert chosen.items() - locked.items() == set()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_package_has_a_version_and_hashes_and_nothing_says_where_it_is_from(name):
    text = re.sub(r" *#.*", "", (ROOT / name).read_text())
    package = r"[a-z0-9-]+(\[[a-z, ]+])?==[\w.]+( ; [^\\\n]+)?"
    assert re.fullmatch(rf"({package}( \\\n +--hash=sha256:[0-9a-f]{{64}})+\s+)+", text)


def test_for_development_the_same_versions_are_installed_as_for_running():
    assert pins_in("requirements.txt").items() - pins_in("requirements-dev.txt").items() == set()


def test_a_browser_that_does_not_start_is_none(tmp_path):
    shell = tmp_path / "chromium"
    shell.write_text("#!/bin/sh\nexit 1\n")
    shell.chmod(0o755)
    assert not run.starts(str(shell))


def test_a_named_browser_that_is_missing_ends_with_one_line(monkeypatch):
    monkeypatch.setenv("BROWSER_EXECUTABLE", "/nowhere/chromium")
    with pytest.raises(SystemExit) as ended:
        run.find_browser()
    assert ended.value.code == (
        "harbourgate: BROWSER_EXECUTABLE is /nowhere/chromium, which does not start."
        " Set it to a Chromium browser, or unset it."
    )


@pytest.mark.parametrize(
    ("environment", "beginning"),
    [
        ({"DATABASE_URL": "nonsense"}, "harbourgate: DATABASE_URL cannot be read."),
        (
            {"DATABASE_URL": "postgres://127.0.0.1:port/x"},
            "harbourgate: DATABASE_URL cannot be read.",
        ),
        (
            {"DATABASE_URL": "mysql://x/y"},
            "harbourgate: DATABASE_URL names a database that is not supported.",
        ),
        (
            {"DATABASE_URL": "postgres://postgres@127.0.0.1:1/x"},
            "harbourgate: the database cannot be used (",
        ),
        (
            {"DATABASE_URL": "sqlite:////nowhere/portal.sqlite3"},
            "harbourgate: the database cannot be used (unable to open database file).",
        ),
        ({"EMAIL_URL": "gopher://x"}, "harbourgate: EMAIL_URL cannot be read."),
        (
            {"PORTAL_ORIGIN": "portal.example.com"},
            "harbourgate: PORTAL_ORIGIN is not a web address.",
        ),
        (
            {"PORTAL_ORIGIN": "https://portal.example.com/path"},
            "harbourgate: PORTAL_ORIGIN is not a web address.",
        ),
        ({"PORTAL_TRUSTED_PROXIES": "one"}, "harbourgate: PORTAL_TRUSTED_PROXIES is not a number."),
        (
            {"DATABASE_URL": "sqlite://:memory:", "PORTAL_ADMIN_EMAIL": "nobody"},
            "harbourgate: PORTAL_ADMIN_EMAIL: ",
        ),
    ],
)
def test_a_wrong_setting_ends_the_set_up_with_one_line(environment, beginning):
    ended = in_its_own_process("set_up", **environment)
    assert (
        ended.returncode,
        len(ended.stderr.splitlines()),
        ended.stderr.startswith(beginning),
    ) == (2, 1, True), ended.stderr


def test_the_deployment_check_is_clean_behind_https():
    ended = in_its_own_process(
        "check", "--deploy", "--fail-level", "WARNING", PORTAL_ORIGIN="https://portal.example.com"
    )
    assert ended.returncode == 0, ended.stderr


@pytest.mark.skipif(not shutil.which("make"), reason="make is not here")
@pytest.mark.parametrize("command", ["test", "coverage", "lock"])
def test_make_only_passes_on(command):
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    told = subprocess.run(
        ["make", "-n", command], cwd=ROOT, env=outside, capture_output=True, text=True
    ).stdout
    assert told.split()[1:] == ["tools/run.py", command]
