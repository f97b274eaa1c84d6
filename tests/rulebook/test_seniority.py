"""Party age, badges."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partyreg.rulebook.seniority import (
    Gap,
    PartyAge,
    badge_reached,
    badge_years,
    badges_due,
    bands,
    counted_from,
    early_months,
    party_age,
    reached_on,
)

DAY = date(2026, 11, 7)
DAYS = st.dates(date(1950, 1, 1), date(2020, 12, 31))
GAPS = st.lists(st.builds(lambda start, n: Gap(start, start + timedelta(days=n)), DAYS, st.integers(0, 2000)), max_size=4)


def test_badges_before_and_from_208() -> None:
    assert 35 not in badge_years(date(2026, 7, 25))
    assert {35, 95} <= set(badge_years(date(2026, 7, 26)))
    assert badge_reached(PartyAge(38 * 12), DAY) == 35
    assert badge_reached(PartyAge(29 * 12), DAY) is None
    assert badges_due(PartyAge(41 * 12), [], DAY) == (30, 35, 40)


@pytest.mark.parametrize(("years", "months"), [(30, 12), (65, 12), (70, 24), (95, 24)])
def test_early_badges_for_serious_illness(years: int, months: int) -> None:
    assert early_months(years, DAY) == months


def test_the_day_a_badge_is_reached() -> None:
    decided = date(1996, 11, 7)
    assert reached_on(decided, 30) == DAY
    assert reached_on(decided, 30, [Gap(date(2001, 1, 1), date(2002, 1, 1))]) == date(2027, 11, 7)
    assert reached_on(decided, 30, [Gap(date(2020, 1, 1))]) is None
    assert reached_on(decided, 20, [Gap(date(2020, 1, 1))]) == date(2016, 11, 7)


@given(DAYS, GAPS, st.integers(1, 60))
def test_on_the_day_it_is_reached_the_age_is_reached_and_not_before(decided: date, gaps: list[Gap], years: int) -> None:
    day = reached_on(decided, years, gaps)
    assert day is not None
    assert party_age(decided, day, gaps).years >= years


@given(DAYS, GAPS, st.integers(0, 20000))
def test_gaps_never_add_age(decided: date, gaps: list[Gap], later: int) -> None:
    day = decided + timedelta(days=later)
    assert party_age(decided, day, gaps).total_months <= party_age(decided, day).total_months
    assert counted_from(decided, day, gaps) <= day


def test_bands_run_between_the_badges() -> None:
    assert [(band.least, band.below) for band in bands(date(2025, 12, 31))][:4] == [(0, 30), (30, 40), (40, 45), (45, 50)]
    assert [(band.least, band.below) for band in bands(DAY)][:3] == [(0, 30), (30, 35), (35, 40)]
    assert bands(date(1990, 1, 1)) == bands(date(2016, 7, 25))


@given(st.integers(0, 120 * 12), st.dates(date(1960, 1, 1), date(2040, 1, 1)))
def test_every_party_age_falls_into_one_band(months: int, day: date) -> None:
    assert sum(band.holds(PartyAge(months)) for band in bands(day)) == 1
