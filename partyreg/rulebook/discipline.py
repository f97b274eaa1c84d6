"""Discipline: which forms there are, who decides them, and by how many votes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import ceil, floor

from partyreg.rulebook.admission_way import VotingBody
from partyreg.rulebook.book import LAW, Rulebook, share
from partyreg.rulebook.finding import Finding, Severity, judged, msg
from partyreg.rulebook.voting import VoteFacts, count_findings


class Form(StrEnum):
    """The forms of discipline; removal from the list is none of them."""

    REPRIMAND = "reprimand"
    WARNING = "warning"
    REMOVAL_FROM_OFFICE = "removal_from_office"
    EXPULSION = "expulsion"
    DISSOLUTION = "dissolution"


class Subject(StrEnum):
    """Who is disciplined: the forms differ."""

    FULL = "full"
    PROBATIONARY = "probationary"
    ORGANISATION = "organisation"


class Decider(StrEnum):
    """The body that decides; the cell's committee (chi ủy) has no such power."""

    CELL = "cell"
    COMMISSION = "commission"
    STANDING = "standing"
    COMMITTEE = "committee"
    SUPERIOR = "superior"


class Content(StrEnum):
    """What was violated, as the statistics of discipline count it."""

    CENTRALISM = "centralism"
    ETHICS = "ethics"
    UNITY = "unity"
    FORBIDDEN = "forbidden"
    POPULATION = "population"
    CORRUPTION = "corruption"
    DUTY = "duty"
    LAND = "land"
    FINANCE = "finance"
    ASSETS = "assets"
    POLITICS = "politics"
    SECURITY = "security"
    OTHER = "other"


class Part(StrEnum):
    """What a vote is for: to decide the form, or to propose it to the body that decides."""

    DECIDES = "decides"
    PROPOSES = "proposes"


_FORMS = {
    Subject.FULL: "discipline.member_forms",
    Subject.PROBATIONARY: "discipline.probationary_forms",
    Subject.ORGANISATION: "discipline.organisation_forms",
}
#: Decider -> the key of the forms that it may decide on members; the superior's power is not this commune's to judge.
_POWERS = {
    Decider.CELL: "discipline.cell_forms",
    Decider.COMMISSION: "discipline.commission_forms",
    Decider.STANDING: "discipline.committee_forms",
    Decider.COMMITTEE: "discipline.committee_forms",
}


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Who is disciplined, whether she holds an office, and whether the violation is in a task that a superior gave."""

    subject: Subject
    holds_office: bool = False
    superior_task: bool = False


def forms(subject: Subject, day: date, book: Rulebook = LAW) -> tuple[Form, ...]:
    """Answer the forms that the law has for the subject, the lightest first; none before the law began.

    Governing day: the day of the vote, or of signing where there is no vote of ours. Source: DIS-01, P-11.
    """
    rule = book.find(_FORMS[subject], day)
    return tuple(Form(form) for form in rule.required) if rule else ()


def form_findings(form: Form, case: CaseFacts, day: date, book: Rulebook = LAW) -> list[Finding]:
    """Answer whether the form is one for that subject. Governing day as `forms`. Source: DIS-01, P-11."""
    rule = book.find(_FORMS[case.subject], day)
    if rule is None:
        return []
    if form not in rule.required:
        text = {
            Subject.FULL: msg("Hình thức này không áp dụng với đảng viên. Hãy chọn khiển trách, cảnh cáo, cách chức hoặc khai trừ."),
            Subject.PROBATIONARY: msg(
                "Đảng viên dự bị chỉ bị khiển trách hoặc cảnh cáo; không còn đủ tư cách thì xóa tên ở hồ sơ kết nạp, không phải kỷ luật."
            ),
            Subject.ORGANISATION: msg("Hình thức này không áp dụng với tổ chức đảng. Hãy chọn khiển trách, cảnh cáo hoặc giải tán."),
        }[case.subject]
        return [judged("discipline.form", "form", Severity.BLOCK, text, rule.citation)]
    if form is Form.REMOVAL_FROM_OFFICE and not case.holds_office:
        text = msg("Đảng viên này không giữ chức vụ trong Đảng nên không cách chức được. Hãy chọn hình thức khác.")
        return [judged("discipline.no_office", "form", Severity.BLOCK, text, rule.citation)]
    return [judged("discipline.form_fits", "form", Severity.OK, msg("Hình thức áp dụng được với đối tượng này."), rule.citation)]


def competence_findings(decider: Decider, form: Form, case: CaseFacts, day: date, book: Rulebook = LAW) -> list[Finding]:
    """Answer whether that body may decide that form. Governing day as `forms`. Source: DIS-15 to DIS-19.

    Of organisations: the direct superior committee or its standing committee, dissolution one level above it.
    """
    if decider is Decider.SUPERIOR:
        return []
    of_organisation = case.subject is Subject.ORGANISATION
    rule = book.find("discipline.direct_superior_forms" if of_organisation else _POWERS[decider], day)
    if rule is None:
        return []
    if of_organisation and decider in (Decider.CELL, Decider.COMMISSION):
        text = msg("Kỷ luật tổ chức đảng do cấp ủy cấp trên trực tiếp hoặc ban thường vụ quyết định.")
        return [judged("discipline.organisation_decider", "body", Severity.BLOCK, text, rule.citation)]
    if form not in rule.required:
        text = {
            Decider.CELL: msg("Chi bộ chỉ quyết định khiển trách, cảnh cáo; hình thức nặng hơn thì chi bộ đề nghị cấp có thẩm quyền."),
            Decider.COMMISSION: msg("Ủy ban kiểm tra cấp xã chỉ quyết định khiển trách, cảnh cáo; nặng hơn thì đề nghị cấp ủy."),
        }.get(decider, msg("Hình thức này do cấp ủy cấp trên quyết định."))
        return [judged("discipline.competence", "body", Severity.BLOCK, text, rule.citation)]
    if decider is Decider.CELL and case.superior_task:
        text = msg("Vi phạm trong nhiệm vụ do cấp trên giao: chi bộ đề nghị, cấp có thẩm quyền quyết định.")
        return [judged("discipline.superior_task", "body", Severity.BLOCK, text, rule.citation)]
    return [judged("discipline.competent", "body", Severity.OK, msg("Đúng thẩm quyền."), rule.citation)]


def parts(form: Form) -> tuple[Part, ...]:
    """Answer the votes that the form needs: an expulsion is proposed and decided (DIS-05)."""
    return (Part.PROPOSES, Part.DECIDES) if form is Form.EXPULSION else (Part.DECIDES,)


def needed(base: int, part: Part, day: date, book: Rulebook = LAW) -> int | None:
    """Answer the votes in favour that are needed of `base` (persons); None before the law began.

    At least 2/3 to propose, more than 1/2 to decide, of all who belong, not of those present. Governing day: the day of the
    vote. Source: 69-QĐ/TW 15 (DIS-04, DIS-05).
    """
    key = f"discipline.{'proposing' if part is Part.PROPOSES else 'deciding'}_share"
    rule = book.find(key, day)
    if rule is None:
        return None
    votes = share(rule) * base
    return ceil(votes) if part is Part.PROPOSES else floor(votes) + 1


def vote_findings(vote: VoteFacts, part: Part, decider: Decider, day: date, book: Rulebook = LAW) -> list[Finding]:
    """Answer whether the numbers can be true and reach the share. Governing day: the day of the vote. Source: DIS-04, DIS-05."""
    impossible = count_findings(vote, VotingBody.CELL if decider is Decider.CELL else VotingBody.STANDING)
    if impossible:
        return impossible
    if vote.base == 0:
        text = msg("Không có ai được tính để biểu quyết. Kiểm tra lại danh sách của tập thể.")
        return [judged("discipline.nobody", "members", Severity.BLOCK, text)]
    enough = needed(vote.base, part, day, book)
    if enough is None:
        return []
    cite = book.on(f"discipline.{'proposing' if part is Part.PROPOSES else 'deciding'}_share", day).citation
    shown: dict[str, object] = {"in_favour": vote.in_favour, "base": vote.base, "needed": enough}
    if vote.in_favour < enough:
        text = msg(
            "Chỉ có %(in_favour)s phiếu đồng ý trên %(base)s người được tính; cần ít nhất %(needed)s phiếu. Biểu quyết lại hình thức "
            "khác, hoặc báo cáo kết quả lên cấp có thẩm quyền."
        )
        return [judged("discipline.short", "in_favour", Severity.BLOCK, text, cite, **shown)]
    text = msg("Đủ tỷ lệ: %(in_favour)s phiếu đồng ý trên %(base)s người được tính, cần ít nhất %(needed)s.")
    return [judged("discipline.carried", "in_favour", Severity.OK, text, cite, **shown)]
