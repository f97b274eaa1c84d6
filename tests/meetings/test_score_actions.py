"""Scoring: what the facts say stands, the committee may differ with a reason, and nothing is half-written."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
import sqlalchemy as sa

from partyreg import audit, clock
from partyreg.access import Permission, Role
from partyreg.audit import AuditEntry
from partyreg.db import db
from partyreg.errors import Conflict, NotVisible, RuleBroken
from partyreg.meetings import actions as meetings
from partyreg.meetings import score_queries
from partyreg.meetings.models import Attendance, Meeting, MeetingKind, MeetingScore, Scorer
from partyreg.meetings.score_actions import rescore, score, written
from partyreg.rulebook.meeting_score import propose
from tests import make
from tests.make.meetings import SYSTEM, meeting


@pytest.fixture
def hers(cell, actor_):
    return actor_(Role.SECRETARY, cell.unit, Permission.MEETINGS_LOG)


@pytest.fixture
def office(actor_):
    return actor_(Role.ORGANISATION, None, Permission.MEETINGS_OVERSEE)


@pytest.fixture
def held(cell) -> Meeting:
    """The regular meeting of November, on its day, all there, recorded three weeks late; neither length nor papers noted."""
    return meeting(unit=cell.unit, chair_id=cell.an)


def full(held: Meeting, value: object = None) -> dict[str, object]:
    """The most for every line that people judge, or `value` for each."""
    sheet = score_queries.sheet_of_day(held.held_on)
    assert sheet is not None
    found = propose(sheet, score_queries.facts_of(held), clock.today())
    return {one.line.key: one.line.maximum if value is None else value for one in found.proposals if one.points is None}


def rows() -> list[MeetingScore]:
    return list(db.session.scalars(sa.select(MeetingScore).order_by(MeetingScore.scorer)))


def entries() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0


def refused(deed, *args) -> RuleBroken:
    """What refuses the deed; nothing is written by it."""
    db.session.commit()
    before, known = [(row.id, row.points, row.version) for row in rows()], entries()
    with pytest.raises(RuleBroken) as told:
        deed(*args)
    assert not db.session.new and not db.session.dirty
    db.session.rollback()
    assert ([(row.id, row.points, row.version) for row in rows()], entries()) == (before, known)
    return told.value


def test_the_cell_scores_its_meeting_and_the_facts_score_themselves(cell, hers, held):
    row = score(hers, held, None, full(held), " Họp tốt ")
    assert (row.scorer, row.total, row.remark, row.scored_on, row.version) == (Scorer.CELL, 97, "Họp tốt", dt.date(2026, 11, 24), 1)
    given = json.loads(row.points)
    assert (given["time_day"], given["attendance"], given["content_thematic"], given["closing_record"]) == (3, 5, 5, 0)
    db.session.expire_all()
    assert score_queries.read(rows()[0].points)["result_done"] == 10 and rows()[0].total == Decimal("97.00")
    (entry,) = audit.history("meeting_score", row.id)
    assert (entry.deed, entry.actor) == ("meetings.score", "test secretary")


def test_halves_and_commas_are_kept_exactly(hers, held):
    row = score(hers, held, None, {**full(held, "0"), "result_done": "7,25", "result_decided": "0.1"}, None)
    db.session.expire_all()
    read = score_queries.read(row.points)
    assert (read["result_done"], read["result_decided"], row.total) == (Decimal("7.25"), Decimal("0.1"), Decimal("20.35"))
    assert [written(one) for one in (Decimal("7.25"), Decimal("7.50"), Decimal(100), None)] == ["7,25", "7,5", "100", ""]


def test_facts_are_those_of_the_meeting(cell, hers):
    held = meeting(
        unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 10, 8), minutes_long=119,
        attendance={cell.binh: (Attendance.ABSENT, None), cell.chi: (Attendance.EXEMPT, "miễn")},
    )  # fmt: skip
    facts = score_queries.facts_of(held)
    assert (facts.present, facts.whole, facts.minutes, facts.with_thematic, facts.thematic_this_quarter) == (1, 2, 119, False, False)
    assert facts.recorded_on == dt.date(2026, 11, 24)
    meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 10, 8), kind=MeetingKind.THEMATIC)
    facts = score_queries.facts_of(held)
    assert (facts.with_thematic, facts.thematic_this_quarter) == (True, True)
    given = score_queries.read(score(hers, held, None, full(held, 0), None).points)
    assert (given["time_day"], given["time_length"], given["attendance"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("day", "counts"),
    [(dt.date(2026, 6, 30), False), (dt.date(2026, 7, 1), True), (dt.date(2026, 9, 30), True), (dt.date(2026, 10, 1), False)],
)
def test_a_theme_counts_in_its_own_quarter(cell, day, counts):
    held = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 8, 3))
    meeting(unit=cell.unit, chair_id=cell.an, held_on=day, kind=MeetingKind.THEMATIC)
    assert score_queries.facts_of(held).thematic_this_quarter is counts


def test_a_theme_of_another_cell_or_of_december_counts_where_it_belongs(cell):
    stranger = make.member(unit=cell.he)
    held = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2025, 12, 3))
    meeting(unit=cell.he, chair_id=stranger.id, held_on=dt.date(2025, 12, 3), kind=MeetingKind.THEMATIC)
    assert not score_queries.facts_of(held).thematic_this_quarter
    meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2025, 12, 31), kind=MeetingKind.THEMATIC)
    assert score_queries.facts_of(held).thematic_this_quarter


def test_a_second_scoring_edits_on_record(hers, held):
    first = score(hers, held, None, full(held), None)
    second = score(hers, held, first.version, {**full(held), "result_done": 4}, "Đường chưa xong")
    assert (second.id, second.version, second.total) == (first.id, 2, 91)
    assert [entry.deed for entry in audit.history("meeting_score", first.id)] == ["meetings.score", "meetings.score"]
    known = entries()
    again = score(hers, held, 2, {**full(held), "result_done": 4}, "Đường chưa xong")
    assert (again.version, entries()) == (2, known), "the same once more is no change"


def test_a_stale_version_is_a_conflict_that_shows_both(hers, held):
    score(hers, held, None, full(held), None)
    for version in (None, 2):
        with pytest.raises(Conflict) as told:
            score(hers, held, version, {**full(held), "result_done": "4,5"}, "khác")
        name = "Việc đã kết luận kỳ trước được thực hiện"
        assert told.value.mine == {name: "4,5", "Nhận xét": "khác"} and told.value.theirs == {name: "10", "Nhận xét": ""}
    assert [row.version for row in rows()] == [1]


def test_a_version_of_no_score_is_a_conflict(hers, held):
    with pytest.raises(Conflict, match="không còn như khi mở trang"):
        score(hers, held, 3, full(held), None)
    assert rows() == []


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        ({"weather": "1"}, "score.unknown", ""),
        ({"result_done": None}, "score.missing", "result_done"),
        ({"result_done": "-1"}, "score.negative", "result_done"),
        ({"result_done": "10,5"}, "score.above", "result_done"),
        ({"result_done": "nhiều"}, "score.no_number", "result_done"),
        ({"result_done": "9" * 400}, "score.no_number", "result_done"),
        ({"attendance": "3"}, "score.fixed", "attendance"),
    ],
)
def test_the_cell_is_refused(hers, held, sent, code, field):
    told = refused(score, hers, held, None, {**full(held), **sent}, None)
    assert [(one.code, one.field) for one in told.findings] == [(code, field)]


def test_an_edit_that_is_refused_leaves_what_stands(hers, held):
    score(hers, held, None, full(held), None)
    told = refused(score, hers, held, 1, {**full(held), "result_done": "11", "result_decided": ""}, None)
    assert {one.code for one in told.findings} == {"score.above", "score.missing"}


def test_a_remark_too_long_is_refused(hers, office, held):
    for deed, actor in ((score, hers), (rescore, office)):
        (one,) = refused(deed, actor, held, None, full(held), "đ" * 501).findings
        assert (one.code, one.field) == ("score.remark_long", "remark")


@pytest.mark.parametrize("deed", [score, rescore])
def test_a_meeting_before_the_first_sheet_is_not_scored(cell, hers, office, deed):
    old = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2025, 10, 3))
    (one,) = refused(deed, hers if deed is score else office, old, None, {}, None).findings
    assert one.code == "score.no_sheet" and "03/10/2025 chưa có bảng chấm điểm" in one.message


@pytest.mark.parametrize("deed", [score, rescore])
def test_a_meeting_of_another_cell_is_not_there(cell, actor_, held, deed):
    role, permission = (Role.SECRETARY, Permission.MEETINGS_LOG) if deed is score else (Role.ORGANISATION, Permission.MEETINGS_OVERSEE)
    other = actor_(role, cell.he, permission)
    with pytest.raises(NotVisible):
        deed(other, held, None, full(held), None)
    assert rows() == []


def test_a_secretary_cannot_rescore_her_own_meeting(cell, actor_, held):
    with pytest.raises(NotVisible):
        rescore(actor_(Role.SECRETARY, cell.unit, Permission.MEETINGS_OVERSEE), held, None, full(held), "x")


# -- the committee ----------------------------------------------------------------------------------------------------


def test_the_committee_agrees_without_a_word(hers, office, held):
    mine = score(hers, held, None, full(held), None)
    theirs = rescore(office, held, None, score_queries.read(mine.points), None)
    assert [(row.scorer, row.total) for row in rows()] == [(Scorer.CELL, 97), (Scorer.COMMITTEE, 97)]
    assert theirs.id != mine.id and mine.version == 1


def test_the_committee_says_why_it_differs(hers, office, held):
    mine = score(hers, held, None, full(held), None)
    lower = {**score_queries.read(mine.points), "result_done": 5}
    (one,) = refused(rescore, office, held, None, lower, "  ").findings
    assert (one.code, one.field) == ("score.reason", "remark")
    assert rescore(office, held, None, lower, "Đường chưa làm").total == 92
    assert rescore(office, held, 1, {**lower, "result_done": 6}, "Đã làm một nửa").version == 2


def test_the_committee_may_overrule_the_facts_with_a_reason(office, held):
    (one,) = refused(rescore, office, held, None, {**full(held), "closing_record": 3}, None).findings
    assert one.code == "score.reason"
    row = rescore(office, held, None, {**full(held), "closing_record": 3}, "Nộp bản giấy đúng hạn")
    assert row.total == 100 and score_queries.read(row.points)["closing_record"] == 3


def test_the_committee_is_bound_by_the_sheet(office, held):
    told = refused(rescore, office, held, None, {**full(held), "closing_record": "3,5", "time_day": "x"}, "lý do")
    assert {(one.code, one.field) for one in told.findings} == {("score.above", "closing_record"), ("score.no_number", "time_day")}


def test_after_a_correction_the_facts_are_judged_anew(hers, held, cell):
    score(hers, held, None, full(held), None)
    meetings.correct(SYSTEM, held, held.version, minutes_long=60)
    row = score(hers, held, 1, full(held), None)
    assert score_queries.read(row.points)["time_length"] == 0 and row.total == 95
