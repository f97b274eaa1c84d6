"""What a cell does to an admission file: list, fill in, review, vote, hand in, hold the ceremony, withdraw. Every step is logged."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from .. import clock
from ..access import Actor
from ..audit import deed
from ..db import db
from ..errors import NotVisible, RuleBroken
from ..i18n import _, fmt_date, label
from ..members.actions import edit_person, register_person
from ..members.admission_actions import admit, readmit
from ..members.models import Exit, Member, Person
from ..org import scope
from ..org.models import Unit
from ..rulebook import admission as law
from ..rulebook.admission import CANDIDATE as BEFORE_DECISION
from ..rulebook.admission import Purpose, Step, VoteForm, VotingBody
from ..rulebook.finding import blocking
from ..rulebook.timeline import NotInForce
from . import file_queries, papers
from .facts import FACTS, PERMIT, WRITABLE, counted, ours
from .models import Admission, AdmissionReview, AdmissionVote, Introducer, IntroducerKind
from .moves import allowed, cite, log, next_step, not_ahead, not_from_here, not_stale, reason_of, refuse

#: The steps at which the preparing cell writes facts into a file.
EDITABLE = tuple(step for step, names in WRITABLE.items() if names)
#: The steps at which the cell votes, by what it votes on.
VOTES_AT: Mapping[Purpose, tuple[Step, ...]] = {
    Purpose.ADMISSION: (Step.DRAFT, Step.RETURNED),
    Purpose.RECOGNITION: (Step.PROBATION, Step.SENT_BACK),
    Purpose.REMOVAL: (Step.PROBATION, Step.SENT_BACK),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Introduces:
    """Who introduces, as entered: a member since when together, or a union's resolution."""

    kind: IntroducerKind
    member_id: int | None = None
    together_since: dt.date | None = None
    resolution_number: str | None = None
    resolved_on: dt.date | None = None
    is_replacement: bool = False


@deed
def open_file(
    actor: Actor, *, unit: Unit, person: Person | None = None, candidate: Mapping[str, Any] | None = None,
    candidate_version: int | None = None, introducers: Sequence[Introduces] = (), **facts: Any,
) -> Admission:  # fmt: skip
    """The candidate is on the cell's list (LISTED); with a paper that permits to start, her dossier is being made (DRAFT).

    For a person whom the register knows, whose particulars then are as given, or a new `candidate`. One who was a member before
    is to be readmitted. The regulation in force on the day of the listing, or of the dossier where there was none, is frozen on
    the file. Raises Conflict when somebody changed the person since `candidate_version`; RuleBroken when the unit is no living
    cell, the person is a member, can never come back or has a file under way, or an introducer or helper cannot be named.
    """
    today = clock.today()
    if not unit.is_cell or not unit.lives_on(today):
        raise refuse("admission.no_cell", "unit", _("%(unit)s không phải chi bộ đang hoạt động. Hãy chọn chi bộ khác."), unit=unit.name)
    if unknown := set(facts) - set(FACTS):
        raise TypeError(f"{sorted(unknown)} are no facts of a file that a cell fills in")
    was_member = _may_start(person) if person is not None else False
    if person is None:
        person = register_person(actor, unit=unit, **(candidate or {}))
    elif candidate:
        edit_person(actor, person, person.version if candidate_version is None else candidate_version, **candidate)
    started = facts.get("listed_on") or facts.get("opened_on") or today
    governs = law.regulation(started)
    if governs is None:
        text = _("Sổ chưa có quy định cho ngày %(day)s. Kiểm tra lại năm.")
        raise refuse("law.unknown", "listed_on", text, day=started)
    permitted = bool(facts.get("permitted_on") and facts.get("permit_number"))
    file = Admission(
        person_id=person.id, unit_id=unit.id, step=Step.DRAFT if permitted else Step.LISTED, started_on=started,
        instrument=governs.instrument, is_readmission=was_member, version=1,
    )  # fmt: skip
    if person.unit_id != unit.id:
        person.unit_id = unit.id
    for key, value in facts.items():
        setattr(file, key, value)
    if permitted and file.opened_on is None:
        file.opened_on = today
    db.session.add(file)
    db.session.flush()
    _helper_known(actor, file)
    _name_introducers(actor, file, introducers)
    log(actor, file, None, None)
    return file


@deed
def edit(
    actor: Actor, file: Admission, version: int, *, candidate: Mapping[str, Any] | None = None, candidate_version: int | None = None,
    introducers: Sequence[Introduces] | None = None, **facts: Any,
) -> None:  # fmt: skip
    """The file, its candidate's particulars and its introducers are as given; what is not given stays.

    Raises Conflict when somebody changed it since `version`; RuleBroken when it is with a committee or done, or a fact is not
    of its step, or as `open_file`.
    """
    person = db.session.get_one(Person, file.person_id)
    theirs = candidate_version is not None and candidate_version != person.version
    not_stale(file, -1 if theirs else version, {**facts, **(candidate or {})})
    if file.step not in EDITABLE:
        text = _("Hồ sơ đang ở bước “%(step)s”, chi bộ không sửa được nữa. Nếu cần sửa, đề nghị Ban Tổ chức trả lại.")
        raise refuse("admission.not_editable", "", text, cite("admission.way", clock.today()), step=label(file.step))
    _of_this_step(file, facts)
    if candidate is not None:
        edit_person(actor, person, person.version, **candidate)
    helper = file.helper_id
    for key, value in facts.items():
        setattr(file, key, value)
    if file.helper_id != helper:
        _helper_known(actor, file)
    file.version += 1  # Whatever part was changed, the whole file counts as changed to whoever else has it open.
    db.session.flush()
    if introducers is not None and file.step in BEFORE_DECISION:
        _name_introducers(actor, file, introducers)


@deed
def set_introducers(actor: Actor, file: Admission, version: int, introducers: Sequence[Introduces]) -> None:
    """The candidate is introduced by these and no others. Raises Conflict and RuleBroken as `edit`."""
    edit(actor, file, version, introducers=introducers)


@deed
def review(
    actor: Actor, file: Admission, version: int, *, on: dt.date, is_kept: bool, number: str | None = None, reason: str | None = None
) -> AdmissionReview:
    """The cell reviewed its list on that day: the candidate stays, or is struck off for a reason and the file is withdrawn.

    Raises Conflict; RuleBroken when the candidate is not on the list any more, the day lies ahead or before the listing, or was
    written down already.
    """
    not_stale(file, version)
    allowed(file, Step.LISTED, Step.ASKED)
    not_ahead(on, "on")
    if on < file.started_on:
        text = _("Ngày rà soát trước ngày đưa vào danh sách (%(day)s). Kiểm tra lại ngày.")
        raise refuse("review.too_early", "on", text, day=file.started_on)
    before = sa.select(AdmissionReview.id).where(AdmissionReview.admission_id == file.id, AdmissionReview.reviewed_on == on)
    if db.session.scalar(before) is not None:
        raise refuse("review.twice", "on", _("Đã ghi buổi rà soát ngày %(day)s cho người này. Chọn ngày khác.", day=fmt_date(on)))
    found = AdmissionReview(admission_id=file.id, reviewed_on=on, is_kept=is_kept, number=number or None)
    db.session.add(found)
    file.version += 1
    if not is_kept:
        log(actor, file, Step.WITHDRAWN, reason_of(reason))
    db.session.flush()
    return found


@deed
def ask_to_start(actor: Actor, file: Admission, version: int) -> None:
    """The committee is asked to permit the start (ASKED). Raises Conflict; RuleBroken when the list's demands are not met."""
    not_stale(file, version)
    allowed(file, Step.LISTED)
    _demanded(actor, file)
    log(actor, file, next_step(file), None)


@deed
def record_vote(
    actor: Actor, file: Admission, version: int, *, purpose: Purpose, held_on: dt.date, members: int, not_counted: int = 0,
    present: int, in_favour: int, against: int = 0, blank: int = 0, form: VoteForm | None = None, number: str | None = None,
) -> AdmissionVote:  # fmt: skip
    """The cell's vote stands in the file, passed or not. A failed one stays when the cell votes again.

    Raises Conflict; RuleBroken at another step, for a day ahead or with a vote already, and for numbers that cannot be.
    """
    not_stale(file, version)
    if file.step not in VOTES_AT[purpose]:
        raise not_from_here(file, VOTES_AT[purpose][0])
    vote = AdmissionVote(
        admission_id=file.id, body=VotingBody.CELL, purpose=purpose, held_on=held_on, form=form, members=members,
        not_counted=not_counted, present=present, in_favour=in_favour, against=against, blank=blank, number=number or None,
    )  # fmt: skip
    _vote_possible(file, vote, None)
    db.session.add(vote)
    file.version += 1
    db.session.flush()
    return vote


@deed
def correct_vote(actor: Actor, file: Admission, version: int, vote: AdmissionVote, **numbers: Any) -> None:
    """A vote of the cell that was written down wrongly says what the minutes say. Raises Conflict and RuleBroken as `record_vote`;
    NotVisible for one of another file."""
    not_stale(file, version)
    if vote.admission_id != file.id:
        raise NotVisible(AdmissionVote.__name__)
    if vote.body is not VotingBody.CELL or file.step not in VOTES_AT[vote.purpose]:
        raise not_from_here(file, VOTES_AT[vote.purpose][0])
    if any(
        papers.RESOLVES.get(one.document.kind) is vote.purpose and one.document.voided_on is None
        for one in file_queries.papers(actor, file)
    ):
        text = _("Nghị quyết về lần biểu quyết này đã ban hành. Hủy nghị quyết (ghi lý do) rồi sửa, sau đó ban hành lại.")
        raise refuse("vote.resolved", "", text)
    changed = AdmissionVote(admission_id=file.id, body=vote.body, purpose=vote.purpose, **{**_numbers(vote), **numbers})
    _vote_possible(file, changed, vote.id)
    for key, value in numbers.items():
        setattr(vote, key, value)
    file.version += 1
    db.session.flush()


@deed
def submit(actor: Actor, file: Admission, version: int) -> None:
    """The file waits for the organisation committee (SUBMITTED).

    A vote that failed may be submitted, since the committee must be told of it (A-26). Raises Conflict; RuleBroken when the
    file is not at the cell, or the law's demands on the dossier are not met.
    """
    not_stale(file, version)
    allowed(file, Step.DRAFT, Step.RETURNED)
    _demanded(actor, file, but=("vote.short",))
    file.submitted_on = clock.today()
    log(actor, file, next_step(file), None)


@deed
def propose(actor: Actor, file: Admission, version: int) -> None:
    """The probationary member's file waits for the organisation committee, for recognition or removal as the cell voted (PROPOSED).

    Raises Conflict; RuleBroken before the probation is over, or while a paper or the cell's vote lacks.
    """
    not_stale(file, version)
    allowed(file, Step.PROBATION, Step.SENT_BACK)
    _demanded(actor, file)
    file.proposed_on = clock.today()
    log(actor, file, next_step(file), None)


@deed
def hold_ceremony(
    actor: Actor, file: Admission, version: int, *, ceremony_on: dt.date, received_on: dt.date | None = None,
    late_paper: str | None = None,
) -> Member:  # fmt: skip
    """The candidate is a probationary member of the cell from the ceremony on (PROBATION); one taken back, once more.

    Raises Conflict; RuleBroken when there is no decision, the day lies ahead or before it, or the candidate moved so long
    before the decision that it must be cancelled.
    """
    not_stale(file, version)
    allowed(file, Step.DECIDED)
    not_ahead(ceremony_on, "ceremony_on")
    proposed: dict[str, Any] = {"ceremony_on": ceremony_on, "decision_received_on": received_on, "late_ceremony_consent": bool(late_paper)}
    _demanded(actor, file, **proposed)
    if file.moved_on and ceremony_on < file.moved_on:
        text = _("Ngày lễ trước ngày chuyển đến chi bộ này (%(day)s). Lễ kết nạp chỉ tổ chức ở nơi mới; kiểm tra lại ngày.")
        raise refuse(
            "admission.ceremony_elsewhere", "ceremony_on", text, cite("admission.moved_decision_days", file.moved_on), day=file.moved_on
        )
    cell = db.session.get_one(Unit, file.unit_id)
    if not cell.lives_on(ceremony_on):
        text = _("%(unit)s không còn hoạt động ngày %(day)s. Chuyển hồ sơ sang chi bộ mới rồi ghi lễ kết nạp.")
        raise refuse("admission.no_cell", "ceremony_on", text, unit=cell.name, day=ceremony_on)
    file.ceremony_on, file.received_on, file.late_paper = ceremony_on, received_on, late_paper or None
    log(actor, file, next_step(file), None)
    take_in = readmit if file.is_readmission else admit
    return take_in(
        actor, person=db.session.get_one(Person, file.person_id), unit=cell,
        decided_on=file.decided_on or ceremony_on, decision_number=file.decision_number or "", ceremony_on=ceremony_on,
    )  # fmt: skip


@deed
def withdraw(actor: Actor, file: Admission, version: int, reason: str) -> None:
    """The file is closed without a decision. Raises Conflict; RuleBroken without a reason or when it is decided or closed already."""
    not_stale(file, version)
    allowed(file, *BEFORE_DECISION)
    log(actor, file, Step.WITHDRAWN, reason_of(reason))


@deed
def move_away(actor: Actor, file: Admission, version: int, *, on: dt.date, to: Unit | None, paper: str) -> None:
    """The candidate moved: the file goes on in the cell `to`, or, without one, leaves for another organisation (MOVED).

    Raises Conflict; RuleBroken after the ceremony, without a paper, for a day ahead, or a cell that is the same or lives no more.
    """
    not_stale(file, version)
    allowed(file, *BEFORE_DECISION, Step.DECIDED)
    not_ahead(on, "on")
    if not paper.strip():
        raise refuse("admission.no_paper", "paper", _("Ghi số văn bản chuyển hồ sơ."))
    if to is not None and (not to.is_cell or not to.lives_on(on) or to.id == file.unit_id):
        raise refuse("admission.move_to", "to", _("Chọn một chi bộ khác đang hoạt động, hoặc để trống nếu chuyển ra ngoài xã."))
    file.moved_on, file.moved_paper = on, paper.strip()
    reason = _("Chuyển đi ngày %(day)s theo %(paper)s", day=fmt_date(on), paper=paper.strip())
    if to is None:
        log(actor, file, Step.MOVED, reason)
        return
    file.unit_id = to.id
    db.session.get_one(Person, file.person_id).unit_id = to.id
    log(actor, file, file.step, _("%(reason)s, đến %(unit)s", reason=reason, unit=to.name))


# -- what the deeds share ---------------------------------------------------------------------------------------------


def _demanded(actor: Actor, file: Admission, *, but: Iterable[str] = (), **proposed: Any) -> None:
    """Raises RuleBroken with all that the law of today demands before the file leaves its step, except those codes."""
    wrong = [one for one in blocking(file_queries.findings(actor, file, clock.today(), **proposed)) if one.code not in but]
    if wrong:
        raise RuleBroken(wrong)


def _of_this_step(file: Admission, facts: Mapping[str, Any]) -> None:
    if unknown := set(facts) - set(FACTS):
        raise TypeError(f"{sorted(unknown)} are no facts of a file that a cell fills in")
    may = WRITABLE[file.step] | (set(PERMIT) if file.permitted_on is None and file.step in (Step.DRAFT, Step.RETURNED) else set())
    for key, value in facts.items():
        if key not in may and getattr(file, key) != value:
            text = _("“%(what)s” không sửa được ở bước “%(step)s”.")
            raise refuse("admission.not_now", key, text, cite("admission.way", clock.today()), what=FACTS[key], step=label(file.step))


def _may_start(person: Person) -> bool:
    """Whether she was a member before. Raises RuleBroken for a member, one who can never come back, or one with a file under way."""
    left_on, exit, _times = file_queries.former(person.id)
    if db.session.get(Member, person.id) is not None:
        if file_queries.is_member(person.id):
            raise refuse("admission.is_member", "person", _("%(name)s đang là đảng viên trong sổ."), name=person.full_name)
        if exit in (Exit.DIED, Exit.MOVED_AWAY):
            text = _("%(name)s đã ra khỏi sổ do “%(exit)s”: không kết nạp lại. Nếu chuyển về, hãy ghi chuyển sinh hoạt đảng.")
            raise refuse("admission.no_readmission", "person", text, name=person.full_name, exit=label(exit))
    if file_queries.under_way(person.id) is not None:
        text = _("%(name)s đã có một hồ sơ kết nạp đang làm. Hãy mở hồ sơ đó.")
        raise refuse("admission.open_already", "person", text, name=person.full_name)
    return left_on is not None


def _helper_known(actor: Actor, file: Admission) -> None:
    if file.helper_id is not None:
        scope.one(Member, actor, Member.id == file.helper_id)


def _numbers(vote: AdmissionVote) -> dict[str, Any]:
    names = ("held_on", "form", "members", "not_counted", "present", "in_favour", "against", "blank", "number")
    return {name: getattr(vote, name) for name in names}


def _vote_possible(file: Admission, vote: AdmissionVote, own_id: int | None) -> None:
    """Raises RuleBroken for a vote that cannot have been: a day ahead or taken, more votes than present, more present than members."""
    not_ahead(vote.held_on, "held_on")
    same = sa.select(AdmissionVote.id).where(
        AdmissionVote.admission_id == file.id, AdmissionVote.body == vote.body, AdmissionVote.purpose == vote.purpose,
        AdmissionVote.held_on == vote.held_on, AdmissionVote.id != (own_id or 0),
    )  # fmt: skip
    if db.session.scalar(same) is not None:
        raise refuse("vote.twice", "held_on", _("Đã ghi một lần biểu quyết vào ngày này. Sửa lần đó, hoặc kiểm tra lại ngày."))
    try:
        found = law.vote_findings(counted(vote), vote.held_on, purpose=vote.purpose)
    except NotInForce:
        text = _("Sổ chưa có quy định cho ngày chi bộ xét %(day)s. Kiểm tra lại năm.")
        raise refuse("law.unknown", "held_on", text, day=vote.held_on) from None
    if wrong := [one for one in blocking(found) if one.code != "vote.short"]:
        raise RuleBroken(ours(wrong))


def _name_introducers(actor: Actor, file: Admission, given: Sequence[Introduces]) -> None:
    keys = [(one.kind, one.member_id) for one in given]
    if len(set(keys)) != len(keys):
        raise refuse("admission.introducer_twice", f"who_{len(keys)}", _("Người giới thiệu này đã ghi ở trên. Hãy chọn người khác."))
    standing = {
        (one.kind, one.member_id): one
        for one in db.session.scalars(sa.select(Introducer).where(Introducer.admission_id == file.id).order_by(Introducer.id))
    }
    for number, one in enumerate(given, start=1):
        if one.kind is not IntroducerKind.MEMBER and not one.resolution_number:
            raise refuse("admission.resolution", f"resolution_{number}", _("Ghi số nghị quyết của đoàn thể giới thiệu."))
        if one.member_id is not None and (one.kind, one.member_id) not in standing:
            scope.one(Member, actor, Member.id == one.member_id)
        row = standing.pop((one.kind, one.member_id), None)
        if row is None:
            db.session.add(Introducer(admission_id=file.id, **dataclasses.asdict(one)))
            continue
        for field in ("together_since", "resolution_number", "resolved_on", "is_replacement"):
            setattr(row, field, getattr(one, field))
    for row in standing.values():
        db.session.delete(row)
    db.session.flush()
