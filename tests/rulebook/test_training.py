"""Who owes which class: situations from the file, and what holds for any."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partyreg.rulebook.admission_terms import certificate_until
from partyreg.rulebook.book import LAW
from partyreg.rulebook.finding import Severity
from partyreg.rulebook.training import CourseKind, Post, certificate_end, counting_day, judge, requirement, trained_on

READ = tomllib.loads((Path(__file__).parent / "cases" / "training.toml").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 24)


def _cases(table: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in READ[table]]


@pytest.mark.parametrize("case", _cases("owes"))
def test_who_owes_a_class(case: dict[str, Any]) -> None:
    rule = requirement(Post(case["post"]), case["year"], case["day"])
    expect = case["expect"]
    assert (rule is None) == expect.get("none", False)
    if rule is None:
        return
    found = trained_on(rule, [(CourseKind(one["kind"]), one["on"]) for one in case.get("finished", ())])
    assert found == expect.get("trained")
    finding = judge(rule, case["since"], found)
    assert (finding.severity.value, finding.code) == (expect["severity"], expect["code"])
    assert "%(" not in finding.message
    assert finding.cite is not None


@pytest.mark.parametrize("case", _cases("counting"))
def test_whose_holders_count(case: dict[str, Any]) -> None:
    assert counting_day(case["year"], case["day"]) == case["expect"]


@pytest.mark.parametrize("case", _cases("certificate"))
def test_how_long_a_certificate_is_valid(case: dict[str, Any]) -> None:
    assert certificate_end(CourseKind(case["kind"]), case["issued"]) == case.get("expect")


def test_there_are_enough_situations() -> None:
    assert sum(len(READ[table]) for table in ("owes", "counting", "certificate")) >= 20


def test_an_unverified_rule_only_warns() -> None:
    for key in ("training.counting_day", "training.newcomer_from"):
        assert not LAW.on(key, TODAY).citation.is_verified
    rule = requirement(Post.VILLAGE_HEAD, 2025, TODAY)
    assert rule is not None
    finding = judge(rule, date(2025, 12, 5), None)
    assert finding.severity is Severity.WARN and finding.message.endswith("(quy định chưa được kiểm chứng)")


@given(st.dates(date(2016, 7, 25), date(2035, 1, 1)))
def test_the_awareness_certificate_is_that_of_admissions(issued: date) -> None:
    assert certificate_end(CourseKind.AWARENESS, issued) == certificate_until(issued)


DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@given(
    st.sampled_from(list(Post)), st.integers(2025, 2027), DAYS,
    st.lists(st.tuples(st.sampled_from(list(CourseKind)), DAYS), max_size=6), st.tuples(st.sampled_from(list(CourseKind)), DAYS),
)  # fmt: skip
def test_one_class_more_never_untrains(post, year, day, finished, more) -> None:
    rule = requirement(post, year, max(day, date(year, 7, 1)))
    assert rule is not None and rule.first <= rule.last + timedelta(days=1)
    before, after = trained_on(rule, finished), trained_on(rule, [*finished, more])
    assert after is not None if before is not None else after in (None, more[1])
    assert before is None or rule.first <= before <= rule.last
