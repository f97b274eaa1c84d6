"""The forms in which a file is opened and filled in."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

import pytest
import sqlalchemy as sa

from partyreg.admissions import actions
from partyreg.admissions.models import IntroducerKind
from partyreg.db import db
from partyreg.members import actions as members
from partyreg.members.models import Exit, Person, Standing
from partyreg.rulebook.admission import Step
from tests.admissions.looking import LISTED, error_of, files, kept_of, officer_of, refreshed, secretary_of
from tests.make.admissions import SYSTEM, admission, introducers
from tests.make.members import member, person


@pytest.fixture
def browser(as_, commune):
    """The browser of the secretary of Bon."""
    return secretary_of(as_, commune.bon)


# -- a new file -----------------------------------------------------------------------------------------------------------


def test_a_candidate_is_put_on_the_list(commune, browser):
    helper = member(unit=commune.bon, full_name="Cà Văn An")
    page = browser.get("/admissions/new").text
    assert "Nguồn cảm tình Đảng" in page and "Cà Văn An" in page and "Hồ sơ công nhận" not in page
    answer = browser.post("/admissions/new", data={**LISTED, "helper_id": helper.id, "helper_on": "02/11/2026"})
    assert answer.status_code == 302
    [file] = files()
    assert (file.step, file.listing_number, file.helper_id, file.unit_id) == (Step.LISTED, "09-NQ/CB", helper.id, commune.bon.id)
    page = browser.get(answer.location).text
    assert "Cà Văn An" in page and "Xin làm thủ tục kết nạp" in page


def test_an_older_dossier_starts_with_its_permission(commune, browser):
    one, two = introducers(commune.bon)
    sent = {
        **LISTED, "permitted_on": "03/11/2026", "permit_number": "08-TB/ĐU", "opened_on": "04/11/2026", "applied_on": "05/11/2026",
        "who_1": one.member_id, "since_1": "01/01/2020", "who_2": two.member_id, "since_2": "2020-01-01",
    }  # fmt: skip
    assert browser.post("/admissions/new", data=sent).status_code == 302
    [file] = files()
    assert (file.step, file.permit_number, file.opened_on) == (Step.DRAFT, "08-TB/ĐU", dt.date(2026, 11, 4))


@pytest.mark.parametrize(
    ("sent", "field", "message"),
    [
        ({"born_on": "31/02/2001"}, "born_on", "Không có ngày 31/02/2001 trong lịch"),
        ({"born_on": "hôm qua"}, "born_on", "Không đọc được ngày"),
        ({"born_on": "08/03/2031"}, "born_on", "Ngày này chưa đến"),
        ({"born_on": "08/03/1801"}, "born_on", "Ngày quá sớm"),
        ({"born_on": ""}, "born_on", "Chưa nhập mục này"),
        ({"full_name": ""}, "full_name", "Chưa nhập mục này"),
        ({"full_name": "<script>alert(1)</script>"}, "full_name", "Họ tên chỉ gồm chữ"),
        ({"full_name": "=HYPERLINK(1)"}, "full_name", "Họ tên chỉ gồm chữ"),
        ({"full_name": "Lò " * 4000}, "full_name", "Quá dài"),
        ({"residence": "x" * 10_000}, "residence", "Quá dài"),
        ({"sex": "other"}, "sex", "Lựa chọn không có trong danh sách"),
        ({"personal_number": "12345"}, "personal_number", "12 chữ số"),
        ({"personal_number": "０１４３０１０００１２３"}, "personal_number", "12 chữ số"),
        ({"listed_on": "25/11/2026"}, "listed_on", "Ngày này chưa đến"),
        ({"who_1": "youth_union"}, "resolution_1", "Ghi số nghị quyết"),
        ({"who_1": "999999"}, "who_1", "Lựa chọn không có trong danh sách"),
        ({"helper_id": "999999"}, "helper_id", "Lựa chọn không có trong danh sách"),
    ],
)
def test_wrong_input_comes_back_filled_with_a_message_beside_the_field(commune, browser, sent, field, message):
    page = browser.post("/admissions/new", data={**LISTED, **sent})
    assert page.status_code == 422
    assert message in error_of(page.text, field)
    assert f'value="{({**LISTED, **sent})["listing_number"]}"' in page.text
    if field == "born_on" and sent["born_on"]:
        assert f'value="{sent["born_on"]}"' in page.text
    assert "<script>alert" not in page.text
    assert files() == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 0


def test_a_folded_part_with_a_fault_is_open(commune, browser):
    page = browser.post("/admissions/new", data={**LISTED, "applied_on": "31/02/2026"}).text
    part = page.split('id="applied_on-field"')[0].rsplit("<details", 1)[1]
    assert part.split(">")[0].endswith("open")


def test_a_duplicate_personal_number_is_told_beside_the_field(commune, browser):
    person(unit=commune.he, full_name="Lò Văn Khác", personal_number="014301000123")
    page = browser.post("/admissions/new", data=LISTED)
    assert page.status_code == 422
    assert "đã có ở một hồ sơ khác" in error_of(page.text, "personal_number")
    assert "Lò Văn Khác" not in page.text
    assert files() == []


def test_a_decomposed_name_is_stored_composed_and_markup_shown_harmlessly(commune, browser):
    sent = {**LISTED, "full_name": unicodedata.normalize("NFD", "Quàng  Thị Hoa"), "residence": "<script>alert(1)</script>"}
    answer = browser.post("/admissions/new", data=sent)
    assert answer.status_code == 302
    assert db.session.get_one(Person, files()[0].person_id).full_name == "Quàng Thị Hoa"
    page = browser.get(answer.location).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "<script>alert" not in page


def test_the_same_introducer_twice(commune, browser):
    one = member(unit=commune.bon)
    page = browser.post("/admissions/new", data={**LISTED, "who_1": one.id, "who_2": one.id})
    assert page.status_code == 422
    assert "đã ghi ở trên" in error_of(page.text, "who_2")


def test_a_probationary_member_is_not_offered(commune, browser):
    new = member(unit=commune.bon, full_name="Hà Văn Mới", standing=Standing.PROBATIONARY)
    assert "Hà Văn Mới" not in browser.get("/admissions/new").text
    for field in ("who_1", "helper_id"):
        page = browser.post("/admissions/new", data={**LISTED, field: new.id})
        assert "Lựa chọn không có trong danh sách" in error_of(page.text, field)


def test_who_has_many_cells_chooses_one(commune, as_):
    officer = officer_of(as_)
    page = officer.get("/admissions/new").text
    assert "/admissions/new?unit=cb-bon" in page and "/admissions/new?unit=cb-he" in page
    assert officer.get("/admissions/new?unit=muong-chien").status_code == 404
    assert officer.post("/admissions/new?unit=cb-he", data=LISTED).status_code == 302
    assert files()[0].unit_id == commune.he.id


def test_a_person_whom_the_register_knows(commune, as_):
    officer, known = officer_of(as_), person(unit=commune.bon, full_name="Lường Thị Xôm")
    address = f"/admissions/new?unit=cb-bon&person={known.id}"
    page = officer.get(address).text
    assert 'value="Lường Thị Xôm"' in page and "Kết nạp lại" not in page and "readmission_paper" not in page
    assert officer.post(address, data={**LISTED, "full_name": "Lường Thị Xôm"}).status_code == 302
    assert files()[0].person_id == known.id
    page = officer.post(address, data={**LISTED, "full_name": "Lường Thị Xôm"})
    assert page.status_code == 422 and "đã có một hồ sơ kết nạp đang làm" in page.text
    assert officer.get("/admissions/new?unit=cb-bon&person=99999").status_code == 404


def test_a_former_member_is_readmitted_with_the_consent(commune, as_):
    former = member(unit=commune.bon, full_name="Lường Văn Cũ")
    members.leave(SYSTEM, former, exit=Exit.WITHDREW, on=dt.date(2022, 3, 1), paper="12-QĐ/ĐU")
    officer, address = officer_of(as_), f"/admissions/new?unit=cb-bon&person={former.id}"
    page = officer.get(address).text
    assert "Kết nạp lại" in page and "01/03/2022" in page and 'name="readmission_paper"' in page
    answer = officer.post(address, data={**LISTED, "full_name": "Lường Văn Cũ", "readmission_paper": "77-CV/TU"})
    assert answer.status_code == 302
    [file] = files()
    assert (file.is_readmission, file.readmission_paper) == (True, "77-CV/TU")
    assert "Kết nạp lại" in officer.get(answer.location).text


# -- an open file ---------------------------------------------------------------------------------------------------------


def sent_again(page):
    """What a browser sends of an edit form that nobody changed."""
    fields = dict(re.findall(r'<input[^>]* name="([\w]+)"[^>]* value="([^"]*)"', page))
    fields |= dict(re.findall(r'<select[^>]* name="(\w+)".*?<option selected value="([^"]*)"', page, re.S))
    boxes = set(re.findall(r'<input[^>]*name="(\w+)"[^>]*type="checkbox"', page)) | set(
        re.findall(r'<input[^>]*type="checkbox"[^>]*name="(\w+)"', page)
    )
    return {name: value for name, value in fields.items() if name not in boxes and name != "csrf_token"}


def test_a_dossier_is_filled_in(commune, browser):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    page = browser.get(f"/admissions/{file.id}/edit").text
    assert 'value="Quàng Thị Hoa"' in page and 'value="14-BC/TTLL"' in page and 'name="new_class_on"' not in page
    assert 'name="permitted_on"' not in page
    sent = {**sent_again(page), "check_paper": "15-BC", "in_hard_area": "y"}
    assert browser.post(f"/admissions/{file.id}/edit", data=sent).status_code == 302
    kept = refreshed(file)
    assert (kept.check_paper, kept.in_hard_area, kept.applied_on is not None, kept.step) == ("15-BC", True, True, Step.DRAFT)


def test_at_probation_only_the_recognition_is_filled_in(commune, browser):
    file = admission(unit=commune.bon, step=Step.PROBATION)
    page = browser.get(f"/admissions/{file.id}/edit").text
    assert 'name="new_class_on"' in page and 'name="full_name"' not in page and 'name="applied_on"' not in page
    sent = {**sent_again(page), "new_class_on": "20/11/2026", "new_class_number": "31/GCN"}
    assert browser.post(f"/admissions/{file.id}/edit", data=sent).status_code == 302
    assert (refreshed(file).new_class_number, refreshed(file).check_paper) == ("31/GCN", "14-BC/TTLL")


def test_a_stale_form_is_shown_beside_what_is_kept_and_can_then_be_saved(commune, browser):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    data = {**sent_again(browser.get(f"/admissions/{file.id}/edit").text), "check_paper": "Bản của tôi"}
    actions.edit(SYSTEM, file, file.version, check_paper="Bản của người khác")
    page = browser.post(f"/admissions/{file.id}/edit", data=data)
    assert page.status_code == 409
    assert "Bản của tôi" in page.text and "Bản của người khác" in page.text and "Số văn bản kết luận thẩm tra" in page.text
    assert refreshed(file).check_paper == "Bản của người khác"
    assert browser.post(f"/admissions/{file.id}/edit", data={**data, **kept_of(page.text)}).status_code == 302
    assert refreshed(file).check_paper == "Bản của tôi"


@pytest.mark.parametrize("step", [Step.ASKED, Step.SUBMITTED, Step.DECIDED, Step.RULING, Step.CLOSED])
def test_a_file_that_is_not_at_the_cell_is_not_edited(commune, browser, step):
    file = admission(unit=commune.bon, step=step)
    assert f"/admissions/{file.id}/edit" not in browser.get(f"/admissions/{file.id}").text
    for answer in (browser.get(f"/admissions/{file.id}/edit"), browser.post(f"/admissions/{file.id}/edit", data=LISTED)):
        assert answer.status_code == 422
        assert "chi bộ không sửa được nữa" in answer.text


def test_the_introducers_of_a_file_as_shown(commune, as_):
    union = actions.Introduces(IntroducerKind.TRADE_UNION, resolution_number="03-NQ/CĐ", resolved_on=dt.date(2026, 6, 2))
    new = member(unit=commune.bon, full_name="Hà Văn Mới", standing=Standing.PROBATIONARY)
    late = actions.Introduces(IntroducerKind.MEMBER, new.id, is_replacement=True)
    page = officer_of(as_).get(f"/admissions/{admission(unit=commune.bon, step=Step.LISTED, introduced_by=[late, union]).id}").text
    assert "Nghị quyết số 03-NQ/CĐ ngày 02/06/2026" in page
    assert "Không phải đảng viên chính thức vào ngày chi bộ xét; chưa ghi thời gian cùng sinh hoạt; thay người giới thiệu trước" in page
