"""Situations that the office can read: facts and a day in `cases/*.toml`, and what the law says to them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from partyreg.rulebook.admission import (
    AdmissionFacts,
    IntroducerFacts,
    IntroducerKind,
    Schooling,
    VoteFacts,
    may_be_admitted,
)
from partyreg.rulebook.finding import Finding, Severity
from partyreg.rulebook.meeting import Kind, MeetingFacts, meeting_findings
from partyreg.rulebook.rating import Pool, RatedFacts, band, ceiling, ceiling_findings, ceiling_rule, not_rated_reason
from partyreg.rulebook.seniority import Gap, badges_due, party_age


def _cases(file: str, table: str = "case") -> list[Any]:
    read = tomllib.loads((Path(__file__).parent / "cases" / f"{file}.toml").read_text(encoding="utf-8"))
    base = read.get("base", {})
    for case in read[table]:
        case["facts"] = {**base, **case.get("facts", {})}
        for name in case.get("without", ()):
            case["facts"].pop(name)
    return [pytest.param(case, id=case["name"]) for case in read[table]]


def _not_ok(findings: list[Finding]) -> dict[str, str]:
    return {f.code: f.severity.value for f in findings if f.severity is not Severity.OK}


def _admission(raw: dict[str, Any]) -> AdmissionFacts:
    facts = dict(raw)
    if "schooling" in facts:
        facts["schooling"] = Schooling(facts["schooling"])
    if "vote" in facts:
        facts["vote"] = VoteFacts(**facts["vote"])
    facts["days_off"] = frozenset(facts.get("days_off", ()))
    facts["introducers"] = tuple(
        IntroducerFacts(**{**one, "kind": IntroducerKind(one.get("kind", "member"))}) for one in facts["introducers"]
    )
    return AdmissionFacts(**facts)


@pytest.mark.parametrize("case", _cases("admission"))
def test_admission(case: dict[str, Any]) -> None:
    findings = may_be_admitted(_admission(case["facts"]), case["day"])
    assert _not_ok(findings) == case["expect"]
    for finding in findings:
        assert "%(" not in finding.message
        assert finding.message.endswith((".", ")"))


@pytest.mark.parametrize("case", _cases("meeting"))
def test_meeting(case: dict[str, Any]) -> None:
    facts = case["facts"]
    findings = meeting_findings(MeetingFacts(**{**facts, "kind": Kind(facts["kind"])}), case["day"])
    assert _not_ok(findings) == case["expect"]


@pytest.mark.parametrize("case", _cases("rating", "not_rated"))
def test_not_rated(case: dict[str, Any]) -> None:
    found = not_rated_reason(RatedFacts(**case["facts"]), case["day"])
    assert (found.reason.value if found else "") == case["reason"]


@pytest.mark.parametrize("case", _cases("rating", "ceiling"))
def test_ceiling(case: dict[str, Any]) -> None:
    rule = ceiling_rule(case["day"], key=case.get("key", "rating.ceiling"))
    pool = Pool(**case["facts"])
    assert ceiling(pool, rule).most == case["most"]
    assert _not_ok(ceiling_findings(pool, rule, case.get("floor"))) == case["expect"]


@pytest.mark.parametrize("case", _cases("rating", "band"))
def test_band(case: dict[str, Any]) -> None:
    assert band(case["score"], case["day"]) == case["level"]


@pytest.mark.parametrize("case", _cases("seniority"))
def test_seniority(case: dict[str, Any]) -> None:
    gaps = tuple(Gap(**gap) for gap in case.get("gaps", ()))
    age = party_age(case["decided_on"], case["day"], gaps, case.get("is_full", True))
    assert [age.years, age.months] == case["age"]
    assert list(badges_due(age, case.get("held", ()), case["day"])) == case["due"]
