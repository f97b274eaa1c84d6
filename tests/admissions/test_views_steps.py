"""The doors of a file's steps: who finds which, what is refused, and that nothing typed is lost."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg import clock
from partyreg.access import Role
from partyreg.admissions import actions, file_queries, ruling_actions
from partyreg.admissions.ruling_actions import Counts
from partyreg.db import db
from partyreg.members.models import Member
from partyreg.rulebook.admission import Step
from tests.admissions.looking import doors_of, error_of, kept_of, officer_of, refreshed, secretary_of, standing_of
from tests.make.admissions import SYSTEM, TODAY, admission

DECISION = {
    "decided_on": "20/11/2026", "signer": "Lò Văn Pâng", "members": "9", "present": "9", "in_favour": "8", "against": "1",
    "outside_number": "125-QĐ/ĐU",
}  # fmt: skip


def send(browser, file, door, **data):
    """Post a deed with the version that is kept now."""
    return browser.post(f"/admissions/{file.id}/{door}", data={"version": refreshed(file).version, **data})


# -- the whole way by three hands -----------------------------------------------------------------------------------------


def test_from_the_list_to_the_dossier(commune, as_):
    secretary, standing = secretary_of(as_, commune.bon), standing_of(as_)
    file = admission(unit=commune.bon, step=Step.LISTED, certificate_on=dt.date(2026, 1, 24))
    actions.review(SYSTEM, file, file.version, on=dt.date(2026, 11, 3), is_kept=True)
    assert send(secretary, file, "ask").status_code == 302
    assert send(standing, file, "permit", permitted_on="24/11/2026", permit_number="09-TB/ĐU").status_code == 302
    assert (refreshed(file).step, file.permit_number) == (Step.DRAFT, "09-TB/ĐU")


def test_from_the_dossier_to_the_ceremony(commune, as_):
    secretary, officer, standing = secretary_of(as_, commune.bon), officer_of(as_), standing_of(as_)
    file = admission(unit=commune.bon, step=Step.DRAFT, vote={"in_favour": 7})
    assert send(secretary, file, "submit").status_code == 302
    assert send(officer, file, "pass").status_code == 302
    assert refreshed(file).step is Step.DECIDING
    assert send(standing, file, "decide", **DECISION).status_code == 302
    assert (refreshed(file).step, file.decision_number) == (Step.DECIDED, "125-QĐ/ĐU")
    page = secretary.get(f"/admissions/{file.id}").text
    assert "Hạn cuối:" in page and "125-QĐ/ĐU" in page
    assert send(secretary, file, "ceremony", ceremony_on="23/11/2026", received_on="21/11/2026").status_code == 302
    assert refreshed(file).step is Step.PROBATION
    assert db.session.get_one(Member, file.person_id).ceremony_on == dt.date(2026, 11, 23)
    page = officer.get(f"/admissions/{file.id}").text
    assert f"/members/{file.person_id}" in page and "Cán bộ Ban Tổ chức" in page


def test_from_the_proposal_to_the_card(commune, as_):
    secretary, officer, standing = secretary_of(as_, commune.bon), officer_of(as_), standing_of(as_)
    file = admission(unit=commune.bon, step=Step.SENT_BACK)
    page = secretary.get(f"/admissions/{file.id}").text
    assert "Thiếu bản tự kiểm điểm." in page and "Ghi biểu quyết: công nhận chính thức" in page and "Ghi biểu quyết: xóa tên" in page
    assert send(secretary, file, "propose").status_code == 302
    assert send(officer, file, "pass").status_code == 302
    assert send(standing, file, "recognise", **DECISION).status_code == 302
    assert send(officer, file, "card", card_number="014000123456", issued_on="24/11/2026").status_code == 302
    assert refreshed(file).step is Step.CLOSED


@pytest.mark.parametrize(
    ("step", "door", "data", "left"),
    [
        (Step.SUBMITTED, "return", {"reason": "Thiếu dấu"}, Step.RETURNED),
        (Step.DECIDING, "return", {"reason": "Thiếu dấu"}, Step.RETURNED),
        (Step.PROPOSED, "return", {"reason": "Thiếu bản kiểm điểm"}, Step.SENT_BACK),
        (Step.DRAFT, "withdraw", {"reason": "Chuyển nơi ở"}, Step.WITHDRAWN),
        (Step.DRAFT, "move", {"to": "", "on": "20/11/2026", "paper": "15-CV/ĐU"}, Step.MOVED),
        (Step.DRAFT, "move", {"to": "cb-he", "on": "20/11/2026", "paper": "15-CV/ĐU"}, Step.DRAFT),
    ],
)
def test_the_other_steps_of_the_office(commune, as_, step, door, data, left):
    file = admission(unit=commune.bon, step=step)
    assert send(officer_of(as_), file, door, **data).status_code == 302
    assert refreshed(file).step is left
    assert file.unit_id == (commune.he.id if data.get("to") else commune.bon.id)


@pytest.mark.parametrize(
    ("step", "door", "data", "left"),
    [
        (Step.ASKED, "give-back", {"reason": "Chưa đủ"}, Step.LISTED),
        (Step.RULING, "give-back", {"reason": "Chưa đủ"}, Step.SENT_BACK),
        (Step.DECIDED, "cancel", {"on": "24/11/2026", "signer": "Lò Văn Pâng", "outside_number": "498", "reason": "Sai"}, Step.CANCELLED),
    ],
)
def test_the_other_steps_of_the_standing_committee(commune, as_, step, door, data, left):
    file = admission(unit=commune.bon, step=step)
    assert send(standing_of(as_), file, door, **data).status_code == 302
    assert refreshed(file).step is left


def test_removal_is_refused_where_the_cell_asked_for_recognition(commune, as_):
    file = admission(unit=commune.bon, step=Step.RULING)
    page = send(standing_of(as_), file, "remove", **{**DECISION, "in_favour": "9", "against": "0"})
    assert page.status_code == 422 and "Chi bộ đã biểu quyết đề nghị" in page.text
    assert refreshed(file).step is Step.RULING


def test_the_committee_declines_with_its_vote_and_the_reason(commune, as_):
    file = admission(unit=commune.bon, step=Step.DECIDING)
    votes = {"held_on": "20/11/2026", "members": "9", "present": "9", "in_favour": "3", "against": "6"}
    page = send(standing_of(as_), file, "decline", **votes)
    assert page.status_code == 422 and "Chưa nhập mục này" in error_of(page.text, "decline-reason") and 'value="6"' in page.text
    assert send(standing_of(as_), file, "decline", **votes, reason="Chưa đủ tiêu chuẩn").status_code == 302
    assert refreshed(file).step is Step.DECLINED
    assert "3/9 tán thành" in standing_of(as_).get(f"/admissions/{file.id}").text


def test_a_secretary_who_moves_a_candidate_to_another_cell_goes_back_to_the_board(commune, as_):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    commune_wide = as_(Role.ORGANISATION)
    page = secretary_of(as_, commune.bon).get(f"/admissions/{file.id}").text
    assert "Nơi khác, ngoài đảng bộ xã" in page
    answer = send(commune_wide, file, "move", to="cb-he", on="20/11/2026", paper="15-CV/ĐU")
    assert answer.location == f"/admissions/{file.id}"
    assert secretary_of(as_, commune.bon).get(answer.location).status_code == 404
    assert secretary_of(as_, commune.he).get(answer.location).status_code == 200


# -- who finds which door -------------------------------------------------------------------------------------------------

_CELL, _OFFICE, _STANDING = "secretary", "officer", "standing"


@pytest.mark.parametrize(
    ("step", "found"),
    [
        (Step.LISTED, {_CELL: {"ask", "withdraw", "move"}, _OFFICE: {"ask", "withdraw", "move"}, _STANDING: set()}),
        (Step.ASKED, {_CELL: {"withdraw", "move"}, _OFFICE: {"return", "withdraw", "move"}, _STANDING: {"permit", "give-back"}}),
        (Step.DRAFT, {_CELL: {"submit", "withdraw", "move"}, _OFFICE: {"submit", "withdraw", "move"}, _STANDING: set()}),
        (Step.SUBMITTED, {_CELL: {"withdraw", "move"}, _OFFICE: {"pass", "return", "withdraw", "move"}, _STANDING: set()}),
        (Step.DECIDING, {_CELL: {"withdraw", "move"}, _OFFICE: {"return", "withdraw", "move"},
                         _STANDING: {"decide", "decline", "give-back"}}),
        (Step.DECIDED, {_CELL: {"ceremony", "move"}, _OFFICE: {"ceremony", "move"}, _STANDING: {"cancel"}}),
        (Step.PROBATION, {_CELL: {"propose"}, _OFFICE: {"propose"}, _STANDING: {"cancel"}}),
        (Step.PROPOSED, {_CELL: set(), _OFFICE: {"pass", "return"}, _STANDING: {"cancel"}}),
        (Step.RULING, {_CELL: set(), _OFFICE: {"return"}, _STANDING: {"recognise", "remove", "not-carried", "give-back", "cancel"}}),
        (Step.RECOGNISED, {_CELL: set(), _OFFICE: {"card"}, _STANDING: set()}),
        (Step.CLOSED, {_CELL: set(), _OFFICE: set(), _STANDING: set()}),
    ],
)  # fmt: skip
def test_each_finds_her_own_doors(commune, as_, step, found):
    file = admission(unit=commune.bon, step=step)
    browsers = {_CELL: secretary_of(as_, commune.bon), _OFFICE: officer_of(as_), _STANDING: standing_of(as_)}
    papers = {"cell_resolution", "helper_assignment", "introducer", "introducer_second", "committee_report", "ceremony_minutes",
              "recognition_resolution"}  # fmt: skip
    shown = {who: doors_of(browser.get(f"/admissions/{file.id}").text) - papers - {"papers", "void"} for who, browser in browsers.items()}
    assert shown == found


@pytest.mark.parametrize("door", ["permit", "give-back", "decide", "decline", "recognise", "remove", "cancel", "committee"])
def test_the_office_does_not_decide(commune, as_, door):
    file = admission(unit=commune.bon, step=Step.DECIDING)
    for browser in (officer_of(as_), secretary_of(as_, commune.bon)):
        assert send(browser, file, door, **DECISION, reason="x").status_code == 403
    assert refreshed(file).step is Step.DECIDING


@pytest.mark.parametrize("door", ["ask", "submit", "propose", "ceremony", "withdraw", "move", "pass", "return", "card", "edit"])
def test_the_standing_committee_does_not_do_the_offices_work(commune, as_, door):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    assert send(standing_of(as_), file, door, reason="x").status_code == 403
    assert standing_of(as_).get("/admissions/new").status_code == 403
    assert refreshed(file).step is Step.DRAFT


def test_nobody_passes_on_what_she_handed_in(commune, as_):
    officer, other = officer_of(as_), officer_of(as_, "Cán bộ khác")
    file = admission(unit=commune.bon, step=Step.DRAFT, vote={"in_favour": 7})
    assert send(officer, file, "submit").status_code == 302
    page = officer.get(f"/admissions/{file.id}").text
    assert "không được tự duyệt" in page and "pass" not in doors_of(page)
    assert "không được tự duyệt" not in other.get(f"/admissions/{file.id}").text
    page = send(officer, file, "pass")
    assert page.status_code == 422 and "không được tự duyệt" in page.text
    assert refreshed(file).step is Step.SUBMITTED
    assert send(other, file, "pass").status_code == 302


# -- refusals -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "field", "message"),
    [
        ({"signer": ""}, "signer", "Chưa nhập mục này"),
        ({"decided_on": "31/11/2026"}, "decided_on", "Không có ngày"),
        ({"decided_on": "25/11/2026"}, "decided_on", "Ngày này chưa đến"),
        ({"in_favour": ""}, "in_favour", "Chưa nhập mục này"),
        ({"in_favour": "-1"}, "in_favour", "Phải là số từ 0 đến 999"),
        ({"in_favour": "4", "against": "5"}, "in_favour", "phải có ít nhất 5"),
        ({"outside_number": "mười sáu"}, "outside_number", "Ghi số theo dạng 16"),
    ],
)
def test_a_wrong_decision_comes_back_filled_and_open(commune, as_, sent, field, message):
    file = admission(unit=commune.bon, step=Step.DECIDING)
    page = send(standing_of(as_), file, "decide", **{**DECISION, **sent})
    assert page.status_code == 422
    assert message in error_of(page.text, f"decide-{field}")
    for name, value in {**DECISION, **sent}.items():
        assert not value or (f'name="{name}" ' in page.text and f'value="{value}"' in page.text)
    assert refreshed(file).step is Step.DECIDING and file.decided_on is None


def test_a_folded_deed_that_was_refused_is_open(commune, as_):
    file = admission(unit=commune.bon, step=Step.SUBMITTED)
    page = send(officer_of(as_), file, "return", reason=" ")
    assert page.status_code == 422 and "Phải ghi lý do" in error_of(page.text, "return-reason")
    before = page.text.split(f'action="/admissions/{file.id}/return"')[0]
    assert before.rsplit("<details", 1)[1].split(">")[0].endswith("open")
    assert send(officer_of(as_), file, "return", reason="Thiếu nghị quyết <b>của Đoàn</b>").status_code == 302
    page = secretary_of(as_, commune.bon).get(f"/admissions/{file.id}").text
    assert "Thiếu nghị quyết &lt;b&gt;của Đoàn&lt;/b&gt;" in page and "Sửa hồ sơ" in page


def test_a_submission_without_a_vote_is_refused_on_the_page(commune, as_):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    page = send(secretary_of(as_, commune.bon), file, "submit")
    assert page.status_code == 422 and "form-summary" in page.text
    assert refreshed(file).step is Step.DRAFT


def test_a_ceremony_before_the_decision_is_refused_beside_its_field(commune, as_):
    file = admission(unit=commune.bon, step=Step.DECIDED)
    page = send(secretary_of(as_, commune.bon), file, "ceremony", ceremony_on="10/11/2026", late_paper="1-CV")
    assert page.status_code == 422 and "trước" in error_of(page.text, "ceremony-ceremony_on") and 'value="1-CV"' in page.text


def test_a_deed_at_another_step_is_told_above(commune, as_):
    file = admission(unit=commune.bon, step=Step.SUBMITTED)
    for browser, door, data in ((secretary_of(as_, commune.bon), "submit", {}), (standing_of(as_), "decide", DECISION),
                                (officer_of(as_), "card", {"card_number": "1", "issued_on": "24/11/2026"})):  # fmt: skip
        page = send(browser, file, door, **data)
        assert page.status_code == 422 and "Chưa thực hiện được" in page.text and "Chờ Ban Tổ chức" in page.text
    assert refreshed(file).step is Step.SUBMITTED


@pytest.mark.parametrize("version", ["0", "", "abc", "²"])
def test_a_stale_page_is_a_conflict_that_keeps_what_was_typed(commune, as_, version):
    file = admission(unit=commune.bon, step=Step.DECIDING)
    page = standing_of(as_).post(f"/admissions/{file.id}/decide", data={**DECISION, "version": version})
    assert page.status_code == 409
    assert "vừa được người khác sửa" in page.text and 'value="Lò Văn Pâng"' in page.text and 'value="125-QĐ/ĐU"' in page.text
    assert refreshed(file).step is Step.DECIDING
    again = {**DECISION, "version": kept_of(page.text.split("/decide")[1])["version"]}
    assert standing_of(as_).post(f"/admissions/{file.id}/decide", data=again).status_code == 302


def test_a_page_older_than_the_step_keeps_the_words(commune, as_):
    file = admission(unit=commune.bon, step=Step.DECIDING)
    seen = file.version
    ruling_actions.decide(SYSTEM, file, seen, decided_on=TODAY, signer="Người khác", counts=Counts(9, 9, 9), outside_number="77")
    page = standing_of(as_).post(f"/admissions/{file.id}/decide", data={**DECISION, "version": seen})
    assert page.status_code == 409 and "Lò Văn Pâng" in page.text and "Chờ lễ kết nạp" in page.text


def test_the_law_that_changed_under_way_is_told(commune, as_):
    with clock.freeze(dt.date(2026, 3, 2)):
        file = admission(unit=commune.bon, step=Step.LISTED, listed_on=dt.date(2026, 3, 1), helper_on=dt.date(2026, 3, 1),
                         permitted_on=dt.date(2026, 3, 2))  # fmt: skip
    page = officer_of(as_).get(f"/admissions/{file.id}").text
    assert file.instrument in page and "Quy định đã thay đổi trong quá trình" in page
    new = admission(unit=commune.bon, step=Step.LISTED, introduced_by=[], full_name="Lò Thị Mới", listed_on=dt.date(2026, 11, 1),
                    permitted_on=dt.date(2026, 11, 2))  # fmt: skip
    assert "Quy định đã thay đổi" not in officer_of(as_).get(f"/admissions/{new.id}").text
    assert file_queries.moves(SYSTEM, new)[0].instrument
