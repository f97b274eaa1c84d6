"""Words: every deed and enum has its label, every deed its test, every table and enum its line in the glossary."""

from __future__ import annotations

import ast
import enum
import importlib
import pkgutil
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

import config
import partyreg
from partyreg import access, audit, i18n, schema
from partyreg.db import Model

#: Enum -> why no page shows its members.
SILENT = {
    "partyreg.rulebook.meeting.Kind": "the pages show MeetingKind, which has the same values",
    "partyreg.rulebook.admission_facts.Schooling": "the pages show the register's own Schooling",
    "partyreg.targets.measures.Kind": "decides which list a page shows",
    "partyreg.targets.queries.Side": "a part of an address; the page words it by the target",
    "partyreg.admissions.due_queries.DueKind": "decides which sentence the home page and the calendar say",
    "partyreg.admissions.terms.Term": "a term names itself (`Deadline.name`)",
}


def _modules() -> list[Any]:
    names = [found.name for found in pkgutil.walk_packages(partyreg.__path__, "partyreg.") if not found.name.endswith("__main__")]
    return [importlib.import_module(name) for name in names]


def enums() -> list[type[enum.Enum]]:
    """Every enum of the application."""
    return [
        kind for module in _modules() for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, enum.Enum) and kind.__module__ == module.__name__
    ]  # fmt: skip


def deeds() -> dict[str, Any]:
    """`area.name` -> function of every deed."""
    return {
        f"{module.__name__.split('.')[-2]}.{name}": function
        for module in _modules() if module.__name__.endswith((".actions", "_actions"))
        for name, function in vars(module).items()
        if getattr(function, "is_deed", False) and function.__module__ == module.__name__
    }  # fmt: skip


def _path(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def unlabelled(kinds: Iterable[type[enum.Enum]], labels: Mapping[str, Any]) -> list[str]:
    """Members that a page could only show in English."""
    return [
        f"{kind.__name__}.{member.value}" for kind in kinds if _path(kind) not in SILENT
        for member in kind if f"{kind.__name__}.{member.value}" not in labels
    ]  # fmt: skip


def test_every_member_of_an_enum_has_a_label():
    found = enums()
    assert len(found) > 20
    assert unlabelled(found, i18n.LABELS) == []
    assert set(SILENT) <= {_path(kind) for kind in found}


def test_a_member_without_label_would_be_found():
    class Weather(enum.StrEnum):
        RAIN = "rain"
        SUN = "sun"

    assert unlabelled([Weather], {"Weather.rain": "mưa"}) == ["Weather.sun"]


def idle_labels(labels: Iterable[str], kinds: Iterable[type[enum.Enum]], names: Iterable[str], areas: Iterable[str]) -> list[str]:
    """Labels of what does not exist any more."""
    known = {f"{kind.__name__}.{member.value}" for kind in kinds for member in kind}
    known |= {f"Deed.{name}" for name in names} | {f"Law.{area}" for area in areas}
    return sorted(set(labels) - known)


def test_no_label_outlives_what_it_named():
    import datetime as dt

    from partyreg.rulebook.book import LAW

    areas = {line.key.split(".")[0] for day in (dt.date(2021, 1, 1), dt.date(2026, 11, 24)) for line in LAW.all_on(day)}
    assert idle_labels(i18n.LABELS, enums(), deeds(), areas) == []
    assert {f"Law.{area}" for area in areas} <= set(i18n.LABELS)
    assert idle_labels(["Gone.member"], [], [], []) == ["Gone.member"]


def untested(names: Iterable[str], tests: Mapping[str, str]) -> list[str]:
    """Deeds that no test of their area names."""
    return [name for name in names if not re.search(rf"\b{name.split('.')[1]}\b", tests.get(name.split(".")[0], ""))]


def _tests() -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in sorted((config.ROOT / "tests").rglob("*.py")):
        area = path.relative_to(config.ROOT / "tests").parts[0]
        texts[area] = texts.get(area, "") + path.read_text(encoding="utf-8")
    return texts


def test_every_deed_has_a_test_and_a_label():
    assert len(deeds()) > 35
    assert untested(deeds(), _tests()) == []
    assert [name for name in deeds() if f"Deed.{name}" not in i18n.LABELS] == []


def test_a_deed_without_test_would_be_found():
    assert untested(["org.found", "org.sink"], {"org": "actions.found(actor)"}) == ["org.sink"]


def plain_actions(path: str, tree: ast.Module) -> list[str]:
    """Public functions of an `actions.py` that are no deed though they change rows."""
    found = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            decorated = any(isinstance(one, ast.Name) and one.id == "deed" for one in node.decorator_list)
            changes = any(isinstance(part, ast.Attribute) and part.attr in ("add", "flush", "delete") for part in ast.walk(node))
            if changes and not decorated:
                found.append(f"{path}: {node.name}")
    return found


def test_every_public_change_is_a_deed(source):
    assert [fault for path, tree in source.items() if path.endswith("actions.py") for fault in plain_actions(path, tree)] == []
    assert plain_actions("x/actions.py", ast.parse("def sink(actor):\n    db.session.add(1)\n")) == ["x/actions.py: sink"]


def test_a_deed_takes_the_actor_first_and_says_what_is_true_after():
    for name, function in deeds().items():
        assert function.__wrapped__.__code__.co_varnames[0] == "actor", name
        assert function.__doc__, name


# -- the glossary -----------------------------------------------------------------------------------------------------


def unexplained(text: str, tables: Iterable[type], kinds: Iterable[type[enum.Enum]]) -> list[str]:
    """Tables and enums without a line, and members that their enum's lines leave out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]

    def of(name: str) -> str:
        return "\n".join(line for line in lines if f"`{name}`" in line)

    found = [table.__name__ for table in tables if not of(table.__name__)]
    for kind in kinds:
        told = of(kind.__name__)
        found += [f"{_path(kind)}.{member.name}" for member in kind if f"`{member.name}`" not in told]
    return found


def test_every_table_and_enum_is_in_the_glossary():
    schema.metadata()
    text = (config.ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert unexplained(text, [mapper.class_ for mapper in Model.registry.mappers], enums()) == []


def test_a_word_left_out_of_the_glossary_would_be_found():
    text = "| tổ chức | `Unit` | x |\n| vai trò | `Role`: `MEMBER` | x |\n"
    found = unexplained(text, [audit.AuditEntry], [access.Role])
    assert found[:2] == ["AuditEntry", "partyreg.access.Role.ADMINISTRATOR"] and len(found) == len(access.Role)


@pytest.mark.parametrize("line", ["| | | |", "no table"])
def test_a_glossary_without_lines_explains_nothing(line):
    assert unexplained(line, [audit.AuditTouch], []) == ["AuditTouch"]
