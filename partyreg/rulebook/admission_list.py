"""The list of candidates (nguồn cảm tình Đảng): listing, monthly review, helper, class, and leave to start (A-10)."""

from __future__ import annotations

from datetime import date

from partyreg.rulebook.admission_facts import AdmissionFacts
from partyreg.rulebook.admission_order import days_of, disorder, noted
from partyreg.rulebook.admission_person import certificate
from partyreg.rulebook.admission_terms import review_due
from partyreg.rulebook.book import Rulebook
from partyreg.rulebook.finding import Finding, Severity, judged, msg


def listing(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether a resolution of the cell put the candidate on the list. Governing day: `day`. Source: 38-HD/BTCTW I.1.1."""
    cite = book.on("admission.listing", day).citation
    missing = msg("Chưa ghi ngày chi bộ đưa vào danh sách cảm tình Đảng. Ghi ngày và số nghị quyết của chi bộ.")
    kept = msg("Chi bộ đưa vào danh sách cảm tình Đảng ngày %(on)s.")
    found = noted(facts, "listed_on", day, "admission.listing", cite, missing, kept)
    if facts.listed_on is not None and not facts.listing_number:
        text = msg("Chưa ghi số nghị quyết đưa vào danh sách cảm tình Đảng. Ghi theo sổ nghị quyết của chi bộ.")
        found.append(judged("admission.listing_number", "listing_number", Severity.WARN, text, cite))
    return found


def review(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the cell reviewed its list by the end of the next month; a listing counts as one; it only warns.

    Governing day: `day`. Source: 38-HD/BTCTW I.1.1.
    """
    last = facts.reviewed_on or facts.listed_on
    if last is None:
        return []
    if facts.reviewed_on is not None:
        wrong = disorder("reviewed_on", facts.reviewed_on, day, after=days_of(facts, "listed_on"))
        if wrong:
            return wrong
    rule = book.on("admission.pipeline_review_months", day)
    until = review_due(last, day, book)
    code, field = "admission.review", "reviewed_on"
    shown: dict[str, object] = {"last": last, "until": until, "months": rule.required}
    if day > until:
        text = msg(
            "Chi bộ rà soát lần gần nhất ngày %(last)s; danh sách cảm tình Đảng phải được xét lại mỗi %(months)s tháng. Đưa vào kỳ "
            "sinh hoạt tới rồi ghi kết quả."
        )
        return [judged(code, field, Severity.WARN, text, rule.citation, **shown)]
    text = msg("Chi bộ đã rà soát ngày %(last)s; lần sau chậm nhất ngày %(until)s.")
    return [judged(code, field, Severity.OK, text, rule.citation, **shown)]


def helper(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether a full member was assigned to help. Governing day: `day`. Source: 38-HD/BTCTW I.1.1."""
    cite = book.on("admission.helper", day).citation
    if facts.helper_on is not None and not facts.helper_is_full:
        text = msg("Người giúp đỡ không phải đảng viên chính thức. Chi bộ phân công một đảng viên chính thức.")
        return [judged("admission.helper", "helper_is_full", Severity.BLOCK, text, cite)]
    missing = msg("Chưa phân công người giúp đỡ. Chi bộ ra nghị quyết phân công một đảng viên chính thức.")
    kept = msg("Đã phân công đảng viên chính thức giúp đỡ từ ngày %(on)s.")
    return noted(facts, "helper_on", day, "admission.helper", cite, missing, kept, after=days_of(facts, "listed_on"))


def awareness_class(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the certificate of the class is there and valid (A-05). Governing day: `day`. Source: 06-HD/TW 3.1, 5.4b."""
    return certificate(facts, day, book)


def start(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the cell resolved to propose the start. Governing day: `day`. Source: 38-HD/BTCTW I.1.1."""
    cite = book.on("admission.start", day).citation
    missing = msg("Chưa có nghị quyết chi bộ đề nghị làm thủ tục kết nạp. Ghi ngày và số nghị quyết.")
    kept = msg("Chi bộ đề nghị làm thủ tục kết nạp ngày %(on)s.")
    return noted(facts, "start_asked_on", day, "admission.start", cite, missing, kept, after=days_of(facts, "listed_on"))


def permission(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the body that may do so permitted the start, after the cell asked and before it votes.

    Governing day: `day`. Source: 38-HD/BTCTW I.1.1.
    """
    rule = book.on("admission.permit_body", day)
    code, field = "admission.permission", "permitted_on"
    if facts.permitted_on is None:
        text = msg("Chưa được phép làm thủ tục kết nạp. Đợi ý kiến của %(body)s, rồi ghi ngày và số văn bản.")
        return [judged(code, field, Severity.BLOCK, text, rule.citation, body=rule.required)]
    after, before = days_of(facts, "listed_on", "start_asked_on"), days_of(facts, "considered_on")
    kept = msg("Được phép làm thủ tục kết nạp từ ngày %(on)s (%(body)s).")
    return disorder(field, facts.permitted_on, day, after, before) or [
        judged(code, field, Severity.OK, kept, rule.citation, on=facts.permitted_on, body=rule.required)
    ]
