"""The pages of training: who sees what, the list entered at once, wrong input beside its field, files."""

from __future__ import annotations

import datetime as dt
import io
import re

import openpyxl
import pytest
import sqlalchemy as sa

from partyreg.access import Role
from partyreg.db import db
from partyreg.members.models import Person, Position
from partyreg.org.models import UnitKind
from partyreg.rulebook.training import CourseKind, CourseResult
from partyreg.training.models import TrainingCourse, TrainingResult
from tests import make
from tests.make import training as make_training
from tests.make.staff import staff

DAY = dt.date
COURSE = {
    "kind": "digital", "title": "Lớp kỹ năng số", "started_on": "02/03/2026", "ended_on": "04/03/2026", "sessions": "6",
    "organiser": "Trung tâm chính trị xã",
}  # fmt: skip


@pytest.fixture
def village(commune):
    """Two secretaries, one trained; a village head outside the Party; a class."""
    commune.own = make.member(unit=commune.bon, full_name="Lò Thị Thư").id
    commune.other = make.member(unit=commune.he, full_name="Quàng Văn Hai").id
    for unit, person in ((commune.bon, commune.own), (commune.he, commune.other)):
        make_training.secretary(unit=unit, person=db.session.get_one(Person, person))
    commune.head = make_training.holder(unit=commune.bon).person_id
    commune.course = make_training.course(title="Lớp bí thư 2026", finished=(commune.other,)).id
    db.session.commit()
    return commune


def results() -> dict[int, tuple[str, str | None, DAY | None]]:
    query = sa.select(TrainingResult.person_id, TrainingResult.result, TrainingResult.certificate_number, TrainingResult.certificate_on)
    return {person: (result.value, number, day) for person, result, number, day in db.session.execute(query)}


def test_the_year_shows_classes_coverage_and_who_is_missing(village, as_):
    page = as_(Role.STANDING).get("/training?year=2026").text
    assert "Lớp bí thư 2026" in page
    assert "1/2 người đã học, tính người giữ chức vụ ngày 24/11/2026." in page
    assert "Lò Thị Thư" in page and "Quàng Văn Hai" not in page
    assert "Vì Văn Bản" in page
    assert "Trưởng ban công tác Mặt trận bản: 2 nơi chưa ghi ai giữ chức vụ" in page
    assert "Chưa đủ số liệu: chưa ghi ai giữ chức vụ này vào ngày 24/11/2026." in page
    assert "Thêm lớp" not in page
    assert "Thêm lớp" in as_(Role.ORGANISATION).get("/training").text


def test_the_year_narrowed_to_a_cell_and_odd_years(village, as_):
    browser = as_(Role.STANDING)
    page = browser.get("/training?year=2026&unit=cb-he").text
    assert "1/1 người đã học" in page and "Lò Thị Thư" not in page
    assert browser.get("/training?unit=no-such").status_code == 404
    assert "Năm 2024 chưa có quy định phải bồi dưỡng." in browser.get("/training?year=2024").text
    for odd in ("1", "99999999999999", "abc", "%00"):
        assert "Bồi dưỡng năm 2026" in browser.get(f"/training?year={odd}").text
    assert "Bồi dưỡng năm 2028" in browser.get("/training?year=2028").text


def test_a_secretary_sees_her_cell_only(village, as_):
    browser = as_(Role.SECRETARY, village.bon)
    page = browser.get("/training").text
    assert "Lò Thị Thư" in page and "Quàng Văn Hai" not in page
    shown = browser.get(f"/training/{village.course}").text
    assert "Quàng Văn Hai" not in shown and "Chưa có ai trong danh sách" in shown
    assert browser.get(f"/training/{village.course}/people").status_code == 403
    assert "Quàng Văn Hai" not in browser.get(f"/training/{village.course}/export.csv").data.decode("utf-8-sig")


def test_a_cell_is_not_asked_for_posts_that_it_cannot_have(village, as_):
    school = make.unit(parent=village.root, code="cb-truong", kind=UnitKind.GRASSROOTS_CELL, name="Chi bộ Trường")
    own = as_(Role.SECRETARY, school).get("/training").text
    assert "Bí thư chi bộ" in own and "Trưởng bản" not in own and "Cán bộ, công chức xã" not in own
    assert "Trưởng bản" in as_(Role.SECRETARY, village.bon).get("/training").text
    whole = as_(Role.STANDING)
    assert "Cán bộ, công chức xã" in whole.get("/training").text
    assert "Trưởng bản" not in whole.get("/training?unit=cb-truong").text.split("<main")[1].split("<table")[0]


def test_a_class_is_entered_and_corrected(village, as_):
    browser = as_(Role.ORGANISATION)
    answer = browser.post("/training/new", data=COURSE)
    made = db.session.scalars(sa.select(TrainingCourse).where(TrainingCourse.kind == CourseKind.DIGITAL)).one()
    key = made.id
    assert answer.location == f"/training/{key}/people"
    assert (made.started_on, made.ended_on, made.sessions) == (DAY(2026, 3, 2), DAY(2026, 3, 4), 6)
    assert 'value="Lớp kỹ năng số"' in browser.get(f"/training/{key}/edit").text
    sent = {**COURSE, "title": "Lớp kỹ năng số đợt 1", "version": "1"}
    assert browser.post(f"/training/{key}/edit", data=sent).status_code == 302
    stale = browser.post(f"/training/{key}/edit", data={**COURSE, "title": "Lớp khác", "version": "1"})
    assert stale.status_code == 409
    assert "Lớp khác" in stale.text and "Lớp kỹ năng số đợt 1" in stale.text and 'name="version" value="2"' in stale.text
    assert browser.post(f"/training/{key}/remove", data={"version": "2"}).location == "/training?year=2026"
    assert browser.get(f"/training/{key}").status_code == 404


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"kind": ""}, "Chưa nhập mục này"),
        ({"kind": "dancing"}, "Lựa chọn không có trong danh sách"),
        ({"title": " "}, "Chưa nhập mục này"),
        ({"started_on": "31/02/2026"}, "Không có ngày 31/02/2026 trong lịch"),
        ({"ended_on": "01/03/2026"}, "Ngày kết thúc trước ngày bắt đầu 02/03/2026"),
        ({"sessions": "99999999999999999999"}, "Phải là số từ 1 đến 500"),
        ({"sessions": "nhiều"}, "Phải là số nguyên"),
    ],
)
def test_a_wrong_class_comes_back_filled_with_the_reason(village, as_, given, told):
    browser = as_(Role.ORGANISATION)
    answer = browser.post("/training/new", data={**COURSE, **given})
    assert answer.status_code == 422
    assert told in answer.text and "Trung tâm chính trị xã" in answer.text
    assert browser.post(f"/training/{village.course}/edit", data={**COURSE, **given, "version": "1"}).status_code == 422


def test_many_people_are_entered_at_once(village, as_):
    browser = as_(Role.ORGANISATION)
    page = browser.get(f"/training/{village.course}/people?post=cell_secretary&preset=finished").text
    assert "Thêm vào danh sách (1)" in page and "Đã có trong danh sách (1)" in page
    assert f'name="result-{village.own}"' in page and 'value="finished"' in page
    assert "Vì Văn Bản" in browser.get(f"/training/{village.course}/people?unit=cb-bon").text
    assert "ngoài Đảng" in browser.get(f"/training/{village.course}/people?q=vi+van").text
    assert "Không tìm thấy ai" in browser.get(f"/training/{village.course}/people?q=khong+co").text
    sent = {
        f"result-{village.own}": "finished", f"number-{village.own}": "02/2026", f"day-{village.own}": "9/5/2026",
        f"version-{village.own}": "0", f"result-{village.head}": "away", f"version-{village.head}": "0", f"number-{village.head}": "cũ",
        f"result-{village.other}": "", f"version-{village.other}": "1",
    }  # fmt: skip
    answer = browser.post(f"/training/{village.course}/people", data=sent)
    assert answer.location == f"/training/{village.course}"
    assert results() == {village.own: ("finished", "02/2026", DAY(2026, 5, 9)), village.head: ("away", None, None)}
    assert "Đã ghi 3 dòng" in browser.get(f"/training/{village.course}").text


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"result": "danced"}, "Lựa chọn không có trong danh sách"),
        ({"day": "31/02/2026"}, "Không có ngày 31/02/2026 trong lịch"),
        ({"day": "hôm qua"}, "Không đọc được ngày"),
        ({"day": ""}, "thì phải ghi ngày cấp"),
        ({"day": "01/05/2026"}, "không thể cấp trước ngày kết thúc lớp (08/05/2026)"),
        ({"number": "9" * 41}, "dài quá 40 ký tự"),
    ],
)
def test_a_wrong_line_comes_back_filled_and_nothing_is_written(village, as_, given, told):
    browser = as_(Role.ORGANISATION)
    line = {"result": "finished", "number": "02/2026", "day": "09/05/2026", "version": "0", **given}
    sent = {f"{name}-{village.own}": value for name, value in line.items()}
    answer = browser.post(f"/training/{village.course}/people", data={**sent, f"result-{village.head}": "finished"})
    assert answer.status_code == 422
    assert told in answer.text and f'value="{line["number"]}"' in answer.text and "Vì Văn Bản" in answer.text
    assert set(results()) == {village.other}


def test_a_list_changed_meanwhile_is_not_overwritten(village, as_):
    browser = as_(Role.ORGANISATION)
    answer = browser.post(f"/training/{village.course}/people", data={f"result-{village.other}": "away", f"version-{village.other}": "7"})
    assert answer.status_code == 409 and "vừa được người khác sửa" in answer.text
    assert "Người khác vừa ghi: Học xong" in answer.text
    version = re.search(rf'name="version-{village.other}" value="(\d+)"', answer.text)
    again = {f"result-{village.other}": "away", f"version-{village.other}": version[1]}
    assert browser.post(f"/training/{village.course}/people", data=again).status_code == 302
    assert results()[village.other][0] == "away"


def test_who_was_taken_off_the_list_meanwhile_is_told(village, as_):
    data = {f"result-{village.own}": "finished", f"version-{village.own}": "3"}
    answer = as_(Role.ORGANISATION).post(f"/training/{village.course}/people", data=data)
    assert answer.status_code == 409 and "Người khác vừa ghi: không có trong danh sách" in answer.text
    assert results()[village.other][0] == "finished"


def test_odd_lists_are_no_accident(village, as_):
    browser = as_(Role.ORGANISATION)
    for odd in ({}, {"result-": "finished"}, {"result-99999999999999": "finished"}, {"result-abc": "x"}, {"result-1\0": "finished"}):
        assert browser.post(f"/training/{village.course}/people", data=odd).status_code in (302, 422)
    assert browser.post(f"/training/{village.course}/people", data={f"result-{village.own}": "called", f"number-{village.own}": "\0"})
    assert browser.get(f"/training/{village.course}/people?post=nobody&unit=&q=%00&preset=x").status_code == 200
    assert browser.get(f"/training/{village.course}/people?unit=no-such").status_code == 404
    assert browser.get("/training/999999").status_code == 404
    assert browser.get("/training/99999999999").status_code == 404


def test_a_class_with_people_is_not_removed(village, as_):
    answer = as_(Role.ORGANISATION).post(f"/training/{village.course}/remove", data={"version": "1"})
    assert answer.status_code == 422 and "còn 1 người trong danh sách" in answer.text


def test_the_list_as_a_file(village, as_):
    browser = as_(Role.ORGANISATION)
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"/training/{village.course}/export.xlsx").data))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert rows[0][:2] == ["Họ và tên", "Ngày sinh"] and rows[1][0] == "Quàng Văn Hai" and rows[1][4] == "Học xong"
    assert "Quàng Văn Hai" in browser.get(f"/training/{village.course}/export.csv").data.decode("utf-8-sig")
    assert as_(Role.INSPECTION).get(f"/training/{village.course}/export.csv").status_code == 403
    assert as_(Role.INSPECTION).get(f"/training/{village.course}").status_code == 200


HEAD = {
    "post": "village_head", "unit": "cb-he", "full_name": "Cà Văn Trưởng", "sex": "male", "born_on": "01/02/1981", "ethnicity": "Thái",
    "on": "05/01/2026",
}  # fmt: skip


def test_a_holder_is_named_and_relieved(village, as_):
    browser = as_(Role.ORGANISATION)
    assert 'selected value="cb-he"' in browser.get("/training/holders/new?post=village_head&unit=cb-he").text
    assert browser.post("/training/holders/new", data=HEAD).location == "/training/holders"
    page = browser.get("/training/holders").text
    assert "Cà Văn Trưởng" in page and "Vì Văn Bản" in page and "ngoài Đảng" in page
    assert "Cà Văn Trưởng" not in as_(Role.SECRETARY, village.bon).get("/training/holders").text
    position = db.session.scalars(sa.select(Position).join(Person, Person.id == Position.person_id).where(
        Person.full_name == "Cà Văn Trưởng")).one().id  # fmt: skip
    assert "Đã giữ từ 05/01/2026." in browser.get(f"/training/holders/{position}/end").text
    early = browser.post(f"/training/holders/{position}/end", data={"on": "04/01/2026"})
    assert early.status_code == 422 and "Ngày kết thúc trước ngày bắt đầu (05/01/2026)" in early.text
    assert browser.post(f"/training/holders/{position}/end", data={"on": "01/11/2026"}).location == "/training/holders"
    assert "Cà Văn Trưởng" not in browser.get("/training/holders").text.split("flashes")[-1].split("<table")[1]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"post": ""}, "Chưa nhập mục này"),
        ({"post": "cell_secretary"}, "Lựa chọn không có trong danh sách"),
        ({"unit": "no-such"}, "Lựa chọn không có trong danh sách"),
        ({"unit": "cb-bon"}, "Vì Văn Bản đang giữ chức vụ này từ 10/01/2025"),
        ({"unit": "muong-chien"}, "Lựa chọn không có trong danh sách"),
        ({"full_name": " "}, "Chưa nhập mục này"),
        ({"full_name": "Cà"}, "Hãy ghi đủ họ và tên"),
        ({"born_on": "01/01/2030"}, "chưa đến"),
        ({"on": "31/04/2026"}, "Không có ngày 31/04/2026"),
    ],
)
def test_a_wrong_holder_comes_back_filled(village, as_, given, told):
    answer = as_(Role.ORGANISATION).post("/training/holders/new", data={**HEAD, **given})
    assert answer.status_code == 422
    assert told in answer.text and 'value="Thái"' in answer.text
    assert as_(Role.ORGANISATION).post("/training/holders/new", data={**HEAD, "ethnicity": " "}).status_code == 422


def test_posts_of_the_party_are_not_ended_here(village, as_):
    position = db.session.scalars(sa.select(Position.id).where(Position.person_id == village.own)).one()
    assert as_(Role.ORGANISATION).get(f"/training/holders/{position}/end").status_code == 404


def test_a_members_page_and_her_own_show_her_classes(village, as_):
    awareness = make_training.course(kind=CourseKind.AWARENESS, title="Lớp nhận thức về Đảng", ended_on=DAY(2020, 3, 4))
    entry = make_training.Entry(village.other, 0, CourseResult.FINISHED, "07/2020", DAY(2020, 3, 5))
    make_training.actions.enter_results(make_training.SYSTEM, awareness, [entry])
    page = as_(Role.STANDING).get(f"/members/{village.other}").text
    assert f'href="/training/{village.course}"' in page
    assert "giấy chứng nhận 07/2020 ngày 05/03/2020" in page and "đã hết giá trị ngày 05/03/2025" in page
    own = as_(Role.MEMBER, village.he, person_id=village.other).get("/me").text
    assert "Lớp bí thư 2026" in own and f'href="/training/{village.course}"' not in own
    assert "Lớp bí thư 2026" not in as_(Role.MEMBER, village.bon, person_id=village.own).get("/me").text


def test_officials_are_counted_from_the_staff_register(village, as_):
    staff(name="Lò Văn Công Chức")
    browser = as_(Role.STANDING)
    assert "Lò Văn Công Chức" in browser.get("/training").text
    assert "Lò Văn Công Chức" in browser.get("/staff").text
    assert "Lò Văn Công Chức" not in browser.get("/training/holders").text
    assert "Vì Văn Bản" in browser.get("/units/cb-bon").text
    refused = as_(Role.ORGANISATION).post("/training/holders/new", data={**HEAD, "post": "official"})
    assert refused.status_code == 422 and "danh sách" in refused.text


def test_home_tells_the_organisation_committee_who_is_missing(village, as_):
    page = as_(Role.ORGANISATION).get("/").text
    assert "Bồi dưỡng năm 2026 còn thiếu" in page and "còn 1 người chưa học" in page
    assert "còn thiếu" not in as_(Role.SECRETARY, village.bon).get("/").text


def test_the_targets_page_names_who_is_missing(village, as_):
    page = as_(Role.STANDING).get("/targets/23b?year=2026&side=rest").text
    assert "Lò Thị Thư" in page and "Vì Văn Bản" in page and "Quàng Văn Hai" not in page
    part = as_(Role.STANDING).get("/targets/23b?year=2026").text
    assert "Quàng Văn Hai" in part and "08/05/2026" in part and "Ngày học xong" in part
    assert as_(Role.STANDING).get("/targets/25b?side=missing").status_code == 404


def test_pages_take_as_many_statements_for_many_as_for_few(village, as_, counting):
    browser = as_(Role.ORGANISATION)

    def ask() -> int:
        with counting() as count:
            browser.get("/training")
            browser.get(f"/training/{village.course}")
            browser.get(f"/training/{village.course}/people?post=village_head")
            browser.get("/training/holders")
        return len(count)

    ask()
    few = ask()
    made = [staff(name=f"Lò Văn {chr(65 + n)}").person_id for n in range(10)]
    course = db.session.get_one(TrainingCourse, village.course)
    entries = [make_training.Entry(person, 0, CourseResult.FINISHED) for person in made]
    make_training.actions.enter_results(make_training.SYSTEM, course, entries)
    assert ask() == few
