"""The board, the strip, what is due and late, waived months, quarters, and target 21e."""

import datetime as dt
import random

import pytest

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.meetings import board_queries as board
from partyreg.meetings import waiver_actions, waiver_queries
from partyreg.meetings.models import Attendance, MeetingKind
from partyreg.members import actions as members
from partyreg.members.models import Body, Person, Title
from partyreg.org import actions as org
from tests import make
from tests.make.meetings import meeting

READER = access.system("test").using(Permission.MEETINGS_READ)
OVERSEER = access.system("test").using(Permission.MEETINGS_OVERSEE)
TODAY = dt.date(2026, 11, 24)
A = Attendance.ABSENT


@pytest.fixture
def hers(cell, actor_):
    return actor_(Role.SECRETARY, cell.unit, Permission.MEETINGS_READ)


def held(cell, *days: dt.date, kind=MeetingKind.REGULAR, **facts) -> None:
    for day in days:
        meeting(unit=cell.unit, chair_id=cell.an, held_on=day, kind=kind, **facts)


def row_of(code: str, year: int = 2026, on: dt.date = TODAY) -> board.BoardRow:
    return next(row for row in board.board(READER, year, on) if row.code == code)


def quarters(row: board.BoardRow) -> str:
    return " ".join(quarter.state for quarter in row.quarters)


def states(row: board.BoardRow) -> list[str]:
    return [month.state for month in row.months]


def test_the_board_tells_held_late_missing_due_and_none(cell):
    held(cell, dt.date(2026, 1, 3), dt.date(2026, 2, 7), dt.date(2026, 3, 8))
    rows = {row.code: row for row in board.board(READER, 2026, TODAY)}
    assert states(rows["cb-bon"]) == ["held", "held", "late", *["missing"] * 7, "due", "none"]
    assert (rows["cb-bon"].kept, rows["cb-bon"].owed) == (3, 10)
    assert states(rows["cb-he"])[:3] == ["missing"] * 3
    assert rows["cb-bon"].months[0].held_on == dt.date(2026, 1, 3)


def test_a_month_is_missing_only_when_it_has_ended(cell):
    (row,) = [row for row in board.board(READER, 2026, dt.date(2026, 3, 31)) if row.code == "cb-bon"]
    assert states(row)[1:4] == ["missing", "due", "none"]
    assert row.owed == 3


def test_late_is_a_matter_of_the_law_of_that_day(cell):
    assert not board.is_late(dt.date(2025, 6, 20))
    assert board.is_late(dt.date(2025, 8, 8)) and not board.is_late(dt.date(2025, 8, 7))


def test_only_regular_meetings_make_the_rhythm(cell):
    held(cell, dt.date(2026, 1, 3), kind=MeetingKind.THEMATIC)
    held(cell, dt.date(2026, 2, 3), kind=MeetingKind.EXTRAORDINARY)
    (row,) = [row for row in board.board(READER, 2026, TODAY) if row.code == "cb-bon"]
    assert states(row)[:2] == ["missing", "missing"]


def test_months_before_founding_and_after_the_end_are_not_owed(commune):
    young = make.unit(parent=commune.root, code="cb-moi", founded_on=dt.date(2026, 2, 2))
    ended = make.unit(parent=commune.root, code="cb-cu")
    gone = make.unit(parent=commune.root, code="cb-xua")
    org.dissolve(access.system("test"), ended, dt.date(2026, 3, 15))
    org.dissolve(access.system("test"), gone, dt.date(2025, 12, 31))
    rows = {row.code: row for row in board.board(READER, 2026, TODAY)}
    assert states(rows["cb-moi"])[:3] == ["none", "none", "missing"] and rows["cb-moi"].owed == 8
    assert states(rows["cb-cu"])[:4] == ["missing", "missing", "none", "none"] and rows["cb-cu"].owed == 2
    assert "cb-xua" not in rows
    assert board.year_strip(READER, gone, 2026, TODAY) == ()
    assert [month.state for month in board.year_strip(READER, young, 2026, TODAY)] == states(rows["cb-moi"])


def test_the_board_takes_as_many_statements_for_thirty_cells(commune, counting):
    with counting() as few:
        board.board(READER, 2026, TODAY)
    for _number in range(28):
        make.unit(parent=commune.root)
    with counting() as many:
        assert len(board.board(READER, 2026, TODAY)) == 30
    assert len(few) == len(many) == 3


# -- target 21e -------------------------------------------------------------------------------------------------------


def measure(year: int, on: dt.date, unit=None):
    part, whole, missing = board.cells_keeping(READER, year, on, unit)
    return set(db.session.scalars(part)), set(db.session.scalars(whole)), missing


def test_a_cell_keeps_its_meetings_when_no_owed_month_lacks_one(cell):
    held(cell, *(dt.date(2026, month, 3) for month in range(1, 11)))
    assert measure(2026, TODAY) == ({cell.unit.id}, {cell.unit.id, cell.he.id}, [])
    assert measure(2026, dt.date(2026, 11, 30))[0] == set()  # November has ended without one
    assert measure(2026, TODAY, cell.he) == (set(), {cell.he.id}, ["Sổ chưa ghi buổi sinh hoạt định kỳ nào của năm 2026."])


def test_the_running_month_is_not_judged(cell):
    held(cell, dt.date(2026, 1, 3))
    assert measure(2026, dt.date(2026, 2, 27))[0] == {cell.unit.id}
    assert measure(2026, dt.date(2026, 2, 28))[0] == set()


def test_where_nothing_is_owed_yet_the_figure_is_unknown(cell):
    part, whole, missing = measure(2026, dt.date(2026, 1, 30))
    assert (part, whole) == (set(), set()) and missing
    assert measure(2020, dt.date(2020, 12, 31))[2] == ["Sổ chưa ghi buổi sinh hoạt định kỳ nào của năm 2020."]


def test_what_is_due_this_month(cell):
    assert {one.code: one.is_overdue for one in board.due(READER, dt.date(2026, 11, 7))} == {"cb-bon": False, "cb-he": False}
    held(cell, dt.date(2026, 11, 3))
    found = board.due(READER, TODAY)
    assert [(one.code, one.month, one.year, one.is_overdue) for one in found] == [("cb-he", 11, 2026, True)]


def test_a_cell_founded_this_month_owes_nothing(commune):
    make.unit(parent=commune.root, code="cb-moi", founded_on=dt.date(2026, 11, 2))
    assert "cb-moi" not in {one.code for one in board.due(READER, TODAY)}


def test_a_secretary_sees_the_board_of_her_own_cell_only(cell, hers):
    waiver_actions.waive(OVERSEER, cell.he, 2026, 11, "Bản bị lũ chia cắt")
    assert [row.code for row in board.board(hers, 2026, TODAY)] == ["cb-bon"]
    assert [one.code for one in board.due(hers, TODAY)] == ["cb-bon"]
    _part, whole, _missing = board.cells_keeping(hers, 2026, TODAY)
    assert db.session.scalars(whole).all() == [cell.unit.id]
    assert waiver_queries.waivers(hers, 2026) == []
    assert [one.code for one in board.late_cells(hers, 2026, 11, TODAY)] == ["cb-bon"]


# -- quorum -----------------------------------------------------------------------------------------------------------


def test_a_meeting_without_quorum_is_marked_and_still_keeps_its_month(cell):
    held(cell, dt.date(2026, 1, 3), attendance={cell.binh: (A, None), cell.chi: (A, None)})
    held(cell, dt.date(2026, 2, 20), attendance={cell.binh: (A, None), cell.chi: (A, None)})
    held(cell, dt.date(2026, 3, 20), attendance={cell.chi: (A, None)})
    row = row_of("cb-bon")
    assert states(row)[:3] == ["quorum", "quorum", "late"] and row.kept == 3
    assert [month.is_late for month in row.months[:3]] == [False, True, True]
    assert row.has("quorum") and row.has("late") and row.has("missing") and not row.has("waived")
    assert measure(2026, dt.date(2026, 3, 31))[0] == {cell.unit.id}


def test_only_those_who_count_make_the_quorum(cell):
    """Two of three are away for a time: they count only when they come, so the one who is there is enough."""
    for one in (cell.binh, cell.chi):
        away = db.session.get_one(members.Member, one)
        members.post_temporarily(access.system("test"), away, to=cell.he, on=dt.date(2026, 1, 1))
    held(cell, dt.date(2026, 1, 3))
    assert row_of("cb-bon").months[0].state == "held"


def test_the_first_regular_meeting_of_a_month_stands_for_it(cell):
    held(cell, dt.date(2026, 1, 20), dt.date(2026, 1, 5))
    assert row_of("cb-bon").months[0].held_on == dt.date(2026, 1, 5)


# -- waived months ----------------------------------------------------------------------------------------------------


def test_a_waived_month_is_not_owed(cell):
    held(cell, *(dt.date(2026, month, 3) for month in (*range(1, 9), 10)))
    assert measure(2026, TODAY)[0] == set()
    made = waiver_actions.waive(OVERSEER, cell.unit, 2026, 9, "Bản bị lũ chia cắt cả tháng")
    row = row_of("cb-bon")
    assert (row.months[8].state, row.months[8].waiver_id, row.months[8].is_owed) == ("waived", made.id, False)
    assert (row.kept, row.owed) == (9, 9) and row.has("waived") and not row.has("missing")
    assert measure(2026, TODAY)[0] == {cell.unit.id}
    assert board.totals([row])[8] == board.Total(9, 0, 0)


def test_a_meeting_in_a_waived_month_is_shown_and_counts_for_nothing(cell):
    waiver_actions.waive(OVERSEER, cell.unit, 2026, 9, "Bản bị lũ chia cắt cả tháng")
    held(cell, dt.date(2026, 9, 28))
    row = row_of("cb-bon")
    assert row.months[8].state == "late" and row.months[8].waiver_id is not None
    assert (row.kept, row.owed) == (0, 9) and row.has("waived")


def test_what_is_waived_is_not_due_and_not_late(cell):
    waiver_actions.waive(OVERSEER, cell.unit, 2026, 11, "Đang làm thủ tục sáp nhập")
    assert {one.code for one in board.due(READER, TODAY)} == {"cb-he"}
    assert [one.code for one in board.late_cells(READER, 2026, 11, TODAY)] == ["cb-he"]
    (line,) = waiver_queries.waivers(READER, 2026)
    assert (line.unit_code, line.year, line.month, line.reason) == ("cb-bon", 2026, 11, "Đang làm thủ tục sáp nhập")
    assert waiver_queries.waivers(READER, 2025) == waiver_queries.waivers(READER, 2026, cell.he) == []
    assert waiver_queries.waivers(READER, 2026, cell.unit) == [line]


def test_a_waiver_outlived_by_the_cell_means_nothing(cell):
    young = make.unit(parent=cell.root, code="cb-cu")
    waiver_actions.waive(OVERSEER, young, 2026, 11, "Đang làm thủ tục sáp nhập")
    org.dissolve(access.system("test"), young, dt.date(2026, 11, 20))
    month = row_of("cb-cu").months[10]
    assert (month.state, month.waiver_id) == ("none", None)


# -- quarters ---------------------------------------------------------------------------------------------------------


def test_each_quarter_lacks_or_has_its_thematic_meeting(cell):
    held(cell, dt.date(2026, 3, 31), dt.date(2026, 2, 10), dt.date(2026, 7, 1), kind=MeetingKind.THEMATIC)
    row = row_of("cb-bon")
    assert quarters(row) == "held missing held due"
    assert row.quarters[0].held_on == dt.date(2026, 2, 10) and row.quarters[1].meeting_id is None
    assert quarters(row_of("cb-bon", on=dt.date(2026, 9, 30))) == "held missing held none"
    assert quarters(row_of("cb-he", on=dt.date(2026, 6, 30))) == "missing due none none"
    assert quarters(row_of("cb-bon", 2017, TODAY)) == "none none none none"


def test_a_quarter_not_lived_through_or_wholly_waived_owes_no_thematic_meeting(cell):
    make.unit(parent=cell.root, code="cb-moi", founded_on=dt.date(2026, 4, 2))
    for month in (1, 2, 3, 4):
        waiver_actions.waive(OVERSEER, cell.he, 2026, month, "Bản di dời tránh lũ")
    assert quarters(row_of("cb-moi")) == "none none missing due"
    assert quarters(row_of("cb-he")) == "none missing missing due"


# -- who is late ------------------------------------------------------------------------------------------------------


def test_who_is_late(cell):
    person = db.session.get_one(Person, make.member(unit=cell.he, full_name="Vì Thị Thư").id)
    members.appoint(access.system("test"), person, unit=cell.he, body=Body.CELL_COMMITTEE, title=Title.SECRETARY, on=dt.date(2020, 1, 1))
    make.unit(parent=cell.root, code="cb-na", name="Chi bộ bản Nà")
    held(cell, dt.date(2026, 11, 3))
    assert board.late_cells(READER, 2026, 11, dt.date(2026, 11, 7)) == []
    assert board.late_cells(READER, 2026, 12, TODAY) == []
    found = {one.code: one.secretary for one in board.late_cells(READER, 2026, 11, dt.date(2026, 11, 8))}
    assert found == {"cb-he": "Vì Thị Thư", "cb-na": None}
    assert len(board.late_cells(READER, 2026, 10, TODAY)) == 3


def test_before_a_day_was_named_a_cell_is_late_when_the_month_is_over(cell):
    assert board.late_cells(READER, 2025, 6, dt.date(2025, 6, 30)) == []
    assert len(board.late_cells(READER, 2025, 6, dt.date(2025, 7, 1))) == 2


def test_statements_do_not_grow_with_the_cells(cell, counting):
    def asked() -> list[int]:
        found = []
        for question in (
            lambda: board.due(READER, TODAY), lambda: board.late_cells(READER, 2026, 10, TODAY),
            lambda: waiver_queries.waivers(READER, 2026),
            lambda: board.cells_keeping(READER, 2026, TODAY), lambda: board.year_of(READER, cell.unit, 2026, TODAY),
        ):  # fmt: skip
            with counting() as count:
                question()
            found.append(len(count))
        return found

    asked()  # the cell itself is read once
    few = asked()
    for number in range(30):
        unit = make.unit(parent=cell.root)
        waiver_actions.waive(OVERSEER, unit, 2026, 1 + number % 9, "Bản bị lũ chia cắt")
    assert asked() == few == [3, 4, 1, 3, 3]


def test_totals_add_up_the_months(cell):
    held(cell, dt.date(2026, 1, 3), dt.date(2026, 11, 3))
    found = board.totals(board.board(READER, 2026, TODAY))
    assert found[0] == board.Total(1, 1, 2) and found[10] == board.Total(11, 1, 2) and found[11] == board.Total(12, 0, 0)


# -- for any lives and waivers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_owed_waived_and_unlived_months_are_all_months_and_board_target_and_due_agree(commune, seed):
    """Whatever lives cells lead, and whatever is waived: the three kinds of months part the year, and no page contradicts another."""
    dice = random.Random(seed)
    system = access.system("test")
    for number in range(5):
        day = dt.date(2026, 1, 1) + dt.timedelta(days=dice.randrange(-200, 300))
        unit = make.unit(parent=commune.root, code=f"cb-{seed}-{number}", founded_on=day)
        chair = make.member(unit=unit, full_name="Lò Văn Trì", ceremony_on=day, full_on=day + dt.timedelta(days=1)).id
        for month in range(1, 13):
            try:
                if dice.random() < 0.3:
                    waiver_actions.waive(OVERSEER, unit, 2026, month, "Bản bị lũ chia cắt")
                elif dice.random() < 0.6:
                    meeting(unit=unit, chair_id=chair, held_on=dt.date(2026, month, dice.randrange(1, 29)))
            except waiver_actions.RuleBroken:
                continue  # a month not lived through, or to come
        if dice.random() < 0.5:
            org.dissolve(system, unit, max(day, dt.date(2026, 1, 1)) + dt.timedelta(days=dice.randrange(1, 330)))
    rows = board.board(READER, 2026, TODAY)
    for row in rows:
        unit = db.session.get_one(org.Unit, row.unit_id)
        days = [dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(365)]
        lived = {m for m in range(1, 13) if all(unit.lives_on(day) for day in days if day.month == m)}
        owed = {month.number for month in row.months if month.is_owed}
        waived = {month.number for month in row.months if month.waiver_id is not None}
        assert owed | waived == lived and not owed & waived
        assert row.owed == len({number for number in owed if number <= 10}) and 0 <= row.kept <= row.owed
        assert {month.state for month in row.months if month.number not in lived and month.meeting_id is None} <= {"none"}
    part, whole, _missing = measure(2026, TODAY)
    assert part <= whole == {row.unit_id for row in rows if row.owed}
    assert {one.unit_id for one in board.due(READER, TODAY)} == {row.unit_id for row in rows if row.months[10].state == "due"}
    late = {one.unit_id for one in board.late_cells(READER, 2026, 9, TODAY)}
    assert late == {row.unit_id for row in rows if row.months[8].state == "missing"}


def test_a_cell_that_ended_since_is_not_reminded(cell, commune):
    gone = make.unit(code="cb-cu", name="Chi bộ bản Cũ", parent=commune.root)
    org.dissolve(access.system("test"), gone, dt.date(2026, 11, 10))
    assert "cb-cu" not in [one.code for one in board.late_cells(READER, 2026, 10, TODAY)]
    assert "cb-cu" in [one.code for one in board.late_cells(READER, 2026, 10, dt.date(2026, 11, 9))]
