#!/usr/bin/env python3
"""One command: `python3 run.py` sets the register up and starts it; `python3 run.py test` runs every check.

Standard library only; Linux, macOS and Windows; Python 3.11 or newer. Everything is installed into `.venv` beside this
file and nothing outside it. Messages are plain ASCII: a Windows console shows them before UTF-8 is switched on.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent
WINDOWS = os.name == "nt"
VENV = ROOT / ".venv"
PY = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
STAMP = VENV / "partyreg-installed"
WHEELS = ROOT / "wheels"
RUNTIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"

HELP = """\
python3 run.py                 set up on first use, start the register and print its address
python3 run.py test            every check: style, types, import contracts, templates, tests on both databases, browser
python3 run.py test PATH ...   only these tests (any arguments of pytest)
python3 run.py setup [--dev]   only set up `.venv` (with --dev: the checks' packages too)
python3 run.py wheels          fetch the packages into wheels/; a copy of this folder then installs without Internet
python3 run.py lock            write requirements*.txt from requirements*.in (needs uv; --upgrade: newest versions)
python3 run.py COMMAND ...     any command of the application
"""

NOTHING_TO_INSTALL_WITH = (
    "To fetch its packages the register needs pip or uv, and this Python has neither: on Debian or Ubuntu run "
    "`sudo apt install python3-venv`, elsewhere install Python from python.org with pip, then run this again."
)
NOT_INSTALLED = (
    "The packages could not be installed (the reason stands above): connect this computer to the Internet, or copy a "
    "`wheels` folder here made by `python3 run.py wheels` on a computer of the same kind, then run this again."
)

if TYPE_CHECKING:  # an old Python could not read this; it shall get as far as the sentence about its version
    Command = list[str | Path]


class SetupError(Exception):
    """The sentence that tells the user what to do."""


# --- set-up ----------------------------------------------------------------------------------------------------------


PROBE = """
import os, sys
own = [entry for entry in sys.path if entry.startswith(sys.prefix) and entry.endswith("site-packages")]
sys.exit(0 if own and os.path.samefile(sys.prefix, sys.argv[1]) else 1)
"""


def succeeds(command: Command) -> bool:
    """Whether the program is there and ends well; what it prints is dropped."""
    try:
        done = subprocess.run([str(c) for c in command], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def make_venv() -> None:
    """`.venv` holds a Python that starts; one half made, or left behind by another version of Python, is made anew."""
    if PY.exists() and succeeds([PY, "-I", "-c", PROBE, VENV]):
        return
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(VENV)
    venv.EnvBuilder(with_pip=False, symlinks=not WINDOWS).create(VENV)  # with_pip needs Debian's python3-venv


def find_pip() -> Command | None:
    """The command that is pip for `.venv`: its own, else one of this system that reaches into it."""
    own: Command = [PY, "-m", "pip"]
    if succeeds([*own, "--version"]) or succeeds([PY, "-m", "ensurepip", "--default-pip"]):
        return own
    outer: list[Command] = [[sys.executable, "-m", "pip"]]
    outer += [[found] for name in ("pip3", "pip") if (found := shutil.which(name))]
    return next(([*pip, "--python", PY] for pip in outer if succeeds([*pip, "--python", PY, "--version"])), None)


def find_installer() -> Command:
    """The command to which `-r LOCK` is added."""
    uv = shutil.which("uv")
    if uv and succeeds([uv, "--version"]):
        command: Command = [uv, "pip", "install", "--python", PY]
    else:
        pip = find_pip()
        if pip is None:
            raise SetupError(NOTHING_TO_INSTALL_WITH)
        command = [*pip, "install", "--disable-pip-version-check", "--no-input", "--no-deps"]
    command += ["--quiet", "--require-hashes", "--only-binary", ":all:"]
    if WHEELS.is_dir():
        command += ["--no-index", "--find-links", WHEELS]
    return command


def digest(lock: str) -> str:
    """What the stamp records about a lock file: the same on every system, whatever git does to line ends."""
    return hashlib.sha256((ROOT / lock).read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def installed() -> list[str]:
    """The digests of the locks that `.venv` satisfies, and the Python that it was made by; empty when in doubt."""
    try:
        return STAMP.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        return []


def set_up(lock: str = RUNTIME) -> None:
    """`.venv` satisfies the lock. The stamp is written last, so that a set-up that was interrupted begins again."""
    make_venv()
    if digest(lock) in installed():
        return
    print(f"Installing {lock} into .venv (only when it has changed) ...", flush=True)
    installer = find_installer()
    STAMP.unlink(missing_ok=True)
    if subprocess.run([str(c) for c in [*installer, "-r", ROOT / lock]], cwd=ROOT, check=False).returncode:
        raise SetupError(NOT_INSTALLED)
    satisfied = [RUNTIME] if lock == RUNTIME else [RUNTIME, DEVELOPMENT]  # the development lock contains the other
    STAMP.write_text("\n".join(map(digest, satisfied)), encoding="ascii")


# --- running ---------------------------------------------------------------------------------------------------------


def surroundings() -> dict[str, str]:
    """The environment of every command: UTF-8 everywhere, and this checkout importable from any folder."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": path}


def run(command: Command, cwd: Path | None = None, extra: dict[str, str] | None = None) -> int:
    """Run in the checkout (or in cwd) and answer with its exit status. An interrupt reaches both; the child is waited for."""
    with subprocess.Popen([str(c) for c in command], cwd=cwd or ROOT, env={**surroundings(), **(extra or {})}) as child:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue


def hand_over(command: Command) -> int:
    """Become the command where the system can (signals and exit status are then its own), else run it and wait."""
    sys.stdout.flush()
    if WINDOWS:
        return run(command, cwd=Path.cwd())
    os.execve(str(command[0]), [str(c) for c in command], surroundings())


def application(arguments: list[str]) -> Command:
    """The application's command line; -P keeps a folder of the same name where the user stands from being taken."""
    return [PY, "-P", "-m", "partyreg", *arguments]


def fetch_wheels() -> int:
    make_venv()
    pip = find_pip()
    if pip is None:
        raise SetupError(NOTHING_TO_INSTALL_WITH)
    return run([*pip, "download", "--quiet", "--require-hashes", "--only-binary", ":all:", "-r", RUNTIME, "-d", WHEELS])


def write_locks(upgrade: bool) -> int:
    """Locks for every system at once, with hashes, naming no registry and no path of this computer."""
    how = "--quiet --universal --generate-hashes --python-version 3.11 --only-binary :all: --no-emit-index-url"
    for lock in (RUNTIME, DEVELOPMENT):
        source = str(Path(lock).with_suffix(".in"))
        with tempfile.TemporaryFile() as unread:  # uv prints the lock besides writing it
            command = [
                "uv",
                "pip",
                "compile",
                *how.split(),
                "--no-header",
                *(["--upgrade"] if upgrade else []),
                source,
                "-o",
                lock,
            ]
            status = subprocess.run(command, cwd=ROOT, stdout=unread, check=False).returncode
        if status:
            return status
    return 0


# --- checks ----------------------------------------------------------------------------------------------------------

DEEDS = "partyreg/rulebook/*,partyreg/access.py,partyreg/*/*actions.py,partyreg/org/scope.py"
STYLE: dict[str, Command] = {
    "ruff check": [PY, "-m", "ruff", "check", "."],
    "ruff format": [PY, "-m", "ruff", "format", "--check", "."],
    "mypy": [PY, "-m", "mypy"],
    "import contracts": [PY, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
    "djlint": [PY, "-m", "djlint", "--lint", "--quiet", "templates"],
}
COVERAGE: dict[str, Command] = {
    "coverage": [PY, "-m", "coverage", "report", "--skip-covered"],
    "coverage of law and deeds": [
        PY,
        "-m",
        "coverage",
        "report",
        "--skip-covered",
        "--fail-under=100",
        f"--include={DEEDS}",
    ],
}


#: The tests start dozens of Pythons, and uv compiles nothing: what one has compiled the next shall find, below .venv,
#: so that a checkout which shall stay without compiled files stays so.
COMPILED = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(VENV / "pycache")}


class Tally:
    """Counts of everything checked so far, and the names of what failed."""

    def __init__(self) -> None:
        self.passed = self.failed = self.skipped = 0
        self.broken: list[str] = []

    def check(self, name: str, status: int) -> None:
        if status:
            self.failed += 1
            self.broken.append(name)
        else:
            self.passed += 1

    def pytest(self, name: str, status: int, report: Path) -> None:
        """Add the tests of a JUnit report. A run that failed with no failed test, or left no report, is one failure."""
        failed = skipped = total = 0
        try:
            for suite in ElementTree.parse(report).getroot().iter("testsuite"):
                failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
                skipped += int(suite.get("skipped", 0))
                total += int(suite.get("tests", 0))
        except (OSError, ElementTree.ParseError):
            status = status or 1
        if status and not failed:
            failed, total = 1, total + 1
        self.failed += failed
        self.skipped += skipped
        self.passed += max(0, total - failed - skipped)
        if failed:
            self.broken.append(name)

    def line(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def find_chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return os.environ.get("PARTYREG_TEST_CHROMIUM") or next((p for n in names if (p := shutil.which(n))), None)


def need_chromium() -> str | None:
    """Chromium's path; on Debian as root it is installed when it lacks. None where that cannot be done."""
    if (found := find_chromium()) is None and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Debian's chromium ...", flush=True)
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        run(["apt-get", "update", "-qq"], extra=quiet)
        run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-croscore"], extra=quiet)
        found = find_chromium()
    return found


def check_everything() -> int:
    """Every check in order, to the end even when one fails; the last line counts them."""
    tally = Tally()

    def heading(name: str) -> None:
        print(f"\n== {name}", flush=True)

    def checks(commands: dict[str, Command]) -> None:
        for name, command in commands.items():
            heading(name)
            tally.check(name, run(command))

    started = time.monotonic()
    checks(STYLE)
    with tempfile.TemporaryDirectory(prefix="partyreg-test-") as folder:
        report = Path(folder) / "tests.xml"
        pytest: Command = [PY, "-m", "pytest", f"--junitxml={report}"]
        heading("tests on SQLite and PostgreSQL")
        status = run([*pytest, "-n", "2", "--dist", "worksteal", "--ignore=tests/browser", "--cov", "--cov-report="], extra=COMPILED)
        tally.pytest("tests", status, report)
        checks(COVERAGE)
        heading("browser tests in Chromium")
        report.unlink(missing_ok=True)
        if chromium := need_chromium():
            extra = {**COMPILED, "PARTYREG_TEST_CHROMIUM": chromium}
            status = run([*pytest, "-n", "2", "--dist", "loadfile", "tests/browser"], extra=extra)
            tally.pytest("browser tests", status, report)
        else:
            print("Skipped: there is no Chromium on this computer; install it, or set PARTYREG_TEST_CHROMIUM to its path.")
            tally.skipped += 1
    print(f"\n{time.monotonic() - started:.0f} s. " + (f"FAILED: {', '.join(tally.broken)}" if tally.broken else "All is well."))
    print(tally.line(), flush=True)
    return 1 if tally.failed else 0


def check_some(arguments: list[str]) -> int:
    chromium = find_chromium()
    return run([PY, "-m", "pytest", *arguments], extra=COMPILED | ({"PARTYREG_TEST_CHROMIUM": chromium} if chromium else {}))


# --- commands --------------------------------------------------------------------------------------------------------


def show_help() -> int:
    """Our own commands and, once there is a `.venv`, the application's."""
    print(HELP, flush=True)
    if digest(RUNTIME) in installed() and PY.exists():
        run(application(["--help"]))
    return 0


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):
        raise SetupError("Python 3.11 or newer is needed, and this is " + sys.version.split()[0] + ".")
    word, rest = (arguments[0], arguments[1:]) if arguments else ("start", [])
    if word in ("-h", "--help", "help"):
        return show_help()
    if word == "wheels":
        return fetch_wheels()
    if word == "lock":
        return write_locks("--upgrade" in rest)
    set_up(DEVELOPMENT if word == "test" or (word == "setup" and "--dev" in rest) else RUNTIME)
    if word == "setup":
        return 0
    if word == "test":
        return check_some(rest) if rest else check_everything()
    return hand_over(application([word, *rest]))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as reason:
        sys.exit(str(reason))
    except KeyboardInterrupt:
        sys.exit(130)
