"""Meetings over time: the day proposed for the next one, and attendance over a year."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partyreg.rulebook.dates import Calendar, is_working_day
from partyreg.rulebook.meeting import Attendance
from partyreg.rulebook.meeting_year import YearCounts, attendance_of_year, is_expected, proposed_day
from partyreg.rulebook.timeline import NotInForce

CASES = tomllib.loads((Path(__file__).parent / "cases" / "meeting_year.toml").read_text(encoding="utf-8"))
DAY = date(2026, 9, 3)


def cases(table: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in CASES[table]]


@pytest.mark.parametrize("case", cases("day"))
def test_the_day_proposed(case: dict[str, Any]) -> None:
    found = proposed_day(case["month"].year, case["month"].month, Calendar(case.get("off", ()), case.get("worked", ())))
    assert (found.day, found.finding.severity.value) == (case["expect"]["day"], case["expect"]["severity"])
    assert found.finding.cite is not None and "50-CT/TW" in found.finding.cite.text


def test_before_a_common_day_was_set_none_is_proposed() -> None:
    with pytest.raises(NotInForce):
        proposed_day(2025, 7)


@given(month=st.integers(1, 12), off=st.sets(st.integers(1, 28)))
def test_the_proposed_day_lies_in_the_week_and_is_worked_where_one_is(month: int, off: set[int]) -> None:
    days_off = {date(2026, month, number) for number in off}
    found = proposed_day(2026, month, days_off)
    assert 3 <= found.day.day <= 7
    week = [date(2026, month, number) for number in range(3, 8)]
    assert is_working_day(found.day, days_off) or not any(is_working_day(day, days_off) for day in week)


@pytest.mark.parametrize("case", cases("year"))
def test_attendance_over_a_year(case: dict[str, Any]) -> None:
    found = attendance_of_year(YearCounts(**case["facts"]), case["day"])
    if not case["expect"]:
        assert found is None
        return
    assert found is not None and found.severity.value == case["expect"]["severity"]
    assert case["expect"]["shown"] in found.message and found.cite is not None and "42-HD/BTCTW" in found.cite.text


@pytest.mark.parametrize(
    ("status", "elsewhere", "expected"),
    [
        (Attendance.PRESENT, False, True),
        (Attendance.PRESENT, True, True),
        (Attendance.EXCUSED, False, True),
        (Attendance.EXCUSED, True, False),
        (Attendance.ABSENT, False, True),
        (Attendance.ABSENT, True, False),
        (Attendance.EXEMPT, False, False),
        (Attendance.EXEMPT, True, False),
    ],
)
def test_who_is_expected_at_a_meeting(status: Attendance, elsewhere: bool, expected: bool) -> None:
    assert is_expected(status, DAY, elsewhere) is expected


def test_before_the_law_said_who_counts_everybody_on_the_list_was_expected() -> None:
    assert is_expected(Attendance.EXCUSED, date(2010, 1, 1), elsewhere=True)


@given(st.builds(YearCounts, *[st.integers(0, 40)] * 5))
def test_parts_sum_to_the_whole_and_nobody_attends_more_than_all(counts: YearCounts) -> None:
    assert counts.whole == counts.base + counts.exempt + counts.elsewhere
    assert (counts.percent is None) == (counts.base == 0)
    assert counts.percent is None or 0 <= counts.percent <= 100
