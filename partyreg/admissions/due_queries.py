"""What is due about admissions: one line for each thing that somebody has to do, with the page that does it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..access import Actor, Permission
from ..db import db
from ..i18n import _, fmt_date
from ..members.models import Member, Person, Standing, StandingPeriod
from ..org.models import Unit
from ..rulebook.admission import OPEN, Step
from ..rulebook.dates import calendar_months
from ..rulebook.timeline import NotInForce
from ..workdays.queries import days_off
from .models import Admission
from .queries import FileLine, lines
from .terms import Deadline, Term, after_ceremony, first_day, terms


class DueKind(StrEnum):
    """What is due: what a term ends, and four kinds of work that have to be done whatever the day."""

    REVIEW = "review"
    CERTIFICATE = "certificate"
    CHECK = "check"
    DOSSIER = "dossier"
    DECISION = "decision"
    CEREMONY = "ceremony"
    PROBATION = "probation"
    RECOGNITION = "recognition"
    RULING = "ruling"
    START = "start"
    RETURNED = "returned"
    CARD = "card"


#: A term longer than any: told all the time.
_ALWAYS = 1000
#: How many days before its end a term is told to whoever has to act, with the tone from then on. Past its end it is told in
#: red to all who see the file. No law says these days; the working days are those of the term.
NOTICE: Mapping[Term, tuple[tuple[int, str], ...]] = {
    Term.REVIEW: ((_ALWAYS, "neutral"), (7, "warn")),
    Term.CERTIFICATE: ((90, "neutral"), (60, "warn"), (30, "danger")),
    Term.CHECK: (),
    Term.DOSSIER: ((30, "warn"),),
    Term.DECISION: ((_ALWAYS, "ok"), (10, "warn")),
    Term.CEREMONY: ((_ALWAYS, "ok"), (10, "warn")),
    Term.PROBATION: ((60, "neutral"), (30, "warn")),
    Term.RECOGNITION: ((_ALWAYS, "warn"),),
    Term.RULING: ((_ALWAYS, "ok"), (10, "warn")),
}
#: Work that waits whatever its term says.
_WAITING: Mapping[Step, DueKind] = {
    Step.ASKED: DueKind.START,
    Step.RETURNED: DueKind.RETURNED,
    Step.SENT_BACK: DueKind.RETURNED,
    Step.RECOGNISED: DueKind.CARD,
}


class Due(NamedTuple):
    """One due line: `key` is the file's id, the member's for a probation without a file, the cell's code for a review.

    `left` is in days, or working days where the law counts so; `url_for(endpoint, **where)` is the page that does it.
    """

    kind: DueKind
    key: int | str
    name: str
    unit: str
    on: dt.date | None
    left: int | None
    tone: str
    text: str
    endpoint: str

    @property
    def where(self) -> dict[str, Any]:
        """The values of the page's address."""
        name = {"office.member": "member_id", "admissions.reviews": "unit", "admissions.index": "unit"}.get(self.endpoint, "admission_id")
        return {name: self.key}


def due(actor: Actor, day: dt.date) -> list[Due]:
    """What the actor has to do about admissions on that day, the most urgent first.

    Whoever has to act is told in time, as NOTICE says; whoever else sees the file, only of what is late.
    """
    found = lines(actor.using(Permission.ADMISSIONS_READ), OPEN) if actor.may(Permission.ADMISSIONS_READ) else []
    begun = _probations(actor, day) if actor.may(Permission.ADMISSIONS_PREPARE) else []
    earliest = min([first_day((one.file for one in found), day), *(row.ceremony_on for row in begun)])
    off = days_off(earliest, day)
    told = [line for one in found for line in _of_file(one, day, off)]
    told = _one_per_cell(actor, told, found) + [line for row in begun for line in _of_member(row, day, off)]
    return sorted(told, key=lambda one: (one.on or day, one.kind, str(one.key)))


def _of_file(one: FileLine, day: dt.date, off: Collection[dt.date]) -> list[Due]:
    running = terms(one.file, day, off)
    told = []
    waiting = _WAITING.get(one.file.step)
    if waiting and one.is_mine:
        first = min(running, key=lambda term: term.due, default=None)
        shown = "danger" if first and first.is_late else "warn"
        told.append(_line(one, waiting, first, shown, _waiting_text(one.file.step)))
        running = [term for term in running if term is not first]
    for term in running:
        tone = _tone(term, day, is_mine=one.is_mine)
        if tone:
            told.append(_line(one, DueKind(term.what.value), term, tone, _text(term, one.file.step)))
    return told


def _line(one: FileLine, kind: DueKind, term: Deadline | None, tone: str, text: str) -> Due:
    return Due(kind, one.id, one.name, one.unit, term and term.due, term and term.left, tone, text, "admissions.show")


def _tone(term: Deadline, day: dt.date, *, is_mine: bool) -> str | None:
    """The tone of a line about the term; None where it need not be told yet, or not to the actor. A review is told in its month."""
    if term.is_late:
        return "danger"
    if not is_mine or (term.what is Term.REVIEW and calendar_months(day, term.due)):
        return None
    tones = [tone for days, tone in NOTICE[term.what] if term.left <= days]
    return tones[-1] if tones else None


def _waiting_text(step: Step) -> str:
    if step is Step.ASKED:
        return _("Chi bộ đề nghị cho làm thủ tục kết nạp")
    if step is Step.RECOGNISED:
        return _("Đã công nhận chính thức, cần cấp thẻ đảng viên")
    return _("Hồ sơ bị trả lại, cần sửa và trình lại")


def _text(term: Deadline, step: Step) -> str:
    facts = {"day": fmt_date(term.due), "days": abs(term.left), "spent": term.spent, "total": term.total}
    late = term.is_late
    if term.what is Term.CERTIFICATE:
        if late:
            return _("Giấy chứng nhận bồi dưỡng nhận thức về Đảng hết giá trị từ %(day)s, phải học lại", **facts)
        return _("Giấy chứng nhận bồi dưỡng nhận thức về Đảng hết giá trị ngày %(day)s, còn %(days)s ngày", **facts)
    if term.what is Term.CHECK:
        return _("Quá hạn trả lời thẩm tra lý lịch %(days)s ngày làm việc (hạn %(day)s)", **facts)
    if term.what is Term.DOSSIER:
        if late:
            return _("Hồ sơ hết giá trị từ %(day)s mà chi bộ chưa xét, phải bổ sung hồ sơ", **facts)
        return _("Hồ sơ hết giá trị ngày %(day)s, chi bộ cần xét trước ngày đó, còn %(days)s ngày", **facts)
    if term.what is Term.CEREMONY:
        if late:
            return _("Quá hạn làm lễ kết nạp %(days)s ngày làm việc (hạn %(day)s)", **facts)
        return _("Làm lễ kết nạp chậm nhất ngày %(day)s, còn %(days)s ngày làm việc", **facts)
    if term.what is Term.PROBATION:
        return _("Hết thời gian dự bị ngày %(day)s, còn %(days)s ngày", **facts)
    if term.what is Term.RECOGNITION:
        if late:
            return _("Quá hạn chi bộ xét công nhận chính thức %(days)s ngày làm việc (hạn %(day)s)", **facts)
        return _("Hết thời gian dự bị, chi bộ xét công nhận chậm nhất ngày %(day)s, còn %(days)s ngày làm việc", **facts)
    return _files_turn(step, facts, late=late)


def _files_turn(step: Step, facts: dict[str, Any], *, late: bool) -> str:
    if late:
        return _("Hồ sơ quá hạn quyết định %(days)s ngày làm việc (hạn %(day)s)", **facts)
    if step in (Step.SUBMITTED, Step.PROPOSED):
        return _("Hồ sơ chờ thẩm tra: %(spent)s/%(total)s ngày làm việc", **facts)
    if step is Step.RULING:
        return _("Hồ sơ chờ quyết định công nhận: %(spent)s/%(total)s ngày làm việc", **facts)
    return _("Hồ sơ chờ duyệt: %(spent)s/%(total)s ngày làm việc", **facts)


def _one_per_cell(actor: Actor, told: Iterable[Due], found: Iterable[FileLine]) -> list[Due]:
    """The same lines, those of the list's monthly review gathered into one for each cell, as late as the latest."""
    page = "admissions.reviews" if actor.may(Permission.ADMISSIONS_PREPARE) else "admissions.index"
    code = {one.id: one.unit_code for one in found}
    kept, by_cell = [], dict[str, list[Due]]()
    for line in told:
        if line.kind is DueKind.REVIEW:
            by_cell.setdefault(code[int(line.key)], []).append(line)
        else:
            kept.append(line)
    for cell, of_cell in by_cell.items():
        first = min(of_cell, key=lambda line: line.on or dt.date.max)
        facts = {"people": len(of_cell), "day": fmt_date(first.on)}
        if first.tone == "danger":
            text = _("Quá hạn rà soát danh sách cảm tình Đảng (hạn %(day)s): %(people)s người", **facts)
        else:
            text = _("Rà soát danh sách cảm tình Đảng trong tháng, đến %(day)s: %(people)s người", **facts)
        kept.append(first._replace(key=cell, name=first.unit, unit="", text=text, endpoint=page))
    return kept


class _Probation(NamedTuple):
    member_id: int
    name: str
    unit: str
    ceremony_on: dt.date


def _probations(actor: Actor, day: dt.date) -> list[_Probation]:
    """The probationary members who came into the register without a file of admission."""
    has_file = sa.exists(sa.select(1).where(Admission.person_id == Member.id, Admission.step.in_(OPEN)))
    query = (
        sa.select(Member.id, Person.full_name, Unit.name, Member.ceremony_on)
        .join(Person, Person.id == Member.id)
        .join(Unit, Unit.id == Person.unit_id)
        .join(StandingPeriod, sa.and_(StandingPeriod.member_id == Member.id, StandingPeriod.holds(day),
                                      StandingPeriod.standing == Standing.PROBATIONARY))
        .where(Member.within(actor.using(Permission.ADMISSIONS_PREPARE).reach()), Member.ceremony_on <= day, ~has_file)
    )  # fmt: skip
    return [_Probation._make(row) for row in db.session.execute(query)]


def _of_member(row: _Probation, day: dt.date, off: Collection[dt.date]) -> list[Due]:
    try:
        term = after_ceremony(row.ceremony_on, day, off)
    except NotInForce:
        return []
    tone = _tone(term, day, is_mine=True) if term else None
    if term is None or tone is None:
        return []
    text = _text(term, Step.PROBATION)
    return [Due(DueKind(term.what.value), row.member_id, row.name, row.unit, term.due, term.left, tone, text, "office.member")]
