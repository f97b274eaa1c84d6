"""The pages of scores: nothing typed is lost, what the register judged cannot be typed, and the year shows every cell."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
import sqlalchemy as sa

from partyreg import access
from partyreg.access import Permission, Role
from partyreg.db import db
from partyreg.meetings import actions, score_queries
from partyreg.meetings.models import Meeting, MeetingKind, MeetingScore, Scorer
from partyreg.meetings.score_actions import rescore, score
from tests import make
from tests.make.meetings import SYSTEM, meeting

OFFICE = access.system("test").using(Permission.MEETINGS_OVERSEE)


@pytest.fixture
def held(cell) -> Meeting:
    made = meeting(unit=cell.unit, chair_id=cell.an, minutes_long=95)
    db.session.commit()
    return made


@pytest.fixture
def office(as_):
    """The browser of the organisation committee."""
    return as_(Role.ORGANISATION)


def typed(less: int = 0, **more: str) -> dict[str, str]:
    """The most for every line that people judge of `held`, `less` for the last."""
    sheet = score_queries.sheet_of_day(dt.date(2026, 11, 3))
    assert sheet is not None
    lines = {f"points_{line.key}": str(line.maximum) for line in sheet.lines if not line.fact or line.key == "preparation_papers"}
    return {**lines, "points_result_done": str(10 - less), **more}


def scores() -> list[tuple[Scorer, int]]:
    return [(row.scorer, int(row.total)) for row in db.session.scalars(sa.select(MeetingScore).order_by(MeetingScore.scorer))]


def words(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def test_the_form_shows_what_the_register_judged_with_its_evidence(held, secretary):
    page = secretary.get(f"/meetings/{held.id}/score")
    text = words(page.text)
    assert page.status_code == 200
    assert "Họp ngày 03/11/2026, đúng ngày 3. Chỉ thị 50-CT/TW (nguồn thứ cấp)" in text
    assert "Có mặt 3 trên 3 đảng viên (100,0 %). mẫu địa phương, 42-HD/BTCTW (nguồn thứ cấp)" in text
    assert "Sổ chưa ghi ngày gửi tài liệu (chậm nhất 02/11/2026)" in text
    assert 'name="points_attendance"' not in page.text and 'name="points_time_length"' not in page.text
    assert page.text.count('inputmode="decimal"') == 15
    assert "15/100 điểm, còn 15 mục" in text and "4. Nội dung, trình tự tiến hành (tối đa 30)" in text


def test_a_score_saved_is_shown_on_the_meetings_page(held, secretary):
    answer = secretary.post(f"/meetings/{held.id}/score", data=typed(2, remark="Cần đúng giờ\nhơn"))
    assert answer.status_code == 302 and answer.location.endswith(f"/meetings/{held.id}")
    assert scores() == [(Scorer.CELL, 95)]
    text = words(secretary.get(answer.location).text)
    assert "Đã chấm 95/100 điểm." in text and "Chi bộ tự chấm 95/100 Tốt Lò Văn An, 24/11/2026" in text
    assert "Nhận xét (chi bộ tự chấm): Cần đúng giờ hơn" in text and "Bảng chấm điểm: mẫu địa phương, 42-HD/BTCTW" in text
    assert "Kết quả 28/30" in text and "Tốt: từ 90 điểm;" in text and "Sửa điểm của chi bộ" in text


def test_an_edit_starts_from_what_stands(held, secretary):
    secretary.post(f"/meetings/{held.id}/score", data=typed(points_result_done="7,5"))
    page = secretary.get(f"/meetings/{held.id}/score").text
    assert re.search(r'name="points_result_done"[^>]*value="7,5"', page) and 'name="version" type="hidden" value="1"' in page
    assert "94,5/100 điểm – Tốt" in words(page)
    assert secretary.post(f"/meetings/{held.id}/score", data=typed(version="1")).status_code == 302
    assert scores() == [(Scorer.CELL, 97)]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"points_result_done": ""}, "Chưa chấm: Việc đã kết luận kỳ trước được thực hiện. Nhập từ 0 đến 10."),
        ({"points_result_done": "11"}, "11 điểm là quá mức tối đa 10."),
        ({"points_result_done": "-1"}, "Điểm không thể là số âm."),
        ({"points_result_done": "tám <b>"}, "“tám <b>” không phải là số điểm. Nhập như 4 hoặc 4,5."),
        ({"points_result_done": "9" * 5000}, "không phải là số điểm"),
        ({"points_result_done": "\x00"}, "Chưa chấm"),
        ({"points_weather": "1"}, "Tiêu chí “weather” không có trong bảng chấm điểm"),
        ({"points_attendance": "4"}, "sổ đã chấm 5 điểm theo số liệu"),
        ({"remark": "đ" * 501}, "Quá dài: tối đa 500 ký tự"),
    ],
)
def test_wrong_input_is_told_and_what_was_typed_is_kept(held, secretary, sent, told):
    answer = secretary.post(f"/meetings/{held.id}/score", data={**typed(), "points_chairing_lead": "3,25", **sent})
    assert answer.status_code == 422 and told in words(answer.text).replace("&lt;", "<")
    assert re.search(r'name="points_chairing_lead"[^>]*value="3,25"', answer.text)
    assert scores() == []


def test_a_wrong_line_is_told_beside_its_field(held, secretary):
    page = secretary.post(f"/meetings/{held.id}/score", data=typed(points_result_done="11")).text
    assert 'id="points_result_done-error"' in page and 'href="#points_result_done"' in page


def test_the_sum_is_added_without_saving(held, secretary):
    page = secretary.post(f"/meetings/{held.id}/score", data={**typed(9), "sum": "1"})
    assert page.status_code == 200 and "88/100 điểm – Khá" in words(page.text) and scores() == []
    part = secretary.post(f"/meetings/{held.id}/score", data={"points_result_done": "2", "sum": "1"})
    assert "17/100 điểm, còn 14 mục" in words(part.text)


def test_two_who_score_at_once_see_both(held, secretary):
    secretary.post(f"/meetings/{held.id}/score", data=typed())
    answer = secretary.post(f"/meetings/{held.id}/score", data=typed(4))
    assert answer.status_code == 409 and "vừa được người khác lưu" in answer.text
    assert 'name="version" type="hidden" value="1"' in answer.text and scores() == [(Scorer.CELL, 97)]
    stale = secretary.post(f"/meetings/{held.id}/score", data=typed(4, version="7"))
    assert stale.status_code == 409
    assert secretary.post(f"/meetings/{held.id}/score", data=typed(4, version="1")).status_code == 302
    assert scores() == [(Scorer.CELL, 93)]


def test_a_score_that_is_gone_is_told(held, secretary):
    answer = secretary.post(f"/meetings/{held.id}/score", data=typed(version="3"))
    assert answer.status_code == 409 and "không còn như khi mở trang" in answer.text


@pytest.mark.parametrize("version", ["x", "9" * 50, "-1", "\x00"])
def test_an_odd_version_is_none(held, secretary, version):
    assert secretary.post(f"/meetings/{held.id}/score", data=typed(version=version)).status_code == 302


@pytest.mark.parametrize("door", ["score", "rescore"])
def test_before_the_first_sheet_the_page_says_so(cell, office, door):
    old = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2025, 10, 3))
    page = office.get(f"/meetings/{old.id}/{door}")
    assert page.status_code == 200 and "Bảng chấm điểm đầu tiên có từ ngày 28/10/2025." in page.text
    assert 'name="remark"' not in page.text
    assert office.post(f"/meetings/{old.id}/{door}", data=typed()).status_code == 422
    shown = words(office.get(f"/meetings/{old.id}").text)
    assert "Ngày họp này chưa có bảng chấm điểm; bảng đầu tiên có từ ngày 28/10/2025." in shown and "Ban Tổ chức chấm lại" not in shown


# -- the committee ----------------------------------------------------------------------------------------------------


def test_the_committee_starts_from_the_cells_points(held, secretary, office):
    secretary.post(f"/meetings/{held.id}/score", data=typed(3))
    page = office.get(f"/meetings/{held.id}/rescore").text
    assert re.search(r'name="points_result_done"[^>]*value="7"', page) and re.search(r'name="points_attendance"[^>]*value="5"', page)
    assert "Sổ chấm 5. Chi bộ chấm 5." in words(page) and page.count('inputmode="decimal"') == 20
    assert "94/100 điểm – Tốt" in words(page)
    fixed = {"points_time_day": "3", "points_time_length": "2", "points_attendance": "5", "points_content_thematic": "5"}
    sent = {**typed(8), **fixed, "points_closing_record": "0"}
    refused = office.post(f"/meetings/{held.id}/rescore", data=sent)
    assert refused.status_code == 422 and "ở 1 mục. Ghi lý do." in refused.text and 'id="remark-error"' in refused.text
    assert office.post(f"/meetings/{held.id}/rescore", data={**sent, "remark": "Đường chưa xong"}).status_code == 302
    assert scores() == [(Scorer.CELL, 94), (Scorer.COMMITTEE, 89)]
    text = words(secretary.get(f"/meetings/{held.id}").text)
    assert (
        "Ban Tổ chức chấm 89/100 Khá" in text and "Kết quả 27/30 22/30" in text and "Nhận xét (ban tổ chức chấm): Đường chưa xong" in text
    )
    again = office.get(f"/meetings/{held.id}/rescore").text
    assert re.search(r'name="points_result_done"[^>]*value="2"', again) and "Đường chưa xong" in again


def test_a_secretary_has_no_door_to_the_committees_score(held, secretary):
    assert secretary.get(f"/meetings/{held.id}/rescore").status_code == 403
    assert secretary.post(f"/meetings/{held.id}/rescore", data=typed()).status_code == 403
    assert "Ban Tổ chức chấm lại" not in secretary.get(f"/meetings/{held.id}").text


def test_a_meeting_of_another_cell_is_not_found(cell, secretary):
    stranger = make.member(unit=cell.he)
    other = meeting(unit=cell.he, chair_id=stranger.id)
    assert secretary.get(f"/meetings/{other.id}/score").status_code == 404
    assert secretary.post(f"/meetings/{other.id}/score", data=typed()).status_code == 404


def test_who_only_reads_sees_the_score_and_no_door(held, secretary, as_):
    secretary.post(f"/meetings/{held.id}/score", data=typed())
    text = as_(Role.INSPECTION).get(f"/meetings/{held.id}").text
    assert "97/100" in text and "/score" not in text.replace("/scores", "")
    assert as_(Role.INSPECTION).get(f"/meetings/{held.id}/score").status_code == 403


def test_facts_corrected_after_the_score_are_told(cell, held, secretary):
    secretary.post(f"/meetings/{held.id}/score", data=typed())
    row = db.session.get_one(Meeting, held.id)
    actions.correct(SYSTEM, row, row.version, minutes_long=60)
    text = words(secretary.get(f"/meetings/{held.id}").text)
    assert "Số liệu đã đổi sau khi chi bộ chấm" in text and "Đủ thời lượng: khi chấm 2, nay 0" in text


def test_a_scored_meeting_moved_before_the_sheet_still_shows_its_total(cell, held, secretary):
    secretary.post(f"/meetings/{held.id}/score", data=typed())
    for day in (dt.date(2025, 10, 3), dt.date(2017, 10, 3)):
        row = db.session.get_one(Meeting, held.id)
        actions.correct(SYSTEM, row, row.version, held_on=day)
        page = secretary.get(f"/meetings/{held.id}")
        assert page.status_code == 200 and "97/100" in page.text
        assert secretary.get(f"/meetings/scores?year={day.year}").status_code == 200


# -- the year ---------------------------------------------------------------------------------------------------------


def test_the_year_shows_every_cell_with_its_chart_in_words(cell, held, as_):
    meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, 10, 3))
    points = {name.removeprefix("points_"): value for name, value in typed(4).items()}
    score(SYSTEM, held, None, points, None)
    rescore(OFFICE, held, None, {**points, "result_done": 5}, "x")
    page = as_(Role.STANDING).get("/meetings/scores").text
    text = words(page)
    assert "Chất lượng sinh hoạt chi bộ năm 2026" in text and 'aria-label="Điểm từng tháng: tháng 11: 92."' in page
    assert "Điểm bình quân các buổi 92 Buổi chưa chấm 1 Chi bộ mức tốt 1" in text
    assert "Định kỳ 03/11/2026 : 92 (Ban Tổ chức chấm)" in text and "03/10/2026 : chưa chấm" in text
    assert f'href="/meetings/{held.id}"' in page and "chưa chấm buổi nào" in text


def test_the_change_is_said_in_words(cell, held, as_):
    points = {name.removeprefix("points_"): value for name, value in typed().items()}
    before = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2025, 12, 3), minutes_long=90)
    score(SYSTEM, before, None, {**points, "result_done": 9}, None)
    score(SYSTEM, held, None, points, None)
    assert "tăng 6" in as_(Role.STANDING).get("/meetings/scores").text  # the last quarter of 2025 had no theme
    score(SYSTEM, held, 1, {**points, "result_done": 4}, None)
    assert "bằng năm trước" in as_(Role.STANDING).get("/meetings/scores").text
    score(SYSTEM, held, 2, {**points, "result_done": "3,5"}, None)
    assert "giảm 0,5" in as_(Role.STANDING).get("/meetings/scores").text


@pytest.mark.parametrize(("asked", "shown"), [("2025", 2025), ("1990", 2025), ("2099", 2026), ("x", 2026), ("9" * 40, 2026), ("", 2026)])
def test_an_odd_year_is_the_nearest(as_, asked, shown):
    page = as_(Role.STANDING).get(f"/meetings/scores?year={asked}")
    assert page.status_code == 200 and f"chi bộ năm {shown}" in page.text


def test_who_has_no_cell_is_told(as_, commune):
    text = as_(Role.STANDING, make.unit(parent=commune.root, code="bo-phan", kind="section")).get("/meetings/scores").text
    assert "Chưa có chi bộ nào" in text


def test_the_page_asks_no_more_for_more_meetings(cell, as_, counting):
    browser, counts = as_(Role.STANDING), []
    points = {name.removeprefix("points_"): value for name, value in typed().items()}
    for months in ((11,), (1, 2, 3, 4, 5, 6)):
        for month in months:
            made = meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, month, 3), minutes_long=90)
            score(SYSTEM, made, None, points, None)
            meeting(unit=cell.unit, chair_id=cell.an, held_on=dt.date(2026, month, 9), kind=MeetingKind.THEMATIC)
        browser.get("/meetings/scores")
        with counting() as count:
            browser.get("/meetings/scores")
        counts.append(len(count))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("address", ["/meetings/{id}/score", "/meetings/{id}/rescore", "/meetings/scores", "/meetings/{id}"])
def test_the_pages_in_english(held, secretary, office, address):
    secretary.post(f"/meetings/{held.id}/score", data=typed(points_result_done="7,5"))
    assert office.get(address.format(id=held.id) + "?lang=en").status_code == 200
