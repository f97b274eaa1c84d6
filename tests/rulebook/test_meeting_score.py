"""The score of a meeting: situations in `cases/meeting_score.toml`, sheets that sum, and what may be given."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partyreg.rulebook.book import LAW
from partyreg.rulebook.finding import Severity
from partyreg.rulebook.meeting import Kind, ScoreBand
from partyreg.rulebook.meeting_score import (
    Proposed,
    ScoreFacts,
    ScoreSheet,
    band_of,
    points_given,
    propose,
    read_points,
    reason_missing,
    sheet_faults,
    sheet_on,
)
from partyreg.rulebook.timeline import Citation, Confidence, Provision

DAY = date(2026, 9, 3)
READ = tomllib.loads((Path(__file__).parent / "cases" / "meeting_score.toml").read_text(encoding="utf-8"))
LOCAL = Citation("Mẫu của tỉnh", "", Confidence.SECONDARY)


def facts(case: dict[str, Any]) -> ScoreFacts:
    raw = {**READ["base"], **case.get("facts", {})}
    for name in case.get("without", ()):
        raw.pop(name)
    return ScoreFacts(**{**raw, "kind": Kind(raw["kind"])})


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in READ["case"]])
def test_situations(case: dict[str, Any]) -> None:
    known = facts(case)
    sheet = sheet_on(known.held_on)
    assert (sheet is None) is case.get("no_sheet", False)
    if sheet is None:
        return
    found = propose(sheet, known, case["day"])
    lines = {one.line.key: one for one in found.proposals}
    for key, points in case["points"].items():
        assert lines[key].points == (None if points == "?" else Decimal(points)), key
    for key, text in case.get("says", {}).items():
        assert (evidence := lines[key].evidence) and evidence.message == text
    for key, instrument in case.get("cites", {}).items():
        assert (evidence := lines[key].evidence) and evidence.cite and evidence.cite.instrument == instrument
    assert found.total == case.get("total", found.total) and found.left == case.get("left", found.left)
    for one in found.proposals:
        if one.evidence is not None:
            assert "%(" not in one.evidence.message
            assert (one.evidence.severity is Severity.OK) is (one.points == one.line.maximum)
        else:
            assert one.points is None


def test_there_are_enough_situations() -> None:
    assert len(READ["case"]) >= 15


# -- sheets -----------------------------------------------------------------------------------------------------------


def test_every_shipped_sheet_sums_to_100_with_keys_of_its_own() -> None:
    for provision in LAW.timeline("meeting.score_sheet").provisions:
        sheet = sheet_on(provision.since)
        assert sheet is not None and sheet_faults(sheet) == []
        assert (len(sheet.criteria), sum(line.maximum for line in sheet.lines)) == (8, 100)
        assert [int(one.maximum) for one in sheet.criteria] == [5, 5, 10, 30, 10, 5, 30, 5]
        assert len({one.key for one in sheet.criteria}) == 8
        assert sheet.citation.text == "mẫu địa phương, 42-HD/BTCTW (nguồn thứ cấp)" and "chưa được kiểm chứng" in sheet.note


def local(*criteria: dict[str, Any]) -> ScoreSheet:
    book = LAW.with_local({"meeting.score_sheet": [Provision(DAY, criteria, LOCAL)]})
    sheet = sheet_on(DAY, book)
    assert sheet is not None and sheet.since == DAY
    return sheet


def test_a_sheet_of_the_province_may_be_plain() -> None:
    sheet = local({"key": "all", "name": "Cả buổi", "points": 100})
    assert sheet_faults(sheet) == []
    assert propose(sheet, ScoreFacts(Kind.REGULAR, DAY), DAY).left == 100


@pytest.mark.parametrize(
    ("criteria", "fault"),
    [
        ([{"points": 99}], "the criteria sum to 99, not 100"),
        ([{"points": 100, "parts": ({"key": "b", "name": "b", "points": 99},)}], "a: the parts sum to 99, not 100"),
        ([{"points": 50}, {"points": 50}], "a: used twice"),
        ([{"points": 100, "fact": "weather", "steps": {"SUN": 100}}], "a: the steps do not fit the fact weather"),
        ([{"points": 100, "fact": "length", "steps": {"KEPT": 100}}], "a: the steps do not fit the fact length"),
        ([{"points": 100, "fact": "attendance"}], "a: the steps do not fit the fact attendance"),
        (
            [{"points": 100, "fact": "attendance", "steps": ({"from": 50, "points": 100},)}],
            "a: the steps do not fit the fact attendance",
        ),
        ([{"points": 100, "fact": "length", "steps": {"KEPT": 90, "SHORT": 0}}], "a: the best step is not the maximum"),
        ([{"points": 100, "fact": "length", "steps": {"KEPT": 100, "SHORT": -1}}], "a: a step below 0"),
    ],
)
def test_a_sheet_that_cannot_be_used_is_told(criteria: list[dict[str, Any]], fault: str) -> None:
    assert fault in sheet_faults(local(*({"key": "a", "name": "a", **one} for one in criteria)))


def test_where_a_rule_is_repealed_people_judge() -> None:
    keys = ("day", "min_minutes", "documents_days", "thematic_per_quarter", "result_days", "score_bands")
    book = LAW.with_local({f"meeting.{key}": [Provision(DAY, None, LOCAL)] for key in keys})
    sheet = sheet_on(DAY, book)
    assert sheet is not None
    known = ScoreFacts(Kind.REGULAR, DAY, present=1, whole=1, minutes=90, recorded_on=DAY, documents_on=DAY)
    assert propose(sheet, known, DAY, book).fixed == {"attendance": 5}
    assert band_of(Decimal(95), DAY, book) is None


def test_the_band_of_a_total() -> None:
    assert [band_of(Decimal(text), DAY) for text in ("90", "89.99", "70", "50", "49.99")] == [
        ScoreBand.GOOD, ScoreBand.FAIR, ScoreBand.FAIR, ScoreBand.AVERAGE, ScoreBand.POOR,
    ]  # fmt: skip


# -- what may be given ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("4", "4"), (" 4,5 ", "4.5"), ("4.25", "4.25"), ("-1", "-1"), ("0", "0"), (7, "7"), (Decimal("2.50"), "2.50"),
        ("4,555", None), ("bốn", None), ("", None), ("1e5", None), ("NaN", None), ("٣", None), ("9" * 30, None), ("\x00", None),
        ("+4", None), (True, None),
    ],
)  # fmt: skip
def test_points_are_read_with_comma_or_dot(typed: object, read: str | None) -> None:
    assert read_points(typed) == (None if read is None else Decimal(read))


def proposed() -> Proposed:
    sheet = sheet_on(DAY)
    assert sheet is not None
    return propose(sheet, facts({}), DAY)


def judged_by_people(value: object) -> dict[str, object]:
    found = proposed()
    return {one.line.key: value for one in found.proposals if one.points is None}


def test_what_is_fixed_need_not_be_sent() -> None:
    points, wrong = points_given(proposed(), judged_by_people("2"))
    assert wrong == [] and len(points) == len(proposed().proposals)
    assert sum(points.values()) == 21 + 2 * 14


@pytest.mark.parametrize(
    ("sent", "code", "field", "text"),
    [
        ({"result_done": ""}, "score.missing", "result_done", "Nhập từ 0 đến 10."),
        ({"result_done": "mười"}, "score.no_number", "result_done", "“mười” không phải là số điểm. Nhập như 4 hoặc 4,5."),
        ({"result_done": "-0,5"}, "score.negative", "result_done", "Điểm không thể là số âm."),
        ({"result_done": "10,01"}, "score.above", "result_done", "10,01 điểm là quá mức tối đa 10."),
        ({"weather": "3"}, "score.unknown", "", "Tiêu chí “weather” không có"),
        ({"attendance": "4"}, "score.fixed", "attendance", "sổ đã chấm 5 điểm theo số liệu"),
    ],
)
def test_what_cannot_be_given(sent: dict[str, object], code: str, field: str, text: str) -> None:
    points, (wrong,) = points_given(proposed(), {**judged_by_people("2"), **sent})
    assert (wrong.code, wrong.field, wrong.blocks) == (code, field, True)
    assert text in wrong.message and field not in points


def test_the_same_number_as_the_facts_may_be_sent_and_the_committee_may_send_another() -> None:
    assert points_given(proposed(), {**judged_by_people("2"), "attendance": "5,0"})[1] == []
    points, wrong = points_given(proposed(), {**judged_by_people("2"), "attendance": "4"}, may_overrule=True)
    assert wrong == [] and points["attendance"] == 4


@given(st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.none()))
def test_whatever_is_sent_is_a_number_in_bounds_or_told(value: object) -> None:
    points, wrong = points_given(proposed(), {**judged_by_people("2"), "result_done": value})
    assert ("result_done" in points) is not bool(wrong)
    assert 0 <= points.get("result_done", Decimal(0)) <= 10


def test_the_committee_says_why_it_differs() -> None:
    found = proposed()
    cells, _wrong = points_given(found, judged_by_people("2"))
    assert reason_missing(found, cells, cells, None) == [] == reason_missing(found, cells, None, None)
    lower = {**cells, "result_done": Decimal(1)}
    assert reason_missing(found, lower, None, None) == [], "the cell has given nothing to differ from"
    (wrong,) = reason_missing(found, lower, cells, "  ")
    assert (wrong.code, wrong.field) == ("score.reason", "remark") and "ở 1 mục" in wrong.message
    assert reason_missing(found, lower, cells, "Chưa làm xong đường") == []
    overruled = {**cells, "attendance": Decimal(3)}
    assert [one.code for one in reason_missing(found, overruled, None, None)] == ["score.reason"]
    assert [one.code for one in reason_missing(found, overruled, overruled, None)] == ["score.reason"], "the facts say otherwise still"
