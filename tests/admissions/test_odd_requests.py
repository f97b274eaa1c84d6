"""What no form of ours sends, and what a hurried hand does: an answer each time, never a page that broke."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from partyreg import clock
from partyreg.access import Role
from partyreg.admissions import actions, file_queries, paper_actions
from partyreg.audit import AuditEntry
from partyreg.db import db
from partyreg.members import actions as members
from partyreg.members.models import Person, Standing
from partyreg.rulebook.admission import Step, VotingBody
from tests.admissions.deeds import SIGNER, TODAY
from tests.admissions.looking import LISTED, doors_of, error_of, files, officer_of, refreshed, secretary_of, standing_of
from tests.make.admissions import SYSTEM, admission, introducers
from tests.make.members import member, person

HUGE = "9" * 5000
VOTE = {"members": "9", "present": "9", "in_favour": "9", "against": "0", "blank": "0", "form": "secret_ballot"}
DECISION = {**VOTE, "decided_on": "24/11/2026", "signer": SIGNER, "outside_number": ""}


@pytest.fixture
def browser(as_, commune):
    """The browser of the secretary of Bon."""
    return secretary_of(as_, commune.bon)


@pytest.mark.parametrize("version", [HUGE, "-1", "²", "1e3", "", "٣"])
def test_a_version_that_cannot_be_is_stale(commune, browser, version):
    file = admission(unit=commune.bon, step=Step.LISTED)
    assert browser.post(f"/admissions/{file.id}/ask", data={"version": version}).status_code == 409
    sent = {**LISTED, "version": version, "candidate_version": version}
    assert browser.post(f"/admissions/{file.id}/edit", data=sent).status_code == 409
    assert refreshed(file).step is Step.LISTED


@pytest.mark.parametrize("key", ["99999999999999", HUGE, "-1", "x"])
def test_a_person_that_there_is_not(commune, browser, key):
    assert browser.get(f"/admissions/new?unit=cb-bon&person={key}").status_code in (200, 404)


def test_ticks_and_units_that_cannot_be(commune, browser):
    file = admission(unit=commune.bon, step=Step.LISTED)
    sent = {"on": "24/11/2026", f"verdict-{file.id}": "keep", f"version-{file.id}": HUGE, f"verdict-{HUGE}": "strike"}
    assert browser.post("/admissions/reviews?unit=cb-bon", data=sent).status_code == 409
    assert browser.get("/admissions?unit=%00").status_code < 500
    assert browser.get("/admissions/reviews?unit=%00").status_code < 500


def test_days_before_every_regulation_are_answered(commune, as_):
    file = admission(unit=commune.bon, step=Step.DECIDING)
    for more in ({}, {"preview": "pdf"}):
        sent = {**DECISION, "decided_on": "01/02/2003", "version": refreshed(file).version, **more}
        answer = standing_of(as_).post(f"/admissions/{file.id}/decide", data=sent)
        assert answer.status_code == 422, more
    known = member(unit=commune.bon, standing=Standing.PROBATIONARY, ceremony_on=dt.date(1998, 6, 1))
    answer = officer_of(as_).post(f"/admissions/of/{known.id}")
    assert answer.status_code == 422 and "Kiểm tra lại năm" in answer.text
    assert refreshed(file).step is Step.DECIDING


def test_a_decision_issued_outside_has_no_preview(commune, as_):
    file = admission(unit=commune.bon, step=Step.DECIDING)
    sent = {**DECISION, "outside_number": "125", "version": file.version, "preview": "docx"}
    answer = standing_of(as_).post(f"/admissions/{file.id}/decide", data=sent)
    assert answer.status_code == 422 and "không có bản xem trước" in answer.text and 'value="125"' in answer.text
    assert refreshed(file).step is Step.DECIDING and file_queries.papers(SYSTEM, file) == []


def test_what_is_previewed_leaves_nothing_behind(commune, as_):
    file = admission(unit=commune.bon, step=Step.DECIDING)
    before = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
    answer = standing_of(as_).post(f"/admissions/{file.id}/decide", data={**DECISION, "version": file.version, "preview": "pdf"})
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF")
    assert refreshed(file).step is Step.DECIDING and file.decision_number is None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == before


def test_a_secretary_sends_a_file_to_a_cell_that_is_not_hers(commune, browser):
    file = admission(unit=commune.bon, step=Step.DRAFT)
    page = browser.get(f"/admissions/{file.id}").text
    assert 'value="cb-he"' in page and "move" in doors_of(page)
    sent = {"to": "cb-he", "on": "24/11/2026", "paper": "15-CV/ĐU", "version": file.version}
    assert browser.post(f"/admissions/{file.id}/move", data=sent).status_code == 302
    assert browser.get(f"/admissions/{file.id}").status_code == 404
    assert refreshed(file).unit_id == commune.he.id


def test_the_new_cell_downloads_what_the_old_one_issued(commune, as_, browser):
    file = admission(unit=commune.bon, step=Step.DRAFT, vote={"number": None})
    document = paper_actions.issue_paper(SYSTEM, file, file.version, "cell_resolution", issued_on=TODAY, signer=SIGNER)
    actions.move_away(SYSTEM, file, file.version, on=TODAY, to=commune.he, paper="15-CV/ĐU")
    there = as_(Role.SECRETARY, commune.he)
    address = f"/admissions/{file.id}/papers/{document.id}"
    page = there.get(f"/admissions/{file.id}").text
    assert f"{address}.docx" in page and f"{address}.pdf" in page
    assert there.get(f"{address}.pdf").status_code == 200


def test_a_known_person_who_was_changed_meanwhile_is_not_overwritten(commune, browser):
    known = person(unit=commune.bon, full_name="Lò Thị Cũ")
    address = f"/admissions/new?unit=cb-bon&person={known.id}"
    sent = {**LISTED, "full_name": "Lò Thị Mới", "candidate_version": known.version}
    members.edit_person(SYSTEM, known, known.version, residence="Bản Hé")
    answer = browser.post(address, data=sent)
    assert answer.status_code == 409 and 'value="Lò Thị Mới"' in answer.text and files() == []
    sent["candidate_version"] = known.version
    assert browser.post(address, data=sent).status_code == 302
    db.session.expire_all()
    assert db.session.get_one(Person, known.id).full_name == "Lò Thị Mới"


def test_the_standing_committee_records_what_it_did_not_carry(commune, as_):
    file = admission(unit=commune.bon, step=Step.RULING)
    standing = standing_of(as_)
    door = f"/admissions/{file.id}/not-carried"
    sent = {**VOTE, "held_on": "24/11/2026", "in_favour": "4", "against": "5", "reason": "Cần xem lại.", "version": file.version}
    wrong = standing.post(door, data={**sent, "in_favour": "9", "against": "0"})
    assert wrong.status_code == 422 and "Kiểm tra lại số phiếu" in error_of(wrong.text, "not_carried-in_favour")
    assert standing.post(door, data={**sent, "reason": ""}).status_code == 422
    assert standing.post(door, data={**sent, "version": 0}).status_code == 409
    assert standing.post(door, data=sent).status_code == 302
    page = standing.get(f"/admissions/{file.id}").text
    assert "Cần xem lại." in page
    assert [one.in_favour for one in file_queries.votes(SYSTEM, file, VotingBody.STANDING)][-1] == 4
    assert secretary_of(as_, commune.bon).post(door, data=sent).status_code == 403


def test_a_decision_cannot_be_declared_void_on_a_page(commune, as_):
    file = admission(unit=commune.bon, step=Step.DECIDED)
    [held] = file_queries.papers(SYSTEM, file)
    officer = officer_of(as_)
    assert "void" not in officer.get(f"/papers/{held.document_id}").text
    answer = officer.post(f"/papers/{held.document_id}/void", data={"version": held.document.version, "reason": "Nhầm"})
    assert answer.status_code == 422 and "đã có hiệu lực" in answer.text


def test_the_review_of_the_list_asks_once_however_many_are_on_it(commune, browser, counting):
    def asked(number):
        for each in range(number):
            admission(unit=commune.bon, step=Step.LISTED, full_name=f"Quàng Thị {number} {each}", introduced_by=named)
        with counting() as count:
            assert browser.get("/admissions/reviews?unit=cb-bon").status_code == 200
        return len(count)

    named = introducers(commune.bon)
    few = asked(1)
    assert asked(5) == few > 0


def test_a_move_late_in_the_evening_is_of_the_offices_day(commune):
    with clock.freeze(dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC)):  # half past six in the morning of the 24th
        file = admission(unit=commune.bon, step=Step.LISTED)
        actions.withdraw(SYSTEM, file, file.version, "Chuyển nơi ở.")
    assert file_queries.moves(SYSTEM, file)[0].day == TODAY


def test_a_committees_vote_on_recognition_cites_its_own_article(commune, as_):
    file = admission(unit=commune.bon, step=Step.RECOGNISED)
    page = standing_of(as_).get(f"/admissions/{file.id}").text
    assert "như mục 4.5a của 06-HD/TW" in page, "the votes on recognition"
