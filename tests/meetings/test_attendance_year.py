"""A member's year of meetings and a cell's list: the same figures, the law's aim, and nobody of another cell."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partyreg import access, clock
from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.i18n import fmt_percent
from partyreg.meetings import attendance_queries as queries
from partyreg.meetings.models import Attendance, MeetingKind
from partyreg.members import actions as members
from partyreg.members.models import AbeyanceKind, Exit, Member
from partyreg.org import actions as org
from partyreg.rulebook.meeting_year import YearCounts
from tests import make
from tests.make.meetings import meeting

READER = access.system("test").using(Permission.MEETINGS_READ)
ROOT = access.system("test")
E, A, X = (Attendance.EXCUSED, "Ốm"), (Attendance.ABSENT, None), (Attendance.EXEMPT, "Miễn")


def held(cell, *marks, unit=None, year=2026, chair_id=None):
    """One regular meeting a month from January on; each mark is what is noted of Chi."""
    for month, mark in enumerate(marks, start=1):
        attendance = {cell.chi: mark} if mark else None
        meeting(unit=unit or cell.unit, chair_id=chair_id or cell.an, held_on=dt.date(year, month, 3), attendance=attendance)


def line(cell, member_id, year=2026):
    return next(one for one in queries.attendance_of_year(READER, cell.unit, year) if one.member_id == member_id)


def test_every_status_is_counted_and_compared_with_the_aim(cell):
    held(cell, *[None] * 8, E, X, A)
    chi, an = line(cell, cell.chi), line(cell, cell.an)
    assert chi.counts == YearCounts(present=8, excused=1, absent=1, exempt=1)
    assert (chi.percent, chi.is_under) == (80, True)
    assert chi.finding is not None and chi.finding.cite is not None and "42-HD/BTCTW" in chi.finding.cite.text
    assert (an.percent, an.is_under, an.counts.whole) == (100, False, 11)


def test_nine_of_ten_is_enough_and_the_exempt_leave_the_base(cell):
    held(cell, *[None] * 9, A, X)
    assert (line(cell, cell.chi).percent, line(cell, cell.chi).is_under) == (90, False)


def test_those_under_the_aim_stand_first_then_by_given_name(cell):
    held(cell, None, A)
    found = queries.attendance_of_year(READER, cell.unit, 2026)
    assert [one.name for one in found] == ["Cà Văn Chi", "Lò Văn An", "Lò Thị Bình"]


def test_a_year_without_meetings_shows_the_roll_and_judges_nobody(cell):
    found = queries.attendance_of_year(READER, cell.unit, 2026)
    assert [(one.counts.whole, one.percent, one.finding) for one in found] == [(0, None, None)] * 3
    assert queries.year_of_member(READER, cell.chi, 2026) == []


def test_before_the_aim_was_set_nobody_is_judged(cell):
    held(cell, A, A, year=2024)
    assert (line(cell, cell.chi, 2024).percent, line(cell, cell.chi, 2024).finding) == (0, None)
    assert line(cell, cell.chi).counts.whole == 0, "another year"


def test_who_left_and_who_is_there_for_a_time_are_listed_and_said_to_be(cell):
    guest = make.member(unit=cell.he, full_name="Vàng A Khách")
    members.post_temporarily(ROOT, guest, to=cell.unit, on=dt.date(2026, 2, 1))
    held(cell, None, None, None)
    members.leave(ROOT, db.session.get_one(Member, cell.chi), exit=Exit.MOVED_AWAY, on=dt.date(2026, 5, 1))
    found = {one.member_id: one for one in queries.attendance_of_year(READER, cell.unit, 2026)}
    assert (found[cell.chi].is_on_roll, found[guest.id].is_guest, found[cell.an].is_guest) == (False, True, False)
    assert [queries.note(found[one]) for one in (cell.chi, guest.id, cell.an)] == [
        "không còn trong danh sách chi bộ", "sinh hoạt tạm thời tại chi bộ", "",
    ]  # fmt: skip
    assert found[guest.id].counts.present == 2


def test_absences_while_away_in_another_cell_leave_the_base(cell):
    chair = make.member(unit=cell.he, full_name="Vàng A Chủ")
    members.post_temporarily(ROOT, db.session.get_one(Member, cell.chi), to=cell.he, on=dt.date(2026, 2, 1))
    held(cell, None, None, None)
    for month, mark in ((2, None), (3, A)):
        attendance = {cell.chi: mark} if mark else None
        meeting(unit=cell.he, chair_id=chair.id, held_on=dt.date(2026, month, 3), attendance=attendance)
    home, away = queries.year_of_member(READER, cell.chi, 2026)
    assert (home.name, home.counts) == ("Chi bộ bản Bon", YearCounts(present=1, elsewhere=2))
    assert (away.name, away.counts) == ("Chi bộ bản Hé", YearCounts(present=1, absent=1))
    assert home.finding is not None and home.finding.severity == "ok" and away.finding is not None and away.finding.severity == "warn"
    assert line(cell, cell.chi).counts == home.counts
    assert [mark.is_elsewhere for mark in home.marks] == [False, True, True] and len(home.in_month(2)) == 1


def test_an_ended_cell_keeps_its_list(cell):
    held(cell, None, A)
    for member_id in (cell.an, cell.binh, cell.chi):
        members.transfer(ROOT, db.session.get_one(Member, member_id), to=cell.he, on=dt.date(2026, 6, 1))
    org.dissolve(ROOT, cell.unit, dt.date(2026, 6, 1))
    found = queries.attendance_of_year(READER, cell.unit, 2026)
    assert len(found) == 3 and found[0].is_under


def test_a_secretary_sees_nothing_of_another_cell_and_a_member_only_herself(cell, actor_):
    stranger = make.member(unit=cell.he)
    meeting(unit=cell.he, chair_id=stranger.id)
    held(cell, None, A)
    hers = actor_(Role.SECRETARY, cell.unit, Permission.MEETINGS_READ)
    assert queries.attendance_of_year(hers, cell.he, 2026) == [] == queries.year_of_member(hers, stranger.id, 2026)
    herself = actor_(Role.MEMBER, cell.unit, Permission.OWN_RECORD, member_id=cell.chi)
    (mine,) = queries.year_of_member(herself, cell.chi, 2026)
    assert mine.counts == line(cell, cell.chi).counts and queries.year_of_member(herself, cell.an, 2026) == []


def test_statements_do_not_grow_with_the_cell(cell, counting):
    held(cell, None)
    with counting() as three:
        queries.attendance_of_year(READER, cell.unit, 2026)
    for number in range(20):
        make.member(unit=cell.unit, full_name=f"Lò Văn {number}")
    for month in range(2, 9):
        meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, month, 3))
    with counting() as many:
        assert len(queries.attendance_of_year(READER, cell.unit, 2026)) == 23
    assert len(three) == len(many) == 2
    with counting() as one:
        queries.year_of_member(READER, cell.chi, 2026)
    assert len(one) == 1


STATUS = st.sampled_from([None, E, A, X])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(lists=st.lists(st.tuples(STATUS, STATUS), max_size=9), away_from=st.none() | st.integers(1, 9))
def test_figures_agree_whatever_was_noted(cell, lists, away_from):
    with db.session.begin_nested() as savepoint:
        if away_from:
            members.post_temporarily(ROOT, db.session.get_one(Member, cell.chi), to=cell.he, on=dt.date(2026, away_from, 1))
        for month, marks in enumerate(lists, start=1):
            noted = {who: mark for who, mark in zip((cell.binh, cell.chi), marks, strict=True) if mark}
            meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, month, 3), attendance=noted)
        found = queries.attendance_of_year(READER, cell.unit, 2026)
        assert {one.member_id for one in found} == {cell.an, cell.binh, cell.chi}
        for one in found:
            parts = one.counts
            assert parts.whole == len(lists) == parts.present + parts.excused + parts.absent + parts.exempt + parts.elsewhere
            assert one.percent is None or 0 <= one.percent <= 100
            own = queries.year_of_member(READER, one.member_id, 2026)
            assert [year.counts for year in own] == ([parts] if lists else [])
            assert [year.finding for year in own] == ([one.finding] if lists else [])
            assert sum(len(year.in_month(month)) for year in own for month in range(1, 13)) == len(lists)
        savepoint.rollback()


# -- pages and files ----------------------------------------------------------------------------------------------------


def test_the_cells_page_names_who_is_under_the_aim(cell, secretary):
    held(cell, None, A)
    page = secretary.get("/meetings/attendance").text
    assert "42-HD/BTCTW" in page and "cần từ 90 %" in page and fmt_percent(50) in page
    assert page.index("Cà Văn Chi") < page.index("Lò Thị Bình") and "Chưa đạt" in page
    assert f'href="/members/{cell.chi}?year=2026"' in page


@pytest.mark.parametrize("odd", ["1999", "2027", "99999999999", "x", "", "-1", "%00"])
def test_an_odd_year_is_this_year(cell, secretary, odd):
    for path in ("/meetings/attendance?unit=cb-bon&", f"/members/{cell.chi}?"):
        page = secretary.get(f"{path}year={odd}")
        assert page.status_code == 200 and "năm 2026" in page.text


def test_whoever_sees_many_cells_chooses_one(cell, as_):
    browser = as_(Role.INSPECTION)
    page = browser.get("/meetings/attendance?year=2025")
    assert page.status_code == 200 and "/meetings/attendance?unit=cb-he&amp;year=2025" in page.text
    assert browser.get("/meetings/attendance?unit=muong-chien").status_code == 422
    assert browser.get("/meetings/attendance?unit=no").status_code == 404
    assert "/meetings/attendance.xlsx" not in browser.get("/meetings/attendance?unit=cb-bon").text
    assert browser.get("/meetings/attendance.csv?unit=cb-bon").status_code == 403


def test_a_year_and_a_cell_without_anybody(cell, as_):
    make.unit(parent=cell.root, code="cb-moi")
    assert "Chưa có ai trong danh sách" in as_(Role.ORGANISATION).get("/meetings/attendance?unit=cb-moi&year=2025").text


def test_the_list_as_a_file(cell, secretary, as_):
    held(cell, *[None] * 8, E, X)
    answer = secretary.get("/meetings/attendance.csv?unit=cb-bon&year=2026")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="chuyen-can-cb-bon-2026.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["Họ và tên"] for row in rows] == ["Cà Văn Chi", "Lò Văn An", "Lò Thị Bình"]
    assert rows[0] == {
        "Họ và tên": "Cà Văn Chi", "Ghi chú": "", "Có mặt": "8", "Vắng có lý do": "1", "Vắng không lý do": "0", "Được miễn": "1",
        "Sinh hoạt nơi khác": "0", "Số buổi phải dự": "9", "Tỷ lệ dự": "88.89", "So với mức cần đạt": "Chưa đạt",
    }  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(secretary.get("/meetings/attendance.xlsx").data))
    assert [cell.value for cell in book.active[2]][2:9] == [8, 1, 0, 1, 0, 9, 88.89]
    assert as_(Role.ORGANISATION).get("/meetings/attendance.csv").status_code == 404, "no cell named"
    assert secretary.get("/meetings/attendance.csv?unit=cb-he").status_code == 404


def test_her_page_shows_a_mark_for_each_meeting(cell, secretary):
    held(cell, None, E, A)
    extra = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 2, 20), kind=MeetingKind.THEMATIC)
    page = secretary.get(f"/members/{cell.chi}").text
    for told in ("03/01/2026, định kỳ: Có mặt", "03/02/2026, định kỳ: Vắng có lý do", "20/02/2026, chuyên đề: Có mặt", "Có mặt: 2"):
        assert told in page
    assert f'href="/meetings/{extra.id}"' in page and "Dự 2 trên 4 buổi (50,00 %), cần đạt 90 %" in page
    older = secretary.get(f"/members/{cell.chi}?year=2025").text
    assert "Năm 2025 chưa ghi buổi sinh hoạt nào" in older and "03/01/2026" not in older


def test_a_member_sees_her_own_year_on_her_own_page(cell, as_):
    held(cell, None, E)
    members.hold_in_abeyance(ROOT, db.session.get_one(Member, cell.chi), kind=AbeyanceKind.EXEMPTION, on=dt.date(2026, 3, 1))
    meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 4, 3))
    page = as_(Role.MEMBER, cell.unit, person_id=cell.chi).get("/me?year=2026").text
    assert "03/02/2026, định kỳ: Vắng có lý do" in page and "03/04/2026, định kỳ: Được miễn" in page
    assert "Dự 1 trên 2 buổi (50,00 %)" in page and "/meetings/" not in page


def test_the_running_year_is_judged_by_the_law_of_today(cell):
    assert queries.judged_on(2026) == clock.today() and queries.judged_on(2025) == dt.date(2025, 12, 31)
