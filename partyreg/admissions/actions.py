"""What we do to an admission file: open, fill in, submit, return, approve, withdraw. Every step is logged."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from .. import clock
from ..access import Actor
from ..audit import deed
from ..db import db
from ..errors import Conflict, RuleBroken
from ..i18n import _, fmt_date, label
from ..members.actions import admit, edit_person, register_person
from ..members.models import Member, Person, StandingPeriod
from ..org import scope
from ..org.models import Unit
from ..rulebook.admission import Step, may_move, vote_findings
from ..rulebook.book import LAW
from ..rulebook.finding import Finding, Severity, blocking, judged
from ..rulebook.timeline import Citation, NotInForce
from . import queries
from .facts import CANDIDATE, DOSSIER, VOTE, ours, vote_of
from .models import Admission, AdmissionMove, Introducer, IntroducerKind

#: The steps at which the preparing cell may still change a file.
EDITABLE = (Step.DRAFT, Step.RETURNED)


@dataclasses.dataclass(frozen=True, slots=True)
class Introduces:
    """Who introduces, as entered: a member since when together, or a union's resolution."""

    kind: IntroducerKind
    member_id: int | None = None
    together_since: dt.date | None = None
    resolution_number: str | None = None
    resolved_on: dt.date | None = None
    is_replacement: bool = False


def _finding(code: str, field: str, text: str, cite: Citation | None = None, **facts: object) -> Finding:
    return judged(code, field, Severity.BLOCK, text, cite, **facts)


def _refuse(code: str, field: str, text: str, cite: Citation | None = None, **facts: object) -> RuleBroken:
    return RuleBroken([_finding(code, field, text, cite, **facts)])


def _cite(key: str, day: dt.date) -> Citation | None:
    found = LAW.find(key, day)
    return found.citation if found else None


@deed
def open_file(
    actor: Actor, *, unit: Unit, person: Person | None = None, candidate: Mapping[str, Any] | None = None,
    opened_on: dt.date | None = None, introducers: Sequence[Introduces] = (), **facts: Any,
) -> Admission:  # fmt: skip
    """A file is open (DRAFT) in the cell, for a person whom the register knows, or for a new `candidate`.

    Raises RuleBroken when the unit is no living cell, the person is or was a member or has a file under way, the
    particulars or the votes cannot be true, or an introducer is named twice.
    """
    today = clock.today()
    if not unit.is_cell or not unit.lives_on(today):
        raise _refuse("admission.no_cell", "unit", _("%(unit)s không phải chi bộ đang hoạt động. Hãy chọn chi bộ khác."), unit=unit.name)
    _possible(facts)
    if person is None:
        person = register_person(actor, unit=unit, **(candidate or {}))
    else:
        _is_free(person)
    file = Admission(person_id=person.id, unit_id=unit.id, step=Step.DRAFT, opened_on=opened_on or today, version=1)
    for key, value in facts.items():
        _set(file, key, value)
    db.session.add(file)
    db.session.flush()
    _name_introducers(actor, file, introducers)
    _log(actor, file, None, None)
    return file


@deed
def edit(
    actor: Actor, file: Admission, version: int, *, candidate: Mapping[str, Any] | None = None, candidate_version: int | None = None,
    introducers: Sequence[Introduces] | None = None, **facts: Any,
) -> None:  # fmt: skip
    """The file, its candidate's particulars and its introducers are as given; what is not given stays.

    Raises Conflict when somebody changed it since `version`; RuleBroken when it is with the committee or done, or as
    `open_file`.
    """
    person = db.session.get_one(Person, file.person_id)
    theirs = candidate_version is not None and candidate_version != person.version
    _not_stale(file, -1 if theirs else version, {**facts, **(candidate or {})})
    if file.step not in EDITABLE:
        text = _("Hồ sơ đang ở bước “%(step)s”, chi bộ không sửa được nữa. Nếu cần sửa, đề nghị Ban Tổ chức trả lại.")
        raise _refuse("admission.not_editable", "", text, _cite("admission.chain", clock.today()), step=label(file.step))
    _possible({**{name: getattr(file, name) for name in (*VOTE, "voted_on")}, **facts})
    if candidate is not None:
        edit_person(actor, person, person.version, **candidate)
    for key, value in facts.items():
        _set(file, key, value)
    file.version += 1  # Whatever part was changed, the whole file counts as changed to whoever else has it open.
    db.session.flush()
    if introducers is not None:
        _name_introducers(actor, file, introducers)


@deed
def set_introducers(actor: Actor, file: Admission, version: int, introducers: Sequence[Introduces]) -> None:
    """The candidate is introduced by these and no others. Raises Conflict and RuleBroken as `edit`."""
    edit(actor, file, version, introducers=introducers)


@deed
def submit(actor: Actor, file: Admission, version: int) -> None:
    """The file waits for the organisation committee.

    A vote that failed may be submitted, since the committee must be told of it (A-26); one that is missing, lies ahead or
    cannot be true is refused. Raises Conflict; RuleBroken also when the file is not at the cell.
    """
    _not_stale(file, version)
    _step_allowed(file, Step.SUBMITTED)
    today = clock.today()
    found = [one for one in queries.findings(actor, file, today) if one.blocks and one.field in ("voted_on", *VOTE)]
    if wrong := [one for one in found if one.code != "vote.short"]:
        raise RuleBroken(wrong)
    file.submitted_on = today
    _log(actor, file, Step.SUBMITTED, None)


@deed
def send_back(actor: Actor, file: Admission, version: int, reason: str) -> None:
    """The file is back at the cell, with the reason. Raises Conflict; RuleBroken without a reason or when it does not wait."""
    _not_stale(file, version)
    _step_allowed(file, Step.RETURNED)
    _log(actor, file, Step.RETURNED, _reason(reason))


@deed
def withdraw(actor: Actor, file: Admission, version: int, reason: str) -> None:
    """The file is closed without a decision. Raises Conflict; RuleBroken without a reason or when it is closed already."""
    _not_stale(file, version)
    _step_allowed(file, Step.WITHDRAWN)
    _log(actor, file, Step.WITHDRAWN, _reason(reason))


@deed
def approve(
    actor: Actor, file: Admission, version: int, *, decided_on: dt.date, decision_number: str, signer: str, ceremony_on: dt.date
) -> Member:
    """The candidate is a probationary member of the cell from the ceremony on; the file holds the decision.

    Raises Conflict; RuleBroken when the file does not wait, the actor submitted it herself, the law of the days concerned
    refuses, the decision lies ahead, or its number was given already in its year.
    """
    _not_stale(file, version)
    _step_allowed(file, Step.APPROVED)
    today = clock.today()
    if actor.user_id is not None and queries.submitter(file) == actor.user_id:
        text = _("Đồng chí là người trình hồ sơ này nên không được tự duyệt. Hãy để người khác trong Ban Tổ chức duyệt.")
        raise _refuse("admission.own_submission", "", text)
    wrong = blocking(queries.findings(actor, file, today, decided_on=decided_on, ceremony_on=ceremony_on))
    if decided_on > today:
        text = _("Ngày quyết định %(day)s chưa đến. Chỉ ghi quyết định đã ban hành.")
        wrong.append(_finding("admission.decided_in_future", "decided_on", text, day=decided_on))
    if _number_taken(decision_number, decided_on.year):
        text = _("Quyết định số %(number)s năm %(year)s đã dùng cho người khác. Mỗi người một quyết định, một số riêng; hãy kiểm tra lại.")
        wrong.append(_finding("admission.decision_number", "decision_number", text, number=decision_number, year=decided_on.year))
    if wrong:
        raise RuleBroken(wrong)
    file.decided_on, file.decision_number, file.decision_year = decided_on, decision_number, decided_on.year
    file.signer, file.ceremony_on = signer, ceremony_on
    _log(actor, file, Step.APPROVED, None)
    return admit(
        actor, person=db.session.get_one(Person, file.person_id), unit=db.session.get_one(Unit, file.unit_id),
        decided_on=decided_on, decision_number=decision_number, ceremony_on=ceremony_on,
    )  # fmt: skip


# -- what the deeds share ---------------------------------------------------------------------------------------------


def _log(actor: Actor, file: Admission, to: Step | None, reason: str | None) -> None:
    """Move the file and write the move down; without `to` it has just been opened."""
    move = AdmissionMove(
        admission_id=file.id, from_step=file.step if to else None, to_step=to or file.step, moved_at=clock.now(),
        user_id=actor.user_id, actor=actor.name, reason=reason,
    )  # fmt: skip
    db.session.add(move)
    if to:
        file.step = to
    db.session.flush()


def _not_stale(file: Admission, version: int, facts: Mapping[str, Any] | None = None) -> None:
    if file.version == version:
        return
    words = {**CANDIDATE, **DOSSIER}
    kept: dict[str, Any] = {name: getattr(file, name) for name in DOSSIER}
    if facts:
        person = db.session.get_one(Person, file.person_id)
        kept |= {name: getattr(person, name) for name in CANDIDATE}
    changed = {key: value for key, value in (facts or {}).items() if kept[key] != value}
    raise Conflict(
        _("Hồ sơ này vừa được người khác sửa hoặc chuyển bước (hiện ở bước “%(step)s”).", step=label(file.step)),
        mine={str(words[key]): shown(value) for key, value in changed.items()},
        theirs={str(words[key]): shown(kept[key]) for key in changed},
    )


def shown(value: Any) -> Any:
    """A value of a file as a page shows it."""
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if isinstance(value, dt.date):
        return fmt_date(value)
    return label(value) if isinstance(value, enum.Enum) else value


def _step_allowed(file: Admission, to: Step) -> None:
    if may_move(file.step, to):
        return
    text = _(
        "Hồ sơ đang ở bước “%(step)s” nên không chuyển sang “%(to)s” được. Thứ tự: chi bộ biểu quyết, Ban Tổ chức thẩm tra, "
        "ban thường vụ quyết định."
    )
    raise _refuse("admission.step", "", text, _cite("admission.chain", clock.today()), step=label(file.step), to=label(to))


def _reason(reason: str) -> str:
    if not (reason and reason.strip()):
        raise _refuse("admission.no_reason", "reason", _("Phải ghi lý do, để chi bộ biết cần bổ sung gì."))
    return reason.strip()


def _possible(values: Mapping[str, Any]) -> None:
    """Raises RuleBroken for a vote that cannot have been: more votes than present, more present than members, in the future."""
    today = clock.today()
    voted_on, vote = values.get("voted_on"), vote_of(values)
    if voted_on is not None and voted_on > today:
        text = _("Ngày chi bộ họp xét %(day)s chưa đến. Chỉ ghi sau khi chi bộ đã biểu quyết.")
        raise _refuse("vote.future", "voted_on", text, day=voted_on)
    if vote is None:
        if any(values.get(name) for name in VOTE):
            lacking = next(name for name in ("full_members", "present", "in_favour") if values.get(name) is None)
            text = _("Thiếu số này thì chưa tính được kết quả biểu quyết. Nhập theo biên bản kiểm phiếu.")
            raise _refuse("vote.incomplete", lacking, text)
        return
    if voted_on is None:
        raise _refuse("vote.no_day", "voted_on", _("Đã có số phiếu nhưng chưa ghi ngày chi bộ họp xét. Ghi ngày theo nghị quyết chi bộ."))
    try:
        found = vote_findings(vote, voted_on)
    except NotInForce:
        text = _("Sổ chưa có quy định cho ngày chi bộ xét %(day)s. Kiểm tra lại năm.")
        raise _refuse("law.unknown", "voted_on", text, day=voted_on) from None
    if wrong := [one for one in blocking(found) if one.code != "vote.short"]:
        raise RuleBroken(ours(wrong))


def _is_free(person: Person) -> None:
    """Raises RuleBroken for a member, a former member, or a person with a file under way."""
    if db.session.get(Member, person.id) is not None:
        still = sa.select(StandingPeriod.id).where(StandingPeriod.member_id == person.id, StandingPeriod.ended_on.is_(None))
        if db.session.scalar(still) is not None:
            raise _refuse("admission.is_member", "person", _("%(name)s đang là đảng viên trong sổ."), name=person.full_name)
        text = _("%(name)s đã từng là đảng viên: kết nạp lại theo thủ tục riêng, có đồng ý của cấp ủy cấp trên; không lập hồ sơ ở đây.")
        cite = _cite("admission.readmission_consent", clock.today())
        raise _refuse("admission.was_member", "person", text, cite, name=person.full_name)
    under_way = sa.select(Admission.id).where(Admission.person_id == person.id, Admission.step.in_(queries.OPEN))
    if db.session.scalar(under_way) is not None:
        text = _("%(name)s đã có một hồ sơ kết nạp đang làm. Hãy mở hồ sơ đó.")
        raise _refuse("admission.open_already", "person", text, name=person.full_name)


def _number_taken(number: str, year: int) -> bool:
    """Whether the register, whoever's part of it, knows a decision of that year with that number."""
    of_file = sa.select(Admission.id).where(Admission.decision_number == number, Admission.decision_year == year)
    of_member = sa.select(Member.id).where(Member.decision_number == number, sa.extract("year", Member.decided_on) == year)
    return db.session.scalar(of_file) is not None or db.session.scalar(of_member) is not None


def _set(file: Admission, key: str, value: Any) -> None:
    if key not in DOSSIER:
        raise TypeError(f"{key} is no fact of a file that a cell fills in")
    setattr(file, key, value)


def _name_introducers(actor: Actor, file: Admission, given: Sequence[Introduces]) -> None:
    keys = [(one.kind, one.member_id) for one in given]
    if len(set(keys)) != len(keys):
        raise _refuse("admission.introducer_twice", f"who_{len(keys)}", _("Người giới thiệu này đã ghi ở trên. Hãy chọn người khác."))
    standing = {
        (one.kind, one.member_id): one
        for one in db.session.scalars(sa.select(Introducer).where(Introducer.admission_id == file.id).order_by(Introducer.id))
    }
    for number, one in enumerate(given, start=1):
        if one.kind is not IntroducerKind.MEMBER and not one.resolution_number:
            raise _refuse("admission.resolution", f"resolution_{number}", _("Ghi số nghị quyết của đoàn thể giới thiệu."))
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
