"""Months and working days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partyreg.rulebook.dates import (
    Calendar,
    add_months,
    add_working_days,
    calendar_months,
    is_working_day,
    months_between,
    working_days_between,
)

DAYS = st.dates(date(1940, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_months_are_added_and_clamped(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


@given(DAYS, st.integers(0, 900))
def test_after_n_months_n_whole_months_have_passed(day: date, months: int) -> None:
    end = add_months(day, months)
    assert months_between(day, end) == months
    assert calendar_months(day, end) == months
    assert months_between(day, end - timedelta(days=1)) == months - 1 or months == 0
    assert months_between(end, day) == -months


@given(DAYS, DAYS, DAYS)
def test_age_never_falls(born: date, one: date, other: date) -> None:
    early, late = sorted((one, other))
    assert months_between(born, early) <= months_between(born, late)


@given(DAYS, DAYS)
def test_age_by_month_is_at_most_one_more_than_whole_months(one: date, other: date) -> None:
    born, day = sorted((one, other))
    assert calendar_months(born, day) - months_between(born, day) in (0, 1)


def test_working_days_skip_weekends_and_days_off() -> None:
    friday, off = date(2026, 9, 4), {date(2026, 9, 7)}
    assert is_working_day(friday)
    assert not is_working_day(date(2026, 9, 5))
    assert not is_working_day(date(2026, 9, 7), off)
    assert add_working_days(friday, 0) == friday
    assert add_working_days(friday, 1) == date(2026, 9, 7)
    assert add_working_days(friday, 1, off) == date(2026, 9, 8)
    assert working_days_between(friday, date(2026, 9, 11)) == 5
    assert working_days_between(friday, date(2026, 9, 1)) == 0
    with pytest.raises(ValueError, match="negative"):
        add_working_days(friday, -1)


@given(DAYS, st.integers(1, 120), st.frozensets(DAYS, max_size=5))
def test_a_term_of_working_days_ends_on_one(start: date, count: int, off: frozenset[date]) -> None:
    end = add_working_days(start, count, off)
    assert is_working_day(end, off)
    assert working_days_between(start, end, off) == count


def test_a_saturday_that_is_worked_counts() -> None:
    friday, saturday, monday = date(2026, 8, 21), date(2026, 8, 22), date(2026, 8, 24)
    plain, exchanged = Calendar({date(2026, 8, 31)}), Calendar({date(2026, 8, 31)}, {saturday})
    assert is_working_day(saturday, exchanged) and not is_working_day(saturday, plain)
    assert not is_working_day(date(2026, 8, 23), exchanged) and not is_working_day(date(2026, 8, 31), exchanged)
    assert add_working_days(friday, 1, exchanged) == saturday
    assert add_working_days(friday, 1, plain) == monday
    assert working_days_between(friday, monday, exchanged) == 2


def test_a_holiday_that_is_worked_is_not_off() -> None:
    holiday = date(2026, 9, 2)
    assert holiday not in Calendar({holiday}, {holiday}) and is_working_day(holiday, Calendar({holiday}, {holiday}))
    assert Calendar({holiday}) == {holiday} and Calendar() == frozenset()


@given(DAYS, st.integers(1, 60), st.frozensets(DAYS, max_size=5), st.frozensets(DAYS, max_size=5))
def test_a_term_by_calendar_ends_on_a_working_day(start: date, count: int, off: frozenset[date], worked: frozenset[date]) -> None:
    calendar = Calendar(off, worked)
    end = add_working_days(start, count, calendar)
    assert is_working_day(end, calendar)
    assert working_days_between(start, end, calendar) == count
