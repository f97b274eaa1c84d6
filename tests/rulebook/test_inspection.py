"""Situations of inspections that the office can read, and what the rules say to them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from partyreg.rulebook.finding import Finding, Severity
from partyreg.rulebook.inspection import (
    InspectingBody,
    InspectionConclusion,
    InspectionFacts,
    InspectionKind,
    InspectionStep,
    Papers,
    conclusion_findings,
    is_behind,
    mending_is_late,
    plan_findings,
    stage,
    step_findings,
)

READ = tomllib.loads((Path(__file__).parent / "cases" / "inspection.toml").read_text(encoding="utf-8"))


def _cases(table: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in READ[table]]


def _facts(raw: dict[str, Any]) -> InspectionFacts:
    return InspectionFacts(**{**raw, "kind": InspectionKind(raw["kind"]), "body": InspectingBody(raw["body"])})


def _not_ok(findings: list[Finding]) -> dict[str, str]:
    for finding in findings:
        assert "%(" not in finding.message and finding.message.endswith((".", ")"))
    return {f.code: f.severity.value for f in findings if f.severity is not Severity.OK}


@pytest.mark.parametrize("case", _cases("plan"))
def test_who_may_hold_it(case):
    assert _not_ok(plan_findings(_facts(case["facts"]), case["day"])) == case["expect"]


@pytest.mark.parametrize("case", _cases("step"))
def test_the_order_of_papers(case):
    assert _not_ok(step_findings(InspectionStep(case["step"]), case["on"], Papers(**case["papers"]))) == case["expect"]


@pytest.mark.parametrize("case", _cases("conclusion"))
def test_concluding(case):
    given = {field: InspectionConclusion(said) if said else None for field, said in case["given"].items()}
    papers = Papers(**case.get("papers", {}))
    assert _not_ok(conclusion_findings(_facts(case["facts"]), papers, given, case["on"], case.get("mend_by"))) == case["expect"]


@pytest.mark.parametrize("case", _cases("stage"))
def test_how_far_it_has_come(case):
    found = stage(Papers(**case.get("papers", {})), case.get("mend_by"), case.get("mended_on"), case.get("cancelled", False))
    assert found.value == case["stage"]
    assert is_behind(case["planned_on"], found, case["day"]) is case.get("behind", False)
    assert mending_is_late(case.get("mend_by"), case.get("mended_on"), case["day"]) is case.get("late", False)


def test_the_office_can_read_forty_situations():
    names = [case["name"] for table in READ.values() for case in table]
    assert len(names) == len(set(names)) >= 40
