"""Whether the dossier is whole: introducers, CV, opinions, validity, and the cell's vote (A-06 to A-09, A-11, A-16 to A-18)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from partyreg.rulebook.admission_facts import AdmissionFacts, IntroducerFacts, IntroducerKind
from partyreg.rulebook.admission_order import days_of, disorder, noted
from partyreg.rulebook.admission_terms import dossier_until
from partyreg.rulebook.book import Rulebook
from partyreg.rulebook.dates import add_months
from partyreg.rulebook.finding import Finding, Severity, judged, msg
from partyreg.rulebook.voting import vote_findings

#: Opinion the law asks for -> our fact, what to say when it is missing, and when it is there.
_OPINIONS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "UNIONS": (
            "unions_opinion_on",
            msg(
                "Chưa nhận ý kiến nhận xét của tổ chức chính trị - xã hội nơi người vào Đảng sinh hoạt. Xin ý kiến rồi ghi ngày nhận; "
                "người không ở tổ chức nào thì ghi ngày bản tổng hợp ý kiến."
            ),
            msg("Đã nhận ý kiến của tổ chức chính trị - xã hội ngày %(on)s."),
        ),
        "RESIDENCE": (
            "residence_opinion_on",
            msg("Chưa nhận ý kiến nhận xét của chi ủy (hoặc chi bộ) nơi cư trú. Xin ý kiến rồi ghi ngày nhận."),
            msg("Đã nhận ý kiến của chi ủy nơi cư trú ngày %(on)s."),
        ),
    }
)


def introducers(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether those who introduce suffice (A-06, A-08, A-09). Governing day: the cell's consideration.

    Two full members, or one and a resolution of the Youth Union or the trade union; 12 months together.
    """
    rule = book.on("admission.introducers", day)
    replaces = book.on("admission.union_replaces", day)
    members = [i for i in facts.introducers if i.kind is IntroducerKind.MEMBER]
    unions = len(facts.introducers) - len(members)
    full = [i for i in members if i.is_full and (i.full_on is None or i.full_on <= day)]
    counted = len(full) + min(unions, replaces.required)
    code, field = "admission.introducers", "introducers"
    shown: dict[str, object] = {"needed": rule.required, "members": len(full), "unions": unions}
    if counted >= rule.required and full:
        text = msg("Đủ người giới thiệu: %(members)s đảng viên chính thức, %(unions)s nghị quyết của đoàn thể.")
        findings = [judged(code, field, Severity.OK, text, rule.citation, **shown)]
    elif unions and not full:
        text = msg(
            "Nghị quyết của Đoàn thanh niên hoặc công đoàn chỉ thay được một người giới thiệu. Phải có thêm một đảng "
            "viên chính thức giới thiệu."
        )
        findings = [judged(code, field, Severity.BLOCK, text, replaces.citation, **shown)]
    else:
        text = msg(
            "Mới có %(members)s đảng viên chính thức giới thiệu; phải có %(needed)s, hoặc một đảng viên chính thức và "
            "nghị quyết của Đoàn thanh niên hoặc công đoàn cơ sở. Chi bộ phân công thêm người giới thiệu."
        )
        findings = [judged(code, field, Severity.BLOCK, text, rule.citation, **shown)]
    for number, one in enumerate(members, start=1):
        findings += _introducer(one, number, day, book)
    return findings + _youth(facts, day, book)


def _youth(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Warn when the Youth Union introduces one above its age; officers of the Union are older, so it never blocks (A-07)."""
    rule = book.find("admission.youth_age_years", day)
    by_union = any(one.kind is IntroducerKind.YOUTH_UNION for one in facts.introducers)
    if rule is None or not by_union or facts.born_on is None or day < add_months(facts.born_on, 12 * (rule.required + 1)):
        return []
    text = msg(
        "Người vào Đảng đã quá %(years)s tuổi, tuổi đoàn viên. Nghị quyết của Đoàn chỉ dùng nếu là cán bộ Đoàn; nếu không, phân công "
        "thêm đảng viên chính thức giới thiệu."
    )
    return [judged("admission.youth_age", "introducers", Severity.WARN, text, rule.citation, years=rule.required)]


def _introducer(one: IntroducerFacts, number: int, day: date, book: Rulebook) -> list[Finding]:
    rule = book.on("admission.introducer_months", day)
    field = f"introducers-{number - 1}"
    findings = []
    if not one.is_full or (one.full_on is not None and one.full_on > day):
        text = msg("Người giới thiệu thứ %(number)s là đảng viên dự bị. Thay bằng đảng viên chính thức.")
        findings.append(judged("admission.introducer_full", field, Severity.BLOCK, text, rule.citation, number=number))
    if one.disciplined:
        barred = book.on("admission.introducer_disciplined", day)
        text = msg("Người giới thiệu thứ %(number)s đang bị kỷ luật. Chi bộ phân công đảng viên chính thức khác giới thiệu.")
        findings.append(judged("admission.introducer_disciplined", field, Severity.BLOCK, text, barred.citation, number=number))
    if one.is_replacement:
        return findings
    code = "admission.introducer_together"
    if one.together_since is None:
        text = msg(
            "Chưa ghi người giới thiệu thứ %(number)s cùng công tác, sinh hoạt với người vào Đảng từ ngày nào. Kiểm "
            "tra đủ %(months)s tháng."
        )
        findings.append(judged(code, field, Severity.WARN, text, rule.citation, number=number, months=rule.required))
    elif (ready := add_months(one.together_since, rule.required)) > day:
        text = msg(
            "Người giới thiệu thứ %(number)s chưa cùng công tác, học tập, sinh sống với người vào Đảng đủ %(months)s "
            "tháng (từ %(since)s). Đợi đến ngày %(ready)s hoặc phân công người khác."
        )
        findings.append(
            judged(
                code,
                field,
                Severity.BLOCK,
                text,
                rule.citation,
                number=number,
                months=rule.required,
                since=one.together_since,
                ready=ready,
            )
        )
    return findings


def dossier(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the dossier is still valid (A-17). Governing day: the cell's consideration."""
    if facts.dossier_opened_on is None:
        return []
    considered = facts.considered_on or day
    rule = book.on("admission.dossier_months", considered)
    until = dossier_until(facts.dossier_opened_on, considered, book)
    shown: dict[str, object] = {"opened": facts.dossier_opened_on, "until": until, "months": rule.required}
    code, field = "admission.dossier", "dossier_opened_on"
    wrong = disorder(field, facts.dossier_opened_on, day, before=days_of(facts, "considered_on"))
    if wrong:
        return wrong
    if considered > until:
        text = msg(
            "Hồ sơ lập ngày %(opened)s đã quá %(months)s tháng (đến %(until)s) mà chi bộ chưa xét. Làm lại giấy giới "
            "thiệu, nghị quyết của Đoàn hoặc công đoàn, bổ sung thẩm tra và ý kiến nhận xét."
        )
        return [judged(code, field, Severity.BLOCK, text, rule.citation, **shown)]
    return [judged(code, field, Severity.OK, msg("Hồ sơ còn giá trị đến %(until)s."), rule.citation, **shown)]


def cv(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the CV came before the cell's consideration (A-11); its content is none of ours.

    Governing day: the cell's consideration. Source: 06-HD/TW 3.3; 38-HD/BTCTW I.1.3.
    """
    cite = book.on("admission.cv", facts.considered_on or day).citation
    missing = msg("Chưa nhận lý lịch của người xin vào Đảng (mẫu 2-KNĐ). Nhận bản khai rồi ghi ngày nhận.")
    kept = msg("Đã nhận lý lịch của người xin vào Đảng ngày %(on)s.")
    return noted(facts, "cv_on", day, "admission.cv", cite, missing, kept, before=days_of(facts, "considered_on"))


def opinions(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the opinions that the law names came before the cell's consideration (A-16).

    Governing day: the cell's consideration. Source: 06-HD/TW 3.5. Raise KeyError for a kind of opinion not known here.
    """
    rule = book.on("admission.opinions", facts.considered_on or day)
    before = days_of(facts, "considered_on")
    found = []
    for field, missing, kept in (_OPINIONS[kind] for kind in rule.required):
        found += noted(facts, field, day, "admission.opinions", rule.citation, missing, kept, before=before)
    return found


def cell_vote(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the cell's last vote proposes the admission (A-18, A-19). Governing day: the day of the vote."""
    considered = facts.considered_on or day
    cite = book.on("admission.cell_share", considered).citation
    if facts.considered_on is None or facts.vote is None:
        text = msg("Chưa có kết quả biểu quyết của chi bộ. Ghi ngày họp và số phiếu theo nghị quyết chi bộ.")
        return [judged("vote.missing", "vote", Severity.BLOCK, text, cite)]
    if facts.considered_on > day:
        text = msg("Ngày chi bộ xét %(considered)s còn ở phía trước. Kiểm tra lại ngày họp.")
        return [judged("vote.future", "vote", Severity.BLOCK, text, considered=facts.considered_on)]
    return [replace(one, field="vote") for one in vote_findings(facts.vote, considered, book)]
