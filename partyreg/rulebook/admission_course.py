"""Whether the file went its way rightly: introducers, dossier, decision, ceremony (A-06 to A-09, A-17, A-27, A-29)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from partyreg.rulebook.admission_facts import AdmissionFacts, IntroducerFacts, IntroducerKind
from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.dates import add_months, add_working_days
from partyreg.rulebook.finding import Finding, Severity, judged, msg


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
    return findings


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
    rule = book.on("admission.dossier_months", day)
    until = add_months(facts.dossier_opened_on, rule.required)
    shown: dict[str, object] = {"opened": facts.dossier_opened_on, "until": until, "months": rule.required}
    code, field = "admission.dossier", "dossier_opened_on"
    if day > until:
        text = msg(
            "Hồ sơ lập ngày %(opened)s đã quá %(months)s tháng (đến %(until)s) mà chi bộ chưa xét. Làm lại giấy giới "
            "thiệu, nghị quyết của Đoàn hoặc công đoàn, bổ sung thẩm tra và ý kiến nhận xét."
        )
        return [judged(code, field, Severity.BLOCK, text, rule.citation, **shown)]
    return [judged(code, field, Severity.OK, msg("Hồ sơ còn giá trị đến %(until)s."), rule.citation, **shown)]


def decision_due(resolution_on: date, days_off: Collection[date] = (), book: Rulebook = LAW) -> date:
    """Answer the last day to decide on admission: 45 working days from the cell's resolution (A-27).

    Governing day: the day of the cell's resolution. Source: 294-QĐ/TW 4.3.1.
    """
    return add_working_days(resolution_on, book.on("admission.decision_days", resolution_on).required, days_off)


def ceremony_due(start: date, days_off: Collection[date] = (), book: Rulebook = LAW) -> date:
    """Answer the last day for the ceremony: 30 working days from the decision's issue (before 208: receipt) (A-29).

    `start` is that day, and it governs. Source: 208-QĐ/TW; 294-QĐ/TW 4.1.
    """
    return add_working_days(start, book.on("admission.ceremony_days", start).required, days_off)


def decision(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the decision comes in time (A-27). Governing day: the cell's resolution; only warns."""
    resolved = facts.considered_on
    if resolved is None or resolved > day:
        return []
    rule = book.on("admission.decision_days", resolved)
    due = decision_due(resolved, facts.days_off, book)
    shown: dict[str, object] = {
        "resolved": resolved,
        "due": due,
        "days": rule.required,
        "extra": book.on("admission.decision_extension_days", resolved).required,
    }
    code, field = "admission.decision_days", "decided_on"
    if facts.decided_on is not None and facts.decided_on < resolved:
        text = msg("Ngày quyết định %(decided)s trước ngày nghị quyết chi bộ %(resolved)s. Kiểm tra lại hai ngày này.")
        return [judged(code, field, Severity.BLOCK, text, decided=facts.decided_on, resolved=resolved)]
    if (facts.decided_on or day) > due:
        text = msg(
            "Quá hạn quyết định: nghị quyết chi bộ ngày %(resolved)s, phải quyết định trong %(days)s ngày làm việc, "
            "đến %(due)s (trường hợp đặc biệt thêm %(extra)s ngày). Ghi lý do và thông báo cho chi bộ."
        )
        return [judged(code, field, Severity.WARN, text, rule.citation, **shown)]
    return [judged(code, field, Severity.OK, msg("Hạn ra quyết định kết nạp: %(due)s."), rule.citation, **shown)]


def ceremony(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the ceremony is in time (A-29). Governing day: the day the decision was issued; only warns."""
    if facts.decided_on is None or facts.decided_on > day:
        return []
    code, field = "admission.ceremony_days", "ceremony_on"
    from_receipt = book.on("admission.ceremony_from", facts.decided_on).required == "RECEIVED"
    start = (facts.decision_received_on or facts.decided_on) if from_receipt else facts.decided_on
    rule = book.on("admission.ceremony_days", facts.decided_on)
    due = add_working_days(start, rule.required, facts.days_off)
    shown: dict[str, object] = {"start": start, "due": due, "days": rule.required}
    if facts.ceremony_on is not None and facts.ceremony_on < facts.decided_on:
        text = msg("Lễ kết nạp ngày %(ceremony)s trước ngày quyết định %(decided)s. Kiểm tra lại hai ngày này.")
        return [
            judged(
                code,
                field,
                Severity.BLOCK,
                text,
                ceremony=facts.ceremony_on,
                decided=facts.decided_on,
            )
        ]
    if (facts.ceremony_on or day) > due:
        text = msg(
            "Lễ kết nạp quá hạn: tính từ %(start)s, phải tổ chức trong %(days)s ngày làm việc, đến %(due)s. Báo cáo và "
            "được cấp ủy cấp trên trực tiếp đồng ý mới tổ chức muộn hơn."
        )
        return [judged(code, field, Severity.WARN, text, rule.citation, **shown)]
    return [judged(code, field, Severity.OK, msg("Hạn tổ chức lễ kết nạp: %(due)s."), rule.citation, **shown)]


def probation_ends(ceremony_on: date, day: date | None = None, book: Rulebook = LAW) -> date:
    """Answer the day probation ends, which is the day of full membership: ceremony + 12 months (P-01, P-06).

    Governing day: `day`, or the ceremony when not given. Source: Điều lệ Đảng, Điều 5; 294-QĐ/TW 4.2.2.
    """
    return add_months(ceremony_on, book.on("probation.months", day or ceremony_on).required)


def recognition_due(ceremony_on: date, days_off: Collection[date] = (), book: Rulebook = LAW) -> date:
    """Answer the last day for the cell to consider full membership: 30 working days after probation ends (P-04).

    Governing day: the day probation ends. Source: 208-QĐ/TW; 294-QĐ/TW 4.2.1.
    """
    end = probation_ends(ceremony_on, book=book)
    return add_working_days(end, book.on("recognition.consider_days", end).required, days_off)
