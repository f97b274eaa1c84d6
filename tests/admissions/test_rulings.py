"""What the committees do to a file: check, return, vote, decide, decline, recognise, remove, cancel; every refusal."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa

from partyreg.access import Permission
from partyreg.admissions import actions, file_queries, ruling_actions
from partyreg.admissions.models import Admission
from partyreg.admissions.ruling_actions import Counts
from partyreg.audit import AuditEntry
from partyreg.db import db
from partyreg.members import actions as members
from partyreg.members.models import Exit, Member, StandingPeriod
from partyreg.rulebook.admission import Purpose, Step, VoteForm, VotingBody
from partyreg.rulebook.dates import add_months
from tests.admissions.deeds import SIGNER, TODAY, TOMORROW, decide, last_deed, moves, refused, ruling, stale
from tests.make.admissions import STANDING, SYSTEM, admission, ballot
from tests.make.members import member

SHORT = Counts(members=9, present=9, in_favour=4, against=5)
VOTED = dt.date(2026, 10, 20)  # the cell's day in a file that the builder made


def preparing(actor):
    """The same user at the door of the cell."""
    return dataclasses.replace(actor, permission=Permission.ADMISSIONS_PREPARE)


def standing_votes(actor, file):
    """The standing committee's votes on a file, as (purpose, day, in favour, number)."""
    return [(one.purpose, one.held_on, one.in_favour, one.number) for one in file_queries.votes(actor, file, VotingBody.STANDING)]


# -- checking and returning -------------------------------------------------------------------------------------------


def test_the_check_passes_a_file_on(commune, officer):
    file = admission(unit=commune.bon)
    ruling_actions.pass_on(officer, file, file.version)
    assert (file.step, file.passed_on, last_deed()) == (Step.DECIDING, TODAY, "admissions.pass_on")
    assert moves(file)[-1] == (Step.SUBMITTED, Step.DECIDING, 12, None)
    full = admission(unit=commune.bon, step=Step.PROPOSED)
    ruling_actions.pass_on(officer, full, full.version)
    assert (full.step, full.full_passed_on) == (Step.RULING, TODAY)


def test_a_file_that_is_not_in_order_any_more_is_not_passed_on(commune, officer):
    file = admission(unit=commune.bon)
    db.session.connection().execute(sa.update(Admission).where(Admission.id == file.id).values(applied_on=None, cv_on=None))
    db.session.expire(file)
    refused(lambda: ruling_actions.pass_on(officer, file, file.version), "admission.application", "admission.cv")
    full = admission(unit=commune.bon, step=Step.PROPOSED)
    db.session.connection().execute(sa.update(Admission).where(Admission.id == full.id).values(remark_on=None))
    db.session.expire(full)
    refused(lambda: ruling_actions.pass_on(officer, full, full.version), "recognition.remark")


@pytest.mark.parametrize(
    ("at", "back"),
    [
        (Step.ASKED, Step.LISTED), (Step.SUBMITTED, Step.RETURNED), (Step.DECIDING, Step.RETURNED), (Step.PROPOSED, Step.SENT_BACK),
        (Step.RULING, Step.SENT_BACK),
    ],
)  # fmt: skip
def test_send_back_needs_a_reason_and_keeps_it(commune, officer, at, back):
    file = admission(unit=commune.bon, step=at)
    for nothing in ("", "   "):
        refused(
            lambda nothing=nothing: ruling_actions.send_back(officer, file, file.version, nothing), "admission.no_reason", field="reason"
        )
    ruling_actions.send_back(officer, file, file.version, " Thiếu nghị quyết của Đoàn. ")
    assert moves(file)[-1] == (at, back, 12, "Thiếu nghị quyết của Đoàn.")


def test_a_returned_file_is_edited_and_submitted_again(commune, secretary):
    file = admission(unit=commune.bon, step=Step.RETURNED)
    actions.edit(secretary, file, file.version, check_paper="15-BC")
    actions.submit(secretary, file, file.version)
    assert [to for _from, to, _user, _reason in moves(file)] == [
        Step.LISTED, Step.ASKED, Step.DRAFT, Step.SUBMITTED, Step.RETURNED, Step.SUBMITTED,
    ]  # fmt: skip


@pytest.mark.parametrize("step", [Step.LISTED, Step.DRAFT, Step.DECIDED, Step.PROBATION, Step.RECOGNISED, Step.CLOSED, Step.WITHDRAWN])
def test_what_waits_for_nobody_is_ruled_on_by_nobody(commune, standing, step):
    file = admission(unit=commune.bon, step=step)
    said = {"counts": STANDING, "held_on": TODAY}
    for deed in (
        lambda: ruling_actions.send_back(standing, file, file.version, "x"),
        lambda: ruling_actions.pass_on(standing, file, file.version),
        lambda: decide(standing, file),
        lambda: ruling_actions.decline(standing, file, file.version, reason="x", **said),
        lambda: ruling_actions.committee_votes(standing, file, file.version, **said),
        lambda: ruling(ruling_actions.recognise, standing, file),
        lambda: ruling(ruling_actions.remove, standing, file),
    ):
        assert refused(deed, "admission.step")[0].cite is not None


def test_every_ruling_refuses_a_stale_page(commune, standing):
    file = admission(unit=commune.bon)
    seen, ruled = file.version - 1, {"signer": SIGNER, "counts": STANDING}
    for deed in (
        lambda: ruling_actions.pass_on(standing, file, seen), lambda: ruling_actions.send_back(standing, file, seen, "x"),
        lambda: ruling_actions.decide(standing, file, seen, decided_on=TODAY, **ruled),
        lambda: ruling_actions.decline(standing, file, seen, held_on=TODAY, counts=SHORT, reason="x"),
        lambda: ruling_actions.committee_votes(standing, file, seen, held_on=TODAY, counts=STANDING),
        lambda: ruling_actions.recognise(standing, file, seen, decided_on=TODAY, **ruled),
        lambda: ruling_actions.remove(standing, file, seen, decided_on=TODAY, **ruled),
        lambda: ruling_actions.cancel(standing, file, seen, on=TODAY, reason="x", signer=SIGNER),
        lambda: ruling_actions.issue_card(standing, file, seen, card_number="1", issued_on=TODAY),
    ):  # fmt: skip
        assert "Chờ" in str(stale(deed))


# -- three pairs of hands ---------------------------------------------------------------------------------------------


def test_nobody_passes_on_or_decides_what_she_had_in_hand(commune, officer, standing):
    file = admission(unit=commune.bon, by=preparing(officer))
    refused(lambda: ruling_actions.pass_on(officer, file, file.version), "admission.own_submission")
    other = dataclasses.replace(officer, user_id=99)
    ruling_actions.pass_on(other, file, file.version)
    for actor in (officer, other):
        hand = dataclasses.replace(standing, user_id=actor.user_id)
        refused(lambda hand=hand: decide(hand, file), "admission.own_submission")
        refused(
            lambda hand=hand: ruling_actions.decline(hand, file, file.version, held_on=TODAY, counts=SHORT, reason="x"),
            "admission.own_submission",
        )
    assert decide(standing, file).sign == "125-QĐ/ĐU"


def test_nobody_rules_on_full_membership_that_she_had_in_hand(commune, secretary, officer, standing):
    file = admission(unit=commune.bon, step=Step.SENT_BACK)
    actions.propose(secretary, file, file.version)
    ruling_actions.pass_on(officer, file, file.version)
    for user_id in (11, 12):
        hand = dataclasses.replace(standing, user_id=user_id)
        refused(lambda hand=hand: ruling(ruling_actions.recognise, hand, file), "admission.own_submission")
    ruling(ruling_actions.recognise, standing, file)


def test_the_last_round_counts_not_an_earlier_one(commune, secretary, officer):
    file = admission(unit=commune.bon, by=preparing(officer))
    ruling_actions.send_back(officer, file, file.version, "Sửa số nghị quyết")
    actions.submit(secretary, file, file.version)
    ruling_actions.pass_on(officer, file, file.version)
    assert file.step is Step.DECIDING


# -- deciding ---------------------------------------------------------------------------------------------------------


def test_decide_numbers_the_decision_and_waits_for_the_ceremony(commune, standing):
    file = admission(unit=commune.bon, step=Step.DECIDING)
    document = decide(standing, file, form=VoteForm.MEMBER_CARD)
    assert (document.sign, document.kind, document.is_outside, document.signer) == ("125-QĐ/ĐU", "decision", True, SIGNER)
    assert (file.step, file.decided_on, file.decision_number, file.decision_year, file.signer) == (
        Step.DECIDED, TODAY, "125-QĐ/ĐU", 2026, SIGNER,
    )  # fmt: skip
    assert standing_votes(standing, file) == [(Purpose.ADMISSION, TODAY, 9, "125-QĐ/ĐU")]
    assert [one.document for one in file_queries.papers(standing, file)] == [document]
    assert moves(file)[-1] == (Step.DECIDING, Step.DECIDED, 13, None)
    assert db.session.get(Member, file.person_id) is None
    deed, payload = db.session.execute(sa.select(AuditEntry.deed, AuditEntry.payload).order_by(AuditEntry.seq.desc())).first()
    assert deed == "admissions.decide"
    assert '"table":"document"' in payload and '"table":"admission_vote"' in payload


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"decided_on": TOMORROW}, "admission.in_future", "decided_on"),
        ({"decided_on": VOTED - dt.timedelta(days=1)}, None, "decided_on"),
        ({"decided_on": dt.date(1996, 1, 1)}, None, "decided_on"),
        ({"counts": Counts(9, 9, 4, 5)}, "vote.short", "in_favour"),
        ({"counts": Counts(9, 10, 9)}, "vote.present", "in_favour"),
        ({"counts": Counts(9, 5, 6)}, "vote.too_many", "in_favour"),
        ({"counts": Counts(0, 0, 0)}, "vote.nobody", "in_favour"),
        ({"counts": Counts(9, -1, 0)}, "vote.negative", "in_favour"),
    ],
)
def test_decisions_that_cannot_be(commune, standing, changed, code, field):
    file = admission(unit=commune.bon, step=Step.DECIDING)
    codes = (code,) if code else ("order.before", "admission.decision_days")
    refused(lambda: decide(standing, file, **changed), *codes, field=field)


def test_more_than_half_of_all_members_decide(commune, standing):
    file = admission(unit=commune.bon, step=Step.DECIDING)
    refused(lambda: decide(standing, file, counts=Counts(10, 10, 5)), "vote.short")
    assert decide(standing, file, counts=Counts(10, 6, 6)).sign == "125-QĐ/ĐU"


def test_decline_records_the_vote_and_tells_the_cell_why(commune, standing):
    file = admission(unit=commune.bon, step=Step.DECIDING)

    def declined(**changed):
        said = {"held_on": TODAY, "counts": SHORT, "reason": "Chưa đủ điều kiện.", **changed}
        return lambda: ruling_actions.decline(standing, file, file.version, **said)

    refused(declined(reason=" "), "admission.no_reason", field="reason")
    refused(declined(held_on=TOMORROW), "admission.in_future", field="held_on")
    refused(declined(held_on=VOTED - dt.timedelta(days=1)), "order.before", "admission.decision_days")
    refused(declined(held_on=dt.date(1996, 1, 1)), "order.before", "admission.decision_days")
    refused(declined(counts=Counts(9, 10, 4)), "vote.present")
    refused(declined(counts=STANDING), "admission.vote_passed", field="in_favour")
    declined()()
    assert standing_votes(standing, file) == [(Purpose.ADMISSION, TODAY, 4, None)]
    assert moves(file)[-1] == (Step.DECIDING, Step.DECLINED, 13, "Chưa đủ điều kiện.")


def test_whoever_the_cell_did_not_carry_is_declined_whatever_the_vote(commune, secretary, officer, standing):
    file = admission(unit=commune.bon, step=Step.DRAFT, vote={"in_favour": 5, "against": 3})
    actions.submit(secretary, file, file.version)
    ruling_actions.pass_on(officer, file, file.version)
    refused(lambda: decide(standing, file), "vote.short")
    ruling_actions.decline(standing, file, file.version, held_on=TODAY, counts=STANDING, reason="Chi bộ không đủ tỷ lệ.")
    assert file.step is Step.DECLINED


def test_the_whole_committee_votes_where_a_law_has_that_step(commune, standing):
    """The law of today has no such step; a file that a former law took there goes on from it."""
    file = admission(unit=commune.bon, step=Step.DECIDING)
    db.session.connection().execute(sa.update(Admission).where(Admission.id == file.id).values(step=Step.COMMITTEE))
    db.session.expire(file)

    def voted(by=standing, **changed):
        said = {"held_on": TODAY, "counts": Counts(33, 30, 30), "number": "21-NQ/ĐU", **changed}
        return lambda: ruling_actions.committee_votes(by, file, file.version, **said)

    refused(voted(held_on=TOMORROW), "admission.in_future", field="held_on")
    refused(voted(counts=Counts(33, 30, 21)), "vote.short", field="in_favour")
    vote = voted()()
    assert (file.step, vote.body, vote.number) == (Step.DECIDING, VotingBody.COMMITTEE, "21-NQ/ĐU")
    db.session.connection().execute(sa.update(Admission).where(Admission.id == file.id).values(step=Step.COMMITTEE))
    db.session.expire(file)
    refused(voted(), "admission.own_submission")
    refused(voted(dataclasses.replace(standing, user_id=14)), "vote.twice", field="held_on")


# -- full membership --------------------------------------------------------------------------------------------------


def test_recognised_she_is_full_a_year_after_the_ceremony(commune, standing):
    file = admission(unit=commune.bon, step=Step.RULING)
    document = ruling(ruling_actions.recognise, standing, file)
    made = db.session.get_one(Member, file.person_id)
    assert (made.ceremony_on, made.full_on) == (dt.date(2025, 10, 28), dt.date(2026, 10, 28))
    assert (file.step, file.ruled_on, file.ruling_number, file.ruling_year, file.ruling_signer) == (
        Step.RECOGNISED, TODAY, document.sign, 2026, SIGNER,
    )  # fmt: skip
    assert standing_votes(standing, file)[-1] == (Purpose.RECOGNITION, TODAY, 9, "125-QĐ/ĐU")
    assert (document.kind, last_deed()) == ("recognition_decision", "admissions.recognise")


def test_removed_she_is_no_member_from_the_decision_on(commune, secretary, officer, standing):
    file = admission(unit=commune.bon, step=Step.PROBATION)
    actions.record_vote(secretary, file, file.version, purpose=Purpose.REMOVAL, **ballot(TODAY))
    actions.propose(secretary, file, file.version)
    ruling_actions.pass_on(officer, file, file.version)
    refused(lambda: ruling(ruling_actions.recognise, standing, file), "admission.other_purpose")
    document = ruling(ruling_actions.remove, standing, file)
    [period] = db.session.scalars(sa.select(StandingPeriod).where(StandingPeriod.member_id == file.person_id))
    assert (period.ended_on, period.exit, period.exit_paper) == (TODAY, Exit.REMOVED, document.sign)
    assert (file.step, document.kind) == (Step.REMOVED, "removal_decision")


@pytest.mark.parametrize("deed", [ruling_actions.recognise, ruling_actions.remove])
def test_rulings_that_cannot_be(commune, standing, deed):
    file = admission(unit=commune.bon, step=Step.RULING if deed is ruling_actions.recognise else Step.REMOVED)
    if deed is ruling_actions.remove:
        refused(lambda: ruling(deed, standing, file), "admission.step")
        file = admission(unit=commune.bon, step=Step.RULING)
        refused(lambda: ruling(deed, standing, file), "admission.other_purpose")
        return
    refused(lambda: ruling(deed, standing, file, decided_on=TOMORROW), "admission.in_future", field="decided_on")
    refused(lambda: ruling(deed, standing, file, counts=SHORT), "vote.short", field="in_favour")
    refused(lambda: ruling(deed, standing, file, decided_on=dt.date(2026, 10, 29)), "order.before", field="decided_on")
    db.session.connection().execute(sa.update(Admission).where(Admission.id == file.id).values(new_class_on=None))
    db.session.expire(file)
    refused(lambda: ruling(deed, standing, file), "recognition.new_class")


@pytest.mark.parametrize("deed", [ruling_actions.recognise, ruling_actions.remove])
def test_after_a_deadlock_the_committee_rules_either_way(commune, secretary, officer, standing, deed):
    file = admission(unit=commune.bon, step=Step.SENT_BACK)
    [vote] = file_queries.votes(secretary, file, VotingBody.CELL, Purpose.RECOGNITION)
    actions.correct_vote(secretary, file, file.version, vote, in_favour=5, against=3)
    for days in (1, 0):
        said = ballot(TODAY - dt.timedelta(days=days), in_favour=5, against=3)
        actions.record_vote(secretary, file, file.version, purpose=Purpose.RECOGNITION, **said)
    actions.propose(secretary, file, file.version)
    ruling_actions.pass_on(officer, file, file.version)
    assert ruling(deed, standing, file).sign == "125-QĐ/ĐU"


def test_one_who_left_in_the_meantime_is_not_recognised(commune, standing):
    file = admission(unit=commune.bon, step=Step.RULING)
    members.leave(SYSTEM, db.session.get_one(Member, file.person_id), exit=Exit.DIED, on=TODAY)
    refused(lambda: ruling(ruling_actions.recognise, standing, file), "member.left")


# -- cancelling -------------------------------------------------------------------------------------------------------


def cancelled(actor, file, **changed):
    """The decision to admit is cancelled, today unless told."""
    said = {"on": TODAY, "reason": "Không đúng thẩm quyền.", "signer": SIGNER, "outside_number": "126", **changed}
    return lambda: ruling_actions.cancel(actor, file, file.version, **said)


def test_cancelled_before_the_ceremony_nobody_was_a_member(commune, standing):
    file = admission(unit=commune.bon, step=Step.DECIDED)
    document = cancelled(standing, file)()
    assert (document.kind, document.sign) == ("cancel_decision", "126-QĐ/ĐU")
    assert moves(file)[-1] == (Step.DECIDED, Step.CANCELLED, 13, "Không đúng thẩm quyền.")
    assert db.session.get(Member, file.person_id) is None


@pytest.mark.parametrize("step", [Step.PROBATION, Step.SENT_BACK, Step.PROPOSED, Step.RULING])
def test_cancelled_after_the_ceremony_she_is_no_member_any_more(commune, standing, step):
    file = admission(unit=commune.bon, step=step)
    document = cancelled(standing, file)()
    [period] = db.session.scalars(sa.select(StandingPeriod).where(StandingPeriod.member_id == file.person_id))
    assert (period.ended_on, period.exit, period.exit_paper) == (TODAY, Exit.CANCELLED, document.sign)
    assert file.step is Step.CANCELLED


def test_a_cancelling_dated_before_the_ceremony_ends_the_membership_with_it(commune, standing):
    file = admission(unit=commune.bon, step=Step.PROBATION)  # decided on the 20th, the ceremony on the 24th
    cancelled(standing, file, on=dt.date(2026, 11, 22))()
    [period] = db.session.scalars(sa.select(StandingPeriod).where(StandingPeriod.member_id == file.person_id))
    assert (period.started_on, period.ended_on) == (TODAY, TODAY)


def test_cancellings_that_cannot_be(commune, standing):
    file = admission(unit=commune.bon, step=Step.DECIDED)
    refused(cancelled(standing, file, on=TOMORROW), "admission.in_future", field="on")
    refused(cancelled(standing, file, on=file.decided_on - dt.timedelta(days=1)), "admission.cancelled_early", field="on")
    refused(cancelled(standing, file, reason=" "), "admission.no_reason", field="reason")
    for step in (Step.DECIDING, Step.RECOGNISED, Step.CANCELLED):
        refused(cancelled(standing, admission(unit=commune.bon, step=step)), "admission.step")


# -- the card ---------------------------------------------------------------------------------------------------------


def test_the_card_ends_the_way(commune, officer):
    file = admission(unit=commune.bon, step=Step.RECOGNISED)
    ruling_actions.issue_card(officer, file, file.version, card_number="014000000777", issued_on=TODAY)
    made = db.session.get_one(Member, file.person_id)
    assert (made.card_number, made.card_issued_on, made.full_on) == ("014000000777", TODAY, add_months(made.ceremony_on, 12))
    assert moves(file)[-1] == (Step.RECOGNISED, Step.CLOSED, 12, None)


def test_cards_that_cannot_be(commune, officer):
    file = admission(unit=commune.bon, step=Step.RECOGNISED)
    member(unit=commune.he, card_number="014000000777")

    def issued(number="014000000778", on=TODAY):
        return lambda: ruling_actions.issue_card(officer, file, file.version, card_number=number, issued_on=on)

    refused(issued("014000000777"), "card_number.taken", field="card_number")
    refused(issued(on=TOMORROW), "admission.in_future", field="issued_on")
    refused(issued(on=file.ruled_on - dt.timedelta(days=1)), "order.before", field="issued_on")
    issued()()
    refused(issued(), "admission.step")
