"""Meetings: who counts, which months owe a meeting, thematic meetings, bands."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partyreg.rulebook.book import LAW
from partyreg.rulebook.finding import Severity
from partyreg.rulebook.meeting import (
    Attendance,
    DefaultStatus,
    ScoreBand,
    default_status,
    needed_present,
    quorum,
    score_band,
)
from partyreg.rulebook.meeting_agenda import closes_on, resolution
from partyreg.rulebook.meeting_duty import (
    is_late,
    month_duty,
    months_of,
    owes_regular_meeting,
    owes_thematic_meeting,
    quarter_of,
    thematic_missing,
)
from partyreg.rulebook.timeline import NotInForce

DAY = date(2026, 9, 3)


@pytest.mark.parametrize(
    ("given_as", "attendance", "absent", "present"),
    [
        ({}, Attendance.PRESENT, True, True),
        ({"is_full": False}, Attendance.PRESENT, False, False),
        ({"exempt": True}, Attendance.EXEMPT, False, True),
        ({"exempt": True, "is_full": False}, Attendance.EXEMPT, False, False),
        ({"temporary_elsewhere": True}, Attendance.EXCUSED, False, True),
        ({"suspended": True}, Attendance.EXEMPT, False, False),
        ({"suspended": True, "exempt": True}, Attendance.EXEMPT, False, False),
    ],
)
def test_what_a_member_on_the_roll_is_taken_for(given_as: dict[str, Any], attendance: Attendance, absent: bool, present: bool) -> None:
    found = default_status(DAY, **given_as)
    assert found == DefaultStatus(attendance, absent, present, found.reason)
    assert bool(found.reason) == (attendance is not Attendance.PRESENT)


def test_quorum_is_unverified_and_only_warns() -> None:
    assert needed_present(19, DAY) == 10
    few = quorum(9, 19, DAY)
    assert few.severity is Severity.WARN
    assert few.message.endswith("(quy định chưa được kiểm chứng)")
    assert quorum(10, 19, DAY).severity is Severity.OK


@pytest.mark.parametrize(
    ("founded", "dissolved", "owes"),
    [
        (date(2020, 1, 1), None, True),
        (date(2026, 9, 1), None, True),
        (date(2026, 9, 2), None, False),
        (date(2020, 1, 1), date(2026, 9, 30), False),
        (date(2020, 1, 1), date(2026, 10, 1), True),
        (date(2020, 1, 1), date(2026, 8, 1), False),
    ],
)
def test_only_whole_months_owe_a_meeting(founded: date, dissolved: date | None, owes: bool) -> None:
    assert owes_regular_meeting(founded, dissolved, 2026, 9) is owes


@pytest.mark.parametrize(("month", "quarter"), [(1, 1), (3, 1), (4, 2), (9, 3), (10, 4), (12, 4)])
def test_quarters(month: int, quarter: int) -> None:
    assert quarter_of(date(2026, month, 5)) == (2026, quarter)


def test_each_quarter_needs_a_thematic_meeting() -> None:
    held = (date(2026, 2, 3), date(2026, 7, 3), date(2026, 8, 3))
    assert [thematic_missing(held, 2026, quarter) for quarter in (1, 2, 3, 4)] == [0, 1, 0, 1]
    assert thematic_missing((), 2015, 1) == 0


def test_late_is_after_the_first_week_since_a_law_said_so() -> None:
    assert [is_late(date(2026, 9, day)) for day in (7, 8)] == [False, True]
    assert not is_late(date(2025, 6, 20))


_DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@given(_DAYS, st.none() | st.integers(0, 900), st.sets(st.integers(1, 12)), st.integers(2024, 2028))
def test_owed_waived_and_unlived_months_part_every_year(founded: date, lived: int | None, waived: set[int], year: int) -> None:
    """Each month is exactly one of the three: told from the days that the cell lived, day by day."""
    dissolved = None if lived is None else founded + timedelta(days=lived)
    duties = {month: month_duty(founded, dissolved, year, month, month in waived) for month in range(1, 13)}
    days = [day for n in range(366) if (day := date(year, 1, 1) + timedelta(days=n)).year == year]
    whole = {m for m in duties if all(founded <= day and (dissolved is None or day < dissolved) for day in days if day.month == m)}
    assert {month for month, duty in duties.items() if duty == "none"} == set(duties) - whole
    assert {month for month, duty in duties.items() if duty == "waived"} == whole & waived
    assert {month for month, duty in duties.items() if duty == "owed"} == whole - waived
    for quarter in range(1, 5):
        months = set(months_of(quarter))
        assert owes_thematic_meeting(founded, dissolved, year, quarter, waived) is (months <= whole and not months <= waived)


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (100, ScoreBand.GOOD),
        (90, ScoreBand.GOOD),
        (89.9, ScoreBand.FAIR),
        (70, ScoreBand.FAIR),
        (50, ScoreBand.AVERAGE),
        (49.5, ScoreBand.POOR),
        (0, ScoreBand.POOR),
    ],
)
def test_bands_of_quality(score: float, band: ScoreBand) -> None:
    assert score_band(score, DAY) is band


def test_a_score_outside_the_sheet_or_before_the_law_is_an_error() -> None:
    for score in (-1, 100.5):
        with pytest.raises(ValueError, match="between 0 and 100"):
            score_band(score, DAY)
    with pytest.raises(NotInForce):
        score_band(90, date(2015, 1, 1))


def test_the_score_sheet_has_100_points_in_8_criteria() -> None:
    sheet = LAW.on("meeting.score_sheet", DAY).required
    assert len(sheet) == 8
    assert sum(line["points"] for line in sheet) == 100


@given(st.floats(0, 100), st.floats(0, 100))
def test_a_higher_score_is_never_a_lower_band(one: float, other: float) -> None:
    order = list(ScoreBand)
    low, high = sorted((one, other))
    assert order.index(score_band(high, DAY)) <= order.index(score_band(low, DAY))


def test_votes_that_cannot_be_or_have_no_law() -> None:
    assert resolution(-1, 0, 0, 5, 6, date(2026, 11, 3)).code == "vote.negative"
    assert resolution(6, 0, 0, 5, 6, date(2026, 11, 3)).code == "vote.too_many"
    assert resolution(3, 2, 0, 5, 6, date(2026, 11, 3)).code == "vote.short"
    assert resolution(4, 1, 0, 5, 6, date(2026, 11, 3)).code == "vote.carried"
    assert resolution(1, 4, 0, 5, 6, date(2024, 11, 3)).code == "vote.noted"


def test_a_month_closes_on_a_day_of_the_next_one() -> None:
    assert closes_on(date(2026, 12, 3)) == date(2027, 1, 10)
    assert closes_on(date(2011, 1, 20)) is None
