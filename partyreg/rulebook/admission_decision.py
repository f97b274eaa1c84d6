"""From the committee's vote to the ceremony, and what a move changes (A-20 to A-34)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from partyreg.rulebook.admission_facts import AdmissionFacts, Ballot
from partyreg.rulebook.admission_order import days_of, disorder, noted
from partyreg.rulebook.admission_terms import ceremony_start, decision_due
from partyreg.rulebook.admission_way import Purpose, VotingBody
from partyreg.rulebook.book import LAW, Rulebook
from partyreg.rulebook.dates import add_working_days
from partyreg.rulebook.finding import Finding, Severity, judged, msg
from partyreg.rulebook.voting import committee_vote_findings


def committee_vote(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the base committee proposes: 2/3 of its members (A-21). Governing day: the vote. Source: 294-QĐ/TW 9.3.4."""
    cite = book.on("admission.base_share", day).citation
    missing = msg("Chưa có kết quả biểu quyết của đảng ủy. Ghi ngày họp, số ủy viên và số phiếu.")
    if facts.committee_ballot is None:
        return [judged("committee_vote.missing", "committee_ballot", Severity.BLOCK, missing, cite)]
    after = days_of(facts, "considered_on")
    return ballot_findings(facts.committee_ballot, "committee_ballot", day, VotingBody.COMMITTEE, Purpose.ADMISSION, after, book)


def standing_vote(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the standing committee decides: more than half of its members (A-22). Governing day: the vote.

    Source: 06-HD/TW 3.7a.
    """
    cite = book.on("admission.decision_share", day).citation
    missing = msg("Chưa có kết quả biểu quyết của ban thường vụ. Ghi ngày họp, số ủy viên và số phiếu.")
    if facts.standing_ballot is None:
        return [judged("standing_vote.missing", "standing_ballot", Severity.BLOCK, missing, cite)]
    after = days_of(facts, "considered_on", "committee_ballot")
    return ballot_findings(facts.standing_ballot, "standing_ballot", day, VotingBody.STANDING, Purpose.ADMISSION, after, book)


def ballot_findings(
    ballot: Ballot, field: str, day: date, body: VotingBody, purpose: Purpose, after: Mapping[str, date | None], book: Rulebook
) -> list[Finding]:
    """Answer whether a committee's ballot was held in order and carried, all at `field`. Governing day: the day of the ballot."""
    wrong = disorder(field, ballot.held_on, day, after)
    if wrong:
        return wrong
    return [replace(one, field=field) for one in committee_vote_findings(ballot.vote, ballot.held_on, body, book, purpose)]


def decision(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the decision is there, after the votes, and in time (A-27). Governing day: the cell's resolution.

    One who moved is decided on in time, or after the new cell's vote, since a later decision must be cancelled (A-34).
    Source: 294-QĐ/TW 4.3.1; lateness only warns.
    """
    term = [*decision_term(facts, day, book), *_after_the_move(facts, day, book)]
    if facts.decided_on is None:
        rule = book.on("admission.decider", day)
        text = msg("Chưa ghi quyết định kết nạp. Ghi số, ngày, người ký quyết định của %(body)s.")
        return [judged("admission.decision", "decided_on", Severity.BLOCK, text, rule.citation, body=rule.required), *term]
    return disorder("decided_on", facts.decided_on, day, after=days_of(facts, "committee_ballot", "standing_ballot")) + term


def decision_term(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the decision comes in time, or still can (A-27). Governing day: the cell's resolution; only warns."""
    resolved = facts.considered_on
    if resolved is None or resolved > day:
        return []
    if facts.decided_on is not None and facts.decided_on < resolved:
        text = msg("Ngày quyết định %(decided)s trước ngày nghị quyết chi bộ %(resolved)s. Kiểm tra lại hai ngày này.")
        shown: dict[str, object] = {"decided": facts.decided_on, "resolved": resolved}
        return [judged("admission.decision_days", "decided_on", Severity.BLOCK, text, None, **shown)]
    rule = book.on("admission.decision_days", resolved)
    extra = book.on("admission.decision_extension_days", resolved).required
    due = decision_due(resolved, facts.days_off, book)
    last = add_working_days(due, extra, facts.days_off)
    shown = {"resolved": resolved, "due": due, "days": rule.required, "extra": extra, "last": last}
    code, field = "admission.decision_days", "decided_on"
    ended = facts.decided_on or day
    if ended > last:
        text = msg(
            "Quá cả hạn gia hạn: nghị quyết chi bộ ngày %(resolved)s, hạn quyết định %(due)s, gia hạn thêm %(extra)s ngày làm việc là "
            "%(last)s. Báo cáo lý do và thông báo cho chi bộ."
        )
        return [judged(code, field, Severity.WARN, text, rule.citation, **shown)]
    if ended > due:
        text = msg(
            "Quá hạn quyết định: nghị quyết chi bộ ngày %(resolved)s, phải quyết định trong %(days)s ngày làm việc, đến %(due)s (trường "
            "hợp đặc biệt thêm %(extra)s ngày, đến %(last)s). Ghi lý do và thông báo cho chi bộ."
        )
        return [judged(code, field, Severity.WARN, text, rule.citation, **shown)]
    return [judged(code, field, Severity.OK, msg("Hạn ra quyết định kết nạp: %(due)s."), rule.citation, **shown)]


def ceremony(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the ceremony was held, after the decision and in time, and at a place that may hold it (A-29, A-34).

    Governing day: the decision. Source: 208-QĐ/TW; 294-QĐ/TW 4.1; 06-HD/TW 3.9c.
    """
    cite = book.on("admission.ceremony_days", facts.decided_on or day).citation
    missing = msg("Chưa ghi ngày chi bộ làm lễ kết nạp. Thời gian dự bị tính từ ngày này.")
    kept = msg("Chi bộ làm lễ kết nạp ngày %(on)s.")
    found = noted(facts, "ceremony_on", day, "admission.ceremony", cite, missing, kept, after=days_of(facts, "decision_received_on"))
    moved = [one for one in after_move(facts, day, book) if facts.decided_on is not None and one.severity is not Severity.OK]
    return found + ceremony_term(facts, day, book) + moved


def ceremony_term(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Answer whether the ceremony is in time, or still can be (A-29). Governing day: the decision; a late one only warns,
    and not where the committee above consented.
    """
    if facts.decided_on is None or facts.decided_on > day:
        return []
    code, field = "admission.ceremony_days", "ceremony_on"
    if facts.ceremony_on is not None and facts.ceremony_on < facts.decided_on:
        text = msg("Lễ kết nạp ngày %(ceremony)s trước ngày quyết định %(decided)s. Kiểm tra lại hai ngày này.")
        return [judged(code, field, Severity.BLOCK, text, ceremony=facts.ceremony_on, decided=facts.decided_on)]
    wrong = (
        disorder("decision_received_on", facts.decision_received_on, day, after=days_of(facts, "decided_on"))
        if facts.decision_received_on is not None
        else []
    )
    begin = ceremony_start(facts.decided_on, facts.decision_received_on, book)
    rule = book.on("admission.ceremony_days", facts.decided_on)
    due = add_working_days(begin, rule.required, facts.days_off)
    shown: dict[str, object] = {"start": begin, "due": due, "days": rule.required}
    if (facts.ceremony_on or day) <= due:
        return [*wrong, judged(code, field, Severity.OK, msg("Hạn tổ chức lễ kết nạp: %(due)s."), rule.citation, **shown)]
    if facts.late_ceremony_consent:
        text = msg("Lễ kết nạp quá hạn (%(due)s), đã được cấp ủy cấp trên trực tiếp đồng ý.")
        return [*wrong, judged(code, field, Severity.OK, text, rule.citation, **shown)]
    text = msg(
        "Lễ kết nạp quá hạn: tính từ %(start)s, phải tổ chức trong %(days)s ngày làm việc, đến %(due)s. Báo cáo và được cấp ủy cấp trên "
        "trực tiếp đồng ý mới tổ chức muộn hơn."
    )
    return [*wrong, judged(code, field, Severity.WARN, text, rule.citation, **shown)]


def after_move(facts: AdmissionFacts, day: date, book: Rulebook = LAW) -> list[Finding]:
    """Answer what a candidate's move demands: forward the file, ceremony only at the new place, or cancel (A-33, A-34).

    Empty for one who did not move, or whose ceremony was before. Governing day: the move. Source: 06-HD/TW 3.9b, 3.9c.
    """
    moved = facts.moved_on
    if moved is None or (facts.ceremony_on is not None and facts.ceremony_on < moved):
        return []
    if facts.decided_on is None:
        return [_forwarding(facts, moved, day, book)]
    rule = book.on("admission.moved_decision_days", moved)
    until = add_working_days(moved, rule.required, facts.days_off)
    shown: dict[str, object] = {"moved": moved, "until": until, "days": rule.required, "decided": facts.decided_on}
    if facts.decided_on <= until:
        text = msg(
            "Quyết định kết nạp ngày %(decided)s ban hành không quá %(days)s ngày làm việc sau ngày chuyển đi (%(moved)s): gửi hồ sơ đến "
            "nơi mới; lễ kết nạp chỉ tổ chức ở nơi mới."
        )
        return [judged("move.ceremony", "ceremony_on", Severity.OK, text, rule.citation, **shown)]
    shown["again"] = book.on("admission.moved_reexamine_days", moved).required
    text = msg(
        "Người vào Đảng chuyển đi ngày %(moved)s, quyết định ngày %(decided)s ban hành sau đó quá %(days)s ngày làm việc (đến %(until)s). "
        "Phải hủy quyết định và gửi lại hồ sơ đến nơi mới; nơi mới xét lại trong %(again)s ngày làm việc."
    )
    return [judged("move.cancel", "decided_on", Severity.BLOCK, text, rule.citation, **shown)]


def _after_the_move(facts: AdmissionFacts, day: date, book: Rulebook) -> list[Finding]:
    """Block a decision that the move would make void; `facts.moved_on` is none once the new cell has voted (A-34)."""
    moved, on = facts.moved_on, facts.decided_on or day
    if moved is None:
        return []
    rule = book.on("admission.moved_decision_days", moved)
    until = add_working_days(moved, rule.required, facts.days_off)
    if on <= until:
        return []
    text = msg(
        "Người vào Đảng chuyển đến ngày %(moved)s; quyết định ban hành sau %(days)s ngày làm việc (đến %(until)s) thì phải hủy. Trả hồ sơ "
        "để chi bộ nơi mới biểu quyết lại rồi mới quyết định."
    )
    return [judged("move.vote_again", "decided_on", Severity.BLOCK, text, rule.citation, moved=moved, days=rule.required, until=until)]


def _forwarding(facts: AdmissionFacts, moved: date, day: date, book: Rulebook) -> Finding:
    rule = book.on("admission.moved_forward_days", moved)
    due = add_working_days(moved, rule.required, facts.days_off)
    shown: dict[str, object] = {"moved": moved, "due": due, "days": rule.required}
    shown["decide"] = book.on("admission.moved_decide_days", moved).required
    if day > due:
        text = msg(
            "Quá hạn chuyển hồ sơ: người vào Đảng chuyển đi ngày %(moved)s, phải gửi hồ sơ trong %(days)s ngày làm việc, đến %(due)s. Gửi "
            "ngay đến nơi mới và ghi lý do."
        )
        return judged("move.forward", "moved_on", Severity.WARN, text, rule.citation, **shown)
    text = msg("Gửi hồ sơ đến nơi mới chậm nhất ngày %(due)s; nơi mới quyết định trong %(decide)s ngày làm việc từ khi nhận.")
    return judged("move.forward", "moved_on", Severity.OK, text, rule.citation, **shown)
