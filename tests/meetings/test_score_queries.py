"""The year of scores: which counts, the average and its band, what is not scored, and the change; in two statements."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.meetings import score_queries, waiver_actions
from partyreg.meetings.models import MeetingKind
from partyreg.meetings.score_actions import rescore, score
from partyreg.rulebook.meeting import ScoreBand
from tests import make
from tests.make.meetings import SYSTEM, meeting

TODAY = dt.date(2026, 11, 24)
READER = access.system("test").using(Permission.MEETINGS_READ)
OFFICE = access.system("test").using(Permission.MEETINGS_OVERSEE)


def scored(cell, day: dt.date, less: int = 0, kind: MeetingKind = MeetingKind.REGULAR, committee_less: int | None = None) -> int:
    """A meeting of that day to which people gave all their points but `less`; its total is what the facts earn beside them."""
    held = meeting(unit=cell.unit, chair_id=cell.an, held_on=day, kind=kind, minutes_long=90)
    sheet = score_queries.sheet_of_day(day)
    assert sheet is not None
    points = {line.key: line.maximum for line in sheet.lines if not line.fact or line.key == "preparation_papers"}
    if kind is not MeetingKind.REGULAR:
        points |= {"time_day": Decimal(3), "time_length": Decimal(2)}
    score(SYSTEM, held, None, {**points, "result_done": 10 - less}, None)
    if committee_less is not None:
        rescore(OFFICE, held, None, {**points, "result_done": 10 - committee_less}, "Kiểm tra")
    return held.id


def of(code: str, year: int = 2026, actor=READER) -> score_queries.CellYear:
    return {row.code: row for row in score_queries.year(actor, year, TODAY)}[code]


def test_the_committees_score_counts_where_there_is_one(cell):
    own = scored(cell, dt.date(2026, 9, 3), less=1)
    both = scored(cell, dt.date(2026, 10, 3), less=1, committee_less=9)
    row = of("cb-bon")
    # recorded late (-3); September's quarter ended without a theme (-5)
    assert [(mark.meeting_id, mark.total, mark.by_committee) for mark in row.marks] == [(own, 91, False), (both, 88, True)]
    assert [mark.band for mark in row.marks] == [ScoreBand.GOOD, ScoreBand.FAIR]
    assert (row.average, row.band) == (Decimal("89.50"), ScoreBand.FAIR)
    assert row.months[8:] == [91, 88, None, None] and row.months[:8] == [None] * 8
    assert (row.before, row.change) == (None, None)


def test_a_month_with_two_meetings_has_their_average(cell):
    scored(cell, dt.date(2026, 11, 3))
    scored(cell, dt.date(2026, 11, 10), less=3, kind=MeetingKind.THEMATIC)
    assert of("cb-bon").months[10] == Decimal("95.50")


def test_what_is_not_scored_is_counted_once_a_sheet_was_in_force(cell):
    first = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2025, 11, 3))
    meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2025, 10, 3))
    theme = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2025, 12, 9), kind=MeetingKind.THEMATIC)
    meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2025, 12, 10), kind=MeetingKind.EXTRAORDINARY)
    row = of("cb-bon", 2025)
    assert row.unscored == ((first.id, dt.date(2025, 11, 3)), (theme.id, dt.date(2025, 12, 9)))
    assert (row.marks, row.average, row.band, row.change) == ((), None, None, None)
    assert of("cb-he", 2025).unscored == ()


def test_an_extraordinary_meeting_counts_once_it_is_scored(cell):
    scored(cell, dt.date(2026, 11, 12), kind=MeetingKind.EXTRAORDINARY)
    assert len(of("cb-bon").marks) == 1


def test_the_change_is_against_the_year_before(cell):
    scored(cell, dt.date(2025, 12, 3), less=4)
    scored(cell, dt.date(2026, 11, 3))
    row = of("cb-bon")
    assert (row.before, row.average, row.change) == (Decimal("88.00"), Decimal("97.00"), Decimal("9.00"))
    assert len(row.marks) == 1 and of("cb-bon", 2025).average == Decimal("88.00")


def test_a_secretary_sees_her_own_cell_only(cell, actor_):
    stranger = make.member(unit=cell.he)
    meeting(unit=cell.he, chair_id=stranger.id)
    hers = actor_(Role.SECRETARY, cell.unit, Permission.MEETINGS_READ)
    assert [row.code for row in score_queries.year(hers, 2026, TODAY)] == ["cb-bon"]


def test_cells_that_did_not_live_in_the_year_are_left_out(cell):
    make.unit(parent=cell.root, code="cb-moi", name="Chi bộ mới", founded_on=dt.date(2026, 2, 2))
    assert "cb-moi" not in {row.code for row in score_queries.year(READER, 2025, TODAY)}
    assert "cb-moi" in {row.code for row in score_queries.year(READER, 2026, TODAY)}


def test_a_year_is_two_statements_however_many_meetings(cell, counting):
    counts = []
    for months in ((9,), (3, 4, 5, 6, 7, 8)):
        for month in months:
            scored(cell, dt.date(2026, month, 3), less=month, committee_less=1)
        db.session.flush()
        with counting() as count:
            score_queries.year(READER, 2026, TODAY)
        counts.append(len(count))
    assert counts == [2, 2]


def test_an_average_is_rounded_half_up():
    assert score_queries.mean([]) is None
    assert score_queries.mean([Decimal("0.01"), Decimal(0)]) == Decimal("0.01")


def test_the_bands_of_a_day():
    rule, cite = score_queries.bands(TODAY)
    assert [(int(least), band.value) for least, band in rule] == [(90, "good"), (70, "fair"), (50, "average"), (0, "poor")]
    assert cite.startswith("42-HD/BTCTW")
    assert score_queries.bands(dt.date(2015, 1, 1)) == ([], "")


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_its_quarter(cell, month):
    held = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2025, month, 3))
    assert score_queries.facts_of(held).held_on.month == month


def test_a_cell_that_owes_no_thematic_meeting_is_not_marked_down_for_it(cell, commune):
    young = make.unit(code="cb-moi", name="Chi bộ bản Mới", parent=commune.root, founded_on=dt.date(2026, 8, 10))
    chair = make.member(unit=young, full_name="Lò Văn Mới", posted_on=dt.date(2026, 8, 10))
    september = meeting(unit=young, chair_id=chair.id, held_on=dt.date(2026, 9, 3))
    assert score_queries.facts_of(september).owes_thematic is False, "it did not live through the whole quarter"
    old = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 9, 3))
    assert score_queries.facts_of(old).owes_thematic is True
    for month in (7, 8):
        waiver_actions.waive(OFFICE, cell.unit, 2026, month, "Bản bị lũ chia cắt")
    assert score_queries.facts_of(old).owes_thematic is True
