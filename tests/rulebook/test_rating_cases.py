"""Situations of ratings that the office can read: `cases/rating.toml`, and what the law says to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from partyreg.rulebook.finding import Finding, blocking
from partyreg.rulebook.rating import (
    Base,
    Candidate,
    CeilingRule,
    CeilingUnit,
    Level,
    LevelVote,
    Placed,
    Pool,
    RatedFacts,
    RollFacts,
    Rounding,
    SubjectFacts,
    SubjectKind,
    band,
    band_of,
    ceiling,
    ceiling_findings,
    ceiling_rule,
    level_vote_findings,
    needs_reason,
    not_rated_reason,
    rated_elsewhere,
    standing,
    standing_findings,
    subject_findings,
    under_each_reading,
    votes_for_level,
)
from tests.rulebook.test_cases import _cases, _not_ok, _readable

DAY = date(2026, 12, 31)


def _rule(case: dict[str, Any]) -> CeilingRule:
    """The law's rule of the day, with what the situation changes in it."""
    words = {"base": Base, "unit": CeilingUnit, "rounding": Rounding}
    changed = {name: words[name][value] if name in words else value for name, value in case.get("rule", {}).items()}
    return replace(ceiling_rule(case["day"], key=case.get("key", "rating.ceiling")), **changed)


def _counted(raw: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return raw["n"], {name: value for name, value in raw.items() if name != "n"}


def _warns_with_article(findings: list[Finding]) -> None:
    _readable(findings)
    assert all(one.cite is not None for one in findings if not one.blocks and one.code.startswith("rating."))


@pytest.mark.parametrize("case", _cases("rating", "not_rated"))
def test_not_rated(case: dict[str, Any]) -> None:
    found = not_rated_reason(RatedFacts(**case["facts"]), case["day"])
    assert (found.reason.value if found else "") == case["reason"]


@pytest.mark.parametrize("case", _cases("rating", "elsewhere"))
def test_rated_elsewhere(case: dict[str, Any]) -> None:
    found = rated_elsewhere(RollFacts(**case["facts"]), case["day"])
    assert (found.reason.value if found else "") == case["reason"]
    assert found is None or not found.cite.is_verified


@pytest.mark.parametrize("case", _cases("rating", "ceiling"))
def test_ceiling(case: dict[str, Any]) -> None:
    rule, pool, exceptional = _rule(case), Pool(**case["facts"]), case.get("exceptional", False)
    assert ceiling(pool, rule, exceptional).most == case["most"]
    findings = ceiling_findings(pool, rule, case.get("floor"), exceptional)
    assert _not_ok(findings) == case["expect"]
    _warns_with_article(findings)
    if "band" in case:
        both = band_of(pool, case["floor"], rule, exceptional)
        assert [both.least, both.most] == case["band"]
        assert both.is_empty is ("rating.collision" in case["expect"]) is bool(_not_ok([both.finding]))
        _warns_with_article([both.finding])


@pytest.mark.parametrize("case", _cases("rating", "reading"))
def test_every_reading_of_the_ceiling(case: dict[str, Any]) -> None:
    placed = [Placed(**{**raw, "level": Level(raw["level"])}) for count, raw in map(_counted, case["placed"]) for _n in range(count)]
    found = under_each_reading(placed, case["day"], SubjectKind(case["kind"]))
    assert {one.reading.key: one.most for one in found} == case["reads"]
    assert [one.reading.is_default for one in found] == [True, *[False] * (len(found) - 1)][: len(found)]


@pytest.mark.parametrize("case", _cases("rating", "standing"))
def test_who_stays_within(case: dict[str, Any]) -> None:
    candidates = [Candidate(ident, votes, base, Decimal(score) if score else None) for ident, votes, base, score in case["candidates"]]
    found = standing(candidates, case["most"])
    assert [one.ident for one in found.within] == case["within"]
    assert [one.ident for one in found.tied] == case["tied"]
    assert [one.ident for one in found.out] == case["out"]
    assert found.places == case["places"]
    findings = standing_findings(found, ceiling_rule(DAY))
    assert _not_ok(findings) == case["expect"]
    _warns_with_article(findings)


@pytest.mark.parametrize("case", _cases("rating", "subject"))
def test_what_speaks_against_a_level(case: dict[str, Any]) -> None:
    facts = dict(case["facts"])
    facts |= {"kind": SubjectKind(facts["kind"]), "level": Level(facts["level"])}
    facts["score"] = Decimal(facts["score"]) if "score" in facts else None
    facts["official_level"] = Level(facts["official_level"]) if "official_level" in facts else None
    facts["quarters"] = tuple(Level(one) for one in facts.get("quarters", ()))
    findings = subject_findings(SubjectFacts(**facts), case["day"])
    assert _not_ok(findings) == case["expect"]
    assert needs_reason(findings) is ("warn" in case["expect"].values())
    assert {one.code for one in blocking(findings)} <= {"rating.number"}
    _warns_with_article(findings)


@pytest.mark.parametrize("case", _cases("rating", "level_vote"))
def test_the_vote_for_a_level(case: dict[str, Any]) -> None:
    raw = {**case["vote"], "votes": {Level(level): count for level, count in case["vote"]["votes"].items()}}
    vote = LevelVote(**raw)
    assert votes_for_level(vote.base, case["day"]) == case["needed"]
    findings = level_vote_findings(vote, Level(case["level"]), case["day"])
    assert _not_ok(findings) == case["expect"]
    _warns_with_article(findings)


@pytest.mark.parametrize("case", _cases("rating", "band"))
def test_band(case: dict[str, Any]) -> None:
    assert band(case["score"], case["day"]) == case["level"]


def test_the_office_can_read_the_situations_of_the_ceiling() -> None:
    tables = ("not_rated", "elsewhere", "ceiling", "reading", "standing", "subject", "level_vote", "band")
    names = {table: [case.id for case in _cases("rating", table)] for table in tables}
    assert len(set(names["ceiling"])) == len(names["ceiling"]) >= 40
    assert len({name for table in names.values() for name in table}) >= 120
