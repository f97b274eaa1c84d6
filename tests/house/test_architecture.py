"""Rules 5 to 7 of the architecture, and the shape of files, read from the code itself."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

import pytest

import config

#: File -> why it may ask the database though it is no `queries.py`, `scope.py`, `listing.py`, `actions.py` nor in `targets/`.
SELECTS = {
    "audit.py": "the audit writes and verifies its own chain",
    "store.py": "backup and verify read every table, whoever asks",
    "cli.py": "asks only whether the register is empty",
    "office/views.py": "healthz asks the database for the number one",
}
#: File -> why it may commit besides the door and the command line.
COMMITS = {
    "web.py": "the one commit of a request",
    "cli.py": "the one commit of a command",
    "schema.py": "a migration is its own transaction",
    "store.py": "statistics are gathered after what was loaded is kept",
}
FLASK = {
    "web.py", "forms.py", "i18n.py", "labels.py", "deeds.py", "menu.py", "language.py", "__init__.py", "cli.py",
    "store.py",  # where the instance folder is
}  # fmt: skip
REQUEST_BOUND = {"request", "g", "session", "current_app", "after_this_request", "has_request_context"}
CLOCK_READERS = {("date", "today"), ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("time", "time"), ("func", "now"),
                 ("func", "current_date"), ("func", "current_timestamp"), ("time", "localtime"), ("time", "gmtime")}  # fmt: skip
VAGUE = {"utils", "util", "helpers", "helper", "manager", "service", "services", "misc", "common"}

Fault = tuple[int, str]


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _asks(file: PurePosixPath) -> bool:
    """A file of questions or deeds; a large area has several, named `<what>_queries.py` and `<what>_actions.py`."""
    return file.stem in ("queries", "scope", "listing", "actions") or file.stem.endswith(("_queries", "_actions"))


def selects(path: str, tree: ast.Module) -> list[Fault]:
    """Questions to the database outside the files that may ask; a model's `within` may name a subquery."""
    file = PurePosixPath(path)
    if _asks(file) or file.parts[0] == "targets" or path in SELECTS:
        return []
    inside: set[int] = set()
    if file.name == "models.py":
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and (node.name == "within" or node.name.endswith("_within")):
                inside |= {id(part) for part in ast.walk(node)}
    return [
        (call.lineno, "select(") for call in _calls(tree)
        if _last(call.func) in ("select", "exists", "insert", "update", "delete") and id(call) not in inside
        and (isinstance(call.func, ast.Name) or (isinstance(call.func, ast.Attribute) and _last(call.func.value) in ("sa", "sqlalchemy")))
    ]  # fmt: skip


def commits(path: str, tree: ast.Module) -> list[Fault]:
    """Commits outside the door and the command line."""
    return [] if path in COMMITS else [(call.lineno, "commit(") for call in _calls(tree) if _last(call.func) == "commit"]


def clock_readings(path: str, tree: ast.Module) -> list[Fault]:
    """Readings of the machine's clock outside clock.py."""
    found = []
    for call in _calls(tree):
        if isinstance(call.func, ast.Attribute) and (_last(call.func.value), call.func.attr) in CLOCK_READERS and path != "clock.py":
            found.append((call.lineno, f"{_last(call.func.value)}.{call.func.attr}("))
    return found


def flask_use(path: str, tree: ast.Module) -> list[Fault]:
    """What belongs to a request, used where no request is known."""
    name = PurePosixPath(path).name
    if path in FLASK or name in ("forms.py", "sync.py", "views.py") or name.endswith("_views.py"):
        return []
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "flask":
            found += [(node.lineno, alias.name) for alias in node.names if alias.name in REQUEST_BOUND]
        if isinstance(node, ast.Attribute) and _last(node.value) == "flask" and node.attr in REQUEST_BOUND:
            found.append((node.lineno, f"flask.{node.attr}"))
    return found


def lazy_relationships(path: str, tree: ast.Module) -> list[Fault]:
    """Relationships that would ask the database behind one's back, or that look from the parent to its children."""
    found = []
    for call in _calls(tree):
        if _last(call.func) == "relationship":
            options = {keyword.arg: keyword.value for keyword in call.keywords}
            lazy = options.get("lazy")
            if not (isinstance(lazy, ast.Constant) and lazy.value == "raise_on_sql"):
                found.append((call.lineno, "relationship without lazy='raise_on_sql'"))
            if {"back_populates", "backref"} & set(options):
                found.append((call.lineno, "two-way relationship"))
    return found


def blueprints(path: str, tree: ast.Module) -> list[Fault]:
    """Blueprints that are no Area."""
    return [] if path == "web.py" else [(call.lineno, "Blueprint(") for call in _calls(tree) if _last(call.func) == "Blueprint"]


def raw_sql(path: str, tree: ast.Module) -> list[Fault]:
    """Statements written as text where a deed or a question should stand."""
    file = PurePosixPath(path)
    if not _asks(file) and not file.stem.endswith("views"):
        return []
    return [(call.lineno, _last(call.func)) for call in _calls(tree) if _last(call.func) in ("text", "exec_driver_sql", "literal_column")]


RULES: dict[str, tuple[Callable[[str, ast.Module], list[Fault]], str, str]] = {
    "select": (selects, "members/views.py", "import sqlalchemy as sa\nfrom .models import Member\nx = sa.select(Member)\n"),
    "select in a model": (selects, "members/models.py", "def count():\n    return sa.select(Member)\n"),
    "commit": (commits, "members/actions.py", "db.session.commit()\n"),
    "clock": (clock_readings, "members/actions.py", "import datetime as dt\nday = dt.date.today()\n"),
    "clock in SQL": (clock_readings, "members/queries.py", "q = sa.func.now()\n"),
    "flask": (flask_use, "members/actions.py", "from flask import request\n"),
    "flask by module": (flask_use, "members/queries.py", "import flask\nx = flask.g.actor\n"),
    "lazy": (lazy_relationships, "members/models.py", "unit = relationship()\n"),
    "two-way": (lazy_relationships, "org/models.py", "members = relationship(lazy='raise_on_sql', back_populates='unit')\n"),
    "blueprint": (blueprints, "members/views.py", "area = Blueprint('members', __name__)\n"),
    "raw SQL": (raw_sql, "members/actions.py", "db.session.execute(sa.text('UPDATE member SET id = 1'))\n"),
}


@pytest.mark.parametrize("rule", [check for check, _path, _code in RULES.values()], ids=list(RULES))
def test_the_code_keeps_the_rule(source, rule):
    assert [f"{path}:{line}: {what}" for path, tree in source.items() for line, what in rule(path, tree)] == []


@pytest.mark.parametrize(("rule", "path", "planted"), list(RULES.values()), ids=list(RULES))
def test_a_planted_fault_is_found(rule, path, planted):
    assert len(rule(path, ast.parse(planted))) == 1


def test_a_models_within_may_ask_inside():
    assert selects("members/models.py", ast.parse("def within(cls, reach):\n    return sa.exists(sa.select(1))\n")) == []


def unused_excuses(source: dict[str, ast.Module]) -> list[str]:
    """Excuses for files that need none any more."""

    def asks(path: str) -> bool:
        return any(_last(call.func) in ("select", "insert") for call in _calls(source[path]))

    def keeps(path: str) -> bool:
        return any(_last(call.func) == "commit" for call in _calls(source[path]))

    return [path for path in SELECTS if path not in source or not asks(path)] + [
        path for path in COMMITS if path not in source or not keeps(path)
    ]


def test_no_excuse_outlives_its_reason(source):
    assert unused_excuses(source) == []


def misshapen(files: dict[str, str]) -> list[str]:
    """Files that are too long, or whose name says nothing."""
    found = [f"{path}: {len(text.splitlines())} lines" for path, text in files.items() if len(text.splitlines()) > 400]
    return found + [
        f"{path}: says nothing" for path in files if VAGUE & {part.lower() for part in PurePosixPath(path).with_suffix("").parts}
    ]


def test_files_are_short_and_named():
    folders = ("partyreg/**/*.py", "seeds/**/*.py", "templates/**/*.html", "tests/house/*.py", "tests/core/*.py", "tests/org/*.py",
               "tests/members/*.py", "static/js/*.js")  # fmt: skip
    files = {
        path.relative_to(config.ROOT).as_posix(): path.read_text(encoding="utf-8")
        for folder in folders
        for path in config.ROOT.glob(folder)
    }
    assert len(files) > 80
    assert misshapen(files) == []


def test_a_long_file_and_an_empty_name_are_found():
    long, short = "x\n" * 401, "x\n" * 400
    assert misshapen({"partyreg/org/models.py": long, "partyreg/utils.py": "", "partyreg/helpers/names.py": "", "a.py": short}) == [
        "partyreg/org/models.py: 401 lines", "partyreg/utils.py: says nothing", "partyreg/helpers/names.py: says nothing",
    ]  # fmt: skip


def undocumented(path: str, tree: ast.Module) -> list[Fault]:
    """Public modules, classes and functions that do not say what they are."""
    found = [] if ast.get_docstring(tree) or path == "__main__.py" else [(1, "the module")]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node):
            found.append((node.lineno, node.name))
    return found


def test_what_is_public_says_what_it_is(source):
    assert [f"{path}:{line}: {what}" for path, tree in source.items() for line, what in undocumented(path, tree)] == []
    assert undocumented("org/actions.py", ast.parse("def found():\n    pass\n")) == [(1, "the module"), (1, "found")]
