"""Ratings: ceilings of every base and rounding, readings, standings, bands, and that nothing refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partyreg.rulebook.book import LAW
from partyreg.rulebook.finding import Finding, Severity, blocking
from partyreg.rulebook.rating import (
    Bands,
    Base,
    Candidate,
    CeilingRule,
    CeilingUnit,
    Level,
    LevelVote,
    Placed,
    Pool,
    Rounding,
    SubjectFacts,
    SubjectKind,
    band,
    band_of,
    ceiling,
    ceiling_findings,
    ceiling_key,
    ceiling_rule,
    feasible,
    level_vote_findings,
    needs_reason,
    pool_key,
    pools,
    readings,
    reason_findings,
    standing,
    subject_findings,
    under,
    under_each_reading,
    votes_for_level,
)
from partyreg.rulebook.timeline import Citation, Confidence, NotInForce, Provision

DAY = date(2026, 12, 31)
CITE = Citation("15-HD/ĐU", "", Confidence.QUOTED)


def _rule(base: Base, rounding: Rounding = Rounding.FLOOR, pct: int = 20) -> CeilingRule:
    return CeilingRule(pct, base, CeilingUnit.CELL, rounding, CITE)


@pytest.mark.parametrize(("base", "most"), [(Base.GOOD_OR_BETTER, 10), (Base.GOOD_ONLY, 8), (Base.ALL_RATED, 12)])
def test_the_example_of_50_good_of_60_rated(base: Base, most: int) -> None:
    found = ceiling(Pool(60, 50), _rule(base))
    assert (found.most, found.pct, found.base, found.unit, found.cite) == (most, 20, base, CeilingUnit.CELL, CITE)


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


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_floor_outside_the_scale_is_an_error(percent: int) -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        band_of(Pool(10, 10), percent, _rule(Base.GOOD_OR_BETTER))


@given(st.integers(0, 400), st.integers(0, 400), st.sampled_from(Base), st.sampled_from(Rounding), st.integers(0, 100))
def test_a_ceiling_never_exceeds_those_who_could_be_excellent(one: int, other: int, base: Base, rounding: Rounding, pct: int) -> None:
    good, rated = sorted((one, other))
    assert 0 <= ceiling(Pool(rated, good), _rule(base, rounding, pct)).most <= good


@given(st.integers(0, 400), st.integers(0, 100), st.integers(0, 100), st.sampled_from(Base), st.sampled_from(Rounding))
def test_a_higher_percentage_never_lowers_the_ceiling(good: int, one: int, other: int, base: Base, rounding: Rounding) -> None:
    low, high = sorted((one, other))
    rule = replace(_rule(base, rounding, low), exception_pct=high)
    assert ceiling(Pool(good, good), rule).most <= ceiling(Pool(good, good), rule, exceptional=True).most


@given(st.integers(0, 400), st.integers(0, 100), st.sampled_from(Base))
def test_the_band_is_empty_exactly_where_floor_and_ceiling_collide(good: int, percent: int, base: Base) -> None:
    pool, rule = Pool(good, good), _rule(base)
    both, found = feasible(pool, percent, rule), band_of(pool, percent, rule)
    assert (found.least, found.most, found.is_empty) == (both.least, both.most, both.collides)
    assert found.finding.severity is (Severity.WARN if both.collides else Severity.OK)


def test_without_an_exception_the_exceptional_are_counted_like_all() -> None:
    assert ceiling(Pool(50, 50), _rule(Base.GOOD_OR_BETTER), exceptional=True).pct == 20
    rule = ceiling_rule(DAY, key=ceiling_key(SubjectKind.OFFICIAL))
    assert (rule.exception_pct, ceiling(Pool(50, 50), rule, exceptional=True).pct) == (25, 25)


# -- readings ---------------------------------------------------------------------------------------------------------


def test_every_unit_has_its_own_pools() -> None:
    placed = [
        Placed(Level.EXCELLENT, "chi bộ A", "xã", "ủy ban", "kinh tế", "bản"),
        Placed(Level.GOOD, "chi bộ A", "xã", "ủy ban", "văn hóa", "bản"),
        Placed(Level.NOT_DONE, "chi bộ B", "trường học", "trường", "giáo dục", "cơ sở"),
    ]
    keys = {unit: pool_key(placed[0], unit) for unit in CeilingUnit}
    assert list(keys.values()) == ["chi bộ A", "xã", "", "ủy ban", "kinh tế", "bản"]
    assert pools(placed, CeilingUnit.CELL) == {"chi bộ A": Pool(2, 2, 1), "chi bộ B": Pool(1, 0, 0)}
    assert pools(placed, CeilingUnit.COMMUNE) == {"": Pool(3, 2, 1)}
    assert pools([], CeilingUnit.COMMUNE) == {}


def test_a_pool_can_be_passed_while_the_sum_is_within() -> None:
    small = [Placed(Level.EXCELLENT, "nhỏ"), *[Placed(Level.GOOD, "nhỏ")] * 3]
    placed = [*small, *[Placed(Level.GOOD, "lớn")] * 20]
    of_cells = next(one for one in under_each_reading(placed, DAY) if one.reading.key == "rating.ceiling_cell")
    assert (of_cells.most, of_cells.excellent) == (4, 1)
    assert [(one.key, one.left) for one in of_cells.passed] == [("nhỏ", -1)]
    own = under(placed, ceiling_rule(DAY))
    assert [(one.key, one.pool.excellent, one.ceiling.most, one.left, one.is_passed) for one in own] == [("", 1, 4, 3, False)]


@pytest.mark.parametrize("kind", SubjectKind)
def test_every_reading_says_where_it_stands(kind: SubjectKind) -> None:
    found = readings(DAY, kind)
    assert found[0].key == ceiling_key(kind)
    assert [one.is_default for one in found] == [True, *[False] * (len(found) - 1)]
    assert len(found) > 1
    assert all(one.rule.cite.instrument and one.label and one.note for one in found)
    assert len({one.rule.cite for one in found}) > 1 or kind is SubjectKind.OFFICIAL


def test_the_readings_of_members_are_those_of_the_known_sources() -> None:
    known = {one.key: (one.rule.base, one.rule.unit, one.rule.cite.confidence) for one in readings(DAY)}
    assert known == {
        "rating.ceiling": (Base.GOOD_OR_BETTER, CeilingUnit.COMMUNE, Confidence.UNVERIFIED),
        "rating.ceiling_good_only": (Base.GOOD_ONLY, CeilingUnit.GRASSROOTS_ORGANISATION, Confidence.QUOTED_OLD),
        "rating.ceiling_cell": (Base.GOOD_OR_BETTER, CeilingUnit.CELL, Confidence.SECONDARY),
        "rating.ceiling_all_rated": (Base.ALL_RATED, CeilingUnit.AGENCY, Confidence.SECONDARY),
    }


def test_the_listed_readings_are_keys_of_the_law() -> None:
    for kind in SubjectKind:
        for provision in LAW.timeline(f"rating.ceiling_readings_{kind}").provisions:
            assert set(provision.required) <= set(LAW.keys())


# -- standing ---------------------------------------------------------------------------------------------------------

candidates = st.lists(
    st.builds(
        lambda ident, base, votes, score: Candidate(ident, min(votes, base), base, score),
        st.integers(0, 10_000), st.integers(0, 12), st.integers(0, 12), st.none() | st.decimals(0, 100, places=1),
    ),
    max_size=20,
)  # fmt: skip


@given(candidates, st.integers(0, 25))
def test_a_standing_has_every_candidate_once(given_ones: list[Candidate], most: int) -> None:
    found = standing(given_ones, most)
    order = [*found.within, *found.tied, *found.out]
    assert sorted(map(id, order)) == sorted(map(id, given_ones))
    assert len(found.within) + found.places == min(most, len(given_ones))
    assert [one.share for one in order] == sorted((one.share for one in order), reverse=True)
    assert bool(found.tied) is (found.places > 0)
    assert len(found.tied) > found.places or not found.tied
    assert len({(one.share, one.score) for one in found.tied}) <= 1


@pytest.mark.parametrize(("votes", "base"), [(-1, 3), (4, 3)])
def test_impossible_votes_of_a_candidate_are_errors(votes: int, base: int) -> None:
    with pytest.raises(ValueError, match="between 0 and those who count"):
        Candidate(1, votes, base)


def test_a_negative_ceiling_is_an_error() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        standing([], -1)


# -- what warns, and the reason --------------------------------------------------------------------------------------


@given(
    st.builds(
        SubjectFacts, st.sampled_from(SubjectKind), st.sampled_from(Level), st.none() | st.decimals(0, 100, places=1),
        *[st.none() | st.integers(0, 100)] * 4, st.just((DAY,)), st.just((DAY,)), st.none() | st.sampled_from(Level),
        st.lists(st.sampled_from(Level), max_size=4).map(tuple), st.none() | st.integers(0, 100), st.booleans(),
    )
)  # fmt: skip
def test_nothing_possible_is_refused(facts: SubjectFacts) -> None:
    findings = subject_findings(facts, DAY)
    assert not blocking(findings)
    assert all(one.severity is Severity.WARN and one.cite is not None for one in findings)


def test_going_against_a_warning_needs_a_reason() -> None:
    warned = subject_findings(SubjectFacts(SubjectKind.MEMBER, Level.EXCELLENT, exceeded_percent=10), DAY)
    assert needs_reason(warned)
    assert [(one.code, one.field, one.blocks) for one in reason_findings(warned, " \n ")] == [("rating.reason", "reason", True)]
    assert reason_findings(warned, "Hội nghị đã xem xét.") == []
    assert reason_findings([], "") == []


def test_the_bands_of_the_campaign_come_before_those_of_the_law() -> None:
    facts = SubjectFacts(SubjectKind.MEMBER, Level.EXCELLENT, Decimal(86))
    assert [one.code for one in subject_findings(facts, DAY)] == ["rating.band"]
    assert subject_findings(facts, DAY, Bands(85, 70, 50)) == []


# -- votes ------------------------------------------------------------------------------------------------------------


def _codes(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(one.code, one.field) for one in findings if one.severity is not Severity.OK]


def test_refusals_of_a_vote_stand_beside_the_count_of_the_level() -> None:
    vote = LevelVote(10, 0, 8, {Level.EXCELLENT: 9})
    assert _codes(level_vote_findings(vote, Level.EXCELLENT, DAY)) == [("vote.too_many", "votes_excellent")]
    negative = LevelVote(10, 0, 8, {Level.EXCELLENT: 9, Level.DONE: -1})
    assert _codes(level_vote_findings(negative, Level.EXCELLENT, DAY)) == [("vote.negative", "votes_done")]
    fewer = LevelVote(-1, 0, 0, {})
    assert ("vote.negative", "full_members") in _codes(level_vote_findings(fewer, Level.GOOD, DAY))


def test_before_the_first_rule_of_a_quorum_only_the_votes_are_judged() -> None:
    book = LAW.with_local({"meeting.quorum_share": [Provision(date(2020, 1, 1), None, CITE)]})
    assert _codes(level_vote_findings(LevelVote(10, 0, 1, {Level.GOOD: 1}), Level.GOOD, DAY, book)) == [("rating.votes", "votes_good")]


def test_more_than_half_of_those_who_count() -> None:
    assert [votes_for_level(base, DAY) for base in (0, 1, 2, 3, 20, 21)] == [1, 1, 2, 2, 11, 11]
    with pytest.raises(ValueError, match="cannot be negative"):
        votes_for_level(-1, DAY)
