"""Whether the dates of a file follow one another as its steps do, and whether a paper that must be there is there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from partyreg.rulebook.admission_facts import AdmissionFacts, Ballot
from partyreg.rulebook.finding import Finding, Severity, judged, msg
from partyreg.rulebook.timeline import Citation

#: Fact -> what happened on its day.
EVENTS: Mapping[str, str] = {
    "listed_on": msg("đưa vào danh sách cảm tình Đảng"),
    "reviewed_on": msg("chi bộ rà soát danh sách"),
    "helper_on": msg("phân công người giúp đỡ"),
    "start_asked_on": msg("chi bộ đề nghị làm thủ tục kết nạp"),
    "permitted_on": msg("được phép làm thủ tục kết nạp"),
    "dossier_opened_on": msg("lập hồ sơ"),
    "cv_on": msg("nhận lý lịch"),
    "unions_opinion_on": msg("nhận ý kiến đoàn thể"),
    "residence_opinion_on": msg("nhận ý kiến chi ủy nơi cư trú"),
    "considered_on": msg("chi bộ xét kết nạp"),
    "committee_ballot": msg("đảng ủy biểu quyết"),
    "standing_ballot": msg("ban thường vụ biểu quyết kết nạp"),
    "decided_on": msg("quyết định kết nạp"),
    "decision_received_on": msg("nhận quyết định kết nạp"),
    "ceremony_on": msg("làm lễ kết nạp"),
    "probation_end": msg("hết thời gian dự bị"),
    "new_class_on": msg("cấp giấy chứng nhận lớp đảng viên mới"),
    "self_review_on": msg("viết bản tự kiểm điểm"),
    "remark_on": msg("người giúp đỡ nhận xét"),
    "full_opinions_on": msg("tổng hợp ý kiến khi hết dự bị"),
    "recognition_votes": msg("chi bộ biểu quyết công nhận"),
    "removal_votes": msg("chi bộ biểu quyết xóa tên"),
    "ruling_ballot": msg("ban thường vụ biểu quyết công nhận hoặc xóa tên"),
    "ruled_on": msg("quyết định công nhận hoặc xóa tên"),
    "card_on": msg("phát thẻ đảng viên"),
}


def days_of(facts: AdmissionFacts, *names: str) -> dict[str, date | None]:
    """Answer the days of the named facts; a ballot has the day on which it was held."""
    values = {name: getattr(facts, name) for name in names}
    return {name: value.held_on if isinstance(value, Ballot) else value for name, value in values.items()}


def disorder(
    field: str,
    on: date,
    day: date,
    after: Mapping[str, date | None] | None = None,
    before: Mapping[str, date | None] | None = None,
) -> list[Finding]:
    """Answer the refusals of a date that lies after `day`, before one it must follow, or after one it must precede.

    The same day is in order. These are no rules of a document but of sense, so they have no citation.
    """
    what = EVENTS[field]
    if on > day:
        text = msg("Ngày %(what)s (%(on)s) còn ở phía trước. Kiểm tra lại ngày này.")
        return [judged("order.future", field, Severity.BLOCK, text, what=what, on=on)]
    found = []
    for name, other in (after or {}).items():
        if other is not None and on < other:
            text = msg("Ngày %(what)s (%(on)s) trước ngày %(other)s (%(than)s). Kiểm tra lại hai ngày này.")
            found.append(judged("order.before", field, Severity.BLOCK, text, what=what, on=on, other=EVENTS[name], than=other))
    for name, other in (before or {}).items():
        if other is not None and on > other:
            text = msg("Ngày %(what)s (%(on)s) sau ngày %(other)s (%(than)s). Kiểm tra lại hai ngày này.")
            found.append(judged("order.after", field, Severity.BLOCK, text, what=what, on=on, other=EVENTS[name], than=other))
    return found


def noted(
    facts: AdmissionFacts,
    field: str,
    day: date,
    code: str,
    cite: Citation,
    missing: str,
    kept: str,
    after: Mapping[str, date | None] | None = None,
    before: Mapping[str, date | None] | None = None,
) -> list[Finding]:
    """Answer whether the day of the fact is noted and in order; `kept` says so with the day as `%(on)s`."""
    on = days_of(facts, field)[field]
    if on is None:
        return [judged(code, field, Severity.BLOCK, missing, cite)]
    return disorder(field, on, day, after, before) or [judged(code, field, Severity.OK, kept, cite, on=on)]
