"""The doors: pages, rights, wrong input, steps."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any

import pytest
import sqlalchemy as sa

from partyreg.access import Role
from partyreg.admissions import actions
from partyreg.admissions.models import Admission, IntroducerKind
from partyreg.db import db
from partyreg.members.actions import recognise
from partyreg.members.models import Member, Person, Standing
from partyreg.rulebook.admission import Step
from tests.make.admissions import SYSTEM, admission, introducers
from tests.make.members import member, person

#: What a browser sends for a file in order (introducers are added by the tests that need them).
FORM = {
    "full_name": "Quàng Thị Hoa", "sex": "female", "born_on": "08/03/2001", "ethnicity": "Thái", "schooling": "upper_secondary",
    "qualification": "none", "theory": "none", "personal_number": "014301000123", "residence": "Bản Bon", "opened_on": "01/06/2026",
    "applied_on": "05/06/2026", "certificate_on": "10/11/2025", "check_asked_on": "01/07/2026", "check_concluded_on": "20/07/2026",
    "voted_on": "20/10/2026", "resolution_number": "05-NQ/CB", "full_members": "9", "not_counted": "0", "present": "8",
    "in_favour": "7", "against": "1", "blank": "0", "who_1": "", "who_2": "",
}  # fmt: skip
DECISION = {"decision_number": "125-QĐ/ĐU", "decided_on": "20/11/2026", "signer": "Lò Văn Pâng", "ceremony_on": "03/12/2026"}


@pytest.fixture
def secretary(as_, commune):
    """The browser of the secretary of Bon."""
    return as_(Role.SECRETARY, commune.bon, name="Bí thư bản Bon")


@pytest.fixture
def officer(as_):
    """The browser of an officer of the organisation committee."""
    return as_(Role.ORGANISATION, name="Cán bộ Ban Tổ chức")


def files():
    """Every file, in order of making."""
    return list(db.session.scalars(sa.select(Admission).order_by(Admission.id)))


def error_of(page, field):
    """What stands beside a field."""
    found = re.search(rf'id="{field}-error">(.*?)</ul>', page, re.S)
    return re.sub(r"<[^>]+>|\s+", " ", found[1]) if found else ""


def refreshed(file):
    """The file as it is kept now."""
    db.session.expire_all()
    return db.session.get_one(Admission, file.id)


# -- the whole way ----------------------------------------------------------------------------------------------------


def test_a_candidate_from_the_form_to_probation(commune, secretary, officer):
    first, second = introducers(commune.bon)
    sent = {**FORM, "who_1": first.member_id, "since_1": "01/01/2020", "who_2": second.member_id, "since_2": "2020-01-01"}
    page = secretary.get("/admissions/new").text
    assert 'value="24/11/2026"' in page  # opened today, in her only cell
    assert "Cà Văn An" in page
    assert "Theo sổ ngày 24/11/2026: 2" in page
    answer = secretary.post("/admissions/new", data=sent)
    assert answer.status_code == 302
    [file] = files()
    assert (file.step, file.in_favour, file.unit_id) == (Step.DRAFT, 7, commune.bon.id)
    page = secretary.get(answer.location).text
    assert "7/9 đảng viên chính thức, cần 6" in page
    assert "208-QĐ/TW" in page
    assert "nguồn thứ cấp" in page
    assert "Trình hồ sơ" in page
    assert secretary.post(f"/admissions/{file.id}/submit", data={"version": file.version}).status_code == 302
    page = officer.get("/admissions").text
    assert "Quàng Thị Hoa" in page and "Còn 21 ngày làm việc" in page and "24/45" in page
    page = officer.get(f"/admissions/{file.id}").text
    assert "Không có điều nào ngăn cản" in page
    answer = officer.post(f"/admissions/{file.id}/approve", data={**DECISION, "version": refreshed(file).version})
    assert answer.status_code == 302
    made = db.session.get_one(Member, file.person_id)
    assert (made.decided_on, made.ceremony_on, made.decision_number) == (dt.date(2026, 11, 20), dt.date(2026, 12, 3), "125-QĐ/ĐU")
    page = officer.get(answer.location).text
    assert "125-QĐ/ĐU" in page and "03/12/2027" in page  # the end of probation
    assert f"/members/{made.id}" in page
    log = re.findall(r"Bí thư bản Bon|Cán bộ Ban Tổ chức", page.split("Nhật ký hồ sơ")[2])
    assert log[:3] == ["Cán bộ Ban Tổ chức", "Bí thư bản Bon", "Bí thư bản Bon"]


def test_returned_corrected_and_submitted_again(commune, secretary, officer):
    file = admission(unit=commune.bon)
    page = officer.post(f"/admissions/{file.id}/return", data={"version": file.version, "reason": " "})
    assert page.status_code == 422
    assert "Phải ghi lý do" in error_of(page.text, "return-reason")
    reason = "Thiếu nghị quyết <b>của Đoàn</b>"
    assert officer.post(f"/admissions/{file.id}/return", data={"version": file.version, "reason": reason}).status_code == 302
    page = secretary.get(f"/admissions/{file.id}").text
    assert "Thiếu nghị quyết &lt;b&gt;của Đoàn&lt;/b&gt;" in page
    assert "Sửa hồ sơ" in page
    page = secretary.get(f"/admissions/{file.id}/edit").text
    assert 'value="Quàng Thị Hoa"' in page and 'value="20/10/2026"' in page
    kept = dict(re.findall(r'name="(version|candidate_version)" value="(\d+)"', page))
    chosen = dict(re.findall(r'name="(who_\d)".*?<option selected value="(\d+)"', page, re.S))
    assert len(chosen) == 2
    data = {**FORM, **kept, **chosen, "since_1": "01/01/2020", "since_2": "01/01/2020", "check_paper": "15-BC", "in_hard_area": "y"}
    assert secretary.post(f"/admissions/{file.id}/edit", data=data).status_code == 302
    assert (refreshed(file).check_paper, file.in_hard_area, file.step) == ("15-BC", True, Step.RETURNED)
    assert secretary.post(f"/admissions/{file.id}/submit", data={"version": refreshed(file).version}).status_code == 302
    assert refreshed(file).step is Step.SUBMITTED


def test_a_file_is_withdrawn_with_a_reason(commune, secretary):
    file = admission(unit=commune.bon)
    assert secretary.post(f"/admissions/{file.id}/withdraw", data={"version": file.version}).status_code == 422
    done = secretary.post(f"/admissions/{file.id}/withdraw", data={"version": file.version, "reason": "Chuyển nơi ở"})
    assert (done.status_code, refreshed(file).step) == (302, Step.WITHDRAWN)
    page = secretary.post(f"/admissions/{file.id}/withdraw", data={"version": file.version, "reason": "Lần nữa"})
    assert page.status_code == 422


# -- the board --------------------------------------------------------------------------------------------------------


def test_the_board_and_its_tabs(commune, officer):
    for step, name in zip(Step, ("Lò Thị Nháp", "Lò Thị Chờ", "Lò Thị Trả", "Lò Thị Xong", "Lò Thị Rút"), strict=True):
        admission(unit=commune.bon, step=step, full_name=name)
    admission(unit=commune.he, full_name="Lò Thị Hé", voted_on=dt.date(2026, 8, 3))
    page = officer.get("/admissions").text
    for name in ("Lò Thị Nháp", "Lò Thị Chờ", "Lò Thị Trả", "Lò Thị Xong", "Lò Thị Rút", "Lò Thị Hé"):
        assert name in page
    assert "Quá hạn" in page and "tone-danger" in page
    assert "Lập hồ sơ mới" in page
    waiting = officer.get("/admissions?tab=waiting").text
    assert "Lò Thị Chờ" in waiting and "Lò Thị Nháp" not in waiting
    assert waiting.index("Lò Thị Hé") < waiting.index("Lò Thị Chờ")
    of_he = officer.get("/admissions?tab=waiting&unit=cb-he").text
    assert "Lò Thị Hé" in of_he and "Lò Thị Chờ" not in of_he
    assert "Không có hồ sơ ở bước này" in officer.get("/admissions?tab=draft&unit=cb-he").text
    assert officer.get("/admissions?unit=cb-none").status_code == 404
    assert officer.get("/admissions?tab=nonsense").status_code == 200


def test_a_long_tab_has_pages(commune, officer):
    for number in range(27):
        admission(unit=commune.bon, step=Step.DRAFT, full_name="Lò Thị " + "ABCDEFGHIJKLMNOPQRSTUVWXYZĐ"[number], introduced_by=[])
    board = officer.get("/admissions").text
    assert "/admissions?tab=draft" in board and board.count('class="task"') == 12
    assert officer.get("/admissions?tab=draft").text.count('class="task"') == 25
    assert officer.get("/admissions?tab=draft&page=2").text.count('class="task"') == 2


def test_statements_of_the_board_and_of_a_file_do_not_grow(commune, officer, counting):
    def statements(more):
        for _each in range(more):
            admission(unit=commune.bon, introduced_by=[])
        pages = []
        for address in ("/admissions", "/admissions?tab=waiting", f"/admissions/{files()[0].id}"):
            with counting() as count:
                assert officer.get(address).status_code == 200
            pages.append(len(count))
        return pages

    few = statements(3)
    assert statements(27) == few


# -- rights -----------------------------------------------------------------------------------------------------------


def test_another_cells_files_do_not_exist_for_a_secretary(commune, secretary):
    file = admission(unit=commune.he, full_name="Lò Thị Hé", step=Step.DRAFT)
    for address in ("", "/edit"):
        assert secretary.get(f"/admissions/{file.id}{address}").status_code == 404
    for step in ("submit", "withdraw", "edit"):
        answer = secretary.post(f"/admissions/{file.id}/{step}", data={"version": file.version, "reason": "x"})
        assert answer.status_code == 404
    page = secretary.get("/admissions").text
    assert "Lò Thị Hé" not in page and "Chi bộ bản Hé" not in page
    assert secretary.get("/admissions/new?unit=cb-he").status_code == 404
    assert secretary.get("/admissions/999999").status_code == 404


def test_a_secretary_neither_approves_nor_returns(commune, secretary):
    file = admission(unit=commune.bon)
    assert secretary.post(f"/admissions/{file.id}/approve", data={**DECISION, "version": file.version}).status_code == 403
    assert secretary.post(f"/admissions/{file.id}/return", data={"version": file.version, "reason": "x"}).status_code == 403
    page = secretary.get(f"/admissions/{file.id}").text
    assert "/approve" not in page and "/return" not in page and "/edit" not in page
    assert refreshed(file).step is Step.SUBMITTED


def test_the_standing_committee_reads_only(commune, as_):
    file = admission(unit=commune.bon)
    reader = as_(Role.STANDING)
    page = reader.get(f"/admissions/{file.id}").text
    assert "Duyệt và ghi quyết định" not in page and "Rút hồ sơ" not in page
    assert "Lập hồ sơ mới" not in reader.get("/admissions").text
    for address in ("submit", "return", "approve", "withdraw"):
        assert reader.post(f"/admissions/{file.id}/{address}").status_code == 403
    assert reader.get("/admissions/new").status_code == 403


@pytest.mark.parametrize("role", [Role.INSPECTION, Role.REPORTING, Role.MEMBER, Role.ADMINISTRATOR])
def test_others_have_no_part_in_it(commune, as_, role):
    file = admission(unit=commune.bon)
    assert as_(role).get(f"/admissions/{file.id}").status_code == 403
    assert as_(role).get("/admissions").status_code == 403


def test_without_a_session_one_is_sent_to_sign_in(commune, client):
    answer = client.get("/admissions")
    assert (answer.status_code, answer.location.split("?")[0]) == (302, "/sign-in")


def test_an_officer_does_not_approve_what_she_submitted(commune, officer):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    assert officer.post(f"/admissions/{file.id}/submit", data={"version": file.version}).status_code == 302
    assert "không được tự duyệt" in officer.get(f"/admissions/{file.id}").text
    page = officer.post(f"/admissions/{file.id}/approve", data={**DECISION, "version": refreshed(file).version})
    assert page.status_code == 422
    assert "không được tự duyệt" in page.text
    assert refreshed(file).step is Step.SUBMITTED


# -- wrong input ------------------------------------------------------------------------------------------------------


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
        ({"sex": ""}, "sex", "Chưa nhập mục này"),
        ({"sex": "other"}, "sex", "Lựa chọn không có trong danh sách"),
        ({"personal_number": "12345"}, "personal_number", "12 chữ số"),
        ({"personal_number": "０１４３０１０００１２３"}, "personal_number", "12 chữ số"),
        ({"present": "4", "in_favour": "5", "against": "0"}, "in_favour", "Tổng số phiếu (5) lớn hơn số đảng viên chính thức có mặt (4)"),
        ({"present": "10"}, "present", "lớn hơn số đảng viên chính thức được tính"),
        ({"present": "nhiều"}, "present", "Phải là số nguyên"),
        ({"against": "-1"}, "against", "Phải là số từ 0 đến 999"),
        ({"present": ""}, "present", "Nhập theo biên bản kiểm phiếu"),
        ({"voted_on": ""}, "voted_on", "chưa ghi ngày chi bộ họp xét"),
        ({"voted_on": "25/11/2026"}, "voted_on", "Ngày này chưa đến"),
        ({"who_1": "youth_union"}, "resolution_1", "Ghi số nghị quyết"),
        ({"who_1": "999999"}, "who_1", "Lựa chọn không có trong danh sách"),
    ],
)
def test_wrong_input_comes_back_filled_with_a_message_beside_the_field(commune, secretary, sent, field, message):
    page = secretary.post("/admissions/new", data={**FORM, **sent})
    assert page.status_code == 422
    assert message in error_of(page.text, field)
    kept = {"full_name": "Quàng Thị Hoa", "check_concluded_on": "20/07/2026", "resolution_number": "05-NQ/CB"} | sent
    assert f'value="{kept["resolution_number"]}"' in page.text
    if field == "born_on" and sent["born_on"]:
        assert f'value="{sent["born_on"]}"' in page.text
    assert "<script>alert" not in page.text
    assert files() == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 0


def test_a_duplicate_personal_number_is_told_beside_the_field(commune, secretary):
    person(unit=commune.he, full_name="Lò Văn Khác", personal_number="014301000123")
    page = secretary.post("/admissions/new", data=FORM)
    assert page.status_code == 422
    assert "đã có ở một hồ sơ khác" in error_of(page.text, "personal_number")
    assert "Lò Văn Khác" not in page.text
    assert files() == []


def test_a_decomposed_name_is_stored_composed_and_markup_shown_harmlessly(commune, secretary):
    sent = {**FORM, "full_name": unicodedata.normalize("NFD", "Quàng  Thị Hoa"), "residence": "<script>alert(1)</script>"}
    answer = secretary.post("/admissions/new", data=sent)
    assert answer.status_code == 302
    assert db.session.get_one(Person, files()[0].person_id).full_name == "Quàng Thị Hoa"
    page = secretary.get(answer.location).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "<script>alert" not in page


def test_the_same_introducer_twice(commune, secretary):
    one = member(unit=commune.bon)
    page = secretary.post("/admissions/new", data={**FORM, "who_1": one.id, "who_2": one.id})
    assert page.status_code == 422
    assert "đã ghi ở trên" in error_of(page.text, "who_2")


def test_a_probationary_member_is_not_offered_as_introducer(commune, secretary):
    new = member(unit=commune.bon, full_name="Hà Văn Mới", standing=Standing.PROBATIONARY)
    assert "Hà Văn Mới" not in secretary.get("/admissions/new").text
    page = secretary.post("/admissions/new", data={**FORM, "who_1": new.id})
    assert "Lựa chọn không có trong danh sách" in error_of(page.text, "who_1")


@pytest.mark.parametrize(
    ("sent", "field", "message"),
    [
        ({"decision_number": ""}, "decision_number", "Chưa nhập mục này"),
        ({"signer": ""}, "signer", "Chưa nhập mục này"),
        ({"decided_on": "31/11/2026"}, "decided_on", "Không có ngày"),
        ({"decided_on": "25/11/2026"}, "decided_on", "Ngày này chưa đến"),
        ({"decided_on": "19/10/2026"}, "decided_on", "trước ngày nghị quyết chi bộ"),
        ({"ceremony_on": "19/11/2026"}, "ceremony_on", "trước ngày quyết định"),
        ({"ceremony_on": "03/12/2062"}, "ceremony_on", "quá một năm"),
        ({"decision_number": "124-QĐ/ĐU"}, "decision_number", "đã dùng cho người khác"),
    ],
)
def test_a_wrong_decision_comes_back_filled(commune, officer, sent, field, message):
    admission(unit=commune.he, full_name="Lò Thị Trước", step=Step.APPROVED, decision={"decision_number": "124-QĐ/ĐU"})
    file = admission(unit=commune.bon)
    data = {**DECISION, **sent, "version": file.version}
    page = officer.post(f"/admissions/{file.id}/approve", data=data)
    assert page.status_code == 422
    assert message in error_of(page.text, field)
    for name in DECISION:
        assert not data[name] or f'value="{data[name]}"' in page.text
    assert refreshed(file).step is Step.SUBMITTED
    assert db.session.get(Member, file.person_id) is None


def test_a_vote_short_by_one_is_refused_with_the_article(commune, officer):
    file = admission(unit=commune.bon, in_favour=5)
    page = officer.get(f"/admissions/{file.id}").text
    assert "5/9 đảng viên chính thức, cần 6" in page and "1 điều chưa đạt" in page
    page = officer.post(f"/admissions/{file.id}/approve", data={**DECISION, "version": file.version})
    assert page.status_code == 422
    assert "phải có ít nhất 6 phiếu" in page.text and "208-QĐ/TW" in page.text.split("form-summary")[1].split("</form>")[0]


def test_a_submission_without_a_vote_is_refused_on_the_page(commune, secretary):
    nothing: dict[str, Any] = dict.fromkeys(("voted_on", "full_members", "not_counted", "present", "in_favour", "against", "blank"))
    file = admission(unit=commune.bon, step=Step.DRAFT, **nothing)
    page = secretary.post(f"/admissions/{file.id}/submit", data={"version": file.version})
    assert page.status_code == 422
    assert "Chưa có kết quả biểu quyết của chi bộ" in page.text
    assert refreshed(file).step is Step.DRAFT


# -- stale pages, and the rest ----------------------------------------------------------------------------------------


def test_a_stale_form_is_shown_beside_what_is_kept_and_can_then_be_saved(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT, introduced_by=[])
    seen = file.version
    actions.edit(SYSTEM, file, seen, check_paper="Bản của người khác")
    data = {**FORM, "version": seen, "candidate_version": 1, "check_paper": "Bản của tôi"}
    page = secretary.post(f"/admissions/{file.id}/edit", data=data)
    assert page.status_code == 409
    assert "Bản của tôi" in page.text and "Bản của người khác" in page.text and "Số văn bản kết luận thẩm tra" in page.text
    assert refreshed(file).check_paper == "Bản của người khác"
    kept = dict(re.findall(r'name="(version|candidate_version)" value="(\d+)"', page.text))
    assert secretary.post(f"/admissions/{file.id}/edit", data={**data, **kept}).status_code == 302
    assert refreshed(file).check_paper == "Bản của tôi"


@pytest.mark.parametrize("version", ["0", "", "abc", "²"])
def test_a_stale_decision_is_a_conflict(commune, officer, version):
    file = admission(unit=commune.bon)
    page = officer.post(f"/admissions/{file.id}/approve", data={**DECISION, "version": version})
    assert page.status_code == 409
    assert "vừa được người khác sửa" in page.text
    assert refreshed(file).step is Step.SUBMITTED


def test_a_second_return_or_approval_of_the_same_page_is_told(commune, officer):
    file = admission(unit=commune.bon)
    seen = file.version
    assert officer.post(f"/admissions/{file.id}/approve", data={**DECISION, "version": seen}).status_code == 302
    assert officer.post(f"/admissions/{file.id}/approve", data={**DECISION, "version": seen}).status_code == 409
    page = officer.post(f"/admissions/{file.id}/return", data={"reason": "x", "version": refreshed(file).version})
    assert page.status_code == 422 and "Đã kết nạp" in page.text
    assert len(list(db.session.scalars(sa.select(Member.id).where(Member.id == file.person_id)))) == 1


def test_a_file_that_was_handed_over_is_not_edited(commune, secretary):
    file = admission(unit=commune.bon)
    for answer in (secretary.get(f"/admissions/{file.id}/edit"), secretary.post(f"/admissions/{file.id}/edit", data=FORM)):
        assert answer.status_code == 422
        assert "chi bộ không sửa được nữa" in answer.text


def test_who_has_many_cells_chooses_one(commune, officer):
    page = officer.get("/admissions/new").text
    assert "/admissions/new?unit=cb-bon" in page and "/admissions/new?unit=cb-he" in page
    assert officer.get("/admissions/new?unit=muong-chien").status_code == 404
    assert officer.post("/admissions/new?unit=cb-he", data=FORM).status_code == 302
    assert files()[0].unit_id == commune.he.id


def test_a_person_whom_the_register_knows(commune, officer):
    known = person(unit=commune.bon, full_name="Lường Thị Xôm")
    address = f"/admissions/new?unit=cb-bon&person={known.id}"
    assert 'value="Lường Thị Xôm"' in officer.get(address).text
    assert officer.post(address, data={**FORM, "full_name": "Lường Thị Xôm"}).status_code == 302
    assert files()[0].person_id == known.id
    page = officer.post(address, data={**FORM, "full_name": "Lường Thị Xôm"})
    assert page.status_code == 422 and "đã có một hồ sơ kết nạp đang làm" in page.text
    assert officer.get("/admissions/new?unit=cb-bon&person=99999").status_code == 404


def test_the_introducers_of_a_file_as_shown(commune, officer):
    union = actions.Introduces(IntroducerKind.TRADE_UNION, resolution_number="03-NQ/CĐ", resolved_on=dt.date(2026, 6, 2))
    new = member(unit=commune.bon, full_name="Hà Văn Mới", standing=Standing.PROBATIONARY)
    late = actions.Introduces(IntroducerKind.MEMBER, new.id, is_replacement=True)
    page = officer.get(f"/admissions/{admission(unit=commune.bon, introduced_by=[late, union]).id}").text
    assert "Nghị quyết số 03-NQ/CĐ ngày 02/06/2026" in page
    assert "Không phải đảng viên chính thức vào ngày chi bộ xét; chưa ghi thời gian cùng sinh hoạt; thay người giới thiệu trước" in page


@pytest.mark.parametrize("step", list(Step))
def test_every_step_has_its_page(commune, officer, step):
    decision = {"decided_on": dt.date(2026, 11, 2), "ceremony_on": dt.date(2026, 11, 10)}
    page = officer.get(f"/admissions/{admission(unit=commune.bon, step=step, decision=decision).id}").text
    assert "Nhật ký hồ sơ" in page and "stepper" in page


def test_a_file_whose_vote_no_law_judges_still_opens(commune, officer):
    nothing: dict[str, Any] = dict.fromkeys(("full_members", "not_counted", "present", "in_favour", "against", "blank"))
    file = admission(unit=commune.bon, step=Step.DRAFT, voted_on=dt.date(2005, 1, 1), **nothing)
    assert "Sổ chưa có quy định" in officer.get(f"/admissions/{file.id}").text


def test_the_way_of_a_file_ends_with_full_membership(commune, officer):
    decision = {"decided_on": dt.date(2026, 11, 2), "ceremony_on": dt.date(2026, 11, 10)}
    file = admission(unit=commune.bon, step=Step.APPROVED, decision=decision)
    assert 'aria-current="step"' in officer.get(f"/admissions/{file.id}").text
    recognise(SYSTEM, db.session.get_one(Member, file.person_id), dt.date(2027, 11, 10))
    assert 'aria-current="step"' not in officer.get(f"/admissions/{file.id}").text
