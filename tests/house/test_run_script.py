"""The one command: what `run.py` installs and when, what it hands over, what it counts; and that its guards bite.

The set-up is played with a pip of our own on PYTHONPATH that writes down what it was asked, so nothing is fetched.
"""

import ast
import functools
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import run

SOURCE = Path(run.__file__)
ROOT = SOURCE.parent

PIP = """\
import os, sys
if "--version" not in sys.argv:
    with open(os.environ["PIP_LOG"], "a", encoding="utf-8") as log:
        print(*sys.argv[1:], file=log)
sys.exit(int(os.environ.get("PIP_STATUS", "0")))
"""
APPLICATION = """\
import os, sys, time
try:
    print("application", os.getcwd(), *sys.argv[1:], "Chi bộ Bon", flush=True)
    time.sleep(60 if "serve" in sys.argv else 0)
except KeyboardInterrupt:
    sys.exit(5)
sys.exit(7)
"""


class Checkout:
    """A folder with our run.py, two small locks and a small application, on a computer with only our pip."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "register"
        self.log = folder / "pip.log"
        self.outside = folder / "elsewhere"
        self.modules = folder / "modules"
        for made in (self.root / "partyreg", self.outside, self.modules):
            made.mkdir(parents=True)
        shutil.copy(SOURCE, self.root)
        (self.root / "requirements.txt").write_text("# runtime\n", encoding="utf-8")
        (self.root / "requirements-dev.txt").write_text("# development\n", encoding="utf-8")
        (self.root / "partyreg" / "__main__.py").write_text(APPLICATION, encoding="utf-8")
        (self.modules / "pip.py").write_text(PIP, encoding="utf-8")

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(self.root / "run.py"), *arguments]

    def environment(self, **extra: str) -> dict[str, str]:
        known = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        return {**known, "PATH": "", "PYTHONPATH": str(self.modules), "PIP_LOG": str(self.log), **extra}

    def start(self, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            cwd=self.outside,
            env=self.environment(**extra),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def installs(self) -> list[str]:
        """The locks that were installed, in order."""
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        return [Path(line.split(" -r ")[1]).name for line in lines]


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path)


def foreign_imports(source: str) -> set[str]:
    """The modules outside the standard library that a source imports."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names - set(sys.stdlib_module_names)


def test_only_the_standard_library_is_imported():
    assert foreign_imports(SOURCE.read_text(encoding="utf-8")) == set()


def test_a_foreign_import_would_be_found():
    assert foreign_imports("import os\ndef f():\n    from flask.views import View\n") == {"flask"}


def test_messages_are_ascii_for_a_console_without_utf_8():
    assert SOURCE.read_text(encoding="utf-8").isascii()


def test_an_old_python_is_told_which_one_is_needed(monkeypatch):
    ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 8))
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    with pytest.raises(run.SetupError, match=r"Python 3\.11 or newer is needed"):
        run.main([])


def test_first_start_installs_the_hashed_lock_and_the_second_nothing(checkout):
    assert checkout.start("setup").returncode == 0
    assert checkout.installs() == ["requirements.txt"]
    asked = checkout.log.read_text(encoding="utf-8")
    assert "--require-hashes" in asked and "--only-binary :all:" in asked and "--no-index" not in asked
    assert checkout.start("setup").stdout == ""
    lock = checkout.root / "requirements.txt"
    lock.write_bytes(lock.read_bytes().replace(b"\n", b"\r\n"))
    assert checkout.start("setup").stdout == "", "line ends that git changed are no new lock"
    lock.write_text("# changed\n", encoding="utf-8")
    assert "Installing requirements.txt" in checkout.start("setup").stdout
    assert len(checkout.installs()) == 2


def test_the_development_lock_serves_the_start_until_a_lock_changes(checkout):
    checkout.start("setup", "--dev")
    checkout.start("setup")
    assert checkout.installs() == ["requirements-dev.txt"]
    (checkout.root / "requirements.txt").write_text("# changed\n", encoding="utf-8")
    checkout.start("setup")
    checkout.start("setup", "--dev")
    assert checkout.installs() == ["requirements-dev.txt", "requirements.txt", "requirements-dev.txt"]


def test_a_failed_install_says_so_and_is_done_again(checkout):
    checkout.start("setup")
    (checkout.root / "requirements.txt").write_text("# changed\n", encoding="utf-8")
    # Its --version answers, so this is the pip that is used; the install itself fails, as without a network.
    broken = PIP.replace("sys.exit(int", "sys.exit(0 if '--version' in sys.argv else int")
    (checkout.modules / "pip.py").write_text(broken, encoding="utf-8")
    failed = checkout.start("hello", PIP_STATUS="3")
    assert failed.returncode == 1 and run.NOT_INSTALLED in failed.stderr and "application" not in failed.stdout
    assert checkout.start("hello").returncode == 7
    assert len(checkout.installs()) == 3


def test_a_broken_venv_is_made_anew(checkout):
    checkout.start("setup")
    packages = next(folder for folder in (checkout.root / ".venv").rglob("site-packages"))
    packages.rename(packages.with_name("left-by-another-python"))
    assert checkout.start("hello").returncode == 7
    assert len(checkout.installs()) == 2
    assert not packages.with_name("left-by-another-python").exists()


def test_without_pip_or_uv_one_sentence_says_what_to_install(checkout):
    (checkout.modules / "ensurepip.py").write_text("raise SystemExit(1)\n", encoding="utf-8")
    refused = checkout.start("setup", PIP_STATUS="1")
    assert refused.returncode == 1
    assert refused.stderr.strip() == run.NOTHING_TO_INSTALL_WITH
    assert "sudo apt install python3-venv" in refused.stderr


def test_a_wheels_folder_installs_without_the_internet(checkout):
    (checkout.root / "wheels").mkdir()
    checkout.start("setup")
    assert f"--no-index --find-links {checkout.root / 'wheels'}" in checkout.log.read_text(encoding="utf-8")


def test_a_command_is_handed_over_with_folder_arguments_and_status(checkout):
    checkout.start("setup")
    done = checkout.start("report", "ratings", "--out", "năm.xlsx")
    assert done.returncode == 7
    assert done.stdout.strip() == f"application {checkout.outside} report ratings --out năm.xlsx Chi bộ Bon"
    assert checkout.start().stdout.strip() == f"application {checkout.outside} start Chi bộ Bon"


@pytest.mark.skipif(os.name == "nt", reason="a console interrupt cannot be sent to one process on Windows")
def test_an_interrupt_reaches_the_application_and_its_status_comes_back(checkout):
    checkout.start("setup")
    heard = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # tests run in the background inherit a deaf ear
    serving = subprocess.Popen(
        checkout.command("serve"), env=checkout.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=heard
    )
    with serving:
        assert serving.stdout is not None and b"serve" in serving.stdout.readline()
        serving.send_signal(signal.SIGINT)
        _, errors = serving.communicate(timeout=60)
    assert (serving.returncode, errors) == (5, b"")


def test_help_lists_the_commands_and_installs_nothing(checkout):
    shown = checkout.start("--help")
    assert shown.returncode == 0
    for words in ("run.py test", "run.py setup", "run.py wheels", "run.py lock", "run.py COMMAND"):
        assert words in shown.stdout
    assert "application" not in shown.stdout.replace("of the application", "")
    assert not (checkout.root / ".venv").exists()
    checkout.start("setup")
    assert f"application {checkout.root} --help" in checkout.start("--help").stdout


def pins(lock: str) -> dict[str, set[str]]:
    """Every pin of a lock file (with its marker) and its hashes."""
    found: dict[str, set[str]] = {}
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if match := re.match(r"([a-z0-9-]+==\S+(?: ; [^-]*?)?)\s+(--hash=.*)", line):
            found[match[1].strip()] = set(match[2].split())
    return found


def test_the_development_lock_contains_the_runtime_lock():
    runtime, development = pins("requirements.txt"), pins("requirements-dev.txt")
    assert len(runtime) > 20
    assert {name: development.get(name) for name in runtime} == runtime


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_locks_pin_what_is_asked_for_and_name_no_place(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|--index-url|--find-links|(?<![\w-])/\w", text)
    asked = (ROOT / lock).with_suffix(".in").read_text(encoding="utf-8")
    names = re.findall(r"^([a-z][a-z0-9-]+)", asked, re.MULTILINE)
    assert len(names) > 10
    assert [name for name in names if not re.search(rf"^{name}(\[\w+\])?==", text, re.MULTILINE)] == []


REPORT = """<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10"/></testsuites>"""


@pytest.mark.parametrize(
    ("status", "report", "line"),
    [
        (1, REPORT, "4 passed, 3 failed, 3 skipped"),
        (0, REPORT.replace('"1"', '"0"').replace('"2"', '"0"'), "7 passed, 0 failed, 3 skipped"),
        (3, REPORT.replace('"1"', '"0"').replace('"2"', '"0"'), "7 passed, 1 failed, 3 skipped"),
        (0, "<testsuites><half", "0 passed, 1 failed, 0 skipped"),
        (2, None, "0 passed, 1 failed, 0 skipped"),
    ],
    ids=["failures", "clean", "crashed", "half a report", "no report"],
)
def test_tests_are_counted_from_the_report_and_a_crash_is_a_failure(tmp_path, status, report, line):
    path = tmp_path / "report.xml"
    if report is not None:
        path.write_text(report, encoding="utf-8")
    tally = run.Tally()
    tally.pytest("tests", status, path)
    assert tally.line() == line
    assert tally.broken == ([] if "0 failed" in line else ["tests"])


NESTED = "[tool.pytest]\naddopts = ['--import-mode=importlib']\n[tool.coverage.run]\nsource = ['tests']\n"


def test_every_check_runs_to_the_end_and_the_last_line_counts(tmp_path, monkeypatch, capfd):
    suite = "import pytest\ndef test_good(): pass\n@pytest.mark.skip\ndef test_later(): pass\n"
    for folder, text in (("tests", suite + "def test_bad(): assert 0\n"), ("tests/browser", suite)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "test_it.py").write_text(text, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(NESTED, encoding="utf-8")
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "PY", Path(sys.executable))
    monkeypatch.setattr(run, "STYLE", {"broken style": [sys.executable, "-c", "raise SystemExit(1)"]})
    monkeypatch.setattr(run, "COVERAGE", {"coverage": [sys.executable, "-c", "pass"]})
    monkeypatch.setenv("PARTYREG_TEST_CHROMIUM", sys.executable)
    assert run.check_everything() == 1
    lines = capfd.readouterr().out.splitlines()
    assert lines[-1] == "3 passed, 2 failed, 2 skipped"
    assert lines[-2].endswith("FAILED: broken style, tests")
    assert [line for line in lines if line.startswith("== ")] == [
        "== broken style",
        "== tests on SQLite and PostgreSQL",
        "== coverage",
        "== browser tests in Chromium",
    ]


CLEAN = {
    "partyreg/__init__.py": "from partyreg.members import views as views\n",
    "partyreg/access.py": "",
    "partyreg/clock.py": "",
    "partyreg/names.py": "",
    "partyreg/rulebook/__init__.py": "",
    "partyreg/db.py": "",
    "templates/page.html": '<p>\n    <a href="{{ url }}">{{ name }}</a>\n</p>\n',
    **{
        f"partyreg/{area}/{file}.py": text
        for area in ("org", "members")
        for file, text in (
            ("__init__", ""),
            ("models", "from partyreg import db as db\n"),
            ("forms", ""),
            ("views", f"from partyreg.{area} import forms as forms\nfrom partyreg.{area} import models as models\n"),
        )
    },
}


@pytest.fixture
def house(tmp_path):
    """A small house in order, under our own settings."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, text in CLEAN.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def verdict(guard: str, house: Path) -> tuple[int, str]:
    command = [sys.executable, *map(str, run.STYLE[guard][1:])]
    done = subprocess.run(command, cwd=house, env={**os.environ, "PYTHONUTF8": "1"}, capture_output=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("guard", list(run.STYLE))
def test_each_guard_passes_a_house_in_order(house, guard):
    status, output = verdict(guard, house)
    assert status == 0, output


@pytest.mark.parametrize(
    ("guard", "file", "fault", "complaint"),
    [
        ("ruff check", "partyreg/clock.py", "import os\n", "F401"),
        ("ruff format", "partyreg/clock.py", "a   = 1\n", "clock.py"),
        ("mypy", "partyreg/clock.py", "def today():\n    return 1\n", "no-untyped-def"),
        ("import contracts", "partyreg/org/models.py", "import partyreg.members.models\n", "Floors: .* BROKEN"),
        ("import contracts", "partyreg/helpers.py", "", "Floors: .* BROKEN"),
        ("import contracts", "partyreg/clock.py", "import sqlalchemy\n", "Law, .* BROKEN"),
        ("import contracts", "partyreg/org/models.py", "import partyreg.org.forms\n", "Inside an area: .* BROKEN"),
        ("import contracts", "partyreg/members/views.py", "import partyreg.org.forms\n", "An area's .* BROKEN"),
        ("djlint", "templates/page.html", "<p><span></p>\n", "H025"),
    ],
)
def test_each_guard_fails_on_a_planted_fault(house, guard, file, fault, complaint):
    (house / file).write_text(fault, encoding="utf-8")
    status, output = verdict(guard, house)
    assert status != 0
    assert re.search(complaint, output), output
