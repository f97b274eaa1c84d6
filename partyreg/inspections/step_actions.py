"""What we do on the way of an inspection: record its papers, conclude, follow up what is to be mended, correct on record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from .. import clock
from ..access import Actor
from ..audit import deed
from ..errors import RuleBroken
from ..i18n import _, fmt_date
from ..names import nfc
from ..rulebook.finding import blocking
from ..rulebook.inspection import InspectionConclusion, InspectionStep, conclusion_findings, plan_findings, step_findings
from . import queries
from .actions import FIRST_DAY, LONGEST_REASON, open_row, reason_of, refuse, still_open
from .models import Inspection, InspectionSubject

LONGEST_NUMBER = 40

Conclusions = Mapping[int, InspectionConclusion | None]


@deed
def record_step(actor: Actor, inspection: Inspection, version: int, step: InspectionStep, on: dt.date, number: str) -> None:
    """The decision, plan or report is on record with its day and number; recorded again, it is put right.

    Raises Conflict when somebody changed it since `version`; RuleBroken for an inspection that is over, the conclusion (which has
    its own deed), no number, a day to come or before the register, papers out of order, and, of a decision, a unit that did not live
    on that day and what the body may not hold then; NotVisible.
    """
    standing = open_row(actor, inspection, version, {f"{step.value}_on": on, f"{step.value}_number": nfc(number)})
    still_open(standing)
    if step is InspectionStep.CONCLUSION:
        refuse("use_conclude", "step", _("Kết luận có biểu mẫu riêng, vì phải ghi kết luận của từng đối tượng."))
    clean = _number(number)
    _day(on)
    findings = step_findings(step, on, queries.papers_of(standing))
    if step is InspectionStep.DECISION:
        if not standing.unit.lives_on(on):
            refuse("unit_gone", "on", _("%(unit)s không hoạt động ngày %(day)s.", unit=standing.unit.name, day=fmt_date(on)))
        known = queries.facts(standing.kind, standing.body, standing.unit, on, is_dispersed=standing.is_dispersed)
        findings += plan_findings(known, on)
    if wrong := blocking(findings):
        raise RuleBroken(wrong)
    setattr(standing, f"{step.value}_on", on)
    setattr(standing, f"{step.value}_number", clean)


@deed
def conclude(
    actor: Actor, inspection: Inspection, version: int, *, on: dt.date, number: str, conclusions: Conclusions,
    mend_by: dt.date | None = None,
) -> None:  # fmt: skip
    """The inspection is concluded: what was found of each subject (by its id), and by when faults are to be mended.

    Raises Conflict when somebody changed it since `version`; RuleBroken for an inspection that is over, and what the rulebook
    refuses (papers lacking or out of order, a subject without a conclusion, a deadline that is none); NotVisible.
    """
    standing = open_row(actor, inspection, version, {"conclusion_on": on, "mend_by": mend_by})
    still_open(standing)
    _write(actor, standing, on, number, conclusions, mend_by)


@deed
def correct(
    actor: Actor, inspection: Inspection, version: int, reason: str, *, on: dt.date, number: str, conclusions: Conclusions,
    mend_by: dt.date | None = None,
) -> None:  # fmt: skip
    """The conclusion is as given, for that reason; the audit keeps what it had been.

    Raises Conflict when somebody changed it since `version`; RuleBroken without a reason, for an inspection that is not concluded,
    a deadline taken away from what was mended, and as `conclude`; NotVisible.
    """
    standing = open_row(actor, inspection, version, {"conclusion_on": on, "mend_by": mend_by})
    if standing.conclusion_on is None:
        refuse("not_concluded", "", _("Cuộc này chưa kết luận nên chưa có gì để đính chính."))
    clean = reason_of(reason)
    if standing.mended_on is not None and mend_by is None:
        refuse("was_mended", "mend_by", _("Đã ghi kết quả khắc phục nên không bỏ hạn khắc phục được."))
    if standing.mended_on is not None and on > standing.mended_on:
        refuse("after_mending", "on", _("Đã ghi khắc phục xong ngày %(day)s, trước ngày kết luận này.", day=fmt_date(standing.mended_on)))
    _write(actor, standing, on, number, conclusions, mend_by)
    standing.corrected_because = clean


@deed
def mend(actor: Actor, inspection: Inspection, version: int, on: dt.date, how: str) -> None:
    """What was to be mended is mended, and how is on record.

    Raises Conflict when somebody changed it since `version`; RuleBroken when nothing was to be mended or it is mended already, for
    a day to come or before the conclusion, and without words; NotVisible.
    """
    standing = open_row(actor, inspection, version, {"mended_on": on, "mended_how": nfc(how)})
    if standing.mend_by is None or standing.conclusion_on is None:
        refuse("nothing_to_mend", "", _("Cuộc này không ấn định hạn khắc phục."))
    if standing.mended_on is not None:
        refuse("mended_already", "", _("Đã ghi khắc phục xong ngày %(day)s.", day=fmt_date(standing.mended_on)))
    _day(on)
    if on < standing.conclusion_on:
        refuse("mended_before", "on", _("Ngày khắc phục phải từ ngày kết luận (%(day)s).", day=fmt_date(standing.conclusion_on)))
    clean = nfc(how)
    if not clean:
        refuse("no_words", "how", _("Chưa ghi kết quả khắc phục."))
    if len(clean) > LONGEST_REASON:
        refuse("long_words", "how", _("Kết quả khắc phục quá dài: tối đa %(max)d ký tự. Hãy rút gọn.", max=LONGEST_REASON))
    standing.mended_on, standing.mended_how = on, clean


def _write(
    actor: Actor, standing: Inspection, on: dt.date, number: str, conclusions: Conclusions, mend_by: dt.date | None
) -> None:  # fmt: skip
    clean = _number(number)
    _day(on)
    subjects: Sequence[InspectionSubject] = queries.subjects(actor, standing)
    given = {f"subject-{subject.id}": conclusions.get(subject.id) for subject in subjects}
    known = queries.facts(standing.kind, standing.body, standing.unit, on, subjects=len(subjects), has_team=queries.has_team(standing))
    if wrong := blocking(conclusion_findings(known, queries.papers_of(standing), given, on, mend_by)):
        raise RuleBroken(wrong)
    standing.conclusion_on, standing.conclusion_number, standing.mend_by = on, clean, mend_by
    for subject in subjects:
        subject.conclusion = conclusions[subject.id]


def _number(number: str) -> str:
    clean = nfc(number)
    if not clean:
        refuse("no_number", "number", _("Chưa ghi số văn bản."))
    if len(clean) > LONGEST_NUMBER:
        refuse("long_number", "number", _("Số văn bản quá dài: tối đa %(max)d ký tự.", max=LONGEST_NUMBER))
    return clean


def _day(on: dt.date) -> None:
    if on > clock.today():
        refuse("to_come", "on", _("Ngày này chưa đến (hôm nay là %(day)s). Hãy xem lại.", day=fmt_date(clock.today())))
    if on < FIRST_DAY:
        refuse("too_early", "on", _("Sổ chỉ ghi từ ngày %(day)s.", day=fmt_date(FIRST_DAY)))
