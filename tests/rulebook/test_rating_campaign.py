"""The parameters of a campaign: proposed by the law, kept as data and read back, and what an office may not type."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partyreg.rulebook.finding import Finding, Severity
from partyreg.rulebook.rating import (
    Bands,
    Base,
    CeilingRule,
    CeilingUnit,
    Frame,
    Level,
    Parameters,
    Rounding,
    SubjectKind,
    parameter_findings,
    proposed,
)
from partyreg.rulebook.timeline import Citation, Confidence, NotInForce

DAY = date(2026, 12, 31)
ORDERED = replace(proposed(DAY), order="15-HD/ĐU", order_on=date(2026, 11, 2))


def _found(findings: list[Finding]) -> dict[str, tuple[str, str]]:
    return {one.field: (one.code, one.severity.value) for one in findings}


def _with(kind: SubjectKind = SubjectKind.MEMBER, **changed: Any) -> Parameters:
    rule = replace(ORDERED.ceilings[kind], **changed)
    return replace(ORDERED, ceilings=MappingProxyType({**ORDERED.ceilings, kind: rule}))


def test_the_law_proposes() -> None:
    found = proposed(DAY)
    assert (found.max_common, found.max_result, found.split, found.bands) == (30, 70, (18, 4, 8), Bands(90, 70, 50))
    assert found.frames == tuple(Frame)
    assert {kind: rule.pct for kind, rule in found.ceilings.items()} == dict.fromkeys(SubjectKind, 20)
    assert (found.order, found.order_on, found.level(89.5)) == ("", None, Level.GOOD)
    assert [found.bands.level(score) for score in (100, 90, 70, 69, 50, 49, 0)] == [
        Level.EXCELLENT, Level.EXCELLENT, Level.GOOD, Level.DONE, Level.DONE, Level.NOT_DONE, Level.NOT_DONE,
    ]  # fmt: skip


def test_a_kind_without_a_rule_on_the_day_has_no_ceiling() -> None:
    of_2025 = proposed(date(2025, 12, 31))
    assert set(of_2025.ceilings) == {SubjectKind.MEMBER, SubjectKind.ORGANISATION}
    assert of_2025.rule(SubjectKind.OFFICIAL) is None
    assert set(proposed(DAY, [SubjectKind.MEMBER]).ceilings) == {SubjectKind.MEMBER}


def test_before_366_there_are_no_points_to_propose() -> None:
    with pytest.raises(NotInForce):
        proposed(date(2024, 12, 31))


def test_what_the_law_proposes_only_lacks_its_document() -> None:
    assert _found(parameter_findings(proposed(DAY))) == {"order": ("campaign.no_order", "warn")}
    assert parameter_findings(ORDERED) == []


@pytest.mark.parametrize(
    ("given_ones", "field", "code"),
    [
        (replace(ORDERED, max_common=-1), "max_common", "campaign.points"),
        (replace(ORDERED, max_result=101), "max_result", "campaign.points"),
        (replace(ORDERED, max_result=60), "max_result", "campaign.scale"),
        (replace(ORDERED, split=(10, 10, 9)), "split", "campaign.split"),
        (replace(ORDERED, split=(40, -10)), "split", "campaign.split"),
        (replace(ORDERED, bands=Bands(101, 70, 50)), "band_excellent", "campaign.band"),
        (replace(ORDERED, bands=Bands(90, 70, 0)), "band_done", "campaign.band"),
        (replace(ORDERED, bands=Bands(90, 90, 50)), "band_good", "campaign.bands"),
        (replace(ORDERED, bands=Bands(90, 70, 80)), "band_done", "campaign.bands"),
        (replace(ORDERED, frames=()), "frames", "campaign.frames"),
        (replace(ORDERED, order=" "), "order", "campaign.order"),
        (_with(pct=-1), "member_pct", "campaign.percent"),
        (_with(SubjectKind.ORGANISATION, pct=10**30), "organisation_pct", "campaign.percent"),
        (_with(SubjectKind.OFFICIAL, exception_pct=101), "official_exception_pct", "campaign.percent"),
        (_with(SubjectKind.OFFICIAL, exception_pct=19), "official_exception_pct", "campaign.exception"),
    ],
)
def test_what_an_office_may_not_type(given_ones: Parameters, field: str, code: str) -> None:
    assert _found(parameter_findings(given_ones))[field] == (code, "block")


@pytest.mark.parametrize(
    ("given_ones", "field", "code"),
    [
        (replace(ORDERED, max_common=40, max_result=60, split=(20, 10, 10)), "max_common", "campaign.unlike_scale"),
        (replace(ORDERED, bands=Bands(85, 70, 50)), "band_excellent", "campaign.unlike_band"),
        (_with(pct=25), "member_pct", "campaign.unlike_ceiling"),
        (_with(base=Base.ALL_RATED), "member_pct", "campaign.unlike_ceiling"),
    ],
)
def test_what_differs_from_the_law_warns_with_its_article(given_ones: Parameters, field: str, code: str) -> None:
    findings = parameter_findings(given_ones)
    assert _found(findings) == {field: (code, "warn")}
    assert all(one.cite is not None and one.severity is Severity.WARN for one in findings)


def test_a_split_and_a_ceiling_of_ones_own_need_no_warning() -> None:
    assert parameter_findings(replace(ORDERED, split=(10, 10, 10))) == []
    of_2025 = replace(ORDERED, day=date(2025, 12, 31))
    assert parameter_findings(of_2025) == []  # the law of that day has no ceiling for officials to compare with
    assert parameter_findings(_with(exception_pct=25))[0].code == "campaign.unlike_ceiling"


rules = st.builds(
    CeilingRule, st.integers(), st.sampled_from(Base), st.sampled_from(CeilingUnit), st.sampled_from(Rounding),
    st.builds(Citation, st.text(), st.text(), st.sampled_from(Confidence)), st.none() | st.integers(),
)  # fmt: skip
campaigns = st.builds(
    Parameters, st.dates(), st.lists(st.sampled_from(Frame)).map(tuple), st.integers(), st.integers(),
    st.lists(st.integers()).map(tuple), st.builds(Bands, st.integers(), st.integers(), st.integers()),
    st.dictionaries(st.sampled_from(SubjectKind), rules), st.text(), st.none() | st.dates(),
)  # fmt: skip


@given(campaigns)
def test_parameters_are_kept_as_data_and_read_back(given_ones: Parameters) -> None:
    assert Parameters.from_data(json.loads(json.dumps(given_ones.as_data()))) == given_ones


@pytest.mark.parametrize(
    "broken",
    [
        {"day": "31/12/2026"}, {"day": None}, {"frames": ["x"]}, {"frames": 3}, {"max_common": "30"}, {"max_common": True},
        {"split": [1.5]}, {"bands": {}}, {"bands": None}, {"ceilings": []}, {"ceilings": {"member": {}}}, {"order_on": "soon"},
    ],
)  # fmt: skip
def test_what_is_no_data_of_a_campaign_is_an_error(broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Parameters.from_data({**ORDERED.as_data(), **broken})
    with pytest.raises(ValueError, match="no parameters of a campaign"):
        Parameters.from_data({})
