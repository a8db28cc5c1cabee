#!/usr/bin/env python3
"""Sets the portal up, runs it and tests it, with the standard library alone.

`make` calls this; it works without make too.

python3 tools/run.py run | test | test-fast | test-slow | coverage | check | setup | lock
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
CANDIDATES = ("python3.13", "python3.12", "python3.11", "python3", "python")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def stop(text: str) -> None:
    """End with one line that says what to do."""
    sys.exit(f"harbourgate: {text}")


def succeeds(*command) -> bool:
    try:
        return (
            subprocess.run(
                [str(part) for part in command],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                capture_output=True,
            ).returncode
            == 0
        )
    except OSError:
        return False


def run(*command, **environment) -> None:
    """Run a command; a failure ends this program with its code, after its own output."""
    code = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
    ).returncode
    if code:
        sys.exit(code)


# The virtual environment


def version_of(python: str) -> tuple[int, int] | None:
    """The (major, minor) of a Python, None when it does not run."""
    try:
        answer = subprocess.run(
            [python, "-c", "import sys; print(*sys.version_info[:2])"],
            capture_output=True,
            text=True,
            timeout=20,
        )
        major, minor = answer.stdout.split()
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return int(major), int(minor)


def pick_python(candidates=CANDIDATES) -> str:
    """The first Python that is new enough and runs."""
    found = [
        (name, version)
        for name in candidates
        if shutil.which(name) and (version := version_of(name))
    ]
    fitting = next((name for name, version in found if version >= OLDEST), None)
    if fitting is None:
        newest = max((version for _name, version in found), default=None)
        seen = f"The newest one found is {newest[0]}.{newest[1]}." if newest else "None was found."
        stop(f"Python 3.11 or newer is required. {seen} Install it, then run this again.")
    return fitting


def make_venv() -> None:
    if _venv_works():
        return
    python = pick_python()
    for make in (_venv, _venv_with_the_systems_pip, _venv_after_apt):
        shutil.rmtree(VENV, ignore_errors=True)
        if make(python) and _venv_works():
            return
    shutil.rmtree(VENV, ignore_errors=True)
    stop(
        "this Python cannot make a virtual environment (ensurepip is missing)."
        " Install it (Debian: apt install python3-venv), then run this again."
    )


def _venv_works() -> bool:
    return succeeds(PYTHON, "-m", "pip", "--version")


def _venv(python: str) -> bool:
    return succeeds(python, "-m", "venv", VENV)


def _venv_with_the_systems_pip(python: str) -> bool:
    """Debian ships venv without ensurepip."""
    return succeeds(python, "-m", "venv", "--without-pip", VENV) and succeeds(
        python, "-m", "pip", "--python", PYTHON, "install", "pip"
    )


def _venv_after_apt(python: str) -> bool:
    return apt_install("python{}.{}-venv".format(*version_of(python))) and _venv(python)


def apt_install(package: str) -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installing {package} ...", flush=True)
    succeeds("apt-get", "update", "-q")
    return succeeds(
        "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-q", package
    )


def install(requirements: str) -> None:
    """Install a locked file once: a stamp remembers what was installed."""
    wanted = stamp_of(requirements)
    stamp = VENV / f"installed-{requirements}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Installing {requirements} (only when it changed) ...", flush=True)
    pip = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "-qq",
        "--disable-pip-version-check",
        "--no-input",
        "--require-hashes",
        "-r",
        requirements,
    ]
    if subprocess.run(pip, cwd=ROOT, stdin=subprocess.DEVNULL).returncode:
        stop(
            f"{requirements} could not be installed (pip says why above)."
            " Fix that, then run this again."
        )
    stamp.write_text(wanted)


def stamp_of(requirements: str, root: Path = ROOT) -> str:
    """Changes with every pin and every hash."""
    return hashlib.sha256((root / requirements).read_bytes()).hexdigest()


# Run


def port_wanted() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        stop(f"PORT is “{text}”. Set it to a number from 1 to 65535.")
    return int(text)


def require_free_port(port: int, host: str = "127.0.0.1") -> None:
    """A second server on one port would start and share the first one's requests."""
    another = port + 1 if port < 65535 else 8000
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE:
                stop(f"port {port} is in use. Choose another: PORT={another} make run")
            stop(
                f"cannot listen on {host} port {port} ({problem.strerror})."
                " Choose others: HOST=127.0.0.1 PORT=8000 make run"
            )


def serve() -> None:
    port, host = port_wanted(), os.environ.get("HOST") or "127.0.0.1"
    require_free_port(port, host)
    make_venv()
    install("requirements.txt")
    run(PYTHON, "manage.py", "set_up", PORT=str(port))
    print(
        f"Harbourgate is running at http://localhost:{port} (and http://127.0.0.1:{port})."
        " Press Ctrl+C to stop it.",
        flush=True,
    )
    os.chdir(ROOT)
    os.environ["PORT"] = str(port)
    os.execv(PYTHON, [str(PYTHON), str(ROOT / "tools" / "serve.py"), host, str(port)])


# Test


def starts(browser: str | None) -> bool:
    """Whether it is a browser that runs here: a downloaded one may lack system libraries, Ubuntu's
    package may be an empty shell.
    """
    return bool(browser) and succeeds(browser, "--version")


def find_browser() -> str | None:
    if named := os.environ.get("BROWSER_EXECUTABLE"):
        return (
            named
            if starts(named)
            else stop(
                f"BROWSER_EXECUTABLE is {named}, which does not start."
                " Set it to a Chromium browser, or unset it."
            )
        )
    return (
        next((path for name in BROWSERS if starts(path := shutil.which(name))), None)
        or _playwrights_own()
    )


def _playwrights_own() -> str | None:
    ask = (
        "from playwright.sync_api import sync_playwright as s\n"
        "with s() as p: print(p.chromium.executable_path)"
    )
    path = subprocess.run([str(PYTHON), "-c", ask], capture_output=True, text=True).stdout.strip()
    return path if starts(path) else None


def obtain_browser() -> str:
    """A Chromium for the journeys:
    one that is here, else Playwright's, else the system's package.
    """
    if found := find_browser():
        return found
    print("Installing a browser for the browser tests ...", flush=True)
    succeeds(PYTHON, "-m", "playwright", "install", "chromium")
    if not _playwrights_own():
        apt_install("chromium")
    return find_browser() or stop(
        "no browser for the browser tests was found. Set BROWSER_EXECUTABLE to a Chromium browser,"
        " or run make test-fast, which needs no browser."
    )


def setup() -> None:
    make_venv()
    install("requirements-dev.txt")


def templates(root: Path = ROOT / "templates") -> list[Path]:
    """Return the templates, which djhtml indents."""
    return sorted(root.rglob("*.html"))


def lock() -> None:
    """Write the locked files anew from the .in files, with the hashes of every platform's packages.

    What the .in files do not ask for otherwise stays at the version that is locked.
    """
    setup()
    for name in ("requirements", "requirements-dev"):
        run(PYTHON, "-m", "uv", "pip", "compile", *LOCKING, f"{name}.in", "-o", f"{name}.txt")


LOCKING = (
    *("--quiet", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header"),
    "--no-strip-extras",  # pip takes coverage[toml] for another requirement than coverage
)
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as command; command()"


def check() -> None:
    """Everything that is checked without running the portal: lint, format, indentation of
    templates, types, contracts, migrations.
    """
    setup()
    run(PYTHON, "-m", "ruff", "check", "-q", ".")
    run(PYTHON, "-m", "ruff", "format", "--check", "-q", ".")
    run(PYTHON, "-m", "djhtml", "--check", "--tabwidth", "2", *templates())
    run(PYTHON, "-m", "mypy", "--no-error-summary")
    run(PYTHON, "-c", LINT_IMPORTS, "--no-cache")
    run(PYTHON, "manage.py", "makemigrations", "--check", "--dry-run", "-v", "0")


def pytest(*arguments, **environment) -> None:
    run(PYTHON, "-m", "pytest", "-n", "auto", *arguments, **environment)


def test_fast() -> None:
    check()
    pytest("-m", "not journey")


def test_slow() -> None:
    """The tests without a browser, and which twenty took longest."""
    check()
    pytest("-m", "not journey", "--durations", "20")


def test(*measuring) -> None:
    check()
    browser = obtain_browser()
    pytest("-m", "not journey", *measuring)
    pytest("-m", "journey", BROWSER_EXECUTABLE=browser)


def coverage() -> None:
    """All tests; fails where those without a browser reach less of the code than pyproject.toml
    demands. It takes twice the time, so CI does it on one database.
    """
    test("--cov", "--cov-report=term:skip-covered")


COMMANDS = {
    "run": serve,
    "test": test,
    "test-fast": test_fast,
    "test-slow": test_slow,
    "coverage": coverage,
    "check": check,
    "setup": setup,
    "lock": lock,
}

if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) == 2 else ""
    COMMANDS.get(
        wanted, lambda: stop(f"choose a command: python3 tools/run.py {' | '.join(COMMANDS)}")
    )()
