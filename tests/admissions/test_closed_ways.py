"""Ways around the law that looked open: each stays closed, and what it was for can still be done properly."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa

from partyreg.access import Permission, Role
from partyreg.admissions import actions, file_queries, paper_actions, ruling_actions
from partyreg.admissions.models import Admission
from partyreg.admissions.ruling_actions import Counts
from partyreg.db import db
from partyreg.documents import actions as documents
from partyreg.members import actions as members
from partyreg.members.models import Exit, Member, Person, Standing
from partyreg.org import actions as org
from partyreg.rulebook.admission import Purpose, Step, VoteForm, VotingBody
from partyreg.rulebook.dates import add_months
from tests.admissions.deeds import SIGNER, TODAY, TOMORROW, decide, moves, refused, ruling, stale
from tests.make.admissions import CANDIDATE, STANDING, SYSTEM, admission, ballot
from tests.make.members import member, person

SHORT = Counts(members=9, present=9, in_favour=4, against=5)


# -- numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("foreign", ["1980-QĐ/TU", "20260302001-QĐ", "77-NQ/ĐU", "88/QĐ"])
def test_another_bodys_numbers_leave_our_series_alone(commune, standing, foreign):
    days = {"decided_on": dt.date(2026, 3, 2), "ceremony_on": dt.date(2026, 3, 9)}
    members.enrol(SYSTEM, person=person(unit=commune.he), unit=commune.he, decision_number=foreign, **days)
    assert decide(standing, admission(unit=commune.bon, step=Step.DECIDING), outside_number=None).sign == "1-QĐ/ĐU"


def test_a_resolution_does_not_take_another_number_than_the_minutes_have(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT, vote={"number": "05-NQ/CB"})
    documents.note_outside(
        SYSTEM, unit=commune.bon, issuer=commune.bon, kind="outside", title="Nghị quyết khác", series="NQ/CB", number=7,
        issued_on=dt.date(2026, 11, 2),
    )  # fmt: skip
    found = refused(lambda: paper_actions.issue_paper(secretary, file, file.version, "cell_resolution", issued_on=TODAY, signer=SIGNER),
                    "paper.number_passed")  # fmt: skip
    assert "số 5" in found[0].message and "số 7" in found[0].message
    [vote] = file_queries.votes(secretary, file)
    actions.correct_vote(secretary, file, file.version, vote, number=None)
    document = paper_actions.issue_paper(secretary, file, file.version, "cell_resolution", issued_on=TODAY, signer=SIGNER)
    assert (document.number, vote.number) == (8, "8-NQ/CB")


def test_a_resolution_is_not_older_than_its_vote(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT, vote={"held_on": dt.date(2026, 10, 20)})

    def issued(day):
        return lambda: paper_actions.issue_paper(secretary, file, file.version, "cell_resolution", issued_on=day, signer=SIGNER)

    refused(issued(dt.date(2026, 10, 19)), "paper.before_vote", field="issued_on")
    assert issued(dt.date(2026, 10, 20))().issued_on == dt.date(2026, 10, 20)


def test_a_vote_is_not_corrected_under_its_resolution(commune, secretary):
    file = admission(unit=commune.bon, step=Step.DRAFT, vote={"number": None})
    document = paper_actions.issue_paper(secretary, file, file.version, "cell_resolution", issued_on=TODAY, signer=SIGNER)
    [vote] = file_queries.votes(secretary, file)

    def correct():
        actions.correct_vote(secretary, file, file.version, vote, in_favour=8, against=0)

    refused(correct, "vote.resolved")
    documents.void(SYSTEM, document, document.version, "Sai số phiếu.")
    correct()
    assert vote.in_favour == 8


# -- decisions that took effect ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("outside_number", [None, "125"])
def test_a_decision_in_effect_is_undone_by_a_decision_only(commune, standing, outside_number):
    file = admission(unit=commune.bon, step=Step.DECIDING)
    document = decide(standing, file, outside_number=outside_number)
    refused(lambda: documents.void(SYSTEM, document, document.version, "Nhầm"), "document.binding", field="reason")
    cancelling = ruling_actions.cancel(standing, file, file.version, on=TODAY, reason="Sai thẩm quyền.", signer=SIGNER)
    assert cancelling.is_binding and document.voided_on is None


def test_a_cancelled_admission_can_be_done_again_and_is_no_readmission(commune, secretary, standing):
    """Only the faulty steps are done again (A-39); 36 months and "once" are for those who left (A-36)."""
    file = admission(unit=commune.bon, step=Step.PROBATION)
    ruling_actions.cancel(standing, file, file.version, on=TODAY, reason="Thiếu một người giới thiệu.", signer=SIGNER)
    her = db.session.get_one(Member, file.person_id)
    assert (her.decided_on, her.decision_number, her.ceremony_on) == (None, None, None)
    assert file_queries.former(file.person_id) == (None, None, 0)
    again = actions.open_file(secretary, unit=commune.bon, person=db.session.get_one(Person, her.id))
    assert (again.is_readmission, again.step) == (False, Step.LISTED)


def test_an_admission_after_a_cancelled_one_makes_a_member(commune, standing):
    file = admission(unit=commune.bon, step=Step.PROBATION)
    ruling_actions.cancel(standing, file, file.version, on=TODAY, reason="Thiếu một người giới thiệu.", signer=SIGNER, outside_number="300")
    again = admission(unit=commune.bon, step=Step.DECIDED, person=db.session.get_one(Person, file.person_id))
    made = actions.hold_ceremony(SYSTEM, again, again.version, ceremony_on=TODAY)
    assert (made.id, made.decision_number, made.ceremony_on, made.readmitted_on) == (file.person_id, again.decision_number, TODAY, None)
    assert file_queries.standing_of(made.id) is Standing.PROBATIONARY


# -- full membership ----------------------------------------------------------------------------------------------------


def test_the_days_of_a_probation_are_the_files_own(commune, standing):
    """`edit_member` was a way to a day of full membership that no vote gave."""
    file = admission(unit=commune.bon, step=Step.RULING)
    her = db.session.get_one(Member, file.person_id)
    for change in ({"ceremony_on": dt.date(2024, 1, 1)}, {"full_on": TODAY}):
        refused(lambda change=change: members.edit_member(SYSTEM, her, her.version, **change), "member.on_probation")
    ruling(ruling_actions.recognise, standing, file)
    assert her.full_on == add_months(file.ceremony_on, 12)


@pytest.mark.parametrize("purpose", [Purpose.RECOGNITION, Purpose.REMOVAL])
def test_what_the_standing_committee_does_not_carry_stays_on_record(commune, secretary, officer, standing, purpose):
    file = admission(unit=commune.bon, step=Step.RULING if purpose is Purpose.RECOGNITION else Step.PROBATION)
    if purpose is Purpose.REMOVAL:
        actions.record_vote(secretary, file, file.version, purpose=purpose, **ballot(TODAY))
        actions.propose(secretary, file, file.version)
        ruling_actions.pass_on(officer, file, file.version)

    def failed(**changed):
        said = {"held_on": TODAY, "counts": SHORT, "reason": "Cần xem xét lại.", "form": VoteForm.SECRET_BALLOT, **changed}
        return lambda: ruling_actions.not_carried(standing, file, file.version, **said)

    refused(failed(counts=STANDING), "admission.vote_passed", field="in_favour")
    refused(failed(counts=Counts(9, 4, 5)), "vote.too_many")
    refused(failed(held_on=TOMORROW), "admission.in_future", field="held_on")
    refused(failed(reason=" "), "admission.no_reason", field="reason")
    stale(lambda: ruling_actions.not_carried(
        standing, file, file.version - 1, held_on=TODAY, counts=SHORT, reason="Cần xem xét lại."))  # fmt: skip
    vote = failed()()
    assert (vote.body, vote.purpose, vote.in_favour) == (VotingBody.STANDING, purpose, 4)
    assert (file.step, moves(file)[-1]) == (Step.SENT_BACK, (Step.RULING, Step.SENT_BACK, 13, "Cần xem xét lại."))
    assert vote in file_queries.votes(standing, file, VotingBody.STANDING)
    refused(failed(), "admission.step")


def test_what_the_whole_committee_does_not_carry_stays_on_record(commune, standing):
    file = admission(unit=commune.bon, step=Step.DECIDING)
    db.session.connection().execute(sa.update(Admission).where(Admission.id == file.id).values(step=Step.COMMITTEE))
    db.session.expire(file)
    passing = dataclasses.replace(standing, user_id=None)
    vote = ruling_actions.not_carried(passing, file, file.version, held_on=TODAY, counts=Counts(33, 30, 10, 20), reason="Chưa rõ lý lịch.")
    assert (vote.body, vote.purpose, file.step) == (VotingBody.COMMITTEE, Purpose.ADMISSION, Step.RETURNED)


def test_nobody_rules_on_what_she_passed_on_herself(commune, officer):
    file = admission(unit=commune.bon, step=Step.PROPOSED)
    ruling_actions.pass_on(officer, file, file.version)
    deciding = dataclasses.replace(officer, permission=Permission.ADMISSIONS_DECIDE)
    refused(lambda: ruling_actions.not_carried(deciding, file, file.version, held_on=TODAY, counts=SHORT, reason="Chưa đủ."),
            "admission.own_submission")  # fmt: skip


# -- moves ------------------------------------------------------------------------------------------------------------


def test_a_vote_on_the_day_of_the_move_is_the_new_cells(commune, secretary, officer, standing, actor_):
    file = admission(unit=commune.bon, step=Step.DRAFT, vote={"held_on": dt.date(2026, 10, 1)})
    moved = dt.date(2026, 10, 5)
    actions.move_away(secretary, file, file.version, on=moved, to=commune.he, paper="15-CV/ĐU")
    there = dataclasses.replace(actor_(Role.SECRETARY, commune.he, Permission.ADMISSIONS_PREPARE), user_id=21)
    actions.record_vote(there, file, file.version, purpose=Purpose.ADMISSION, **ballot(moved, number="06-NQ/CB"))
    actions.submit(there, file, file.version)
    ruling_actions.pass_on(officer, file, file.version)
    assert decide(standing, file).number == 125


def test_the_new_cell_can_save_the_papers_of_the_old_one(commune, secretary, actor_):
    file = admission(unit=commune.bon, step=Step.DRAFT, vote={"number": None})
    paper_actions.issue_paper(secretary, file, file.version, "cell_resolution", issued_on=TODAY, signer=SIGNER)
    actions.move_away(secretary, file, file.version, on=TODAY, to=commune.he, paper="15-CV/ĐU")
    [there] = file_queries.papers(actor_(Role.SECRETARY, commune.he, Permission.ADMISSIONS_READ), file)
    assert there.document.kind == "cell_resolution"


def test_no_ceremony_in_a_cell_that_is_gone(commune, secretary, actor_):
    file = admission(unit=commune.bon, step=Step.DECIDED)
    for one in db.session.scalars(sa.select(Member)):
        members.leave(SYSTEM, one, exit=Exit.DIED, on=dt.date(2026, 11, 21))
    org.dissolve(SYSTEM, commune.bon, dt.date(2026, 11, 22))
    refused(lambda: actions.hold_ceremony(secretary, file, file.version, ceremony_on=TODAY), "admission.no_cell", field="ceremony_on")
    actions.move_away(secretary, file, file.version, on=TODAY, to=commune.he, paper="15-CV/ĐU")
    there = actor_(Role.SECRETARY, commune.he, Permission.ADMISSIONS_PREPARE)
    assert actions.hold_ceremony(there, file, file.version, ceremony_on=TODAY).ceremony_on == TODAY


# -- known people -----------------------------------------------------------------------------------------------------


def test_what_is_written_of_a_known_person_is_kept(commune, secretary):
    known = person(unit=commune.bon, full_name="Lò Thị Cũ")
    seen = known.version

    def opened():
        return actions.open_file(
            secretary, unit=commune.bon, person=known, candidate={**CANDIDATE, "full_name": "Lò Thị Mới"}, candidate_version=seen
        )

    members.edit_person(SYSTEM, known, known.version, residence="Bản Hé")
    stale(opened)
    seen = known.version
    assert opened().person_id == known.id and known.full_name == "Lò Thị Mới"


def test_a_probation_from_before_every_regulation_cannot_be_taken_over(commune, officer):
    known = member(unit=commune.bon, standing=Standing.PROBATIONARY, ceremony_on=dt.date(1998, 6, 1))
    refused(lambda: ruling_actions.take_over(officer, known), "law.unknown")
