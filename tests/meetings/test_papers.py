"""The papers of a logged meeting: they say what the record says, to whoever may read it, in Word and in PDF alike."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess

import pytest
from docx import Document

from partyreg import papers as paper
from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.errors import NotVisible
from partyreg.i18n import speak
from partyreg.meetings import actions, paper_queries, papers
from partyreg.meetings.agenda_rows import Given, Point
from partyreg.meetings.models import Attendance, MeetingKind
from partyreg.members.models import Standing
from tests import make
from tests.make.meetings import SYSTEM, meeting

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def reader(actor_, cell):
    return actor_(Role.SECRETARY, cell.unit, Permission.MEETINGS_READ)


@pytest.fixture
def full(cell):
    """A meeting that says everything that can be said of one."""
    return meeting(
        unit=cell.unit, chair_id=cell.an, minute_taker_id=cell.binh, minutes_long=95, place="Nhà văn hóa bản Bon", topic="Ruộng & nương",
        guests="Đồng chí Cà Văn Ún", notes="Bí thư báo cáo.\n\nÔng <b>Chi</b> & bà Bình góp ý.", conclusions="Làm đường.\nThu đảng phí.",
        attendance={cell.chi: (Attendance.EXCUSED, "Ốm & <mệt>")},
    )  # fmt: skip


def said(reader, log, kind) -> str:
    return paper.text_of(word_of(reader, log, kind))


def word_of(reader, log, kind) -> bytes:
    page = paper_queries.one(reader, log.id)
    return papers.paper(reader, page, kind, paper_queries.work(reader, [page])[log.id])


def printed(pdf: bytes) -> str:
    return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def test_the_minutes_say_who_was_there_what_was_said_and_what_was_settled(reader, full):
    text = said(reader, full, "minutes")
    assert text.startswith("ĐẢNG ỦY XÃ MƯỜNG CHIÊN\nCHI BỘ BẢN BON\n*\nĐẢNG CỘNG SẢN VIỆT NAM\n")
    assert "Mường Chiên, ngày 03 tháng 11 năm 2026\nBIÊN BẢN\nsinh hoạt chi bộ định kỳ tháng 11 năm 2026" in text
    assert "ngày 03/11/2026; thời lượng 95 phút." in text
    assert "Chủ trì: đồng chí Lò Văn An." in text and "Người ghi biên bản: đồng chí Lò Thị Bình." in text
    assert "theo danh sách: 3; có mặt: 2; vắng có lý do: 1; vắng không lý do: 0; được miễn: 0." in text
    assert "- Vắng có lý do: Cà Văn Chi (Ốm & <mệt>)." in text and "Khách dự: Đồng chí Cà Văn Ún." in text
    assert "được tính có mặt: 2/3 (cách tính theo 208-QĐ/TW, như khoản 9.3.2 của 294-QĐ/TW)." in text
    assert "2. Diễn biến, ý kiến\nBí thư báo cáo.\nÔng <b>Chi</b> & bà Bình góp ý.\n3. Kết luận\nLàm đường.\nThu đảng phí." in text
    assert "NGƯỜI GHI BIÊN BẢN\nLò Thị Bình\nCHỦ TRÌ\nLò Văn An" in text and "Số:" not in text, "minutes carry no number"


def test_minutes_of_a_meeting_that_says_little_leave_nothing_blank(reader, cell):
    text = said(reader, meeting(unit=cell.unit, chair_id=cell.an, kind=MeetingKind.THEMATIC), "minutes")
    assert "sinh hoạt chi bộ chuyên đề\n" in text and "Thời gian: ngày 03/11/2026.\n" in text
    unsaid = ("Địa điểm:", "GHI BIÊN BẢN", "Khách", "Chuyên đề,", "Diễn biến", "Kết luận", "- Vắng", "None")
    assert not any(words in text for words in unsaid)


def test_conclusions_without_notes_are_the_second_part(reader, cell):
    assert "\n2. Kết luận\nHọp." in said(reader, meeting(unit=cell.unit, chair_id=cell.an, conclusions="Họp."), "minutes")


def test_the_way_of_counting_is_cited_only_where_it_was_read(reader, cell):
    text = said(reader, meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2024, 5, 3)), "minutes")
    assert "được tính có mặt: 3/3." in text, "of 24-QĐ/TW the text was not read"


def test_the_attendance_list_has_a_ruled_line_for_everybody(reader, cell, full):
    word = word_of(reader, full, "attendance")
    table = next(block for block in paper.layout(word)["blocks"] if block.get("is_ruled"))
    assert table["heads"] == 1, "the head stands on every page"
    lines = ["|".join(run["text"].strip() for cell in row for one in cell["blocks"] for run in one["runs"]) for row in table["rows"]]
    assert lines == [
        "TT|Họ và tên|Đảng viên|Điểm danh|Lý do|Ký tên", "1|Lò Văn An|Chính thức|Có mặt||", "2|Lò Thị Bình|Chính thức|Có mặt||",
        "3|Cà Văn Chi|Chính thức|Vắng có lý do|Ốm & <mệt>|",
    ]  # fmt: skip
    assert "có mặt: 2/3" in paper.text_of(word)


def test_standing_is_that_of_the_meetings_day(reader, cell):
    dan = make.member(unit=cell.unit, full_name="Cà Văn Dân", ceremony_on=dt.date(2025, 11, 10), full_on=dt.date(2026, 11, 10))
    log = meeting(unit=cell.unit, chair_id=cell.an)
    noted = {one.member_id: one.standing for one in paper_queries.one(reader, log.id).attendance}
    assert noted[dan.id] is Standing.PROBATIONARY and noted[cell.an] is Standing.FULL


def test_the_resolution_is_the_conclusions_with_room_for_its_number(reader, full):
    text = said(reader, full, "resolution")
    assert "Số: …-NQ/CB" in text and "CHI BỘ QUYẾT NGHỊ\nLàm đường.\nThu đảng phí." in text and "T/M CHI BỘ\nBÍ THƯ\nLò Văn An" in text
    assert "có mặt 2/3 đảng viên" in text and "Đảng ủy xã Mường Chiên (báo cáo)" in text


def test_whoever_chairs_without_office_signs_as_chair(reader, cell):
    assert "T/M CHI BỘ\nCHỦ TRÌ\nCà Văn Chi" in said(reader, meeting(unit=cell.unit, chair_id=cell.chi, conclusions="Họp."), "resolution")


def test_a_resolution_before_the_first_series_has_no_number(reader, cell):
    log = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2017, 5, 3), conclusions="Họp.")
    assert "Số:" not in said(reader, log, "resolution")


def test_papers_are_vietnamese_on_an_english_page(reader, full):
    speak("en")
    try:
        text = said(reader, full, "attendance")
    finally:
        speak("vi")
    assert "Vắng có lý do" in text and "Chính thức" in text and "định kỳ" in text


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler's pdftotext")
def test_the_pdf_says_the_same(secretary, full):
    text = " ".join(printed(secretary.get(f"/meetings/{full.id}/papers/minutes.pdf").data).split())
    assert "Cà Văn Chi (Ốm & <mệt>)" in text and "2/3" in text and "Ông <b>Chi</b> & bà Bình góp ý." in text


# -- the book ---------------------------------------------------------------------------------------------------------


def test_the_book_has_every_meeting_of_the_year_once_and_in_order(reader, cell, full):
    for day in (dt.date(2026, 3, 3), dt.date(2026, 1, 3), dt.date(2026, 2, 3)):
        meeting(unit=cell.unit, chair_id=cell.an, held_on=day, topic=f"Chủ đề tháng {day.month}")
    meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2025, 12, 3))
    year = paper_queries.year(reader, cell.unit, 2026)
    word = papers.book(cell.unit, 2026, year, paper_queries.work(reader, year))
    text = paper.text_of(word)
    assert "NĂM 2026" in text and "4 buổi sinh hoạt" in text and "2025" not in text
    parts = text.split("BIÊN BẢN\nsinh hoạt")[1:]
    assert [part.split("Thời gian: ngày ")[1][:10] for part in parts] == ["03/01/2026", "03/02/2026", "03/03/2026", "03/11/2026"]
    contents = text[text.index("MỤC LỤC") : text.index("Buổi 1\n")]
    assert contents.index("03/01/2026") < contents.index("03/02/2026") < contents.index("03/11/2026") and "Chủ đề tháng 3" in contents
    opening = ["".join(run["text"] for run in one["runs"]) for one in paper.layout(word)["blocks"] if one.get("opens_a_page")]
    assert opening == ["MỤC LỤC", "Buổi 1", "Buổi 2", "Buổi 3", "Buổi 4"]


def test_each_meeting_of_the_book_stands_on_its_own_page_of_the_pdf(secretary, cell, full):
    meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 10, 3))
    answer = secretary.get("/meetings/book/cb-bon/2026.pdf")
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF-1.7")
    assert "so-bien-ban-cb-bon-2026.pdf" in answer.headers["Content-Disposition"]
    if shutil.which("pdftotext"):
        pages = [page for page in printed(answer.data).split("\f") if page.strip()]
        found = [("Buổi 1\n" in page, "Buổi 2\n" in page) for page in pages]
        assert found == [(False, False), (False, False), (True, False), (False, True)]


# -- doors ------------------------------------------------------------------------------------------------------------


def test_the_pages_lead_to_the_papers(secretary, cell, full):
    page = secretary.get(f"/meetings/{full.id}").text
    for kind in ("minutes", "attendance", "resolution"):
        answer = secretary.get(f"/meetings/{full.id}/papers/{kind}.docx")
        assert f"/meetings/{full.id}/papers/{kind}.pdf" in page and answer.mimetype == DOCX
        assert Document(io.BytesIO(answer.data)).core_properties.author == "Chi bộ bản Bon"
    assert "bien-ban-cb-bon-2026-11-03.docx" in secretary.get(f"/meetings/{full.id}/papers/minutes.docx").headers["Content-Disposition"]
    assert "/meetings/book/cb-bon/2026.docx" in secretary.get("/meetings?unit=cb-bon&year=2026").text


def test_no_resolution_is_offered_where_nothing_was_concluded(secretary, cell):
    log = meeting(unit=cell.unit, chair_id=cell.an)
    page = secretary.get(f"/meetings/{log.id}").text
    assert f"/meetings/{log.id}/papers/minutes.docx" in page and "papers/resolution" not in page
    assert secretary.get(f"/meetings/{log.id}/papers/resolution.docx").status_code == 404


@pytest.mark.parametrize("rest", ["minutes.csv", "unknown.pdf", "minutes.DOCX"])
def test_other_kinds_and_endings_do_not_exist(secretary, full, rest):
    assert secretary.get(f"/meetings/{full.id}/papers/{rest}").status_code == 404


@pytest.mark.parametrize("rest", ["2026.csv", "2025.pdf", "2027.docx", "0.docx", "99999.docx"])
def test_no_book_of_other_endings_and_of_years_without_meetings(secretary, full, rest):
    assert secretary.get(f"/meetings/book/cb-bon/{rest}").status_code == 404


def test_another_cells_papers_do_not_exist(secretary, reader, cell):
    other = make.member(unit=cell.he, full_name="Quàng Văn He")
    log = meeting(unit=cell.he, chair_id=other.id, conclusions="Họp.")
    for kind in papers.KINDS:
        assert secretary.get(f"/meetings/{log.id}/papers/{kind}.docx").status_code == 404
    assert secretary.get("/meetings/book/cb-he/2026.docx").status_code == 404
    assert paper_queries.year(reader, cell.he, 2026) == []
    with pytest.raises(NotVisible):
        paper_queries.one(reader, log.id)


def test_a_corrected_meeting_gives_a_corrected_paper(reader, full):
    actions.correct(SYSTEM, full, full.version, conclusions="Hoãn.")
    assert "Hoãn." in said(reader, full, "resolution") and "Làm đường" not in said(reader, full, "resolution")


def test_statements_do_not_grow_with_attendances_and_meetings(secretary, cell, full, counting):
    def asked(address: str) -> int:
        db.session.expire_all()
        with counting() as count:
            assert secretary.get(address).status_code == 200
        return len(count.statements)

    small, thin = asked(f"/meetings/{full.id}/papers/attendance.docx"), asked("/meetings/book/cb-bon/2026.docx")
    for name in ("Một", "Hai", "Ba", "Tư", "Năm"):
        make.member(unit=cell.unit, full_name=f"Lò Văn {name}")
    logs = [meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, month, 3)) for month in range(1, 6)]
    assert asked(f"/meetings/{logs[0].id}/papers/attendance.docx") == small
    assert asked("/meetings/book/cb-bon/2026.docx") == thin


def test_points_votes_and_tasks_stand_in_the_papers(reader, cell):
    log = meeting(
        unit=cell.unit, chair_id=cell.an,
        points=[Point("Thời sự", "Bí thư thông tin."), Point("Làm đường", None, "Góp công mỗi hộ 3 ngày", 2, 1, 0)],
        given=[Given("Vận động từng hộ", cell.binh, dt.date(2026, 12, 1)), Given("Thu đảng phí")],
    )  # fmt: skip
    minutes = said(reader, log, "minutes")
    assert "Nội dung 1: Thời sự.\nBí thư thông tin.\nNội dung 2: Làm đường." in minutes
    assert "Biểu quyết: tán thành 2, không tán thành 1, phiếu trắng 0, trên 3 đảng viên chính thức được tính." in minutes
    assert "3. Kết luận\nLàm đường: Góp công mỗi hộ 3 ngày\nPhân công đồng chí Lò Thị Bình: Vận động từng hộ, hạn 01/12/2026." in minutes
    assert "Làm đường: Góp công mỗi hộ 3 ngày" in said(reader, log, "resolution")
    tasks = said(reader, log, "tasks")
    for told in ("DANH SÁCH NHIỆM VỤ", "Vận động từng hộ", "Lò Thị Bình", "01/12/2026", "Thu đảng phí", "Cả chi bộ", "Số nhiệm vụ: 2."):
        assert told in tasks, told


def test_a_meeting_without_tasks_has_no_list_of_them(reader, full, secretary):
    assert secretary.get(f"/meetings/{full.id}/papers/tasks.docx").status_code == 404


def test_what_was_voted_down_is_no_resolution(reader, cell, secretary):
    points = [Point("Làm đường", None, "Góp công", 1, 2, 0)]
    log = meeting(unit=cell.unit, chair_id=cell.an, points=points)
    assert "Làm đường (không được thông qua): Góp công" in said(reader, log, "minutes")
    assert secretary.get(f"/meetings/{log.id}/papers/resolution.docx").status_code == 404
    points.append(Point("Thu đảng phí", None, "Xong trong tháng"))
    log = meeting(unit=cell.unit, chair_id=cell.an, points=points, kind=MeetingKind.THEMATIC)
    resolved = said(reader, log, "resolution")
    assert "Góp công" not in resolved and "Thu đảng phí: Xong trong tháng" in resolved
