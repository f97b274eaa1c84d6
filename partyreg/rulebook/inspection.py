"""Inspection and supervision: which body may hold which kind, the order of the papers, what a conclusion needs, what is late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.dates import add_months
from partyreg.rulebook.finding import Finding, Severity, judged, msg


class InspectionKind(StrEnum):
    """What sort of inspection or supervision it is (Charter, Articles 30 and 32)."""

    SIGNS = "signs"
    COMPLIANCE = "compliance"
    FINANCE = "finance"
    DISCIPLINE = "discipline"
    SUPERVISION = "supervision"
    THEMATIC = "thematic"


#: The kinds that watch; the others inspect.
SUPERVISIONS = (InspectionKind.SUPERVISION, InspectionKind.THEMATIC)


class InspectingBody(StrEnum):
    """Who inspects: a body of the commune's organisation, or the cell."""

    COMMITTEE = "committee"
    STANDING = "standing"
    COMMISSION = "commission"
    ADVISORY = "advisory"
    CELL = "cell"


class InspectionMatter(StrEnum):
    """What is looked at, as the statistics of inspection commissions divide it."""

    REGULATIONS = "regulations"
    ETHICS = "ethics"
    DUTIES = "duties"
    FORBIDDEN = "forbidden"
    OTHER = "other"


class InspectionConclusion(StrEnum):
    """What was concluded of one subject; faults and discipline are among what is not good."""

    GOOD = "good"
    NOT_GOOD = "not_good"
    FAULTS = "faults"
    DISCIPLINE = "discipline"


class InspectionStep(StrEnum):
    """The papers of an inspection, in their order."""

    DECISION = "decision"
    PLAN = "plan"
    REPORT = "report"
    CONCLUSION = "conclusion"


class InspectionStage(StrEnum):
    """How far an inspection has come."""

    PLANNED = "planned"
    DECIDED = "decided"
    UNDERWAY = "underway"
    REPORTED = "reported"
    MENDING = "mending"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class InspectionFacts:
    """What decides whether a body may hold an inspection. `cell_members` and `cell_has_committee` are of the cell that inspects."""

    kind: InspectionKind
    body: InspectingBody
    subjects: int = 0
    has_team: bool = False
    cell_members: int = 0
    cell_has_committee: bool = False
    is_dispersed: bool = False


@dataclass(frozen=True, slots=True)
class Papers:
    """The days of the papers that there are."""

    decision: date | None = None
    plan: date | None = None
    report: date | None = None
    conclusion: date | None = None

    def day(self, step: InspectionStep) -> date | None:
        """Answer the day of a step's paper."""
        found: date | None = getattr(self, step.value)
        return found


def allowed_bodies(kind: InspectionKind, day: date, book: Rulebook = LAW) -> tuple[InspectingBody, ...]:
    """Answer who may hold that kind on `day`, the day of the decision or the planned one (INS-03); everybody before the first rule."""
    found = book.find("inspection.bodies", day)
    return tuple(InspectingBody[name] for name in found.required[kind.name]) if found else tuple(InspectingBody)


def plan_findings(facts: InspectionFacts, day: date, book: Rulebook = LAW) -> list[Finding]:
    """Answer whether the body may hold this kind (INS-03, INS-05), and a cell a thematic supervision (INS-06).

    Governing day: that of the decision, else the planned one. Without a rule in force nothing is found.
    """
    findings = []
    if rule := book.find("inspection.bodies", day):
        if facts.body in allowed_bodies(facts.kind, day, book):
            text = msg("Chủ thể này được tiến hành loại kiểm tra, giám sát đã chọn.")
            findings.append(judged("inspection.body", "body", Severity.OK, text, rule.citation))
        else:
            text = msg(
                "Chủ thể này không được tiến hành loại kiểm tra, giám sát đã chọn. Hãy chọn loại khác hoặc chuyển cho cấp có thẩm quyền."
            )
            findings.append(judged("inspection.body", "body", Severity.BLOCK, text, rule.citation))
    if facts.kind is InspectionKind.THEMATIC and facts.body is InspectingBody.CELL:
        findings += _thematic(facts, day, book)
    return findings


def _thematic(facts: InspectionFacts, day: date, book: Rulebook) -> list[Finding]:
    rule = book.find("inspection.thematic_cell_members", day)
    if rule is None:
        return []
    shown: dict[str, object] = {"members": facts.cell_members, "least": rule.required}
    if facts.cell_has_committee or facts.cell_members > rule.required or facts.is_dispersed:
        text = msg("Chi bộ đủ điều kiện giám sát chuyên đề (%(members)s đảng viên).")
        return [judged("inspection.thematic", "kind", Severity.OK, text, rule.citation, **shown)]
    text = msg(
        "Chi bộ có %(members)s đảng viên, chưa có chi ủy: chỉ giám sát chuyên đề khi có chi ủy, trên %(least)s đảng viên, hoặc đảng viên "
        "ở phân tán. Hãy chọn giám sát thường xuyên."
    )
    return [judged("inspection.thematic", "kind", Severity.BLOCK, text, rule.citation, **shown)]


def step_findings(step: InspectionStep, on: date, papers: Papers) -> list[Finding]:
    """Answer whether a paper of that day keeps the order of the papers that there are; the papers themselves govern."""
    order = list(InspectionStep)
    at = order.index(step)
    earlier = [day for one in order[:at] if (day := papers.day(one))]
    later = [day for one in order[at + 1 :] if (day := papers.day(one))]
    if earlier and on < max(earlier):
        text = msg("Ngày này ở trước văn bản của bước trước (%(day)s). Hãy xem lại ngày.")
        return [judged("inspection.order", "on", Severity.BLOCK, text, day=max(earlier))]
    if later and on > min(later):
        text = msg("Ngày này ở sau văn bản của bước sau (%(day)s). Hãy xem lại ngày.")
        return [judged("inspection.order", "on", Severity.BLOCK, text, day=min(later))]
    return []


def conclusion_findings(
    facts: InspectionFacts, papers: Papers, given: Mapping[str, InspectionConclusion | None], on: date, mend_by: date | None,
    book: Rulebook = LAW,
) -> list[Finding]:  # fmt: skip
    """Answer whether it may be concluded on `on`, which governs (INS-08, INS-09, INS-13). `given`: field of a subject -> conclusion."""
    findings = step_findings(InspectionStep.CONCLUSION, on, papers)
    if not given:
        text = msg("Chưa có đối tượng nào. Hãy thêm tổ chức đảng hoặc đảng viên được kiểm tra, giám sát.")
        findings.append(judged("inspection.no_subject", "", Severity.BLOCK, text))
    for field, conclusion in given.items():
        if conclusion is None:
            text = msg("Chưa chọn kết luận cho đối tượng này.")
            findings.append(judged("inspection.no_conclusion", field, Severity.BLOCK, text))
    findings += _papers_owed(facts, papers, on, book)
    findings += _mending(given.values(), on, mend_by, book)
    if facts.kind in SUPERVISIONS and (rule := book.find("inspection.supervision_conclusions", on)):
        allowed = {InspectionConclusion[name] for name in rule.required}
        for field, conclusion in given.items():
            if conclusion is not None and conclusion not in allowed:
                text = msg("Giám sát không kết luận phải kỷ luật; thấy dấu hiệu vi phạm thì đề nghị kiểm tra.")
                findings.append(judged("inspection.supervision", field, Severity.BLOCK, text, rule.citation))
    return findings


def _papers_owed(facts: InspectionFacts, papers: Papers, on: date, book: Rulebook) -> list[Finding]:
    rule = book.find("inspection.steps", on)
    if rule is None:
        return []
    alone = facts.body is InspectingBody.CELL and not facts.has_team
    owed = [InspectionStep[name] for name in rule.required["ALONE" if alone else "TEAM"]]
    text = {
        InspectionStep.DECISION: msg("Chưa ghi quyết định kiểm tra, giám sát. Hãy ghi bước này trước khi kết luận."),
        InspectionStep.PLAN: msg("Chưa ghi kế hoạch kiểm tra, giám sát. Hãy ghi bước này trước khi kết luận."),
        InspectionStep.REPORT: msg("Chưa ghi báo cáo kết quả. Hãy ghi bước này trước khi kết luận."),
    }
    return [judged(f"inspection.no_{one.value}", "", Severity.BLOCK, text[one], rule.citation) for one in owed if papers.day(one) is None]


def _mending(given: Iterable[InspectionConclusion | None], on: date, mend_by: date | None, book: Rulebook) -> list[Finding]:
    if mend_by is not None:
        if mend_by > on:
            return []
        text = msg("Hạn khắc phục phải sau ngày kết luận (%(day)s).")
        return [judged("inspection.mend_by", "mend_by", Severity.BLOCK, text, day=on)]
    rule = book.find("inspection.mending_owed", on)
    if rule is None or not {InspectionConclusion[name] for name in rule.required} & set(given):
        return []
    text = msg("Kết luận chưa tốt hoặc có khuyết điểm mà chưa ấn định hạn khắc phục.")
    return [judged("inspection.no_deadline", "mend_by", Severity.WARN, text, rule.citation)]


def stage(papers: Papers, mend_by: date | None, mended_on: date | None, is_cancelled: bool) -> InspectionStage:
    """Answer how far it has come, from its papers."""
    if is_cancelled:
        return InspectionStage.CANCELLED
    if papers.conclusion is not None:
        return InspectionStage.MENDING if mend_by is not None and mended_on is None else InspectionStage.DONE
    if papers.report is not None:
        return InspectionStage.REPORTED
    if papers.plan is not None:
        return InspectionStage.UNDERWAY
    return InspectionStage.DECIDED if papers.decision is not None else InspectionStage.PLANNED


def mending_is_late(mend_by: date | None, mended_on: date | None, day: date) -> bool:
    """Answer whether what was to be mended by a day was not mended in time, as seen on `day`."""
    return mend_by is not None and (mended_on or day) > mend_by


def is_behind(planned_on: date, found: InspectionStage, day: date) -> bool:
    """Answer whether an inspection of the programme has not begun though the month for which it was planned is over."""
    return found is InspectionStage.PLANNED and day >= add_months(planned_on.replace(day=1), 1)
