"""Lists of meetings, one meeting, a member's year, and the roll with its defaults."""

import datetime as dt

import pytest

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.errors import NotVisible
from partyreg.meetings import queries
from partyreg.meetings.models import Attendance, MeetingKind
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


def test_a_secretary_sees_her_own_cell_only(cell, hers):
    stranger = make.member(unit=cell.he)
    other = meeting(unit=cell.he, chair_id=stranger.id)
    held(cell, dt.date(2026, 10, 3))
    assert queries.count(hers, 2026) == 1 and [line.unit_code for line in queries.listing(hers, 2026)] == ["cb-bon"]
    assert queries.standing(hers, cell.he, MeetingKind.REGULAR, other.held_on) is None
    for question in (queries.one, queries.row):
        with pytest.raises(NotVisible):
            question(hers, other.id)


# -- lists, one meeting -----------------------------------------------------------------------------------------------


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
