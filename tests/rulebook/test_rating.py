"""Ratings: ceilings of every base and rounding, bands, and that nothing refuses."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partyreg.rulebook.finding import blocking
from partyreg.rulebook.rating import (
    Base,
    CeilingRule,
    Pool,
    Rounding,
    band,
    ceiling,
    ceiling_findings,
    ceiling_rule,
    feasible,
)
from partyreg.rulebook.timeline import Citation, Confidence, NotInForce

CITE = Citation("15-HD/ĐU", "", Confidence.QUOTED)


def _rule(base: Base, rounding: Rounding = Rounding.FLOOR, pct: int = 20) -> CeilingRule:
    return CeilingRule(pct, base, "CELL", rounding, CITE)


@pytest.mark.parametrize(("base", "most"), [(Base.GOOD_OR_BETTER, 10), (Base.GOOD_ONLY, 8), (Base.ALL_RATED, 12)])
def test_the_example_of_50_good_of_60_rated(base: Base, most: int) -> None:
    found = ceiling(Pool(60, 50), _rule(base))
    assert (found.most, found.pct, found.base, found.unit, found.cite) == (most, 20, base, "CELL", CITE)


@pytest.mark.parametrize(("rounding", "most"), [(Rounding.FLOOR, 6), (Rounding.NEAREST, 7), (Rounding.CEILING, 7)])
def test_rounding_of_6_point_6(rounding: Rounding, most: int) -> None:
    assert ceiling(Pool(33, 33), _rule(Base.GOOD_OR_BETTER, rounding)).most == most


@pytest.mark.parametrize("pool", [Pool(3, 4), Pool(3, -1)])
def test_impossible_pools_are_errors(pool: Pool) -> None:
    with pytest.raises(ValueError, match="between 0 and those rated"):
        ceiling(pool, _rule(Base.ALL_RATED))


@given(st.integers(0, 500), st.integers(1, 100))
def test_good_only_is_the_largest_number_within_its_own_share(good: int, pct: int) -> None:
    most = ceiling(Pool(good, good), _rule(Base.GOOD_ONLY, pct=pct)).most
    assert 100 * most <= pct * (good - most)
    assert 100 * (most + 1) > pct * (good - most - 1)


@given(st.integers(0, 500), st.integers(0, 500), st.sampled_from(Base))
def test_a_larger_pool_never_lowers_the_ceiling(one: int, other: int, base: Base) -> None:
    low, high = sorted((one, other))
    assert ceiling(Pool(low, low), _rule(base)).most <= ceiling(Pool(high, high), _rule(base)).most


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 100))
def test_a_ceiling_never_refuses(good: int, excellent: int, floor: int) -> None:
    assert not blocking(ceiling_findings(Pool(good, good, excellent), _rule(Base.GOOD_OR_BETTER), floor))


def test_the_congress_floor_and_the_ceiling_can_collide() -> None:
    both = feasible(Pool(33, 33), 20, ceiling_rule(date(2026, 12, 31)))
    assert (both.least, both.most, both.collides) == (7, 6, True)
    assert not feasible(Pool(876, 876), 15, ceiling_rule(date(2026, 12, 31))).collides


def test_before_the_law_there_is_no_ceiling_and_no_band() -> None:
    with pytest.raises(NotInForce):
        ceiling_rule(date(2019, 1, 1))
    with pytest.raises(NotInForce):
        band(90, date(2024, 12, 31))


@pytest.mark.parametrize("score", [-0.5, 101])
def test_a_score_outside_the_scale_is_an_error(score: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        band(score, date(2026, 12, 31))
