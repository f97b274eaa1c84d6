"""The board, the strip, what is due, target 21e, lists and one meeting."""

import datetime as dt

import pytest

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.errors import NotVisible
from partyreg.meetings import queries
from partyreg.meetings.models import Attendance, MeetingKind
from partyreg.org import actions as org
from tests import make
from tests.make.meetings import SYSTEM, meeting

READER = access.system("test").using(Permission.MEETINGS_READ)
TODAY = dt.date(2026, 11, 24)
P, E, A, X = Attendance.PRESENT, Attendance.EXCUSED, Attendance.ABSENT, Attendance.EXEMPT


@pytest.fixture
def hers(cell, actor_):
    return actor_(Role.SECRETARY, cell.unit, Permission.MEETINGS_READ)


def held(cell, *days: dt.date, kind=MeetingKind.REGULAR) -> None:
    for day in days:
        meeting(unit=cell.unit, chair_id=cell.an, held_on=day, kind=kind)


def states(row: queries.BoardRow) -> list[str]:
    return [month.state for month in row.months]


def test_the_board_tells_held_late_missing_due_and_none(cell):
    held(cell, dt.date(2026, 1, 3), dt.date(2026, 2, 7), dt.date(2026, 3, 8))
    rows = {row.code: row for row in queries.board(READER, 2026, TODAY)}
    assert states(rows["cb-bon"]) == ["held", "held", "late", *["missing"] * 7, "due", "none"]
    assert (rows["cb-bon"].kept, rows["cb-bon"].owed) == (3, 10)
    assert states(rows["cb-he"])[:3] == ["missing"] * 3
    assert rows["cb-bon"].months[0].held_on == dt.date(2026, 1, 3)


def test_a_month_is_missing_only_when_it_has_ended(cell):
    (row,) = [row for row in queries.board(READER, 2026, dt.date(2026, 3, 31)) if row.code == "cb-bon"]
    assert states(row)[1:4] == ["missing", "due", "none"]
    assert row.owed == 3


def test_late_is_a_matter_of_the_law_of_that_day(cell):
    assert not queries.is_late(dt.date(2025, 6, 20))
    assert queries.is_late(dt.date(2025, 8, 8)) and not queries.is_late(dt.date(2025, 8, 7))


def test_only_regular_meetings_make_the_rhythm(cell):
    held(cell, dt.date(2026, 1, 3), kind=MeetingKind.THEMATIC)
    held(cell, dt.date(2026, 2, 3), kind=MeetingKind.EXTRAORDINARY)
    (row,) = [row for row in queries.board(READER, 2026, TODAY) if row.code == "cb-bon"]
    assert states(row)[:2] == ["missing", "missing"]


def test_months_before_founding_and_after_the_end_are_not_owed(commune):
    young = make.unit(parent=commune.root, code="cb-moi", founded_on=dt.date(2026, 2, 2))
    ended = make.unit(parent=commune.root, code="cb-cu")
    gone = make.unit(parent=commune.root, code="cb-xua")
    org.dissolve(access.system("test"), ended, dt.date(2026, 3, 15))
    org.dissolve(access.system("test"), gone, dt.date(2025, 12, 31))
    rows = {row.code: row for row in queries.board(READER, 2026, TODAY)}
    assert states(rows["cb-moi"])[:3] == ["none", "none", "missing"] and rows["cb-moi"].owed == 8
    assert states(rows["cb-cu"])[:4] == ["missing", "missing", "none", "none"] and rows["cb-cu"].owed == 2
    assert "cb-xua" not in rows
    assert queries.year_strip(READER, gone, 2026, TODAY) == ()
    assert [month.state for month in queries.year_strip(READER, young, 2026, TODAY)] == states(rows["cb-moi"])


def test_a_secretary_sees_her_own_cell_only(cell, hers):
    stranger = make.member(unit=cell.he)
    other = meeting(unit=cell.he, chair_id=stranger.id)
    held(cell, dt.date(2026, 10, 3))
    assert [row.code for row in queries.board(hers, 2026, TODAY)] == ["cb-bon"]
    assert queries.count(hers, 2026) == 1 and [line.unit_code for line in queries.listing(hers, 2026)] == ["cb-bon"]
    assert [one.code for one in queries.due(hers, TODAY)] == ["cb-bon"]
    _part, whole, _missing = queries.cells_keeping(hers, 2026, TODAY)
    assert db.session.scalars(whole).all() == [cell.unit.id]
    assert queries.standing(hers, cell.he, MeetingKind.REGULAR, other.held_on) is None
    for question in (queries.one, queries.row):
        with pytest.raises(NotVisible):
            question(hers, other.id)


def test_the_board_takes_as_many_statements_for_thirty_cells(commune, counting):
    with counting() as few:
        queries.board(READER, 2026, TODAY)
    for _number in range(28):
        make.unit(parent=commune.root)
    with counting() as many:
        assert len(queries.board(READER, 2026, TODAY)) == 30
    assert len(few) == len(many) == 2


# -- target 21e -------------------------------------------------------------------------------------------------------


def measure(year: int, on: dt.date, unit=None):
    part, whole, missing = queries.cells_keeping(READER, year, on, unit)
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


# -- due, lists, one --------------------------------------------------------------------------------------------------


def test_what_is_due_this_month(cell):
    assert {one.code: one.is_overdue for one in queries.due(READER, dt.date(2026, 11, 7))} == {"cb-bon": False, "cb-he": False}
    held(cell, dt.date(2026, 11, 3))
    found = queries.due(READER, TODAY)
    assert [(one.code, one.month, one.year, one.is_overdue) for one in found] == [("cb-he", 11, 2026, True)]


def test_a_cell_founded_this_month_owes_nothing(commune):
    make.unit(parent=commune.root, code="cb-moi", founded_on=dt.date(2026, 11, 2))
    assert "cb-moi" not in {one.code for one in queries.due(READER, TODAY)}


def test_the_list_counts_who_was_there(cell, counting):
    meeting(unit=cell.unit, chair_id=cell.an, attendance={cell.binh: (X, None), cell.chi: (E, "Ốm")}, topic="Nước sạch")
    held(cell, dt.date(2026, 10, 3), dt.date(2025, 12, 3))
    with counting() as asked:
        first, second = queries.listing(READER, 2026)
    assert len(asked) == 1
    assert (first.present, first.whole, first.topic, first.held_on) == (1, 2, "Nước sạch", dt.date(2026, 11, 3))
    assert (second.present, second.whole) == (3, 3)
    assert queries.count(READER, 2026, cell.unit) == 2 and queries.count(READER, 2026, cell.he) == 0
    assert [line.held_on.month for line in queries.listing(READER, 2026, cell.unit, limit=1, offset=1)] == [10]


def test_one_meeting_with_its_quorum(cell, counting):
    logged = meeting(unit=cell.unit, chair_id=cell.an, minute_taker_id=cell.binh, attendance={cell.chi: (A, None)}, minutes_long=95)
    held(cell, dt.date(2026, 11, 3), kind=MeetingKind.THEMATIC)
    with counting() as asked:
        page = queries.one(READER, logged.id)
    assert len(asked) == 2
    assert (page.chair, page.minute_taker, page.unit_code, page.has_thematic) == ("Lò Văn An", "Lò Thị Bình", "cb-bon", True)
    assert (page.present, page.whole, page.quorum) == (2, 3, "2/3")
    assert [one.name for one in page.attendance] == ["Lò Văn An", "Lò Thị Bình", "Cà Văn Chi"]


def test_statements_for_a_page_do_not_grow_with_the_roll(cell, counting):
    small = meeting(unit=cell.unit, chair_id=cell.an)
    with counting() as three:
        queries.one(READER, small.id)
    for number in range(27):
        make.member(unit=cell.unit, full_name=f"Lò Văn {number}")
    large = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 10, 3))
    with counting() as thirty:
        assert len(queries.one(READER, large.id).attendance) == 30
    assert len(three) == len(thirty)


def test_the_roll_with_its_defaults(cell):
    found = queries.expected(SYSTEM, cell.unit, TODAY)
    assert [(one.name, one.default.attendance.value, one.is_counted(P)) for one in found] == [
        ("Lò Văn An", "present", True), ("Lò Thị Bình", "present", True), ("Cà Văn Chi", "present", True),
    ]  # fmt: skip
