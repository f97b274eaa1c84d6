"""What the committees do to an admission file: permit, check, return, decide, recognise, remove, cancel, issue the card.

Nobody rules on what she handed in or passed on herself; a system actor has no hands.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from .. import clock
from ..access import Actor
from ..audit import deed
from ..db import db
from ..documents.models import Document
from ..errors import RuleBroken
from ..i18n import _, label
from ..members import actions as members
from ..members import admission_actions as standing
from ..members.models import Exit, Member, Person, Standing
from ..rulebook import admission as law
from ..rulebook.admission import BACK, Purpose, Step, VoteForm, VotingBody
from ..rulebook.finding import Finding, blocking
from . import file_queries
from .facts import counted, ours
from .models import Admission, AdmissionVote
from .moves import allowed, finding, log, member_of, next_step, not_ahead, not_stale, reason_of, refuse
from .paper_actions import number_decision

#: The steps at which the file's person is a member.
AFTER_CEREMONY = (Step.PROBATION, Step.SENT_BACK, Step.PROPOSED, Step.RULING, Step.RECOGNISED)


@dataclasses.dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of a committee's vote: its members, those present, for, against, blank."""

    members: int
    present: int
    in_favour: int
    against: int = 0
    blank: int = 0


@deed
def permit(actor: Actor, file: Admission, version: int, *, permitted_on: dt.date, permit_number: str) -> None:
    """The cell may start the procedure: the dossier is set up from today (DRAFT).

    Raises Conflict; RuleBroken when nobody asked, the actor asked herself, or the day lies ahead or before the cell's request.
    """
    not_stale(file, version)
    allowed(file, Step.ASKED)
    _other_hands(actor, file)
    not_ahead(permitted_on, "permitted_on")
    _demanded(actor, file, permitted_on=permitted_on)
    file.permitted_on, file.permit_number, file.opened_on = permitted_on, permit_number, clock.today()
    log(actor, file, next_step(file), None)


@deed
def pass_on(actor: Actor, file: Admission, version: int) -> None:
    """The check found the file in order: it goes to the next committee of its way.

    A failed vote of the cell goes up too, since the competent committee must be told (A-26). Raises Conflict; RuleBroken when
    the file does not wait for the check, the actor handed it in herself, or a demand of the law is not met.
    """
    not_stale(file, version)
    allowed(file, Step.SUBMITTED, Step.PROPOSED)
    _other_hands(actor, file)
    if file.step is Step.SUBMITTED:
        _demanded(actor, file, step=Step.DRAFT, but="vote.short")
        file.passed_on = clock.today()
    else:
        _demanded(actor, file, step=Step.PROBATION)
        file.full_passed_on = clock.today()
    log(actor, file, next_step(file), None)


@deed
def send_back(actor: Actor, file: Admission, version: int, reason: str) -> None:
    """The file is back at the cell, with the reason. Raises Conflict; RuleBroken without a reason or when it waits for nobody."""
    not_stale(file, version)
    allowed(file, *BACK)
    log(actor, file, BACK[file.step], reason_of(reason))


@deed
def committee_votes(
    actor: Actor, file: Admission, version: int, *, held_on: dt.date, counts: Counts, form: VoteForm | None = None,
    number: str | None = None,
) -> AdmissionVote:  # fmt: skip
    """The whole committee proposed the admission; the file goes to the standing committee.

    Raises Conflict; RuleBroken where the way has no such step, or the vote cannot be or falls short.
    """
    not_stale(file, version)
    allowed(file, Step.COMMITTEE)
    _other_hands(actor, file)
    not_ahead(held_on, "held_on")
    vote = _vote(actor, file, VotingBody.COMMITTEE, Purpose.ADMISSION, held_on, form, counts)
    vote.number = number or None
    _demanded(actor, file, committee_ballot=law.Ballot(held_on, counted(vote), vote.number))
    db.session.add(vote)
    log(actor, file, next_step(file), None)
    return vote


@deed
def decide(
    actor: Actor, file: Admission, version: int, *, decided_on: dt.date, signer: str, counts: Counts, form: VoteForm | None = None,
    outside_number: str | None = None,
) -> Document:  # fmt: skip
    """The standing committee decided to admit; the decision has its number and waits for the ceremony (DECIDED).

    The register numbers and issues the decision; one that was issued outside keeps its `outside_number`. Raises Conflict;
    RuleBroken when the file does not wait for it, the actor had it in hand before, the law of the days concerned refuses, the
    vote falls short, the decision lies ahead, or its number is taken.
    """
    not_stale(file, version)
    allowed(file, Step.DECIDING)
    _other_hands(actor, file)
    not_ahead(decided_on, "decided_on")
    vote = _vote(actor, file, VotingBody.STANDING, Purpose.ADMISSION, decided_on, form, counts)
    ballot = law.Ballot(decided_on, counted(vote))
    wrong = blocking(_found(actor, file, Step.DRAFT))
    wrong += blocking(_found(actor, file, Step.DECIDING, standing_ballot=ballot, decided_on=decided_on))
    _refused(wrong)
    db.session.add(vote)
    file.decided_on, file.decision_year, file.signer = decided_on, decided_on.year, signer
    db.session.flush()
    document = number_decision(actor, file, "decision", issued_on=decided_on, signer=signer, outside_number=outside_number)
    file.decision_number = vote.number = document.sign
    log(actor, file, next_step(file), None)
    return document


@deed
def decline(
    actor: Actor, file: Admission, version: int, *, held_on: dt.date, counts: Counts, reason: str, form: VoteForm | None = None,
) -> None:  # fmt: skip
    """The standing committee did not admit; its vote stands on record, and the cell is told why (DECLINED).

    Raises Conflict; RuleBroken without a reason, for a vote that cannot be, or one that reached its share though the cell's did.
    """
    not_stale(file, version)
    allowed(file, Step.DECIDING)
    _other_hands(actor, file)
    not_ahead(held_on, "held_on")
    why = reason_of(reason)
    vote = _vote(actor, file, VotingBody.STANDING, Purpose.ADMISSION, held_on, form, counts)
    ballot = law.Ballot(held_on, counted(vote))
    found = blocking(_found(actor, file, Step.DECIDING, standing_ballot=ballot, decided_on=held_on))
    _refused([one for one in found if one.code != "vote.short"])
    if not found and not blocking(_found(actor, file, Step.DRAFT)):
        text = _("Ban Thường vụ đã tán thành đủ tỷ lệ nên không ghi là không kết nạp. Kiểm tra lại số phiếu.")
        raise refuse("admission.vote_passed", "in_favour", text)
    db.session.add(vote)
    log(actor, file, Step.DECLINED, why)


@deed
def not_carried(
    actor: Actor, file: Admission, version: int, *, held_on: dt.date, counts: Counts, reason: str, form: VoteForm | None = None,
) -> AdmissionVote:  # fmt: skip
    """The committee did not carry what it was asked for: its vote stands on record, and the file is back at the cell with the reason.

    The whole committee on admission; the standing committee on what the cell proposed, on recognition after a deadlock. On
    admission the standing committee declines. Raises Conflict; RuleBroken as the vote that carries, and for one that did carry.
    """
    not_stale(file, version)
    allowed(file, Step.RULING, Step.COMMITTEE)
    _other_hands(actor, file)
    not_ahead(held_on, "held_on")
    why = reason_of(reason)
    body, purpose = VotingBody.COMMITTEE, Purpose.ADMISSION
    if file.step is Step.RULING:
        body, asked = VotingBody.STANDING, law.proposal(file_queries.facts(actor, file, clock.today()), clock.today())
        purpose = Purpose.RECOGNITION if asked is None or asked.is_deadlock else asked.purpose
    vote = _vote(actor, file, body, purpose, held_on, form, counts)
    found = blocking(law.committee_vote_findings(counted(vote), held_on, body, purpose=purpose))
    _refused([one for one in found if one.code != "vote.short"])
    if not found:
        text = _("Đã tán thành đủ tỷ lệ nên không ghi là không thông qua. Kiểm tra lại số phiếu.")
        raise refuse("admission.vote_passed", "in_favour", text)
    db.session.add(vote)
    log(actor, file, BACK[file.step], why)
    return vote


@deed
def recognise(
    actor: Actor, file: Admission, version: int, *, decided_on: dt.date, signer: str, counts: Counts, form: VoteForm | None = None,
    outside_number: str | None = None,
) -> Document:  # fmt: skip
    """The member is full from exactly the ceremony's day after the probation, however late the decision (RECOGNISED; P-06).

    Raises Conflict; RuleBroken as `decide`, and when the cell asked for removal instead.
    """
    vote = _rule(actor, file, version, Purpose.RECOGNITION, decided_on, form, counts)
    document = _ruled(actor, file, vote, "recognition_decision", decided_on, signer, outside_number)
    log(actor, file, next_step(file), None)
    member = member_of(file)
    standing.recognise(actor, member, law.probation_ends(file.ceremony_on or decided_on))
    return document


@deed
def remove(
    actor: Actor, file: Admission, version: int, *, decided_on: dt.date, signer: str, counts: Counts, form: VoteForm | None = None,
    outside_number: str | None = None,
) -> Document:  # fmt: skip
    """The probationary member's name is removed from that day on (REMOVED). Raises Conflict; RuleBroken as `recognise`."""
    vote = _rule(actor, file, version, Purpose.REMOVAL, decided_on, form, counts)
    document = _ruled(actor, file, vote, "removal_decision", decided_on, signer, outside_number)
    log(actor, file, Step.REMOVED, None)
    members.leave(actor, member_of(file), exit=Exit.REMOVED, on=decided_on, paper=document.sign)
    return document


@deed
def cancel(
    actor: Actor, file: Admission, version: int, *, on: dt.date, reason: str, signer: str, outside_number: str | None = None
) -> Document:
    """The decision to admit is cancelled; whoever was a member by it is none from that day on, and may be admitted anew (CANCELLED; A-39).

    Raises Conflict; RuleBroken without a reason, before a decision or after full membership, or for a day ahead.
    """
    not_stale(file, version)
    allowed(file, Step.DECIDED, Step.PROBATION, Step.SENT_BACK, Step.PROPOSED, Step.RULING)
    not_ahead(on, "on")
    if file.decided_on and on < file.decided_on:
        text = _("Ngày hủy trước ngày quyết định kết nạp (%(day)s). Kiểm tra lại ngày.")
        raise refuse("admission.cancelled_early", "on", text, day=file.decided_on)
    why = reason_of(reason)
    is_member = file.step is not Step.DECIDED
    document = number_decision(actor, file, "cancel_decision", issued_on=on, signer=signer, outside_number=outside_number, reason=why)
    log(actor, file, Step.CANCELLED, why)
    if is_member:
        standing.annul(actor, member_of(file), on=max(on, file.ceremony_on or on), paper=document.sign)
    return document


@deed
def issue_card(actor: Actor, file: Admission, version: int, *, card_number: str, issued_on: dt.date) -> None:
    """The full member has her card, and the way is at its end (CLOSED).

    Raises Conflict; RuleBroken before full membership, for a day ahead or too early, or a number that another member has.
    """
    not_stale(file, version)
    allowed(file, Step.RECOGNISED)
    not_ahead(issued_on, "issued_on")
    _demanded(actor, file, card_on=issued_on)
    member = member_of(file)
    members.edit_member(actor, member, member.version, card_number=card_number, card_issued_on=issued_on)
    log(actor, file, next_step(file), None)


@deed
def take_over(actor: Actor, member: Member) -> Admission:
    """A probationary member known from papers has a file at PROBATION, so that she too becomes full by a vote and a decision only.

    Raises RuleBroken when she is no probationary member, or has a file under way.
    """
    person = db.session.get_one(Person, member.id)
    if file_queries.standing_of(member.id) is not Standing.PROBATIONARY or member.ceremony_on is None:
        raise refuse("admission.not_probationary", "", _("%(name)s không phải đảng viên dự bị trong sổ."), name=person.full_name)
    if file_queries.under_way(member.id) is not None:
        text = _("%(name)s đã có một hồ sơ kết nạp đang làm. Hãy mở hồ sơ đó.")
        raise refuse("admission.open_already", "", text, name=person.full_name)
    decided = member.readmitted_on or member.decided_on
    governs = law.regulation(min(decided or member.ceremony_on, member.ceremony_on))
    if governs is None:
        text = _("Sổ chưa có quy định cho ngày %(day)s. Kiểm tra lại năm.")
        raise refuse("law.unknown", "", text, day=decided or member.ceremony_on)
    file = Admission(
        person_id=person.id, unit_id=person.unit_id, step=Step.PROBATION, started_on=decided or member.ceremony_on,
        instrument=governs.instrument, is_readmission=member.readmitted_on is not None, version=1,
        decided_on=decided, decision_number=member.readmission_number or member.decision_number, ceremony_on=member.ceremony_on,
    )  # fmt: skip
    db.session.add(file)
    db.session.flush()
    log(actor, file, None, None)
    return file


@deed
def close(actor: Actor, file: Admission, version: int) -> None:
    """The file of one who left the organisation on the way is at its end: MOVED with whoever moved away, else CLOSED, with the reason.

    Raises Conflict; RuleBroken before the ceremony, at the end, or while she is a member.
    """
    not_stale(file, version)
    allowed(file, *AFTER_CEREMONY)
    _left_on, exit, _times = file_queries.former(file.person_id)
    if exit is None or file_queries.is_member(file.person_id):
        text = _("Người này đang là đảng viên trong sổ nên hồ sơ chưa kết thúc. Ghi việc ra khỏi đảng bộ trước.")
        raise refuse("admission.still_member", "", text)
    log(actor, file, Step.MOVED if exit is Exit.MOVED_AWAY else Step.CLOSED, str(label(exit)))


# -- what the rulings share -------------------------------------------------------------------------------------------


def _rule(
    actor: Actor, file: Admission, version: int, purpose: Purpose, decided_on: dt.date, form: VoteForm | None, counts: Counts
) -> AdmissionVote:
    """The standing committee's vote on recognition or removal. Raises what `recognise` says."""
    not_stale(file, version)
    allowed(file, Step.RULING)
    _other_hands(actor, file)
    not_ahead(decided_on, "decided_on")
    vote = _vote(actor, file, VotingBody.STANDING, purpose, decided_on, form, counts)
    wrong = blocking(_found(actor, file, Step.PROBATION))
    wrong += _not_asked_for(file_queries.facts(actor, file, clock.today()), purpose)
    ballot = law.Ballot(decided_on, counted(vote))
    wrong += blocking(_found(actor, file, Step.RULING, ruling_ballot=ballot, ruled_on=decided_on))
    _refused(wrong)
    return vote


def _not_asked_for(facts: law.AdmissionFacts, purpose: Purpose) -> list[Finding]:
    """A finding when the cell asked for the other ruling; after a deadlock the committee may rule either way (P-10)."""
    asked = law.proposal(facts, clock.today())
    if asked is None or asked.is_deadlock or asked.purpose is purpose:
        return []  # without a vote that counts the law's own demand refuses
    text = _("Chi bộ đã biểu quyết đề nghị “%(what)s”. Quyết định theo đề nghị của chi bộ, hoặc trả lại để chi bộ biểu quyết lại.")
    return [finding("admission.other_purpose", "", text, what=label(asked.purpose))]


def _ruled(
    actor: Actor, file: Admission, vote: AdmissionVote, paper: str, decided_on: dt.date, signer: str, outside_number: str | None
) -> Document:
    """The ruling is numbered and stands in the file with its vote."""
    db.session.add(vote)
    file.ruled_on, file.ruling_year, file.ruling_signer = decided_on, decided_on.year, signer
    db.session.flush()
    document = number_decision(actor, file, paper, issued_on=decided_on, signer=signer, outside_number=outside_number)
    file.ruling_number = vote.number = document.sign
    return document


def _other_hands(actor: Actor, file: Admission) -> None:
    if file_queries.hands(file).hold(actor):
        text = _("Đồng chí là người đã trình hoặc chuyển hồ sơ này nên không được tự duyệt. Hãy để người khác làm bước này.")
        raise refuse("admission.own_submission", "", text)


def _found(actor: Actor, file: Admission, step: Step, **proposed: Any) -> list[Finding]:
    return file_queries.findings(actor, file, clock.today(), step, **proposed)


def _demanded(actor: Actor, file: Admission, *, step: Step | None = None, but: str = "", **proposed: Any) -> None:
    _refused([one for one in blocking(_found(actor, file, step or file.step, **proposed)) if one.code != but])


def _refused(wrong: list[Finding]) -> None:
    """Raises RuleBroken with what is wrong, if anything is, each thing once."""
    if wrong:
        raise RuleBroken(list({(one.code, one.field, one.message): one for one in ours(wrong)}.values()))


def _vote(
    actor: Actor, file: Admission, body: VotingBody, purpose: Purpose, held_on: dt.date, form: VoteForm | None, counts: Counts
) -> AdmissionVote:
    """The vote as the minutes count it, not kept yet. Raises RuleBroken where the body voted on the same matter that day."""
    if any(one.held_on == held_on for one in file_queries.votes(actor, file, body, purpose)):
        field = "held_on" if body is VotingBody.COMMITTEE else "decided_on"
        raise refuse("vote.twice", field, _("Đã ghi một lần biểu quyết vào ngày này. Kiểm tra lại ngày."))
    return AdmissionVote(
        admission_id=file.id, body=body, purpose=purpose, held_on=held_on, form=form, members=counts.members, not_counted=0,
        present=counts.present, in_favour=counts.in_favour, against=counts.against, blank=counts.blank,
    )  # fmt: skip
