"""The form of the cell's vote, and the papers of a file."""

from __future__ import annotations

import datetime as dt

import pytest

from partyreg.admissions import actions, file_queries, paper_actions
from partyreg.db import db
from partyreg.documents.models import Document
from partyreg.members import actions as members
from partyreg.members.models import AbeyanceKind, Body, Person, Standing, Title
from partyreg.papers import text_of
from partyreg.rulebook.admission import Purpose, Step
from tests.admissions.looking import error_of, kept_of, officer_of, refreshed, secretary_of, standing_of, votes_of
from tests.make.admissions import SYSTEM, admission, introducers
from tests.make.members import member

VOTE = {
    "held_on": "20/11/2026", "number": "12-NQ/CB", "form": "secret_ballot", "members": "5", "present": "3", "in_favour": "3",
    "against": "0", "blank": "0",
}  # fmt: skip


@pytest.fixture
def browser(as_, commune):
    """The browser of the secretary of Bon."""
    return secretary_of(as_, commune.bon)


@pytest.fixture
def cell(commune):
    """The cell with five full members: two who count, one exempted, one elsewhere for a time, one suspended; and a probationary one."""
    named = introducers(commune.bon)
    exempt, away, suspended = (member(unit=commune.bon, full_name=f"Hà Văn {name}") for name in ("Miễn", "Xa", "Đình"))
    member(unit=commune.bon, full_name="Hà Văn Mới", standing=Standing.PROBATIONARY)
    members.hold_in_abeyance(SYSTEM, exempt, kind=AbeyanceKind.EXEMPTION, on=dt.date(2026, 11, 10))
    members.hold_in_abeyance(SYSTEM, suspended, kind=AbeyanceKind.SUSPENSION, on=dt.date(2026, 11, 10))
    members.post_temporarily(SYSTEM, away, to=commune.he, on=dt.date(2026, 11, 10))
    file = admission(unit=commune.bon, step=Step.DRAFT, introduced_by=named)
    return file, exempt, away


def test_the_form_starts_from_the_roll_of_the_day(commune, browser, cell):
    file, exempt, away = cell
    page = browser.get(f"/admissions/{file.id}/votes/new?purpose=admission&on=20/11/2026").text
    assert (
        "5 đảng viên chính thức, không tính 3, còn 2" in page
        and "Cần ít nhất 2 phiếu tán thành trên 2 người" in page
        and "208-QĐ/TW" in page
    )
    assert f'id="came-{exempt.id}"' in page and f'id="came-{away.id}"' in page
    assert "Hà Văn Mới: đảng viên dự bị" in page and "Hà Văn Đình: đang bị đình chỉ sinh hoạt" in page
    assert 'name="members"' in page and 'value="5"' in page
    before = browser.get(f"/admissions/{file.id}/votes/new?on=09/11/2026").text
    assert "không tính 0, còn 5" in before and "came-" not in before
    assert "Không đọc được ngày" in browser.get(f"/admissions/{file.id}/votes/new?on=mai").text


def test_the_server_counts_whom_the_rules_leave_out(commune, browser, cell):
    file, exempt, _away = cell
    address = f"/admissions/{file.id}/votes/new?purpose=admission&on=20/11/2026"
    sent = {**VOTE, **kept_of(browser.get(address).text), "came": exempt.id}
    answer = browser.post(address, data=sent)
    assert answer.status_code == 302
    [vote] = votes_of(file)
    assert (vote.members, vote.not_counted, vote.present, vote.in_favour, vote.purpose) == (5, 2, 3, 3, Purpose.ADMISSION)
    page = browser.get(answer.location).text
    assert "3/3 tán thành" in page and "cần 2" in page and f"/admissions/{file.id}/votes/{vote.id}" in page


def test_another_number_of_members_than_the_roll_warns(commune, browser, cell):
    file, exempt, _away = cell
    address = f"/admissions/{file.id}/votes/new?on=20/11/2026"
    answer = browser.post(address, data={**VOTE, **kept_of(browser.get(address).text), "members": "6", "came": exempt.id})
    assert answer.status_code == 302
    assert "có 5 đảng viên chính thức, biểu quyết ghi 6" in browser.get(answer.location).text


@pytest.mark.parametrize(
    ("sent", "field", "message"),
    [
        ({"present": "3", "in_favour": "4"}, "in_favour", "lớn hơn số đảng viên chính thức có mặt"),
        ({"present": "5"}, "present", "lớn hơn số đảng viên chính thức được tính"),
        ({"present": "nhiều"}, "present", "Phải là số nguyên"),
        ({"against": "-1"}, "against", "Phải là số từ 0 đến 999"),
        ({"in_favour": ""}, "in_favour", "Chưa nhập mục này"),
        ({"held_on": "25/11/2026"}, "held_on", "Ngày này chưa đến"),
        ({"form": "shouting"}, "form", "Lựa chọn không có trong danh sách"),
    ],
)
def test_a_wrong_vote_comes_back_filled(commune, browser, cell, sent, field, message):
    file, exempt, _away = cell
    address = f"/admissions/{file.id}/votes/new?on=20/11/2026"
    page = browser.post(address, data={**VOTE, **kept_of(browser.get(address).text), "came": exempt.id, **sent})
    assert page.status_code == 422
    assert message in error_of(page.text, f"vote-{field}") and 'value="12-NQ/CB"' in page.text
    if "held_on" not in sent:
        assert f'value="{exempt.id}" checked' in page.text
    assert votes_of(file) == []


def test_another_day_than_the_listed_one_asks_again_who_came(commune, browser, cell):
    file, exempt, _away = cell
    early = f"/admissions/{file.id}/votes/new?on=09/11/2026"
    sent = {**VOTE, **kept_of(browser.get(early).text)}
    page = browser.post(early, data=sent)
    assert page.status_code == 422 and "Đánh dấu người có mặt" in page.text and f'id="came-{exempt.id}"' in page.text
    assert browser.post(early, data={**sent, **kept_of(page.text), "came": exempt.id}).status_code == 302


def test_a_failed_vote_stays_and_one_written_wrongly_is_corrected(commune, browser, cell):
    file, _exempt, _away = cell
    actions.record_vote(SYSTEM, file, file.version, purpose=Purpose.ADMISSION, held_on=dt.date(2026, 11, 12), members=5, not_counted=3,
                        present=2, in_favour=1, against=1)  # fmt: skip
    [vote] = votes_of(file)
    assert "Không đạt" in browser.get(f"/admissions/{file.id}").text
    address = f"/admissions/{file.id}/votes/{vote.id}"
    page = browser.get(address).text
    assert 'value="12/11/2026"' in page
    sent = {**VOTE, **kept_of(page), "held_on": "12/11/2026", "present": "2", "in_favour": "2"}
    stale = browser.post(address, data={**sent, "version": 0})
    assert stale.status_code == 409 and 'value="12-NQ/CB"' in stale.text
    assert browser.post(address, data=sent).status_code == 302
    db.session.expire_all()
    assert (votes_of(file)[0].in_favour, votes_of(file)[0].number) == (2, "12-NQ/CB")
    assert browser.get(f"/admissions/{file.id}/votes/99999").status_code == 404


def test_the_vote_on_recognition_and_on_removal(commune, browser):
    file = admission(unit=commune.bon, step=Step.PROBATION)
    page = browser.get(f"/admissions/{file.id}").text
    assert "votes/new?purpose=recognition" in page and "votes/new?purpose=removal" in page
    page = browser.get(f"/admissions/{file.id}/votes/new?purpose=removal").text
    assert "Xóa tên" in page
    data = {**VOTE, **kept_of(page), "members": "2", "present": "2", "in_favour": "2", "purpose": "removal"}
    assert browser.post(f"/admissions/{file.id}/votes/new?purpose=removal", data=data).status_code == 302
    assert votes_of(file)[-1].purpose is Purpose.REMOVAL


def test_a_vote_at_another_step_is_refused(commune, browser):
    file = admission(unit=commune.bon, step=Step.SUBMITTED)
    page = browser.get(f"/admissions/{file.id}").text
    assert "votes/new" not in page
    answer = browser.post(f"/admissions/{file.id}/votes/new", data={**VOTE, "version": file.version, "roll_day": "2026-11-20"})
    assert answer.status_code == 422 and "Chờ Ban Tổ chức" in answer.text


# -- papers ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def voted(commune):
    """A file with a vote, in a cell whose secretary signs."""
    file = admission(unit=commune.bon, step=Step.DRAFT, vote={"in_favour": 7})
    head = db.session.get_one(Person, introducers(commune.bon, 1)[0].member_id)
    for unit in (commune.bon, commune.root):
        body = Body.CELL_COMMITTEE if unit is commune.bon else Body.STANDING
        members.appoint(SYSTEM, head, unit=unit, body=body, title=Title.SECRETARY, on=dt.date(2020, 1, 1))
    return file


def test_a_paper_is_previewed_issued_downloaded_and_declared_void(commune, as_, browser, voted):
    address = f"/admissions/{voted.id}/papers/cell_resolution"
    asked = {"issued_on": "19/11/2026", "signer": "Lò Văn Ký", "version": voted.version, "preview": "docx"}
    word = browser.post(address, data=asked)
    assert word.status_code == 200 and "wordprocessingml" in word.mimetype and "no-store" in word.headers["Cache-Control"]
    assert "ngày 19 tháng 11 năm 2026" in text_of(word.data) and "Lò Văn Ký" in text_of(word.data), "as it was typed"
    assert browser.post(address, data={**asked, "preview": "pdf"}).data.startswith(b"%PDF")
    assert browser.post(address, data={**asked, "preview": "exe"}).status_code == 404
    assert file_queries.papers(SYSTEM, refreshed(voted)) == [], "it was only looked at"
    page = browser.post(address, data={"issued_on": "31/11/2026", "signer": "Lò Văn Ký", "version": voted.version})
    assert page.status_code == 422 and "Không có ngày" in error_of(page.text, "paper-cell_resolution-issued_on")
    assert 'value="Lò Văn Ký"' in page.text
    stale = browser.post(address, data={"issued_on": "20/11/2026", "signer": "Lò Văn Ký", "version": 0})
    assert stale.status_code == 409 and 'value="Lò Văn Ký"' in stale.text
    sent = {"issued_on": "20/11/2026", "signer": "Lò Văn Ký", "version": refreshed(voted).version}
    assert browser.post(address, data=sent).status_code == 302
    [paper] = file_queries.papers(SYSTEM, voted)
    document = paper.document
    page = browser.get(f"/admissions/{voted.id}").text
    assert document.sign in page and "Mã băm" in page and "Hủy văn bản này" not in page
    for ending, kind in (("docx", "wordprocessingml"), ("pdf", "application/pdf")):
        got = browser.get(f"/admissions/{voted.id}/papers/{document.id}.{ending}")
        assert got.status_code == 200 and kind in got.mimetype
        assert got.headers["Content-Disposition"].isascii() and "nghi-quyet" in got.headers["Content-Disposition"]
    assert browser.get(f"/admissions/{voted.id}/papers/{document.id}.exe").status_code == 404
    again = browser.post(address, data={**sent, "version": refreshed(voted).version})
    assert again.status_code == 422 and "đã ban hành" in again.text
    _void(officer_of(as_), browser, voted, document)


def _void(officer, browser, file, document):
    door = f"/admissions/{file.id}/papers/{document.id}/void"
    assert browser.post(door, data={"version": document.version, "reason": "Sai"}).status_code == 403
    page = officer.post(door, data={"version": document.version, "reason": ""})
    assert page.status_code == 422 and "Chưa nhập mục này" in error_of(page.text, f"void-{document.id}-reason")
    assert officer.post(door, data={"version": 0, "reason": "Sai ngày"}).status_code == 409
    assert officer.post(door, data={"version": document.version, "reason": "Sai ngày"}).status_code == 302
    page = browser.get(f"/admissions/{file.id}").text
    assert "Sai ngày" in page and "Đã hủy" in page and "Ban hành: Nghị quyết đề nghị kết nạp" in page
    assert officer.post(door, data={"version": 2, "reason": "Lần nữa"}).status_code in (409, 422)


def test_papers_of_others_and_papers_that_there_are_not(commune, as_, browser, voted):
    other = admission(unit=commune.he, step=Step.DRAFT, vote={"in_favour": 7}, introduced_by=[], full_name="Lò Thị Hé")
    document = paper_actions.issue_paper(
        SYSTEM, voted, voted.version, "cell_resolution", issued_on=dt.date(2026, 11, 20), signer="Lò Văn Ký"
    )
    assert isinstance(document, Document)
    officer = officer_of(as_)
    assert officer.get(f"/admissions/{other.id}/papers/{document.id}.pdf").status_code == 404
    assert officer.post(f"/admissions/{other.id}/papers/{document.id}/void", data={"reason": "x"}).status_code == 404
    assert browser.post(f"/admissions/{voted.id}/papers/love_letter").status_code == 404
    assert browser.post(f"/admissions/{voted.id}/papers/committee_report").status_code == 403
    assert standing_of(as_).get(f"/admissions/{voted.id}/papers/{document.id}.pdf").status_code == 200


def test_a_paper_that_lacks_a_fact_is_refused_with_the_fact(commune, browser):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    for more in ({}, {"preview": "docx"}):
        sent = {"issued_on": "20/11/2026", "version": refreshed(file).version, **more}
        answer = browser.post(f"/admissions/{file.id}/papers/cell_resolution", data=sent)
        assert answer.status_code == 422 and "biểu quyết" in answer.text
    assert file_queries.papers(SYSTEM, file) == []
