"""The pages: a secretary logs a meeting in two minutes, nothing typed is lost, nobody sees another cell."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from partyreg import access, clock
from partyreg.access import Role
from partyreg.audit import AuditEntry
from partyreg.db import db
from partyreg.meetings import actions, queries
from partyreg.meetings.forms import first_day
from partyreg.meetings.models import Attendance, Meeting, MeetingKind
from partyreg.meetings.story import story
from partyreg.members import actions as members
from partyreg.members.models import AbeyanceKind, Member
from partyreg.org import actions as org
from tests import make
from tests.make.meetings import SYSTEM, meeting

NEW = "/meetings/new?unit=cb-bon"
ROOT = access.system("test")


def sent(cell, **more) -> dict[str, str]:
    """What a form with the least typing sends."""
    return {"kind": "regular", "held_on": "03/11/2026", "chair_id": str(cell.an), **{k: str(v) for k, v in more.items()}}


def number_of_meetings() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Meeting)) or 0


def test_a_meeting_logged_with_three_taps(cell, secretary):
    page = secretary.get(NEW)
    assert page.status_code == 200
    assert re.search(rf'value="{cell.an}"[^>]*selected|selected[^>]*value="{cell.an}"', page.text), "the secretary is proposed"
    assert "3/3 có mặt" in page.text
    answer = secretary.post(NEW, data=sent(cell, **{f"status-{cell.chi}": "excused", f"reason-{cell.chi}": "Ốm"}))
    assert answer.status_code == 302
    logged = db.session.scalars(sa.select(Meeting)).one()
    assert answer.location.endswith(f"/meetings/{logged.id}")
    shown = secretary.get(answer.location).text
    assert "2/3 có mặt" in shown and "Ốm" in shown and "Đã ghi buổi sinh hoạt" in shown


@pytest.mark.parametrize(
    ("today", "proposed"), [(dt.date(2026, 11, 2), 2), (dt.date(2026, 11, 3), 3), (dt.date(2026, 11, 5), 3), (dt.date(2026, 11, 20), 20)]
)
def test_the_day_proposed(cell, secretary, today, proposed):
    assert first_day(today, 3, 7).day == proposed
    with clock.freeze(today):
        assert f'value="{proposed:02d}/11/2026"' in secretary.get(NEW).text


def test_before_the_common_day_was_set_today_is_proposed():
    assert first_day(dt.date(2024, 5, 4), None, None) == dt.date(2024, 5, 4)


def test_a_link_names_day_and_kind(cell, secretary):
    page = secretary.get(f"{NEW}&held_on=2026-10-03&kind=thematic").text
    assert 'value="03/10/2026"' in page and re.search(r'selected[^>]*value="thematic"', page)
    assert 'value="24/11/2026"' in secretary.get(f"{NEW}&held_on=2027-10-03").text
    assert secretary.get(f"{NEW}&held_on=nonsense&kind=nonsense").status_code == 200


def test_only_her_own_cell_needs_no_choice(cell, secretary, as_):
    assert "Chi bộ bản Bon" in secretary.get("/meetings/new").text
    many = as_(Role.ORGANISATION).get("/meetings/new").text
    assert "unit=cb-bon" in many and "unit=cb-he" in many
    refused = as_(Role.ORGANISATION).get("/meetings/new?unit=muong-chien")
    assert refused.status_code == 422 and "không phải chi bộ" in refused.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"held_on": "31/02/2026"}, "Không có ngày 31/02/2026 trong lịch"),
        ({"held_on": "hôm qua"}, "Không đọc được ngày"),
        ({"held_on": ""}, "Chưa nhập mục này"),
        ({"held_on": "25/11/2026"}, "chưa đến"),
        ({"held_on": "01/01/2010"}, "chưa có vào ngày họp này"),
        ({"held_on": "01/01/2016"}, "Sổ chỉ ghi sinh hoạt từ ngày 25/07/2016"),
        ({"kind": "party"}, "không có trong danh sách"),
        ({"chair_id": ""}, "Chưa nhập mục này"),
        ({"chair_id": "987654"}, "không thuộc danh sách chi bộ"),
        ({"chair_id": "x"}, "không có trong danh sách"),
        ({"minutes_long": "chín mươi"}, "Phải là số nguyên"),
        ({"minutes_long": "1441"}, "Phải là số từ 1 đến 1440"),
        ({"notes": "đ" * 20_001}, "Quá dài: tối đa 20000 ký tự"),
        ({"topic": "đ" * 201}, "Quá dài: tối đa 200 ký tự"),
    ],
)
def test_wrong_input_is_told_beside_the_field_and_kept(cell, secretary, typed, told):
    more = {f"status-{cell.binh}": "absent", f"reason-{cell.binh}": "Không rõ <b>", "conclusions": "Giữ lại câu này"}
    answer = secretary.post(NEW, data={**sent(cell, **more), **typed})
    assert answer.status_code == 422 and told in answer.text
    assert "Giữ lại câu này" in answer.text and "Không rõ &lt;b&gt;" in answer.text
    if typed.get("held_on", "03/11/2026").endswith("/11/2026"):
        assert re.search(rf'id="status-{cell.binh}-absent"[^>]*checked', answer.text)
    for name, value in typed.items():
        if name not in ("kind", "chair_id"):
            assert value[:1000] in answer.text
    assert number_of_meetings() == 0


@pytest.mark.parametrize(
    ("status", "reason", "told"),
    [
        ("excused", "", "Chưa ghi lý do vắng của Cà Văn Chi"),
        ("away", "", "không có trong danh sách"),
        ("absent", "x" * 201, "Lý do quá dài"),
    ],
)
def test_a_wrong_line_is_told_beside_it(cell, secretary, status, reason, told):
    answer = secretary.post(NEW, data=sent(cell, **{f"status-{cell.chi}": status, f"reason-{cell.chi}": reason}))
    assert answer.status_code == 422 and told in answer.text and f'id="error-{cell.chi}"' in answer.text
    assert number_of_meetings() == 0


def test_long_notes_strange_signs_and_formulas_are_kept_as_they_are(cell, secretary):
    notes = "Ý kiến " + "đ" * 9_990
    answer = secretary.post(NEW, data=sent(cell, notes=notes, topic="<script>alert(1)</script>", place="=HYPERLINK(1)\x00"))
    assert answer.status_code == 302
    logged = db.session.scalars(sa.select(Meeting)).one()
    assert logged.notes == notes and logged.place == "=HYPERLINK(1)"
    shown = secretary.get(answer.location).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown and "<script>alert" not in shown


def test_decomposed_letters_become_one_form(cell, secretary):
    secretary.post(
        NEW, data=sent(cell, topic="Vie\u0323\u0302t", **{f"status-{cell.chi}": "absent", f"reason-{cell.chi}": "O\u0302\u0301m"})
    )
    logged = db.session.scalars(sa.select(Meeting)).one()
    assert logged.topic == "Việt"
    assert {one.reason for one in queries.attenders(logged.id)} == {None, "Ốm"}


def test_updating_the_list_keeps_what_was_typed_and_logs_nothing(cell, secretary):
    make.member(unit=cell.unit, full_name="Lò Văn Mới", posted_on=dt.date(2026, 11, 10))
    typed = sent(cell, notes="Đang viết", refresh="1", **{f"status-{cell.chi}": "absent", f"reason-{cell.chi}": "Bận"})
    page = secretary.post(NEW, data=typed)
    assert page.status_code == 200 and "Lò Văn Mới" not in page.text and "2/3 có mặt" in page.text
    page = secretary.post(NEW, data={**typed, "held_on": "10/11/2026"})
    assert "Lò Văn Mới" in page.text and "Đang viết" in page.text and "Bận" in page.text and "3/4 có mặt" in page.text
    page = secretary.post(NEW, data={**typed, "status-987654": "absent", "status-x": "absent"})
    assert 'name="status-987654" value="absent"' in page.text and "status-x" not in page.text
    assert number_of_meetings() == 0


def test_a_roll_that_changed_meanwhile_is_told(cell, secretary):
    page = secretary.get(f"{NEW}&held_on=2026-11-03").text
    roll = re.search(r'name="roll" value="([\d.]+)"', page)
    assert roll
    make.member(unit=cell.unit, full_name="Lò Văn Mới", posted_on=dt.date(2026, 11, 1))
    gone = db.session.get_one(Member, cell.binh)
    members.transfer(ROOT, gone, to=cell.he, on=dt.date(2026, 11, 2))
    answer = secretary.post(NEW, data=sent(cell, roll=roll[1], notes="Giữ lại"))
    assert answer.status_code == 422 and number_of_meetings() == 0
    assert "Thêm vào danh sách: Lò Văn Mới" in answer.text and "1 người không còn" in answer.text and "Giữ lại" in answer.text
    again = re.search(r'name="roll" value="([\d.]+)"', answer.text)
    assert again and secretary.post(NEW, data=sent(cell, roll=again[1])).status_code == 302


def test_the_same_meeting_twice_shows_which_stands(cell, secretary):
    standing = meeting(unit=cell.unit, chair_id=cell.an, notes="Bản đầu")
    answer = secretary.post(NEW, data=sent(cell, notes="Bản hai"))
    assert answer.status_code == 409
    assert f"/meetings/{standing.id}" in answer.text and "Bản đầu" in answer.text and "Bản hai" in answer.text
    assert number_of_meetings() == 1


def test_sending_a_draft_twice_leads_to_the_first(cell, secretary):
    data = sent(cell, client_key="0b8f6e0e-6d5c-4b7a-9d6e-1f1f1f1f1f1f")
    first = secretary.post(NEW, data=data)
    with clock.freeze(dt.datetime(2026, 11, 24, 9, tzinfo=clock.OFFICE_ZONE)):
        second = secretary.post(NEW, data=data)
    assert first.location == second.location and number_of_meetings() == 1
    assert "lần gửi này không thay đổi gì" in secretary.get(second.location).text
    other = secretary.post(NEW, data={**data, "topic": "Khác"})
    assert other.status_code == 409 and "bản gửi lần này khác bản trong sổ" in other.text and f'href="{first.location}"' in other.text
    assert number_of_meetings() == 1


def test_defaults_and_notes_on_the_list(cell, secretary):
    exempt = db.session.get_one(Member, cell.binh)
    members.hold_in_abeyance(ROOT, exempt, kind=AbeyanceKind.EXEMPTION, on=dt.date(2026, 1, 1))
    away = db.session.get_one(Member, cell.chi)
    members.post_temporarily(ROOT, away, to=cell.he, on=dt.date(2026, 1, 1))
    guest = make.member(unit=cell.he, full_name="Vì Văn Khách")
    members.post_temporarily(ROOT, guest, to=cell.unit, on=dt.date(2026, 1, 1))
    suspended = make.member(unit=cell.unit, full_name="Vì Văn Chỉ")
    members.hold_in_abeyance(ROOT, suspended, kind=AbeyanceKind.SUSPENSION, on=dt.date(2026, 1, 1))
    page = secretary.get(NEW).text
    for note in ("được miễn sinh hoạt", "sinh hoạt tạm thời nơi khác", "sinh hoạt tạm thời tại chi bộ", "đình chỉ sinh hoạt"):
        assert note in page
    assert re.search(rf'id="status-{cell.binh}-exempt"[^>]*checked', page)
    assert re.search(rf'id="status-{cell.chi}-excused"[^>]*checked', page)


def test_a_cell_that_ended_keeps_its_last_roll(cell, as_):
    ended, ancient = make.unit(parent=cell.root, code="cb-cu"), make.unit(parent=cell.root, code="cb-xua")
    make.member(unit=ended, full_name="Hà Văn Cuối")
    org.dissolve(ROOT, ended, dt.date(2026, 11, 1))
    org.dissolve(ROOT, ancient, dt.date(2015, 6, 1))
    office = as_(Role.ORGANISATION)
    assert "Hà Văn Cuối" in office.get("/meetings/new?unit=cb-cu").text
    refused = office.post("/meetings/new?unit=cb-cu", data={**sent(cell), "status-1": "absent"})
    assert refused.status_code == 422 and "đã kết thúc từ ngày 01/11/2026" in refused.text
    empty = office.get("/meetings/new?unit=cb-xua")
    assert empty.status_code == 200 and "không có đảng viên nào" in empty.text


# -- one meeting ------------------------------------------------------------------------------------------------------


def test_the_page_warns_and_never_blocks(cell, secretary):
    typed = sent(cell, minutes_long=60, **{f"status-{m}": "absent" for m in (cell.binh, cell.chi)})
    answer = secretary.post(NEW, data={**typed, "held_on": "20/11/2026"})
    assert answer.status_code == 302
    page = secretary.get(answer.location).text
    for code in ("meeting.length", "meeting.day", "meeting.attendance", "meeting.quorum", "meeting.result"):
        assert f'data-code="{code}"' in page
    assert page.count("Lưu ý:") == 5 and "quy định chưa được kiểm chứng" in page


def test_history_tells_who_changed_what(cell, secretary):
    logged = meeting(unit=cell.unit, chair_id=cell.an, topic="Cũ")
    page = secretary.get(f"/meetings/{logged.id}/edit")
    assert 'value="Cũ"' in page.text and 'name="version" value="1"' in page.text
    typed = sent(cell, version=1, topic="Mới", minute_taker_id=cell.binh)
    typed |= {f"status-{cell.chi}": "excused", f"reason-{cell.chi}": "Đi công tác"}
    answer = secretary.post(f"/meetings/{logged.id}/edit", data=typed)
    assert answer.status_code == 302
    page = secretary.get(answer.location).text
    told = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Lò Văn An · Sửa" in told
    assert "Chuyên đề, nội dung chính : Cũ → Mới" in told
    assert "Ghi biên bản : (trống) → Lò Thị Bình" in told
    assert "Cà Văn Chi : Có mặt → Vắng có lý do" in told
    assert "Cà Văn Chi – lý do : (trống) → Đi công tác" in told
    assert "Ghi buổi sinh hoạt, điểm danh 3 đảng viên" in told


def test_history_tells_moves_to_another_day(cell, secretary):
    gone = db.session.get_one(Member, cell.binh)
    members.transfer(ROOT, gone, to=cell.he, on=dt.date(2026, 11, 2))
    make.member(unit=cell.unit, full_name="Lò Văn Mới", posted_on=dt.date(2026, 11, 2))
    logged = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 11, 1))
    row = queries.row(SYSTEM, logged.id)
    actions.correct(SYSTEM, row, 1, held_on=dt.date(2026, 11, 3), kind=MeetingKind.EXTRAORDINARY, chair_id=cell.chi)
    told = " ".join(re.sub(r"<[^>]+>", " ", secretary.get(f"/meetings/{logged.id}").text).split())
    assert "Ngày họp : 01/11/2026 → 03/11/2026" in told and "Loại sinh hoạt : Định kỳ → Bất thường" in told
    assert "Lò Thị Bình : Có mặt → (trống)" in told and "Lò Văn Mới : (trống) → Có mặt" in told
    assert "Chủ trì : Lò Văn An → Cà Văn Chi" in told


def test_an_edit_sent_from_a_stale_form_is_shown_beside_the_other(cell, secretary):
    logged = meeting(unit=cell.unit, chair_id=cell.an, topic="Gốc")
    actions.correct(SYSTEM, queries.row(SYSTEM, logged.id), 1, topic="Của người khác")
    answer = secretary.post(f"/meetings/{logged.id}/edit", data=sent(cell, version=1, topic="Của tôi"))
    assert answer.status_code == 409
    assert "Của người khác" in answer.text and 'value="Của tôi"' in answer.text and 'name="version" value="2"' in answer.text
    assert queries.one(SYSTEM, logged.id).topic == "Của người khác"
    assert secretary.post(f"/meetings/{logged.id}/edit", data=sent(cell, version=2, topic="Của tôi")).status_code == 302


def test_an_edit_onto_another_meetings_day_is_a_conflict(cell, secretary):
    standing = meeting(unit=cell.unit, chair_id=cell.an)
    other = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 11, 5))
    answer = secretary.post(f"/meetings/{other.id}/edit", data=sent(cell, version=1))
    assert answer.status_code == 409 and f'href="/meetings/{standing.id}"' in answer.text


def test_wrong_edits_come_back_filled(cell, secretary):
    logged = meeting(unit=cell.unit, chair_id=cell.an)
    for typed, told in (
        ({"held_on": "31/02/2026"}, "Không có ngày"),
        ({f"status-{cell.an}": "absent"}, "đang ghi là vắng"),
        ({f"status-{cell.chi}": "excused"}, "Chưa ghi lý do vắng"),
    ):
        answer = secretary.post(f"/meetings/{logged.id}/edit", data={**sent(cell, version=1, notes="Giữ"), **typed})
        assert answer.status_code == 422 and told in answer.text and "Giữ" in answer.text
    answer = secretary.post(f"/meetings/{logged.id}/edit", data=sent(cell, version=1, refresh=1, notes="Giữ"))
    assert answer.status_code == 200 and "Giữ" in answer.text
    assert queries.one(SYSTEM, logged.id).version == 1


def test_an_erased_entry_says_so(cell, app):
    logged = meeting(unit=cell.unit, chair_id=cell.an)
    entry = AuditEntry(at=clock.now(), actor="quantri", deed="meetings.correct", payload=None)
    with app.test_request_context():
        (chapter,) = story([entry], queries.one(SYSTEM, logged.id))
    assert (chapter.title, chapter.changes) == ("Nội dung đã được xóa theo quy định", [])


# -- the board --------------------------------------------------------------------------------------------------------


def test_the_committee_sees_every_cell_month_by_month(cell, as_):
    logged = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 10, 3))
    office = as_(Role.ORGANISATION)
    page = office.get("/meetings").text
    assert "Chi bộ bản Bon" in page and "Chi bộ bản Hé" in page and f'href="/meetings/{logged.id}"' in page
    assert "0/2" in page and "Tháng 10: đã họp 03/10/2026" in page and "Tháng 9: không họp" in page
    assert "unit=cb-he&amp;held_on=2026-09-03" in page
    assert "Chi bộ bản Hé" not in office.get("/meetings?unit=cb-bon").text
    assert office.get("/meetings?year=2025").status_code == 200
    assert office.get("/meetings?year=abc&page=xyz").status_code == 200


def test_a_secretary_sees_her_strip_her_meetings_and_the_button(cell, secretary):
    meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 10, 3), topic="Nước sạch")
    page = secretary.get("/meetings").text
    assert "Ghi buổi sinh hoạt" in page and "/meetings/new?unit=cb-bon" in page and "Nước sạch" in page
    assert "Chi bộ bản Hé" not in page and "3/3" in page
    assert "chưa có hoặc không còn hoạt động" not in page


def test_whoever_only_reads_has_no_button(cell, as_):
    standing = as_(Role.STANDING)
    logged = meeting(unit=cell.unit, chair_id=cell.an)
    assert "/meetings/new" not in standing.get("/meetings").text
    assert f"/meetings/{logged.id}/edit" not in standing.get(f"/meetings/{logged.id}").text
    assert standing.get(NEW).status_code == 403 and standing.get(f"/meetings/{logged.id}/edit").status_code == 403


def test_a_year_without_the_cell(cell, as_):
    page = as_(Role.ORGANISATION).get("/meetings?unit=cb-bon&year=2016").text
    assert "Chưa ghi buổi nào" in page
    young = make.unit(parent=cell.root, code="cb-moi", founded_on=dt.date(2026, 2, 2))
    page = as_(Role.ORGANISATION).get(f"/meetings?unit={young.code}&year=2025").text
    assert "chưa có hoặc không còn hoạt động" in page


def test_long_lists_have_pages(cell, secretary):
    for day in range(1, 23):
        meeting(unit=cell.unit, chair_id=cell.an, kind=MeetingKind.EXTRAORDINARY, held_on=dt.date(2026, 10, day))
    assert "01/10/2026" not in secretary.get("/meetings").text
    assert "01/10/2026" in secretary.get("/meetings?page=2").text


def test_another_cells_meeting_and_unit_are_not_found(cell, secretary):
    stranger = make.member(unit=cell.he)
    other = meeting(unit=cell.he, chair_id=stranger.id)
    for path in (f"/meetings/{other.id}", f"/meetings/{other.id}/edit", "/meetings/new?unit=cb-he", "/meetings?unit=cb-he"):
        assert secretary.get(path).status_code == 404, path
    assert secretary.post("/meetings/new?unit=cb-he", data=sent(cell)).status_code == 404
    assert secretary.post(f"/meetings/{other.id}/edit", data=sent(cell, version=1)).status_code == 404
    assert number_of_meetings() == 1


def test_an_exempt_mark_is_open_to_all_and_still_counts_where_the_law_says(cell, secretary):
    secretary.post(NEW, data=sent(cell, **{f"status-{cell.chi}": "exempt"}))
    logged = db.session.scalars(sa.select(Meeting)).one()
    page = queries.one(SYSTEM, logged.id)
    assert (page.present, page.whole, page.quorum) == (2, 2, "2/3")
    assert Attendance.EXEMPT in {one.status for one in page.attendance}
